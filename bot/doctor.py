"""`complaintbot doctor`: what is stuck, how much, since when, and what cures it.

It looks at the database and the disk from outside, and asks the service how it fares where one answers. Its cost grows with
what is stuck; what needs a look at everything (`deep`) is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.clock import MovableClock
from bot.erasure import OWED
from bot.files import free_on_disk
from bot.people import Directory
from bot.periodic import Schedule, late, schedules, unknown_sites
from bot.policies import PolicyBook
from bot.readings import PATIENCE, needed
from bot.settings import Settings, signing_secret
from bot.signing import CURE, DIFFERS, differs, known
from bot.storage import holds, readings, stuck, unknown
from bot.storage.audit import restorings
from bot.storage.database import Database, only_adds, revisions
from bot.storage.holds import Held
from bot.storage.portrait import erased_since, is_known
from bot.storage.stuck import Stuck
from bot.storage.whole import left_behind, snapshot
from bot.storage.work import Work
from bot.tokens import Signer
from bot.winding import wind
from complaints.errors import ComplaintError
from complaints.vocabulary import SERVICE_CENTRE, Role

_AT_ONCE = timedelta(minutes=2)  # what is done at once and has not been for so long, is stuck
_SLOW = timedelta(minutes=10)  # likewise of what takes its time: files, the audit chain
_SKEW_S = 2.0
_LEAST_FREE = 1 << 30  # bytes of the disk,
_LEAST_SHARE = 0.05  # and the part of it
_ANSWER_S = 3.0
_BACKUP_EVERY = timedelta(days=8)
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that needs a person. what: its name, for machines. wrong: false where it is only worth a thought.

    says: what it is, with the count. since: for how long; None where nobody knows. cure: a command, or what to do.
    """

    what: str
    says: str
    cure: str
    count: int = 1
    since: datetime | None = None
    examples: tuple[str, ...] = ()
    wrong: bool = True


async def examine(settings: Settings, book: PolicyBook, now: datetime, *, deep: bool = False) -> list[Finding]:
    """Return what is found, what is wrong first. now: by this machine's clock. Raises DatabaseUnavailable."""
    if old := _schema(settings):
        return [old]  # other looks would ask for what is not there yet
    clock = MovableClock(now)
    async with Database(settings.database.url) as database:
        found = [_demo(clock.ahead)] if await database.read(lambda work: wind(work, clock)) else []
        found += await database.read(lambda work: _database(work, clock.now()))
        found += await database.read(lambda work: _not_read(work, settings, now))
        found += await database.read(lambda work: _not_worked(work, settings, now))
        found += await database.read(lambda work: _secret(work, settings))
        found += await database.read(_erasing_owed)
        found += await database.read(lambda work: _staff(work, book, clock.now()))
        scheduled = schedules(settings)
        found += await database.read(lambda work: _surveys(work, scheduled, book, clock.now()))
        if deep:
            # Those that were met lately are among all that there are.
            found = [each for each in found if each.what != "newer_words"]
            found += await database.read(lambda work: _deep(work, settings))
        held = await database.read(holds.held)
    found += _disk(settings)
    found += _replaced(settings, held)
    found += [each for each in await _service(settings) if each.what != "secret" or each.what not in _names(found)]
    return sorted(found, key=lambda finding: not finding.wrong)


def _names(found: Iterable[Finding]) -> set[str]:
    return {each.what for each in found}


def _schema(settings: Settings) -> Finding | None:
    with snapshot(settings.database.url) as whole:
        revision = whole.revision
    if revision == revisions()[-1] or only_adds(revision):
        return None
    known = revision in revisions() or not revision
    return Finding(
        "schema",
        f"the tables are of revision {revision or 'none'}, and this version needs {revisions()[-1]}",
        "complaintbot migrate" if known else "run the version of complaintbot that made them",
    )


def _demo(ahead: timedelta) -> Finding:
    says = f"these are the data of a demo, whose clock is {ahead.total_seconds() / 3600:.1f} h ahead of this machine's"
    return Finding("demo", says, "for complaints of customers set another service.data_dir", wrong=False)


