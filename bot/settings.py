"""Settings: read once from a TOML file and the environment into frozen dataclasses, and passed in from there.

The dataclasses below are the only list of keys there is: names, types, defaults and limits are read from them, and
`config.example.toml` explains each. Where a value may come from, the later one winning:

1. the default stated here;
2. the settings file: `[connectors.email] imap_port = 993`;
3. the environment: `COMPLAINTBOT_CONNECTORS__EMAIL__IMAP_PORT=993` (two underscores between the parts of a key).

A secret may also be the content of a file, named by the key with `_file` behind it: `imap_password_file = "/run/..."`.
Every mistake is a `ConfigError` that names the full key, what is wrong and the cure, and never shows a secret.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
import tomllib
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from complaints.errors import ConfigError

PREFIX = "COMPLAINTBOT_"
EXAMPLE = "config.example.toml"
SHORTEST_SECRET = 32

T = TypeVar("T")


def _at_least(minimum: float, default: T, maximum: float | None = None) -> T:
    """A number with limits, the limits included."""
    return field(default=default, metadata={"minimum": minimum, "maximum": maximum})


def _filled(default: str) -> str:
    """A text that must not be empty."""
    return field(default=default, metadata={"filled": True})


def _secret() -> str:
    """A text that is never shown and may come from a file."""
    return field(default="", repr=False, metadata={"secret": True})


class Locale(StrEnum):
    """A language the bot speaks."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class ServiceSection:
    """Who we are. hotline: the phone number shown to customers. secret: signs reply tokens and codes, "" = see
    `signing_secret`. data_dir: absolute after loading.
    """

    name: str = _filled("客户服务中心")
    locale: Locale = Locale.ZH
    timezone: str = _filled("Asia/Shanghai")
    hotline: str = ""
    reference_prefix: str = _filled("TS")
    policy: str = _filled("base")
    pack: str = _filled("realestate")
    secret: str = _secret()
    data_dir: Path = Path("data")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which people are spoken to."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class DatabaseSection:
    """Where everything is kept. url: for SQLAlchemy's async engine, either sqlite+aiosqlite or postgresql+psycopg."""

    url: str = _secret()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded default."""
        return self.url.startswith("sqlite")


@dataclass(frozen=True, slots=True)
class HttpSection:
    """The web server. port: 0 takes any free one. public_url: how people reach it, no slash at its end; may be empty."""

    host: str = _filled("127.0.0.1")
    port: int = _at_least(0, 8080, 65535)
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class LogSection:
    """How much is logged, and in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "text"] = "json"


@dataclass(frozen=True, slots=True)
class PoliciesSection:
    """Own policy profiles beside those that ship. directory: absolute, None = no own ones."""

    directory: Path | None = None


@dataclass(frozen=True, slots=True)
class DeliverySection:
    """How the outbox is emptied. attempts: sends of one message before it is given up; the wait doubles in between.
    lease_s: after so long a silence of the process that was sending, another decides what became of its messages.
    """

    attempts: int = _at_least(1, 8, 100)
    first_retry_s: float = _at_least(0.1, 5.0)
    max_retry_s: float = _at_least(1, 3600.0)
    timeout_s: float = _at_least(1, 30.0)
    lease_s: float = _at_least(1, 60.0)
    concurrency: int = _at_least(1, 32, 256)
    acknowledgements_per_sender_per_day: int = _at_least(1, 20)


@dataclass(frozen=True, slots=True)
class IntakeSection:
    """How stored messages are understood. batch: at most so many in one commit. attempts: before quarantine."""

    batch: int = _at_least(1, 64, 1000)
    attempts: int = _at_least(1, 3, 20)
    max_text_chars: int = _at_least(100, 20_000)


