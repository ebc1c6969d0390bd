"""The command line. Exit status 0 on success, 1 with one clear line on a user's error."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from complaints.errors import ComplaintError, ConfigError

if TYPE_CHECKING:
    from bot.calendars import Calendars
    from bot.settings import Settings
    from bot.storage.database import Database
    from bot.storage.values import FileKept

Command = Callable[[argparse.Namespace], int]
T = TypeVar("T")
_MOST_LISTED = 200


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; `arguments` default to the process's own."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except ComplaintError as error:
        print(f"complaintbot: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="complaintbot", description="Takes complaints in and lives through each of them inside chat.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = _add(
        commands, "demo", _demo, "everything embedded, on a page with three phones and a clock that can be moved"
    )
    demo.add_argument("--port", type=_port, default=8080, help="port on the loopback address (default 8080)")
    demo.add_argument("--lang", choices=("zh", "en"), default="zh")
    demo.add_argument("--data", type=Path, default=Path("data"), help="folder for its data (default data/)")
    demo.add_argument("--play", action="store_true", help="play one whole life in the terminal instead")

    run = _add(commands, "run", _run, "run the service")
    check = _add(commands, "check", _check, "check the settings, then whether each connector can be reached")
    migrate = _add(commands, "migrate", _migrate, "bring the database up to this version (run does so by itself)")
    for command in (run, check, migrate):
        _add_config(command)

    backup = _add(commands, "backup", _backup, "write everything into one file, beside a running service")
    backup.add_argument("file", type=Path, metavar="FILE", help="is not there yet")
    restore = _add(commands, "restore", _restore, "let a stopped service be what a backup holds")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--check", action="store_true", help="only check the file, part by part")
    restore.add_argument("--replace", action="store_true", help="put it in the place of what is there")
    restore.add_argument(
        "--hold-unsent", action="store_true", help="what waited to go out is shown as uncertain, for a person to decide"
    )
    chain = _add(commands, "audit", None, "the chain in which every change of what happened shows").add_subparsers(
        required=True, metavar="WHAT"
    )
    audit_verify = _add(
        chain, "verify", _audit_verify, "look through all of it and name the first link that does not hold"
    )
    audit_verify.add_argument(
        "--anchor", metavar="LINE", help="what audit anchor printed, or a file whose last line it is: shows a lost end"
    )
    audit_anchor = _add(chain, "anchor", _audit_anchor, "print the newest link, to be kept away from the database")
    doctor = _add(commands, "doctor", _doctor, "find what is stuck, since when, and say what cures it")
    doctor.add_argument(
        "--deep", action="store_true", help="look through all that is open and at every file, too: it takes longer"
    )
    doctor.add_argument("--json", action="store_true", help="print one JSON list")
    for command in (backup, restore, audit_verify, audit_anchor, doctor):
        _add_config(command)

    inspect = _add(commands, "inspect", _inspect, "print what intake understands of each file, one JSON object a line")
    inspect.add_argument("--channel", choices=("email", "telegram", "sms"), default="email")
    inspect.add_argument("--own-domain", action="append", default=[], help="a domain of ours (may be given often)")
    inspect.add_argument(
        "--grade", metavar="NAME", help="say as well how grave the words are by this policy profile, and why"
    )
    inspect.add_argument(
        "files", nargs="+", metavar="FILE", help="a raw message; - reads file names from standard input"
    )

    due = _add(commands, "due", _due, "print when every clock of a policy, or one limit, runs out, with the arithmetic")
    what = due.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--policy", metavar="NAME", help="a policy profile: each of its clocks, begun at the moment given"
    )
    what.add_argument("--limit", metavar="LIMIT", help="a limit such as 24h, 2d, 13wd or 4wh")
    due.add_argument("--category", metavar="CODE", help="only the clocks that run for this category")
    due.add_argument("--severity", metavar="S", help="only the clocks that run for this severity, S0 to S4")
    due.add_argument("--received", nargs="+", required=True, metavar="ISO8601", help="when it began (one or several)")
    due.add_argument("--pause", nargs="+", default=[], metavar="FROM/TO", help="when the clocks stood still")
    due.add_argument(
        "--calendar", default="", metavar="NAME", help="of [calendars.NAME]; default: the one of [calendar]"
    )
    due.add_argument(
        "--imported", action="store_true", help="go by the days that were imported, too (reads the database)"
    )
    due.add_argument("--json", action="store_true", help="one JSON object for each moment, as always for several")
    _add_config(due)

    when = _add(commands, "when", _when, "print what a spoken time is taken to mean, one JSON object a line")
    when.add_argument("--now", metavar="ISO8601", help="the moment at which it is said (default: now)")
    when.add_argument("texts", nargs="+", metavar="TEXT", help="such as 明天下午三点 or 'next Tuesday 3pm'")
    _add_config(when)

    understand = _add(commands, "understand", _understand, "print what the conversation takes a text to mean")
    understand.add_argument("--role", choices=("customer", "handler", "supervisor", "employee"), default="customer")
    understand.add_argument(
        "--pending", default="none", help="the open question: none rating yes_no plan result reason …"
    )
    understand.add_argument("texts", nargs="+", metavar="TEXT", help='- reads JSON lines {"text","role","pending"}')

    permissions = _add(commands, "permissions", _permissions, "print who may do what, in which state of a complaint")
    form = permissions.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="the page docs/permissions.md (the default)")
    form.add_argument("--json", action="store_true", help="one JSON object")

    staff = _add(commands, "staff", None, "staff: import, list, one-time codes").add_subparsers(
        required=True, metavar="WHAT"
    )
    staff_import = _add(staff, "import", _staff_import, "add or update staff from a table (.csv or .xlsx)")
    staff_import.add_argument("file", type=Path, metavar="FILE")
    staff_list = _add(staff, "list", _staff_list, "list the staff")
    staff_code = _add(staff, "code", _staff_code, "make a one-time code with which a person binds a chat address")
    staff_code.add_argument("name", metavar="NAME")

    calendar = _add(commands, "calendar", None, "the working calendar: import days, show a year, list").add_subparsers(
        required=True, metavar="WHAT"
    )
    calendar_import = _add(
        calendar, "import", _calendar_import, "publish days off and working days (.csv, .xlsx or .toml); they win"
    )
    calendar_import.add_argument("file", type=Path, metavar="FILE", help="columns: date, day, name, source")
    calendar_import.add_argument(
        "--complete", action="store_true", help="the file holds every special day of its years: they are official"
    )
    calendar_import.add_argument("--dry-run", action="store_true", help="only say how many open deadlines would move")
    calendar_show = _add(calendar, "show", _calendar_show, "print each day of a year that is not an ordinary one")
    calendar_show.add_argument("--year", type=_year, metavar="YEAR", help="default: this one")
    calendar_list = _add(calendar, "list", _calendar_list, "list the calendars, and which years are official")
    for command in (calendar_import, calendar_show):
        command.add_argument("--name", default="", help="of [calendars.NAME]; default: the one of [calendar]")
    for command in (calendar_import, calendar_show, calendar_list):
        _add_config(command)

    sites = _add(commands, "sites", None, "sites: import, list").add_subparsers(required=True, metavar="WHAT")
    sites_import = _add(sites, "import", _sites_import, "add or update sites from a table (.csv or .xlsx)")
    sites_import.add_argument("file", type=Path, metavar="FILE")
    sites_list = _add(sites, "list", _sites_list, "list the sites")

    rota = _add(commands, "rota", None, "who is on duty: import, show").add_subparsers(required=True, metavar="WHAT")
    rota_import = _add(rota, "import", _rota_import, "let a table (.csv or .xlsx) be the rota of the teams in it")
    rota_import.add_argument("file", type=Path, metavar="FILE")
    rota_show = _add(rota, "show", _rota_show, "show who is on duty on a day, team by team")
    rota_show.add_argument("--date", metavar="YYYY-MM-DD", help="the day (default: today)")
    phrases = _add(commands, "phrases", None, "the centre's canned words: import, list").add_subparsers(
        required=True, metavar="WHAT"
    )
    phrases_import = _add(
        phrases, "import", _phrases_import, "keep those of a .toml, .csv or .xlsx file, by their titles"
    )
    phrases_import.add_argument("file", type=Path, metavar="FILE")
    phrases_list = _add(phrases, "list", _phrases_list, "list them with their numbers")
    for command in (sites_import, sites_list, rota_import, rota_show, phrases_import, phrases_list):
        _add_config(command)

    quarantine = _add(commands, "quarantine", None, "messages that could not be understood").add_subparsers(
        required=True, metavar="WHAT"
    )
    quarantine_list = _add(quarantine, "list", _quarantine_list, "list them with what is wrong")
    quarantine_show = _add(quarantine, "show", _quarantine_show, "write one's raw bytes to standard output")
    quarantine_retry = _add(quarantine, "retry", _quarantine_retry, "have them understood again")
    quarantine_show.add_argument("number", type=_number, metavar="NUMBER")
    quarantine_retry.add_argument("numbers", type=_number, nargs="+", metavar="NUMBER")

    files = _add(commands, "files", _files, "list the files that belong to a complaint, and where they are")
    files.add_argument("reference", metavar="NUMBER", help="a complaint's number, or its last digits")
    _add_config(files)

    outbox = _add(commands, "outbox", None, "messages of ours, and what became of them").add_subparsers(
        required=True, metavar="WHAT"
    )
    outbox_states = _add(outbox, "states", _outbox_states, "count all there ever were, by state")
    outbox_uncertain = _add(outbox, "uncertain", _outbox_uncertain, "list what may or may not have arrived")
    outbox_waiting = _add(outbox, "waiting", _outbox_waiting, "list what is put off: until when, and why")
    outbox_failed = _add(outbox, "failed", _outbox_failed, "list what reached nobody")
    outbox_resend = _add(outbox, "resend", _outbox_resend, "send some of these again, by every road")
    outbox_dismiss = _add(outbox, "dismiss", _outbox_dismiss, "leave some of these as they are, out of the counts")
    for command in (outbox_resend, outbox_dismiss):
        command.add_argument("numbers", type=_outbox_number, nargs="+", metavar="NUMBER")
    for command in (outbox_states, outbox_waiting, outbox_uncertain, outbox_failed, outbox_resend, outbox_dismiss):
        _add_config(command)

    person = _add(commands, "person", None, "what is kept of one customer: show, export, erase").add_subparsers(
        required=True, metavar="WHAT"
    )
    person_show = _add(person, "show", _person_show, "say how much is kept of a customer, and what holds it")
    person_export = _add(
        person, "export", _person_export, "write all that is kept of a customer into a zip, for them and for machines"
    )
    person_erase = _add(
        person, "erase", _person_erase, "take all that is kept of a customer out; what is counted stays"
    )
    for command in (person_show, person_export, person_erase):
        command.add_argument(
            "who", metavar="WHO", help="a phone number, address, complaint's number, whole name, or id"
        )
        _add_config(command)
    person_export.add_argument("file", type=Path, metavar="FILE", help="is not there yet")
    for command in (person_export, person_erase):
        command.add_argument("--request", type=_request_number, metavar="N", help="the request that they made")
    person_erase.add_argument("--reason", default="", help="without a request: why, for the record")
    person_erase.add_argument(
        "--by", default="", metavar="NAME", help="without a request: which administrator decided it"
    )
    person_erase.add_argument("--dry-run", action="store_true", help="only say whether it can be, and how much it is")

    person_erased = _add(person, "erased", _person_erased, "list who was erased, by ids, to be kept beside backups")
    person_erased.add_argument("--again", type=Path, metavar="FILE", help="erase those whom a backup brought back")
    _add_config(person_erased)

    hold = _add(commands, "hold", None, "legal holds: nothing is taken out of what they are on").add_subparsers(
        required=True, metavar="WHAT"
    )
    hold_place = _add(hold, "place", _hold_place, "hold a complaint, or all of a customer")
    hold_lift = _add(hold, "lift", _hold_lift, "lift every hold on a complaint, or on a customer")
    hold_list = _add(hold, "list", _hold_list, "list every hold there was")
    for command in (hold_place, hold_lift):
        on = command.add_mutually_exclusive_group(required=True)
        on.add_argument("--complaint", default="", metavar="NUMBER")
        on.add_argument("--person", default="", metavar="WHO")
        command.add_argument("--reason", required=True)
    for command in (hold_place, hold_lift, hold_list):
        _add_config(command)

    retained = _add(commands, "retention", _retention, "let go what is kept longer than [retention] says")
    retained.add_argument("--dry-run", action="store_true", help="only say what would go: how much, and of which dates")
    _add_config(retained)

    survey = _add(commands, "survey", None, "surveys apart from any complaint, and testers").add_subparsers(
        required=True, metavar="WHAT"
    )
    survey_send = _add(
        survey, "send", _survey_send, "put a questionnaire to many, each once; a running service sends it"
    )
    survey_send.add_argument("--questionnaire", required=True, metavar="Q", help="general, quality, visit, consult …")
    survey_send.add_argument(
        "--to",
        required=True,
        nargs="+",
        metavar="WHOM",
        help="all | closed-since DATE | site CODE | FILE with a phone number a line",
    )
    survey_send.add_argument("--name", required=True, metavar="N", help="its name, for the results")
    survey_send.add_argument("--per-minute", type=int, default=30, metavar="N", help="at most so many (default 30)")
    survey_send.add_argument("--every", type=int, default=30, metavar="DAYS", help="nobody more often (default 30)")
    survey_send.add_argument("--expire", type=int, default=14, metavar="DAYS", help="given up after (default 14)")
    survey_send.add_argument("--note", default="", help="what it is for, or what was improved before it")
    survey_send.add_argument("--dry-run", action="store_true", help="only say how many it would ask")
    survey_results = _add(survey, "results", _survey_results, "print what came of one")
    survey_results.add_argument("name", metavar="NAME")
    survey_results.add_argument("--json", action="store_true", help="print one JSON object")
    survey_tester = _add(
        survey, "tester", _survey_tester, "say that a customer is a tester: their cases count in no rate"
    )
    survey_tester.add_argument("phone", metavar="PHONE")
    survey_tester.add_argument("--off", action="store_true", help="they are none any more")

    rates = _add(commands, "rates", _rates, "print the rates: answered in time, solved, satisfied, closed")
    rates.add_argument("--from", dest="start", metavar="ISO8601", help="received from then on")
    rates.add_argument("--to", dest="end", metavar="ISO8601", help="received before then")
    rates.add_argument("--site", metavar="S")
    rates.add_argument("--unit", metavar="U", help="of whoever has or had it")
    rates.add_argument("--policy", metavar="P", help="the profile that it runs under")
    rates.add_argument("--json", action="store_true", help="print one JSON object")
    for command in (survey_send, survey_results, survey_tester, rates):
        _add_config(command)

    bench = _add(commands, "bench", _bench, "measure a hot path beside the machine's own limit")
    bench.add_argument("what", choices=("intake", "parse", "reminders", "chat", "delivery"))
    bench.add_argument("-n", type=int, default=2000, help="how many messages or reminders (default 2000)")
    bench.add_argument(
        "--open",
        type=int,
        default=100_000,
        metavar="N",
        help="reminders: among so many open complaints (default 100000)",
    )
    bench.add_argument("--database", metavar="URL", help="instead of an SQLite file in a temporary folder")
    bench.add_argument("--workers", type=int, default=0, help="intake by so many processes, on an empty PostgreSQL")
    bench.add_argument("--json", action="store_true", help="print one JSON object")
    for command in (staff_import, staff_list, staff_code, quarantine_list, quarantine_show, quarantine_retry):
        _add_config(command)
    return parser


def _add(commands: argparse._SubParsersAction[_Parser], name: str, command: Command | None, text: str) -> _Parser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    if command is not None:
        parser.set_defaults(command=command)
    return parser


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings (default: config.toml where there is one)"
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: it lies between 0 and 65535")
    return int(text)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1990 <= int(text[:5]) <= 2100):
        raise argparse.ArgumentTypeError(f"{text!r} is no year: it lies between 1990 and 2100")
    return int(text)


def _number(text: str) -> int:
    return _numbered(text, "complaintbot quarantine list")


def _outbox_number(text: str) -> int:
    return _numbered(text, "complaintbot outbox uncertain")


def _request_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a request: it stands in the notice of it")
    return int(text)


def _numbered(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a message: see {where}")
    return int(text)


# Imports stand inside the commands: `inspect` and `--help` need neither a database nor a web server, and start at once.


def _settings(options: argparse.Namespace) -> Settings:
    from bot.logs import configure_logging

    settings = _read_settings(options)
    configure_logging(settings.log)
    return settings


def _read_settings(options: argparse.Namespace) -> Settings:
    from bot.settings import load_settings

    path = _settings_file(options)
    try:
        return load_settings(path, os.environ)
    except ConfigError as error:
        if path is None or str(path) in str(error):
            raise
        raise ConfigError(f"{path}: {error}") from None


def _settings_file(options: argparse.Namespace) -> Path | None:
    path: Path | None = options.config
    return Path("config.toml") if path is None and Path("config.toml").is_file() else path


def _demo(options: argparse.Namespace) -> int:
    from bot.demo.play import play
    from bot.demo.service import serve_demo

    if options.play:
        asyncio.run(play(options.lang, sys.stdout))
    else:
        asyncio.run(serve_demo(port=options.port, lang=options.lang, data_dir=options.data))
    return 0


def _run(options: argparse.Namespace) -> int:
    from bot.app import serve
    from bot.settings.exposure import exposed

    settings = _settings(options)
    for warning in exposed(_settings_file(options), os.environ):
        logging.getLogger(__name__).warning(warning)
    asyncio.run(serve(settings))
    return 0


def _check(options: argparse.Namespace) -> int:
    from bot.app import WARNING, check
    from bot.settings.exposure import exposed

    failures = 0
    settings = _settings(options)
    for warning in exposed(_settings_file(options), os.environ):
        print(f"secrets: {WARNING}{warning}")
    for name, trouble in asyncio.run(check(settings)):
        print(f"{name}: {trouble.removeprefix(f'{name}: ') or 'ok'}")
        failures += bool(trouble) and not trouble.startswith(WARNING)
    print(f"roles: {', '.join(settings.service.roles)}")
    return 1 if failures else 0


def _migrate(options: argparse.Namespace) -> int:
    from bot.storage.database import migrate

    asyncio.run(migrate(_settings(options).database.url))
    print("the database is up to date")
    return 0


def _backup(options: argparse.Namespace) -> int:
    from bot.backup import make, noted

    settings = _settings(options)
    manifest = make(settings, options.file)
    asyncio.run(noted(settings, manifest))
    print(f"{options.file}: {manifest}")
    if settings.service.secret:
        print("the signing key is not in it: it stands in your settings, keep them too", file=sys.stderr)
    for path in manifest.missing:
        print(f"{settings.files_dir / path} is not on the disk, so it is not in the backup", file=sys.stderr)
    return 0


def _restore(options: argparse.Namespace) -> int:
    from bot.app import only_one
    from bot.backup import opened, restore

    settings = _settings(options)
    with opened(options.file) as archive:
        print(f"{options.file}: {archive.manifest}")
        if options.check:
            return 0
        with only_one(settings):
            kept = asyncio.run(restore(settings, archive, replace=options.replace, hold_unsent=options.hold_unsent))
    if kept:
        print(f"what was there before is kept as {kept}")
    print("restored; start the service")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from bot.app import load_rules
    from bot.calendars import Calendars
    from bot.clock import SystemClock
    from bot.doctor import as_json, examine, lines

    settings = _settings(options)
    book, _ = load_rules(settings, Calendars(settings))
    found = asyncio.run(examine(settings, book, SystemClock().now(), deep=options.deep))
    if options.json:
        print(as_json(found))
    else:
        for line in lines(found, lambda at: at.astimezone(settings.service.zone)):
            print(line)
        if not found:
            print("nothing is stuck")
    return 1 if any(finding.wrong for finding in found) else 0


def _audit_verify(options: argparse.Namespace) -> int:
    from bot.auditing import read_anchor, said
    from bot.storage import audit

    anchor = read_anchor(options.anchor) if options.anchor is not None else None
    found = asyncio.run(_with_database(options, lambda db, _: db.read(lambda work: audit.verify(work, anchor))))
    print(said(found))
    return 1 if found.broken else 0


def _audit_anchor(options: argparse.Namespace) -> int:
    from bot.auditing import anchor_line
    from bot.clock import SystemClock
    from bot.storage import audit

    print(anchor_line(asyncio.run(_with_database(options, lambda db, _: db.read(audit.head_of))), SystemClock().now()))
    return 0


def _inspect(options: argparse.Namespace) -> int:
    from bot.inspect import inspect_files
    from complaints import policy

    rules = policy.load(options.grade).grading if options.grade else None
    for line in inspect_files(_names(options.files), options.own_domain, options.channel, rules):
        print(line)
    return 0


def _names(files: Iterable[str]) -> Iterable[str]:
    for file in files:
        if file == "-":
            # A file may have any name: what is no UTF-8 in it is kept, to open it by.
            yield from (os.fsdecode(line.rstrip(b"\r\n")) for line in sys.stdin.buffer if line.strip())
        else:
            yield file


def _due(options: argparse.Namespace) -> int:
    from bot.due import due_lines

    lines = due_lines(
        _read_settings(options),
        received=options.received,
        policy_name=options.policy,
        limit=options.limit,
        category=options.category,
        severity=options.severity,
        pauses=options.pause,
        calendar_name=options.calendar,
        calendars=_published(options) if options.imported else None,
        as_json=options.json,
    )
    for line in lines:
        print(line)
    return 0


def _when(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.due import moment
    from bot.grammar.spoken import spoken

    zone = _read_settings(options).service.zone
    now = moment("--now", options.now, zone) if options.now else SystemClock().now().astimezone(zone)
    for text in options.texts:
        meant = spoken(text, now)
        start, end = (at.isoformat() if at else None for at in (meant.start, meant.end))
        answer = {"text": text, "start": start, "end": end, "ask": meant.ask}
        print(json.dumps(answer, ensure_ascii=False).encode(errors="replace").decode())
    return 0


def _permissions(options: argparse.Namespace) -> int:
    from bot.permissions import as_json, as_markdown

    print(
        json.dumps(as_json(), ensure_ascii=False) if options.json else as_markdown(), end="\n" if options.json else ""
    )
    return 0


def _understand(options: argparse.Namespace) -> int:
    for text in options.texts:
        if text != "-":
            print(_understood(text, options.role, options.pending, "understand"))
            continue
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if line.strip():
                print(_understood_line(line, options, f"understand: line {number}"))
    return 0


def _understood_line(line: bytes, options: argparse.Namespace, where: str) -> str:
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise ComplaintError(f"{where} is no JSON: {error}") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise ComplaintError(f'{where}: write an object with a text: {{"text", "role", "pending"}}')
    return _understood(asked["text"], asked.get("role", options.role), asked.get("pending", options.pending), where)


def _understood(text: str, role: object, pending: object, where: str) -> str:
    from bot.grammar import Pending, Speaker, understand
    from bot.grammar.asking import explained

    if role not in list(Speaker):
        raise ComplaintError(f"{where}: role is {role!r}; it is one of {', '.join(Speaker)}")
    if pending not in list(Pending):
        raise ComplaintError(f"{where}: pending is {pending!r}; it is one of {', '.join(Pending)}")
    speaker, question = Speaker(str(role)), Pending(str(pending))
    shown = explained(understand(text, speaker, question), speaker, question)
    # Half a character (a lone surrogate) can be given, but not printed.
    return json.dumps(shown, ensure_ascii=False).encode(errors="replace").decode()


def _staff_import(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.staff import import_staff, read_staff
    from complaints.taxonomy import load_pack

    async def job(database: Database, settings: Settings) -> tuple[int, int]:
        directory = await database.read(lambda work: work.directory())
        known = {category.code for category in load_pack(settings.service.pack).categories}
        return await import_staff(database, read_staff(options.file, directory, known), SystemClock().now())

    added, changed = asyncio.run(_with_database(options, job))
    print(f"{added} added, {changed} updated")
    return 0


def _staff_list(options: argparse.Namespace) -> int:
    from bot.staff import table
    from bot.storage.audit import record_act
    from bot.storage.work import Work

    async def read(work: Work) -> str:
        persons = (await work.directory()).persons.values()
        record_act(work, "staff_listed", persons=len(persons))
        return table(persons)

    print(asyncio.run(_with_database(options, lambda db, _: db.write(read))))
    return 0


def _staff_code(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.settings import signing_secret
    from bot.staff import CODE_LIFE, issue_code
    from bot.tokens import Signer

    now = SystemClock().now()
    person, code = asyncio.run(
        _with_database(
            options, lambda db, settings: issue_code(db, Signer(signing_secret(settings.service)), options.name, now)
        )
    )
    minutes = int(CODE_LIFE.total_seconds() // 60)
    print(f"{person.name}: send the bot  绑定 {code}  (or: bind {code}) within {minutes} minutes; it works once")
    return 0


def _calendar_import(options: argparse.Namespace) -> int:
    from bot.app import load_rules
    from bot.calendar_files import read_calendar
    from bot.clock import SystemClock
    from bot.publishing import Import, import_days, published

    file = read_calendar(options.file, complete=options.complete)

    async def job(database: Database, settings: Settings) -> Import:
        calendars = await published(database, settings)
        book, _ = load_rules(settings, calendars)
        now = SystemClock().now()
        return await import_days(database, calendars, book, options.name, file, now, dry=options.dry_run)

    done = asyncio.run(_with_database(options, job))
    would = "would be " if options.dry_run else ""
    print(f"{done.days} days {would}imported, {done.removed} {would}removed")
    move = "would move" if options.dry_run else "move"
    print(f"{done.moves.deadlines} open deadlines of {done.moves.complaints} complaints {move}")
    if done.moves.complaints and not options.dry_run:
        print("a running service takes this up within seconds, else the next start does; whom it concerns is told")
    for year in done.provisional:
        print(f"{year} stays provisional: if this is its whole official list, import it again with --complete")
    return 0


def _published(options: argparse.Namespace) -> Calendars:
    from bot.publishing import published

    return asyncio.run(_with_database(options, published))


def _calendar_show(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.publishing import told

    calendars = _published(options)
    calendar = calendars.existing(options.name)
    year = options.year or SystemClock().now().astimezone(calendar.zone).year
    for line in told(calendar, year):
        print(line)
    return 0


def _calendar_list(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.publishing import listed

    for line in listed(_published(options), SystemClock().now().date()):
        print(line)
    return 0


def _sites_import(options: argparse.Namespace) -> int:
    from bot.calendars import Calendars
    from bot.sites import import_sites, read_sites
    from complaints import policy

    async def job(database: Database, settings: Settings) -> tuple[int, int]:
        directory = await database.read(lambda work: work.directory())
        own = [settings.policies.directory] if settings.policies.directory else []
        calendars, policies = Calendars(settings).names, policy.available(own)
        return await import_sites(database, read_sites(options.file, calendars, policies, directory))

    added, changed = asyncio.run(_with_database(options, job))
    print(f"{added} added, {changed} changed")
    return 0


def _sites_list(options: argparse.Namespace) -> int:
    from bot.sites import table
    from bot.storage.work import Work

    async def read(work: Work) -> str:
        return table(await work.directory())

    print(asyncio.run(_with_database(options, lambda db, _: db.read(read))))
    return 0


def _phrases_import(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.phrases import import_phrases, read_phrases

    entries = read_phrases(options.file)
    kept = asyncio.run(_with_database(options, lambda db, _: import_phrases(db, entries, SystemClock().now())))
    print(f"{kept} kept")
    return 0


def _phrases_list(options: argparse.Namespace) -> int:
    from bot.phrases import table

    print(asyncio.run(_with_database(options, lambda db, _: db.read(table))))
    return 0


def _rota_import(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.rota import import_rota, read_rota

    async def job(database: Database, _: Settings) -> tuple[int, int]:
        directory = await database.read(lambda work: work.directory())
        return await import_rota(database, read_rota(options.file, directory), SystemClock().now())

    added, gone = asyncio.run(_with_database(options, job))
    print(f"{added} added, {gone} taken away")
    return 0


def _rota_show(options: argparse.Namespace) -> int:
    from datetime import date

    from bot.calendars import Calendars
    from bot.clock import SystemClock
    from bot.rota import shown
    from bot.storage.work import Work

    calendars = Calendars(_read_settings(options))
    try:
        today = SystemClock().now().astimezone(calendars.default.zone).date()
        day = date.fromisoformat(options.date) if options.date else today
    except ValueError:
        raise ComplaintError(f"rota show: {options.date!r} is no date: write 2026-10-01") from None

    async def read(work: Work) -> str:
        directory = await work.directory()
        calendars.place({site.code: site.calendar for site in directory.sites.values()})
        return shown(directory, day, calendars.of_site)

    print(asyncio.run(_with_database(options, lambda db, _: db.read(read))))
    return 0


def _quarantine_list(options: argparse.Namespace) -> int:
    from bot.storage import queues

    rows = asyncio.run(_with_database(options, lambda db, _: db.read(queues.quarantined)))
    for row in rows:
        print(f"{row.id}\t{row.received_at:%Y-%m-%d %H:%M}\t{row.channel}\t{len(row.raw)} bytes\t{row.outcome}")
    print(f"{len(rows)} in quarantine" + ("; retry with: complaintbot quarantine retry NUMBER" if rows else ""))
    return 0


def _quarantine_show(options: argparse.Namespace) -> int:
    from bot.storage import queues
    from bot.storage.audit import record_act
    from bot.storage.models import InboxRow
    from bot.storage.work import Work

    async def read(work: Work) -> InboxRow | None:
        record_act(work, "quarantine_shown", number=options.number)
        return await queues.message(work, options.number)

    row = asyncio.run(_with_database(options, lambda db, _: db.write(read)))
    if row is None:
        raise ComplaintError(f"there is no message {options.number}")
    sys.stdout.buffer.write(row.raw)
    return 0


def _quarantine_retry(options: argparse.Namespace) -> int:
    from bot.storage import queues
    from bot.storage.audit import record_act
    from bot.storage.work import Work

    async def job(work: Work) -> int:
        record_act(work, "quarantine_retried", numbers=" ".join(map(str, options.numbers)))
        return await queues.retry(work, options.numbers)

    count = asyncio.run(_with_database(options, lambda db, _: db.write(job)))
    print(f"{count} put back; a running service takes them up within a second")
    if missing := len(set(options.numbers)) - count:
        raise ComplaintError(f"{missing} of these messages are not in quarantine (see complaintbot quarantine list)")
    return 0


def _files(options: argparse.Namespace) -> int:
    from bot.files import table
    from bot.storage import files
    from bot.storage.work import Work

    async def read(work: Work) -> tuple[str, list[FileKept]]:
        reference = await work.meant(options.reference.upper())
        return reference, await files.of_complaint(work, reference)

    async def job(database: Database, settings: Settings) -> tuple[str, list[FileKept], Settings]:
        return *await database.read(read), settings

    reference, kept, settings = asyncio.run(_with_database(options, job))
    zone = settings.service.zone
    if kept:
        print(table(kept, settings.files_dir, lambda at: at.astimezone(zone)))
    print(f"{len(kept)} files of {reference}", file=sys.stderr)
    return 0


def _outbox_states(options: argparse.Namespace) -> int:
    from bot.storage import queues

    counts = asyncio.run(_with_database(options, lambda db, _: db.read(queues.states)))
    for state, count in sorted(counts.items()):
        print(f"{state}\t{count}")
    return 0


def _outbox_waiting(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.storage import queues
    from bot.storage.work import Work

    now = SystemClock().now()

    async def job(database: Database, settings: Settings) -> int:
        async def read(work: Work) -> list[str]:
            persons = (await work.directory()).persons
            lines = []
            for row in await queues.put_off(work, now, _MOST_LISTED):
                known = persons.get(row.person or "")
                who = known.name if known is not None else "customer" if row.person else "-"
                until = row.due_at.astimezone(settings.service.zone)
                lines.append(
                    f"{row.id}\t{until:%Y-%m-%d %H:%M}\t{row.waits or 'retry'}\t{row.notice}\t{row.reference or '-'}\t{who}"
                )
            return lines

        lines = await database.read(read)
        for line in lines:
            print(line)
        return len(lines)

    count = asyncio.run(_with_database(options, job))
    print(
        f"{count} waiting"
        + (", the soonest first" if count > 1 else "")
        + (" (and more)" if count == _MOST_LISTED else "")
    )
    return 0


def _outbox_uncertain(options: argparse.Namespace) -> int:
    from bot.storage import queues

    return _outbox_list(options, queues.UNCERTAIN)


def _outbox_failed(options: argparse.Namespace) -> int:
    from bot.storage import queues

    return _outbox_list(options, queues.FAILED)


def _outbox_list(options: argparse.Namespace, state: str) -> int:
    from bot.storage import queues

    rows = asyncio.run(_with_database(options, lambda db, _: db.read(lambda work: queues.in_state(work, state))))
    for row in rows:
        at = row.done_at or row.created_at
        about = row.reference or "-"
        print(f"{row.id}\t{at:%Y-%m-%d %H:%M}\t{row.channel or '-'}\t{row.notice}\t{about}\t{row.detail}")
    print(f"{len(rows)} {state}" + ("; decide with: complaintbot outbox resend|dismiss NUMBER" if rows else ""))
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
    from bot.clock import SystemClock
    from bot.storage import queues
    from bot.storage.audit import record_act
    from bot.storage.work import Work

    async def job(work: Work) -> int:
        record_act(work, "outbox_resent" if resend else "outbox_dismissed", numbers=" ".join(map(str, options.numbers)))
        return await queues.decide(work, options.numbers, SystemClock().now(), resend=resend)

    return asyncio.run(_with_database(options, lambda db, _: db.write(job)))


def _all_of_them(options: argparse.Namespace, count: int) -> int:
    if missing := len(set(options.numbers)) - count:
        raise ComplaintError(
            f"{missing} of these messages are neither uncertain nor failed (see complaintbot outbox uncertain)"
        )
    return 0


def _person_show(options: argparse.Namespace) -> int:
    from bot.persons import shown

    for line in asyncio.run(_with_database(options, lambda db, _: db.read(lambda work: shown(work, options.who)))):
        print(line)
    return 0


def _person_export(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.persons import export

    clock = SystemClock()
    written = asyncio.run(
        _with_database(
            options, lambda db, settings: export(db, settings, clock, options.who, options.file, options.request)
        )
    )
    print(f"{options.file}: {written}")
    return 0


def _person_erase(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.persons import Leave, erase_person

    leave = Leave(options.request, options.reason, options.by)
    whole = asyncio.run(
        _with_database(
            options,
            lambda db, settings: erase_person(db, settings, SystemClock(), options.who, leave, dry=options.dry_run),
        )
    )
    print(f"{'would be' if options.dry_run else 'were'} erased: {whole}")
    if not options.dry_run:
        print("what older backups hold of them is still there: see docs/privacy.md")
    return 0


def _person_erased(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.persons import erase_again, erased

    if options.again is None:
        for line in asyncio.run(_with_database(options, lambda db, _: db.read(erased))):
            print(line)
        return 0
    try:
        lines = options.again.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ComplaintError(f"{options.again} cannot be read: {error}") from None
    back = asyncio.run(_with_database(options, lambda db, settings: erase_again(db, settings, SystemClock(), lines)))
    print(f"{back} had come back and were erased again")
    return 0


def _hold_place(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.persons import hold

    now, on, who = SystemClock().now(), options.complaint, options.person
    held = asyncio.run(
        _with_database(options, lambda db, _: db.write(lambda work: hold(work, on, who, options.reason, now)))
    )
    print(f"held until it is lifted: {held}")
    return 0


def _hold_lift(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.persons import lift

    now, on, who = SystemClock().now(), options.complaint, options.person
    lifted = asyncio.run(
        _with_database(options, lambda db, _: db.write(lambda work: lift(work, on, who, options.reason, now)))
    )
    print(f"held no longer: {lifted}")
    return 0


def _hold_list(options: argparse.Namespace) -> int:
    from bot.persons import hold_lines

    for line in asyncio.run(_with_database(options, lambda db, _: db.read(hold_lines))):
        print(line)
    return 0


def _retention(options: argparse.Namespace) -> int:
    from bot.retention import retention_command

    for line in asyncio.run(
        _with_database(options, lambda db, settings: retention_command(db, settings, dry=options.dry_run))
    ):
        print(line)
    return 0


def _survey_send(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.surveying import Reach, plan_of, send

    async def job(database: Database, settings: Settings) -> Reach:
        plan = plan_of(
            settings,
            name=options.name,
            questionnaire=options.questionnaire,
            per_minute=options.per_minute,
            every_days=options.every,
            expire_days=options.expire,
            note=options.note,
        )
        return await send(database, settings, plan, options.to, SystemClock().now(), dry_run=options.dry_run)

    reach = asyncio.run(_with_database(options, job))
    for line in reach.unknown:
        print(f"nobody has the phone number: {line}", file=sys.stderr)
    others = f"; {reach.others}" if reach.others else ""
    if options.dry_run:
        print(f"{reach.asked} would be asked{others}")
    else:
        print(f"{reach.asked} will be asked{others}; see survey results {options.name}")
    return 0


def _survey_results(options: argparse.Namespace) -> int:
    from bot.campaigns import results
    from bot.surveying import tally_json, tally_lines

    tally = asyncio.run(_with_database(options, lambda db, _: db.read(lambda work: results(work, options.name))))
    for line in [tally_json(tally)] if options.json else tally_lines(tally):
        print(line)
    return 0


def _survey_tester(options: argparse.Namespace) -> int:
    from bot.surveying import set_tester

    asyncio.run(_with_database(options, lambda db, _: set_tester(db, options.phone, not options.off)))
    print("no tester any more" if options.off else "a tester: what they complain of counts in no rate")
    return 0


def _rates(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.surveying import RatesOf, rates_json, rates_lines, rates_of

    wanted = RatesOf(options.start, options.end, options.site, options.unit, options.policy)
    rates = asyncio.run(
        _with_database(options, lambda db, settings: rates_of(db, settings, wanted, SystemClock().now()))
    )
    for line in [json.dumps(rates_json(rates))] if options.json else rates_lines(rates):
        print(line)
    return 0


async def _with_database(options: argparse.Namespace, job: Callable[[Database, Settings], Awaitable[T]]) -> T:
    from bot.storage.database import Database, migrate

    settings = _settings(options)
    await migrate(settings.database.url)
    async with Database(settings.database.url) as database:
        return await job(database, settings)


def _bench(options: argparse.Namespace) -> int:
    if options.n < 1 or options.open < 1:
        raise ConfigError(f"bench: {'-n' if options.n < 1 else '--open'} must be at least 1")
    if options.what == "parse":
        from benchmarks.parsing import bench_parse

        figures = bench_parse(options.n)
    elif options.what == "reminders":
        from benchmarks.reminders import bench_reminders

        figures = asyncio.run(bench_reminders(options.n, options.open, options.database))
    elif options.what == "chat":
        from benchmarks.chatting import bench_chat

        figures = asyncio.run(bench_chat(options.n, options.database))
    elif options.what == "delivery":
        from benchmarks.delivering import bench_delivery

        figures = asyncio.run(bench_delivery(options.n, options.database))
    elif options.workers > 0:
        from benchmarks.scaling import bench_workers

        figures = asyncio.run(bench_workers(options.n, options.workers, options.database))
    else:
        from benchmarks.intake import bench_intake

        figures = asyncio.run(bench_intake(options.n, options.database))
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
