"""What administrators keep as tables: staff, the calendar, sites, the rota, canned words."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import add, add_config, published_calendars, read, read_settings, with_database, write
from complaints.errors import ComplaintError

if TYPE_CHECKING:
    from bot.commands.common import Commands
    from bot.settings import Settings
    from bot.storage.database import Database


def register(commands: Commands) -> None:
    staff = add(commands, "staff", None, "staff: import, list, one-time codes").add_subparsers(
        required=True, metavar="WHAT"
    )
    staff_import = add(staff, "import", _staff_import, "add or update staff from a table (.csv or .xlsx)")
    staff_import.add_argument("file", type=Path, metavar="FILE")
    staff_list = add(staff, "list", _staff_list, "list the staff")
    staff_code = add(staff, "code", _staff_code, "make a one-time code with which a person binds a chat address")
    staff_code.add_argument("name", metavar="NAME")

    calendar = add(commands, "calendar", None, "the working calendar: import days, show a year, list").add_subparsers(
        required=True, metavar="WHAT"
    )
    calendar_import = add(
        calendar, "import", _calendar_import, "publish days off and working days (.csv, .xlsx or .toml); they win"
    )
    calendar_import.add_argument("file", type=Path, metavar="FILE", help="columns: date, day, name, source")
    calendar_import.add_argument(
        "--complete", action="store_true", help="the file holds every special day of its years: they are official"
    )
    calendar_import.add_argument("--dry-run", action="store_true", help="only say how many open deadlines would move")
    calendar_show = add(calendar, "show", _calendar_show, "print each day of a year that is not an ordinary one")
    calendar_show.add_argument("--year", type=_year, metavar="YEAR", help="default: this one")
    calendar_list = add(calendar, "list", _calendar_list, "list the calendars, and which years are official")
    for command in (calendar_import, calendar_show):
        command.add_argument("--name", default="", help="of [calendars.NAME]; default: the one of [calendar]")
    for command in (calendar_import, calendar_show, calendar_list):
        add_config(command)

    sites = add(commands, "sites", None, "sites: import, list").add_subparsers(required=True, metavar="WHAT")
    sites_import = add(sites, "import", _sites_import, "add or update sites from a table (.csv or .xlsx)")
    sites_import.add_argument("file", type=Path, metavar="FILE")
    sites_list = add(sites, "list", _sites_list, "list the sites")

    rota = add(commands, "rota", None, "who is on duty: import, show").add_subparsers(required=True, metavar="WHAT")
    rota_import = add(rota, "import", _rota_import, "let a table (.csv or .xlsx) be the rota of the teams in it")
    rota_import.add_argument("file", type=Path, metavar="FILE")
    rota_show = add(rota, "show", _rota_show, "show who is on duty on a day, team by team")
    rota_show.add_argument("--date", metavar="YYYY-MM-DD", help="the day (default: today)")
    phrases = add(commands, "phrases", None, "the centre's canned words: import, list").add_subparsers(
        required=True, metavar="WHAT"
    )
    phrases_import = add(
        phrases, "import", _phrases_import, "keep those of a .toml, .csv or .xlsx file, by their titles"
    )
    phrases_import.add_argument("file", type=Path, metavar="FILE")
    phrases_list = add(phrases, "list", _phrases_list, "list them with their numbers")
    for command in (sites_import, sites_list, rota_import, rota_show, phrases_import, phrases_list):
        add_config(command)
    for command in (staff_import, staff_list, staff_code):
        add_config(command)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1990 <= int(text[:5]) <= 2100):
        raise argparse.ArgumentTypeError(f"{text!r} is no year: it lies between 1990 and 2100")
    return int(text)


def _staff_import(options: argparse.Namespace) -> int:
    from bot.staff import import_staff, read_staff
    from bot.storage.duty import with_tasks
    from bot.winding import clock_of
    from complaints.taxonomy import load_pack

    async def job(database: Database, settings: Settings) -> tuple[int, int, str]:
        directory = await database.read(lambda work: work.directory())
        known = {
            category.code for category in load_pack(settings.service.pack, settings.policies.directories).categories
        }
        clock = await database.read(clock_of)
        added, changed = await import_staff(database, read_staff(options.file, directory, known), clock.now())
        staff = (await database.read(lambda work: work.directory())).persons
        gone = {id for id, person in staff.items() if person.staff and not person.active}
        busy = await database.read(lambda work: with_tasks(work, gone))
        return added, changed, ", ".join(sorted(staff[id].name for id in busy))

    added, changed, gone = with_database(options, job, makes=True)
    print(f"{added} added, {changed} updated")
    if gone:
        print(f"no longer on the staff, with complaints in hand: {gone}; the service gives these to others at once")
    return 0


def _staff_list(options: argparse.Namespace) -> int:
    from bot.staff import table
    from bot.storage.audit import record_act
    from bot.storage.work import Work

    async def look(work: Work) -> str:
        persons = (await work.directory()).persons.values()
        record_act(work, "staff_listed", persons=len(persons))
        return table(persons)

    print(write(options, look))
    return 0


def _staff_code(options: argparse.Namespace) -> int:
    from bot.people import Person
    from bot.settings import signing_secret
    from bot.staff import CODE_LIFE, issue_code
    from bot.tokens import Signer
    from bot.winding import clock_of

    async def job(database: Database, settings: Settings) -> tuple[Person, str]:
        now = (await database.read(clock_of)).now()
        return await issue_code(database, Signer(signing_secret(settings.service)), options.name, now)

    person, code = with_database(options, job)
    minutes = int(CODE_LIFE.total_seconds() // 60)
    print(f"{person.name}: send the bot  绑定 {code}  (or: bind {code}) within {minutes} minutes; it works once")
    return 0


def _calendar_import(options: argparse.Namespace) -> int:
    from bot.app import load_rules
    from bot.calendar_files import read_calendar
    from bot.publishing import Import, import_days, published
    from bot.winding import clock_of

    file = read_calendar(options.file, complete=options.complete)

    async def job(database: Database, settings: Settings) -> Import:
        calendars = await published(database, settings)
        book, _ = load_rules(settings, calendars)
        now = (await database.read(clock_of)).now()
        return await import_days(database, calendars, book, options.name, file, now, dry=options.dry_run)

    done = with_database(options, job, makes=not options.dry_run)
    would = "would be " if options.dry_run else ""
    print(f"{done.days} days {would}imported, {done.removed} {would}removed")
    move = "would move" if options.dry_run else "move"
    print(f"{done.moves.deadlines} open deadlines of {done.moves.complaints} complaints {move}")
    if done.moves.complaints and not options.dry_run:
        print("a running service takes this up within seconds, else the next start does; whom it concerns is told")
    for year in done.provisional:
        print(f"{year} stays provisional: if this is its whole official list, import it again with --complete")
    return 0


def _calendar_show(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.publishing import told

    calendars = published_calendars(options)
    calendar = calendars.existing(options.name)
    year = options.year or SystemClock().now().astimezone(calendar.zone).year
    for line in told(calendar, year):
        print(line)
    return 0


def _calendar_list(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.publishing import listed

    for line in listed(published_calendars(options), SystemClock().now().date()):
        print(line)
    return 0


def _sites_import(options: argparse.Namespace) -> int:
    from bot.calendars import Calendars
    from bot.sites import import_sites, read_sites
    from complaints import policy

    async def job(database: Database, settings: Settings) -> tuple[int, int]:
        directory = await database.read(lambda work: work.directory())
        own = settings.policies.directories
        calendars, policies = Calendars(settings).names, policy.available(own)
        return await import_sites(database, read_sites(options.file, calendars, policies, directory))

    added, changed = with_database(options, job, makes=True)
    print(f"{added} added, {changed} changed")
    return 0


def _sites_list(options: argparse.Namespace) -> int:
    from bot.sites import table
    from bot.storage.work import Work

    async def look(work: Work) -> str:
        return table(await work.directory())

    print(read(options, look))
    return 0


def _phrases_import(options: argparse.Namespace) -> int:
    from bot.phrases import import_phrases, read_phrases
    from bot.winding import clock_of

    entries = read_phrases(options.file)

    async def job(database: Database, _: Settings) -> int:
        return await import_phrases(database, entries, (await database.read(clock_of)).now())

    print(f"{with_database(options, job, makes=True)} kept")
    return 0


def _phrases_list(options: argparse.Namespace) -> int:
    from bot.phrases import table

    print(read(options, table))
    return 0


def _rota_import(options: argparse.Namespace) -> int:
    from bot.rota import import_rota, read_rota
    from bot.winding import clock_of

    async def job(database: Database, _: Settings) -> tuple[int, int]:
        directory = await database.read(lambda work: work.directory())
        clock = await database.read(clock_of)
        return await import_rota(database, read_rota(options.file, directory), clock.now())

    added, gone = with_database(options, job, makes=True)
    print(f"{added} added, {gone} taken away")
    return 0


def _rota_show(options: argparse.Namespace) -> int:
    from bot.calendars import Calendars
    from bot.rota import shown
    from bot.storage.work import Work
    from bot.winding import clock_of

    calendars = Calendars(read_settings(options))
    try:
        named = date.fromisoformat(options.date) if options.date else None
    except ValueError:
        raise ComplaintError(f"rota show: {options.date!r} is no date: write 2026-10-01") from None

    async def look(work: Work) -> str:
        directory = await work.directory()
        calendars.place({site.code: site.calendar for site in directory.sites.values()})
        day = named or (await clock_of(work)).now().astimezone(calendars.default.zone).date()
        return shown(directory, day, calendars.of_site)

    print(read(options, look))
    return 0
