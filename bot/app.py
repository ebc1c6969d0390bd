"""The one place that wires everything: settings in, a running service out."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import gc
import ipaddress
import json
import logging
import os
import resource
import signal
import socket
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy import make_url

from bot.answers import Answer, Internal
from bot.attendance import Attendance
from bot.auditing import EVERY_S, Sealer
from bot.calendars import Calendars
from bot.campaigns import Campaigns
from bot.canary import EVERY_S as CANARY_S
from bot.canary import Canary
from bot.clock import Clock, SystemClock
from bot.contents import accepted
from bot.data_requests import DataRequests
from bot.delivery import Delivery, Rules
from bot.desk import Desk
from bot.files import ROOM_S, TIMEOUT_S, FileKeeper
from bot.grammar import likeness, needed
from bot.grammar.patterns import prepare_all
from bot.heartbeat import Heartbeat
from bot.improvements import Improvements
from bot.intake import Understander
from bot.menus import EVERYBODY, menus
from bot.operations import Operations
from bot.owed import OwedByDay
from bot.people import Directory
from bot.periodic import Periodic, schedules, unknown_sites
from bot.phones import numbers_are_of
from bot.policies import PolicyBook
from bot.publishing import published
from bot.readings import EVERY_S as READINGS_S
from bot.readings import Readings
from bot.receiving import Receiving
from bot.reckoning import Reckoner
from bot.retention import EVERY_S as RETENTION_S
from bot.retention import Retention
from bot.settings import HttpSection, ProcessRole, Settings, signing_secret, variable_of
from bot.signing import compare
from bot.sites import unknown_calendars
from bot.storage.chat import SAID, ChatLog
from bot.storage.database import Database, file_of, migrate, only_adds, revisions
from bot.storage.postgres import DELIVERIES
from bot.storage.tallies import Tallies
from bot.storage.workqueue import work_queue
from bot.surveying import solving
from bot.timers import TimerTable
from bot.tokens import Signer
from bot.unreached import Unreached
from bot.views import Viewer
from bot.words import LOCALES, Vocabulary, Words, known_locale, templates_dir
from complaints.calendar import WorkingCalendar
from complaints.change import NoticeKind
from complaints.emergency import Services
from complaints.errors import ComplaintError, ConfigError
from complaints.quiet import slept_through, unwatched
from complaints.taxonomy import Pack, load_pack, shipped_codes
from connectors.doorway import Connection, Doorway, Waiting
from connectors.port import Connector, ConnectorError, ConversationLog, Intake
from scheduler.outbox import drain
from scheduler.port import Beat, Retries, WorkQueue
from scheduler.ticks import Ticks
from scheduler.timers import keep_sweeping, sweep

_log = logging.getLogger(__name__)

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PORT_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES})
_ANSWER_S = 3.0  # of whoever has the port
IDLE_S = 75.0  # a connection that brings no whole request for so long is closed; proxies keep theirs for 60
HEAD_S = 15.0  # and a new one that has not even brought a request's head
MAX_BODY = 1 << 20  # of any HTTP request; channels that take less say so themselves


def build_connectors(
    settings: Settings, log: ConversationLog, clock: Clock, *, demo: bool = False, tallies: Tallies | None = None
) -> dict[str, Connector]:
    """Return the enabled connectors by channel. Raises ConfigError naming the section that is wrong.

    tallies: what several processes count together; None where there is one. A channel's module is loaded with the channel: some
    take as long to load as all the rest of us.
    """
    sections = settings.connectors
    connectors: list[Connector] = []
    if sections.email.enabled:
        connectors.append(_email(settings))
    if sections.web.enabled:
        connectors.append(_web_chat(settings, log, clock, tallies))
    if sections.sms.enabled:
        stub = sections.sms.provider == "stub"
        connectors.append(_sms_stub(settings, log, clock, demo=demo) if stub else _sms_gateway(settings, clock))
    if sections.telegram.enabled:
        connectors.append(_telegram(settings, clock))
    if not connectors:
        raise ConfigError("no channel is enabled: set enabled = true in one of the [connectors.…] sections")
    return {connector.channel: connector for connector in connectors}


def _email(settings: Settings) -> Connector:
    from connectors.email import EmailConnector, EmailSettings

    section = settings.connectors.email
    tokens = str(settings.service.data_dir / "mail-tokens")
    try:
        mailboxes = (section, *section.mailboxes)
        return EmailConnector(*(EmailSettings(tokens_dir=tokens, **each.arguments()) for each in mailboxes))
    except ValueError as error:
        raise _wrong("connectors.email", section.arguments(), error) from None


def _wrong(section: str, keys: Collection[str], error: ValueError) -> ConfigError:
    """Return what a connector says of its settings, under the full name of the key, with which it begins where there is one."""
    said = str(error)
    key = said.split(" ")[0].rstrip(":")
    if key.split(".")[0] not in keys:
        return ConfigError(f"{section}: {said}")
    cure = f": set it there or as {variable_of(f'{section}.{key}')}" if said.startswith(f"{key} is empty") else ""
    return ConfigError(f"{section}.{said}{cure}")


def _web_chat(settings: Settings, log: ConversationLog, clock: Clock, tallies: Tallies | None) -> Connector:
    from connectors.web import UploadRules, WebChatConnector, WebChatSettings

    section = settings.connectors.web
    chat = WebChatSettings(
        title=settings.service.name,
        allowed_origins=section.allowed_origins,
        proxies=section.proxies,
        menus={locale: menus(locale)[EVERYBODY] for locale in LOCALES},
    )
    uploads = UploadRules(
        directory=settings.files_dir / "uploads",
        max_bytes=settings.files.max_bytes,
        bytes_a_day=settings.files.max_bytes_per_sender_per_day,
        # What nobody has named in a message yet must not be what keeps the files of other channels out.
        least_free=2 * settings.files.least_free_bytes,
        judge=accepted,
        tally=tallies,
    )
    return WebChatConnector(chat, log, uploads=uploads, kept=settings.files_dir, now=clock.now)


def _sms_stub(settings: Settings, log: ConversationLog, clock: Clock, *, demo: bool) -> Connector:
    from connectors.sms import SmsStub, SmsStubSettings

    section = settings.connectors.sms
    stub = SmsStubSettings(
        secret=section.secret, demo=demo, proxies=section.proxies, calls_per_minute=section.calls_per_minute
    )
    return SmsStub(stub, log, now=clock.now)


def _sms_gateway(settings: Settings, clock: Clock) -> Connector:
    from connectors.sms import GatewaySettings, GenericSettings, SmsGateway

    section = settings.connectors.sms
    known = set(chain(NoticeKind, Answer, Internal))
    for notice, (_code, *variables) in section.templates.items():
        if notice not in known:
            raise ConfigError(f"connectors.sms.templates.{notice} is no notice: see the folders of templates/")
        if not settings.service.hotline and any(each.endswith("hotline") for each in variables):
            raise ConfigError(f"service.hotline is empty, and connectors.sms.templates.{notice} shows it: set it")
    arguments = section.arguments() | {
        "callback_url": section.callback_url or settings.http.public_url,
        "home": section.home or settings.calendar.numbers,
        "generic": GenericSettings(**asdict(section.generic)),
    }
    try:
        return SmsGateway(GatewaySettings(**arguments), now=clock.now)
    except ValueError as error:
        raise _wrong("connectors.sms", arguments, error) from None


def _telegram(settings: Settings, clock: Clock) -> Connector:
    from connectors.telegram import TelegramConnector, TelegramSettings

    # The menu speaks the language of the reader's Telegram; everybody else reads the service's own.
    shown = {locale: [(each.name, each.shown) for each in menus(locale)[EVERYBODY]] for locale in LOCALES}
    commands = shown | {"": shown[known_locale(settings.service.locale)]}
    arguments = settings.connectors.telegram.arguments()
    try:
        telegram = TelegramSettings(public_url=settings.http.public_url, commands=commands, **arguments)
    except ValueError as error:
        raise _wrong("connectors.telegram", arguments, error) from None
    return TelegramConnector(telegram, now=clock.now)


@dataclass(slots=True)
class App:
    """A wired service. `running` starts it; nothing happens before."""

    settings: Settings
    clock: Clock
    database: Database
    desk: Desk
    connectors: Mapping[str, Connector]
    inbox: Intake
    receiving: Receiving
    understander: Understander
    queue: WorkQueue
    delivery: Delivery
    files: FileKeeper
    timers: TimerTable
    ticks: Ticks
    operations: Operations
    routes: list[web.RouteDef] = field(default_factory=list)
    port: int = 0

    async def sweep(self) -> int:
        """Fire what is due by the clock's present time; return how many timers fired."""
        return await sweep(self.timers)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Clock | None = None,
    demo: bool = False,
    pages: Callable[[App], list[web.RouteDef]] | None = None,
) -> AsyncIterator[App]:
    """Start the service and stop it cleanly at the end: what was taken in is on disk, what was being sent is recorded.

    demo: the SMS stub shows its phones. pages: more routes to serve, made once everything is wired.
    """
    clock = clock or SystemClock()
    with only_one(settings):
        await migrate(settings.database.url)
        async with Database(settings.database.url, jobs=settings.database.queue == "jobs") as database:
            app = await wire(settings, clock, database, demo=demo)
            await compare(database, app.desk.signer.mark)
            app.routes += pages(app) if pages else []
            async with _serving(app), working(app):
                yield app