# ── the tables ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _database(work: Work, now: datetime) -> list[Finding]:
    soon, slow = now - _AT_ONCE, now - _SLOW
    looks = (
        ("not_understood", await stuck.not_understood(work, soon), "messages are stored and not understood",
         "see that the service runs (complaintbot run) and what its log says of `inbox`"),
        ("quarantine", await stuck.quarantined(work), "messages could not be understood",
         "complaintbot quarantine list, then show, and retry or dismiss"),
        ("not_sent", await stuck.not_sent(work, soon), "messages of ours are due and do not go out",
         "see that the service runs; complaintbot check tries each channel"),
        ("abandoned", await stuck.abandoned(work, soon), "messages of ours are in the hand of a process that died",
         "start the service: it finds out within delivery.lease_s what became of them"),
        ("failed", await stuck.failed(work), "messages of ours reached nobody",
         "complaintbot outbox failed, then resend or dismiss"),
        ("uncertain", await stuck.uncertain(work), f"messages of ours may or may not have arrived{await _by_channel(work)}",
         "complaintbot outbox uncertain, then resend or dismiss, one by one or --channel CHANNEL"),
        ("timers_overdue", await stuck.timers_overdue(work, soon), "timers are due and do not fire",
         "see that the service runs and what its log says of `timers`"),
        ("timers_set_aside", await stuck.timers_set_aside(work), "timers failed and were set aside",
         "complaintbot doctor --deep names damaged records; the next decision on a complaint sets its timers anew"),
        ("files_waiting", await stuck.files_not_fetched(work, slow), "files that came with messages are not fetched",
         "see that the service runs and what its log says of `files`"),
        ("unsealed", await stuck.unsealed(work, slow), "events are not in the audit chain yet",
         "see that the service runs and what its log says of `audit`"),
    )  # fmt: skip
    found = [_counted(what, rows, says, cure) for what, rows, says, cure in looks if rows.count]
    for channel, since in (await stuck.channels_down(work)).items():
        cure = "/healthz and the log say why; what waits for it goes out by itself when it is back"
        found.append(Finding("channel_down", f"channel {channel} is down", cure, since=since, examples=(channel,)))
    found += _newer(await unknown.since(work, now - _SLOW))
    return found + await _clocks(work, now) + await _backup(work, now)


def _newer(late: Collection[str]) -> list[Finding]:
    if not late:
        return []
    says = f"{len(late)} complaints have words of a newer version: a process of an older one met them and leaves them alone"
    cure = "restart every process with the newest version: what waits for them goes on by itself"
    return [Finding("newer_words", says, cure, len(late), examples=tuple(sorted(late)[:_NAMED]))]


async def _by_channel(work: Work) -> str:
    counts = sorted((await stuck.uncertain_by(work)).items())
    return "".join(f", {count} by {channel or 'no channel yet'}" for channel, count in counts)


async def _not_read(work: Work, settings: Settings, now: datetime) -> list[Finding]:
    """Say which channels nobody reads, by what their readers said last, wherever those run. now: by this machine's clock."""
    last = await readings.last(work)
    late = {channel: last[channel] for channel in settings.connectors.polled if channel in last}
    cure = "see that a process with the role connectors runs, and what its /healthz and its log say"
    return [
        Finding("not_read", f"the channel {channel} is read by nobody", cure, since=at, examples=(channel,))
        for channel, at in late.items()
        if now - at >= PATIENCE
    ]


async def _not_worked(work: Work, settings: Settings, now: datetime) -> list[Finding]:
    """Say which roles nobody has, by what the processes said last. now: by this machine's clock."""
    last = await readings.last_roles(work)
    if not last:
        return []  # no process ever said so, of a new desk or of an older version
    enabled = settings.connectors
    called = (enabled.web.enabled, enabled.sms.enabled, enabled.telegram.enabled and "telegram" not in enabled.polled)
    wanted = needed([*(True for _ in enabled.polled), *(False for each in called if each)])
    perhaps = await readings.perhaps_elsewhere(work, [role for role in wanted if role not in last], now, PATIENCE)
    cure = "see that a process with this role runs (service.roles), and what its /healthz and its log say"
    return [
        Finding("no_role", f"no process does what the role {role} is for", cure, since=last.get(role), examples=(role,))
        for role in wanted
        if role not in perhaps and (role not in last or now - last[role] >= PATIENCE)
    ]


