"""Colleagues who speak as a customer, or for one: of a complaint of their own, or that they brought in."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.dialogue.choosing import choose, offer
from bot.dialogue.customer import customer_turn
from bot.dialogue.following import of_somebody_else
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.details import find_details, find_phone, find_reporter
from bot.grammar.folding import fold
from bot.grammar.patterns import regex
from bot.grouping import matter
from complaints import press
from complaints.complaint import Complaint
from complaints.matching import DOUBT, Matter, match
from complaints.permissions import Step, permitted
from complaints.taxonomy import OTHER
from complaints.vocabulary import Status
from complaints.whereabouts import named

_FOR_A_CUSTOMER = frozenset({Verb.ADD, Verb.URGE})
_AS_THE_CUSTOMER = frozenset({Verb.RATE, Verb.AGREE, Verb.DISAGREE, Verb.WITHDRAW}) | _FOR_A_CUSTOMER

_NUMBER = regex(r"\+?\d(?:[\s().-]{0,2}\d){6,}")
_AROUND = regex(
    r"客户|业主|住户|联系人|联系方式|联系|电话|手机|号码|姓名|地址|房号|补充|问到了?|找到了?|知道了|刚?才?"
    r"|[他她]|姓|叫|是|的|住|在|家|了"
    r"|\b(?:the|customer|s?he|her|his|their|name|phone|mobile|tel|number|address|lives?|is|at|in|and|found|got|it|room)\b",
    re.ASCII,
)
_JUST_NOW = timedelta(minutes=10)
_SAYS_MORE = regex(r"[a-z\d\u3400-\u9fff]")
"""What is left of words that tell more than whom to reach, and how."""


async def tells_contact(turn: Turn) -> bool:
    """Take nothing but a customer's name, number and place for the complaint that lacks them: one that the colleague brought
    in, or that was spoken of last (R-022). False where they tell more, or none lacks them.
    """
    asked = turn.question.data.get("for") if turn.question is not None else None
    if not turn.is_staff or (turn.question is not None and asked != "handed on") or not only_contact(turn.words):
        return False
    waiting = {c.reference: c for c in await turn.work.entered_by(turn.person.id) if _lacks_contact(c)}
    about = await turn.work.complaint(turn.named or turn.conversation.about or "")
    if about is not None and _lacks_contact(about) and permitted(about, Step.SUPPLEMENT, turn.as_staff()):
        waiting = {about.reference: about}  # what was spoken of just now
    if not waiting or (turn.named is not None and turn.named not in waiting):
        return False
    turn.meaning = Meaning(turn.words, Verb.FACT, {})
    complaint = await choose(turn, list(waiting.values()))
    if complaint is not None:
        await take_facts(turn, complaint)
    return True


async def hands_on(turn: Turn, speaker: Speaker) -> bool:
    """Say whether what stands where a customer's number was asked for gives the work to a colleague: "给李娜"."""
    if turn.question is None or turn.question.pending is not Pending.FACTS or speaker is not Speaker.SUPERVISOR:
        return False
    meant = understand(turn.words, speaker, Pending.NONE)
    who = meant.said("who")
    if meant.verb is not Verb.ASSIGN or who in ("", turn.words.strip()) or find_phone(turn.words):
        return False  # a mere name is the customer's
    return len((await turn.work.directory()).named(who)) == 1


async def brings_another(turn: Turn, speaker: Speaker) -> bool:
    """Take what stands where the number of a customer was asked for, and tells of another matter or of somebody else, for what
    is brought in next (R-005); what we asked goes on waiting. Nobody is to be written to about a matter of somebody else.
    """
    asked, told = turn.question, turn.meaning
    if not turn.is_staff or asked is None or told is None or told.verb is not Verb.FACT:
        return False
    complaint = await turn.work.complaint(asked.reference or "")
    if complaint is None or complaint.complainant == turn.person.id or not await _is_another(turn, complaint):
        return False
    turn.question = None
    turn.meaning = understand(turn.words, speaker, Pending.NONE)
    if turn.meaning.verb not in (Verb.COMPLAIN_FOR, Verb.FORM):
        turn.meaning = Meaning(turn.words, Verb.COMPLAIN_FOR, {"text": turn.words})
    return True


