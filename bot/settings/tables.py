"""A mapping from TOML or the environment into a frozen dataclass, by its annotations, and how a mistake in it is told."""

from __future__ import annotations

import difflib
import tomllib
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from complaints.errors import ConfigError

PREFIX = "COMPLAINTBOT_"
EXAMPLE = "config.example.toml"

T = TypeVar("T")


def at_least(minimum: float, default: T, maximum: float | None = None) -> T:
    """A number with limits, the limits included."""
    return field(default=default, metadata={"minimum": minimum, "maximum": maximum})


def filled(default: str) -> str:
    """A text that must not be empty."""
    return field(default=default, metadata={"filled": True})


def secret() -> str:
    """A text that is never shown and may come from a file."""
    return field(default="", repr=False, metadata={"secret": True})


def more_like_this() -> Any:
    """More tables like the one this stands in, `[[section.name]]`; what they leave out is taken from it.

    In the environment they are numbered from 1: `SECTION__NAME__1__KEY`.
    """
    return field(default=(), metadata={"inherits": True})


def rows() -> Any:
    """A list of tables, `[[section.name]]`, in the order in which they are written. In the environment numbered from 1."""
    return field(default=(), metadata={"inherits": True, "rows": True})


def like(sibling: str) -> Any:
    """Tables with names of their own, `[section.NAME]`; what they leave out is taken from the section `sibling`."""
    return field(default_factory=dict, metadata={"inherits": True, "like": sibling})


@dataclass(frozen=True, slots=True)
class _FromEnvironment:
    """A value that is still text, and the variable it came from."""

    variable: str
    text: str = field(repr=False)


def read_toml(path: Path) -> dict[str, Any]:
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


def overlay(table: dict[str, Any], variable: str, text: str) -> None:
    """Put the variable's text where the file would have its value."""
    *sections, key = variable.removeprefix(PREFIX).lower().split("__")
    for depth, section in enumerate(sections, start=1):
        inner = table.setdefault(section, {})
        if isinstance(inner, list) and all(isinstance(each, dict) for each in inner):
            inner = table[section] = {str(number): each for number, each in enumerate(inner, start=1)}
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


def secrets_of(kind: type[Any]) -> Iterator[str]:
    """Yield the names of the keys of a section, and of those in it, that are secret."""
    hints = typing.get_type_hints(kind)
    for each in fields(kind):
        if each.metadata.get("secret"):
            yield each.name
        elif is_dataclass(hints[each.name]):
            yield from secrets_of(typing.cast("type[Any]", hints[each.name]))


UNREAD = "(a secret in a file that was not read)"


def leave_unread(table: object, names: frozenset[str]) -> None:
    """Let each secret that a table, or one in it, names by a file be `UNREAD`; what is wrong stays, to be told."""
    if isinstance(table, list):
        for each in table:
            leave_unread(each, names)
    if not isinstance(table, dict):
        return
    for key, value in list(table.items()):
        name = key.removesuffix("_file")
        if name != key and name in names and not table.get(name):
            text = value.text if isinstance(value, _FromEnvironment) else value
            if text and isinstance(text, str):
                del table[key]
                table[name] = UNREAD
        else:
            leave_unread(value, names)


def load_table(kind: type[T], table: Mapping[str, Any], prefix: str, base: Path) -> T:
    """Build the dataclass `kind` from `table`; `prefix` is the full name of the section with its dot."""
    hints = typing.get_type_hints(kind)
    known: dict[str, Field[Any]] = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    table = _with_files_read(table, known, prefix, base)
    for key, value in table.items():
        if key not in known:
            raise ConfigError(_unknown(f"{prefix}{key}", key, value, known))
        full = f"{prefix}{key}"
        if sibling := known[key].metadata.get("like"):
            kind_of_each = typing.get_args(hints[key])[1]
            values[key] = {
                name: load_table(kind_of_each, _inheriting(table.get(sibling, {}), own), f"{full}.{name}.", base)
                for name, own in _named(value, full).items()
            }
            continue
        if known[key].metadata.get("inherits"):
            rows_alone = known[key].metadata.get("rows")
            parent = {} if rows_alone else {name: each for name, each in table.items() if name != key}
            values[key] = tuple(
                load_table(typing.get_args(hints[key])[0], _inheriting(parent, own), f"{full}.{number}.", base)
                for number, own in _numbered(value, full)
            )
            continue
        values[key] = _convert(hints[key], value, full, known[key], base)
    for name in known.keys() - values.keys():
        default = known[name].default
        if is_dataclass(hints[name]):
            values[name] = load_table(hints[name], {}, f"{prefix}{name}.", base)
        elif isinstance(default, Path):
            values[name] = base / default
    return kind(**values)


