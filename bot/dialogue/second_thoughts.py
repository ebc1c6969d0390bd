"""A judgement that a customer does not accept, and a withdrawal they are sorry for, in whatever words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.answers import Answer
from bot.dialogue.choosing import choose, offer
from bot.dialogue.filing import WITHDRAWN_LATELY, file_own
from bot.dialogue.matters import plainly_another
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.dialogue.unread import keep_unread, with_unread
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.details import find_details
from bot.grammar.patterns import regex
from complaints import customer
from complaints.complaint import Complaint
from complaints.grading_words import danger
from complaints.naming import may_be_of_them, tells_of_somebody
from complaints.numbers import ANY
from complaints.taxonomy import OTHER
from complaints.vocabulary import Role, Status

_APPEAL = regex(
    r"申诉|\bappeal(?:ing)?\b|(?:我|我们)?(?:很|坚决|绝对|就是)?不(?:服气?(?!务)|认可?(?:这个|你们的?|此)?(?:判定|认定|结论"
    r"|结果)|"
    r"接受(?:这个|你们的?|此)?(?:判定|认定|结论|结果))"
    r"|\b(?:i )?(?:do not|don'?t|can'?t|cannot|won'?t|refuse to) (?:accept|agree (?:with|to)) (?:(?:this|that|the|your) "
    r"(?:decision|judge?ment|verdict|result|conclusion)\b)|\bi object\b"
    r"|\bi (?:want|wish|would like) to (?:contest|challenge|dispute)\b",
    re.IGNORECASE,
)
_DECLINES = regex(
    r"\bi (?:do not|don['’]?t|can['’]?t|cannot|won['’]?t|refuse to) (?:accept|agree (?:with|to)) (?:this|that|it)\b[\s.,!?]*$"
    r"|\bi disagree\b[\s.,!?]*$",
    re.IGNORECASE,
)
"""An appeal only where we have asked nothing that it could answer."""
_OBJECTS = regex(
    r"凭(?:什么|啥)|(?:怎么|咋)(?:就|能|会|还)?(?:说|算)?(?:不(?:成立|属实|算|管|归|是你们|受理|处理)|无效"
    r"|没有?(?:问题|依据))"
    r"|为(?:什么|啥|何)(?:说|就)?(?:不(?:成立|属实|算|管|受理|处理)|无效)|不公平|不合理|(?:胡|瞎)(?:说|扯)|乱说|讲不讲(?:道)?理"
    r"|(?:你们|他)(?:说的|讲的|查的)?(?:不对|不是事实|颠倒黑白|撒谎|骗人)|我(?:没有?|可没)(?:撒谎|乱说|瞎说|骗)|明明(?:就是|是|有)"
    r"|\bon what (?:grounds|basis)\b|\bsays who\b|\b(?:un|not )fair\b|\bnonsense\b|\brubbish decision\b"
    r"|\bthat(?:['’]?s| is) (?:not|un)(?: )?"
    r"(?:true|right|fair|what happened|correct)\b|\bhow (?:come|can you|is (?:it|that|this) (?:not|in)valid)\b"
    r"|\bwhy (?:not|isn['’]?t it|is it not|won['’]?t you|did you (?:reject|refuse))\b"
    r"|\byou(?:['’]re| are) wrong\b|\bi (?:did not|didn['’]?t) (?:lie|make it up)\b",
    re.IGNORECASE,
)
"""Protest against a judgement, of somebody to whom it was told lately and who has nothing else open."""
_OF_THE_REFUSAL = regex(
    r"(?:凭(?:什么|啥)|为(?:什么|啥|何)|怎么|咋)(?:你们)?(?:就|能|会|还)?(?:说|算|判定?|认定)?(?:我的?|这个?|是|为|成)?(?:不(?:成立|属实|算|管|受理|处理|归)|无效)"
    r"|\bwhy (?:won['’]?t you|did you (?:reject|refuse))\b|\bhow (?:come|is) (?:it|that|this) (?:is )?(?:not |in)valid\b",
    re.IGNORECASE,
)
"""It speaks of the judgement itself: whatever else is named ("I pay my fees") is why."""
_MISTYPED = regex(
    r"(?:打|说|写|发|讲|输|填|报)错了?|更正|应该是"
    r"|\b(?:typo|mistyped|i meant|wrong (?:number|flat|address|building)|correction)\b",
    re.IGNORECASE,
)
_MISTYPED_WORDS = 40  # characters of a correction alone
_ANNOUNCED = regex(r"\W*(?:我要|我想|我)?(?:新|再)?(?:投诉|报修)|\W*(?:new |file a )?complaint\b", re.IGNORECASE)
JUDGED_LATELY = timedelta(days=3)
_APPEAL_ALONE = regex(
    rf"(?:我们?|要|想|需要|请|凭什么|凭啥|i|want|would|like|to|must|this|it|please|wish|[\W_]|{_APPEAL.pattern})*",
    re.IGNORECASE,
)
NUMBER = regex(rf"(?<![A-Za-z0-9-])(?:{ANY})(?!\d)")
_SORRY = (
    r"(?:[\s,，。.!！:：]|等等|等一下|等下|不好意思|对不起|抱歉|请|麻烦|你们?|帮我|给我|我|又|想了想|要|想|后悔了?"
    r"|改变?主意了?|撤错了?|"
    r"(?:i )?(?:have |['’]ve )?(?:just )?changed my mind|(?:i )?regret (?:it|that)|(?:i )?made a mistake|but|and|actually|"
    r"sorry|please|wait|ok|can you|could you|hey|on second thoughts?|never ?mind|no)*+"
)
_AFTER_A_SIGH = r"(?:[\s,，。.!！]|算了|还是|那就?|就|先|请|帮我|给我|替我|把?(?:它|这个|那个|刚才的|投诉))*+"
_RESTORE_IT = (
    rf"{_AFTER_A_SIGH}(?:恢复|撤错了?|取消撤[销回诉]|重新(?:打开|开启|受理|恢复))"
    rf"(?:一下|下|我的|之前的?|原来的?|那个|这个|投诉|报修|单子?|工单|受理|处理|的|吧|了|谢谢|[\W_]|{NUMBER.pattern})*$"
)
_RESTORE = regex(
    rf"{_SORRY}(?:"
    rf"{_RESTORE_IT}"
    rf"|(?:{NUMBER.pattern})?[\W_]*(?:这个|那个|投诉|报修)?(?:我)?(?:先|还是|又|算了[\s,，]*)?(?:不(?:要|想)?|别)撤(?:销|回|诉)?了"
    r"|(?:还是|仍然?|依然|继续|反悔了?)[\s,，]*(?:要|想|得|决定)?(?:接着|继续)?(?:投诉|报修|处理)"
    r"|(?:i )?(?:want to |would like to |need to )?(?:re-?open|restore|reinstate|undo)\b(?! hours)"
    r"|(?:i )?(?:do not|don['’]?t) (?:want to )?withdraw\b"
    r"|(?:i )?(?:do not|don['’]?t) (?:want to )?(?:cancel|drop|close) (?:it|that|(?:my|the) (?:complaint|case))\b"
    r"|(?:i )?(?:want|bring|put|take) my complaint back\b|(?:i )?(?:still|do) (?:want|wish) to complain\b)",
    re.IGNORECASE,
)
_AND_RESTORE = regex(
    rf"[\s,，。.;；!！、]{_RESTORE_IT}"
    r"|\b(?:re-?open|restore|reinstate)(?: (?:it|that|this|the|my|old|complaint|case))*(?: (?:please|again|now|then))*[\W_]*$",
    re.IGNORECASE,
)
"""The wish behind what happened: "又骂了 恢复吧". What is to be back may be the water, too."""
_AFTER_ALL = regex(
    r"(?:还是|仍然?|依然|继续|得|又)[\s,，]*(?:要|想|得|麻烦|请|劳烦|需要|让)*[\s,，]*(?:你们?|师傅|物业)?(?:来|帮我|给我"
    r"|帮忙)*(?:修|处理|弄|管|办|来看|来人|解决|换|上门)"
    r"|(?:能|可以|可不可以|能不能|想|帮我|给我|请|要|还是|重新)(?:再|还|帮我|给我)?恢复(?!供|水|电|原|正常|使用|网|信号|营业|出厂)|气话|(?:刚才|刚刚|之前)?(?:我)?(?:说|讲|撤|点|发|弄|搞)错了?|后悔了?|改(?:变)?主意|别撤|不撤|不取消"
    r"|\b(?:still|after all|rather) (?:\w+ ){0,3}(?:fix|repair|come|send|need|want)\w*|\b(?:fix|repair|do|send|come|need"
    r"|want)\b.{0,24}\bafter all\b"
    r"|\bchanged my mind\b|\bdidn['’]?t mean (?:it|that|to)\b|\btake (?:it|that) back\b|\bby mistake\b",
    re.IGNORECASE,
)
"""Regret, after a withdrawal of theirs: asked about, for it may be another matter."""
_BACK_AGAIN = regex(r"又|再次|再度|还是|仍|还在|依旧|复发|\b(?:again|still|is back|came back|keeps?)\b", re.IGNORECASE)
_ONCE_MORE = regex(
    r"又(?!不)|再次|再度|仍|还在|依旧|\b(?:again|still (?!waiting)|is back|came back|keeps?|once more)\b", re.IGNORECASE
)
_REGRET = 40  # characters of regret alone
_TOLD_AGAIN = 60  # characters in which somebody tells that a colleague of ours does it again
_HARDLY_MORE = 24  # characters in which no more is told than that the trouble is back
_INSTEAD = frozenset(
    {Verb.HELP, Verb.THANKS, Verb.STATUS, Verb.LIST, Verb.PERSON, Verb.STOP, Verb.LANGUAGE, Verb.MY_DATA, Verb.ERASE_ME,
     Verb.SKIP, Verb.WITHDRAW}
)  # fmt: skip


async def take_second_thoughts(turn: Turn) -> bool:
    """Take an appeal (R-025), or the wish that a withdrawn complaint go on; False where the words are neither."""
    return (
        await _says_why(turn)
        or await _appeals(turn)
        or await _protests(turn)
        or await _confirmed(turn)
        or await _restores(turn)
        or await _regrets(turn)
    )


def _among(turn: Turn, complaints: Sequence[Complaint], status: Status) -> list[Complaint]:
    """Return those that have come to this end, the one that the words number alone, the last one first."""
    ended = [c for c in complaints if c.status is status and c.complainant == turn.person.id and not c.drill]
    numbers = [found.upper() for found in NUMBER.findall(turn.words)]
    if numbers:
        ended = [c for c in ended if any(c.reference.endswith(number) for number in numbers)]
    return sorted(ended, key=lambda c: c.closed_at or c.received_at, reverse=True)


# ── an appeal ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def appeals(words: str) -> bool:
    """Say whether words appeal against a judgement, or ask why it was made, wherever they are said."""
    return _APPEAL.search(words) is not None or _OF_THE_REFUSAL.search(words) is not None


def appeals_without_reason(words: str) -> bool:
    return _APPEAL_ALONE.fullmatch(NUMBER.sub("", words)) is not None


async def _appeals(turn: Turn) -> bool:
    said = _APPEAL.search(turn.words) or (turn.question is None and _DECLINES.search(turn.words))
    if not said:
        return False
    invalid = _among(turn, await turn.work.complaints_of(turn.person.id), Status.INVALID)
    if not invalid:
        return False
    complaint = await choose(turn, invalid)
    if complaint is None:
        return turn.asked_back
    await _appeal(turn, complaint, "" if appeals_without_reason(turn.words) else turn.words)
    return True


async def _protests(turn: Turn) -> bool:
    """ "凭什么不管": no matter of its own after "不成立", nor is "打错了 是10栋". Not with another open."""
    assert turn.meaning is not None
    mistyped = len(turn.words) <= _MISTYPED_WORDS and _MISTYPED.search(turn.words) and find_details(turn.words).place
    if turn.question is not None or turn.meaning.verb is Verb.WITHDRAW or not (mistyped or _OBJECTS.search(turn.words)):
        return False
    mine = await turn.work.complaints_of(turn.person.id)
    judged = _among(turn, mine, Status.INVALID)[:1]
    lately = [c for c in judged if c.closed_at is not None and turn.now - c.closed_at <= JUDGED_LATELY]
    elsewhere = turn.named is not None and all(c.reference != turn.named for c in lately)
    if not lately or lately[0].appealed or elsewhere or (turn.named is None and any(c.going_on for c in mine)):
        return False
    plain = mistyped or _OF_THE_REFUSAL.search(turn.words)
    if _ANNOUNCED.match(turn.words) or (not plain and await plainly_another(turn, turn.words, lately)):
        return False
    await _appeal(turn, lately[0], turn.words, guessed=True)
    return True


async def _says_why(turn: Turn) -> bool:
    """The words after our question why."""
    question = turn.question
    if question is None or question.data.get("for") != "appeal" or question.reference is None:
        return False
    complaint = await turn.work.complaint(question.reference)
    turn.settle()
    if complaint is None or complaint.status is not Status.INVALID or not turn.words:
        return False
    meant = understand(turn.words, Speaker.CUSTOMER, Pending.NONE)
    if meant.verb in _INSTEAD:
        return False
    await _appeal(turn, complaint, turn.words)
    return True


async def _appeal(turn: Turn, complaint: Complaint, why: str, *, guessed: bool = False) -> None:
    """Record the appeal; without a word of why, that is asked. Raises IllegalStep where one has been made already.

    guessed: they did not say that it is one, and hear how to bring in another matter.
    """
    turn.did, turn.reference = Verb.APPEAL, complaint.reference
    if not why and not complaint.appealed:
        turn.ask(Question(Pending.NONE, complaint.reference, {"for": "appeal"}))
        turn.answer(Answer.APPEAL_WHY, complaint)
        return
    terms = await turn.desk.terms(turn.work, complaint)
    change = customer.appeal(complaint, why or turn.words, turn.as_(Role.CUSTOMER), terms, turn.now)
    theirs = {"guessed": "yes"} if guessed else {}
    told = (replace(n, facts={**n.facts, **theirs}) if n.to.person == turn.person.id else n for n in change.notices)
    await turn.desk.record(turn.work, replace(change, notices=tuple(told)))


# ── a withdrawal taken back ───────────────────────────────────────────────────────────────────────────────────────────


async def _restores(turn: Turn) -> bool:
    plain = _RESTORE.match(turn.words) is not None
    back = len(turn.words) <= _HARDLY_MORE and _BACK_AGAIN.search(turn.words) is not None
    if not (plain or back or _wished(turn) or _told_again(turn)):
        return False
    numbered = NUMBER.search(turn.words) is not None
    if turn.question is not None and turn.question.data.get("confirm") == "withdraw" and not numbered:
        return False  # they answer whether to withdraw it at all
    mine = await turn.work.complaints_of(turn.person.id)
    withdrawn = _among(turn, mine, Status.WITHDRAWN)
    if not plain:
        others = [each for each in mine if each.going_on]
        alike = [] if others or not back else [c for c in withdrawn if _alike(turn, c)][:1]
        withdrawn = alike or _taken_up(turn, withdrawn, others)
    if not withdrawn:
        return turn.asked_back
    complaint = withdrawn[0]
    terms = await turn.desk.terms(turn.work, complaint)
    since = complaint.closed_at or turn.now
    if turn.now - since > timedelta(days=terms.policy.withdraw_undo_days):
        await file_own(turn, turn.words, complaint)
        return True
    turn.did, turn.reference = Verb.ADD, complaint.reference
    words = with_unread(turn, turn.words)
    await turn.desk.restore(turn.work, complaint, words, turn.as_(Role.CUSTOMER), anew=not plain)
    if turn.question is not None and turn.question.reference == complaint.reference:
        turn.settle()
    return True


def _wished(turn: Turn) -> bool:
    return len(turn.words) <= _TOLD_AGAIN and _AND_RESTORE.search(turn.words) is not None


def _told_again(turn: Turn) -> bool:
    assert turn.meaning is not None
    short = len(turn.words) <= _TOLD_AGAIN and turn.meaning.verb not in _INSTEAD
    return short and _ONCE_MORE.search(turn.words) is not None


def _taken_up(turn: Turn, withdrawn: Sequence[Complaint], others: Sequence[Complaint]) -> list[Complaint]:
    """Return the one that words take up that wish it back behind what happened, or tell that a colleague does it again.

    In doubt it is asked: what is said of somebody is not to be read by them because it came as a matter of its own.
    others: what else of theirs is open, and may be meant.
    """
    if turn.named is not None:
        return [c for c in withdrawn if c.reference == turn.named and turn.taken_up]
    wished, somebody, category = _wished(turn), tells_of_somebody(turn.words), turn.pack.guess(turn.words)
    lately = [c for c in withdrawn if turn.now - (c.closed_at or turn.now) <= WITHDRAWN_LATELY]
    if not lately or danger(turn.words) is not None:
        return []  # whoever is in danger is asked nothing first
    fitting = [c for c in lately if _fits(turn, c, category)]
    if not wished and any(c.category == category != OTHER for c in others):
        return []  # "厨房还在漏 他又没来": of the leak
    if len(fitting) == 1 and (wished or (somebody and not others)):
        return fitting
    if turn.room is not None:
        return []
    if fitting and (wished or somebody):
        offer(turn, [*fitting, *others], turn.words)
        keep_unread(turn)
        turn.asked_back = True
    elif not others and (fitting or (wished and category == OTHER)):
        _ask_to_restore(turn, (fitting or lately)[0])
        turn.asked_back = True
    return []


def _fits(turn: Turn, complaint: Complaint, category: str) -> bool:
    """Say whether words may take up a withdrawn complaint: of a colleague where they may tell of them, else by its kind."""
    if complaint.respondents:
        return may_be_of_them(turn.words, category, complaint.category)
    return _wished(turn) and _alike(turn, complaint)


def _ask_to_restore(turn: Turn, complaint: Complaint) -> None:
    turn.ask(Question(Pending.YES_NO, complaint.reference, {"confirm": "restore", "words": turn.words}))
    turn.answer(Answer.RESTORE_CONFIRM, complaint, words=turn.words)
    turn.did = Verb.UNCLEAR
    keep_unread(turn)  # it may be another matter after all


async def _regrets(turn: Turn) -> bool:
    """Ask whether what was withdrawn is to go on, where words sound like regret and nothing else of theirs is open."""
    if len(turn.words) > _REGRET or _AFTER_ALL.search(turn.words) is None or turn.room is not None:
        return False
    if turn.question is not None and turn.question.data.get("confirm") == "withdraw":
        return False
    mine = await turn.work.complaints_of(turn.person.id)
    withdrawn = _among(turn, mine, Status.WITHDRAWN)
    if not withdrawn or any(each.going_on for each in mine):
        return False
    complaint = withdrawn[0]
    terms = await turn.desk.terms(turn.work, complaint)
    if turn.now - (complaint.closed_at or turn.now) > timedelta(days=terms.policy.withdraw_undo_days):
        return False
    _ask_to_restore(turn, complaint)
    return True


async def _confirmed(turn: Turn) -> bool:
    """The answer to that: yes takes it up again; no files what was said, if it holds a matter of its own."""
    question = turn.question
    if question is None or question.data.get("confirm") != "restore" or question.reference is None:
        return False
    assert turn.meaning is not None
    if turn.meaning.verb not in (Verb.AGREE, Verb.DISAGREE):
        return False
    complaint = await turn.work.complaint(question.reference)
    turn.settle()
    if complaint is None or complaint.status is not Status.WITHDRAWN:
        return False
    if turn.meaning.verb is Verb.DISAGREE:
        turn.answer(Answer.THANKS)
        return True
    said = with_unread(turn, str(question.data.get("words") or turn.words))
    turn.did, turn.reference = Verb.AGREE, complaint.reference
    await turn.desk.restore(turn.work, complaint, said, turn.as_(Role.CUSTOMER))
    return True


def _alike(turn: Turn, complaint: Complaint) -> bool:
    return OTHER != complaint.category == turn.pack.guess(turn.words)
