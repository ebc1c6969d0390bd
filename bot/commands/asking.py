"""What the rules make of something, without a desk: inspect, due, when, understand, permissions."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.commands.common import add, add_config, published_calendars, read_settings
from complaints.errors import ComplaintError

if TYPE_CHECKING:
    from bot.commands.common import Commands


_BESIDES = """This is what the words alone mean. The conversation looks at some things before it asks: /start CODE; in a group,
/service; whether a program answers; what a button of a questionnaire sends; a number with the code of somebody who would not
be named, and the wish not to be; of staff, what is forwarded, personal data (数据请求, 数据 3 …, 法律保全 …), improvements
(改进 0001 …), playbooks, opinions, the wording, proposals and courses (预案, 征求意见, 口径, 奖惩, 培训); “the second one …”
against the list shown last; a number that begins the words and is not the one asked about. Then at what waits: a visit to be
agreed, an alarm or a call to be answered, a fact to be put right (更正 0002 地点 …), what may be taken back (恢复 0001),
danger that is over. A digit counts where answers were put as 1, 2, 3 (--pending menu), and a button for the question of its
own message. "choices" are what is put under words that are unclear; "otherwise" is what the words are taken for where the
first cannot be meant, such as a command of the desk with a number, by somebody in another role: whoever may do it all the same
does it, others hear whom to ask."""


def register(commands: Commands) -> None:
    inspect = add(commands, "inspect", _inspect, "print what intake understands of each file, one JSON object a line")
    inspect.add_argument("--channel", choices=("email", "telegram", "sms"), default="email")
    inspect.add_argument("--own-domain", action="append", default=[], help="a domain of ours (may be given often)")
    inspect.add_argument(
        "--grade", metavar="NAME", help="say as well how grave the words are by this policy profile, and why"
    )
    inspect.add_argument(
        "files", nargs="+", metavar="FILE", help="a raw message; - reads file names from standard input"
    )

    due = add(commands, "due", _due, "print when every clock of a policy, or one limit, runs out, with the arithmetic")
    what = due.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--policy", metavar="NAME", help="a policy profile: each of its clocks, begun at the moment given"
    )
    what.add_argument("--limit", metavar="LIMIT", help="a limit such as 24h, 2d, 13wd or 4wh")
    due.add_argument("--category", metavar="CODE", help="only the clocks that run for this category")
    due.add_argument("--severity", metavar="S", help="only the clocks that run for this severity, S0 to S4")
    # Told several times, an argument of several values adds up: the last must not silently take the place of the others.
    due.add_argument(
        "--received",
        nargs="+",
        action="extend",
        required=True,
        metavar="ISO8601",
        help="when it began (one or several)",
    )
    due.add_argument(
        "--pause", nargs="+", action="extend", default=[], metavar="FROM/TO", help="when the clocks stood still"
    )
    due.add_argument(
        "--calendar", default="", metavar="NAME", help="of [calendars.NAME]; default: the one of [calendar]"
    )
    due.add_argument(
        "--imported", action="store_true", help="go by the days that were imported, too (reads the database)"
    )
    due.add_argument("--json", action="store_true", help="one JSON object for each moment, as always for several")
    add_config(due)

    when = add(commands, "when", _when, "print what a spoken time is taken to mean, one JSON object a line")
    when.add_argument("--now", metavar="ISO8601", help="the moment at which it is said (default: now)")
    when.add_argument("texts", nargs="+", metavar="TEXT", help="such as 明天下午三点 or 'next Tuesday 3pm'")
    add_config(when)

    understand = add(commands, "understand", _understand, "print what the conversation takes a text to mean")
    understand.epilog = _BESIDES
    understand.add_argument("--role", choices=("customer", "handler", "supervisor", "employee"), default="customer")
    understand.add_argument(
        "--pending", default="none", help="the open question: none rating yes_no plan result reason …"
    )
    understand.add_argument("texts", nargs="+", metavar="TEXT", help='- reads JSON lines {"text","role","pending"}')

    permissions = add(commands, "permissions", _permissions, "print who may do what, in which state of a complaint")
    form = permissions.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="the page docs/permissions.md (the default)")
    form.add_argument("--json", action="store_true", help="one JSON object")


def _inspect(options: argparse.Namespace) -> int:
    from bot.inspect import inspect_files
    from complaints import policy

    rules = policy.load(options.grade).grading if options.grade else None
    for line in inspect_files(_names(options.files), options.own_domain, options.channel, rules):
        print(line)
    return 0


def _names(files: Iterable[str]) -> Iterable[str]:
    for file in files:
        if file == "-":
            # A file may have any name: what is no UTF-8 in it is kept, to open it by.
            yield from (os.fsdecode(line.rstrip(b"\r\n")) for line in sys.stdin.buffer if line.strip())
        else:
            yield file


def _due(options: argparse.Namespace) -> int:
    from bot.due import due_lines

    lines = due_lines(
        read_settings(options),
        received=options.received,
        policy_name=options.policy,
        limit=options.limit,
        category=options.category,
        severity=options.severity,
        pauses=options.pause,
        calendar_name=options.calendar,
        calendars=published_calendars(options) if options.imported else None,
        as_json=options.json,
    )
    for line in lines:
        print(line)
    return 0


def _when(options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.due import moment
    from bot.grammar.spoken import spoken

    zone = read_settings(options).service.zone
    now = moment("--now", options.now, zone) if options.now else SystemClock().now().astimezone(zone)
    for text in options.texts:
        meant = spoken(text, now)
        start, end = (at.isoformat() if at else None for at in (meant.start, meant.end))
        answer = {"text": text, "start": start, "end": end, "ask": meant.ask}
        print(json.dumps(answer, ensure_ascii=False).encode(errors="replace").decode())
    return 0


def _permissions(options: argparse.Namespace) -> int:
    from bot.permissions import as_json, as_markdown

    print(
        json.dumps(as_json(), ensure_ascii=False) if options.json else as_markdown(), end="\n" if options.json else ""
    )
    return 0


def _understand(options: argparse.Namespace) -> int:
    for text in options.texts:
        if text != "-":
            print(understood(text, options.role, options.pending, "understand"))
            continue
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if line.strip():
                print(_understood_line(line, options, f"understand: line {number}"))
    return 0


def _understood_line(line: bytes, options: argparse.Namespace, where: str) -> str:
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise ComplaintError(f"{where} is no JSON: {error}") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise ComplaintError(f'{where}: write an object with a text: {{"text", "role", "pending"}}')
    return understood(asked["text"], asked.get("role", options.role), asked.get("pending", options.pending), where)


def understood(text: str, role: object, pending: object, where: str) -> str:
    """Return what a text is taken to mean, as JSON. Raises ComplaintError, beginning with `where`."""
    from bot.dialogue.by_number import command_by_number
    from bot.grammar import Pending, Speaker, Verb
    from bot.grammar.among_us import taken_for
    from bot.grammar.asking import explained
    from bot.menus import spelled_out

    if role not in list(Speaker):
        raise ComplaintError(f"{where}: role is {role!r}; it is one of {', '.join(Speaker)}")
    if pending not in list(Pending):
        raise ComplaintError(f"{where}: pending is {pending!r}; it is one of {', '.join(Pending)}")
    speaker, question = Speaker(str(role)), Pending(str(pending))
    words = spelled_out(text)
    meaning = taken_for(words, speaker, question)
    shown = explained(meaning, speaker, question) | {"text": text}
    by_number = question is Pending.NONE and meaning.verb is not Verb.NOTE
    found = command_by_number(words, speaker, meaning) if by_number else None
    if found is not None and found[0].verb is not meaning.verb:
        # It is done, or refused with whom to ask; but where the number is of a complaint that they made themselves.
        shown["otherwise"] = found[0].verb.value
        shown.pop("choices", None)
    # Half a character (a lone surrogate) can be given, but not printed.
    return json.dumps(shown, ensure_ascii=False).encode(errors="replace").decode()