def _numbered(value: Any, full: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Return tables with their numbers, however they were written."""
    if isinstance(value, list):
        value = {str(number): each for number, each in enumerate(value, start=1)}
    if not isinstance(value, Mapping) or not all(
        number.isdecimal() and isinstance(each, Mapping) for number, each in value.items()
    ):
        raise ConfigError(f"{full}{_source(value)} must be tables: write [[{full}]] and the keys of each below it")
    return sorted((int(number), each) for number, each in value.items())


def _named(value: Any, full: str) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(value, Mapping) or not all(isinstance(each, Mapping) for each in value.values()):
        raise ConfigError(f"{full}{_source(value)} must hold sections: write [{full}.NAME] and its keys below")
    return value


def _inheriting(parent: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with what it leaves out; a secret of its own in a file replaces the parent's."""
    return {key: value for key, value in parent.items() if f"{key}_file" not in own} | dict(own)


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
            result[name] = (base / text).read_text(encoding="utf-8-sig").strip()
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
        return load_table(typing.cast("type[Any]", hint), value, f"{full}.", base)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:  # `X | None`: TOML has no null, so the empty text says "none"
        if (value.text if isinstance(value, _FromEnvironment) else value) == "":
            return None
        [hint] = [each for each in arguments if each is not type(None)]
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return _convert_list(value, full, spec)
    if origin is Mapping:
        return _convert_mapping(arguments[1], value, full, spec)
    if origin is Literal or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        choices = [str(each) for each in (arguments or hint)]
        text = _text(value, full, f"one of {', '.join(choices)}", spec)
        if text not in choices:
            raise ConfigError(_wrong(full, value, f"one of {', '.join(choices)}", spec) + nearest(text, choices))
        return text if origin is Literal else hint(text)
    return _SCALARS[hint](value, full, spec, base)


def _convert_list(value: Any, full: str, spec: Field[Any]) -> tuple[str, ...]:
    wanted, given = 'a list of texts, ["one", "two"]', value
    if isinstance(value, _FromEnvironment):
        if not value.text.lstrip().startswith("["):
            return tuple(part.strip() for part in value.text.split(",") if part.strip())
        wanted, given = 'one,two or ["one", "two"]', _listed(value.text)
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ConfigError(_wrong(full, value, wanted, spec))
    return tuple(given)


def _listed(text: str) -> object:
    """Return a list that is written as it would be in the file; None where it is not."""
    try:
        return tomllib.loads(f"list = {text}")["list"]
    except tomllib.TOMLDecodeError:
        return None


def _convert_mapping(kind: Any, value: Any, full: str, spec: Field[Any]) -> dict[str, Any]:
    """Return a table whose keys are free: of texts, or of lists of texts, where a text alone is a list of one."""
    if not isinstance(value, Mapping):
        raise ConfigError(f"{full} must be a section: write [{full}] and its keys below")
    if kind is str:
        return {key: _text(each, f"{full}.{key}", "a text in quotes", spec) for key, each in value.items()}
    return {
        key: (each,) if isinstance(each, str) else _convert_list(each, f"{full}.{key}", spec)
        for key, each in value.items()
    }


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
        raise ConfigError(is_empty(full, f"the default is {spec.default!r}"))
    return text


def _convert_path(value: Any, full: str, spec: Field[Any], base: Path) -> Path:
    text = _text(value, full, "a path in quotes", spec)
    if not text:
        raise ConfigError(is_empty(full, f"the default is {str(spec.default)!r}"))
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


def is_empty(full: str, why: str) -> str:
    return f"{full} is empty ({why}): set it in the settings file or as {variable_of(full)} (see {EXAMPLE})"


def _unknown(full: str, key: str, value: Any, known: Mapping[str, Field[Any]]) -> str:
    secret_files = [f"{name}_file" for name, each in known.items() if each.metadata.get("secret")]
    what = "section" if isinstance(value, Mapping) else "key"
    hint = nearest(key, [*known, *secret_files]) or f"; known here: {', '.join(known)}"
    return f"{full}{_source(value)} is an unknown {what}{hint} (see {EXAMPLE})"


def nearest(word: str, known: typing.Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
