"""Finding profiles: a company's own folder before what ships with the package, parents merged in."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from complaints.errors import MissingKey, PolicyError
from complaints.policy import playbooks, questionnaires
from complaints.policy.profile import ALSO, Policy, parse
from complaints.policy.slips import refuse_slips

SHIPPED: Traversable = files("complaints") / "profiles"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def available(directories: Sequence[Path] = ()) -> list[str]:
    """Return the names of all profiles, a company's own before the shipped ones of the same name."""
    names = {entry.name.removesuffix(".toml") for entry in SHIPPED.iterdir() if entry.name.endswith(".toml")}
    for directory in directories:
        names |= {path.stem for path in directory.glob("*.toml")}
    return sorted(names)


def load(name: str, directories: Sequence[Path] = (), categories: Collection[str] | None = None) -> Policy:
    """Return the profile `name`. categories: those that there are; None: which it names is not looked at.

    Raises PolicyError naming the file, the key and the cure.
    """
    with naming_file(name, directories):
        found = parse(merged(name, directories), name)
        refuse_slips(found, categories)
        return found


@contextmanager
def naming_file(name: str, directories: Sequence[Path]) -> Iterator[None]:
    """Let an error about a company's own profile say which file to open."""
    try:
        yield
    except PolicyError as error:
        own = next((path for directory in directories if (path := directory / f"{name}.toml").is_file()), None)
        if own is None or str(own) in str(error):
            raise
        alone = isinstance(error, MissingKey) and "inherits" not in _read(name, directories, None)
        cure = '; or write inherits = "base" in the first line, to take over all that you do not say' if alone else ""
        raise PolicyError(f"{error}{cure} (see {own})") from None


def merged(name: str, directories: Sequence[Path] = ()) -> dict[str, Any]:
    """Return the profile's data with its parents' merged in, as `parse` takes it.

    The questionnaires and playbooks that it names are put in whole, so that a version of a profile keeps what was asked and
    done under it.
    """
    data = _merged(name, directories, ())
    chosen = data.get("questionnaires", {})
    if isinstance(chosen, dict):  # what is not is reported by `parse`
        names = sorted({name for name in chosen.values() if isinstance(name, str)})
        data["questionnaire_texts"] = {name: questionnaires.read(name, directories) for name in names}
    listed = data.get("playbooks", [])
    if isinstance(listed, list):
        data["playbook_texts"] = {each: playbooks.read(each, directories) for each in listed if isinstance(each, str)}
    _check_day(name, data.get("effective_from"))
    return data


def completed(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a version that was kept, with what profiles have come to say since: that, as `base` has it.

    What it promised and whom its ladders told stays its own, where that was nothing, too.
    """
    since = {**merged("base"), "clocks": {}, "ladders": {}}
    return _overlay(since, dict(stored))


def combined(name: str, also: Sequence[str], directories: Sequence[Path] = ()) -> dict[str, Any]:
    """Return the data of `name` with the clocks added that each of `also` has beyond those of `base`.

    Where two clocks have one name the stricter runs; everything else is as `name` says. Its own name is `combined_name`.
    """
    data = merged(name, directories)
    if ALSO in data:
        raise PolicyError(f"policy {name}.{ALSO} is unknown: name the other profile in policies.choose")
    return with_added(data, also, directories)


def with_added(data: Mapping[str, Any], also: Sequence[str], directories: Sequence[Path] = ()) -> dict[str, Any]:
    """Return a profile's data with the clocks of other profiles added, besides those that it has from others already."""
    if not also:
        return dict(data)
    silent = merged("base", directories).get("clocks", {})
    added = {
        other: {
            clock: values
            for clock, values in merged(other, directories).get("clocks", {}).items()
            if values is not False and values != silent.get(clock)
        }
        for other in also
    }
    if bare := next((other for other in also if not added[other]), None):
        raise PolicyError(f"policy {bare}: it has no clock that base has not, so it adds nothing beside another")
    return {**data, ALSO: {**data.get(ALSO, {}), **added}}


def combined_name(name: str, also: Sequence[str]) -> str:
    """Return what a combination is called: `mingyuan+leyoujia-315`, cut to what a table of names holds."""
    return "+".join((name, *also))[:64]


def _check_day(name: str, day: Any) -> None:
    # Here, not in `parse`: a version that was kept with a wrong day must still end what began under it.
    if day is None:  # what is missing is reported by `parse`
        return
    try:
        if not _DAY.fullmatch(day):
            raise ValueError
        date.fromisoformat(day)
    except (TypeError, ValueError):
        raise PolicyError(
            f'policy {name}.effective_from is {str(day)!r}: write a day in quotes, "2026-12-01"'
        ) from None


def _read(name: str, directories: Sequence[Path], heir: str | None) -> dict[str, Any]:
    if not _NAME.fullmatch(name):
        raise PolicyError(f"policy {name!r}: a profile's name is made of a-z, 0-9 and '-'")
    candidates: list[Path | Traversable] = [directory / f"{name}.toml" for directory in directories]
    for source in (*candidates, SHIPPED / f"{name}.toml"):
        if source.is_file():
            try:
                return tomllib.loads(source.read_text(encoding="utf-8-sig"))
            except UnicodeDecodeError:
                raise PolicyError(f"policy {name}: {source} is not written in UTF-8: save it as UTF-8") from None
            except tomllib.TOMLDecodeError as error:
                raise PolicyError(f"policy {name}: {source} is not valid TOML: {error}") from None
    what = f"policy {name!r}" if heir is None else f"policy {heir} inherits {name!r}, which"
    known = ", ".join(available(directories))
    raise PolicyError(f"{what} does not exist: choose one of {known}; {questionnaires.own_folder(directories)}")


def _merged(name: str, directories: Sequence[Path], seen: tuple[str, ...]) -> dict[str, Any]:
    if name in seen:
        raise PolicyError(f"policy {seen[0]}: inherits runs in a circle: {' → '.join((*seen, name))}")
    own = _read(name, directories, seen[-1] if seen else None)
    parent = own.pop("inherits", None)
    if not isinstance(parent, str | None):
        raise PolicyError(f"policy {name}: inherits must be the name of one profile")
    if heading := next(_headings_over("inherits", own), None):
        raise PolicyError(f"policy {name}: inherits stands below [{heading}]: write it above the first heading")
    under = _merged(parent, directories, (*seen, name)) if parent is not None else {}
    for table in ("clocks", "ladders"):
        _refuse_nothing_taken(f"policy {name}.{table}", own.get(table), under.get(table))
    rules, inherited = (data.get("grading") for data in (own, under))
    if isinstance(rules, dict) and isinstance(inherited, dict | None):
        _refuse_nothing_taken(f"policy {name}.grading.rules", rules.get("rules"), (inherited or {}).get("rules"))
    return _overlay(under, own)


def _headings_over(key: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the headings of the tables below `data` in which `key` is a text."""
    for name, table in data.items():
        if isinstance(table, dict):
            if isinstance(table.get(key), str):
                yield name
            yield from (f"{name}.{heading}" for heading in _headings_over(key, table))


def _refuse_nothing_taken(where: str, own: Any, under: Any) -> None:
    """Raise PolicyError where a profile takes away (`false`) what its parent has not: a slip that would change nothing."""
    known = list(under) if isinstance(under, dict) else []
    for key, value in own.items() if isinstance(own, dict) else ():
        if value is False and key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}"
            raise PolicyError(f"{where}.{key} = false takes away what no parent has: {hint}")


def _overlay(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _overlay(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
