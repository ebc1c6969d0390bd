"""Personal data: one customer, legal holds, retention."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import add, add_config, read, with_database, write
from complaints.errors import ComplaintError

if TYPE_CHECKING:
    from bot.commands.common import Commands
    from bot.settings import Settings
    from bot.storage.database import Database


def register(commands: Commands) -> None:
    person = add(commands, "person", None, "what is kept of one customer: show, export, erase").add_subparsers(
        required=True, metavar="WHAT"
    )
    person_show = add(person, "show", _person_show, "say how much is kept of a customer, and what holds it")
    person_export = add(
        person, "export", _person_export, "write all that is kept of a customer into a zip, for them and for machines"
    )
    person_erase = add(person, "erase", _person_erase, "take all that is kept of a customer out; what is counted stays")
    for command in (person_show, person_export, person_erase):
        command.add_argument(
            "who", metavar="WHO", help="a phone number, address, complaint's number, whole name, or id"
        )
        add_config(command)
    person_export.add_argument("file", type=Path, metavar="FILE", help="is not there yet")
    for command in (person_export, person_erase):
        command.add_argument("--request", type=_request_number, metavar="N", help="the request that they made")
        command.add_argument("--reason", default="", help="without a request: why, for the record")
        command.add_argument(
            "--by", default="", metavar="NAME", help="without a request: which administrator decided it"
        )
    how = person_erase.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="only look, which is what it does without --confirm, too")
    how.add_argument("--confirm", default="", metavar="CODE", help="do it: the code that the look at it said")

    person_erased = add(person, "erased", _person_erased, "list who was erased, by ids, to be kept beside backups")
    person_erased.add_argument("--again", type=Path, metavar="FILE", help="erase those whom a backup brought back")
    add_config(person_erased)

    hold = add(commands, "hold", None, "legal holds: nothing is taken out of what they are on").add_subparsers(
        required=True, metavar="WHAT"
    )
    hold_place = add(hold, "place", _hold_place, "hold a complaint, or all of a customer")
    hold_lift = add(hold, "lift", _hold_lift, "lift every hold on a complaint, or on a customer")
    hold_list = add(hold, "list", _hold_list, "list every hold there was")
    for command in (hold_place, hold_lift):
        on = command.add_mutually_exclusive_group(required=True)
        on.add_argument("--complaint", default="", metavar="NUMBER")
        on.add_argument("--person", default="", metavar="WHO")
        command.add_argument("--reason", required=True)
    for command in (hold_place, hold_lift, hold_list):
        add_config(command)

    retained = add(commands, "retention", _retention, "let go what is kept longer than [retention] says")
    retained.add_argument("--dry-run", action="store_true", help="only say what would go: how much, and of which dates")
    add_config(retained)


def _request_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a request: it stands in the notice of it")
    return int(text)


def _person_show(options: argparse.Namespace) -> int:
    from bot.persons import shown

    for line in read(options, lambda work: shown(work, options.who)):
        print(line)
    return 0


def _person_export(options: argparse.Namespace) -> int:
    from bot.persons import Leave, export
    from bot.winding import clock_of

    leave = Leave(options.request, options.reason, options.by)

    async def job(database: Database, settings: Settings) -> object:
        clock = await database.read(clock_of)
        return await export(database, settings, clock, options.who, options.file, leave)

    print(f"{options.file}: {with_database(options, job)}")
    return 0


def _person_erase(options: argparse.Namespace) -> int:
    from bot.persons import Leave, erase_person, look_ahead
    from bot.winding import clock_of

    if not options.confirm:
        ahead = with_database(options, lambda database, settings: look_ahead(database, options.who))
        print(f"would be erased: {ahead.whole}\nnothing was; to do it, say the same with --confirm {ahead.code}")
        return 0
    leave = Leave(options.request, options.reason, options.by)

    async def job(database: Database, settings: Settings) -> object:
        clock = await database.read(clock_of)
        return await erase_person(database, settings, clock, options.who, leave, seen=options.confirm)

    print(f"were erased: {with_database(options, job)}")
    print("what older backups hold of them is still there: see docs/privacy.md")
    return 0


def _person_erased(options: argparse.Namespace) -> int:
    from bot.persons import erase_again, erased
    from bot.winding import clock_of

    if options.again is None:
        for line in read(options, erased):
            print(line)
        return 0
    try:
        lines = options.again.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ComplaintError(f"{options.again} cannot be read: {error}") from None

    async def job(database: Database, settings: Settings) -> object:
        return await erase_again(database, settings, await database.read(clock_of), lines)

    print(f"{with_database(options, job)} had come back and were erased again")
    return 0


def _hold_place(options: argparse.Namespace) -> int:
    from bot.persons import hold
    from bot.storage.work import Work
    from bot.winding import clock_of

    async def job(work: Work) -> object:
        return await hold(work, options.complaint, options.person, options.reason, (await clock_of(work)).now())

    print(f"held until it is lifted: {write(options, job)}")
    return 0


def _hold_lift(options: argparse.Namespace) -> int:
    from bot.persons import lift
    from bot.storage.work import Work
    from bot.winding import clock_of

    async def job(work: Work) -> object:
        return await lift(work, options.complaint, options.person, options.reason, (await clock_of(work)).now())

    print(f"held no longer: {write(options, job)}")
    return 0


def _hold_list(options: argparse.Namespace) -> int:
    from bot.persons import hold_lines

    for line in read(options, hold_lines):
        print(line)
    return 0


def _retention(options: argparse.Namespace) -> int:
    from bot.retention import retention_command

    for line in with_database(options, lambda db, settings: retention_command(db, settings, dry=options.dry_run)):
        print(line)
    return 0