async def _secret(work: Work, settings: Settings) -> list[Finding]:
    """Say so where these settings have another secret than the database was worked on with. None is made here."""
    service = settings.service
    if not service.secret and not (service.data_dir / "secret").is_file():
        return []  # whoever asks from another machine
    mark = Signer(signing_secret(service)).mark
    return [Finding("secret", DIFFERS, CURE)] if differs(await known(work), mark) else []


async def _erasing_owed(work: Work) -> list[Finding]:
    """Name whom a backup brought back though they had been erased, and who could not be erased again."""
    owed = dict.fromkeys(person for person, _ in await erased_since(work, OWED))
    back = tuple([person for person in owed if await is_known(work, person)])
    if not back:
        return []
    says = f"{len(back)} people who had been erased are back with a restored backup"
    cure = "settle their complaints or lift the hold, then complaintbot person erase ID --by NAME --reason TEXT"
    return [Finding("erasure_owed", says, cure, len(back), examples=back[:_NAMED])]


def _replaced(settings: Settings, held: Held) -> Iterator[Finding]:
    for kept in left_behind(settings.database.url):
        cure = "DROP SCHEMA … CASCADE" if kept.startswith("the schema ") else "remove the file"
        if held.references or held.persons:
            cure += ", but not before the legal holds are lifted (complaintbot hold list): what they are on may be in it alone"
        says = f"what a restoring replaced is still kept as {kept}, with everybody in it who was erased since"
        yield Finding("replaced_data", says, cure, examples=(kept,), wrong=False)


def _counted(what: str, rows: Stuck, says: str, cure: str) -> Finding:
    return Finding(what, f"{rows.count} {says}", cure, rows.count, rows.since, rows.examples)


async def _surveys(work: Work, scheduled: Sequence[Schedule], book: PolicyBook, now: datetime) -> list[Finding]:
    cure = "see that the service runs and what its log says of `surveys`; complaintbot survey list says what is due"
    names = await late(work, scheduled, book.current.calendar, now)
    found = [
        Finding("survey_not_begun", f"the survey {name} should have begun", cure, examples=(name,)) for name in names
    ]
    sites = (await work.directory()).sites
    unknown = unknown_sites(scheduled, sites)
    known = f"write one of {', '.join(sorted(sites)) or '(there are none yet: complaintbot sites import)'}"
    return found + [Finding("survey_site", says, known, wrong=False) for says in unknown]


async def _clocks(work: Work, now: datetime) -> list[Finding]:
    cure = "set the clock of this machine and of the database's by NTP (timedatectl)"
    theirs, newest = await stuck.database_time(work), await stuck.newest(work)
    found = []
    if theirs is not None and abs((theirs - now).total_seconds()) > _SKEW_S:
        apart = (theirs - now).total_seconds()
        found.append(Finding("clock", f"the clock of the database is {apart:+.0f} s off this machine's", cure))
    if newest is not None and newest > now + timedelta(seconds=_SKEW_S):
        found.append(
            Finding("clock_back", f"a complaint came at {newest:%Y-%m-%d %H:%M:%S} UTC, which is yet to come", cure)
        )
    return found


async def _backup(work: Work, now: datetime) -> list[Finding]:
    made = [each.made_at for each in await restorings(work)]  # what the desk came from is kept somewhere
    made += [at for at in [await stuck.last_act(work, "backed_up")] if at is not None]
    last = max(made, default=None)
    if await stuck.newest(work) is None or (last is not None and now - last < _BACKUP_EVERY):
        return []
    says = "no backup was made by complaintbot backup" + (" for more than a week" if last else "")
    return [Finding("backup", says, "complaintbot backup FILE, every night", since=last, wrong=False)]


