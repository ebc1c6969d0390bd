"""The menu of commands that a chat shows: what its reader can say, by who they are and how things stand with them.

The menus are data: `templates/_layout/menus.toml` names the commands of each, `<locale>/commands.toml` has their words.
A chat's menu goes out with the message that makes it another one, so it never runs ahead of what its reader was told,
and a message that changes nothing asks the database nothing. Everything in a menu can be typed as well.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import cache
from typing import Final, TypeAlias

from bot.dialogue.hints import CENTRE, hinted, roles_told
from bot.dialogue.questions import Question
from bot.grammar import Pending
from bot.people import Person
from bot.storage.models import AddressRow
from bot.storage.work import Work
from bot.words import known_locale, templates_dir
from complaints.complaint import Complaint
from complaints.errors import ConfigError
from complaints.vocabulary import Role, TaskStatus
from connectors.port import Command

EVERYBODY: Final = "customer"
"""The menu of whoever has nothing open with us: what a channel shows to all whom it was told nothing else about."""
OPEN: Final = "customer_open"
RATING: Final = "customer_rating"
PLAN: Final = "customer_plan"
GIVEN: Final = "handler_given"
"""The menu of whoever has something still to take on."""
WORKING: Final = "handler_working"
PAUSING: Final = "handler_pausing"
"""The menus of whoever has taken on all that they have: nothing of it may wait, or some of it may."""
_CUSTOMERS: Final = frozenset({EVERYBODY, OPEN, RATING, PLAN})
_BY_TASKS: Final = frozenset({"handler", "employee"})
_BUSY: Final = frozenset({GIVEN, WORKING, PAUSING})
_SAYS: Final = re.compile(r"\s*[：:]\s*")
_TYPED: Final = re.compile(r"/([a-z0-9_]+)(?=\s|$)", re.IGNORECASE)

MayWait: TypeAlias = Callable[[Complaint], Awaitable[bool]]
"""Whether what a complaint runs under lets its work wait."""


@cache
def menus(locale: str) -> Mapping[str, tuple[Command, ...]]:
    """Return every menu by its name, in the words of a locale. Raises ConfigError naming the file that is wrong."""
    layout = templates_dir() / "_layout"
    file = layout / "menus.toml"
    try:
        named = tomllib.loads(file.read_text("utf-8"))
        file = layout / known_locale(locale) / "commands.toml"
        words = tomllib.loads(file.read_text("utf-8"))
        commands = {name: Command(name, _SAYS.split(shown)[0], shown) for name, shown in words.items()}
        return {menu: tuple(commands[name] for name in names) for menu, names in named.items()}
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"{file}: {error}") from error


@cache
def _words_of(locale: str) -> Mapping[str, str]:
    return {command.name: command.says for menu in menus(locale).values() for command in menu}


def spelled_out(words: str) -> str:
    """Return what a menu's command stands for, with what was written behind it: `/giveback 不是我们的` is "退单 不是我们的"."""
    typed = _TYPED.match(words)
    if typed is None:
        return words
    rest = words[typed.end() :]
    said = _words_of("en" if rest.isascii() else "zh").get(typed[1].lower())
    return words if said is None else said + rest


async def changed_menu(
    work: Work, chat: AddressRow, person: Person, locale: str, about: Collection[str], message: int, may_wait: MayWait
) -> tuple[Command, ...] | None:
    """Return the menu that a private chat is to show from this message on, empty = that of everybody; None where it stays.

    about: the complaints that the message tells of. message: which one; asked again for the same one, the answer is the same,
    so that what is sent again brings its menu again.
    """
    shown, _, brought_by = chat.menu.rpartition("#")
    name, _, _ = shown.partition("@")
    known = [work.known_complaint(each) for each in about]
    now = await _named(work, chat, person, name or EVERYBODY, known, may_wait)
    wanted = "" if now == EVERYBODY else f"{now}@{known_locale(locale)}"
    if wanted == shown and brought_by != str(message):
        return None
    if wanted != shown:
        chat.menu = f"{wanted}#{message}"
    return menus(locale)[now] if wanted else ()


async def _named(
    work: Work,
    chat: AddressRow,
    person: Person,
    shown: str,
    about: Collection[Complaint | None],
    may_wait: MayWait,
) -> str:
    """Return the name of the menu that fits. Only where the one shown may fit no more is anything looked up."""
    role = _role(chat, person)
    if role == EVERYBODY:
        if (asked := _asked(chat)) is not None:
            return asked
        if any(each is not None and each.complainant == person.id and each.going_on for each in about):
            return OPEN
        if shown == EVERYBODY or (shown == OPEN and not any(about)):
            return shown
        return OPEN if any(each.going_on for each in await work.complaints_of(person.id)) else EVERYBODY
    if role not in _BY_TASKS:
        return role
    theirs = [each for each in about if each is not None and _has(person.id, each)]
    if any(_to_take_on(person.id, each) for each in theirs):
        return GIVEN
    if theirs and shown in (WORKING, PAUSING):  # a message about something else of theirs takes nothing away
        return PAUSING if shown == PAUSING or await _any_may_wait(theirs, may_wait) else WORKING
    if not theirs and (shown == role or (shown in _BUSY and not any(about))):
        return shown
    tasks = await work.tasks_of(person.id)
    if not tasks:
        return role
    if any(_to_take_on(person.id, each) for each in tasks):
        return GIVEN
    return PAUSING if await _any_may_wait(tasks, may_wait) else WORKING


def _has(person: str, complaint: Complaint) -> bool:
    return any(task.open and task.assignee == person for task in complaint.tasks)


def _to_take_on(person: str, complaint: Complaint) -> bool:
    return any(task.assignee == person and task.status is TaskStatus.DISPATCHED for task in complaint.tasks)


async def _any_may_wait(complaints: Collection[Complaint], may_wait: MayWait) -> bool:
    return any([await may_wait(each) for each in complaints])


def _role(chat: AddressRow, person: Person) -> str:
    """Return as whom somebody reads a menu: a colleague who has not shown to be one reads a customer's."""
    if not (person.staff and person.active and chat.proven):
        return EVERYBODY
    if Role.HANDLER in person.roles or person.roles & CENTRE or roles_told(person.roles):
        return hinted(person.roles)
    return "employee"


def _asked(chat: AddressRow) -> str | None:
    """Return the menu of the question that waits in a chat: how satisfied they are, or whether a plan suits them."""
    if Pending.RATING not in chat.pending and Pending.PLAN not in chat.pending:
        return None
    question = Question.loads(chat.pending)
    return None if question is None else {Pending.RATING: RATING, Pending.PLAN: PLAN}.get(question.ask)
