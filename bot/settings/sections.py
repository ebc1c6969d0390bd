"""The settings, section by section: the only list of keys there is. `config.example.toml` explains each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from bot.phones import MAINLAND
from bot.settings.channels import ConnectorsSection
from bot.settings.retention import RetentionSection
from bot.settings.tables import at_least, filled, like, rows, secret


class Locale(StrEnum):
    """A language the bot speaks."""

    ZH = "zh"
    EN = "en"


class ProcessRole(StrEnum):
    """What a process does; several share one PostgreSQL."""

    CONNECTORS = "connectors"  # reads the channels that one process at a time can read: mailboxes, long polling
    WEB = "web"  # serves what is called from outside: the web chat, webhooks
    WORKERS = "workers"  # understands what came in, delivers what goes out, fetches files
    SCHEDULER = "scheduler"  # does what time does


@dataclass(frozen=True, slots=True)
class ServiceSection:
    """Who we are. hotline: the phone number shown to customers; supervision_phone, chief_mailbox: of whom they reach who are
    not satisfied with us (R-003). emergency_*: whom to call in danger, "" = of calendar.country. secret: signs reply tokens and
    codes, "" = see `signing_secret`. data_dir: absolute after loading. roles: what this process does, each a `ProcessRole`.
    """

    name: str = filled("客户服务中心")
    locale: Locale = Locale.ZH
    timezone: str = filled("Asia/Shanghai")
    hotline: str = ""
    supervision_phone: str = ""
    chief_mailbox: str = ""
    emergency_fire: str = ""
    emergency_police: str = ""
    emergency_ambulance: str = ""
    reference_prefix: str = filled("TS")
    policy: str = filled("base")
    pack: str = filled("realestate")
    secret: str = secret()
    data_dir: Path = Path("data")
    roles: tuple[str, ...] = tuple(ProcessRole)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which people are spoken to."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class DatabaseSection:
    """Where everything is kept. url: for SQLAlchemy's async engine, either sqlite+aiosqlite or postgresql+psycopg. queue: what
    brings stored messages to the workers on PostgreSQL: jobs of procrastinate, or a look into the table itself.
    """

    url: str = secret()
    queue: Literal["jobs", "table"] = "jobs"

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded default."""
        return self.url.startswith("sqlite")


@dataclass(frozen=True, slots=True)
class HttpSection:
    """The web server. port: 0 takes any free one. public_url: how people reach it, no slash at its end; may be empty.
    status_secret: with which alone the health page and the metrics may be read; "" = without it, from this machine.
    """

    host: str = filled("127.0.0.1")
    port: int = at_least(0, 8080, 65535)
    public_url: str = ""
    status_secret: str = secret()


@dataclass(frozen=True, slots=True)
class LogSection:
    """How much is logged, and in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "text"] = "json"


_WORKING_DAY = ("09:00-12:00", "13:00-18:00")


@dataclass(frozen=True, slots=True)
class CalendarSection:
    """Which days and hours are worked; read by `bot.calendars`. country: with a region, GB-ENG; "" = no public
    holidays. timezone: "" = the service's own.
    """

    country: str = "CN"
    timezone: str = ""
    monday: tuple[str, ...] = _WORKING_DAY
    tuesday: tuple[str, ...] = _WORKING_DAY
    wednesday: tuple[str, ...] = _WORKING_DAY
    thursday: tuple[str, ...] = _WORKING_DAY
    friday: tuple[str, ...] = _WORKING_DAY
    saturday: tuple[str, ...] = ()
    sunday: tuple[str, ...] = ()
    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()
    published_years: tuple[str, ...] = ()

    @property
    def numbers(self) -> str:
        """The country (two letters) of phone numbers that name none; mainland China's where no country is named."""
        code = self.country.partition("-")[0].strip().upper()
        if len(code) in (0, 2):
            return code or MAINLAND
        import holidays  # which knows GBR as well; what it does not know `bot.calendars` refuses

        return str(holidays.country_holidays(code).country) if code in holidays.list_supported_countries() else MAINLAND


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """A row of `policies.choose`: the profile for complaints that fit everything it names; what it leaves out fits all.

    also: it stands beside the profile that was chosen, with its own clocks.
    """

    policy: str = ""
    sites: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    also: bool = False


@dataclass(frozen=True, slots=True)
class PoliciesSection:
    """Own policy profiles beside those that ship. directory: absolute, None = no own ones. choose: the first row that fits
    names the profile, else the site, else service.policy.
    """

    directory: Path | None = None
    choose: tuple[PolicyChoice, ...] = rows()

    @property
    def directories(self) -> tuple[Path, ...]:
        """Where a company's own profiles, packs, playbooks and questionnaires lie, if it has any."""
        return () if self.directory is None else (self.directory,)


