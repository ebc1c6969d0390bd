"""`complaintbot survey …` and `complaintbot rates`: what the command line does with surveys, on an open database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from bot import campaigns
from bot.campaigns import Plan, Tally
from bot.due import moment
from bot.grammar.details import find_phone
from bot.settings import Settings
from bot.storage import codec, surveys
from bot.storage.audit import record_act
from bot.storage.database import Database
from bot.storage.work import Work
from complaints import policy
from complaints.errors import ComplaintError
from complaints.parts.weighing import PolicyRef
from complaints.policy import questionnaires
from complaints.policy.profile import ALSO
from complaints.rates import Rate, Rates, of_one, solving_questions


@dataclass(frozen=True, slots=True)
class RatesOf:
    """Which complaints the rates are of. unit: of whoever has or had the complaint; policy: a profile that it runs under."""

    start: str | None = None
    end: str | None = None
    site: str | None = None
    unit: str | None = None
    policy: str | None = None


def chosen_of(start: str | None, end: str | None, site: str | None, zone: tzinfo) -> surveys.Chosen:
    """Return which complaints the arguments `--from`, `--to` and `--site` mean. Raises ComplaintError naming the wrong one."""
    chosen = surveys.Chosen(
        start=moment("--from", start, zone) if start else None,
        end=moment("--to", end, zone) if end else None,
        site=site,
    )
    if chosen.start is not None and chosen.end is not None and chosen.start >= chosen.end:
        raise ComplaintError(f"--from {start} is not before --to {end}: nothing lies between them")
    return chosen


async def rates_of(database: Database, settings: Settings, wanted: RatesOf, now: datetime) -> Rates:
    """Return the rates, reading the complaints a page at a time. Raises ComplaintError naming the argument that is wrong."""
    chosen = chosen_of(wanted.start, wanted.end, wanted.site, settings.service.zone)
    if wanted.policy is not None and wanted.policy not in policy.available(settings.policies.directories):
        raise ComplaintError(
            f"--policy is {wanted.policy!r}: choose one of {', '.join(policy.available(settings.policies.directories))}"
        )
    asking = solving(settings)

    async def read(work: Work) -> Rates:
        if wanted.site is not None:
            await check_site(work, "--site", wanted.site)
        unit_of = {person.id: person.unit for person in (await work.directory()).persons.values()}
        total = Rates()
        async for complaint in surveys.complaints(work, chosen):
            of_unit = wanted.unit is None or unit_of.get(complaint.owner or "") == wanted.unit
            if of_unit and (wanted.policy is None or wanted.policy in await _profiles(work, complaint.policy)):
                total += of_one(complaint, now, asking)
        return total

    return await database.read(read)


def solving(settings: Settings) -> frozenset[str]:
    """Return the ids of the questions, of ours and the company's own questionnaires, that ask whether it is solved."""
    own = settings.policies.directories
    return solving_questions(questionnaires.load(name, own) for name in questionnaires.available(own))


async def _profiles(work: Work, ref: PolicyRef) -> Collection[str]:
    """Return the profiles that a complaint runs under: a combination's name may be cut short, its data tells them all."""
    names = ref.name.split("+")
    data = await work.policy_data(ref.name, ref.version) if len(names) > 1 else None
    return names if data is None else (names[0], *codec.loads(data).get(ALSO, {}))


async def check_site(work: Work, argument: str, site: str) -> None:
    known = sorted({*(await work.directory()).sites, *await surveys.sites(work)})
    if site not in known:
        raise ComplaintError(f"{argument} is {site!r}: choose one of {', '.join(known) or '(there are no sites yet)'}")


def rates_json(rates: Rates) -> dict[str, Any]:
    """Return the rates as JSON values; a rate of nothing is null."""
    return {
        name: {"rate": value.value, "hits": value.hits, "of": value.of} if isinstance(value, Rate) else value
        for name in rates.__slots__
        for value in (getattr(rates, name),)
    }


_RATES = (
    ("response", "响应率", "contacted in time"),
    ("solved", "解决率", "solved"),
    ("satisfied", "满意率", "satisfied"),
    ("closed", "闭环率", "closed"),
)


def rates_lines(rates: Rates, locale: str) -> Iterator[str]:
    """Yield the rates for people. locale: the desk's; beside Chinese the English words stand, too."""
    for name, zh, en in _RATES:
        text = en if locale == "en" else f"{zh} {en}"
        rate: Rate = getattr(rates, name)
        share = "-" if rate.value is None else f"{rate.value:.1%}"
        yield f"{text}: {share} ({rate.hits} of {rate.of})"
    yield (
        f"{rates.counted} complaints; asked {rates.asked}: answered {rates.answered}, not rated {rates.unanswered}, "
        f"waiting {rates.waiting}; closed unsettled {rates.unsettled}, closed not rated {rates.unrated}"
    )


