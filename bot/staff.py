"""Staff: imported from a table, listed, and given one-time codes."""

from __future__ import annotations

import difflib
import re
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.people import Directory, Person
from bot.storage.audit import record_act
from bot.storage.database import Database
from bot.storage.models import BindCodeRow, PersonRow
from bot.storage.work import Work
from bot.tabular import Faults, phone, read_each, read_lines, words
from bot.tokens import Signer, new_code
from complaints.errors import ComplaintError
from complaints.vocabulary import STAGE_WORDS, Role, Stage

CODE_LIFE = timedelta(minutes=30)
COLUMNS = (
    "name", "phone", "email", "roles", "unit", "categories", "sites", "stages", "channels", "superior", "backup", "locale",
    "active",
)  # fmt: skip
_ALSO = {
    "姓名": "name", "手机": "phone", "电话": "phone", "邮箱": "email", "角色": "roles", "部门": "unit", "分类": "categories",
    "片区": "sites", "项目": "sites", "站点": "sites", "阶段": "stages", "渠道": "channels",
    "上级": "superior", "备用联系人": "backup", "备份": "backup", "语言": "locale", "在职": "active",
    "full name": "name", "mobile": "phone", "cell": "phone", "telephone": "phone", "phone number": "phone", "e-mail": "email",
    "role": "roles", "department": "unit", "team": "unit", "category": "categories", "site": "sites", "stage": "stages",
    "channel": "channels", "manager": "superior", "supervisor": "superior", "deputy": "backup", "language": "locale",
}  # fmt: skip
_ROLES = {
    "坐席": Role.AGENT, "客服专员": Role.AGENT, "投诉处理小组": Role.REVIEWER, "客服主管": Role.DISPATCHER,
    "处理人": Role.HANDLER, "部门负责人": Role.DEPT_HEAD, "客服中心负责人": Role.CENTER_LEAD, "公司领导": Role.LEADER,
    "员工": Role.EMPLOYEE, "管理员": Role.ADMIN, "领导": Role.LEADER, "审核人": Role.REVIEWER, "总指挥": Role.COMMANDER,
    "媒体负责人": Role.MEDIA_OFFICER, "隐私负责人": Role.PRIVACY_OFFICER, "人事审计": Role.HR_AUDITOR,
}  # fmt: skip
_GRANTED = frozenset(Role) - {Role.SYSTEM, Role.CUSTOMER}
_KNOWN_ROLES = f" (known roles are {', '.join(sorted(_GRANTED))} or {'、'.join(_ROLES)})"
_YES = frozenset({"", "yes", "y", "true", "1", "是", "在职", "active"})
_NO = frozenset({"no", "n", "false", "0", "否", "离职", "已离职", "inactive"})
MAX_ROWS = 20_000


class StaffError(ComplaintError):
    """The table of staff is wrong: the line, the column and the cure are named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table. superior and backup are names of other lines or of staff who are known already; sites are codes,
    names or aliases of sites.
    """

    line: int
    name: str
    phone: str
    email: str
    roles: frozenset[Role]
    unit: str
    categories: tuple[str, ...]
    superior: str
    backup: str
    locale: str
    active: bool
    sites: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


def read_staff(
    path: Path, directory: Directory | None = None, categories: Collection[str] | None = None
) -> list[Entry]:
    """Read a .csv (UTF-8 or GB18030) or .xlsx table with a heading line, in English or Chinese.

    directory: the staff and sites that it may name beside its own. categories: codes of the pack, all it may name.
    Raises StaffError naming all that is wrong.
    """
    lines = list(read_lines(path, COLUMNS, _ALSO, "name", StaffError))
    if len(lines) > MAX_ROWS:
        raise StaffError(f"{path}: more than {MAX_ROWS} lines; split it")
    names = {values.get("name", "") for _, values in lines}
    seen: dict[str, int] = {}

    def read(line: tuple[int, dict[str, str]]) -> Entry:
        number, values = line
        where, faults = f"{path}, line {number}", Faults(StaffError)
        entry = _entry(number, values, where, faults)
        for value in filter(None, (entry.name, entry.phone, entry.email)):
            with faults.noted():
                if value in seen:
                    apart = f"; tell namesakes apart: {value}（…）" if value == entry.name else ""
                    raise StaffError(f"{where}: {value} stands in line {seen[value]} already{apart}")
                # Names tell people apart, and a phone number or a mailbox says who is writing: each in one line only.
                seen[value] = number
        if directory is not None:
            _check_relations(entry, where, names, directory, faults)
        for code in entry.categories if categories is not None else ():
            with faults.noted():
                _check_category(code, categories or (), where)
        faults.check()
        return entry

    try:
        return read_each(lines, read, StaffError)
    except StaffError as wrong:
        faults = str(wrong).split(_KNOWN_ROLES)
        raise StaffError(_KNOWN_ROLES.join(faults[:2]) + "".join(faults[2:])) from None  # the list once


