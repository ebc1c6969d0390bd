"""Sites: imported from a table and listed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.people import Directory
from bot.storage import duty
from bot.storage.audit import record_act
from bot.storage.database import Database
from bot.storage.models import SiteRow
from bot.storage.work import Work
from bot.tabular import Faults, phone, read_each, read_lines, words
from complaints.errors import ComplaintError
from complaints.rota import Site
from complaints.vocabulary import Role

COLUMNS = ("code", "name", "aliases", "addresses", "calendar", "policy", "head", "duty", "backup", "phone")
_CHINESE = {
    "编号": "code", "代码": "code", "名称": "name", "项目": "name", "别名": "aliases", "地址": "addresses",
    "收件地址": "addresses",
    "日历": "calendar", "制度": "policy", "规则": "policy", "负责人": "head", "值班": "duty", "值班岗": "duty",
    "备用联系人": "backup", "电话": "phone",
}  # fmt: skip


_DUTY_ROLES = frozenset(Role) - {Role.SYSTEM, Role.CUSTOMER}


class SiteError(ComplaintError):
    """The table of sites is wrong: the line, the column and the cure are named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table. head, backup: names of staff. duty: a name, or a role."""

    where: str
    site: Site
    head: str
    duty: str
    backup: str


def unknown_calendars(names: Sequence[str], sites: Mapping[str, Site]) -> Iterator[str]:
    """Yield a sentence for each site whose calendar the settings do not have: it lives by the company's days.

    names: the calendars that there are, and the company's "".
    """
    for code, site in sorted(sites.items()):
        if site.calendar not in names:
            near = difflib.get_close_matches(site.calendar, names, 1)
            meant = f"did you mean that by [calendars.{near[0]}]? " if near else ""
            yield (
                f"the site {code} has the calendar {site.calendar!r}, which the settings have not, so the company's days hold "
                f"there: {meant}write [calendars.{site.calendar}], or import the site with another"
            )


def read_sites(
    path: Path, calendars: Sequence[str], policies: Sequence[str], directory: Directory | None = None
) -> list[Entry]:
    """Read a .csv or .xlsx table. calendars, policies: the names there are. directory: the staff that it may name.

    Raises SiteError naming all that is wrong.
    """
    lines = read_lines(path, COLUMNS, _CHINESE, "code", SiteError)
    seen: dict[str, int] = {}

    def read(line: tuple[int, Mapping[str, str]]) -> Entry:
        number, values = line
        where, faults = f"{path}, line {number}", Faults(SiteError)
        with faults.noted():
            _check_code(where, values.get("code", ""))
        with faults.noted():
            phone(values.get("phone", ""), where, SiteError)
        names = (values.get("code", ""), values.get("name", ""), *words(values.get("aliases", "")))
        for name in dict.fromkeys(name.casefold() for name in names if name):
            with faults.noted():
                if name in seen:
                    raise SiteError(f"{where}: {name!r} stands in line {seen[name]} already")
                seen[name] = number
        for column, known in (("calendar", calendars), ("policy", policies)):
            with faults.noted():
                if values.get(column) and values[column] not in known:
                    there = ", ".join(filter(None, known)) or "none"
                    raise SiteError(f"{where}: {column} {values[column]!r} is not known; there is {there}")
        for column in ("head", "duty", "backup"):
            name = values.get(column, "")
            with faults.noted():
                if directory is not None and not (column == "duty" and name.lower() in _DUTY_ROLES):
                    _person(where, column, name, directory)
        faults.check()
        return _entry(where, values)

    return read_each(lines, read, SiteError)


def _check_code(where: str, code: str) -> None:
    if not code or len(code) > 40 or words(code) != [code]:
        raise SiteError(f"{where}: code is {code!r}; give each site a short one without spaces")


def _entry(where: str, values: Mapping[str, str]) -> Entry:
    code = values["code"]
    site = Site(
        code=code,
        name=values.get("name") or code,
        aliases=tuple(words(values.get("aliases", ""))),
        addresses=tuple(address.lower() for address in words(values.get("addresses", ""))),
        calendar=values.get("calendar", ""),
        policy=values.get("policy", ""),
        phone=phone(values.get("phone", ""), where, SiteError),
    )
    return Entry(where, site, values.get("head", ""), values.get("duty", ""), values.get("backup", ""))


async def import_sites(database: Database, entries: Sequence[Entry]) -> tuple[int, int]:
    """Add and update sites by code, whole table or nothing; return how many were added and how many changed."""

    async def job(work: Work) -> tuple[int, int]:
        directory = await work.directory()
        rows = read_each(entries, lambda entry: _row(entry, directory), SiteError)
        fates = [await duty.save_site(work, row) for row in rows]
        await work.staff_changed()
        record_act(work, "sites_imported", added=fates.count("added"), changed=fates.count("changed"))
        return fates.count("added"), fates.count("changed")

    return await database.write(job)


def _row(entry: Entry, directory: Directory) -> SiteRow:
    role = entry.duty.lower() if entry.duty.lower() in _DUTY_ROLES else ""
    site = entry.site
    return SiteRow(
        code=site.code,
        name=site.name,
        aliases="\n".join(site.aliases),
        addresses="\n".join(site.addresses),
        calendar=site.calendar,
        policy=site.policy,
        head=_person(entry.where, "head", entry.head, directory),
        duty=None if role else _person(entry.where, "duty", entry.duty, directory),
        duty_role=role,
        backup=_person(entry.where, "backup", entry.backup, directory),
        phone=site.phone,
    )


def _person(where: str, column: str, name: str, directory: Directory) -> str | None:
    if not name:
        return None
    found = [person for person in directory.named(name) if person.name.casefold() == name.casefold()]
    if len(found) != 1:
        raise SiteError(f"{where}: {column} {name!r} is nobody on the staff: import the staff first")
    return found[0].id


def table(directory: Directory) -> str:
    """Return the sites as lines for a terminal."""

    def called(person: str | None) -> str:
        known = directory.persons.get(person or "")
        return known.name if known else ""

    lines = [("CODE", "NAME", "ALIASES", "CALENDAR", "POLICY", "HEAD", "DUTY", "BACKUP")]
    lines += [
        (
            site.code,
            site.name,
            ",".join(site.aliases),
            site.calendar,
            site.policy,
            called(site.head),
            called(site.duty) or site.duty_role,
            called(site.backup),
        )
        for site in sorted(directory.sites.values(), key=lambda site: site.code)
    ]
    return "\n".join("\t".join(line) for line in lines)