@dataclass(frozen=True, slots=True)
class EmailSection:
    """The mailbox. Settings know no connector: this mirrors what `connectors.email` takes, and the wiring converts.

    Of an enabled mailbox, imap_user and display_name are filled after loading.
    """

    enabled: bool = False
    address: str = ""
    display_name: str = ""
    imap_host: str = ""
    imap_port: int = _at_least(1, 993, 65535)
    imap_user: str = ""
    imap_password: str = _secret()
    imap_tls: Literal["tls", "plain"] = "tls"
    mailbox: str = _filled("INBOX")
    after_import: Literal["leave", "seen"] = "leave"
    start: Literal["all", "new"] = "all"
    smtp_host: str = ""
    smtp_port: int = _at_least(1, 465, 65535)
    smtp_user: str = ""
    smtp_password: str = _secret()
    smtp_tls: Literal["tls", "starttls", "plain"] = "tls"
    smtp_connections: int = _at_least(1, 4, 20)
    plus_addressing: bool = False
    max_message_bytes: int = _at_least(10_000, 26_214_400)
    # RFC 2177: a server may end an IDLE after 30 minutes, so it is to be renewed every 29.
    idle_s: float = _at_least(1, 300.0, 1740)
    poll_s: float = _at_least(1, 30.0)
    timeout_s: float = _at_least(1, 15.0)
    ca_file: Path | None = None
    own_domains: tuple[str, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Return everything but `enabled`, under the names and in the types that the connector's own settings take."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "enabled"}
        return values | {"ca_file": None if self.ca_file is None else str(self.ca_file)}


@dataclass(frozen=True, slots=True)
class WebSection:
    """The web chat. allowed_origins: sites besides our own that may connect. proxies: of ours, standing in front."""

    enabled: bool = True
    allowed_origins: tuple[str, ...] = ()
    proxies: int = _at_least(0, 0, 10)


@dataclass(frozen=True, slots=True)
class SmsSection:
    """Short messages. provider: the gateway; `stub` only keeps what was "sent". secret: what the gateway signs with."""

    enabled: bool = False
    provider: Literal["stub"] = "stub"
    secret: str = _secret()


@dataclass(frozen=True, slots=True)
class ConnectorsSection:
    """One section per channel."""

    email: EmailSection = EmailSection()
    web: WebSection = WebSection()
    sms: SmsSection = SmsSection()


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked and complete."""

    service: ServiceSection = ServiceSection()
    database: DatabaseSection = DatabaseSection()
    http: HttpSection = HttpSection()
    log: LogSection = LogSection()
    policies: PoliciesSection = PoliciesSection()
    delivery: DeliverySection = DeliverySection()
    intake: IntakeSection = IntakeSection()
    connectors: ConnectorsSection = ConnectorsSection()


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings file, if any, and what the environment sets over it.

    Relative paths count from the folder of the file, without a file from the working folder. Raises ConfigError.
    """
    base = Path.cwd() if path is None else path.absolute().parent
    table = {} if path is None else _read_toml(path)
    for name, text in environ.items():
        if name.startswith(PREFIX) and "__" in name:  # COMPLAINTBOT_X without a section is no setting of ours
            _overlay(table, name, text)
    settings = _load(Settings, table, "", base)
    return _finish(settings, base)


def signing_secret(service: ServiceSection) -> str:
    """Return the key that signs reply tokens and codes: the configured one, else that of `<data_dir>/secret`.

    Creates the file (mode 0600) where there is none. Raises ConfigError if it cannot be read or written.
    """
    if service.secret:
        return service.secret
    path = service.data_dir / "secret"
    try:
        service.data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _create_secret(path)
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be used: {error}; set service.secret, or make the folder writable") from None
    if len(value) < SHORTEST_SECRET:
        raise ConfigError(f"{path} holds less than {SHORTEST_SECRET} characters: restore it from a backup or remove it")
    return value


def _create_secret(path: Path) -> None:
    # Written aside and linked into place: two processes that start together end up with one and the same whole secret.
    own = path.with_name(f".secret-{secrets.token_hex(8)}")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # the other process was first: its secret counts
            os.link(own, path)
    finally:
        own.unlink()


# --- what goes beyond one key -----------------------------------------------------------------------------------------


def _finish(settings: Settings, base: Path) -> Settings:
    """Check what depends on more than a key's type, and fill in what follows from other keys."""
    service, http = settings.service, settings.http
    _check_timezone(service.timezone)
    if service.secret and len(service.secret) < SHORTEST_SECRET:
        raise ConfigError(
            f"service.secret is too short: it needs {SHORTEST_SECRET} characters or more"
            f" (python3 -c 'import secrets; print(secrets.token_urlsafe(48))'), or leave it empty to have one made"
        )
    if http.public_url and not _is_web_address(http.public_url):
        raise ConfigError(f"http.public_url is {http.public_url!r}: write a whole address, https://chat.example.com")
    if settings.delivery.max_retry_s < settings.delivery.first_retry_s:
        raise ConfigError(
            "delivery.max_retry_s is less than delivery.first_retry_s: the longest wait must not be the shorter"
        )
    for number, origin in enumerate(settings.connectors.web.allowed_origins):
        if not _is_web_address(origin):
            raise ConfigError(
                f"connectors.web.allowed_origins[{number}] is {origin!r}: write scheme and host, https://www.example.com"
            )
    connectors = settings.connectors
    if connectors.email.enabled:
        connectors = replace(connectors, email=_finish_email(connectors.email, service))
    return replace(
        settings,
        database=DatabaseSection(url=_database_url(settings.database.url, service.data_dir, base)),
        http=replace(http, public_url=http.public_url.rstrip("/")),
        connectors=connectors,
    )


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _check_timezone(name: str) -> None:
    known = available_timezones()
    if name not in known:
        raise ConfigError(
            f"service.timezone is {name!r}, which is no time zone{_nearest(name, known)} (such as Asia/Shanghai)"
        )


def _finish_email(email: EmailSection, service: ServiceSection) -> EmailSection:
    for key in ("address", "imap_host", "imap_password", "smtp_host"):
        if not getattr(email, key):
            raise ConfigError(_is_empty(f"connectors.email.{key}", "because connectors.email.enabled is true"))
    local, at, domain = email.address.rpartition("@")
    if not (local and at and domain) or any(character.isspace() for character in email.address):
        raise ConfigError(f"connectors.email.address is {email.address!r}: write a mail address, desk@example.com")
    if email.smtp_user and not email.smtp_password:
        raise ConfigError(_is_empty("connectors.email.smtp_password", "because connectors.email.smtp_user is given"))
    if email.ca_file is not None and not email.ca_file.is_file():
        raise ConfigError(
            f"connectors.email.ca_file names {email.ca_file}, which is no file: correct it or leave it empty"
        )
    return replace(email, imap_user=email.imap_user or email.address, display_name=email.display_name or service.name)


def _database_url(url: str, data_dir: Path, base: Path) -> str:
    """Return the URL with our driver, SQLite's path absolute. Errors never show the URL: it may hold a password."""
    cure = "write sqlite:///data/complaintbot.db or postgresql://user:password@host/name"
    if not url:
        return f"sqlite+aiosqlite:///{data_dir / 'complaintbot.db'}"
    scheme, separator, rest = url.partition("://")
    kind, _, driver = scheme.partition("+")
    if not separator:
        raise ConfigError(f"database.url is no URL: {cure}")
    if kind == "sqlite" and driver in {"", "aiosqlite"}:
        path, question, options = rest.removeprefix("/").partition("?")
        if not rest.startswith("/") or path in {"", ":memory:"}:
            raise ConfigError(f"database.url names no file, and a database in memory would lose complaints: {cure}")
        return f"sqlite+aiosqlite:///{base / path}{question}{options}"
    if kind in {"postgresql", "postgres"} and driver in {"", "psycopg"}:
        return f"postgresql+psycopg://{rest}"
    raise ConfigError(f"database.url begins with {scheme}://, which is not supported: {cure}")


# --- a mapping into a dataclass, by its annotations -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _FromEnvironment:
    """A value that is still text, and the variable it came from."""

    variable: str
    text: str = field(repr=False)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist: copy {EXAMPLE} to it and edit it") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not written in UTF-8: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error} (texts need quotes, true and false do not)") from None


