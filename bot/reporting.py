"""`complaintbot report`: a period's figures gathered, and given as text, JSON, and a workbook (R-094–R-106).

Whoever reads it is not known: customers stand in it without names, numbers in what they said are masked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.ledger import COLUMNS, line
from bot.settings import Settings
from bot.storage import periods
from bot.storage.database import Database
from bot.storage.work import Work
from bot.surveying import check_site, rates_json, solving
from bot.tabular import write_book
from bot.words import Vocabulary
from complaints.errors import ComplaintError
from complaints.policy.clocks import covers
from complaints.rates import Rate
from complaints.reports import FORMS, GROUPS, Counting, Every, Figures, Period, Report, named, period
from complaints.vocabulary import Status

_COUNTS = ("received", "valid", "resolved", "closed", "invalid", "withdrawn", "open", "late", "missed")
_RATES = {"response": "response", "solved": "solved", "satisfied": "satisfied", "closing": "closed"}
_WORD_OF = {
    "kind": "matter",
    "category": "category",
    "severity": "severity",
    "channel": "channel",
    "cause": "cause_kind",
}
_NO_WORK = frozenset({Status.DRAFT, Status.INVALID, Status.WITHDRAWN, Status.MERGED})
_PERSONS = frozenset({Every.QUARTER})  # how each of the staff did is appraised by the quarter


@dataclass(frozen=True, slots=True)
class Told:
    """A report with the words that it needs. names: of staff and sites, by id and code. rows: the ledger's, of its lines.
    damaged: complaints whose records cannot be read.
    """

    report: Report
    zone: tzinfo
    names: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    damaged: tuple[str, ...] = ()
    site: str = ""
    groups: tuple[str, ...] = field(default=GROUPS)


def period_of(every: Every, text: str | None, now: datetime) -> Period:
    """Return the period that is asked for; the last one that is over where none is. now: in the desk's zone.

    Raises ComplaintError where it is none of that kind, or has not begun.
    """
    if text is None:
        return period(every, now.date()).before
    try:
        asked = named(every, text)
    except ValueError:
        raise ComplaintError(f"--period is {text!r}: of a {every} report write {FORMS[every][0]}") from None
    if asked.first > now.date():
        raise ComplaintError(f"--period is {text!r}, which has not begun")
    return asked


async def gather(
    database: Database, settings: Settings, words: Vocabulary, asked: Period, now: datetime, site: str | None = None
) -> Told:
    """Count a period. Raises ComplaintError where there is no such site."""

    async def read(work: Work) -> Told:
        if site is not None:
            await check_site(work, "--site", site)
        return await counted(work, settings.service.zone, solving(settings), words, asked, now, site)

    return await database.read(read)


async def counted(
    work: Work,
    zone: ZoneInfo,
    asking: frozenset[str],
    words: Vocabulary,
    asked: Period,
    now: datetime,
    site: str | None = None,
) -> Told:
    """Count a period. asking: the questions that ask whether it is solved."""
    start, end = asked.within(zone)
    directory = await work.directory()
    units = {person.id: person.unit for person in directory.persons.values()}
    counting = Counting(asked, zone, now, lambda person: units.get(person, ""), asking)
    damaged = []
    async for reference, complaint in periods.complaints(work, start, end, site):
        if complaint is None:
            damaged.append(reference)
        else:
            counting.add(complaint)
    report = counting.report()
    rows = [await line(work, each, words, zone, now) for each in report.lines]
    names = {person.id: person.name for person in directory.persons.values()}
    names |= {each.code: each.name for each in directory.sites.values()}
    groups = GROUPS if asked.every in _PERSONS else tuple(name for name in GROUPS if name != "person")
    return Told(report, zone, names, tuple(rows), tuple(damaged), site or "", groups)


# ── as text ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def text_lines(told: Told, words: Vocabulary) -> Iterator[str]:
    """Yield a report for people."""
    report = told.report

    def word(name: str, **facts: object) -> str:
        return words.word("report", name).format(**facts)

    made = f"{report.made_at.astimezone(told.zone):%Y-%m-%d %H:%M}"
    where = f" {told.names.get(told.site, told.site)}" if told.site else ""
    yield f"{word(report.period.every)} {report.period.label}{where}"
    yield word("provisional" if report.provisional else "made", at=made)
    if told.damaged:
        yield word("damaged", references=", ".join(told.damaged))
    if not any(getattr(report.total, name) for name in _COUNTS):
        yield word("nothing")
        return
    yield ""
    yield f"{word('total')}: {_said(report.total, words)}"
    for name in told.groups:
        found = {key: figures for key, figures in report.groups[name].items() if _counts(figures)}
        if found and set(found) != {""}:
            yield ""
            yield word(name)
            for key, figures in found.items():
                yield f"  {_called(name, key, told, words)}: {_said(figures, words)}"
    if report.repeats:
        yield ""
        yield word("repeats", references=", ".join(report.repeats))
    if report.matters:
        yield ""
        yield word("matters")
        for site, category, count in report.matters:
            where = _called("site", site, told, words)
            yield f"  {word('matter', site=where, category=_called('category', category, told, words), count=count)}"
    if told.rows:
        yield ""
        yield word("lines")
        for row in told.rows:
            yield from _line(row, words)


def _line(row: Mapping[str, str], words: Vocabulary) -> Iterator[str]:
    """Yield a complaint's own lines: what it is, where it stands, its short course, what came of it (R-095)."""
    told = (row["severity"], row["category"], row["site"], row["status"], row["closed_as"], row["owner"])
    yield f"  {row['reference']} {' · '.join(part for part in told if part)}"
    if row["summary"]:
        yield f"    {' '.join(row['summary'].split())[:120]}"
    moments = {name: row[f"{name}_at"] or "—" for name in ("received", "accepted", "resolved", "closed")}
    yield f"    {words.word('report', 'moments').format(**moments)}"
    if row["result"]:
        yield f"    {words.word('ledger', 'result')}: {' '.join(row['result'].split())[:120]}"


