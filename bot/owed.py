"""What the profile wants by a day: reports drafted, put before whoever sends them, and sent (R-100, R-101); books and boxes of
suggestions read at each site and ticked off (R-003).

A row's identity is its rule, period and site, so a restart, a second process or a moved clock owes nothing twice. A report is
kept as it was drafted: what was looked at is what is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.answers import Internal
from bot.desk import Desk
from bot.people import Directory, Person
from bot.reporting import counted, sheets, warranty
from bot.storage import chores as kept
from bot.storage import codec
from bot.storage.audit import record_act
from bot.storage.database import Database
from bot.storage.models import ChoreRow
from bot.storage.work import Work
from bot.tabular import book_bytes
from bot.words import Vocabulary
from complaints.chores import Owed, Turn, owed, turn
from complaints.policy.chores import ChoreRule, Sheet
from complaints.quiet import at_work, later
from complaints.reports import Every, period
from complaints.vocabulary import Role

MOST_CHARS = 600  # of all remarks to a report together: whoever it is for reads them whole
SENT, NOTHING, ENTRY, MISSED = "sent", "nothing", "entry", "missed"
_DAY = timedelta(days=1)
_STALE = timedelta(days=7)  # what fell due longer ago, before the service ran, is nobody's to do any more
_KEPT = timedelta(days=400)
_LOOK_AHEAD = timedelta(days=10)  # a table is drafted in the month before, where its day is the first of one
_DRAFTED, _DUE, _LATE = 1, 2, 3  # how often it was said
_FIGURES = ("received", "valid", "resolved", "closed", "open", "late", "missed")


def senders(directory: Directory, site: str) -> list[Person]:
    """Return who sends a report: the head of its site, else the centre's leads, else the leaders."""
    head = directory.head_of_site(site)
    return [head] if head is not None else directory.holding(Role.CENTER_LEAD) or directory.holding(Role.LEADER)


def may_send(person: Person, directory: Directory, row: ChoreRow) -> bool:
    """Say whether a report is somebody's to send: a site's is its head's, each is the centre's lead's."""
    return Role.CENTER_LEAD in person.roles or person.id in {each.id for each in senders(directory, row.site)}


def with_remark(row: ChoreRow, text: str) -> str:
    """Return the remarks to a report, one to a line in the order in which they were made, with another."""
    return "\n".join(filter(None, (row.note, " ".join(text.split()))))


def without_last_remark(row: ChoreRow) -> str:
    """Return the remarks to a report less the one made last."""
    return row.note.rpartition("\n")[0]


async def send(desk: Desk, work: Work, row: ChoreRow, by: Person, note: str) -> list[Person]:
    """Send a report as it was drafted, with all remarks to it; return to whom. Nobody gets it twice, and who sends it not at
    all.
    """
    rule = next((each for each in desk.book.current.policy.reports if each.name == row.name), None)
    directory, now = await work.directory(), desk.clock.now()
    wanted = {person.id: person for role in (rule.to if rule else ()) for person in directory.holding(role)}
    wanted.pop(by.id, None)
    row.done_at, row.done_by, row.outcome, row.note = now, by.id, SENT, with_remark(row, note)
    record_act(work, "report_sent", now, by.id, report=row.name, period=row.period, on=row.site or None)
    facts = facts_of(row) | {"by": by.name}
    persons = [wanted[id] for id in sorted(wanted)]
    desk.tell(work, Internal.REPORT_SENT, f"report/{row.id}/sent", persons, facts)
    return persons


def facts_of(row: ChoreRow) -> dict[str, str]:
    """Return what is owed as its notices carry it."""
    facts: dict[str, str] = codec.loads(row.facts)
    facts |= {"id": str(row.id), "period": row.period, "due": row.due_at.isoformat()}
    if row.kind == kept.REPORT and row.note:
        facts["note"] = row.note
    return facts | ({"report_file": str(row.id)} if row.file_name else {})


async def tick(desk: Desk, work: Work, row: ChoreRow, by: Person, outcome: str, note: str, reference: str = "") -> None:
    """A chore is done: nothing was found, or an entry, which is a complaint now."""
    row.done_at, row.done_by, row.outcome, row.note, row.reference = desk.clock.now(), by.id, outcome, note, reference
    await work.flush_if_writing()


