"""What staff answer to the clock's own calls: "收到" to an alarm, what came of a phone call, what holds them up.

Each function takes the message if it is such an answer, and leaves it to the others where it is not.
"""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.questions import Question
from bot.dialogue.set_aside import bare_number
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command, understand
from bot.grammar.folding import fold
from bot.grammar.patterns import regex
from bot.grammar.staff import own_leave
from bot.grammar.verdicts import only_finds_invalid
from bot.storage import queues
from complaints import calling, chasing, handling, ladders
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.permissions import Act, Errand, Step, may
from complaints.vocabulary import Role, Status

_LATELY = 30  # notices of a kind in which what is answered is looked for
_SAYS_WHY = frozenset({Verb.REPORT, Verb.NOT_DONE, Verb.EXTEND, Verb.UNCLEAR, Verb.GIVE_BACK})
_GRANTS = regex(
    r"同意|批准|准了|准许|允许|通过|[先暂]停|停[到一两几半]|暂缓|缓[到一两几]|延[期长后到]|放一放|再说"
    r"|\b(?:agreed?|approved?|granted|allowed|hold|pause|postpone|extend|extension|until|till|later)\b"
)
_TAKES_ON = regex(
    r"马上|这就|立刻|立即|正在|收到|我[来去跟盯在]|就去|就到|过去|赶[去到往过]|处理|跟进|盯着|知道|明白|到场"
    r"|\b(?:on it|on my way|going|coming|will (?:do|go|handle|take)|right away|at once|i'?ll|handling|got it|understood)\b"
)
_PERMITS = regex(
    r"行|可以|成|同意|[批准]"
    r"|\b(?:fine|agreed?|approved?|granted|allowed|go ahead|deal|do (?:it|that)|so be it|as you (?:say|like))\b"
)
_SAYS_NO_MORE = regex(
    r"可以|同意|批准|就|先|那|都|也|嗯|好|行|成|批|准|按|照|你们?|您|他们?|她|这么?|样|办|定"
    r"|着|说|吧|了|的|啦|嘛|呗|哈|啊|一下|暂|停|延|期"
    r"|\b(?:yes|yeah|ok(?:ay)?|all right|alright|sure|well|fine|agreed?|approved?|granted|allowed|go ahead|deal|do (?:it|that)"
    r"|so be it|as you (?:say|like)|then|that'?s|that is|it'?s|it|is|with (?:me|that)|by me|please|let'?s|leave it at that"
    r"|pause|extend|hold)\b|[\W_]"
)
"""What stands around a leave to do something; where no more is said, whoever says it gives that leave and takes nothing on."""
_TAKES_WORK = regex(r"\W*(?:好的?|行|ok|我)?[ ,]*(?:已?接单|接受(?:任务|工单)|受理|领取|认领|抢单)|\W*accept")
_MINE = regex(
    r"我(?:自己|亲自|们|这边|这)?[先就再也会都]?(?:来|去|跟|接|办|领|管|包|拿|上(?!次|回|面)|顶|揽|认领|收|盯|处理|负责|推进)"
    r"|(?:归|算|由|(?:交|派|留|搁|给|分)给?|让)我(?!们?(?:个|处理|办|解决|弄|搞|修|查|一个|结果|说法))|已接|[接领揽收][了下手单啦]|认领|领走"
    r"|接(?:收|受)?任务|^[ ]*(?:\W*接|知悉|来了)"
    r"|\b(?:take|taking|taken|took|pick(?:ing|ed)?(?: \w+){0,3} up|picking|claim(?:ing|s|ed)?|accept(?:ed|ing)?|received|10-4"
    r"|mine|dibs|bagsy|count me|(?:put|stick|leave|give|assign|gis|gimme)(?: \w+){0,2} (?:me|my)|(?:with|by|to) me"
    r"|my (?:desk|list|job|bench|name|sheet|boots)|on (?:the|my) case|i(?:'ve)? got|(?:i|we)(?:'ll| shall| can| am|'m)? "
    r"(?:go|do|settle|handle|deal|start|attend|proceed\w*|take))\b"
)
"""What words hold that take it on in ways of their own; what resembles them and holds none of these may be about anything."""
_KNOWS = regex(
    r"(?:好的?|嗯|哦|行|ok|[ ,])*(?:已?(?:知道|知悉|明白|了解|晓得|看到|看见)了?|有数了)[了啊哈吧 ,.!]*"
    r"|(?:ok(?:ay)?|right|yes|[ ,])*(?:noted|understood|roger(?: that)?|copy(?: that)?|seen(?: it)?|i know)[ .!]*"
)
_LEAST = 3  # characters of an obstacle: "等" says nothing