async def _is_another(turn: Turn, complaint: Complaint) -> bool:
    row = await turn.work.person_row(complaint.complainant)
    details, name = find_details(turn.words, answering=True), row.name if row is not None else ""
    text = turn.words
    for known in filter(None, (details.name, details.place, find_reporter(text))):
        text = text.replace(known, " ")  # 4-1201 and Mr Brown are no matter
    said, of = named(text), named(complaint.summary)
    category = turn.pack.guess(text)
    matter_told = bool(said.things) or category != OTHER
    if not (matter_told or said.said) or not (of.said or complaint.category != OTHER):
        return False
    if of_somebody_else(turn.words, name) or (name and details.name and details.name[0] != name[0]):
        return True
    if said.things and of.things and not said.things & of.things and category != complaint.category:
        return True  # a lift, and a gate: both are stuck
    told = Matter(frozenset({complaint.complainant}), turn.words, turn.now, "", category)
    likeness = match(told, await matter(turn.work, complaint))
    return bool(likeness.veto) or (matter_told and likeness.score < DOUBT and "category" not in likeness.reasons)


async def take_just_entered(turn: Turn) -> bool:
    """Read "给李娜", with no number, of the complaint that the speaker has just brought in, whoever has it now; True where it
    was asked which one is meant, because something else waits as well, or they only spoke of another.
    """
    last = turn.conversation
    if turn.named is not None or turn.question is not None or last.about is None or last.about_at is None:
        return False
    assert turn.meaning is not None
    if turn.meaning.said("reference") or last.about_in != turn.where or turn.now - last.about_at > _JUST_NOW:
        return False
    about = await turn.work.complaint(last.about)
    if about is None or about.settled or not permitted(about, Step.DISPATCH, turn.as_staff()):
        return False
    queue = [each for each in await turn.work.queue() if permitted(each, Step.DISPATCH, turn.as_staff())]
    entered = turn.now - about.received_at <= _JUST_NOW
    others = [each for each in queue if each.reference != about.reference]
    if not others and (entered or queue):
        turn.named = about.reference
        return False
    if others and not entered:
        return False
    offer(turn, [about, *others], turn.words)
    turn.asked_back = True
    return True


async def take_facts(turn: Turn, complaint: Complaint) -> None:
    """Take words for the answer to how a complaint's customer is reached, whenever it is given."""
    turn.question = Question(Pending.FACTS, complaint.reference)
    turn.meaning = Meaning(turn.words, Verb.FACT, {})
    await customer_turn(turn)


def brings_contact(complaint: Complaint, words: str) -> bool:
    """Say whether words hold the number of a customer whom nobody could reach so far."""
    return _lacks_contact(complaint) and bool(find_phone(words))


def _lacks_contact(complaint: Complaint) -> bool:
    return complaint.going_on and not complaint.contact_known and not press.asks(complaint)


def only_contact(words: str) -> bool:
    """Say whether words tell a number, and nothing but whose it is and where they live."""
    details = find_details(words, answering=True)
    if not details.phone:
        return False
    rest = words.replace(details.name, " ") if details.name else words
    rest = rest.replace(details.place, " ") if details.place else rest
    return _SAYS_MORE.search(_AROUND.sub(" ", _NUMBER.sub(" ", fold(rest)))) is None


async def speaks_for_customer(turn: Turn) -> bool:
    """Say whether a colleague who also works at the desk now speaks as a customer does, and not of their work.

    What they say by number, in a reply or in answer to a question counts where that complaint is theirs; without any of these
    only what can mean nothing else: the one complaint that waits for their rating, or that they can add to.
    """
    assert turn.meaning is not None
    verb = turn.meaning.verb
    if verb not in _AS_THE_CUSTOMER:
        return False
    theirs = await turn.work.complaints_of(turn.person.id)
    if verb in _FOR_A_CUSTOMER:
        theirs = [*theirs, *(await turn.work.entered_by(turn.person.id))]
    meant = str(turn.meaning.arguments.get("reference") or turn.named or "")
    if not meant and turn.question is not None:
        meant = turn.question.reference or ""
    if meant:
        return any(complaint.reference.endswith(meant) for complaint in theirs)
    return len({each.reference for each in theirs if _waits(each, verb)}) == 1


def _waits(complaint: Complaint, verb: Verb) -> bool:
    if verb is Verb.RATE:
        return complaint.status is Status.RESOLVED
    if verb in (Verb.AGREE, Verb.DISAGREE):
        return complaint.status is Status.PROPOSED
    return not complaint.settled
