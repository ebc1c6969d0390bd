"""Whoever reviews finds several valid at once, or one in other words: "都有效", "0006 没问题 受理吧", "6 is fine, take it".

And an appeal that was put to them, whatever else they were told of besides: "那就有效吧".
"""

from __future__ import annotations

from typing import Final

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.duties import confirm_valid
from bot.dialogue.handing import hand_to
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from bot.grammar.verdicts import only_finds_invalid
from bot.storage import queues
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.duties import DUTIES
from complaints.numbers import ANY
from complaints.permissions import Step, permitted
from complaints.vocabulary import Status

_LONGEST: Final = 60  # characters
_MANY: Final = {"两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "both": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_ALL: Final = regex(
    r"(?:[这那]?(?P<zh>[两俩三四五])[个件]?|这些|全部?|[ ])*都?(?:是|判定?|算|[ ])*(?:有效|成立)(?:的|了|吧|[ .!])*"
    r"|(?:they(?:'re| are) )?(?P<en>all|both)(?: (?P<count>two|three|four|five))?(?: of (?:them|these|those))?(?: are| is)?"
    r" (?:valid|upheld|justified)[ .!]*"
)
_SEVERAL: Final = regex(r"都|全|\b(?:all|both)\b")
_FINE: Final = regex(
    rf"#?(?P<zh>{ANY}|\d{{1,3}})?(?:[那这][个件单]|的|[ ,:])*(?:我?看?(?:没有?问题|可以|行|好|ok)了?[ ,]*)?"
    r"(?:就|可以|那就|[ ])*(?:受理|立案)(?:了|吧|它|[ .!])*"
    rf"|(?:no\.? ?|#)?(?P<en>{ANY}|\d{{1,3}})?(?: is|'s)?[ ,]*(?:fine|ok(?:ay)?|good|all right)(?:[ ,]|and |so |then )*"
    r"(?:take|accept|open)(?: it)?(?: on| up)?[ .!]*"
)
_DIGITS: Final = 4
_GRANTS: Final = regex(
    r"(?:好的?|行|嗯|ok|[ ,])*(?:申诉|客户)?(?:那|这次|这个)?(?:就|还是|应该|可以|改|重新|[ ])*(?:判定?|认定|算|是|为|成|按)*"
    r"(?:有效|成立|属实|有道理|有理|立案|受理)(?:的|了|吧|处理|[ .!])*"
    r"|(?:ok(?:ay)?|fine|well|all right|then|so|[ ,])*"
    r"(?:(?:(?:it|that|this)(?:'?s| is)|its|they'?re|the appeal is|call it|find it) )?"
    r"(?:valid|justified|granted|upheld|right)(?: (?:then|after all))*[ .!]*"
    r"|(?:ok(?:ay)?|fine|then|so|[ ,])*(?:grant|allow|uphold) (?:it|that|the appeal)(?: then)?[ .!]*"
)
_APPEAL: Final = regex(r"申诉|\bappeal\b")
_NO_ANSWER: Final = frozenset({Verb.VALID, Verb.INVALID, Verb.ASSIGN, Verb.UNCLEAR})
"""What words are taken for that answer nothing we asked."""
_LATELY: Final = 30  # notices in which the appeal is looked for


async def take_review(turn: Turn) -> bool:
    """Find valid what is said to be; False where nothing waits for the speaker's word, or the words are something else."""
    if not turn.is_staff or turn.room is not None or turn.named is not None or len(turn.words) > _LONGEST:
        return False
    said = " ".join(fold(clean(turn.words)).split())
    grants = _GRANTS.fullmatch(said) is not None
    if (grants or only_finds_invalid(turn.words)) and await _take_appeal(turn, grants):
        return True
    every, one = _ALL.fullmatch(said), _FINE.fullmatch(said)
    if (every is None or _SEVERAL.search(said) is None) and one is None:
        return False
    waiting = [
        each
        for each in await turn.work.queue()
        if each.status is Status.UNDER_REVIEW and permitted(each, Step.INVALIDATE, turn.as_staff())
    ]
    number = (one["zh"] or one["en"]) if one is not None else None
    if number is not None and len(number) < _DIGITS and turn.question is not None:
        return False  # "1": of what was offered
    if number is not None:
        waiting = [each for each in waiting if each.reference.upper().endswith(number.upper().zfill(_DIGITS))]
    if not waiting or (one is not None and number is None and turn.question is not None):
        return False
    counted = next((each for each in every.groupdict().values() if each in _MANY), None) if every is not None else None
    if (counted and _MANY[counted] != len(waiting)) or (one is not None and len(waiting) != 1):
        turn.question, turn.meaning = None, Meaning(turn.words, Verb.VALID)
        await confirm_valid(turn)  # which one is asked
        return True
    turn.question = None
    for each in waiting:
        await _confirm(turn, each)
    return True


async def _take_appeal(turn: Turn, grants: bool) -> bool:
    """Decide the appeal that was put to the speaker, or ask which of several; False where none waits, or something else does.

    Words that only uphold the verdict are no reason that a customer may read as the last word: that is asked.
    """
    assert turn.meaning is not None
    named = _APPEAL.search(fold(turn.words)) is not None
    if turn.question is not None and turn.meaning.verb not in _NO_ANSWER and not named:
        return False
    actor = turn.as_staff()
    waiting = [each for each in await turn.work.queue() if permitted(each, Step.INVALIDATE, actor)]
    told = await queues.lately_told(turn.work, turn.person.id, [NoticeKind.APPEAL], _LATELY)
    appeals = [each for each in waiting if each.reference in told and each.appealed and each.status is Status.NEW]
    if not appeals or any(each.status is Status.UNDER_REVIEW for each in waiting):
        return False
    turn.question = None
    complaint = await choose(turn, appeals, act=Step.INVALIDATE)
    if complaint is None:
        return turn.asked_back
    if not grants:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": Verb.INVALID.value}))
        turn.answer(Answer.REASON_NEEDED, complaint)
    elif actor.roles & DUTIES["valid_confirmed"].roles:
        await _confirm(turn, complaint)
    else:
        turn.did = Verb.ASSIGN
        await hand_to(turn, complaint, "", "")  # a leader finds it valid by giving it to somebody
    return True


async def _confirm(turn: Turn, complaint: Complaint) -> None:
    turn.meaning = Meaning(turn.words, Verb.VALID, {"reference": complaint.reference})
    await confirm_valid(turn)
