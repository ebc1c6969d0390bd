"""Logs: one line per event to stderr, ours and our libraries' by the same road, with nothing private in them.

Ours: `log = structlog.get_logger(__name__)`, then `log.info("mail stored", inbox=12)`: an event in plain words and facts as
keywords. Libraries log through the standard library; both end in one handler, where everything that could tell who
wrote what, or open a door, is taken out of events, keywords and exception texts alike.

What is taken out is a safety net, not a licence: never log what a person wrote, nor an object that carries it.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any, TextIO
from uuid import UUID

from bot.settings import LogSection

# structlog loads rich where a developer has it, a tenth of a start, for tracebacks that are kept plain here.
_rich = sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
import structlog  # noqa: E402
from structlog.typing import EventDict, Processor, WrappedLogger  # noqa: E402

if _rich is None:
    del sys.modules["rich"]

# What a person wrote: never logged under these names, at any depth.
DROPPED_KEYS = frozenset({"text", "body", "raw", "subject", "visible_reply", "html"})

# Libraries that would show at INFO or DEBUG what we must not keep: URLs with a bot's token, commands with a password,
# statements with a person's words; or that would only repeat themselves.
QUIET_LOGGERS = (
    "aioimaplib",
    "aiohttp.access",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "httpcore",
    "httpx",
    "mail.log",
    "psycopg",
    "sqlalchemy",
    "telegram",
)

_HIDDEN = "[hidden]"
_LONGEST_TEXT = 2_000
_LONGEST_TRACEBACK = 16_000
_DEEPEST = 6
_TRACEBACKS = frozenset({"exception", "stack"})  # texts of several lines
_CONTROLS = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
_OF_LINES = {code: shown for code, shown in _CONTROLS.items() if code != ord("\n")}
_OURS = frozenset({"level", "logger", "timestamp"})  # written by the processors here, so there is nothing to look for

_SECRET_KEY = re.compile(r"passw|passphrase|\bpwd\b|secret|token|authorization|cookie|api_?key|bind_code", re.I)
_PHONE_KEY = re.compile(r"^(phone|mobile|tel|telephone)$|_phone$", re.I)

_QUOTED = r"""b?"(?:[^"\\]|\\.)*"|b?'(?:[^'\\]|\\.)*'"""
_WORDS = "|".join(sorted(DROPPED_KEYS))
_EDGE = r"(?:\b|(?<=\\[nrt]))"  # where a word begins, also behind the `\n` of a repr

# Most events match nothing: this one search spares them the dozen below.
_SUSPICIOUS = re.compile(
    rf"@|\d{{3}}|\+\d|://|bearer|basic|pass|pwd|secret|token|authoriz|cookie|key|密码|口令|\[parameters|DETAIL|{_WORDS}",
    re.I,
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Errors of the database quote the values that did not fit, and those are a person's words.
    (re.compile(r"\[parameters: .*?(?=\n\(Background|\Z)", re.S), f"[parameters: {_HIDDEN}]"),
    (re.compile(r"DETAIL:\s.*"), f"DETAIL: {_HIDDEN}"),
    (re.compile(rf"{_EDGE}({_WORDS})(['\"]?\s*[=:]\s*)(?:{_QUOTED})", re.S | re.I), rf"\1\2{_HIDDEN}"),
    (re.compile(rf"{_EDGE}(bearer|basic)\s+[\w.~+/=-]{{8,}}", re.I), rf"\1 {_HIDDEN}"),
    (re.compile(r"(?<!\d)\d{6,12}:[\w-]{30,}"), _HIDDEN),  # a Telegram bot's token
    (re.compile(r"://[^\s/@]{0,256}:[^\s@]{0,256}@"), f"://{_HIDDEN}@"),  # user and password of a URL
    (
        re.compile(
            r"((?:passw(?:or)?d|passphrase|pwd|secret|token|authorization|cookie|api[_-]?key|密码|口令)\w{0,20}"
            rf"[\"']?\s*[=:：]\s*)(?:{_QUOTED}|[^\s\"'&,;)}}\]]+)",
            re.I,
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"[^\s@<>\"'(),;:\[\]]{1,256}@[\w-]+(?:\.[\w-]+)*"), "[address]"),
    (re.compile(r"\+\d(?:[\s().-]{0,2}\d){6,14}(?!\d)"), "[phone]"),
    (re.compile(r"(?<!\d)(?:(?:00)?86[\s-]?)?[1１][3-9３-９]\d(?:[\s-]?\d{4}){2}(?!\d)"), "[phone]"),
    (re.compile(r"(?<!\d)\(?0\d{2,3}\)?[\s-]?\d{7,8}(?!\d)"), "[phone]"),
    (re.compile(r"(?<!\d)[48]00[\s-]?\d{3,4}[\s-]?\d{3,4}(?!\d)"), "[phone]"),
    (re.compile(r"(?<!\d)(?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[.-]\d{4}(?!\d)"), "[phone]"),
)
# Without quotes nothing says where a person's words end: all that follows goes. Not in tracebacks, whose lines of code
# are full of `text=text`.
_UNQUOTED = re.compile(rf"{_EDGE}({_WORDS})(\s*=\s*|:\s)(?!\[hidden\]).*", re.S | re.I)


