"""What `check` says: whether a start with these settings would come up, and what of them is hardly meant."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import socket
from collections.abc import Callable
from datetime import datetime
from functools import partial

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.alone import is_at_work
from bot.app import build_connectors, load_rules
from bot.calendars import Calendars
from bot.clock import SystemClock
from bot.people import Directory
from bot.periodic import schedules, unknown_sites
from bot.publishing import published
from bot.serving import cannot_listen
from bot.settings import HttpSection, Settings, variable_of
from bot.sites import unknown_calendars
from bot.storage.chat import ChatLog
from bot.storage.database import Database, file_of, only_adds, revisions
from complaints.calendar import WorkingCalendar
from complaints.errors import ComplaintError
from complaints.quiet import slept_through, unwatched
from connectors.port import ConnectorError

_ANSWER_S = 3.0  # of whoever has the port

FINE, WARNING = "ok: ", "warning: "
"""With one of these begins what `check` says of a part where the service starts all the same."""


async def check(settings: Settings) -> list[tuple[str, str]]:
    """Return (part, what is to be said of it or "") for the database, the rules, the web server and every enabled connector.

    Nothing is made or changed: neither tables nor, where there is none yet, SQLite's file.
    """
    from bot.storage.whole import revision_of  # with PostgreSQL's client, which takes a while to load

    results = []
    async with Database(settings.database.url) as database:
        revision: str | None = None
        try:
            revision = await asyncio.to_thread(revision_of, settings.database.url)
            results.append(("database", "" if revision else _place_trouble(settings.database.url)))
            results.append(("schema", _schema_said(revision, settings)))
        except ComplaintError as error:
            results.append(("database", str(error)))
        results.append(("rules", _trouble(lambda: load_rules(settings, Calendars(settings)))))
        if not any(trouble and not trouble.startswith((FINE, WARNING)) for _, trouble in results):
            readable = revision == revisions()[-1] or only_adds(revision or "")
            if readable:
                calendars = await published(database, settings)
                directory = await database.read(lambda work: work.directory())
            else:
                calendars, directory = Calendars(settings), Directory.of(())
            if readable or not revision:
                results += [("policies", f"{WARNING}{doubt}") for doubt in _doubts(settings, directory)]
                results += [("nights", warning) for warning in _unwatched_nights(settings, calendars, directory)]
        results.append(("http", await _listening_trouble(settings)))
        for channel, connector in build_connectors(settings, ChatLog(database, SystemClock()), SystemClock()).items():
            try:
                await connector.check()
                results.append((channel, ""))
            except ConnectorError as error:
                results.append((channel, str(error)))
            finally:
                await connector.close()
    return results


def _schema_said(revision: str, settings: Settings) -> str:
    """Say of which revision the tables are, and what a start makes of them."""
    newest = revisions()[-1]
    if not revision:
        where = file_of(settings.database.url)
        place = "" if where is None else f" in {where} (see service.data_dir, {variable_of('service.data_dir')})"
        return f"{WARNING}there are no tables yet: `complaintbot run` makes them{place}, revision {newest}"
    if revision == newest:
        return f"{FINE}the tables are of revision {revision}, as this version's"
    if only_adds(revision):
        return f"{WARNING}the tables are of revision {revision}, a newer version's: this one ({newest}) works with them"
    if revision not in revisions():
        return f"the tables are of revision {revision}, which this version ({newest}) does not know: run the newer one"
    cure = "`complaintbot run` brings them up to date, as `complaintbot migrate` does; make a backup before"
    return f"{WARNING}the tables are of revision {revision}, and this version's is {newest}: {cure}"


def _place_trouble(url: str) -> str:
    """Say what keeps SQLite's file, which is not there yet, from being made."""
    file = file_of(url)
    if file is None:
        return ""
    path = file.absolute()
    nearest = next(folder for folder in path.parents if folder.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return ""
    return f"{path} cannot be made, for nothing can be written to {nearest}: set service.data_dir or database.url"


def _doubts(settings: Settings, directory: Directory) -> list[str]:
    """Return what the profiles, the rows that choose them and the sites say of each other that is hardly meant."""
    calendars = Calendars(settings)
    book, pack = load_rules(settings, calendars)
    sites = directory.sites
    today = SystemClock().now().astimezone(book.calendar.zone).date()
    known = ", ".join(sorted(sites)) or "none: import them with `sites import`"
    unknown = [f"{said}; there are {known}" for said in unknown_sites(schedules(settings), sites)]
    return [*book.doubts(pack, sites, today), *unknown, *unknown_calendars(calendars.names, sites)]


def _unwatched_nights(settings: Settings, calendars: Calendars, directory: Directory) -> list[str]:
    """Return a warning for each site, or the whole company, whose promises can run out at night while nobody is on duty."""
    book, _ = load_rules(settings, calendars)
    policy = book.current.policy
    clocks = slept_through(policy)
    if policy.quiet_staff is None or not clocks:
        return []
    promised = ", ".join(f"{clock.name} {clock.limit}" for clock in clocks)
    warnings = []
    for site in directory.sites or ("",):
        calendar = book.calendar_at(site)
        on_duty = partial(_watched, directory, site, book.calendar_at)
        at = unwatched(policy.quiet_staff, on_duty, calendar, SystemClock().now())
        if at is not None:
            where = f" at {site}" if site else ""
            warnings.append(
                f"{WARNING}{policy.name} promises {promised}, and nobody is on duty{where} on"
                f" {at.astimezone(calendar.zone):%Y-%m-%d %H:%M}: import a rota that covers the nights, or what comes in then"
                " is heard in the morning"
            )
    return warnings


def _watched(directory: Directory, site: str, calendar_at: Callable[[str], WorkingCalendar], at: datetime) -> bool:
    return bool(directory.on_duty(site, at, calendar_at))


def _trouble(build: Callable[[], object]) -> str:
    try:
        build()
    except ComplaintError as error:
        return str(error)
    return ""


async def _host_trouble(host: str) -> str:
    """Say what is wrong with the name of the address to listen on."""
    try:
        await asyncio.get_running_loop().getaddrinfo(host, None, flags=socket.AI_PASSIVE)
    except OSError as error:
        return f"http.host is {host!r}, which is no address of a machine ({error.strerror}): write 127.0.0.1 or 0.0.0.0"
    return ""


async def _listening_trouble(settings: Settings) -> str:
    """Say what would keep the web server from its address: the same as a start would say."""
    http = settings.http
    if trouble := await _host_trouble(http.host):
        return trouble
    try:
        # Bound as the web server binds it, and never listened on: nobody's request can come here.
        server = await asyncio.get_running_loop().create_server(
            asyncio.Protocol, http.host, http.port, start_serving=False
        )
        server.close()
    except OSError as error:
        said = cannot_listen(http, error)
        if error.errno != errno.EADDRINUSE or not is_at_work(settings) or not await _is_ours(http):
            return said
        who = "this service" if file_of(settings.database.url) is not None else "a complaintbot"
        return f"{FINE}{http.host}:{http.port} is in use, by {who}"
    return ""


async def _is_ours(http: HttpSection) -> bool:
    """Say whether what answers on our address shows the health of a complaintbot."""
    host = http.host if http.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
    url = f"http://{f'[{host}]' if ':' in host else host}:{http.port}/healthz"
    shown = {"Authorization": f"Bearer {http.status_secret}"} if http.status_secret else {}
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=_ANSWER_S)) as session,
            session.get(url, headers=shown, allow_redirects=False) as response,  # the secret is for nobody else
        ):
            health = json.loads(await response.text())
            return isinstance(health, dict) and {"connectors", "loops"} <= health.keys()
    except (ClientError, TimeoutError, OSError, ValueError):
        return False
