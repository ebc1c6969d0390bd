"""The queue in chat: what is open, a page at a time, by what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.answers import Answer
from bot.dialogue.questions import Question
from bot.dialogue.refusing import refuse_act
from bot.dialogue.remembering import recall, remember
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.tools import QueueAsked, asks_next_page, asks_of_the_whole, read_queue
from bot.storage import tools
from bot.storage.tools import QueueWanted
from complaints.complaint import Complaint
from complaints.permissions import Errand, may, permitted

_QUEUE, _TASKS = "queue", "tasks"
_PAGE = 9  # what a digit can name
_FRESH = timedelta(hours=1)  # how long the next page of what was shown may be asked for


async def take_queue(turn: Turn) -> bool:
    """Show a page of the queue, or the next one; False where neither is asked for."""
    if asks_next_page(turn.words):
        return await _next(turn)
    asked = read_queue(turn.words)
    if asked is None and may(Errand.QUEUE, turn.as_staff()) and not await turn.work.tasks_of(turn.person.id):
        asked = asks_of_the_whole(turn.words)  # who has something in hand may mean that
    if asked is None:
        return False
    turn.did = Verb.LIST
    if not may(Errand.QUEUE, turn.as_staff()):
        await refuse_act(turn, Errand.QUEUE)
        return True
    wanted = await _wanted(turn, asked)
    if wanted is not None:
        await show(turn, wanted)
    return True


async def _wanted(turn: Turn, asked: QueueAsked) -> QueueWanted | None:
    directory = await turn.work.directory()
    site = ""
    if asked.sites:
        named = [directory.site_named(each) or directory.site_in(each) for each in asked.sites]
        unknown = next((each for each, found in zip(asked.sites, named, strict=True) if found is None), None)
        codes = {found.code for found in named if found is not None}
        if unknown is not None or len(codes) != 1:
            names = "、".join(each.name for each in list(directory.sites.values())[:_PAGE])
            turn.answer(Answer.QUEUE_UNKNOWN, words=unknown or "、".join(asked.sites), names=names)
            return None
        site = codes.pop()
    return QueueWanted(
        overdue_at=turn.now if asked.overdue else None,
        unassigned=asked.unassigned,
        drill=asked.drill,
        severity=asked.severity,
        site=site,
        sites=turn.as_staff().sites or frozenset(),
        reader=turn.person.id,
    )


async def show(turn: Turn, wanted: QueueWanted, after: list[str] | None = None, page: int = 1) -> None:
    """Show one page; its digits name what stands on it, and "next" goes on."""
    found, more = await tools.queue_page(turn.work, wanted, after or [], _PAGE)
    actor = turn.as_staff()
    shown = [each for each in found if permitted(each, Errand.STATUS, actor)]  # of what names them nothing is told
    remember(turn, _QUEUE, _kept(turn, wanted, more, page) if more else None)
    remember(turn, _TASKS, None)
    if not shown and not more:
        part = wanted.overdue_at is not None or wanted.severity or wanted.site or wanted.drill
        turn.answer(Answer.QUEUE_EMPTY, None, **({"asked": "yes"} if part else {}))
        return
    directory = await turn.work.directory()
    site = directory.sites.get(wanted.site)
    facts = {
        "overdue": "yes" if wanted.overdue_at is not None else "",
        "unassigned": "yes" if wanted.unassigned else "",
        "drill": "yes" if wanted.drill else "",
        "severity": wanted.severity,
        "site": site.name if site is not None else "",
        "page": str(page) if page > 1 else "",
        "more": "yes" if more else "",
    }
    options = {"options": [each.reference for each in shown], "then": "进度"}
    turn.ask(Question(Pending.MENU, None, options))
    turn.answer_list(Answer.QUEUE, shown, **{name: value for name, value in facts.items() if value})


async def _next(turn: Turn) -> bool:
    kept = recall(turn, _QUEUE)
    if kept is None:
        return await _next_tasks(turn)
    if turn.now - datetime.fromisoformat(kept["at"]) > _FRESH:
        return False
    turn.did = Verb.LIST
    overdue_at = datetime.fromisoformat(kept["overdue_at"]) if kept["overdue_at"] else None
    wanted = QueueWanted(
        overdue_at,
        kept["unassigned"],
        kept["drill"],
        kept["severity"],
        kept["site"],
        frozenset(kept["sites"]),
        turn.person.id,
    )
    await show(turn, wanted, kept["after"], kept["page"] + 1)
    return True


def _kept(turn: Turn, wanted: QueueWanted, after: list[str], page: int) -> dict[str, object]:
    return {
        "overdue_at": wanted.overdue_at.isoformat() if wanted.overdue_at else "",
        "unassigned": wanted.unassigned,
        "drill": wanted.drill,
        "severity": wanted.severity,
        "site": wanted.site,
        "sites": sorted(wanted.sites),
        "after": after,
        "page": page,
        "at": turn.now.isoformat(),
    }


def show_tasks(turn: Turn, tasks: Sequence[Complaint], page: int = 1, of: int = 0) -> None:
    """Show a page of what somebody has in hand, the oldest first, and how many more there are. of: all of it, where
    `tasks` are only the rest.
    """
    shown, left = tasks[:_PAGE], len(tasks) - _PAGE
    facts = {"page": str(page)} if page > 1 else {}
    remember(turn, _QUEUE, None)
    if left > 0:
        facts |= {"left": str(left), "count": str(of or len(tasks))}
        last = shown[-1]
        after = [last.received_at.isoformat(), last.reference]
        remember(turn, _TASKS, {"after": after, "page": page, "at": turn.now.isoformat()})
    else:
        remember(turn, _TASKS, None)
    turn.answer_list(Answer.TASKS, shown, **facts)


async def _next_tasks(turn: Turn) -> bool:
    kept = recall(turn, _TASKS)
    if kept is None or turn.now - datetime.fromisoformat(kept["at"]) > _FRESH:
        return False
    turn.did = Verb.LIST
    tasks = await turn.work.tasks_of(turn.person.id)
    after = (datetime.fromisoformat(kept["after"][0]), str(kept["after"][1]))
    if rest := [each for each in tasks if (each.received_at, each.reference) > after]:
        show_tasks(turn, rest, int(kept["page"]) + 1, len(tasks))
    elif tasks:
        show_tasks(turn, tasks)
    else:
        turn.answer(Answer.NO_TASKS)
    return True