def configure_logging(log: LogSection, stream: TextIO | None = None) -> None:
    """Send every log line, ours and our libraries', to `stream` (default: stderr) as the settings say.

    May be called again; the last call counts.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # loggers of modules that were imported earlier follow a new configuration
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            *_renderers(log.format),
        ],
    )
    handler = _Handler(stream if stream is not None else sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(log.level.upper())
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take out of an event what must not be kept: a structlog processor, to run when exceptions are texts already."""
    return {
        key: value if key in _OURS and isinstance(value, str) else _clean_value(key, value, depth=0)
        for key, value in ((str(key), value) for key, value in event.items())
        if not _is_dropped(key)
    }


def redact_text(text: str, *, traceback: bool = False) -> str:
    """Return `text` without phone numbers, mail addresses, passwords, tokens and quoted words of people, and not too long.

    traceback: it holds lines of code; what is too long loses its middle, not its end.
    """
    limit = _LONGEST_TRACEBACK if traceback else _LONGEST_TEXT
    text = _shorten(text, 4 * limit, traceback)  # before the search, so that a huge text costs no more than a long one
    if _SUSPICIOUS.search(text):
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        if not traceback:
            text = _UNQUOTED.sub(rf"\1\2{_HIDDEN}", text)
    return _shorten(text, limit, traceback)


class _Handler(logging.StreamHandler[TextIO]):
    """A stream handler that keeps quiet about what it could not write."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Say where the line came from. The original prints the message and its arguments, private or not."""
        try:
            place = f"{record.name} ({PurePath(record.pathname).name}:{record.lineno})"
            self.stream.write(
                f'{{"level": "error", "event": "a log line could not be written", "logger": "{place}"}}\n'
            )
            self.flush()
        except (OSError, ValueError):
            pass  # stderr itself is gone: there is nobody left to tell


def _renderers(form: str) -> list[Processor]:
    if form == "json":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    plain = structlog.dev.plain_traceback
    return [_on_one_line, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]


def _on_one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep an event from looking like two, or from steering the terminal: JSON escapes such marks, the text form does not."""
    event["event"] = str(event.get("event", ""))
    return {
        key: value.translate(_OF_LINES if key in _TRACEBACKS else _CONTROLS) if isinstance(value, str) else value
        for key, value in event.items()
    }


def _is_dropped(key: str) -> bool:
    # `message` is either a person's or the event once more, left on the record by another handler.
    return key.lower() in DROPPED_KEYS or key.lower() == "message"


def _clean_value(key: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_KEY.search(key) or _PHONE_KEY.search(key):
        return _HIDDEN
    if isinstance(value, Enum):
        return _clean_value(key, value.value, depth)
    if isinstance(value, str):
        return redact_text(value, traceback=key in _TRACEBACKS)
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        cleaned = redact_text(str(value))  # a phone number may come as a number
        return value if cleaned == str(value) else cleaned
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, timedelta | Decimal | PurePath):
        return redact_text(str(value))
    if isinstance(value, BaseException):
        return redact_text(f"{type(value).__name__}: {value}")
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {
            redact_text(str(name)): _clean_value(str(name), each, depth + 1)
            for name, each in value.items()
            if not _is_dropped(str(name))
        }
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_clean_value(key, each, depth + 1) for each in value]
    return f"<{type(value).__name__}>"  # its repr could hold anything: a message, a connection's password


def _shorten(text: str, limit: int, traceback: bool) -> str:
    if len(text) <= limit:
        return text
    head = limit // 4 if traceback else limit
    tail = text[len(text) - (limit - head) :] if traceback else ""
    return f"{text[:head]} … [{len(text) - limit} characters left out] … {tail}".rstrip()
