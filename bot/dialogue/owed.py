"""What is owed by a day, in chat: "发送报告 3" (R-100), "已查意见簿 没有", or what was found there: a complaint (R-003)."""

from __future__ import annotations

from datetime import timedelta

from bot import owed
from bot.answers import Answer
from bot.dialogue.filing import file_for_customer
from bot.dialogue.questions import Question
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, begins_with_command
from bot.grammar.bidden import sends_it
from bot.grammar.owed import OwedSaid, Said, about_owed, left_alone, nothing_found, report_picked
from bot.storage import chores as kept
from bot.storage import queues
from bot.storage.models import ChoreRow
from complaints.change import NoticeKind
from complaints.permissions import Errand, may
from complaints.vocabulary import SERVICE_CENTRE, Role

CHORE = "chore"
REMARK, SHOWN = "report_remark", "report_shown"
"""What we ask of a report: what to add, or to which; and that it was shown again, for "yes, send it" to be about it."""
_SHOWN = 9
_LATELY = 30  # notices in which a line that waits is looked for
_LOG = timedelta(days=30)
_LOOKS_UP = frozenset({Verb.HELP, Verb.LIST, Verb.RATES, Verb.BOARD, Verb.ON_DUTY, Verb.LANGUAGE, Verb.BIND})
_OF_ALL = SERVICE_CENTRE | {Role.LEADER, Role.HR_AUDITOR}


async def take_owed(turn: Turn) -> bool:
    """Do what is said of it; False where the words are about something else."""
    said = about_owed(turn.words)
    if said is None:
        said = _about_report(turn) or await _answer(turn) or await _lets_out(turn)
    if said is None:
        return False
    if said.said is Said.TICK:
        return await _tick(turn, said)
    errand = Errand.CHORES if said.said is Said.CHORES else Errand.SEND_REPORT
    if not may(errand, turn.as_staff()):
        await refuse_act(turn, errand)
    elif said.said is Said.CHORES:
        await _log(turn)
    elif said.said in (Said.EDIT, Said.UNDO):
        await _edit(turn, said)
    else:
        await _reports(turn, said)
    turn.did = Verb.TICK
    return True


def _about_report(turn: Turn) -> OwedSaid | None:
    """Return what is said to our question what shall be added to a report, or to which one."""
    asked = turn.question.data if turn.question is not None else {}
    if asked.get("for") != REMARK or not turn.words or turn.named is not None:
        return None
    id, text = int(asked.get("id") or 0), str(asked.get("text") or "")
    picked = report_picked(turn.words)
    if left_alone(turn.words):
        turn.settle()
        return OwedSaid(Said.REPORTS)
    if not id or text:
        return OwedSaid(Said.EDIT, picked, text) if picked else None
    commanded = any(begins_with_command(turn.words, role) for role in (Speaker.SUPERVISOR, Speaker.HANDLER))
    looks_up = turn.meaning is not None and turn.meaning.verb in _LOOKS_UP
    if commanded or looks_up or sends_it(turn.words):
        return None
    return OwedSaid(Said.EDIT, id, turn.words)


async def _answer(turn: Turn) -> OwedSaid | None:
    """Return what is said to our question: that nothing was found, that it is done, or, once that was asked, what was found."""
    asked = turn.question.data if turn.question is not None else {}
    if asked.get("for") != CHORE or not turn.words:
        return None
    id = int(asked.get("id") or 0)
    if nothing_found(turn.words):
        return OwedSaid(Said.TICK, id, turn.words, nothing=True)
    word, _, rest = turn.words.strip().partition(" ")
    done = word.casefold().strip(",.:：，。!！") in ("done", "完成", "办结")
    if done and (nothing_found(rest) or not (rest or await turn.work.tasks_of(turn.person.id))):
        return OwedSaid(Said.TICK, id, rest.strip(), nothing=bool(rest))
    commanded = any(begins_with_command(turn.words, role) for role in (Speaker.SUPERVISOR, Speaker.HANDLER))
    return OwedSaid(Said.TICK, id, turn.words) if asked.get("found") and not commanded else None


