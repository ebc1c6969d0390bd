"""Settings: where values come from, what is refused and how it is told, and that no secret is ever shown."""

from __future__ import annotations

import itertools
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from bot.settings import (
    PREFIX,
    EmailSection,
    GenericSmsSection,
    Locale,
    Settings,
    SmsSection,
    load_settings,
    signing_secret,
    variable_of,
)
from bot.settings.exposure import exposed
from complaints.errors import ConfigError
from connectors.email.settings import EmailSettings
from connectors.sms import GatewaySettings, GenericSettings

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"
SECRET = "correct-horse-battery-staple-0123456789"
EMAIL = """
[connectors.email]
enabled = true
address = "desk@example.com"
imap_host = "imap.example.com"
imap_password = "hunter2hunter2"
smtp_host = "smtp.example.com"
"""


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def _load(text: str = "", environ: Mapping[str, str] | None = None) -> Settings:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path, environ or {})

    return _load


def keys_of(kind: Any, prefix: str = "") -> Iterator[str]:
    """Yield every key the dataclasses know, by its full name."""
    hints = get_type_hints(kind)
    for each in fields(kind):
        if is_dataclass(hints[each.name]):
            yield from keys_of(hints[each.name], f"{prefix}{each.name}.")
        elif not each.metadata.get("inherits"):  # tables of their own, shown in comments
            yield f"{prefix}{each.name}"