async def wire(settings: Settings, clock: Clock, database: Database, *, demo: bool = False) -> App:
    """Build every part and hand each what it needs."""
    service = settings.service
    numbers_are_of(settings.calendar.numbers)
    calendars = Calendars(settings)
    book, pack = load_rules(settings, calendars)
    await book.store(database)
    tallies = None if database.sqlite else Tallies(database)
    connectors = build_connectors(settings, ChatLog(database, clock), clock, demo=demo, tallies=tallies)
    usual = Services.of(settings.calendar.country)
    emergency = Services(
        service.emergency_fire or usual.fire,
        service.emergency_police or usual.police,
        service.emergency_ambulance or usual.ambulance,
    )
    signer = Signer(signing_secret(service))
    desk = Desk(clock, book, signer, prefix=service.reference_prefix, zone=service.zone, emergency=emergency)
    words = Words(
        service.name,
        service.hotline,
        service.zone,
        supervision=service.supervision_phone,
        mailbox=service.chief_mailbox,
        trade=words_of_trade(book, pack),
        emergency=emergency.all,
    )
    words.check(chain(NoticeKind, Answer, Internal))
    rules = Rules(
        attempts=settings.delivery.attempts,
        retries=Retries(
            timedelta(seconds=settings.delivery.first_retry_s), timedelta(seconds=settings.delivery.max_retry_s)
        ),
        timeout_s=settings.delivery.timeout_s,
        lease_s=settings.delivery.lease_s,
        patience=timedelta(seconds=settings.delivery.patience_s),
        digest_from=settings.delivery.digest_from,
        channel_down=timedelta(seconds=settings.delivery.channel_down_s),
    )
    viewer = Viewer(clock, book, pack, company=service.name, hotline=service.hotline)
    said_of_data = settings.privacy.notice
    delivery = Delivery(
        database,
        desk,
        words,
        viewer,
        connectors,
        rules,
        clock,
        locale=service.locale,
        privacy=said_of_data,
        files=settings.files_dir,
    )
    understander = Understander(
        database,
        desk,
        pack,
        connectors,
        batch=settings.intake.batch,
        attempts=settings.intake.attempts,
        max_chars=settings.intake.max_text_chars,
        acknowledgement_cap=settings.delivery.acknowledgements_per_sender_per_day,
        answer_cap=settings.delivery.answers_per_chat_per_hour,
        max_file_bytes=settings.files.max_bytes,
        locale=service.locale,
        filing_cap=settings.intake.complaints_per_sender_per_day,
        decide=delivery.decide,
    )
    keeper = FileKeeper(
        database,
        desk,
        connectors,
        clock,
        directory=settings.files_dir,
        max_bytes=settings.files.max_bytes,
        max_bytes_a_day=settings.files.max_bytes_per_sender_per_day,
        least_free=settings.files.least_free_bytes,
        attempts=rules.attempts,
        retries=rules.retries,
    )
    reckoner = Reckoner(database, desk, calendars)
    await reckoner.load()
    timers = TimerTable(database, desk, clock)
    ticks = Ticks()
    ticks.every(2.0, "calendar", reckoner.look)
    ticks.every(ROOM_S, "room", keeper.look)
    ticks.every(5.0, "outages", delivery.outages.watch)
    ticks.every(10.0, "campaigns", Campaigns(database, desk).look)
    if scheduled := schedules(settings):
        ticks.every(60.0, "surveys", Periodic(database, desk, scheduled).look)
    ticks.every(15.0, "unreached", Unreached(database, desk).look)
    ticks.every(15.0, "attendance", Attendance(database, desk).look)
    owed = OwedByDay(
        database,
        desk,
        {
            locale: Vocabulary(templates_dir() / "_layout" / locale / "words.toml", categories=pack.names(locale))
            for locale in ("zh", "en")
        },
        zone=service.zone,
        locale=service.locale,
        asking=solving(settings),
    )
    ticks.every(60.0, "owed", owed.look)
    ticks.every(60.0, "improvements", Improvements(database, desk).look)
    ticks.every(EVERY_S, "audit", Sealer(database, clock).look)
    ticks.every(300.0, "data-requests", DataRequests(database, desk).look)
    retention = Retention(database, clock, settings.retention, service.zone, settings.files_dir)
    ticks.every(RETENTION_S, "retention", retention.look)
    ticks.every(settings.delivery.lease_s / 4, "leases", delivery.recover)
    ticks.beats["inbox"], ticks.beats["outbox"] = Beat(1.0), Beat(1.0)
    ticks.beats["files"] = Beat(TIMEOUT_S)
    ticks.beats["timers"] = Beat(1.0)
    receiving = Receiving([ProcessRole(role) for role in service.roles], connectors, database, clock)
    working_roles = partial(_working_roles, receiving, ticks)
    ticks.every(READINGS_S, "readings", Readings(database, connectors, receiving.deaf, working_roles).look)
    ticks.keep(receiving.beats)
    operations = Operations(
        database,
        connectors,
        ticks.beats,
        delivery.counts,
        delivery.sending,
        secret=settings.http.status_secret,
        deaf=receiving.deaf,
        roles=receiving.roles,
        mark=desk.signer.mark,
    )
    delivery.outages.deaf = receiving.deaf
    if settings.heartbeat.url:
        ticks.every(CANARY_S, "canary", Canary(database, clock).look)
        ticks.every(settings.heartbeat.every_s, "heartbeat", Heartbeat(settings.heartbeat.url, operations.health).look)
    return App(
        settings=settings,
        clock=clock,
        database=database,
        desk=desk,
        connectors=connectors,
        inbox=receiving.inbox,
        receiving=receiving,
        understander=understander,
        queue=work_queue(database, clock),
        delivery=delivery,
        files=keeper,
        timers=timers,
        ticks=ticks,
        operations=operations,
        routes=operations.routes(),
    )


