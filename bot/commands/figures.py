"""What is counted and measured: surveys, rates, reports, benchmarks."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import add, add_config, read, with_database
from complaints.errors import ConfigError

if TYPE_CHECKING:
    from bot.commands.common import Commands
    from bot.settings import Settings
    from bot.storage.database import Database
    from bot.storage.work import Work
    from bot.words import Vocabulary


def register(commands: Commands) -> None:
    survey = add(commands, "survey", None, "surveys apart from any complaint, and testers").add_subparsers(
        required=True, metavar="WHAT"
    )
    survey_send = add(
        survey, "send", _survey_send, "put a questionnaire to many, each once; a running service sends it"
    )
    survey_send.add_argument("--questionnaire", required=True, metavar="Q", help="general, quality, visit, consult …")
    survey_send.add_argument(
        "--to",
        required=True,
        nargs="+",
        action="extend",
        metavar="WHOM",
        help="all | closed-since DATE | site CODE | FILE with a phone number a line",
    )
    survey_send.add_argument("--name", required=True, metavar="N", help="its name, for the results")
    survey_send.add_argument("--per-minute", type=int, default=30, metavar="N", help="at most so many (default 30)")
    survey_send.add_argument("--every", type=int, default=30, metavar="DAYS", help="nobody more often (default 30)")
    survey_send.add_argument("--expire", type=int, default=14, metavar="DAYS", help="given up after (default 14)")
    survey_send.add_argument("--note", default="", help="what it is for, or what was improved before it")
    survey_send.add_argument("--dry-run", action="store_true", help="only say how many it would ask")
    survey_results = add(survey, "results", _survey_results, "print what came of one")
    survey_results.add_argument("name", metavar="NAME")
    survey_results.add_argument("--json", action="store_true", help="print one JSON object")
    survey_list = add(survey, "list", _survey_list, "print the surveys that begin by themselves, and which did")
    survey_tester = add(
        survey, "tester", _survey_tester, "say that a customer is a tester: their cases count in no rate"
    )
    survey_tester.add_argument("phone", metavar="PHONE")
    survey_tester.add_argument("--off", action="store_true", help="they are none any more")

    rates = add(commands, "rates", _rates, "print the rates: answered in time, solved, satisfied, closed")
    rates.add_argument("--from", dest="start", metavar="ISO8601", help="received from then on")
    rates.add_argument("--to", dest="end", metavar="ISO8601", help="received before then")
    rates.add_argument("--site", metavar="S")
    rates.add_argument("--unit", metavar="U", help="of whoever has or had it")
    rates.add_argument("--policy", metavar="P", help="the profile that it runs under")
    rates.add_argument("--json", action="store_true", help="print one JSON object")
    export = add(commands, "export", _export, "write the complaints as a table, customers masked")
    export.add_argument("file", type=Path, metavar="FILE", help="its name ends in .xlsx or .csv")
    export.add_argument("--from", dest="start", metavar="ISO8601", help="received from then on")
    export.add_argument("--to", dest="end", metavar="ISO8601", help="received before then")
    export.add_argument("--site", metavar="S")
    report = add(commands, "report", _report, "count a day, half a month, a month or a quarter, customers masked")
    report.add_argument("every", choices=("daily", "half-month", "monthly", "quarterly"), metavar="WHICH",
                        help="daily | half-month | monthly | quarterly")  # fmt: skip
    report.add_argument(
        "--period", metavar="P", help="2026-11-21, 2026-11-H1, 2026-11, 2026-Q4 (default: the last one that is over)"
    )
    report.add_argument("--out", type=Path, metavar="DIR", help="write it there as .txt, .json and .xlsx")
    report.add_argument("--site", metavar="S")
    report.add_argument("--json", action="store_true", help="print one JSON object")
    for command in (survey_send, survey_results, survey_list, survey_tester, rates, export, report):
        add_config(command)

    bench = add(commands, "bench", _bench, "measure a hot path beside the machine's own limit")
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
    bench.add_argument(
        "--cores", type=float, metavar="N", help="intake by workers: so much of a core for each, as root"
    )
    bench.add_argument("--rate", type=float, default=200.0, metavar="N", help="chat: turns a second (default 200)")
    bench.add_argument("--json", action="store_true", help="print one JSON object")


def _survey_send(options: argparse.Namespace) -> int:
    from bot.surveying import Reach, plan_of, send
    from bot.winding import clock_of

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
        now = (await database.read(clock_of)).now()
        return await send(database, settings, plan, options.to, now, dry_run=options.dry_run)

    reach = with_database(options, job)
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

    tally = read(options, lambda work: results(work, options.name))
    for line in [tally_json(tally)] if options.json else tally_lines(tally):
        print(line)
    return 0


def _survey_list(options: argparse.Namespace) -> int:
    from bot.calendars import Calendars
    from bot.periodic import lines, schedules
    from bot.winding import clock_of

    async def job(database: Database, settings: Settings) -> list[str]:
        scheduled, calendar = schedules(settings), Calendars(settings).default
        now = (await database.read(clock_of)).now()
        return await database.read(lambda work: lines(work, scheduled, calendar, now))

    for line in with_database(options, job) or [
        "no survey begins by itself: see surveys.periodic in config.example.toml"
    ]:
        print(line)
    return 0


def _survey_tester(options: argparse.Namespace) -> int:
    from bot.surveying import set_tester

    with_database(options, lambda db, _: set_tester(db, options.phone, not options.off))
    print("no tester any more" if options.off else "a tester: what they complain of counts in no rate")
    return 0


def _rates(options: argparse.Namespace) -> int:
    from bot.surveying import RatesOf, rates_json, rates_lines, rates_of
    from bot.winding import clock_of
    from complaints.rates import Rates

    wanted = RatesOf(options.start, options.end, options.site, options.unit, options.policy)

    async def job(database: Database, settings: Settings) -> tuple[Rates, str]:
        now = (await database.read(clock_of)).now()
        return await rates_of(database, settings, wanted, now), settings.service.locale

    rates, locale = with_database(options, job)
    for line in [json.dumps(rates_json(rates))] if options.json else rates_lines(rates, locale):
        print(line)
    return 0


def _words(settings: Settings) -> Vocabulary:
    """Return the words that tables and reports are headed with, and what the company calls its categories."""
    from bot.words import Vocabulary, templates_dir
    from complaints.taxonomy import load_pack

    locale = settings.service.locale
    pack = load_pack(settings.service.pack, settings.policies.directories)
    return Vocabulary(templates_dir() / "_layout" / locale / "words.toml", categories=pack.names(locale))


def _export(options: argparse.Namespace) -> int:
    from bot.ledger import ledger
    from bot.surveying import check_site, chosen_of
    from bot.tabular import write_table
    from bot.winding import clock_of

    async def job(database: Database, settings: Settings) -> int:
        service, now = settings.service, (await database.read(clock_of)).now()
        words = _words(settings)
        chosen = chosen_of(options.start, options.end, options.site, service.zone)

        async def lines(work: Work) -> list[list[str]]:
            if options.site is not None:
                await check_site(work, "--site", options.site)
            return [line async for line in ledger(work, chosen, words, service.zone, now)]

        table = await database.read(lines)
        write_table(options.file, table, ConfigError)
        return len(table) - 1

    print(f"{with_database(options, job)} complaints written to {options.file}")
    return 0


def _report(options: argparse.Namespace) -> int:
    from bot.reporting import Told, as_json, gather, period_of, text_lines, write_all
    from bot.winding import clock_of
    from complaints.reports import Every

    async def job(database: Database, settings: Settings) -> tuple[Told, Vocabulary]:
        service = settings.service
        now = (await database.read(clock_of)).now().astimezone(service.zone)
        words = _words(settings)
        asked = period_of(Every(options.every), options.period, now)
        return await gather(database, settings, words, asked, now, options.site), words

    told, words = with_database(options, job)
    if options.out is not None:
        for path in write_all(told, words, options.out):
            print(path, file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(as_json(told))
    elif options.out is None:
        for line in text_lines(told, words):
            print(line)
    return 0


def _bench(options: argparse.Namespace) -> int:
    for option, value in (("-n", options.n), ("--open", options.open), ("--rate", options.rate)):
        if value < 1:
            raise ConfigError(f"bench: {option} must be at least 1")
    if options.what == "parse":
        from benchmarks.parsing import bench_parse

        figures = bench_parse(options.n)
    elif options.what == "reminders":
        from benchmarks.reminders import bench_reminders

        figures = asyncio.run(bench_reminders(options.n, options.open, options.database))
    elif options.what == "chat":
        from benchmarks.chatting import bench_chat

        figures = asyncio.run(bench_chat(options.n, options.database, rate=options.rate))
    elif options.what == "delivery":
        from benchmarks.delivering import bench_delivery

        figures = asyncio.run(bench_delivery(options.n, options.database))
    elif options.workers > 0:
        from benchmarks.scaling import bench_workers

        figures = asyncio.run(bench_workers(options.n, options.workers, options.database, options.cores))
    else:
        from benchmarks.intake import bench_intake

        figures = asyncio.run(bench_intake(options.n, options.database))
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name}: {value}")
    return 0