def _counts(figures: Figures) -> bool:
    return any(getattr(figures, name) for name in _COUNTS)


def _said(figures: Figures, words: Vocabulary) -> str:
    parts = [f"{words.word('report', name)} {count}" for name in _COUNTS if (count := getattr(figures, name))]
    parts += [f"{words.word('report', name)} {said}" for name, said in _rates(figures, words).items() if said]
    if figures.accepting_h is not None:
        parts.append(f"{words.word('report', 'accepting_h')} {figures.accepting_h:g}")
    return ", ".join(parts)


def _rates(figures: Figures, words: Vocabulary) -> dict[str, str]:
    pattern = words.word("report", "rate")
    said = {}
    for name, attribute in _RATES.items():
        rate: Rate = getattr(figures.rates, attribute)
        known = rate.value is not None
        said[name] = pattern.format(share=f"{rate.value:.1%}", hits=rate.hits, of=rate.of) if known else ""
    return said


def _called(group: str, key: str, told: Told, words: Vocabulary) -> str:
    if not key:
        return words.word("report", "none")
    if group in _WORD_OF:
        return words.word(_WORD_OF[group], key.partition(".")[0])
    return told.names.get(key, key)


# ── as JSON, as a workbook ────────────────────────────────────────────────────────────────────────────────────────────


def as_json(told: Told) -> str:
    """Return a report as one JSON object: codes as they are, rates with what they are of."""
    report = told.report
    whole = {
        "report": report.period.every,
        "period": report.period.label,
        "first": report.period.first.isoformat(),
        "last": report.period.last.isoformat(),
        "made_at": report.made_at.astimezone(told.zone).isoformat(),
        "provisional": report.provisional,
        "site": told.site or None,
        "total": _figures(report.total),
        "by": {name: {key: _figures(figures) for key, figures in report.groups[name].items()} for name in told.groups},
        "complaints": [dict(row) for row in told.rows],
        "repeats": list(report.repeats),
        "matters": [{"site": site, "category": category, "count": count} for site, category, count in report.matters],
        "damaged": list(told.damaged),
    }
    return json.dumps(whole, ensure_ascii=False)


