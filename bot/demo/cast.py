"""Who plays in the demo, each with a phone: a customer, an assignee and who stands in, a supervisor, an employee, a leader."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import App
from bot.settings import Locale
from bot.staff import Entry, import_staff
from bot.storage import queues
from bot.storage.work import Work
from complaints.errors import ConfigError
from complaints.vocabulary import Role
from connectors.web import conversation_of, new_secret

NAMES = {Locale.ZH: "安居物业客服中心", Locale.EN: "Harbour Homes"}  # whose service centre this is
_CURSOR = "demo-cast"
_FILE = "demo-phones.json"


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody in the demo. roles: empty for the customer, of whom the service learns only what they say."""

    key: str
    names: Mapping[Locale, str]
    phone: str = ""
    roles: frozenset[Role] = frozenset()
    categories: tuple[str, ...] = ()
    superior: str = ""
    backup: str = ""


CUSTOMER = Part("customer", {Locale.ZH: "客户", Locale.EN: "Customer"})
SUPERVISOR = Part(
    "supervisor",
    {Locale.ZH: "王主管", Locale.EN: "Helen Ward"},
    "+8613900139000",
    frozenset({Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.DEPT_HEAD}),
)
ASSIGNEE = Part(
    "assignee",
    {Locale.ZH: "张伟", Locale.EN: "Tom Baker"},
    "+8613800138000",
    frozenset({Role.HANDLER}),
    superior=SUPERVISOR.key,
    backup="backup",
)
# Named for a corner that customers hardly ever complain of, so that new complaints go to the assignee; the supervisor can
# still hand one over.
BACKUP = Part(
    "backup",
    {Locale.ZH: "李娜", Locale.EN: "Lisa Grant"},
    "+8613700137000",
    frozenset({Role.HANDLER}),
    categories=("OTHER.partner",),
    superior=SUPERVISOR.key,
)
EMPLOYEE = Part("employee", {Locale.ZH: "赵敏", Locale.EN: "Amy Lane"}, roles=frozenset({Role.EMPLOYEE}))
LEADER = Part("leader", {Locale.ZH: "陈总", Locale.EN: "Grace Hall"}, roles=frozenset({Role.LEADER}))
STAFF = (SUPERVISOR, ASSIGNEE, BACKUP, EMPLOYEE, LEADER)
CAST = (CUSTOMER, EMPLOYEE, ASSIGNEE, BACKUP, SUPERVISOR, LEADER)
_LATER = (EMPLOYEE, LEADER)  # who plays since a later version, and may have no phone in the file yet


@dataclass(frozen=True, slots=True)
class Phones:
    """The secrets with which the phones say hello, by the key of the part."""

    secrets: Mapping[str, str] = field(repr=False)

    def address(self, part: Part) -> str:
        """Return the web chat address of the part's phone."""
        return conversation_of(self.secrets[part.key])


def called(name: str) -> Mapping[Locale, str]:
    """Return what the service centre is called in each language: a name that a company gave it is the same in all."""
    return NAMES if name in NAMES.values() else dict.fromkeys(NAMES, name)


def load_phones(data_dir: Path) -> Phones:
    """Return the phones of this data folder; made at the first call and kept in a file that only we can read.

    Who plays since a later version gets a phone then.
    """
    path = data_dir / _FILE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        kept_before = path.exists()
        kept = json.loads(path.read_text(encoding="utf-8")) if kept_before else {}
        missing = {
            part.key: new_secret() for part in CAST if part.key not in kept and (not kept_before or part in _LATER)
        }
        if missing:
            kept = {**kept, **missing}
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(kept, file)
        return Phones({part.key: str(kept[part.key]) for part in CAST})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{path} cannot be used ({error}): remove it, or choose another data folder") from None


async def enter(app: App, phones: Phones, lang: Locale) -> Mapping[str, str]:
    """Put the staff in, each at their phone, and let everybody speak `lang`. Return the persons' ids by part.

    Calling it again changes no one's past: who is known keeps their identity and their complaints.
    """
    ids = await _known(app)
    new = [part for part in STAFF if part.key not in ids]
    if new:
        entries = [_entry(line, part, lang) for line, part in enumerate(new, 2)]
        await import_staff(app.database, entries, app.clock.now())
        await app.database.write(lambda work: _take_phones(work, phones, lang, app, new))
        ids = await _known(app)
    await speak(app, phones, ids, lang)
    return ids


async def _known(app: App) -> dict[str, str]:
    kept = await app.database.read(lambda work: queues.read_cursor(work, _CURSOR))
    known: dict[str, str] = json.loads(kept) if kept else {}
    return known


async def speak(app: App, phones: Phones, ids: Mapping[str, str], lang: Locale) -> None:
    """Let every phone be spoken to in `lang` from now on."""

    async def job(work: Work) -> None:
        for part in STAFF:
            row = await work.person_row(ids[part.key])
            assert row is not None
            row.name, row.locale = part.names[lang], lang
            roads = [("sms", part.phone), ("web", phones.address(part))]
            for address in [await work.address(*road) for road in roads]:
                if address is not None:
                    address.locale = lang
        customer = await work.address("web", phones.address(CUSTOMER))
        row = await work.person_row(customer.person) if customer is not None else None
        if customer is not None and row is not None:
            customer.locale = row.locale = lang
        await work.staff_changed()

    await app.database.write(job)


async def _take_phones(work: Work, phones: Phones, lang: Locale, app: App, parts: Sequence[Part]) -> None:
    directory, kept = await work.directory(), await queues.read_cursor(work, _CURSOR)
    ids: dict[str, str] = json.loads(kept) if kept else {}
    for part in parts:
        [person] = directory.named(part.names[lang])
        ids[part.key] = person.id
        # What a bind code shows, the demo knows: it made the phone's secret itself.
        await work.add_address(person.id, "web", phones.address(part), app.clock.now(), proven=True)
    await queues.save_cursor(work, _CURSOR, json.dumps(ids))


def _entry(line: int, part: Part, lang: Locale) -> Entry:
    superior = next((other for other in STAFF if other.key == part.superior), None)
    backup = next((other for other in STAFF if other.key == part.backup), None)
    return Entry(
        line=line,
        name=part.names[lang],
        phone=part.phone,
        email="",
        roles=part.roles,
        unit="",
        categories=part.categories,
        superior=superior.names[lang] if superior else "",
        backup=backup.names[lang] if backup else "",
        locale=lang,
        active=True,
    )