def _overlay(table: dict[str, Any], variable: str, text: str) -> None:
    """Put the variable's text where the file would have its value."""
    *sections, key = variable.removeprefix(PREFIX).lower().split("__")
    for depth, section in enumerate(sections, start=1):
        inner = table.setdefault(section, {})
        if not isinstance(inner, dict):
            raise ConfigError(
                f"{'.'.join(sections[:depth])} is no section, but {variable} names a key in it: correct one"
            )
        table = inner
    # NAME and NAME_FILE are two ways of saying one thing: the environment's way replaces the file's.
    twin = key.removesuffix("_file") if key.endswith("_file") else f"{key}_file"
    if not isinstance(table.get(twin), _FromEnvironment):
        table.pop(twin, None)
    table[key] = _FromEnvironment(variable, text)


def _load(kind: type[T], table: Mapping[str, Any], prefix: str, base: Path) -> T:
    """Build the dataclass `kind` from `table`; `prefix` is the full name of the section with its dot."""
    hints = typing.get_type_hints(kind)
    known: dict[str, Field[Any]] = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    table = _with_files_read(table, known, prefix, base)
    for key, value in table.items():
        if key not in known:
            raise ConfigError(_unknown(f"{prefix}{key}", key, value, known))
        full = f"{prefix}{key}"
        values[key] = _convert(hints[key], value, full, known[key], base)
    for name in known.keys() - values.keys():
        default = known[name].default
        if is_dataclass(hints[name]):
            values[name] = _load(hints[name], {}, f"{prefix}{name}.", base)
        elif isinstance(default, Path):
            values[name] = base / default
    return kind(**values)


