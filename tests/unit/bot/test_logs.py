"""Logs: one line per event, the libraries' too, and nothing private in any of them, whichever way it came in."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import configure_logging, redact, redact_text
from bot.settings import LogSection

pytestmark = pytest.mark.usefixtures("logging_as_before")

BOT_TOKEN = "7123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
BEARER = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"

# What must never be seen, and how it may come to stand in a text.
PRIVATE = [
    pytest.param("13800138000", "call 13800138000 back", id="mobile"),
    pytest.param("138 0013 8000", "电话138 0013 8000，谢谢", id="mobile in groups"),
    pytest.param("138-0013-8000", "电话：138-0013-8000", id="mobile with dashes"),
    pytest.param("8613800138000", "sms:+8613800138000", id="mobile with country"),
    pytest.param("13800138000", "from 008613800138000", id="mobile with long country"),
    pytest.param("１３８００１３８０００", "手机１３８００１３８０００", id="full-width mobile"),
    pytest.param("021-62345678", "座机021-62345678转3", id="landline"),
    pytest.param("62345678", "(021) 62345678", id="landline in brackets"),
    pytest.param("400-820-8820", "热线400-820-8820", id="service number"),
    pytest.param("7946 0958", "+44 20 7946 0958", id="abroad"),
    pytest.param("555-0123", "(415) 555-0123", id="america"),
    pytest.param("li.ming", "mail from li.ming@example.com.", id="mail address"),
    pytest.param("李明", "来自 <李明@example.cn>", id="mail address in Chinese"),
    pytest.param("root", "root@localhost: no such user", id="address of this machine"),
    pytest.param("AAHdqTcvCH1v", f"POST https://api.telegram.org/bot{BOT_TOKEN}/sendMessage", id="bot token"),
    pytest.param("eyJhbGciOi", f"Authorization: Bearer {BEARER}", id="bearer"),
    pytest.param("dXNlcjpwYXNz", "authorization: Basic dXNlcjpwYXNzd29yZA==", id="basic"),
    pytest.param("hunter2", "login failed, password=hunter2, port=993", id="password"),
    pytest.param("hunter2", "{'imap_password': 'hunter2 with more', 'port': 993}", id="password in a mapping"),
    pytest.param("with more", "{'imap_password': 'hunter2 with more', 'port': 993}", id="password with blanks"),
    pytest.param("hunter2", '{"smtp_password": "hunter2"}', id="password in JSON"),
    pytest.param("hunter2", "密码：hunter2", id="password in Chinese"),
    pytest.param("hunter2", "GET /hooks/sms?token=hunter2&id=7", id="token in a query"),
    pytest.param("hunter2", "postgresql+psycopg://bot:hunter2@db.internal/complaints", id="password in a URL"),
    pytest.param("漏水", "IncomingMessage(channel='email', text='厨房漏水\\'了', size=1)", id="text in a repr"),
    pytest.param("漏水", "RawMessage(raw=b'x \xe6 漏水')", id="raw in a repr"),
    pytest.param("漏水", '{"subject": "厨房漏水"}', id="subject in JSON"),
    pytest.param(
        "漏水",
        "(psycopg.errors.NotNullViolation) null value\nDETAIL:  Failing row contains (1, 厨房漏水).\n[SQL: INSERT]",
        id="row in an error of PostgreSQL",
    ),
    pytest.param(
        "漏水",
        "(sqlite3.IntegrityError) UNIQUE\n[SQL: INSERT INTO m]\n[parameters: (1, '厨房\\n漏水]')]\n(Background on this error)",
        id="parameters in an error of SQLAlchemy",
    ),
]

HARMLESS = [
    "complaint TS-20261121-0001 assigned",
    "due 2026-11-21T19:59:42.123456+08:00",
    "listening on 127.0.0.1:8080",
    "intake: 2000 messages in 6.412 s, 311.9 per second, rss 104857600",
    "attempt 3 of 8, next in 40 s",
    "550e8400-e29b-41d4-a716-446655440000",
    "IMAP folder INBOX: UIDVALIDITY 1763755182, UID 40001",
]


class Lines(io.StringIO):
    """What was logged."""

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def event(self) -> dict[str, Any]:
        [event] = self.events()
        return event


@pytest.fixture
def lines() -> Lines:
    stream = Lines()
    configure_logging(LogSection(level="debug", format="json"), stream)
    return stream


# --- the road ---------------------------------------------------------------------------------------------------------


def test_an_event_of_ours_is_one_object_on_one_line(lines: Lines) -> None:
    structlog.get_logger("bot.intake").info("mail stored", inbox=12, channel="email", note="两\n行")
    event = lines.event()
    assert datetime.fromisoformat(event.pop("timestamp")).tzinfo is not None
    assert event == {
        "event": "mail stored",
        "level": "info",
        "logger": "bot.intake",
        "inbox": 12,
        "channel": "email",
        "note": "两\n行",
    }


def test_a_librarys_line_takes_the_same_road(lines: Lines) -> None:
    logging.getLogger("some.library").warning("slow answer from %s", "server", extra={"took_s": 3.5})
    event = lines.event()
    assert datetime.fromisoformat(event.pop("timestamp")).tzinfo is not None
    assert event == {
        "event": "slow answer from server",
        "level": "warning",
        "logger": "some.library",
        "took_s": 3.5,
    }


def test_what_is_bound_to_the_context_is_in_every_line(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(complaint="TS-1"):
        structlog.get_logger().info("ours")
        logging.getLogger("theirs").info("theirs")
    assert [event["complaint"] for event in lines.events()] == ["TS-1", "TS-1"]


def test_a_warning_takes_the_same_road(lines: Lines) -> None:
    # pytest watches warnings itself; this is what the interpreter does outside of it.
    with warnings.catch_warnings():
        logging.captureWarnings(False)
        configure_logging(LogSection(level="info"), lines)
        warnings.simplefilter("always")
        warnings.warn("old way", FutureWarning, stacklevel=1)
        logging.captureWarnings(False)
    assert lines.event()["logger"] == "py.warnings"


def test_the_last_configuration_counts(lines: Lines) -> None:
    log = structlog.get_logger("bot")
    log.debug("first")
    other = Lines()
    configure_logging(LogSection(level="warning"), other)
    log.info("not said")
    log.warning("second")
    assert (lines.event()["event"], other.event()["event"]) == ("first", "second")


@pytest.mark.parametrize(
    "name", ["aiohttp.access", "httpx", "apscheduler.scheduler", "sqlalchemy.engine.Engine", "aioimaplib"]
)
def test_talkative_libraries_say_only_what_is_wrong(lines: Lines, name: str) -> None:
    logging.getLogger(name).info("GET /bot%s/getMe", BOT_TOKEN)
    logging.getLogger(name).warning("not well")
    assert lines.event()["event"] == "not well"


def test_the_text_form_is_one_line_too(lines: Lines) -> None:
    stream = io.StringIO()
    configure_logging(LogSection(format="text"), stream)
    structlog.get_logger("bot").info("mail\nstored", inbox=12, by="li@example.com")
    [line] = stream.getvalue().splitlines()
    assert "mail\\nstored" in line
    assert "inbox=12" in line
    assert "li@" not in line


def test_no_words_in_the_text_form_steer_the_terminal(lines: Lines) -> None:
    stream = io.StringIO()
    configure_logging(LogSection(format="text"), stream)
    logging.getLogger("theirs").warning("gone: %s", "a\x1b[2J\x1b]0;owned\x07\u2028[info] all is well\x9b1m\tb")
    structlog.get_logger("bot").info("stored", by="\x1b[31mred")
    assert len(stream.getvalue().splitlines()) == 2
    try:
        raise ValueError("\x1b[2J")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    told = stream.getvalue()
    assert all(letter.isprintable() or letter == "\n" for letter in told)
    assert "\\x1b[2J" in told


def test_the_text_form_shows_tracebacks(lines: Lines) -> None:
    stream = io.StringIO()
    configure_logging(LogSection(format="text"), stream)
    try:
        raise ValueError("password=hunter2")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    assert "Traceback (most recent call last)" in stream.getvalue()
    assert "ValueError: password=[hidden]" in stream.getvalue()
    assert "hunter2" not in stream.getvalue()


def test_by_default_lines_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSection())
    structlog.get_logger("bot").info("hello")
    assert json.loads(capsys.readouterr().err)["event"] == "hello"


# --- nothing private --------------------------------------------------------------------------------------------------


def _fail(text: str) -> None:
    raise ValueError(text)


def _in_exception(say: Callable[[str], None], text: str, *, chained: bool = False) -> None:
    try:
        try:
            _fail(text)
        except ValueError as error:
            if chained:
                raise RuntimeError("outer") from error
            raise
    except (ValueError, RuntimeError):
        say("failed")


def _break_a_line(text: str) -> None:
    root = logging.getLogger()
    # pytest's own handlers let the mistake through as an exception.
    root.handlers[:] = [each for each in root.handlers if each.__module__ == "bot.logs"]
    THEIRS.info("%d", text)


OURS = structlog.get_logger("ours")
THEIRS = logging.getLogger("theirs")

ROADS: dict[str, Callable[[str], None]] = {
    "our event": lambda text: OURS.info(text),
    "our argument": lambda text: OURS.info("it is %s", text),
    "our keyword": lambda text: OURS.info("event", detail=text),
    "our nested keyword": lambda text: OURS.info("event", detail={"list": [{"deep": (text,)}]}),
    "a key of a mapping": lambda text: OURS.info("event", detail={text: 1}),
    "our exception": lambda text: _in_exception(OURS.exception, text),
    "our chained exception": lambda text: _in_exception(OURS.exception, text, chained=True),
    "an exception as a keyword": lambda text: OURS.info("event", error=ValueError(text)),
    "an object as a keyword": lambda text: OURS.info("event", thing=Holder(text)),
    "the bound context": lambda text: OURS.bind(who=text).info("event"),
    "their message": lambda text: THEIRS.info("%s", text),
    "their object": lambda text: THEIRS.info("got %s", [text]),
    "their extra": lambda text: THEIRS.info("event", extra={"detail": text}),
    "their exception": lambda text: _in_exception(THEIRS.exception, text),
    "a broken line": _break_a_line,
}


@dataclass
class Holder:
    content: str


@pytest.mark.parametrize(("secret", "text"), PRIVATE)
@pytest.mark.parametrize("form", ["json", "text"])
def test_nothing_private_is_logged(form: Any, secret: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert secret in text
    for road, say in ROADS.items():
        stream = io.StringIO()
        configure_logging(LogSection(level="debug", format=form), stream)
        say(text)
        shown = stream.getvalue() + "".join(capsys.readouterr())
        assert secret not in shown, road
        assert shown.strip(), road


@pytest.mark.parametrize("key", ["text", "body", "raw", "subject", "Subject", "visible_reply", "html", "message"])
def test_what_a_person_wrote_is_dropped_by_its_name(lines: Lines, key: str) -> None:
    OURS.info("event", **{key: "厨房漏水"}, inner=[{key: "厨房漏水", "size": 4}])
    THEIRS.info(
        "event", extra={"inner": {key: "厨房漏水"}, "size": 4, **({} if key == "message" else {key: "厨房漏水"})}
    )
    ours, theirs = lines.events()
    assert "漏水" not in lines.getvalue()
    assert (ours["inner"], theirs["size"]) == ([{"size": 4}], 4)
    assert key not in ours
    assert key not in theirs


@pytest.mark.parametrize(
    "key",
    ["password", "imap_password", "secret", "reply_token", "Authorization", "api_key", "Cookie", "phone", "from_phone"],
)
@pytest.mark.parametrize("value", ["abc", 1234, ["abc"], {"a": "abc"}], ids=["text", "number", "list", "mapping"])
def test_a_secret_is_hidden_by_its_name(lines: Lines, key: str, value: Any) -> None:
    OURS.info("event", **{key: value})
    assert lines.event()[key] == "[hidden]"


def test_a_phone_number_may_come_as_a_number(lines: Lines) -> None:
    OURS.info("event", sender=13800138000, count=138001380)
    assert (lines.event()["sender"], lines.event()["count"]) == ("[phone]", 138001380)


@pytest.mark.parametrize("text", ["got text=厨房漏水 and more", "mail Subject: 厨房漏水\nFrom: x", "body = 厨房\n漏水"])
def test_without_quotes_everything_behind_the_name_is_hidden(lines: Lines, text: str) -> None:
    OURS.info(text)
    assert "漏水" not in lines.getvalue()
    assert "[hidden]" in lines.getvalue()


def test_the_code_in_a_traceback_stays(lines: Lines) -> None:
    text = "kitchen"
    try:
        _fail(text=text)
    except ValueError:
        OURS.exception("failed")
    assert "_fail(text=text)" in lines.event()["exception"]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays(lines: Lines, text: str) -> None:
    OURS.info(text, detail=text)
    assert (lines.event()["event"], lines.event()["detail"]) == (text, text)


def test_values_keep_their_meaning(lines: Lines) -> None:
    class Status(StrEnum):
        OPEN = "open"

    OURS.info(
        "event",
        nothing=None,
        yes=True,
        share=0.1,
        status=Status.OPEN,
        due=datetime(2026, 11, 21, 8, tzinfo=UTC),
        day=date(2026, 11, 21),
        left=timedelta(hours=2),
        price=Decimal("1.50"),
        file=Path("data/x.eml"),
        key=UUID(int=7),
        thing=object(),
        error=OSError(2, "No such file"),
    )
    event = {key: value for key, value in lines.event().items() if key not in {"timestamp", "level", "logger", "event"}}
    assert event == {
        "nothing": None,
        "yes": True,
        "share": 0.1,
        "status": "open",
        "due": "2026-11-21T08:00:00+00:00",
        "day": "2026-11-21",
        "left": "2:00:00",
        "price": "1.50",
        "file": "data/x.eml",
        "key": "00000000-0000-0000-0000-000000000007",
        "thing": "<object>",
        "error": "FileNotFoundError: [Errno 2] No such file",
    }


def test_what_holds_itself_comes_to_an_end(lines: Lines) -> None:
    circle: list[Any] = []
    circle.append(circle)
    OURS.info("event", circle=circle)
    assert "<list>" in lines.getvalue()


def test_a_long_text_is_cut_and_a_long_traceback_keeps_its_end(lines: Lines) -> None:
    OURS.info("x" * 5_000_000)
    _in_exception(OURS.exception, "y" * 5_000_000 + "the end")
    long, failed = lines.events()
    assert len(long["event"]) < 2_100
    assert len(failed["exception"]) < 16_100
    assert failed["exception"].startswith("Traceback")
    assert failed["exception"].endswith("the end")


def test_a_line_that_cannot_be_written_is_told_by_its_place_alone(
    lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    _break_a_line("厨房漏水")
    event = lines.event()
    assert event["event"] == "a log line could not be written"
    assert event["logger"].startswith("theirs (test_logs.py:")
    assert capsys.readouterr() == ("", "")


def test_a_stream_that_is_gone_stops_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    configure_logging(LogSection(), stream)
    stream.close()
    OURS.info("hello")
    assert capsys.readouterr() == ("", "")


@given(st.text())
def test_taking_out_twice_takes_out_no_more(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once


@given(st.text(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text())
def test_a_mobile_number_is_found_anywhere(before: str, number: str, after: str) -> None:
    around = f"{before} {number} {after}"
    if not (before[-1:].isdigit() or after[:1].isdigit()):
        assert number not in redact_text(around)


@given(
    st.dictionaries(
        st.text(),
        st.recursive(st.none() | st.integers() | st.floats() | st.text() | st.binary(), st.lists, max_leaves=5),
    )
)
def test_any_event_can_be_written(event: dict[str, Any]) -> None:
    json.dumps(redact(None, "info", event), ensure_ascii=False)


@pytest.mark.parametrize("piece", ["a", "a.", "1-", "@", "password", "://a:", "text='", "138 0013 ", "(021) "])
def test_no_text_keeps_the_search_busy_for_long(piece: str) -> None:
    # The longest text that is searched: a pattern that tried every start with every end would not come back from it.
    assert len(redact_text(piece * (64_000 // len(piece)), traceback=True)) < 17_000