async def _lets_out(turn: Turn) -> OwedSaid | None:
    """Return "yes, send it" as the sending of a report, where one waits for the speaker and no line for a customer does.

    Of a report that was just shown it is said all the same: where such a line waits as well, it is asked which is meant.
    """
    asked = turn.question.data if turn.question is not None else {}
    ours = asked.get("for") in (REMARK, SHOWN)
    shown = int(asked.get("id") or 0) if ours else 0
    if (turn.question is not None and not ours) or turn.named is not None or not sends_it(turn.words):
        return None
    if not may(Errand.SEND_REPORT, turn.as_staff()):
        return None
    directory = await turn.work.directory()
    rows = [row for row in await kept.waiting(turn.work, kept.REPORT) if owed.may_send(turn.person, directory, row)]
    lines = await queues.lately_told(turn.work, turn.person.id, [NoticeKind.PROGRESS_RELEASE], _LATELY)
    for each in lines if rows else []:
        complaint = await turn.work.complaint(each)
        if complaint is not None and complaint.unreleased is not None:
            return OwedSaid(Said.REPORTS) if ours else None
    if asked.get("text"):
        return OwedSaid(Said.REPORTS)  # it is not said yet with which of them that goes
    return OwedSaid(Said.SEND, shown if ours and any(row.id == shown for row in rows) else 0) if rows else None


async def _waiting(turn: Turn) -> list[ChoreRow]:
    """Return the reports that are the speaker's to send."""
    directory = await turn.work.directory()
    return [row for row in await kept.waiting(turn.work, kept.REPORT) if owed.may_send(turn.person, directory, row)]


def _listed(rows: list[ChoreRow]) -> str:
    return "\n".join(
        "|".join((str(row.id), facts["report"], row.period, facts.get("site", ""), row.due_at.isoformat()))
        for row in rows[:_SHOWN]
        for facts in [owed.facts_of(row)]
    )


def _settle_ours(turn: Turn) -> None:
    if turn.question is not None and turn.question.data.get("for") in (REMARK, SHOWN):
        turn.settle()


async def _edit(turn: Turn, said: OwedSaid) -> None:
    """Add a remark to what was drafted, or take the last one away, and show it again. What it may mean besides is asked."""
    rows, text = await _waiting(turn), said.text
    chosen = [row for row in rows if row.id == said.id] if said.id else rows
    if said.id and not chosen:
        text = said.whole if text else ""  # the number may be the first word of what is to be added
    if len(chosen) != 1 or said.unclear:
        facts = {"unknown": str(said.id)} if said.id and not chosen else {}
        if said.said is Said.UNDO:
            facts |= {"undoes": "yes"}
        elif rows:
            turn.ask(Question(Pending.NONE, None, {"for": REMARK, "text": text}))
            facts |= {"adds": text or "yes"} | ({"unclear": "yes"} if said.unclear else {})
        turn.answer(Answer.REPORTS, None, rows=_listed(chosen or rows), **facts)
        return
    [row] = chosen
    if said.said is Said.UNDO:
        row.note, did = owed.without_last_remark(row), {"did": "undone" if row.note else "none"}
    elif not text:
        did = {"did": "asked"}
    elif len(noted := owed.with_remark(row, await _signed(turn, row, text))) > owed.MOST_CHARS:
        did = {"did": "too_long", "most": str(owed.MOST_CHARS), "chars": str(len(noted))}
    else:
        row.note, did = noted, {"did": "added"}
    turn.ask(Question(Pending.NONE, None, {"for": REMARK if did["did"] == "asked" else SHOWN, "id": str(row.id)}))
    turn.answer(Answer.REPORTS, None, draft="yes", **did, **owed.facts_of(row))


async def _signed(turn: Turn, row: ChoreRow, text: str) -> str:
    """Return a remark with its author's name, where somebody else may send it."""
    directory = await turn.work.directory()
    able = {each.id for each in (*owed.senders(directory, row.site), *directory.holding(Role.CENTER_LEAD))}
    return f"{text} ({turn.person.name})" if able - {turn.person.id} else text