def plan_of(
    settings: Settings, *, name: str, questionnaire: str, per_minute: int, every_days: int, expire_days: int, note: str
) -> Plan:
    """Return a campaign's plan. Raises PolicyError where there is no such questionnaire, or it is wrong."""
    data = questionnaires.read(questionnaire, settings.policies.directories)
    questionnaires.parse(questionnaire, data)
    for argument, value in (("--per-minute", per_minute), ("--every", every_days), ("--expire", expire_days)):
        if not 1 <= value <= 10_000:
            raise ComplaintError(f"{argument} is {value}: it must lie between 1 and 10000")
    if not 0 < len(name) <= 64:
        raise ComplaintError("--name must have 1 to 64 characters")
    return Plan(name, questionnaire, data, per_minute, every_days, expire_days, note)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a campaign asks as things stand. left_out: of the others, by the reason. unknown: lines that are nobody's number."""

    asked: int
    left_out: Mapping[str, int]
    unknown: Sequence[str] = ()

    @property
    def others(self) -> str:
        """Who is left out, in words; empty where nobody is."""
        return ", ".join(f"{count} left out: {why}" for why, count in sorted(self.left_out.items()))


async def send(
    database: Database, settings: Settings, plan: Plan, to: Sequence[str], now: datetime, *, dry_run: bool
) -> Reach:
    """Begin a campaign, or with dry_run only look.

    to: all | closed-since DATE | site CODE | FILE, a phone number a line. Raises ComplaintError.
    """

    async def look(work: Work) -> tuple[list[str], Reach]:
        persons, unknown = await _persons(work, settings, to)
        why = Counter([await campaigns.left_out(work, person, plan.every_days, now) for person in persons])
        return persons, Reach(why.pop("", 0), why, unknown)

    async def job(work: Work) -> Reach:
        persons, reach = await look(work)
        if not persons:
            raise ComplaintError("--to finds nobody to ask: the survey was not begun, its name stays free")
        await campaigns.start(work, plan, persons, now)
        return reach

    return (await database.read(look))[1] if dry_run else await database.write(job)


async def _persons(work: Work, settings: Settings, to: Sequence[str]) -> tuple[list[str], list[str]]:
    match list(to):
        case ["all"]:
            return await surveys.customers(work), []
        case ["closed-since", since]:
            at = moment("--to closed-since", since, settings.service.zone)
            return await surveys.customers(work, closed_since=at), []
        case ["site", site]:
            await check_site(work, "--to site", site)
            return await surveys.customers(work, site=site), []
        case [file]:
            return await _with_numbers(work, _lines(Path(file)))
    raise ComplaintError("--to takes: all, closed-since DATE, site CODE, or FILE with a phone number a line")


def _lines(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise ComplaintError(f"--to: {file} cannot be read as text: {error}") from None


async def _with_numbers(work: Work, lines: Sequence[str]) -> tuple[list[str], list[str]]:
    persons: set[str] = set()
    unknown: list[str] = []
    for line in lines:
        phone = find_phone(line)
        found = await surveys.with_phones(work, [phone]) if phone else []
        persons.update(found)
        if not found:
            unknown.append(line)
    return sorted(persons), unknown


def tally_json(tally: Tally) -> str:
    """Return what came of a campaign as one JSON object."""
    return json.dumps(asdict(tally), ensure_ascii=False)


def tally_lines(tally: Tally) -> Iterator[str]:
    """Yield what came of a campaign for people."""
    yield f"{tally.name}: " + ", ".join(f"{count} {state}" for state, count in sorted(tally.states.items()))
    yield from (f"    {count} left out: {why}" for why, count in sorted(tally.left_out.items()))
    for question, counted in tally.answers.items():
        yield f"{question}: {_counted(counted)}; skipped {tally.skipped.get(question, 0)}"
        yield from (f"    {words}" for words in tally.words[question])
    if tally.note:
        yield f"note: {tally.note}"


def _counted(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{value} {count}" for value, count in sorted(counted.items())) or "no answer to count"


async def set_tester(database: Database, phone: str, on: bool) -> None:
    """Say of a customer, by phone number, that they are a tester or are not. Raises ComplaintError where nobody has it."""
    number = find_phone(phone)

    async def job(work: Work) -> bool:
        row = await work.customer_by_phone(number) if number else None
        if row is not None:
            row.tester = on
            record_act(work, "tester_set", person=row.id, on="yes" if on else "no")
        return row is not None

    if not await database.write(job):
        raise ComplaintError(f"no customer has the phone number {phone!r}")