async def _deep(work: Work, settings: Settings) -> list[Finding]:
    found = []
    idle = await stuck.without_timer(work)
    if idle.count:
        says = "open complaints have no timer ahead: nothing will be said of them by itself"
        found.append(
            _counted("no_timer", idle, says, "take them on in chat: the next decision on each sets its timers")
        )
    of_newer, damaged = await unknown.unreadable(work)
    found += _newer(of_newer)
    if damaged:
        says = f"the records of {len(damaged)} open complaints cannot be read"
        cure = (
            "complaintbot restore the last good backup elsewhere, and compare; see the log for what is wrong with each"
        )
        found.append(Finding("damaged", says, cure, len(damaged), examples=tuple(damaged[:_NAMED])))
    missing = [path async for path in stuck.fetched_files(work) if not (settings.files_dir / path).is_file()]
    if missing:
        says = f"{len(missing)} files are not on the disk"
        cure = f"put them back into {settings.files_dir} from a backup"
        found.append(Finding("files_missing", says, cure, len(missing), examples=tuple(missing[:_NAMED])))
    return found


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _staff(work: Work, book: PolicyBook, now: datetime) -> list[Finding]:
    directory = await work.directory()
    active = {person.id: person for person in directory.persons.values() if person.active}
    if not active:
        return [Finding("no_staff", "there is nobody on the staff", "complaintbot staff import FILE")]
    reachable = await stuck.reachable(work, list(active))
    unbound = sorted(person.name for person in active.values() if person.id not in reachable)
    found = []
    if unbound:
        says = f"{len(unbound)} of the staff have bound no address and can say nothing"
        cure = f"complaintbot staff code {unbound[0]}"
        found.append(Finding("unbound", says, cure, len(unbound), examples=tuple(unbound[:_NAMED]), wrong=False))
    centre = [person for person in active.values() if person.roles & SERVICE_CENTRE]
    if not any(person.id in reachable for person in centre):
        says = "nobody of the service centre can be met: no complaint that needs a person is seen"
        found.append(Finding("no_centre", says, "give somebody the role of an agent (staff import) and a staff code"))
    elif all(directory.away(person.id, now) for person in centre):
        found.append(Finding("centre_away", "everybody of the service centre is away", "complaintbot rota import FILE"))
    return found + _not_watched(directory, book, now) + list(_nobody(book, directory))


def _not_watched(directory: Directory, book: PolicyBook, now: datetime) -> list[Finding]:
    teams = [site for site in directory.sites if directory.rota(site)] or ([""] if directory.shifts else [])
    empty = tuple(team or "the company" for team in teams if not directory.on_duty(team, now, book.calendar_at))
    if not empty:
        return []
    says = f"nobody is on duty now at {', '.join(empty[:_NAMED])}"
    return [
        Finding("no_duty", says, "complaintbot rota show; rota import FILE", len(empty), examples=empty, wrong=False)
    ]


def _nobody(book: PolicyBook, directory: Directory) -> Iterator[Finding]:
    """Say which roles the policy in force speaks to that nobody has."""
    policy = book.current.policy
    for role in sorted(set(_roles(policy)) - {Role.SYSTEM, Role.CUSTOMER, Role.EMPLOYEE}):
        if not directory.holding(role):
            says = f"the policy {policy.name} speaks to {role.value}, and nobody is that"
            cure = f"give somebody the role (complaintbot staff import), or take it out of {policy.name}"
            yield Finding("nobody", says, cure, examples=(role.value,), wrong=False)