def _check_category(code: str, known: Collection[str], where: str) -> None:
    if code != "*" and code not in known:
        near = difflib.get_close_matches(code.upper(), known, 3)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        codes = ", ".join(sorted(each for each in known if "." not in each))
        raise StaffError(f"{where}: category {code!r} is not in the pack; {meant}write the code of one: {codes}, or *")


def _check_relations(entry: Entry, where: str, names: Collection[str], directory: Directory, faults: Faults) -> None:
    known = {*names, *(person.name for person in directory.persons.values())}
    for column, name in (("superior", entry.superior), ("backup", entry.backup)):
        with faults.noted():
            if name and name not in known:
                raise StaffError(f"{where}: {column} {name!r} is nobody in this table or among the staff")
    for site in entry.sites:
        with faults.noted():
            if directory.sites and directory.site_named(site) is None:
                raise StaffError(f"{where}: site {site!r} is not known: import the sites, or correct it")


def _entry(line: int, values: Mapping[str, str], where: str, faults: Faults) -> Entry:
    """Return what a line says; what is wrong with it goes to `faults`."""
    name, locale = values.get("name", ""), values.get("locale") or "zh"
    active, email = values.get("active", "").lower(), values.get("email", "")
    number, roles, stages = "", frozenset[Role](), tuple[Stage, ...]()
    for wrong, fault in (
        (not name, "name is empty"),
        (locale not in ("zh", "en"), f"locale is {locale!r}; it is zh or en"),
        (active not in _YES | _NO, f"active is {active!r}; it is yes or no (是, 否)"),
        (
            bool(name) and name in (values.get("superior"), values.get("backup")),
            f"{name} cannot be their own superior or backup",
        ),
        (bool(email) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email), f"email {email!r} is not an address"),
    ):
        with faults.noted():
            if wrong:
                raise StaffError(f"{where}: {fault}")
    with faults.noted():
        number = phone(values.get("phone", ""), where, StaffError)
    with faults.noted():
        roles = _roles(values.get("roles", ""), where)
    with faults.noted():
        stages = tuple(_stage(word, where) for word in words(values.get("stages", "")))
    return Entry(
        line=line,
        name=name,
        phone=number,
        email=email.lower(),
        roles=roles,
        unit=values.get("unit", ""),
        categories=tuple(words(values.get("categories", ""))),
        superior=values.get("superior", ""),
        backup=values.get("backup", ""),
        locale=locale,
        active=active in _YES,
        sites=tuple(words(values.get("sites", ""))),
        stages=stages,
        channels=tuple(word.lower() for word in words(values.get("channels", ""))),
    )


def _roles(text: str, where: str) -> frozenset[Role]:
    roles = set()
    for word in words(text):
        role = _ROLES.get(word) or (Role(word.lower()) if word.lower() in set(_GRANTED) else None)
        if role is None:
            raise StaffError(f"{where}: role {word!r} is unknown{_KNOWN_ROLES}")
        roles.add(role)
    return frozenset(roles) or frozenset({Role.EMPLOYEE})


def _stage(word: str, where: str) -> Stage:
    found = STAGE_WORDS.get(word) or (Stage(word.lower()) if word.lower() in set(Stage) else None)
    if found is None:
        raise StaffError(
            f"{where}: stage {word!r} is unknown; known are {', '.join(Stage)} or {'、'.join(STAGE_WORDS)}"
        )
    return found


