"""Messages one by one: quarantine, files, outbox."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bot.commands.common import add, add_config, read, with_database, write
from complaints.errors import ComplaintError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from zoneinfo import ZoneInfo

    from bot.commands.common import Commands
    from bot.people import Person
    from bot.settings import Settings
    from bot.storage.database import Database
    from bot.storage.values import FileKept, Outgoing
    from bot.storage.work import Work

_MOST_LISTED = 200
_NO_CHANNEL = "-"
_SET_ASIDE = "in quarantine (see complaintbot quarantine list)"
_UNDECIDED = "uncertain or failed (see complaintbot outbox uncertain)"


def register(commands: Commands) -> None:
    quarantine = add(commands, "quarantine", None, "messages that could not be understood").add_subparsers(
        required=True, metavar="WHAT"
    )
    quarantine_list = add(quarantine, "list", _quarantine_list, "list them with what is wrong")
    quarantine_show = add(quarantine, "show", _quarantine_show, "write one's raw bytes to standard output")
    quarantine_retry = add(quarantine, "retry", _quarantine_retry, "have them understood again")
    quarantine_dismiss = add(quarantine, "dismiss", _quarantine_dismiss, "leave some as they are, out of the counts")
    quarantine_list.add_argument("--dismissed", action="store_true", help="those that somebody dismissed, and why")
    quarantine_show.add_argument("number", type=_number, metavar="NUMBER")
    for command in (quarantine_retry, quarantine_dismiss):
        command.add_argument("numbers", type=_number, nargs="+", metavar="NUMBER")
    quarantine_dismiss.add_argument("--by", required=True, metavar="NAME", help="who of the staff decided it")
    quarantine_dismiss.add_argument("--reason", required=True, metavar="TEXT", help="why, for the record")

    files = add(commands, "files", _files, "list the files that belong to a complaint, and where they are")
    files.add_argument("reference", metavar="NUMBER", help="a complaint's number, or its last digits")
    add_config(files)

    outbox = add(commands, "outbox", None, "messages of ours, and what became of them").add_subparsers(
        required=True, metavar="WHAT"
    )
    outbox_states = add(outbox, "states", _outbox_states, "count all there ever were, by state")
    outbox_uncertain = add(outbox, "uncertain", _outbox_uncertain, "list what may or may not have arrived")
    outbox_waiting = add(outbox, "waiting", _outbox_waiting, "list what is put off: until when, and why")
    outbox_failed = add(outbox, "failed", _outbox_failed, "list what reached nobody")
    outbox_resend = add(outbox, "resend", _outbox_resend, "send some of these again, by every road")
    outbox_dismiss = add(outbox, "dismiss", _outbox_dismiss, "leave some of these as they are, out of the counts")
    for command in (outbox_resend, outbox_dismiss):
        command.add_argument("numbers", type=_outbox_number, nargs="*", metavar="NUMBER")
        command.add_argument(
            "--channel",
            metavar="CHANNEL",
            help="instead of numbers: all that is uncertain by a channel; - for by none yet",
        )
    for command in (outbox_states, outbox_waiting, outbox_uncertain, outbox_failed, outbox_resend, outbox_dismiss):
        add_config(command)
    for command in (quarantine_list, quarantine_show, quarantine_retry, quarantine_dismiss):
        add_config(command)


def _number(text: str) -> int:
    return _numbered(text, "complaintbot quarantine list")


def _outbox_number(text: str) -> int:
    return _numbered(text, "complaintbot outbox uncertain")


def _numbered(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a message: see {where}")
    return int(text)


def _quarantine_list(options: argparse.Namespace) -> int:
    from bot.storage import queues

    state = queues.DISMISSED if options.dismissed else queues.QUARANTINED
    rows = read(options, lambda work: queues.quarantined(work, state))
    for row in rows:
        print(f"{row.id}\t{row.received_at:%Y-%m-%d %H:%M}\t{row.channel}\t{len(row.raw)} bytes\t{row.outcome}")
    where = "dismissed" if options.dismissed else "in quarantine"
    others = "" if options.dismissed else "; leave as they are: quarantine dismiss NUMBER --by NAME --reason TEXT"
    print(f"{len(rows)} {where}" + (f"; retry with: complaintbot quarantine retry NUMBER{others}" if rows else ""))
    return 0


def _quarantine_show(options: argparse.Namespace) -> int:
    from bot.storage import queues
    from bot.storage.audit import record_act
    from bot.storage.values import Received

    async def look(work: Work) -> Received:
        row = await queues.message(work, options.number)
        if row is None:
            raise ComplaintError(f"there is no message {options.number}")
        if row.state not in (queues.QUARANTINED, queues.DISMISSED):
            # What was understood is read where its complaint is, by whoever may.
            raise ComplaintError(f"message {options.number} is not in quarantine: see complaintbot quarantine list")
        record_act(work, "quarantine_shown", number=options.number)
        return row

    row = write(options, look)
    sys.stdout.buffer.write(row.raw)
    return 0


def _quarantine_retry(options: argparse.Namespace) -> int:
    from bot.storage import queues
    from bot.storage.audit import record_act

    async def job(work: Work) -> int:
        record_act(work, "quarantine_retried", numbers=" ".join(map(str, options.numbers)))
        return await queues.retry(work, options.numbers)

    count = write(options, job)
    if count:
        print(f"{count} put back; a running service takes them up within a second")
    return _all_of_them(options, count, _SET_ASIDE)


def _quarantine_dismiss(options: argparse.Namespace) -> int:
    from bot.quarantine import dismiss

    done = write(options, lambda work: dismiss(work, options.numbers, options.by, options.reason))
    if done:
        print(f"{len(done)} dismissed; complaintbot quarantine list --dismissed lists them, retry takes them up again")
    return _all_of_them(options, len(done), _SET_ASIDE)


def _files(options: argparse.Namespace) -> int:
    from bot.files import table
    from bot.storage import files

    async def look(work: Work) -> tuple[str, list[FileKept]]:
        reference = await work.meant(options.reference.upper())
        return reference, await files.of_complaint(work, reference)

    async def job(database: Database, settings: Settings) -> tuple[str, list[FileKept], Settings]:
        return *await database.read(look), settings

    reference, kept, settings = with_database(options, job)
    zone = settings.service.zone
    if kept:
        print(table(kept, settings.files_dir, lambda at: at.astimezone(zone)))
    print(f"{len(kept)} files of {reference}", file=sys.stderr)
    return 0


def _outbox_states(options: argparse.Namespace) -> int:
    from bot.storage import queues

    counts = read(options, queues.states)
    for state, count in sorted(counts.items()):
        print(f"{state}\t{count}")
    return 0


def _outbox_waiting(options: argparse.Namespace) -> int:
    from bot.storage import queues
    from bot.winding import clock_of

    async def look(work: Work, zone: ZoneInfo) -> list[str]:
        now = (await clock_of(work)).now()
        persons = (await work.directory()).persons
        lines = []
        for row in await queues.put_off(work, now, _MOST_LISTED):
            until, why = f"{row.due_at.astimezone(zone):%Y-%m-%d %H:%M}", row.waits or "retry"
            said = row.notice, row.reference or "-", _to_whom(row, persons)
            lines.append("\t".join((str(row.id), until, why, *said)))
        return lines

    count = _print_lines(options, look)
    print(
        f"{count} waiting"
        + (", the soonest first" if count > 1 else "")
        + (" (and more)" if count == _MOST_LISTED else "")
    )
    return 0


def _print_lines(options: argparse.Namespace, look: Callable[[Work, ZoneInfo], Awaitable[list[str]]]) -> int:
    """Print what a look at the database says, times being in the service's zone; return how many lines that were."""
    lines = with_database(
        options, lambda database, settings: database.read(lambda work: look(work, settings.service.zone))
    )
    for line in lines:
        print(line)
    return len(lines)