async def take_answer(turn: Turn) -> bool:
    """Do what an answer to an alarm, a phone call or a chase asks for; False where the message is none of these."""
    if not turn.is_staff or turn.room is not None:
        return False
    if await _take_give_back(turn):
        return True
    return await _take_call(turn) or await _take_alarm(turn) or await _take_obstacle(turn)


def _asked_for(turn: Turn, what: str) -> bool:
    return turn.question is not None and turn.question.data.get("for") == what


async def _told_lately(turn: Turn, *kinds: NoticeKind) -> list[Complaint]:
    """Return the complaints about which the speaker was lately told one of these notices, the newest first."""
    references = await queues.lately_told(turn.work, turn.person.id, kinds, _LATELY)
    await turn.work.prefetch_complaints(references)
    return [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]


async def _choose(turn: Turn, meant: Meaning, candidates: list[Complaint], act: Act | None = None) -> Complaint | None:
    """Return which of the candidates the message is about; None, with the turn as it was, where it speaks of another."""
    number = str(meant.arguments.get("reference") or "")
    known = [complaint.reference for complaint in candidates]
    if act is None and number and not any(reference.endswith(number) for reference in known):
        return None
    if act is None and not number and turn.named is not None and turn.named not in known:
        return None
    if not candidates and not number and turn.named is None:
        return None
    before, turn.meaning = turn.meaning, meant
    chosen = await choose(turn, candidates, act=act)
    if chosen is None and not turn.asked_back:
        turn.meaning = before
    return chosen


# ── 收到 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def agrees_to_something_else(turn: Turn) -> bool:
    """Whether a yes to an alarm, or to a call to a task force, does not plainly take it on: "同意停到周三" grants a pause.

    Whoever answers an emergency calls the others off: in doubt it has not been answered.
    """
    assert turn.meaning is not None
    if turn.meaning.verb is not Verb.AGREE or not (_asked_for(turn, "alarm") or _asked_for(turn, "force")):
        return False
    if _only_permits(turn.words) or only_finds_invalid(turn.words):
        return True
    if understand(turn.words, Speaker.HANDLER, Pending.NONE).verb is Verb.ACCEPT:
        return False
    words = fold(turn.words)
    return bool(_GRANTS.search(words)) or (bool(turn.meaning.said("text")) and _TAKES_ON.search(words) is None)


def _only_permits(said: str) -> bool:
    """Say whether words give leave and take nothing on: "行吧就这样", "fine, go ahead"; "好的" alone does either."""
    words = fold(said)
    return bool(_PERMITS.search(words)) and not _SAYS_NO_MORE.sub("", words)


def takes_it_on(turn: Turn) -> Meaning | None:
    """Return the meaning of words that take something on; None where they merely resemble such words, "那就有效吧", or give the
    reason that we have just asked for.
    """
    assert turn.meaning is not None
    meant = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    if meant.verb is not Verb.ACCEPT or (turn.meaning.verb is Verb.REASON and meant.said("text")):
        return None
    by_rule = understand(turn.words, Speaker.HANDLER, Pending.NONE, guess=False).verb is Verb.ACCEPT
    key = fold(turn.words)
    return meant if by_rule or _TAKES_ON.search(key) or _MINE.search(key) else None