def _working_roles(receiving: Receiving, ticks: Ticks) -> list[ProcessRole]:
    return receiving.working(ticks.beats, datetime.now(UTC))


def load_rules(settings: Settings, calendars: Calendars) -> tuple[PolicyBook, Pack]:
    """Return the policies in force and the categories. Raises ConfigError or PolicyError naming what is wrong."""
    own = settings.policies.directory
    if own is not None and not own.is_dir():
        raise ConfigError(f"policies.directory names {own}, which is no folder: correct it or leave it empty")
    schedules(settings)  # wrong ones stop a start as wrong profiles do
    pack = load_pack(settings.service.pack, settings.policies.directories)
    book = PolicyBook(
        settings.service.policy,
        settings.policies.directories,
        calendars.default,
        choose=settings.policies.choose,
        calendar_of=calendars.of_site,
        categories=shipped_codes() | {category.code for category in pack.categories},
    )
    return book, pack


def words_of_trade(book: PolicyBook, pack: Pack) -> Mapping[str, Mapping[str, str]]:
    """Return how customers are spoken to: in the words of the pack, else in those of the profile."""
    return pack.words if any(pack.words.values()) else book.current.policy.words


@asynccontextmanager
async def _serving(app: App) -> AsyncIterator[None]:
    """Serve every connector's routes, health and metrics on one port."""
    doorway = Doorway(Waiting.within(resource.getrlimit(resource.RLIMIT_NOFILE)[0], HEAD_S))
    server = web.Application(client_max_size=MAX_BODY, middlewares=[doorway.middleware, _host_guard(app.settings.http)])
    server.add_routes(app.routes)
    if (
        "web" in app.connectors
        and ProcessRole.WEB in app.receiving.roles
        and all(route.path != "/" for route in app.routes)
    ):
        server.router.add_get("/", _to_the_chat)
    for connector in app.connectors.values():
        if ProcessRole.WEB in app.receiving.roles and (routes := getattr(connector, "routes", None)):
            server.add_routes(routes())
    runner = web.AppRunner(server, shutdown_timeout=3.0)
    await runner.setup()
    assert runner.server is not None
    connection = partial(Connection, runner.server, doorway, idle_s=IDLE_S)
    loop = asyncio.get_running_loop()
    reported_to = loop.get_exception_handler()
    loop.set_exception_handler(doorway.trouble)
    listener: asyncio.Server | None = None
    try:
        try:
            listener = await loop.create_server(connection, app.settings.http.host, app.settings.http.port, backlog=128)
        except OSError as error:
            raise ConfigError(_cannot_listen(app.settings.http, error)) from None
        app.port = listener.sockets[0].getsockname()[1]
        yield
    finally:
        for connector in app.connectors.values():
            await connector.close()  # before the server: open sockets would hold it up
        if listener is not None:
            listener.close()
        await runner.cleanup()
        loop.set_exception_handler(reported_to)