async def import_staff(database: Database, entries: Sequence[Entry], now: datetime) -> tuple[int, int]:
    """Add and update staff by name, whole table or nothing; return how many were added and how many changed."""

    async def job(work: Work) -> tuple[int, int]:
        directory = await work.directory()
        ids = {person.name: person.id for person in directory.persons.values()}
        added = [entry.name for entry in entries if entry.name not in ids]
        ids |= {name: uuid.uuid4().hex for name in added}
        for entry in entries:
            for column, name in (("superior", entry.superior), ("backup", entry.backup)):
                if name and name not in ids:
                    raise StaffError(f"line {entry.line}: {column} {name!r} is nobody in this table or among the staff")
            for site in entry.sites:
                if directory.sites and directory.site_named(site) is None:
                    raise StaffError(f"line {entry.line}: site {site!r} is not known: import the sites, or correct it")
        await work.prefetch_people(ids[entry.name] for entry in entries)
        changed = sum([await _save(work, entry, ids, now) for entry in entries]) - len(added)
        await work.staff_changed()
        record_act(work, "staff_imported", now, added=len(added), changed=changed)
        return len(added), changed

    return await database.write(job)


async def _save(work: Work, entry: Entry, ids: Mapping[str, str], now: datetime) -> bool:
    """Write what a line says; return whether that is anything new."""
    row = await work.person_row(ids[entry.name])
    if row is None:
        row = PersonRow(id=ids[entry.name], created_at=now, place="", phone="", email="")
        await work.add_person(row)
    was, before = _told(row), {"sms": row.phone, "email": row.email}
    row.name, row.phone, row.email, row.locale = entry.name, entry.phone, entry.email, entry.locale
    row.roles = " ".join(sorted(entry.roles))
    row.unit, row.categories = entry.unit, " ".join(entry.categories)
    row.sites, row.stages, row.channels = (" ".join(each) for each in (entry.sites, entry.stages, entry.channels))
    row.superior = ids[entry.superior] if entry.superior else None
    row.backup = ids[entry.backup] if entry.backup else None
    row.staff, row.active = True, entry.active
    # The company vouches for these addresses as places to write to; commands from them still need proof (mail: a signed reply).
    for channel, address in (("sms", entry.phone), ("email", entry.email)):
        if address == before[channel]:
            continue  # nothing new is vouched for: what was unbound meanwhile (a lost phone) stays so
        old = await work.address(channel, before[channel]) if before[channel] else None
        if old is not None and old.person == row.id:
            old.proven = False  # the number may be another's by now
        known = await work.address(channel, address) if address else None
        if known is not None:
            if known.person != row.id:
                await work.move_address(known, row.id)
            known.proven = True
        elif address:
            await work.add_address(row.id, channel, address, now, proven=True)
    return _told(row) != was


def _told(row: PersonRow) -> tuple[object, ...]:
    return (
        row.name, row.phone, row.email, row.locale, row.roles, row.unit, row.categories, row.sites, row.stages, row.channels,
        row.superior, row.backup, row.staff, row.active,
    )  # fmt: skip


async def issue_code(database: Database, signer: Signer, name: str, now: datetime) -> tuple[Person, str]:
    """Make a one-time code with which `name` can bind a chat address. Only its hash is stored. Raises StaffError."""

    async def job(work: Work) -> tuple[Person, str]:
        found = (await work.directory()).named(name)
        if len(found) != 1:
            names = ", ".join(person.name for person in found)
            raise StaffError(f"{name!r} is {'more than one person: ' + names if found else 'nobody on the staff'}")
        code = new_code()
        work.session.add(BindCodeRow(code_hash=signer.code_hash(code), person=found[0].id, expires_at=now + CODE_LIFE))
        record_act(work, "code_issued", now, person=found[0].id)
        return found[0], code

    return await database.write(job)


def table(persons: Iterable[Person]) -> str:
    """Return the staff as lines for a terminal. Phone numbers are not shown."""
    lines = [("NAME", "ROLES", "UNIT", "SITES", "CATEGORIES", "ACTIVE")]
    for person in sorted(persons, key=lambda p: (p.unit, p.name)):
        roles = ",".join(sorted(person.roles))
        active = "yes" if person.active else "no"
        sites, categories = ",".join(sorted(person.sites)), ",".join(sorted(person.categories))
        lines.append((person.name, roles, person.unit, sites, categories, active))
    return "\n".join("\t".join(line) for line in lines)