class OwedByDay:
    """Drafts, reminds and asks; `look` is called every minute, and says each thing once."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        vocabularies: Mapping[str, Vocabulary],
        *,
        zone: ZoneInfo,
        locale: str,
        asking: frozenset[str],
    ) -> None:
        """vocabularies: by locale; locale: of the tables. asking: the questions that ask whether it is solved."""
        self._database = database
        self._desk = desk
        self._vocabularies = vocabularies
        self._words = vocabularies[locale]
        self._zone = zone
        self._asking = asking
        self._known: set[tuple[str, str, str]] = set()  # (rule, period, site) that need no look into the table any more

    async def look(self) -> None:
        """Do what is due, while people work."""
        terms, now = self._desk.book.current, self._desk.clock.now()
        if not (terms.policy.reports or terms.policy.chores):
            return
        if later(now, terms.policy.quiet_staff, terms) != now or at_work(now, terms) != now:
            return
        await self._draft(now)
        await self._begin(now)
        await self._database.write(partial(self._remind, now=now))

    # ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _draft(self, now: datetime) -> None:
        terms = self._desk.book.current
        day = now.astimezone(terms.calendar.zone).date()
        for rule in terms.policy.reports:
            months = dict.fromkeys((day.replace(day=1), (day + _LOOK_AHEAD).replace(day=1)))
            for what in filter(None, (owed(rule, month, terms.calendar) for month in months)):
                if not what.draft_at <= now < what.due_at + _STALE:
                    continue
                if now > what.due_at and not await self._database.read(partial(kept.in_use, until=what.due_at)):
                    continue  # it fell due before anything was told here: nobody is late with it
                directory = await self._database.read(lambda work: work.directory())
                sites = sorted(directory.sites) if rule.each_site else [""]
                for site in sites:
                    await self._draft_one(what, site, now)

    async def _draft_one(self, what: Owed, site: str, now: datetime) -> None:
        async def read(work: Work) -> tuple[int, bool]:
            known = await kept.find(work, kept.REPORT, what.rule.name, what.label, site)
            return (0, True) if known is None else (known.id, await kept.lost(work, known))

        known, wanting = await self._database.read(read)
        if not wanting:
            return
        facts, tables = await self._database.read(partial(self._tables, what=what, site=site, now=now))
        content = await asyncio.to_thread(book_bytes, tables)
        if known:
            await self._database.write(partial(kept.make_anew, id=known, file=content))
        else:
            row = self._row(kept.REPORT, what.rule.name, what.label, site, facts, now, what.due_at)
            row.file, row.file_name = content, f"{what.rule.sheet}-{what.label}{f'-{site}' if site else ''}.xlsx"
            await self._database.write(partial(self._keep, row=row))

    async def _tables(
        self, work: Work, what: Owed, site: str, now: datetime
    ) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
        rule, directory = what.rule, await work.directory()
        where = directory.sites.get(site)
        facts = {"report": str(rule.sheet)} | ({"site": where.name} if where is not None else {})
        facts |= {"first": what.first.isoformat(), "last": what.last.isoformat()}
        if rule.sheet is Sheet.WARRANTY:
            days = (what.first, what.last)
            table, empty = await warranty(work, self._zone, self._words, days, rule.categories, now, site or None)
            facts["lines"] = str(len(table) - 1)
            for locale, words in self._vocabularies.items():
                named = (words.word("warranty", column) for column in empty)
                facts[f"empty_{locale}"] = "、".join(named) if locale == "zh" else ", ".join(named)
            return facts, {self._words.word("warranty", "title"): table}
        asked = period(Every(rule.sheet), what.first)
        told = await counted(work, self._zone, self._asking, self._words, asked, now, site or None)
        facts |= {name: str(getattr(told.report.total, name)) for name in _FIGURES}
        return facts, {name: [list(line) for line in lines] for name, lines in sheets(told, self._words)}

    async def _keep(self, work: Work, row: ChoreRow) -> None:
        if await kept.find(work, row.kind, row.name, row.period, row.site) is None:
            await kept.add(work, row)
            await self._tell(work, row, {})

    def _row(
        self, kind: str, name: str, label: str, site: str, facts: Mapping[str, str], now: datetime, due_at: datetime
    ) -> ChoreRow:
        return ChoreRow(
            kind=kind,
            name=name,
            period=label,
            site=site,
            facts=codec.facts(facts),
            at=now,
            due_at=due_at,
            told=_DRAFTED,
            done_by="",
            outcome="",
            note="",
            reference="",
            file_name="",
        )

    # ── chores ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _begin(self, now: datetime) -> None:
        book = self._desk.book
        if not book.current.policy.chores:
            return
        directory = await self._database.read(lambda work: work.directory())
        for site in sorted(directory.sites):
            if directory.head_of_site(site) is None:
                continue
            calendar = book.calendar_at(site)
            day = now.astimezone(calendar.zone).date()
            for rule in book.current.policy.chores:
                mine = turn(rule, day, calendar)
                if (
                    mine is None
                    or not mine.from_at <= now < mine.due_at
                    or (rule.name, mine.label, site) in self._known
                ):
                    continue
                await self._database.write(partial(self._begin_one, rule=rule, mine=mine, site=site, now=now))
                self._known.add((rule.name, mine.label, site))

    async def _begin_one(self, work: Work, rule: ChoreRule, mine: Turn, site: str, now: datetime) -> None:
        if await kept.find(work, kept.CHORE, rule.name, mine.label, site) is not None:
            return
        missed = [row for row in await kept.waiting(work, kept.CHORE, site) if row.name == rule.name]
        for row in missed:  # it cannot be done any more: the next one is
            row.done_at, row.outcome = now, MISSED
            if row.told < _LATE:
                row.told = _LATE
                await self._tell_above(work, row)
        facts = {f"what_{locale}": words for locale, words in rule.what.items()}
        row = self._row(kept.CHORE, rule.name, mine.label, site, facts, now, mine.due_at)
        await kept.add(work, row)
        await self._tell(work, row, {"missed": str(len(missed))} if missed else {})
        await kept.drop(work, now - _KEPT)

    # ── what is not done ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _remind(self, work: Work, now: datetime) -> None:
        """Remind on the day by which it is to be done, and once when it is late: the superior reads that, too."""
        for kind in (kept.REPORT, kept.CHORE):
            for row in await kept.waiting(work, kind):
                wanted = self._wanted(row, now)
                if wanted <= row.told:
                    continue
                row.told = wanted  # after an outage it is said once
                await self._tell(work, row, {"again": "late" if wanted == _LATE else "due"})
                if wanted == _LATE:
                    await self._tell_above(work, row)

    def _wanted(self, row: ChoreRow, now: datetime) -> int:
        zone = self._desk.book.calendar_at(row.site).zone
        today, due = now.astimezone(zone).date(), row.due_at.astimezone(zone).date()
        if today > due:
            return _LATE
        if row.kind == kept.REPORT:
            drafted = row.at.astimezone(zone).date()
            return _DUE if today == due and drafted < today else _DRAFTED
        return _DUE if now >= row.due_at - _BEFORE else _DRAFTED

    async def _tell(self, work: Work, row: ChoreRow, more: Mapping[str, str]) -> None:
        directory = await work.directory()
        kind = Internal.REPORT_DRAFT if row.kind == kept.REPORT else Internal.CHORE
        facts = {**facts_of(row), **_where(directory, row), **more}
        persons = senders(directory, row.site)
        self._desk.tell(work, kind, f"{row.kind}/{row.id}/{row.told}", persons, facts)

    async def _tell_above(self, work: Work, row: ChoreRow) -> None:
        """Tell the superiors of whoever has not done it, and the centre's leads where that is none of theirs."""
        directory = await work.directory()
        owing = senders(directory, row.site)
        above = {person.id: person for each in owing if (person := directory.get(each.superior))}
        if row.site:
            above |= {each.id: each for each in directory.holding(Role.CENTER_LEAD)}
        for each in owing:
            above.pop(each.id, None)
        kind = Internal.REPORT_DRAFT if row.kind == kept.REPORT else Internal.CHORE
        facts = facts_of(row) | _where(directory, row)
        facts |= {"again": "late", "owed_by": "、".join(each.name for each in owing)}
        for unchecked in ("report_file", "note"):
            facts.pop(unchecked, None)
        self._desk.tell(work, kind, f"{row.kind}/{row.id}/above", above.values(), facts)


_BEFORE = timedelta(hours=1)  # in which a chore of the day is reminded of


def _where(directory: Directory, row: ChoreRow) -> dict[str, str]:
    site = directory.sites.get(row.site)
    return {"site": site.name} if site is not None else {}