def _with_files_read(
    table: Mapping[str, Any], known: Mapping[str, Field[Any]], prefix: str, base: Path
) -> dict[str, Any]:
    """Return the table with `<secret>_file` replaced by `<secret>` and the file's content."""
    result = dict(table)
    for name, each in known.items():
        if not each.metadata.get("secret") or f"{name}_file" not in result:
            continue
        full = f"{prefix}{name}_file"
        place = result.pop(f"{name}_file")
        text = place.text if isinstance(place, _FromEnvironment) else place
        if not isinstance(text, str):
            raise ConfigError(_wrong(full, place, "the name of a file in quotes", each))
        if not text:
            continue
        if result.get(name):
            raise ConfigError(f"{prefix}{name} and {full} are both given: keep one of them")
        try:
            result[name] = (base / text).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise ConfigError(f"{full} names {base / text}, which cannot be read: {reason}") from None
        if not result[name]:
            raise ConfigError(f"{full} names {base / text}, which is empty: write the secret into it")
    return result


def _convert(hint: Any, value: Any, full: str, spec: Field[Any], base: Path) -> Any:
    """Return `value` as the annotation `hint` wants it."""
    if is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise ConfigError(f"{full} must be a section: write [{full}] and its keys below")
        return _load(typing.cast("type[Any]", hint), value, f"{full}.", base)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:  # `X | None`: TOML has no null, so the empty text says "none"
        if (value.text if isinstance(value, _FromEnvironment) else value) == "":
            return None
        [hint] = [each for each in arguments if each is not type(None)]
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return _convert_list(value, full, spec)
    if origin is Literal or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        choices = [str(each) for each in (arguments or hint)]
        text = _text(value, full, f"one of {', '.join(choices)}", spec)
        if text not in choices:
            raise ConfigError(_wrong(full, value, f"one of {', '.join(choices)}", spec) + _nearest(text, choices))
        return text if origin is Literal else hint(text)
    return _SCALARS[hint](value, full, spec, base)


def _convert_list(value: Any, full: str, spec: Field[Any]) -> tuple[str, ...]:
    if isinstance(value, _FromEnvironment):
        return tuple(part.strip() for part in value.text.split(",") if part.strip())
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigError(_wrong(full, value, 'a list of texts, ["one", "two"]', spec))
    return tuple(value)


def _convert_bool(value: Any, full: str, spec: Field[Any], _base: Path) -> bool:
    if isinstance(value, _FromEnvironment):
        value = {
            "true": True,
            "1": True,
            "yes": True,
            "on": True,
            "false": False,
            "0": False,
            "no": False,
            "off": False,
        }.get(value.text.strip().lower(), value)
    if not isinstance(value, bool):
        raise ConfigError(_wrong(full, value, "true or false", spec))
    return value