def _cannot_listen(http: HttpSection, error: OSError) -> str:
    taken = error.errno in _PORT_TAKEN
    cure = "http.port: choose another" if taken else "http.host: name an address of this machine"
    return f"cannot listen on {http.host}:{http.port}: {error.strerror or error} ({cure})"


async def _to_the_chat(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/chat")


def _host_guard(http: HttpSection) -> Middleware:
    """Refuse requests for hosts that are not ours, while we listen on loopback: a page elsewhere whose name was made to point
    here (DNS rebinding) must not speak to us with the reader's browser.
    """
    guarded = _is_loopback(http.host)
    public = urlsplit(http.public_url).hostname
    ours = _LOOPBACK | {http.host} | ({public} if public else set())

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if guarded and _name_of(request.host) not in ours:
            return web.Response(
                status=421, text="This host is not served here: set http.public_url to the name people use.\n"
            )
        return await handler(request)

    return guard


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in _LOOPBACK


def _name_of(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


@asynccontextmanager
async def working(app: App, *, listen: bool = True) -> AsyncIterator[None]:
    """Run connectors, intake, delivery and ticks; at the end stop taking in, then finish what is being handed over.

    listen: false leaves the connectors deaf, for measuring what comes behind them.
    """
    if works := ProcessRole.WORKERS in app.receiving.roles:
        await app.delivery.recover(everything=app.database.sqlite)
    async with (
        app.database.listening(DELIVERIES if works else SAID) as woken,
        app.database.listening("timers") as timers_set,
    ):
        listening = [asyncio.create_task(app.receiving.run(), name="receiving")] if listen else []
        loops = _workers(app, woken) if works else []
        if (beat := app.ticks.beats.get("timers")) is not None:
            loops.append(asyncio.create_task(keep_sweeping(app.timers, timers_set, beat), name="timers"))
        app.ticks.start()
        try:
            yield
        finally:
            await app.ticks.stop()
            await _end(listening)
            await _end(loops)


def _workers(app: App, woken: asyncio.Event) -> list[asyncio.Task[None]]:
    beats = app.ticks.beats
    return [
        asyncio.create_task(app.queue.run(app.understander.work_off, beats["inbox"].worked), name="inbox"),
        asyncio.create_task(app.files.run(beats["files"].worked), name="files"),
        asyncio.create_task(
            drain(
                app.delivery,
                woken,
                concurrency=app.settings.delivery.concurrency,
                worked=beats["outbox"].worked,
            ),
            name="outbox",
        ),
    ]


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            _log.error("a loop ended with %s: %s", type(result).__name__, result)


@contextlib.contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the lock that keeps a second process off an SQLite file: two would take each other's work for abandoned."""
    url = make_url(settings.database.url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    path = Path(url.database).with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}; set service.data_dir or database.url") from None
    with file:
        _lock(file, path)
        yield


def _lock(file: IO[str], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ConfigError(
            f"another complaintbot (see {path}) works on this SQLite file: stop it, or give this one its own database.url"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


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
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return ""
    path = Path(parsed.database).absolute()
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
        said = _cannot_listen(http, error)
        if error.errno != errno.EADDRINUSE or not is_at_work(settings) or not await _is_ours(http):
            return said
        who = "this service" if make_url(settings.database.url).get_backend_name() == "sqlite" else "a complaintbot"
        return f"{FINE}{http.host}:{http.port} is in use, by {who}"
    return ""


def is_at_work(settings: Settings) -> bool:
    """Say whether a service works on these settings' SQLite file; on PostgreSQL several may, so it is always possible."""
    url = make_url(settings.database.url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return True
    try:
        with Path(url.database).with_suffix(".lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


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


def _allow_many_files() -> None:
    """Let as many sockets be open as the system allows: a thousand idle ones must not keep the database from its file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # it stays at what it is
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else max(soft, 65_536), hard)
        )


async def settle(folder: Path | None = None) -> None:
    """Do what a start need not wait for: prepare the grammar, and let the garbage collector begin, where it was held back.

    folder: where the next start finds what need not be worked out again.
    """
    likeness.get_ready()
    for _ in prepare_all() if folder is None else needed.prepare(folder):
        await asyncio.sleep(0)  # whoever asks something meanwhile is answered
    gc.collect()  # never to look at what was loaded again: that stays for good
    gc.freeze()
    gc.enable()


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _allow_many_files()
    async with running(settings) as app:
        _log.info("complaintbot is up on port %s with %s", app.port, ", ".join(app.connectors))
        await settle(settings.service.data_dir)
        await stop.wait()
        _log.info("stopping")