async def _reports(turn: Turn, said: OwedSaid) -> None:
    rows = await _waiting(turn)
    chosen = [row for row in rows if row.id == said.id] if said.id else rows
    if said.said is Said.REPORTS or len(chosen) != 1:
        unknown = {"unknown": str(said.id)} if said.id else {}
        turn.answer(Answer.REPORTS, None, rows=_listed(rows), **unknown)
        return
    [row] = chosen
    if len(noted := owed.with_remark(row, said.text)) > owed.MOST_CHARS:
        long = {"did": "too_long", "most": str(owed.MOST_CHARS), "chars": str(len(noted))}
        turn.answer(Answer.REPORTS, None, draft="yes", **long, **owed.facts_of(row))
        return
    persons = await owed.send(turn.desk, turn.work, row, turn.person, said.text)
    names = "、".join(person.name for person in persons)
    turn.answer(Answer.REPORTS, None, sent="yes", names=names, **owed.facts_of(row))
    _settle_ours(turn)


async def _tick(turn: Turn, said: OwedSaid) -> bool:
    """Tick off what the head of a site was asked for; False where nothing waits for the speaker, or it is not clear that this
    is meant: "已查 0007 …" is how the work goes on.
    """
    directory = await turn.work.directory()
    headed = {site for site in directory.sites if turn.person in owed.senders(directory, site)}
    rows = [row for row in await kept.waiting(turn.work, kept.CHORE) if row.site in headed]
    rows = [row for row in rows if not said.id or row.id == said.id]
    if said.named:
        rows = [row for row in rows if (said.named == "box") == _is_box(row)]
    asked = turn.question.data if turn.question is not None else {}
    clear = said.named or said.id or (asked.get("for") == CHORE and asked.get("found"))
    if not rows or turn.named is not None or not (clear or not said.text or said.nothing):
        return False
    turn.did = Verb.TICK
    if len(rows) > 1:
        lines = "\n".join(f"{row.id}|{_what(turn, row)}" for row in rows[:_SHOWN])
        turn.answer(Answer.CHORE_NOTED, None, which=lines)
        return True
    [row] = rows
    facts = {"id": str(row.id), "what": _what(turn, row)}
    if not said.text:
        turn.ask(Question(Pending.NONE, None, {"for": CHORE, "id": str(row.id), "found": "yes"}))
        turn.answer(Answer.CHORE_NOTED, None, missing="found", **facts)
        return True
    turn.settle()
    if said.nothing:
        await owed.tick(turn.desk, turn.work, row, turn.person, owed.NOTHING, said.text)
        turn.answer(Answer.CHORE_NOTED, None, did=owed.NOTHING, **facts)
        return True
    await file_for_customer(turn, said.text, site=row.site)
    await owed.tick(turn.desk, turn.work, row, turn.person, owed.ENTRY, "", turn.reference or "")
    turn.answer(Answer.CHORE_NOTED, await turn.work.complaint(turn.reference or ""), did=owed.ENTRY, **facts)
    return True


def _is_box(row: ChoreRow) -> bool:
    return "box" in row.name or "箱" in owed.facts_of(row).get("what_zh", "")


def _what(turn: Turn, row: ChoreRow) -> str:
    facts = owed.facts_of(row)
    what = facts.get("what_en" if turn.locale.startswith("en") else "what_zh", "")
    return " ".join(what.replace("|", " ").split())


async def _log(turn: Turn) -> None:
    """Tell how often each site did each chore in time, late and not at all; a head reads of their own sites."""
    directory = await turn.work.directory()
    area = None if turn.person.roles & _OF_ALL else directory.area_of(turn.person)
    counted: dict[tuple[str, str], list[int]] = {}  # in time, late, not at all
    for row in await kept.since(turn.work, kept.CHORE, turn.now - _LOG):
        if area is not None and row.site not in area.sites:
            continue
        late = (row.done_at or turn.now) > row.due_at
        done = row.done_at is not None and row.outcome != owed.MISSED
        if done or late:
            counted.setdefault((row.site, _what(turn, row)), [0, 0, 0])[late if done else 2] += 1
    lines = (
        f"{directory.sites[site].name if site in directory.sites else site}|{what}|{done}|{late}|{missed}"
        for (site, what), (done, late, missed) in sorted(counted.items())
    )
    turn.answer(Answer.CHORES, None, rows="\n".join(lines), days=str(_LOG.days))