def keys_in(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from keys_in(value, f"{prefix}{name}.")
        else:  # an empty table is one whose keys are free
            yield f"{prefix}{name}"


def secret_keys(kind: Any, prefix: str = "") -> Iterator[str]:
    hints = get_type_hints(kind)
    for each in fields(kind):
        if is_dataclass(hints[each.name]):
            yield from secret_keys(hints[each.name], f"{prefix}{each.name}.")
        elif each.metadata.get("secret"):
            yield f"{prefix}{each.name}"


# --- the example ------------------------------------------------------------------------------------------------------


def test_the_example_has_every_key_and_no_other() -> None:
    assert list(keys_in(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")))) == list(keys_of(Settings))


def test_the_example_loads_as_it_is_and_states_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE.parent)
    assert load_settings(EXAMPLE, {}) == load_settings(None, {})


def test_every_key_of_the_example_is_explained() -> None:
    explained = 0
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for before, line in itertools.pairwise(lines):
        if " = " in line and not line.startswith("#"):
            # A key without a comment of its own belongs to the one above: host and port, first and longest wait.
            assert before.startswith("#") or " = " in before, line
            explained += before.startswith("#")
    assert explained >= 40


# --- where values come from -------------------------------------------------------------------------------------------


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(load: Any) -> None:
    settings = load("[http]\nport = 9000\n[delivery]\nattempts = 3\n", {"COMPLAINTBOT_HTTP__PORT": "9001"})
    assert (settings.http.port, settings.delivery.attempts, settings.intake.batch) == (9001, 3, 64)


@pytest.mark.parametrize(
    ("variable", "text", "section", "expected"),
    [
        pytest.param("SERVICE__LOCALE", "en", "service.locale", Locale.EN, id="enumeration"),
        pytest.param("HTTP__PORT", "0", "http.port", 0, id="whole number"),
        pytest.param("DELIVERY__TIMEOUT_S", "2.5", "delivery.timeout_s", 2.5, id="number"),
        pytest.param("CONNECTORS__WEB__ENABLED", "no", "connectors.web.enabled", False, id="no"),
        pytest.param("CONNECTORS__SMS__ENABLED", "True", "connectors.sms.enabled", True, id="yes"),
        pytest.param(
            "CONNECTORS__EMAIL__OWN_DOMAINS",
            "a.com, b.cn,",
            "connectors.email.own_domains",
            ("a.com", "b.cn"),
            id="list",
        ),
        pytest.param(
            "CALENDAR__SATURDAY", '["08:30-13:00"]', "calendar.saturday", ("08:30-13:00",), id="list as in the file"
        ),
        pytest.param("CONNECTORS__EMAIL__SMTP_TLS", "starttls", "connectors.email.smtp_tls", "starttls", id="tls"),
        pytest.param("POLICIES__DIRECTORY", "", "policies.directory", None, id="no path"),
        pytest.param("POLICIES__DIRECTORY", "/srv/profiles", "policies.directory", Path("/srv/profiles"), id="a path"),
        pytest.param("CONNECTORS__SMS__SECRET", "s3cret", "connectors.sms.secret", "s3cret", id="secret"),
    ],
)
def test_the_environment_is_read_by_the_type_of_the_key(
    load: Any, variable: str, text: str, section: str, expected: Any
) -> None:
    value: Any = load("", {PREFIX + variable: text})
    for name in section.split("."):
        value = getattr(value, name)
    assert value == expected
    assert type(value) is type(expected)
    assert variable_of(section) == PREFIX + variable


def test_other_variables_are_none_of_our_business(load: Any) -> None:
    assert load("", {"COMPLAINTBOT_REQUIRE_SERVICES": "1", "PATH": "/bin", "HTTP__PORT": "1"}) == load("")


def test_relative_paths_count_from_the_folder_of_the_file(load: Any, tmp_path: Path) -> None:
    assert load().service.data_dir == tmp_path / "data"
    assert load('[service]\ndata_dir = "here"').service.data_dir == tmp_path / "here"
    assert load('[service]\ndata_dir = "/there"').service.data_dir == Path("/there")


def test_without_a_file_everything_is_default_and_counts_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.service.data_dir == tmp_path / "data"
    assert settings.connectors.email == EmailSection()


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf[http]\nport = 1\n")
    assert load_settings(tmp_path / "config.toml", {}).http.port == 1


# --- secrets ----------------------------------------------------------------------------------------------------------


def test_a_secret_is_read_from_a_file(load: Any, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n", encoding="utf-8")
    assert load('[service]\nsecret_file = "key"').service.secret == SECRET
    assert load("", {"COMPLAINTBOT_SERVICE__SECRET_FILE": str(tmp_path / "key")}).service.secret == SECRET


def test_who_speaks_to_no_channel_reads_no_secret_of_one(tmp_path: Path) -> None:
    text = f"""
        [service]
        secret_file = "key"
        {EMAIL.replace('imap_password = "hunter2hunter2"', 'imap_password_file = "hidden"')}
        [[connectors.email.mailboxes]]
        address = "other@example.com"
        imap_password_file = "hidden too"
        [connectors.sms]
        secret_file = "hidden"
    """
    (tmp_path / "key").write_text(SECRET)
    file = tmp_path / "config.toml"
    file.write_text(text)
    environ = {"COMPLAINTBOT_CONNECTORS__TELEGRAM__TOKEN_FILE": "hidden"}
    settings = load_settings(file, environ, channels=False)
    assert settings.service.secret == SECRET, "what every command may need is read"
    (other,) = settings.connectors.email.mailboxes
    assert (other.address, other.imap_password) == ("other@example.com", settings.connectors.email.imap_password)
    with pytest.raises(ConfigError, match=r"connectors\.\w+\.\w+_file names .*hidden, which cannot be read"):
        load_settings(file, environ)
    file.write_text('[connectors.sms]\nsecret = "x"\nsecret_file = "hidden"\n')
    with pytest.raises(ConfigError, match="are both given"):
        load_settings(file, {}, channels=False)


@pytest.mark.parametrize("name", ["SECRET", "SECRET_FILE"])
def test_the_environments_way_to_give_a_secret_replaces_the_files(load: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "key").write_text(SECRET, encoding="utf-8")
    text = f'[service]\nsecret = "{"x" * 40}"' if name == "SECRET_FILE" else '[service]\nsecret_file = "nowhere"'
    value = str(tmp_path / "key") if name == "SECRET_FILE" else SECRET
    assert load(text, {f"COMPLAINTBOT_SERVICE__{name}": value}).service.secret == SECRET


def test_no_secret_appears_in_the_representation(load: Any) -> None:
    environ = {variable_of(key): f"hidden-{key}-{'x' * 32}" for key in secret_keys(Settings)}
    environ[variable_of("database.url")] = "postgresql://bot:hidden-word@db/complaints"
    environ[variable_of("heartbeat.url")] = "https://monitor.example/hidden-word"
    assert len(environ) >= 7
    assert "hidden" not in repr(load("", environ))


@pytest.mark.parametrize("key", sorted(secret_keys(Settings)))
def test_no_secret_appears_in_a_mistake(load: Any, key: str) -> None:
    section, _, name = key.rpartition(".")
    for value in ("[1, 'hidden']", "{ hidden = 'hidden' }", "16777216"):
        with pytest.raises(ConfigError, match=key) as caught:
            load(f"[{section}]\n{name} = {value}\n")
        assert "hidden" not in str(caught.value)
        assert "16777216" not in str(caught.value)


def test_the_signing_secret_is_made_once_and_only_the_owner_may_read_it(load: Any) -> None:
    service = load().service
    made = signing_secret(service)
    assert len(made) >= 32
    assert signing_secret(service) == made
    assert stat.S_IMODE((service.data_dir / "secret").stat().st_mode) == 0o600
    assert os.listdir(service.data_dir) == ["secret"]


def test_a_configured_signing_secret_makes_no_file(load: Any) -> None:
    service = load(f'[service]\nsecret = "{SECRET}"').service
    assert signing_secret(service) == SECRET
    assert not service.data_dir.exists()


@pytest.mark.parametrize("content", [b"short", b"\xff" * 50], ids=["too short", "no text"])
def test_a_spoilt_signing_secret_is_refused(load: Any, content: bytes) -> None:
    service = load().service
    service.data_dir.mkdir()
    (service.data_dir / "secret").write_bytes(content)
    with pytest.raises(ConfigError, match="secret"):
        signing_secret(service)


# --- the database -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("", "sqlite+aiosqlite:///{base}/data/complaintbot.db", id="default"),
        pytest.param("sqlite:///x/y.db", "sqlite+aiosqlite:///{base}/x/y.db", id="relative"),
        pytest.param(
            "sqlite+aiosqlite:////srv/y.db?timeout=5", "sqlite+aiosqlite:////srv/y.db?timeout=5", id="absolute"
        ),
        pytest.param("postgresql://u:p%40@h/n", "postgresql+psycopg://u:p%40@h/n", id="postgresql"),
        pytest.param("postgres://h/n", "postgresql+psycopg://h/n", id="as hosters write it"),
        pytest.param("postgresql+psycopg://u@/n?host=/run/p", "postgresql+psycopg://u@/n?host=/run/p", id="socket"),
    ],
)
def test_the_database_url_gets_our_driver(load: Any, tmp_path: Path, url: str, expected: str) -> None:
    database = load(f'[database]\nurl = "{url}"').database
    assert database.url == expected.format(base=tmp_path)
    assert database.is_sqlite == url.startswith("sqlite") or not url


@pytest.mark.parametrize(
    "url", ["mysql://u:hidden@h/n", "postgresql+asyncpg://u:hidden@h/n", "sqlite://", "sqlite:///:memory:", "hidden.db"]
)
def test_other_databases_are_refused_without_showing_the_url(load: Any, url: str) -> None:
    with pytest.raises(ConfigError, match=r"database\.url .*postgresql://user:password@host/name") as caught:
        load(f'[database]\nurl = "{url}"')
    assert "hidden" not in str(caught.value)


# --- mistakes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("[htpt]\nport = 1", ["htpt", "unknown section", "did you mean 'http'"], id="section"),
        pytest.param("[http]\nprot = 1", ["http.prot", "unknown key", "did you mean 'port'"], id="key"),
        pytest.param("[connectors.emial]\nenabled = true", ["connectors.emial", "'email'"], id="connector"),
        pytest.param('[connectors.email]\nimap_passwordfile = ""', ["imap_password_file"], id="secret file"),
        pytest.param("[http]\nzzz = 1", ["http.zzz", "known here: host, port, public_url"], id="nothing near"),
        pytest.param("port = 1", ["port is an unknown key", "write it below [http]"], id="no section"),
        pytest.param(
            "name = 'x'", ["name is an unknown key", "write it below [service]"], id="no section, near another"
        ),
        pytest.param('[service]\ntimezone = "Asia/Beijing"', ["did you mean 'Asia/Shanghai'?"], id="Beijing"),
        pytest.param('[service]\ntimezone = "Asia/Bejing"', ["did you mean 'Asia/Shanghai'?"], id="Beijing misspelt"),
        pytest.param('[service]\ntimezone = "beijing"', ["did you mean 'Asia/Shanghai'?"], id="Beijing alone"),
        pytest.param('[service]\ntimezone = "北京时间"', ["did you mean 'Asia/Shanghai'?"], id="Beijing's time"),
        pytest.param("http = 1", ["http must be a section: write [http]"], id="no table"),
        pytest.param(
            '[http]\nport = "80"', ["http.port is '80'", "a whole number from 0 to 65535"], id="quoted number"
        ),
        pytest.param("[http]\nport = 65536", ["http.port is 65536", "from 0 to 65535"], id="port too high"),
        pytest.param("[http]\nport = true", ["http.port is True", "a whole number"], id="bool is no number"),
        pytest.param("[http]\nport = 80.5", ["http.port is 80.5", "a whole number"], id="half a port"),
        pytest.param('[http]\nhost = " "', ["http.host is empty", "COMPLAINTBOT_HTTP__HOST"], id="empty host"),
        pytest.param(
            '[http]\npublic_url = "chat.example.com"', ["http.public_url", "https://"], id="address without scheme"
        ),
        pytest.param('[http]\npublic_url = "http://[oops"', ["http.public_url", "https://"], id="broken address"),
        pytest.param("[delivery]\nattempts = 0", ["delivery.attempts is 0", "from 1 to 100"], id="too few"),
        pytest.param("[delivery]\ntimeout_s = nan", ["delivery.timeout_s", "a number, 1 or more"], id="not a number"),
        pytest.param(
            "[delivery]\nmax_retry_s = 1", ["delivery.max_retry_s is less than delivery.first_retry_s"], id="waits"
        ),
        pytest.param('[log]\nlevel = "INFO"', ["log.level is 'INFO'", "debug, info, warning, error"], id="choice"),
        pytest.param('[service]\nlocale = "cn"', ["service.locale is 'cn'", "zh, en"], id="language"),
        pytest.param('[service]\ntimezone = "Asia/Shanghia"', ["service.timezone", "'Asia/Shanghai'"], id="time zone"),
        pytest.param('[service]\ntimezone = "../../etc/passwd"', ["service.timezone", "no time zone"], id="escape"),
        pytest.param('[service]\npolicy = ""', ["service.policy is empty", "'base'"], id="policy"),
        pytest.param('[service]\ndata_dir = ""', ["service.data_dir is empty", "'data'"], id="no folder"),
        pytest.param('[service]\nsecret = "short"', ["service.secret is too short", "32"], id="short secret"),
        pytest.param(
            '[http]\nstatus_secret = "short"', ["http.status_secret is too short", "16"], id="short status secret"
        ),
        pytest.param(
            '[service]\nsecret_file = "nowhere"', ["service.secret_file", "nowhere", "No such file"], id="no such file"
        ),
        pytest.param("[service]\nsecret_file = 1", ["service.secret_file"], id="file is a number"),
        pytest.param(
            '[service]\nsecret = "a"\nsecret_file = "b"', ["service.secret and service.secret_file"], id="twice"
        ),
        pytest.param("[service]\nname = 1", ["service.name is 1", "a text in quotes"], id="text"),
        pytest.param(
            '[connectors.web]\nenabled = "yes"', ["connectors.web.enabled", "true or false"], id="quoted bool"
        ),
        pytest.param(
            '[connectors.web]\nallowed_origins = "x"', ["connectors.web.allowed_origins", "a list"], id="list"
        ),
        pytest.param(
            '[connectors.web]\nallowed_origins = ["x"]', ["connectors.web.allowed_origins[0]", "https://"], id="origin"
        ),
        pytest.param("[http\n", ["config.toml is not valid TOML"], id="no toml"),
        pytest.param(EMAIL.replace("imap.example.com", ""), ["connectors.email.imap_host is empty"], id="no imap host"),
        pytest.param(
            EMAIL.replace("hunter2hunter2", ""), ["connectors.email.imap_password is empty"], id="no password"
        ),
        pytest.param(EMAIL.replace("smtp.example.com", ""), ["connectors.email.smtp_host is empty"], id="no smtp host"),
        pytest.param(
            EMAIL.replace("desk@example.com", "desk"), ["connectors.email.address is 'desk'"], id="no address"
        ),
        pytest.param(f'{EMAIL}smtp_user = "desk"', ["connectors.email.smtp_password is empty"], id="no smtp password"),
        pytest.param(f'{EMAIL}ca_file = "ca.pem"', ["connectors.email.ca_file", "ca.pem"], id="no certificates"),
        pytest.param(
            f"{EMAIL}[[connectors.email.mailboxes]]\nimap_prot = 1",
            ["connectors.email.mailboxes.1.imap_prot", "'imap_port'"],
            id="key of a second mailbox",
        ),
        pytest.param(f"{EMAIL}mailboxes = 3", ["[[connectors.email.mailboxes]]"], id="no tables"),
        pytest.param(f"{EMAIL}[[connectors.email.mailboxes]]\n", ["'INBOX'", "read twice"], id="one folder twice"),
        pytest.param(
            f'{EMAIL}[[connectors.email.mailboxes]]\nmailbox = "A"\n[[connectors.email.mailboxes.mailboxes]]\n',
            ["connectors.email.mailboxes.1.mailboxes", "holds no others"],
            id="a mailbox in a mailbox",
        ),
    ],
)
def test_a_mistake_is_named_in_full_with_its_cure(load: Any, text: str, told: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert [part for part in told if part not in str(caught.value)] == [], str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "text", "told"),
    [
        pytest.param("HTTP__PORT", "many", ["http.port (from COMPLAINTBOT_HTTP__PORT) is 'many'"], id="value"),
        pytest.param("HTTP__PROT", "1", ["http.prot (from COMPLAINTBOT_HTTP__PROT)", "'port'"], id="key"),
        pytest.param(
            "CONECTORS__WEB__ENABLED", "1", ["COMPLAINTBOT_CONECTORS__WEB__ENABLED", "'connectors'"], id="section"
        ),
        pytest.param("CALENDAR__SUNDAY", "[09:00", ["CALENDAR__SUNDAY) is '[09:00'", "one,two"], id="half a list"),
        pytest.param("CALENDAR__SUNDAY", "[9]", ["CALENDAR__SUNDAY) is '[9]'", "one,two"], id="a list of numbers"),
        pytest.param("HTTP__PORT__X", "1", ["http.port", "COMPLAINTBOT_HTTP__PORT__X"], id="too deep"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(load: Any, variable: str, text: str, told: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load("[http]\nport = 80", {PREFIX + variable: text})
    assert [part for part in told if part not in str(caught.value)] == [], str(caught.value)


def test_a_complete_mailbox_logs_in_with_its_address_and_bears_our_name(load: Any) -> None:
    email = load(f'[service]\nname = "青藤物业"\n{EMAIL}').connectors.email
    assert (email.imap_user, email.imap_password, email.display_name) == (
        "desk@example.com",
        "hunter2hunter2",
        "青藤物业",
    )


def test_a_mailbox_may_have_a_login_and_a_name_of_its_own(load: Any) -> None:
    email = load(f'{EMAIL}imap_user = "desk"\ndisplay_name = "Desk"').connectors.email
    assert (email.imap_user, email.display_name) == ("desk", "Desk")


def test_the_mail_section_mirrors_what_the_connector_takes(load: Any, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    section = load(f'{EMAIL}ca_file = "ca.pem"').connectors.email
    settings = EmailSettings(**section.arguments())
    ours_alone = {"enabled", "mailboxes"}
    theirs_alone = {"tokens_dir"}  # follows from where the service keeps its data
    asked = {each.name for each in fields(EmailSettings)} - theirs_alone
    assert asked == {each.name for each in fields(EmailSection)} - ours_alone
    assert settings.ca_file == str(tmp_path / "ca.pem")
    ours = {each.name: each.default for each in fields(EmailSection)}
    theirs = {each.name: each.default for each in fields(EmailSettings) if each.default is not MISSING}
    assert {name: ours[name] for name in theirs.keys() & asked} == {
        name: theirs[name] for name in theirs.keys() & asked
    }


def test_more_mailboxes_inherit_what_they_leave_out(load: Any, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from-a-file")
    text = f"""{EMAIL}smtp_port = 587
        [[connectors.email.mailboxes]]
        address = "service@example.com"
        imap_password_file = "password"
        [[connectors.email.mailboxes]]
        mailbox = "投诉"
        [[connectors.email.mailboxes]]
        mailbox = "spam"
        enabled = false
    """
    email = load(text, {f"{PREFIX}CONNECTORS__EMAIL__MAILBOXES__2__IMAP_PORT": "143"}).connectors.email
    second, third = email.mailboxes
    assert (second.address, second.imap_user, second.mailbox, second.smtp_port) == (
        "service@example.com",
        "service@example.com",
        "INBOX",
        587,
    )
    assert (second.imap_password, third.imap_password) == ("from-a-file", "hunter2hunter2")
    assert (third.address, third.mailbox, third.imap_port, email.imap_port) == ("desk@example.com", "投诉", 143, 993)


def test_a_mailbox_can_come_from_the_environment_alone(load: Any) -> None:
    more = {f"{PREFIX}CONNECTORS__EMAIL__MAILBOXES__1__ADDRESS": "service@example.com"}
    (second,) = load(EMAIL, more).connectors.email.mailboxes
    assert second.imap_user == "service@example.com"


def test_what_the_example_says_of_more_mailboxes_loads(load: Any) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    start = lines.index("# [[connectors.email.mailboxes]]")
    table = "\n".join(line.removeprefix("# ") for line in lines[start : start + 3])
    (mailbox,) = load(EMAIL + table).connectors.email.mailboxes
    assert (mailbox.address, mailbox.smtp_host) == ("service@example.com", "smtp.example.com")


def test_with_tokens_no_password_is_needed(load: Any) -> None:
    tokens = 'auth = "oauth2"\nsmtp_user = "desk"\n'
    email = load(EMAIL.replace('imap_password = "hunter2hunter2"\n', tokens)).connectors.email
    assert (email.auth, email.imap_password) == ("oauth2", "")


def test_a_disabled_mailbox_may_be_incomplete(load: Any) -> None:
    assert not load(EMAIL.replace("true", "false").replace("hunter2hunter2", "")).connectors.email.enabled


@pytest.mark.parametrize(
    ("make", "told"),
    [
        pytest.param(lambda path: None, "does not exist: copy config.example.toml", id="missing"),
        pytest.param(lambda path: path.mkdir(), "cannot be read", id="a folder"),
        pytest.param(lambda path: path.write_bytes("名称".encode("gb18030")), "UTF-8", id="another encoding"),
    ],
)
def test_an_unreadable_file_is_told(tmp_path: Path, make: Any, told: str) -> None:
    make(tmp_path / "config.toml")
    with pytest.raises(ConfigError, match=told):
        load_settings(tmp_path / "config.toml", {})


def test_the_sms_sections_mirror_what_the_gateway_takes() -> None:
    said = {each.name: each.default for each in fields(SmsSection) if each.name != "enabled"}
    taken = {each.name: each.default for each in fields(GatewaySettings)}
    assert set(said) == set(taken)
    differing = {name for name in said if said[name] != taken[name] and taken[name] is not MISSING}
    assert differing <= {"generic", "sign", "user", "home"}  # the last: "" is the calendar's country
    assert {each.name: each.default for each in fields(GenericSmsSection)} == {
        each.name: each.default for each in fields(GenericSettings)
    }


def test_a_table_of_templates_takes_a_code_alone_or_with_its_variables(load: Any) -> None:
    settings = load(
        '[connectors.sms.templates]\nsurvey = "SMS_1"\ntaken_up = ["SMS_2", "number=reference"]\n',
        {"COMPLAINTBOT_CONNECTORS__SMS__TEMPLATES__STATUS": "SMS_3, reference, status"},
    )
    assert settings.connectors.sms.templates == {
        "survey": ("SMS_1",),
        "taken_up": ("SMS_2", "number=reference"),
        "status": ("SMS_3", "reference", "status"),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[connectors.sms]\ntemplates = "SMS_1"', "connectors.sms.templates must be a section"),
        ("[connectors.sms.templates]\nsurvey = 1", "connectors.sms.templates.survey is 1: write a list of texts"),
        ("[connectors.sms.generic.headers]\nX = 1", "connectors.sms.generic.headers.X is 1: write a text in quotes"),
    ],
)
def test_a_table_with_free_keys_is_checked_too(load: Any, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        load(text)


# --- who else can read them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(EMAIL, ["config.toml"], id="a password in the file"),
        pytest.param(
            '[connectors.sms]\npassword_file = "password"', ["password"], id="a password in a file of its own"
        ),
        pytest.param(EMAIL + 'smtp_password_file = "password"', ["config.toml", "password"], id="both"),
        pytest.param('[[connectors.email.mailboxes]]\nimap_password = "x"', ["config.toml"], id="of another mailbox"),
        pytest.param('[database]\nurl = "postgresql://u:p@host/name"', ["config.toml"], id="in an address"),
        pytest.param('[database]\nurl = "sqlite:///data/x.db"', [], id="the place of a database file"),
        pytest.param('[http]\nport = 1\n[connectors.telegram]\ntoken = ""', [], id="no secret"),
        pytest.param('[connectors.telegram]\ntoken_file = "gone"', [], id="a file that is not there"),
    ],
)
def test_a_file_of_secrets_that_everybody_can_read_is_named(tmp_path: Path, text: str, told: list[str]) -> None:
    config, password = tmp_path / "config.toml", tmp_path / "password"
    config.write_text(text, encoding="utf-8")
    password.write_text("x", encoding="utf-8")
    for mode, expected in ((0o644, told), (0o604, told), (0o640, []), (0o600, [])):
        for path in (config, password):
            path.chmod(mode)
        warnings = exposed(config, {})
        assert [Path(each.rpartition(" ")[2]).name for each in warnings] == expected


def test_a_file_that_the_environment_names_is_looked_at_too(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("x", encoding="utf-8")
    password.chmod(0o644)
    [warning] = exposed(
        None, {"COMPLAINTBOT_CONNECTORS__SMS__PASSWORD_FILE": str(password), "HOME_FILE": str(password)}
    )
    assert f"chmod 600 {password}" in warning


def test_a_process_may_do_a_part_where_others_share_its_database() -> None:
    environ = {"COMPLAINTBOT_SERVICE__ROLES": "workers,scheduler"}
    url = {"COMPLAINTBOT_DATABASE__URL": "postgresql://u:p@db/name"}
    assert load_settings(None, environ | url).service.roles == ("workers", "scheduler")
    with pytest.raises(ConfigError, match=r"service\.roles leaves out connectors, web"):
        load_settings(None, environ)
    with pytest.raises(ConfigError, match=r"service\.roles has 'worker'; did you mean 'workers'"):
        load_settings(None, {"COMPLAINTBOT_SERVICE__ROLES": "worker"} | url)
