"""Reading the settings: the file, what the environment sets over it, and what depends on more than one key."""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from zoneinfo import available_timezones

from bot.settings.channels import ConnectorsSection, finish_channels
from bot.settings.sections import ProcessRole, ServiceSection, Settings
from bot.settings.tables import (
    EXAMPLE,
    PREFIX,
    is_web_address,
    leave_unread,
    load_table,
    nearest,
    overlay,
    read_toml,
    secrets_of,
)
from complaints.errors import ConfigError

SHORTEST_SECRET = 32
SHORTEST_STATUS_SECRET = 16
# What people write for the time of mainland China, which the database of time zones knows by Shanghai's name alone.
_BEIJING = (
    "Asia/Beijing", "Beijing", "Asia/Peking", "Asia/Guangzhou", "Asia/Shenzhen", "China", "Shanghai",
    "北京时间", "北京", "上海时间", "上海", "中国时间", "中国标准时间", "中国", "东八区",
)  # fmt: skip


def load_settings(path: Path | None, environ: Mapping[str, str], *, channels: bool = True) -> Settings:
    """Read the settings file, if any, and what the environment sets over it.

    Relative paths count from the folder of the file, without a file from the working folder. channels: whether any is
    spoken to; where none is, files that hold their secrets are not read: they may be shown to the service alone. Raises
    ConfigError.
    """
    base = Path.cwd() if path is None else path.absolute().parent
    table = {} if path is None else read_toml(path)
    for name, text in environ.items():
        if name.startswith(PREFIX) and "__" in name:  # COMPLAINTBOT_X without a section is no setting of ours
            overlay(table, name, text)
    _check_top(table)
    if not channels:
        leave_unread(table.get("connectors"), frozenset(secrets_of(ConnectorsSection)))
    settings = load_table(Settings, table, "", base)
    return _finish(settings, base)


def _check_top(table: Mapping[str, object]) -> None:
    """Refuse a key that stands above all sections, and name those that it may be meant for."""
    sections = {name: kind for name, kind in typing.get_type_hints(Settings).items() if is_dataclass(kind)}
    for key, value in table.items():
        if key in sections or isinstance(value, Mapping):
            continue
        homes = [name for name, kind in sections.items() if key in {each.name for each in fields(kind)}]
        if homes:
            below = " or ".join(f"[{name}]" for name in homes)
            raise ConfigError(
                f"{key} is an unknown key outside of all sections: write it below {below} (see {EXAMPLE})"
            )


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
        value = path.read_text(encoding="utf-8-sig").strip()
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


def _finish(settings: Settings, base: Path) -> Settings:
    """Check what depends on more than a key's type, and fill in what follows from other keys."""
    service, http = settings.service, settings.http
    _check_timezone(service.timezone)
    settings.retention.check()
    if service.secret and len(service.secret) < SHORTEST_SECRET:
        raise ConfigError(
            f"service.secret is too short: it needs {SHORTEST_SECRET} characters or more"
            f" (python3 -c 'import secrets; print(secrets.token_urlsafe(48))'), or leave it empty to have one made"
        )
    if http.public_url and not is_web_address(http.public_url):
        raise ConfigError(f"http.public_url is {http.public_url!r}: write a whole address, https://chat.example.com")
    if http.status_secret and len(http.status_secret) < SHORTEST_STATUS_SECRET:
        raise ConfigError(f"http.status_secret is too short: it needs {SHORTEST_STATUS_SECRET} characters or more")
    if settings.heartbeat.url and not is_web_address(settings.heartbeat.url):
        raise ConfigError("heartbeat.url is no whole address: write https://monitor.example.com/...")
    if settings.delivery.max_retry_s < settings.delivery.first_retry_s:
        raise ConfigError(
            "delivery.max_retry_s is less than delivery.first_retry_s: the longest wait must not be the shorter"
        )
    database, url = settings.database, _database_url(settings.database.url, service.data_dir, base)
    _check_roles(service.roles, alone=url.startswith("sqlite"))
    return replace(
        settings,
        database=replace(database, url=url),
        http=replace(http, public_url=http.public_url.rstrip("/")),
        connectors=finish_channels(settings.connectors, service.name),
    )


def _check_roles(roles: tuple[str, ...], *, alone: bool) -> None:
    known = [role.value for role in ProcessRole]
    for role in roles:
        if role not in known:
            raise ConfigError(f"service.roles has {role!r}{nearest(role, known)}: write some of {', '.join(known)}")
    if not roles:
        raise ConfigError(f"service.roles is empty, so this process would do nothing: write some of {', '.join(known)}")
    if alone and (missing := [role for role in known if role not in roles]):
        raise ConfigError(
            f"service.roles leaves out {', '.join(missing)}, and nobody else can do that: only one process works on an SQLite"
            " file. Name all roles, or set database.url to PostgreSQL"
        )


def _check_timezone(name: str) -> None:
    known = available_timezones()
    if name in known:
        return
    meant = difflib.get_close_matches(name.strip(), [*known, *_BEIJING], n=1, cutoff=0.6)
    zone = "Asia/Shanghai" if meant and meant[0] in _BEIJING else meant[0] if meant else ""
    hint = f"; did you mean {zone!r}?" if zone else ""
    raise ConfigError(f"service.timezone is {name!r}, which is no time zone{hint} (such as Asia/Shanghai)")


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
