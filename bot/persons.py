"""What is kept of one customer: found, shown, handed out as a file, held, erased. For the command line."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import jinja2

from bot import holding
from bot.clock import Clock
from bot.erasure import ERASED, Whole, carry_out, check, erase, remove_files
from bot.grammar.details import find_phone
from bot.retention import purge
from bot.settings import Settings, signing_secret
from bot.storage import data_requests, holds
from bot.storage.audit import by_hand, record_act
from bot.storage.database import Database
from bot.storage.marks import marks_of
from bot.storage.models import DataRequestRow, LegalHoldRow, PersonRow
from bot.storage.portrait import Portrait, active_holds, erased_since, is_known, persons_meant, portrait
from bot.storage.work import Work
from bot.tokens import Signer
from bot.words import Vocabulary, known_locale, templates_dir
from complaints.errors import ComplaintError
from complaints.vocabulary import Role

EXPORTED = "person_exported"
_CALLED = {"copy": "copy of their data", "erase": "erasing"}

_ENDING = re.compile(r"\d{4,6}", re.ASCII)  # of a complaint's number


async def meant(work: Work, who: str) -> PersonRow:
    """Return the one customer that `who` means: an id, phone number, mail or chat address, whole name, or a complaint's number
    or its last digits.

    Raises ComplaintError where it is nobody, or several.
    """
    who = who.strip()
    found = await persons_meant(work, who, find_phone(who))
    if not found and _ENDING.fullmatch(who):
        found = await persons_meant(work, await work.meant(who), "")
    if not found:
        raise ComplaintError(
            f"no customer is {who!r}: write a phone number, an address, a complaint's number, a whole name"
        )
    if len(found) > 1:
        ids = ", ".join(row.id for row in found[:9])
        raise ComplaintError(f"{len(found)} customers are {who!r}: write the id of one: {ids}")
    return found[0]


async def shown(work: Work, who: str) -> list[str]:
    """Return in lines how much is kept of a customer, and what holds it. Numbers and names are not shown."""
    row = await meant(work, who)
    found = await portrait(work, row.id)
    references = [each["reference"] for each in found.tables["complaints"]]
    lines = [f"person {row.id}"]
    lines += [f"{table}: {len(rows)}" for table, rows in found.tables.items() if rows and table != "people"]
    lines += [f"complaint {each['reference']}: {each['status']}" for each in found.tables["complaints"]]
    lines += [await hold_line(work, each) for each in await active_holds(work, references, row.id)]
    return lines


async def hold_line(work: Work, row: LegalHoldRow) -> str:
    """Return a hold in a line, with the names of those of us who placed and lifted it in chat."""
    by, lifted_by = [
        colleague.name if (colleague := await work.person(who)) is not None else who
        for who in (row.by, row.lifted_by or "")
    ]
    on = row.reference or f"person {row.person}"
    lifted = f"; lifted {row.lifted_at:%Y-%m-%d} by {lifted_by}: {row.lifted_why}" if row.lifted_at else ""
    return f"legal hold on {on} since {row.at:%Y-%m-%d} by {by}: {row.reason}{lifted}"


# ── handing out ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Leave:
    """By what right somebody's data is handed out or erased: their own confirmed request by its number, or an administrator's
    word and reason.
    """

    request: int | None = None
    reason: str = ""
    by: str = ""


async def export(database: Database, settings: Settings, clock: Clock, who: str, file: Path, leave: Leave) -> str:
    """Write all that is kept of a customer into a new zip that its owner alone can read; return what is in it, in words.

    In it: data.json (rows by table), raw/ (messages as they came), files/, summary.txt (to be read). That it was done is kept.
    Raises ComplaintError, also where the leave is none.
    """
    _check_new(file)

    async def read(work: Work) -> tuple[Portrait, str]:
        row = await meant(work, who)
        return await portrait(work, row.id), row.locale

    async def note(work: Work) -> None:
        row = await meant(work, who)
        by = await _may(work, row.id, leave, "copy")
        blotted = (await marks_of(work, row)).blotted(leave.reason)
        why: dict[str, Any] = {"reason": blotted} if leave.request is None else {"request": leave.request}
        record_act(work, EXPORTED, clock.now(), by, person=row.id, **why)

    await database.write(note)  # first: what leaves without a trace cannot be called back
    found, locale = await database.read(read)
    _write_zip(file, found, settings.files_dir, locale, clock.now().astimezone(settings.service.zone))
    counts = ((table, len(rows)) for table, rows in found.tables.items() if rows)
    return ", ".join(f"{count} {table}" for table, count in counts)


def _check_new(file: Path) -> None:
    if file.exists():
        raise ComplaintError(f"{file} is there already: name another file")


def _write_zip(file: Path, found: Portrait, directory: Path, locale: str, now: datetime) -> None:
    half = file.with_name(f".{file.name}.half")
    try:
        descriptor = os.open(half, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w+b") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("summary.txt", summary(found, locale, now))
            archive.writestr("data.json", json.dumps(found.tables, ensure_ascii=False, indent=1))
            for channel, id, data in found.raw:
                archive.writestr(f"raw/{id}.{'eml' if channel == 'email' else 'json'}", data)
            for id, name, path in found.files:
                if (directory / path).is_file():
                    archive.write(directory / path, f"files/{id}-{_harmless(name)}")
        half.rename(file)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise ComplaintError(f"{file} cannot be written: {error.strerror}") from None


def _harmless(name: str) -> str:
    return re.sub(r"[^\w.\-]", "_", name)[-80:].lstrip(".") or "file"


def summary(found: Portrait, locale: str, now: datetime) -> str:
    """Return what is kept of a customer for them to read, in their language."""
    layout = templates_dir() / "_layout" / known_locale(locale)
    words = Vocabulary(layout / "words.toml")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(layout),
        autoescape=False,  # noqa: S701  (plain text)
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("person.txt").render(
        made=f"{now:%Y-%m-%d %H:%M}",
        person=found.tables["people"][0],
        addresses=found.tables["addresses"],
        complaints=found.tables["complaints"],
        messages=[each for each in found.tables["messages"] if each["person"] == found.person],
        files=found.files,
        reveals=found.tables["reveals"],
        status=lambda code: words.word("status", code),
        when=lambda moment: f"{datetime.fromisoformat(moment).astimezone(now.tzinfo):%Y-%m-%d %H:%M}",
    )


# ── erasing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Look:
    """What erasing somebody would take. code: says that it was seen; another one as soon as anything more is kept of them."""

    person: str
    whole: Whole
    code: str


async def look_ahead(database: Database, who: str) -> Look:
    """Return what erasing a customer would take. Raises ComplaintError where that is nobody, and InTheWay."""

    async def look(work: Work) -> Look:
        row = await meant(work, who)
        await check(work, row.id)
        whole = Whole(_counted(await portrait(work, row.id)))
        return Look(row.id, whole, hashlib.sha256(f"{row.id}: {whole}".encode()).hexdigest()[:6])

    return await database.read(look)


async def erase_person(
    database: Database, settings: Settings, clock: Clock, who: str, leave: Leave, *, seen: str
) -> Whole:
    """Erase a customer, their files, and what is left of them in the database's own file. seen: the code of the last look.

    Who asked for it is told, at an address that nobody else can read. Raises ComplaintError where the leave is none or what
    would go was not looked at, and InTheWay where something stands in the way.
    """
    ahead = await look_ahead(database, who)
    if seen != ahead.code:
        raise ComplaintError(
            f"nothing was erased, for it is not what was looked at: it would be {ahead.whole}; to erase that,"
            f" say --confirm {ahead.code}"
        )
    person = ahead.person
    signer = Signer(signing_secret(settings.service))

    async def job(work: Work) -> Whole:
        by = await _may(work, person, leave, "erase")
        if leave.request is None:
            return await erase(work, person, clock.now(), by=by, reason=leave.reason)
        row = await _request_of(work, leave.request, person)
        return await carry_out(work, row, signer, clock.now(), by=by or by_hand()[:32])

    done = await database.write(job)
    await remove_files(database, settings.files_dir)
    await purge(database)
    return done


async def _may(work: Work, person: str, leave: Leave, what: str) -> str | None:
    """Return who of the staff decided it. what: copy or erase. Raises ComplaintError where the leave is not enough for it."""
    if leave.request is not None:
        row = await _request_of(work, leave.request, person)
        if row.what != what or row.state != data_requests.OPEN:
            raise ComplaintError(f"request {leave.request} asks for no {_CALLED[what]}, or was answered")
        if row.confirmed_at is None:  # a number that a gateway vouches for may be forged, and nobody asks back here
            raise ComplaintError(
                f"nobody has made sure who asked request {leave.request}: in chat, 数据 {leave.request} 核实 …"
                f" (data {leave.request} verified …) says how it was done"
            )
        return row.confirmed_by
    found = (await work.directory()).named(leave.by) if leave.by else []
    if len(found) != 1 or Role.ADMIN not in found[0].roles:
        raise ComplaintError(
            "name the request that they made (--request), or an administrator of the staff (--by) with --reason"
        )
    if not leave.reason.strip():
        raise ComplaintError("--reason says why, for the record")
    return found[0].id


async def _request_of(work: Work, number: int, person: str) -> DataRequestRow:
    row = await data_requests.request(work, number)
    if row is None or row.person != person:
        raise ComplaintError(f"request {number} is not theirs")
    return row


def _counted(found: Portrait) -> Counter[str]:
    return Counter({table: len(rows) for table, rows in found.tables.items() if table != "people"})


async def erased(work: Work) -> list[str]:
    """Return a line for each customer who was erased: id, and when. To be kept beside backups."""
    return [f"{person} {at:%Y-%m-%dT%H:%M:%SZ}" for person, at in await erased_since(work, ERASED)]


async def erase_again(database: Database, settings: Settings, clock: Clock, lines: Sequence[str]) -> int:
    """Erase those of a list of `erased` whom a restored backup brought back; return how many that were. Raises InTheWay."""
    back = 0
    for person in dict.fromkeys(line.split()[0] for line in lines if line.strip()):
        back += await database.write(partial(once_more, person, clock.now()))
    if back:
        await remove_files(database, settings.files_dir)
        await purge(database)
    return back


async def once_more(person: str, now: datetime, work: Work) -> bool:
    """Erase somebody who was erased and came back with a backup, if they did; their wish to be is answered by that.

    Raises InTheWay.
    """
    if not await is_known(work, person):
        return False
    wish = await data_requests.erasing_of(work, person)
    await erase(work, person, now, by=None, reason="restored from a backup")
    if wish is not None:
        row = await work.session.get_one(DataRequestRow, wish.id)
        row.state, row.answered_at = data_requests.DONE, now
    return True


# ── legal holds ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def hold(work: Work, complaint: str, person: str, reason: str, now: datetime) -> str:
    """Hold a complaint, or all of a person; return which. Raises ComplaintError."""
    return await holding.hold(work, *await _held(work, complaint, person), reason, now)


async def lift(work: Work, complaint: str, person: str, reason: str, now: datetime) -> str:
    """Lift every hold on a complaint or a person; return which. Raises ComplaintError where there is none.

    What is held need not be there: a hold may have outlived it in a restored backup.
    """
    named: tuple[str | None, str | None] = (complaint.strip().upper() or None, person.strip() or None)
    which = named if any(named) and await holds.on(work, *named) else await _held(work, complaint, person)
    return await holding.lift(work, *which, reason, now)


async def _held(work: Work, complaint: str, person: str) -> tuple[str | None, str | None]:
    if complaint:
        return await work.meant(complaint.upper()), None
    return None, (await meant(work, person)).id


async def hold_lines(work: Work) -> Sequence[str]:
    """Return every hold there was, the oldest first."""
    return [await hold_line(work, row) for row in await holds.every(work)]
