"""A customer puts right where their open complaint is, or at which number to call them (R-009): "不是9栋，是10栋",
"Actually it is flat 3-1804 building 5", "上面那个电话写错了，是138…".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.filing import relearn
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.details import Details, find_phone, find_places, with_plain_digits
from bot.grammar.folding import fold
from bot.grammar.patterns import regex
from complaints import customer
from complaints.vocabulary import Role

_LONGEST = 80  # characters of a message that does nothing else
_NUMBERED = regex(r"^\W*(?:更正|纠正|correct(?:ion)?)\W*(?P<number>(?:TS|YL)\d{8}-\d{4}|\d{4})\s+(?!$)", re.IGNORECASE)
_HERE = "\x00"
_MARKS = (
    r"不是|并非|不在|而是|错了?|更正|纠正|其实|实际上?|应该[是在为]|不对|[改写说打填报]成|改为"
    r"|\b(?:actually|correction|i mean(?:t)?|wrong|mistake|not|rather|should (?:be|read|say))\b"
)
_MARKED = regex(_MARKS)
_FILLER = (
    rf"[\s\W_{_HERE}]|{_MARKS}|不好意思|对不起|抱歉|哦|噢|啊|呀|哈|了|等一?[等下]|一下|刚才|刚刚?|别删|不[用要]删|想?要|前面|之前|上面|上次|我们?|家|把|的是?|是"
    r"|为|住|在|应该?|[说写打报发填搞弄记]|地址|地点|位置|房间?号|楼[号栋层]|门牌号?|投诉|报修|确切|准确|地|请|麻烦|你们|帮我"
    r"|(?:的)?(?:电梯|电灯|路灯|灯|水管|门|门禁|厨房|卫生间|楼道|车库|漏水|停电|停水|坏了)"
    r"|\b(?:sorry|oops|wait|no|my|the|a|it|i|is|was|are|am|be|s|m|re|we|you|that|this|they|address|place|location|number|flat|room|unit|building"
    r"|but|in|at|of|to|live|lives|please|and|got|gave|wrote|typed|made|ok|correct|change|it's|i'm)\b"
)
_NOTHING_ELSE = regex(rf"(?:{_FILLER})*+")
_WRONG_NEXT = regex(r"(?:不是|并非|不在|[写说打填报]成了?|\bnot(?: in| at)?)\s*$")
_WRONG_ALREADY = regex(r"\W*(?:是|这个|号)*(?:不对|[打写说填]?错)|\W*(?:is|was) (?:wrong|not)")
_ROOM_ALONE = regex(r"(?<![\d-])\d{3,5}[A-Za-z]?(?:室|房)?(?![\d-])")
_BUILDING = regex(
    r"(?<!\d)\d{1,4}\s{0,2}(?:号楼|栋|幢|座|号院)|\b(?:building|tower|block) [A-Za-z]?\d{1,4}\b", re.IGNORECASE
)


_PHONES = regex(r"\+?\d(?:[ .-]?\d){6,14}")
_NEW_NUMBER = regex(
    rf"{_MARKS}|换(?:了|成|号|个)|新的?(?:电话|手机|号)|\b(?:new|changed?)\b"  # what makes it another than before
)
_NOTHING_BUT_A_NUMBER = regex(
    rf"(?:{_FILLER}|[的那个这现在换新号码]|电话|手机|联系|方式|打|以后|now|new|phone|mobile|tel|cell|contact|call"
    r"|changed?|use|on|above|instead|one)*+"
)


@dataclass(frozen=True, slots=True)
class Correction:
    """Where it is, and where it was said to be, if the words say so."""

    right: str
    wrong: str = ""

    def of(self, known: str) -> str:
        """Return the known place, put right: what the words leave out of it stays."""
        if self.wrong and re.search(rf"(?<!\d){re.escape(self.wrong)}(?!\d)", known):
            return known.replace(self.wrong, self.right, 1)
        if _ROOM_ALONE.fullmatch(self.right):
            return known  # a bare number is a room only where it takes the place of one
        had = _BUILDING.search(known)
        begins = _BUILDING.match(self.right)
        if had is None or begins is None:
            return self.right
        after = known[had.end() :] if begins.end() == len(self.right) else ""  # a building alone: the room stays
        return f"{known[: had.start()]}{self.right}{after}"


def read_correction(text: str) -> Correction | None:
    """Return what a message puts right; None where it says anything else besides, or does not plainly correct a place."""
    if len(text) > _LONGEST:
        return None
    text = with_plain_digits(text)
    spans = find_places(text)
    if not spans and len(rooms := [found.span() for found in _ROOM_ALONE.finditer(text)]) == 2:
        spans = rooms
    rest = text
    for start, end in reversed(spans):
        rest = f"{rest[:start]}{_HERE}{rest[end:]}"
    rest = fold(rest)
    if _MARKED.search(rest) is None or _NOTHING_ELSE.fullmatch(rest) is None:
        return None
    parts = rest.split(_HERE)
    wrong = [place for place, before in zip(spans, parts, strict=False) if _WRONG_NEXT.search(before)]
    right = [place for place in spans if place not in wrong]
    if len(right) != 1:
        return None
    return Correction(text[slice(*right[0])].strip(), text[slice(*wrong[0])].strip() if wrong else "")


def read_number(text: str) -> str:
    """Return the phone number, E.164, that a message puts in the place of another; "" where it says anything else besides."""
    if len(text) > _LONGEST or not (numbers := list(_PHONES.finditer(text))):
        return ""
    parts = fold(_PHONES.sub(_HERE, text)).split(_HERE)
    rest = _HERE.join(parts)
    if _NEW_NUMBER.search(rest) is None or _NOTHING_BUT_A_NUMBER.fullmatch(rest) is None:
        return ""
    around = zip(numbers, parts, parts[1:], strict=False)
    right = [n for n, before, after in around if not _WRONG_NEXT.search(before) and not _WRONG_ALREADY.match(after)]
    return find_phone(right[0][0]) if len(right) == 1 else ""


async def _take_number(turn: Turn) -> bool:
    """Put right the customer's number, and say so with the complaint of theirs that is open; False where it is not that."""
    row = await turn.work.person_row(turn.person.id)
    if row is None or row.unnamed or turn.is_staff or (number := read_number(turn.words)) in ("", row.phone):
        return False
    row.phone = number
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if c.going_on]
    if mine:
        complaint = next((c for c in mine if c.reference == turn.named), mine[0])
        change = customer.renumber(complaint, turn.words, number, turn.as_(Role.CUSTOMER), turn.now)
        turn.reference = (await turn.desk.record(turn.work, change)).reference
    else:
        turn.answer(Answer.FACTS_RECORDED)
    turn.did = Verb.ADD
    return True


async def take_correction(turn: Turn) -> bool:
    """Put right the place of the complaint that is meant, or the customer's number, and say so; False where the words do
    nothing of the kind.
    """
    if await _take_number(turn):
        return True
    numbered = _NUMBERED.match(turn.words)
    said = read_correction(turn.words if numbered is None else f"更正 {turn.words[numbered.end() :]}")
    if said is None:
        return False
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if c.going_on]
    if not any(said.of(c.place) != c.place for c in mine):
        return False
    meant, number = turn.meaning, numbered["number"].upper() if numbered else ""
    turn.meaning = Meaning(turn.words, Verb.ADD, {"reference": number} if number else {})
    complaint = await choose(turn, mine, lambda c: said.of(c.place) != c.place)
    if complaint is None or said.of(complaint.place) == complaint.place:
        turn.meaning = meant
        return turn.asked_back
    place = said.of(complaint.place)
    change = customer.put_right(complaint, turn.words, place, turn.as_(Role.CUSTOMER), turn.now)
    row = await turn.work.person_row(complaint.complainant)
    if row is not None:
        relearn(row, Details(place=complaint.place), Details(place=place))
    turn.did, turn.reference = Verb.ADD, (await turn.desk.record(turn.work, change)).reference
    return True