async def _take_alarm(turn: Turn) -> bool:
    assert turn.meaning is not None
    if _only_permits(turn.words):
        return await _ask_what_is_permitted(turn)
    asked = _asked_for(turn, "alarm")
    alone = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    if (
        asked
        and turn.meaning.verb in (Verb.AGREE, Verb.DISAGREE)
        and alone.verb is Verb.DONE
        and not _only_knows(turn.words)
    ):
        turn.meaning = alone  # what was done is more than that it is in hand
        return False
    meant = takes_it_on(turn)
    if meant is None and asked and (turn.meaning.verb is Verb.AGREE or _only_knows(turn.words)):
        meant = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    if meant is None:
        return False
    told = await _told_lately(turn, NoticeKind.ALARM, NoticeKind.CONFIRM)
    waiting = [c for c in told if ladders.waits_for_answer(c, await turn.desk.terms(turn.work, c))]
    if waiting and not meant.said("reference") and turn.named is None and (given := await _given(turn, waiting)):
        turn.question = None  # which of all these is meant, no question of ours says
        waiting = [*waiting, *given]
    complaint = await _choose(turn, meant, waiting)
    if complaint is None:
        return turn.asked_back or (asked and await _in_others_hands(turn, meant))
    if complaint.status is Status.DISPATCHED and complaint.task and complaint.task.assignee == turn.person.id:
        turn.reference = None
        return False  # whose task it is accepts it by the same word
    terms = await turn.desk.terms(turn.work, complaint)
    recorded = await turn.desk.record(turn.work, ladders.acknowledge(complaint, turn.as_(), terms, turn.now))
    turn.answer(Answer.ACK_DONE, recorded)
    turn.settle()
    return True


def _only_knows(words: str) -> bool:
    return _KNOWS.fullmatch(fold(words)) is not None


async def _ask_what_is_permitted(turn: Turn) -> bool:
    """Ask back where leave is given to nothing that was asked last while an alarm waits; False for all else."""
    assert turn.meaning is not None
    asked = turn.question.pending if turn.question is not None else Pending.NONE
    if asked not in (Pending.NONE, Pending.MENU) and turn.meaning.verb in (Verb.AGREE, Verb.APPROVE):
        return False
    if turn.meaning.verb is Verb.APPROVE and (turn.meaning.said("reference") or turn.named is not None):
        return False
    told = await _told_lately(turn, NoticeKind.ALARM, NoticeKind.CONFIRM)
    if not any([ladders.waits_for_answer(c, await turn.desk.terms(turn.work, c)) for c in told]):
        return False
    if any(each.task is not None and each.task.assignee == turn.person.id for each in told):
        return False  # whose task it is accepts it so
    turn.unclear(Answer.UNCLEAR_STAFF)
    return True


async def _given(turn: Turn, alarms: list[Complaint]) -> list[Complaint]:
    """Return what else the word may be about: tasks given since the last alarm; "接单" may mean any other, too."""
    tasks = [c for c in await turn.work.tasks_of(turn.person.id) if c not in alarms and c.status is Status.DISPATCHED]
    tasks = [c for c in tasks if c.task is not None and c.task.assignee == turn.person.id]
    if not tasks or _TAKES_WORK.match(fold(turn.words)):
        return tasks
    told = [
        at
        for c in alarms
        for kind in (NoticeKind.ALARM, NoticeKind.CONFIRM)
        if (at := await queues.last_told_at(turn.work, turn.person.id, kind, c.reference)) is not None
    ]
    return [c for c in tasks if c.task is not None and c.task.assigned_at >= max(told, default=turn.now)]


async def _in_others_hands(turn: Turn, meant: Meaning) -> bool:
    """Tell somebody who answers an alarm late who has it; False where they speak of another."""
    assert turn.question is not None
    reference = turn.question.reference or ""
    named = str(meant.arguments.get("reference") or "") or turn.named or reference
    complaint = await turn.work.complaint(reference) if reference.endswith(named) else None
    if complaint is None or not complaint.acks or complaint.acks[-1].by == turn.person.id:
        return False
    if complaint.task is not None and complaint.task.assignee == turn.person.id:
        return _goes_on(turn, complaint)
    turn.answer(Answer.ACK_BY_OTHER, complaint, who=complaint.acks[-1].by)
    turn.settle()
    return True


def _goes_on(turn: Turn, complaint: Complaint) -> bool:
    """Whose task it is takes it on by the word for the alarm, whoever has answered that; False for it to be accepted."""
    if complaint.status is Status.DISPATCHED:
        turn.meaning = Meaning(turn.words, Verb.ACCEPT, {"reference": complaint.reference})
        return False
    turn.answer(Answer.ALREADY_YOURS, complaint)
    turn.settle()
    return True


