"""Ordinals: "第二个已经好了" is about the second of the list that was just shown."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.dialogue.choosing import choose, offer
from bot.dialogue.matters import add_to
from bot.dialogue.remembering import recall, remember
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.patterns import deferred
from complaints.complaint import Complaint
from complaints.vocabulary import SUPERVISING, Rating, Status

_SHOWN = "shown"
_LATELY = timedelta(hours=1)
_PLACES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES |= {str(digit): digit for digit in range(1, 10)}
_PLACES |= {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_HAN = deferred("[一-鿿]")
_ORDINAL = deferred(
    r"\s*(?:第\s*([一二两三四五六七八九1-9])\s*[个件条项单]|(?:the )?(first|second|third|fourth|fifth|sixth)(?: one)?(?= |'s))"
    r"(?:投诉|任务|事情|事|单子)?[\s,，:：的那]*(.{2,40})",
    re.IGNORECASE,
)
_ONE = r"#?(?:no\.? ?|number )?[1-9]\d?"
_AND = r"(?: ?(?:和|与|跟|及|、|,|，|&|\band\b|\+) ?)"
_HANDS_ON = deferred(
    r"\s*(?:(?:please|pls|can you|把|将|请) ?)*(?P<verb>(?:re)?assign|give|pass|hand|派单|派|指派)? ?"
    rf"(?P<which>{_ONE}(?:{_AND}{_ONE}){{0,8}}) ?(?:号|个|件|单)?(?:都|全)? ?"
    r"(?:over )?(?P<by>\bto\b|->|=>|→|—>|(?:派|交|转|转派|指派|分)?给) ?(?P<who>[^\d\s][^\d]{0,39})",
    re.IGNORECASE,
)
"""To whom a lead gives what stands in a list, by its places: "give 3 to carl", "把2和4给张伟", "3 -> bob"."""
_PLACE_FIRST = deferred(
    r"\s*(?:#|no\.? ?|number )?(?P<place>[1-9]\d?)(?:\s*[.、，,:：)）-]\s*|\s+|(?=[一-鿿]))(?P<rest>[^\d\s].{1,159})",
    re.IGNORECASE | re.DOTALL,
)
_COUNTED = deferred(  # "2 more days", "3个师傅", "2 plumbers came": so many, and no place
    r"(?:[和与跟及到至~&+/、个件天人名次号日点元块万千百栋幢座楼层室户年月周米根条台套位间张份倍级种分]|小时|单元|多|x\b|%|[ap]m\b|th\b|nd\b"
    r"|(?:more|of|men|people|women|kids|new|other|times|out|or|to|and|half)\b"
    r"|(?!(?:is|was|its|has|hers|his|does|this|yes|as|us|says|needs|wants|seems|looks)\b)[a-z]{2,20}s\b)",
    re.IGNORECASE,
)
_GOES_ON = deferred(r"还|又|仍|没|不|is |still|not|never", re.IGNORECASE)  # of a complaint that is known already
_SAID = frozenset(
    {Verb.RATE, Verb.STATUS, Verb.URGE, Verb.WITHDRAW, Verb.AGREE, Verb.DISAGREE, Verb.DONE, Verb.REPORT, Verb.NOT_DONE,
     Verb.ACCEPT, Verb.GIVE_BACK}
)  # fmt: skip


def remember_list(turn: Turn) -> None:
    """Keep what a list has just shown here, in its order."""
    if turn.listed:
        remember(turn, _SHOWN, {"items": list(turn.listed), "at": turn.now.isoformat()})


async def take_ordinal(turn: Turn) -> bool:
    """Put the complaint that an ordinal names into the turn, and the other words. True where they are wholly dealt with here.

    Without a list that was just shown it is asked which one is meant, where a customer says so of one of several.
    """
    if turn.is_staff and await _handed_on(turn):
        return turn.asked_back
    if await _by_place(turn):
        return False
    found = _ORDINAL.fullmatch(turn.words.strip())
    if found is None or turn.room is not None or turn.named is not None:
        return False
    rest = found[3].strip()
    verb = understand(rest, Speaker.HANDLER if turn.is_staff else Speaker.CUSTOMER, Pending.NONE)
    if verb.verb not in _SAID and not _GOES_ON.match(rest):
        return False
    shown, place = listed(turn), _PLACES[(found[1] or found[2]).lower()]
    satisfied = verb.verb is Verb.RATE and verb.arguments.get("rating") != Rating.DISSATISFIED
    if not shown:
        return satisfied and not turn.is_staff and await _asked_which(turn, rest)
    if place > len(shown):
        return False
    turn.settle()
    turn.named, turn.words = shown[place - 1], rest
    complaint = await turn.work.complaint(turn.named)
    if complaint is None or turn.is_staff or not satisfied or not _not_done(complaint):
        return False
    await add_to(turn, complaint, rest)  # "it is all right again", before anybody has said that it is done
    return True


async def _by_place(turn: Turn) -> bool:
    """Put into the turn what "2 not ours, it's the lab" names where it was asked which one, with the other words: by its place,
    as the bare digit does, else by the end of its number. False where it was not asked, or no place is named.
    """
    question = turn.question
    options = [] if question is None or question.data.get("for") == "matter" else question.data.get("options") or []
    found = _PLACE_FIRST.fullmatch(turn.words.strip()) if options and turn.room is None else None
    if found is None or turn.named is not None or _COUNTED.match(found["rest"]):
        return False
    rest, place = found["rest"].strip(), int(found["place"])
    verb = understand(rest, Speaker.HANDLER if turn.is_staff else Speaker.CUSTOMER, Pending.NONE).verb
    if verb not in _SAID and not _GOES_ON.match(rest):
        return False
    ends = [str(each) for each in options if str(each).endswith(f"-{place:04d}")]
    meant = next(iter((*options[place - 1 : place], *ends)), None)
    if meant is None or await turn.work.complaint(str(meant)) is None:
        return False
    turn.settle()
    turn.named, turn.words, turn.taken_up = str(meant), rest, True
    return True


async def _handed_on(turn: Turn) -> bool:
    """Put the complaint that stands in the list at a place into the turn, and to whom it is given; of several it is asked with
    which to begin. What is the end of another number as well is asked, too. False where no place is named, or no list shown.
    """
    found = _HANDS_ON.fullmatch(turn.words.strip())
    if found is None or turn.room is not None or turn.named is not None or not turn.person.roles & SUPERVISING:
        return False
    if found["by"].lower() == "to" and not found["verb"]:
        return False  # "2 to go"
    places = [int(each) for each in re.findall(r"\d+", found["which"])]
    shown = listed(turn)
    meant = [shown[place - 1] for place in places if place <= len(shown)]
    who = found["who"].strip()
    then = f"给{who}" if _HAN.match(who) else f"give it to {who}"
    if not shown:
        if len(places) > 1:
            return False
        turn.words = f"{places[0]:04d} {then}"  # the end of its number
        return False
    numbered = [each for each in shown if len(places) == 1 and each.endswith(f"-{places[0]:04d}")]
    meant = list(dict.fromkeys((*meant, *numbered)))
    found_ones = [each for number in meant if (each := await turn.work.complaint(number)) is not None]
    if not found_ones:
        return False
    turn.settle()
    if len(found_ones) == 1:
        turn.named, turn.words = found_ones[0].reference, then
        return True
    turn.question, turn.meaning = None, understand(then, Speaker.SUPERVISOR, Pending.NONE)
    offer(turn, found_ones, then)
    turn.asked_back = True
    return True


def _not_done(complaint: Complaint) -> bool:
    return complaint.going_on and complaint.status is not Status.RESOLVED


def listed(turn: Turn) -> list[str]:
    """Return the numbers of the list that stands above what was said."""
    question = turn.question
    if question is not None and question.data.get("for") != "matter" and question.data.get("options"):
        return [str(each) for each in question.data["options"]]
    known = recall(turn, _SHOWN)
    if known is None or (question is not None and (question.ask is Pending.MENU or question.data.get("survey"))):
        return []
    fresh = turn.now - datetime.fromisoformat(str(known["at"])) <= _LATELY
    return [str(each) for each in known["items"]] if fresh else []


async def _asked_which(turn: Turn, rest: str) -> bool:
    mine = [each for each in await turn.work.complaints_of(turn.person.id) if not each.settled]
    if len(mine) < 2:
        return False
    turn.settle()
    turn.meaning = understand(rest, Speaker.CUSTOMER, Pending.NONE)
    await choose(turn, mine, then=rest)
    return True