@dataclass(frozen=True, slots=True)
class DeliverySection:
    """How the outbox is emptied. attempts: sends of one message before it is given up; the wait doubles in between.
    lease_s: after so long a silence of the process that was sending, another decides what became of its messages.
    patience_s: how long a platform may put a message off before that counts as failing. channel_down_s: a channel that
    fails so long is passed over. digest_from: so many waiting notices are joined into one message, 0 = none ever.
    """

    attempts: int = at_least(1, 8, 100)
    first_retry_s: float = at_least(0.1, 5.0)
    max_retry_s: float = at_least(1, 3600.0)
    timeout_s: float = at_least(1, 30.0)
    lease_s: float = at_least(1, 60.0)
    concurrency: int = at_least(1, 32, 256)
    patience_s: float = at_least(0, 14_400.0)
    channel_down_s: float = at_least(1, 600.0)
    digest_from: int = at_least(0, 3, 16)
    acknowledgements_per_sender_per_day: int = at_least(1, 20)
    answers_per_chat_per_hour: int = at_least(1, 100)


@dataclass(frozen=True, slots=True)
class IntakeSection:
    """How stored messages are understood. batch: at most so many in one commit. attempts: before quarantine.
    complaints_per_sender_per_day: what one person sends after so many is set aside for people to look at.
    """

    batch: int = at_least(1, 64, 1000)
    attempts: int = at_least(1, 3, 20)
    max_text_chars: int = at_least(100, 20_000)
    complaints_per_sender_per_day: int = at_least(1, 200)


@dataclass(frozen=True, slots=True)
class PeriodicSurvey:
    """A row of `surveys.periodic`: a questionnaire that customers are asked once in every period. to: those whose complaint was
    closed since the period before, or all. sites: only of these. again_days: nobody is asked more often, by any survey; 0 =
    about the period. The others are those of `survey send`.
    """

    name: str = ""
    every: Literal["week", "month", "quarter", "year"] = "month"
    questionnaire: str = filled("general")
    to: Literal["closed", "all"] = "closed"
    sites: tuple[str, ...] = ()
    per_minute: int = at_least(1, 30, 10_000)
    again_days: int = at_least(0, 0, 10_000)
    expire_days: int = at_least(1, 14, 10_000)
    note: str = ""


@dataclass(frozen=True, slots=True)
class SurveysSection:
    """Surveys apart from any complaint. periodic: those that begin by themselves."""

    periodic: tuple[PeriodicSurvey, ...] = rows()


@dataclass(frozen=True, slots=True)
class FilesSection:
    """The files that come with messages. directory: absolute, None = `files` in service.data_dir. max_bytes: of one file.
    least_free_bytes: of the disk, below which none is fetched.
    """

    directory: Path | None = None
    max_bytes: int = at_least(10_000, 26_214_400)
    max_bytes_per_sender_per_day: int = at_least(10_000, 262_144_000)
    least_free_bytes: int = at_least(0, 536_870_912)


@dataclass(frozen=True, slots=True)
class HeartbeatSection:
    """The dead-man's switch. url: of a monitor that is called while all is well, "" = none. every_s: how often."""

    url: str = secret()
    every_s: float = at_least(10, 300.0)


@dataclass(frozen=True, slots=True)
class PrivacySection:
    """What people are told of their data in the first answer. notice: where the whole of it can be read."""

    notice: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked and complete."""

    service: ServiceSection = ServiceSection()
    database: DatabaseSection = DatabaseSection()
    http: HttpSection = HttpSection()
    log: LogSection = LogSection()
    calendar: CalendarSection = CalendarSection()
    calendars: Mapping[str, CalendarSection] = like("calendar")
    policies: PoliciesSection = PoliciesSection()
    surveys: SurveysSection = SurveysSection()
    delivery: DeliverySection = DeliverySection()
    intake: IntakeSection = IntakeSection()
    files: FilesSection = FilesSection()
    heartbeat: HeartbeatSection = HeartbeatSection()
    privacy: PrivacySection = PrivacySection()
    retention: RetentionSection = field(default_factory=RetentionSection)
    connectors: ConnectorsSection = field(default_factory=ConnectorsSection)

    @property
    def files_dir(self) -> Path:
        """The folder in which files are kept."""
        return self.files.directory or self.service.data_dir / "files"
