"""Customers withdraw what they complained of, one complaint after the other, and are asked once whether they mean it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.answers import Answer
from bot.dialogue.choosing import choose, offer
from bot.dialogue.questions import Question
from bot.dialogue.second_thoughts import NUMBER
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.folding import fold
from bot.grammar.patterns import regex
from complaints import customer
from complaints.complaint import Complaint
from complaints.vocabulary import Role

_WITHDRAW: Final = "withdraw"
_LONGEST: Final = 60  # characters
_SAYS_IT_AGAIN = re.compile(r"撤(?:回|销|诉|了|掉|吧)|\b(?:cancel|withdraw|drop) (?:it|this|that|please|pls|my|the)\b")
_CANCELS_IT = re.compile(
    r"(?:好的?|嗯|行|对|是的?|那|就|请|帮我|麻烦|我?要|[ ,])*取消(?:吧|了|掉|它|这[个单件]|那个|我?的?(?:投诉|单子?|工单))+"
    r"(?:吧|了|呀|啊|好了)*"
    r"|(?:ok(?:ay)?|yes|sure|please|just|go ahead(?: and)?|[ ,])*(?:cancel|drop) (?:it|this|that|(?:the|my) (?:complaint|case))"
    r"(?: please| then)?"
)
_CANCELS_ONE_OF_THE_TWO = frozenset({"取消", "cancel"})
"""The complaint, or its withdrawal: asked again."""
_NONE: Final = regex(
    r"(?:[啊哦噢嗯唉哎呀喔\W_]|不好意思|对不起|抱歉|等等|等一下|不是|我们?|都|先|还是|那|就|的|了|吧|呢|谢谢"
    r"|[点按发打说搞弄选]错了?|误[点触发]|手滑了?|(?:没有?|不|别)(?:说|要|想|用|需要)?撤[销回诉]?(?:的意思)?|(?:哪|一|两)个(?:都|也)?"
    r"|都?不[是要用]|算了|不用了?|不了?|否|别|恢复|继续(?:处理|办|投诉)?|保留|留着"
    r"|\b(?:oh|oops|sorry|wait|no|nope|not|none|neither|of|them|these|those|it|either|both|all|any|one|i|we|you|don'?t|do|didn'?t|did"
    r"|want|mean|meant|to|withdraw|keep|going|go|on|leave|with|wrong|button|mistake|by|my|hit|pressed|that|was|a|an|accident|accidentally"
    r"|forget|never|mind|nevermind|please|thanks|restore|changed)\b)+"
)
_KEEPS: Final = regex(
    r"(?:没有?|不|别)(?:说|要|想|用|需要)?撤|错|误|手滑|都?不[是要用]|算了|^不|否|恢复|继续|保留|留着"
    r"|\b(?:no|nope|none|neither|not|don'?t|didn'?t|keep|leave|wrong|mistake|accident\w*|forget|never|nevermind|restore)\b"
)


def keeps_all(words: str) -> bool:
    """Say whether words say no more than that nothing is to be withdrawn: "点错了 我没要撤", "none of them"."""
    said = fold(words)[:_LONGEST]
    return _KEEPS.search(said) is not None and _NONE.fullmatch(said) is not None


async def lets_all_be(turn: Turn) -> bool:
    """Take it that none of the complaints that we asked about is to be withdrawn; False where the words say something else."""
    question = turn.question
    if question is None or question.pending is not Pending.MENU or not question.data.get("options"):
        return False
    if understand(str(question.data.get("then") or ""), Speaker.CUSTOMER).verb is not Verb.WITHDRAW or not keeps_all(
        turn.words
    ):
        return False
    turn.settle()
    turn.did = Verb.DISAGREE
    turn.answer(Answer.WITHDRAW_KEPT)
    return True


async def withdraw(turn: Turn) -> None:
    """Withdrawing is asked back once: "算了" is often just a sigh."""
    asked = turn.question
    said = fold(turn.words).strip(" .!?")
    once_more = _SAYS_IT_AGAIN.search(said) or _CANCELS_IT.fullmatch(said)
    again = asked is not None and asked.data.get("confirm") == _WITHDRAW and once_more
    if again and not NUMBER.search(turn.words):
        await _confirmed(turn, True)
        return
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if c.going_on]
    numbers = [found.upper() for found in NUMBER.findall(turn.words)]
    several = [c for number in numbers for c in mine if c.reference.endswith(number)] if len(numbers) > 1 else []
    asked_about = [c for c in mine if asked is not None and c.reference == asked.reference]
    if len(mine) > 1 and turn.named is None and not (numbers or asked_about or turn.is_staff or turn.in_danger):
        offer(turn, mine, turn.words, keep="yes")
        turn.asked_back = True
        return
    complaint = several[0] if several else await choose(turn, mine)
    if complaint is not None:
        _ask_about(turn, complaint, [c.reference for c in several[1:]])
    elif not turn.asked_back:
        turn.answer(Answer.NO_COMPLAINTS)


async def take_withdrawal(turn: Turn, agreed: bool) -> bool:
    """Take a yes or no to whether a complaint is to be withdrawn; False where that was not asked."""
    if turn.question is None or turn.question.data.get("confirm") != _WITHDRAW:
        return False
    words = fold(turn.words).strip(" .!?")
    if words in _CANCELS_ONE_OF_THE_TWO and (asked := await turn.work.complaint(turn.question.reference or "")):
        _ask_about(turn, asked, str(turn.question.data.get("rest") or "").split())
    else:
        await _confirmed(turn, agreed or _CANCELS_IT.fullmatch(words) is not None)
    return True


async def _confirmed(turn: Turn, agreed: bool) -> None:
    assert turn.question is not None
    assert turn.question.reference is not None
    complaint = await turn.work.complaint(turn.question.reference)
    rest = str(turn.question.data.get("rest") or "").split()
    turn.settle()
    assert complaint is not None
    if agreed and complaint.going_on:
        await turn.desk.record(turn.work, customer.withdraw(complaint, "", turn.as_(Role.CUSTOMER), turn.now))
        turn.reference = complaint.reference
        await _ask_next(turn, rest)
        return
    over = {} if complaint.going_on else {"over": "yes"}  # it was judged, or closed, since we asked
    turn.answer(Answer.WITHDRAW_KEPT, complaint, **over)
    assert turn.meaning is not None
    why = str(turn.meaning.arguments.get("reason") or "")
    if why and complaint.going_on and not keeps_all(turn.words):
        change = customer.supplement(complaint, why, turn.as_(Role.CUSTOMER), turn.now, told=False)
        await turn.desk.record(turn.work, change)
    await _ask_next(turn, rest)


async def _ask_next(turn: Turn, references: Sequence[str]) -> None:
    """Ask about the next of several that are to be withdrawn."""
    complaint = await turn.work.complaint(references[0]) if references else None
    if complaint is not None and complaint.going_on:
        _ask_about(turn, complaint, references[1:])


def _ask_about(turn: Turn, complaint: Complaint, rest: Sequence[str]) -> None:
    """Ask about one, remembering which to ask about next."""
    facts = {"rest": " ".join(rest)} if rest else {}
    turn.ask(Question(Pending.YES_NO, complaint.reference, {"confirm": _WITHDRAW, **facts}))
    turn.answer(Answer.WITHDRAW_CONFIRM, complaint, **facts)