def _convert_int(value: Any, full: str, spec: Field[Any], _base: Path) -> int:
    number = _number(int, value)
    if number is None or isinstance(number, float):
        raise ConfigError(_wrong(full, value, f"a whole number{_limits(spec)}", spec))
    _check_limits(number, value, full, spec, "a whole number")
    return number


def _convert_float(value: Any, full: str, spec: Field[Any], _base: Path) -> float:
    number = _number(float, value)
    if number is None or number != number or number in {float("inf"), float("-inf")}:
        raise ConfigError(_wrong(full, value, f"a number{_limits(spec)}", spec))
    _check_limits(number, value, full, spec, "a number")
    return float(number)


def _convert_str(value: Any, full: str, spec: Field[Any], _base: Path) -> str:
    text = _text(value, full, "a text in quotes", spec)
    if spec.metadata.get("filled") and not text.strip():
        raise ConfigError(_is_empty(full, f"the default is {spec.default!r}"))
    return text


def _convert_path(value: Any, full: str, spec: Field[Any], base: Path) -> Path:
    text = _text(value, full, "a path in quotes", spec)
    if not text:
        raise ConfigError(_is_empty(full, f"the default is {str(spec.default)!r}"))
    return base / Path(text).expanduser()


_SCALARS: Mapping[Any, Callable[[Any, str, Field[Any], Path], Any]] = {
    bool: _convert_bool,
    int: _convert_int,
    float: _convert_float,
    str: _convert_str,
    Path: _convert_path,
}


def _text(value: Any, full: str, wanted: str, spec: Field[Any]) -> str:
    if isinstance(value, _FromEnvironment):
        return value.text
    if not isinstance(value, str):
        raise ConfigError(_wrong(full, value, wanted, spec))
    return value


def _number(kind: type[int] | type[float], value: Any) -> int | float | None:
    """Return the number `value` is or spells, or None."""
    if isinstance(value, _FromEnvironment):
        try:
            return kind(value.text)
        except ValueError:
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _check_limits(number: float, value: Any, full: str, spec: Field[Any], what: str) -> None:
    minimum, maximum = spec.metadata.get("minimum"), spec.metadata.get("maximum")
    if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
        raise ConfigError(_wrong(full, value, f"{what}{_limits(spec)}", spec))


def _limits(spec: Field[Any]) -> str:
    minimum, maximum = spec.metadata.get("minimum"), spec.metadata.get("maximum")
    if maximum is not None:
        return f" from {minimum} to {maximum}"
    return "" if minimum is None else f", {minimum} or more"


# --- how a mistake is told --------------------------------------------------------------------------------------------


def variable_of(full: str) -> str:
    """Return the environment variable that sets the key `full`, such as `http.port`."""
    return PREFIX + full.replace(".", "__").upper()


def _source(value: Any) -> str:
    """Name the variable that a value, or the first value of an unknown section, came from."""
    while isinstance(value, Mapping) and value:
        value = next(iter(value.values()))
    return f" (from {value.variable})" if isinstance(value, _FromEnvironment) else ""


def _wrong(full: str, value: Any, wanted: str, spec: Field[Any]) -> str:
    shown = value.text if isinstance(value, _FromEnvironment) else value
    given = "is not as it must be" if spec.metadata.get("secret") else f"is {shown!r}"
    return f"{full}{_source(value)} {given}: write {wanted}"


def _is_empty(full: str, why: str) -> str:
    return f"{full} is empty ({why}): set it in the settings file or as {variable_of(full)} (see {EXAMPLE})"


def _unknown(full: str, key: str, value: Any, known: Mapping[str, Field[Any]]) -> str:
    secret_files = [f"{name}_file" for name, each in known.items() if each.metadata.get("secret")]
    what = "section" if isinstance(value, Mapping) else "key"
    hint = _nearest(key, [*known, *secret_files]) or f"; known here: {', '.join(known)}"
    return f"{full}{_source(value)} is an unknown {what}{hint} (see {EXAMPLE})"


def _nearest(word: str, known: typing.Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""