def _to_whom(row: Outgoing, persons: Mapping[str, Person]) -> str:
    """Return one of the staff by name; a customer is not named here."""
    known = persons.get(row.person or "")
    return known.name if known is not None else "customer" if row.person else "-"


def _outbox_uncertain(options: argparse.Namespace) -> int:
    from bot.storage import queues

    return _outbox_list(options, queues.UNCERTAIN)


def _outbox_failed(options: argparse.Namespace) -> int:
    from bot.storage import queues

    return _outbox_list(options, queues.FAILED)


def _outbox_list(options: argparse.Namespace, state: str) -> int:
    from bot.storage import queues

    async def look(work: Work, zone: ZoneInfo) -> list[str]:
        persons = (await work.directory()).persons
        lines = []
        for row in await queues.in_state(work, state):
            at = (row.done_at or row.created_at).astimezone(zone)
            said = row.channel or _NO_CHANNEL, row.notice, row.reference or "-", _to_whom(row, persons), row.detail
            lines.append("\t".join((str(row.id), f"{at:%Y-%m-%d %H:%M}", *said)))
        return lines

    count = _print_lines(options, look)
    by_channel = ", or by --channel CHANNEL" if state == queues.UNCERTAIN else ""
    print(
        f"{count} {state}" + (f"; decide with: complaintbot outbox resend|dismiss NUMBER{by_channel}" if count else "")
    )
    return 0


def _outbox_resend(options: argparse.Namespace) -> int:
    count = _outbox_decide(options, resend=True)
    if count:
        print(f"{count} will be sent again; a running service takes them up within a second")
    return _all_of_them(options, count)


def _outbox_dismiss(options: argparse.Namespace) -> int:
    count = _outbox_decide(options, resend=False)
    if count:
        print(f"{count} left as they are")
    return _all_of_them(options, count)


def _outbox_decide(options: argparse.Namespace, *, resend: bool) -> int:
    from bot.storage import queues
    from bot.storage.audit import record_act
    from bot.winding import clock_of

    kind = "outbox_resent" if resend else "outbox_dismissed"

    async def job(work: Work) -> int:
        now = (await clock_of(work)).now()
        if options.channel is None:
            record_act(work, kind, numbers=" ".join(map(str, options.numbers)))
            return await queues.decide(work, options.numbers, now, resend=resend)
        channel = "" if options.channel == _NO_CHANNEL else options.channel
        count = await queues.decide_channel(work, channel, now, resend=resend)
        if not count:
            raise ComplaintError(f"nothing by {options.channel!r} is uncertain: see complaintbot outbox uncertain")
        record_act(work, kind, channel=options.channel, count=count)
        return count

    if options.channel == "":
        raise ComplaintError(f"--channel is empty: name one, or {_NO_CHANNEL} for what went by none yet")
    if bool(options.numbers) == (options.channel is not None):
        raise ComplaintError(
            "name messages by their numbers, or all that is uncertain by --channel CHANNEL: one of both"
        )
    return write(options, job)


def _all_of_them(options: argparse.Namespace, count: int, what: str = _UNDECIDED) -> int:
    """Return the status 0. Raises ComplaintError where some of the messages that were named are not what they must be."""
    asked = len(set(options.numbers))
    if not asked:
        return 0  # all of a channel's
    if missing := asked - count:
        who = "this message is" if asked == 1 else f"{missing} of these messages {'is' if missing == 1 else 'are'}"
        raise ComplaintError(f"{who} not {what}")
    return 0