def _figures(figures: Figures) -> dict[str, Any]:
    return asdict(figures) | {"rates": rates_json(figures.rates)}


def write_all(told: Told, words: Vocabulary, folder: Path) -> list[Path]:
    """Write a report into a folder, as text, JSON and workbook; return where. What was there under its name is replaced.

    Raises ComplaintError.
    """
    stem = f"{told.report.period.every}-{told.report.period.label}" + (f"-{told.site}" if told.site else "")
    paths = [folder / f"{stem}.{ending}" for ending in ("txt", "json", "xlsx")]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths[0].write_text("\n".join(text_lines(told, words)) + "\n", "utf-8")
        paths[1].write_text(as_json(told) + "\n", "utf-8")
    except OSError as error:
        raise ComplaintError(f"{folder} cannot be written: {error.strerror or error}") from None
    write_book(paths[2], dict(sheets(told, words)), ComplaintError)
    return paths


def sheets(told: Told, words: Vocabulary) -> Iterator[tuple[str, list[Sequence[str]]]]:
    heading = [words.word("report", name) for name in ("of", *_COUNTS, *_RATES, "asked", "unanswered", "accepting_h")]
    total = words.word("report", "total")
    for name in told.groups:
        table: list[Sequence[str]] = [heading]
        for key, figures in told.report.groups[name].items():
            table.append(_cells(_called(name, key, told, words), figures, words))
        yield words.word("report", name), [*table, _cells(total, told.report.total, words)]
    ledger = [[words.word("ledger", column) for column in COLUMNS]]
    yield words.word("report", "lines"), [*ledger, *([row[column] for column in COLUMNS] for row in told.rows)]


def _cells(called: str, figures: Figures, words: Vocabulary) -> list[str]:
    counts = [str(getattr(figures, name)) for name in _COUNTS]
    hours = "" if figures.accepting_h is None else f"{figures.accepting_h:g}"
    return [
        called,
        *counts,
        *_rates(figures, words).values(),
        str(figures.rates.asked),
        str(figures.rates.unanswered),
        hours,
    ]


# ── the table of warranty work (工程质量保修记录表, R-101) ────────────────────────────────────────────────────────────────

WARRANTY = (
    "reference", "site", "place", "customer", "phone", "received_at", "category", "summary", "cause", "responsible", "owner",
    "accepted_at", "resolved_at", "result", "signed", "rating", "handed_over_at", "warranty_until", "contractor", "cost",
)  # fmt: skip
"""Its columns; the last four a complaint knows nothing of, and whoever sends the table fills them in."""


async def warranty(
    work: Work,
    zone: ZoneInfo,
    words: Vocabulary,
    days: tuple[date, date],
    categories: frozenset[str],
    now: datetime,
    site: str | None = None,
) -> tuple[list[list[str]], list[str]]:
    """Return the table of what was received on those days, both included, with its heading, and the columns that are empty.

    categories: of which it is; empty: of all. What was found invalid, taken back or merged is not in it.
    """
    start, end = datetime.combine(days[0], time(), zone), datetime.combine(days[1] + timedelta(days=1), time(), zone)
    lines = []
    async for _, complaint in periods.complaints(work, start, end, site):
        if complaint is None or complaint.received_at < start or complaint.mystery or complaint.status in _NO_WORK:
            continue
        if categories and not any(covers(code, complaint.category) for code in categories):
            continue
        cells = await line(work, complaint, words, zone, now)
        signed = any(each.signed for each in complaint.evidence)
        cells["signed"] = words.word("warranty", "yes") if signed else ""
        cells["rating"] = cells["closed_as"]
        lines.append([cells.get(column, "") for column in WARRANTY])
    empty = [column for number, column in enumerate(WARRANTY) if not any(cells[number] for cells in lines)]
    heading = [words.word("warranty" if column in WARRANTY[-6:] else "ledger", column) for column in WARRANTY]
    return [heading, *lines], empty