def _roles(value: object) -> Iterator[Role]:
    """Give every role that is named anywhere in a value."""
    if isinstance(value, Role):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _roles(getattr(value, field.name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from _roles(each)
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _roles(each)


# ── the machine ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _disk(settings: Settings) -> Iterator[Finding]:
    for folder in dict.fromkeys((settings.service.data_dir, settings.files_dir)):
        free, share = free_on_disk(folder)
        fetching = folder != settings.files_dir or free >= settings.files.least_free_bytes
        if free < _LEAST_FREE or share < _LEAST_SHARE or not fetching:
            says = f"{free >> 20} MB ({share:.0%}) are free on the disk of {folder}"
            says += "" if fetching else ", and no file of a message is fetched any more"
            yield Finding("disk", says, "free some, or move service.data_dir; a full disk takes no message in")


async def channels_said_down(settings: Settings) -> dict[str, str]:
    """Return what is known of channels that do not take messages though they may be reached: by the database, which every
    process tells, and by the service on this machine. Empty where neither answers.
    """
    said: dict[str, str] = {}
    try:
        if _schema(settings) is None:
            async with Database(settings.database.url) as database:
                down = await database.read(stuck.channels_down)
            said = {channel: f"down since {since:%Y-%m-%d %H:%M} UTC" for channel, since in down.items()}
    except ComplaintError:
        pass  # who asks hears of the database elsewhere
    try:
        connectors = (await _asked(settings))["connectors"] if settings.http.port else {}
        for channel, state in connectors.items():
            if not state["ok"]:
                why = state.get("paused_because") or state.get("detail") or ""
                said[channel] = said.get(channel, "not working") + (f": {why}" if why else "")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # it does not run, or is another
    return said


def _url(settings: Settings) -> str:
    host = settings.http.host if settings.http.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.http.port}/healthz"


async def _asked(settings: Settings) -> Any:
    """Return what `/healthz` of the service on this machine says."""
    secret = settings.http.status_secret
    shown = {"Authorization": f"Bearer {secret}"} if secret else {}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_S)) as session,
        session.get(_url(settings), headers=shown, allow_redirects=False) as response,  # the secret is for nobody else
    ):
        return json.loads(await response.text())


async def _service(settings: Settings) -> list[Finding]:
    """Ask the service on this machine how its connectors and loops fare."""
    if not settings.http.port:
        return []
    url = _url(settings)
    try:
        health = await _asked(settings)
        parts = [("connector", *each) for each in health["connectors"].items()]
        parts += [("loop", *each) for each in health["loops"].items()]
        same = health.get("secret", {"ok": True})["ok"]  # an older version does not say
        return [*_unwell(parts), *([] if same else [Finding("secret", DIFFERS, CURE)])]
    except (aiohttp.ClientError, TimeoutError, OSError):
        return [
            Finding(
                "service", f"no service answers on {url}", "start it: complaintbot run, or systemctl start complaintbot"
            )
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [Finding("service", f"what answers on {url} is no complaintbot", "free the port, or set http.port")]


def _unwell(parts: Iterable[tuple[str, str, dict[str, object]]]) -> Iterator[Finding]:
    cures = {"connector": "complaintbot check says what is wrong with it", "loop": "see the log; restart the service"}
    for kind, name, state in parts:
        if state["ok"]:
            continue
        age = state.get("seconds_since_worked")
        since = datetime.now(UTC) - timedelta(seconds=age) if isinstance(age, int | float) else None
        detail = str(state.get("detail") or state.get("error") or "")
        says = f"the {kind} {name} does not work" + (f": {detail}" if detail else "")
        yield Finding(kind, says, cures[kind], since=since, examples=(name,))


# ── for the terminal ──────────────────────────────────────────────────────────────────────────────────────────────────


def lines(found: Iterable[Finding], local: Callable[[datetime], datetime]) -> Iterator[str]:
    """Give what was found for reading. local: a moment in the desk's time zone."""
    for finding in found:
        since = f", since {local(finding.since):%Y-%m-%d %H:%M}" if finding.since else ""
        named = f" ({', '.join(finding.examples)}{', …' if finding.count > len(finding.examples) else ''})"
        yield f"{'wrong' if finding.wrong else 'look'}: {finding.says}{since}{named if finding.examples else ''}"
        yield f"       → {finding.cure}"


def as_json(found: Iterable[Finding]) -> str:
    """Return what was found as one JSON list, moments as ISO 8601."""
    return json.dumps(
        [asdict(finding) | {"since": finding.since.isoformat() if finding.since else None} for finding in found],
        ensure_ascii=False,
    )
