"""The one place that wires everything: settings in, a running service out."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import resource
import signal
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from aiohttp import web

from bot.alone import only_one
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
from bot.periodic import Periodic, schedules
from bot.phones import numbers_are_of
from bot.policies import PolicyBook
from bot.readings import EVERY_S as READINGS_S
from bot.readings import Readings
from bot.receiving import Receiving
from bot.reckoning import Reckoner
from bot.retention import EVERY_S as RETENTION_S
from bot.retention import Retention
from bot.serving import serving
from bot.settings import ProcessRole, Settings, signing_secret, variable_of
from bot.signing import compare
from bot.storage.chat import SAID, ChatLog
from bot.storage.database import Database, migrate
from bot.storage.postgres import DELIVERIES
from bot.storage.tallies import Tallies
from bot.storage.workqueue import work_queue
from bot.surveying import solving
from bot.timers import TimerTable
from bot.tokens import Signer
from bot.unreached import Unreached
from bot.views import Viewer
from bot.words import LOCALES, Vocabulary, Words, known_locale, templates_dir
from complaints.change import NoticeKind
from complaints.emergency import Services
from complaints.errors import ConfigError
from complaints.taxonomy import Pack, load_pack, shipped_codes
from connectors.port import Connector, ConversationLog, Intake
from scheduler.outbox import drain
from scheduler.port import Beat, Retries, WorkQueue
from scheduler.ticks import Ticks
from scheduler.timers import keep_sweeping, sweep

_log = logging.getLogger(__name__)


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
            async with serving(app), working(app):
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