# ── 已电话 ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _take_call(turn: Turn) -> bool:
    """Record what came of a phone call that the duty desk was asked to make: "已电话 接通", "已电话 无人接听"."""
    assert turn.meaning is not None
    meant = turn.meaning.taken_as(Verb.TICK)
    if meant is None or meant.said("duty") != "phoned":
        return False
    reference, reached = meant.said("reference"), meant.arguments.get("reached")
    told = await _told_lately(turn, NoticeKind.PLEASE_PHONE)
    waiting = [complaint for complaint in told if complaint.call is not None and not complaint.settled]
    anyones = bool(reference) and may(Errand.QUEUE, turn.as_staff())
    complaint = await _choose(turn, meant, waiting, Step.CALL if anyones else None)
    if complaint is None or complaint.call is None:
        return turn.asked_back
    if reached is None:
        turn.ask(Question(Pending.NONE, complaint.reference, {"for": "call"}))
        turn.answer(Answer.CALL_OUTCOME_NEEDED, complaint, who=complaint.call.whom)
        return True
    terms = await turn.desk.terms(turn.work, complaint)
    who = complaint.call.whom
    change = calling.tick(complaint, bool(reached), meant.said("text"), turn.as_(), terms, turn.now)
    recorded = await turn.desk.record(turn.work, change)
    given_up = {} if reached or recorded.call is not None else {"given_up": "yes"}
    turn.answer(Answer.CALL_NOTED, recorded, who=who, reached="yes" if reached else "no", **given_up)
    turn.settle()
    return True


# ── what holds it up ──────────────────────────────────────────────────────────────────────────────────────────────────


async def _take_obstacle(turn: Turn) -> bool:
    """Keep the assignee's next words after a chase as what holds them up; a command stays a command (R-061)."""
    meant = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    others_away = meant.verb is Verb.LEAVE and not own_leave(fold(turn.words))  # "师傅请假了"
    if (
        not (meant.verb in _SAYS_WHY or others_away)
        or len(turn.words) < _LEAST
        or bare_number(turn.words)
        or begins_with_command(turn.words, Speaker.HANDLER)
    ):
        return False
    if meant.taken_as(Verb.TICK) is not None:
        return False  # something was done
    if turn.question is not None and turn.question.ask is not Pending.MENU:
        return False  # something else was asked since
    tasks = [c for c in await turn.work.tasks_of(turn.person.id) if chasing.asked_for_obstacle(c)]
    tasks = [c for c in tasks if c.part_of(turn.person.id) is None]  # who assists was not asked
    if tasks and turn.named is None and not meant.arguments.get("reference"):
        chased = set(await queues.last_told(turn.work, turn.person.id, NoticeKind.OVERDUE))
        tasks = [complaint for complaint in tasks if complaint.reference in chased]
    complaint = await _choose(turn, meant, tasks)
    if complaint is None:
        return turn.asked_back
    await keep_obstacle(turn, complaint, str(meant.arguments.get("text") or turn.words))
    return True


async def keep_obstacle(turn: Turn, complaint: Complaint, words: str) -> None:
    """Keep what holds the assignee up for their superior; the customer does not read it (R-061)."""
    actor = turn.as_(Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE)
    recorded = await turn.desk.record(turn.work, chasing.explain(complaint, words, actor, turn.now))
    if understand(words, Speaker.HANDLER, Pending.NONE).verb is Verb.GIVE_BACK:
        turn.ask(Question(Pending.YES_NO, recorded.reference, {"for": "give_back", "text": words}))
        turn.answer(Answer.GIVE_BACK_CONFIRM, recorded, text=words)
        return
    turn.answer(Answer.OBSTACLE_NOTED, recorded)
    turn.settle()


async def _take_give_back(turn: Turn) -> bool:
    """Take yes or no to "shall it be given back?", asked where what holds the assignee up might have meant that."""
    assert turn.meaning is not None
    question, verb = turn.question, turn.meaning.verb
    if question is None or not _asked_for(turn, "give_back") or verb not in (Verb.AGREE, Verb.DISAGREE):
        return False
    complaint = await turn.work.complaint(question.reference or "")
    assert complaint is not None
    turn.settle()
    if verb is Verb.DISAGREE:
        turn.answer(Answer.OBSTACLE_NOTED, complaint)
        return True
    actor = turn.as_(Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE)
    change = handling.give_back(complaint, str(question.data["text"]), actor, turn.now)
    turn.answer(Answer.GIVE_BACK_DONE, await turn.desk.record(turn.work, change))
    return True
