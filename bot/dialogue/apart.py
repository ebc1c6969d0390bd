"""Several matters told in one breath are filed as one; their customer may have each filed apart, or leave them together."""

from __future__ import annotations

from typing import Final

from bot.answers import Answer
from bot.dialogue.filing import file_own
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import deferred
from complaints import customer
from complaints.complaint import Complaint
from complaints.numbers import ANY
from complaints.several import matters
from complaints.vocabulary import Role

_NUMBER: Final = rf"(?:[ ,:#]*(?P<number>{ANY}))?"
_SAID_WITH_IT: Final = (
    r"(?:请|麻烦|帮我|给我|替我|你们|我想要?|我要|要|都|还是|就|那|好的|行|嗯+|对|是的|可以|全部|[一两二三几]码归[一两二三几]码|一事归一事"
    r"|(?:这|那)?[两二三几]件(?:事|都)?|一件一件|一个一个|[ ,.])"
)
_WITH_IT: Final = (
    r"(?:(?:please|yes|yeah|ok|okay|just|i want (?:you )?to|i'd like (?:you )?to|can you|could you)[ ,.]+)"
)
_APART: Final = deferred(
    rf"{_SAID_WITH_IT}{{0,8}}+(?:分开|拆开|各自|单独)(?:来)?(?:登记|投诉|报|处理|立案|办|记)?(?:吧|了|一下|好了|就行)?{_NUMBER}"
    rf"|{_WITH_IT}{{0,4}}+(?:file|log|keep|handle|split) (?:them |these |those |it |each |both |each one )?(?:apart|separately"
    r"|up)(?: please)?"
    rf"(?:[ ,:#]*(?P<number_en>{ANY}))?|separately(?: please)?|(?:file them )?apart(?: please)?"
)
_TOGETHER: Final = deferred(
    rf"(?:就)?(?:放|合|算|记)?(?:在)?一起(?:办|处理|登记)?(?:吧|就行|好了)?{_NUMBER}|不用分开?(?:了)?"
    rf"|(?:please )?(?:keep|leave) (?:them |it |all )?together(?: please)?(?:[ ,:#]*(?P<number_en>{ANY}))?"
)


async def take_apart(turn: Turn) -> bool:
    """Do what a customer says of a complaint that tells of several matters; False where the words say nothing of that."""
    said = fold(clean(turn.words)).strip(" .,!~?")
    apart = _APART.fullmatch(said)
    found = apart or _TOGETHER.fullmatch(said)
    if found is None or turn.room is not None:
        return False
    groups = found.groupdict()
    number = (groups.get("number") or groups.get("number_en") or "").upper()
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if c.going_on and c.reference.endswith(number)]
    told = [(c, several) for c in mine if (several := matters(c.summary, turn.pack.guess))]
    if turn.named is not None:
        told = [each for each in told if each[0].reference == turn.named]
    if not told:
        return False
    complaint, several = max(told, key=lambda each: each[0].received_at)
    turn.did = Verb.CHOOSE
    if apart is None:
        turn.answer(Answer.SEVERAL_MATTERS, complaint, kept="yes")
        return True
    await _file_apart(turn, complaint, several)
    return True


async def _file_apart(turn: Turn, complaint: Complaint, several: tuple[str, ...]) -> None:
    """Give each matter but the first a number of its own; whoever works on the first is told what no longer belongs to it."""
    known = {c.summary: c.reference for c in await turn.work.complaints_of(turn.person.id)}
    numbers, new = [], []
    for each in several[1:]:
        if each not in known:
            await file_own(turn, each, apart=True)
            assert turn.reference is not None
            new.append(turn.reference)
        numbers.append(known.get(each) or str(turn.reference))
    turn.reference, turn.did = complaint.reference, Verb.CHOOSE
    if new:
        words = "\n".join(f"{each} → {number}" for each, number in zip(several[1:], numbers, strict=True))
        change = customer.supplement(complaint, words, turn.as_(Role.CUSTOMER, Role.EMPLOYEE), turn.now, told=False)
        await turn.desk.record(turn.work, change)
    turn.answer(Answer.SEVERAL_MATTERS, complaint, apart="、".join(numbers), matters=several[0])
