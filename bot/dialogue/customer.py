"""What customers say, and employees who speak for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers import Answer
from bot.dialogue import progress
from bot.dialogue.adding import MATTER, ask_rating, bystander, in_one_breath, own_cases, supplement
from bot.dialogue.all_clear import take_all_clear
from bot.dialogue.anonymous import unnamed_stops
from bot.dialogue.calling import ask_for_person, filed_with_a_call, wants_a_call
from bot.dialogue.choosing import choose
from bot.dialogue.corrections import take_correction
from bot.dialogue.data import ask_for_data
from bot.dialogue.editing import mended
from bot.dialogue.filing import (
    complain_for,
    file_for_customer,
    file_own,
    learn,
    list_entered,
    missing_facts,
    reach_by_phone,
)
from bot.dialogue.following import add_followed, followed_up, tells_nothing_of_its_own
from bot.dialogue.helping import asks_of_their_case, calls_out, greets, says_it_is_known, waits_for_us
from bot.dialogue.in_danger import take_danger
from bot.dialogue.matters import ask_which, plainly_another, settled_meant, sort_out
from bot.dialogue.places import place_of, told_site
from bot.dialogue.proving import need_proof
from bot.dialogue.questions import Question
from bot.dialogue.rating import objects, protests, rate, rates_unasked
from bot.dialogue.reopening import AT_ONCE, again, back_again, discontent, just_closed, protested
from bot.dialogue.second_thoughts import take_second_thoughts
from bot.dialogue.turn import Turn
from bot.dialogue.unread import keep_unread
from bot.dialogue.withdrawing import take_withdrawal, withdraw
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.answers import YES_WHOLE
from bot.grammar.bargaining import another_sum
from bot.grammar.customer import TROUBLE
from bot.grammar.details import Details, contact_alone, find_details, find_phone, introduces
from bot.grammar.folding import fold
from bot.grammar.going_on import More, goes_on
from bot.grammar.patterns import deferred
from bot.sayings import says_besides, tells_news
from complaints import customer, press
from complaints.complaint import Complaint
from complaints.grading_words import danger
from complaints.outward import from_the_press
from complaints.pressing import says_more
from complaints.promises import Terms
from complaints.taxonomy import OTHER, guess_kind
from complaints.vocabulary import SERVICE_CENTRE, Flag, Kind, Rating, Role, Status
from connectors.port import Content

_NEW_MATTER = deferred(
    r"\W*(?:我要|我想|我)?(?:新)?(?:投诉|投訴|报修|報修|咨询|諮詢|建议|建議|表扬|表揚)(?!单|号|编号|單|號)"
    r"|\W*(?:new |file a |i want to |i'd like to )?(?:complaint|complain|repair|suggestion|praise)\b",
    re.IGNORECASE,
)
_ANOTHER = deferred(
    r"另[一外]|又[一有].?件|第.{1,3}件|别的(?:事|问题|投诉)|新的(?:事|问题|投诉)|新投[诉訴]|\b(?:another|different|separate|new)\s+(?:complaint|matter|issue|problem)\b",
    re.IGNORECASE,
)
_ONE_MORE = deferred(
    r"\W*(?:对了|我们?|要|想|[\s,，])*(?:还有?|再|另外?|顺便)(?:我|要|想|再|说|讲|反映|投诉|报|问|有)*(?:另外?|别的)?一?件(?:事情?)?"
    r"[\s,，:：。]+(?=.{4})"
    r"|\W*(?:and |also |oh |by the way,? |i (?:also )?(?:have|say|want to say) |there is |here is )*"
    r"(?:one more|another|a second) (?:thing|matter|complaint|issue|problem)\b[\s,.:]+(?=.{6})",
    re.IGNORECASE,
)
_ANNOUNCES = deferred(  # another matter, and nothing yet of what it is; not "there is still a problem"
    r"(?:\W|哦|噢|对了?|那个|我们?|这边)*(?:还有?|再|另外|顺便|又有)(?:我|还|要|想|再|说|讲|反映|有|另外|一){0,4}"
    r"[个件桩](?:别的|另外的|其他的?|其它的?|小|大|急)?(?:事情?|投诉)儿?"
    r"(?:(?:我|也|还|想|要|得){0,3}(?:说|讲|问|反映|投诉|告诉你们?|跟你们说|麻烦你们?)(?:一下|下)?)?\W*"
    r"|(?:\W|哦|噢|对了?|那个)*(?:另外(?:呢|啊|还有|再说一?个?|说一?个?)?|顺便(?:再|也)?(?:说|讲|问|反映)(?:一下|下|一?[个件]事)"
    r"|还有(?:别的|其他|另外)的?(?:事情?|问题))(?:啊|呢|哈)?\W*"
    r"|(?:\W|and\b|oh\b|but\b)*(?:on (?:another|a different|a separate) (?:note|matter)|separately"
    r"|(?:a )?(?:different|separate) (?:matter|issue|problem|thing))\W*"
    r"|(?:\W|and\b|also\b|oh\b|hey\b|by the way\b)*(?:(?:i|we)(?:'ve| have|'d like| want)?(?: also| got)* "
    r"|there(?:'s| is)(?: also)? |here(?:'s| is) )?(?:to (?:say|report|mention|tell you) )?(?:just )?"
    r"(?:one more|another|a second|something else)(?: (?:thing|matter|complaint|issue|problem))?"
    r"(?: (?:to (?:say|report|mention|tell you)(?: about)?|as well|too|now))?\W*",
    re.IGNORECASE,
)
_NONE_AFTER_ALL = deferred(
    r"(?:哦|那|还是|[ ,，])*(?:算了|没事|没什么事?|没啥事?|不说了|不用了|没有?了|取消|先这样|以后再说)"
    r"(?:[了啦吧 ,，。.!！~]|谢谢)*"
    r"|(?:oh|no|sorry|[ ,])*(?:never ?mind|forget it|cancel|nothing(?: else)?|it'?s nothing|that'?s (?:all|it)|not now)"
    r"(?:[ ,.!]|thanks?|thank you)*",
    re.IGNORECASE,
)
_ASKS_WHO = deferred(
    r"谁(?:在|来)?(?:管|负责|处理|跟进|办)(?!得)"
    r"|\bwho(?:'s| is| are)\b.{0,16}\b(?:dealing|handling|responsible|charge)\b",
    re.IGNORECASE,
)
_ANYBODY_THERE = deferred(
    r"(?:喂|你好|您好|请问|到底|[^\w])*(?:有没有人|有人(?=[在吗么没?？])|人呢|人在吗)(?:在|吗|么|啊|呀|呢|没有?|理我|回我|回复|管管?|接|[^\w])*"
)
"""It asks for a sign of life, whatever else was asked."""
_NEVER_AGREED = deferred(
    r"(?:我|我们|人家)(?:可|又|都|还|根本|从来|压根)*(?:没有?|不)(?:同意|答应|点头|认可|签字|签过字)"
    r"|\b(?:i|we)(?:'ve| have)? (?:\w+ )?(?:not|never|n't|didn'?t|haven'?t|don'?t) (?:\w+ )?"
    r"(?:agreed?|accept(?:ed)?|consent(?:ed)?|sign(?:ed)?)\b"
)
_PHONE_LIKE = deferred(r"(?<![\d+])\d(?:[\s-]?\d){6,11}(?!\d)")
"""What was done has not lasted."""
_ANNOUNCED = 30  # characters at the beginning in which a new matter is announced
_INSTEAD_OF_FACTS = frozenset({Verb.COMPLAIN, Verb.STATUS, Verb.URGE, Verb.LIST, Verb.WITHDRAW, Verb.PERSON, Verb.HELP})
_NO_MATTER = frozenset({Verb.UNCLEAR, Verb.URGE, Verb.HELP, Verb.PERSON, Verb.STATUS, Verb.LIST})
_LOOSE = frozenset({Verb.RATE, Verb.UNCLEAR, Verb.COMPLAIN, Verb.ADD, Verb.AGREE, Verb.DISAGREE, Verb.FACT, Verb.URGE,
                    Verb.STATUS})  # fmt: skip
"""What a mere name and number may be taken for by their digits or a greeting."""
_NAMING_ONE = frozenset({Verb.WITHDRAW, Verb.AGREE})  # "withdraw the one about the fire"
_OFFERED = 4  # complaints of which one is asked for
_CALL_FOR_HELP = 6  # characters of words that ask for help and nothing else
_TELLING = 4  # characters from which words that fit no command may say something about the matter
_ADDING = frozenset({Status.NEW, Status.UNDER_REVIEW, Status.ACCEPTED, Status.DISPATCHED, Status.WORKING,
                     Status.PROPOSED, Status.EXECUTING, Status.ON_HOLD, Status.RESOLVED})  # fmt: skip
# What a person may want for themselves, whoever's thread they say it in.
_ANYBODY = frozenset({Verb.HELP, Verb.COMPLAIN_FOR, Verb.LIST, Verb.THANKS, Verb.PERSON, Verb.STOP, Verb.MY_DATA,
                      Verb.ERASE_ME})  # fmt: skip


async def customer_turn(turn: Turn) -> None:
    """Do what a customer asked for. Every branch answers; nothing said is dropped."""
    assert turn.meaning is not None
    meaning = turn.meaning.ordinary
    if meaning.verb not in _ANYBODY and await bystander(turn):
        return
    if await take_all_clear(turn) or await take_second_thoughts(turn) or await objects(turn):
        return
    if await progress.answers_callback(turn) or await take_correction(turn):
        return
    if not _NEW_MATTER.match(turn.words) and await take_danger(turn):
        turn.in_danger = True
        return
    if await _announces(turn) or await _tells_none_after_all(turn):
        return
    if meaning.verb in _LOOSE and await _tells_contact(turn):
        return
    if meaning.verb in (Verb.UNCLEAR, Verb.FACT) and _ANYBODY_THERE.fullmatch(turn.words[:60]):
        meaning = Meaning(turn.words, Verb.HELP, {})
    turn.in_danger = meaning.verb not in _NAMING_ONE and danger(turn.words) is not None
    if meaning.verb is Verb.FACT and turn.in_danger and await _of_another(turn):
        meaning = Meaning(turn.words, Verb.COMPLAIN, {"text": turn.words})  # no answer to who they are
    if meaning.verb in _NO_MATTER and not meaning.said("reference") and turn.in_danger:
        meaning = Meaning(turn.words, Verb.COMPLAIN, {"text": turn.words})  # "it burns, come quickly"
    if meaning.verb in (Verb.RATE, Verb.ADD) and turn.named is None and _begins_another(turn.words):
        meaning = Meaning(turn.words, Verb.COMPLAIN, {"text": turn.words})  # "另外一件事，投诉王主管骂人"
    asks_ways = meaning.said("of") == "channels"
    if (
        meaning.verb is Verb.HELP
        and not asks_ways
        and (turn.pack.guess(turn.words) != OTHER or guess_kind(turn.words) is Kind.CONSULT)
    ):
        meaning = Meaning(turn.words, Verb.COMPLAIN, {"text": turn.words})  # asked of the company, not of the bot
    turn.meaning = meaning
    await _do(turn, meaning)
    if turn.unplaced:
        turn.unplaced = False
        await file_own(turn, turn.words)
    if turn.did is Verb.COMPLAIN and meaning.verb is not Verb.PERSON:
        await filed_with_a_call(turn)


def _begins_another(words: str) -> bool:
    """Say whether words announce one more matter and complain of it in the same breath."""
    announced = _ONE_MORE.match(words)
    return announced is not None and _NEW_MATTER.match(words, announced.end()) is not None


async def _announces(turn: Turn) -> bool:
    """Ask what it is that somebody announces, "还有个事", beside what is open: what they say next is a matter of its own."""
    alone = turn.named is None and not turn.incoming.attachments and not turn.fresh_thread
    if not alone or turn.room is not None or _ANNOUNCES.fullmatch(turn.words) is None or not await own_cases(turn):
        return False
    _ask_what_happened(turn)
    return True


def _ask_what_happened(turn: Turn) -> None:
    turn.ask(Question(Pending.NONE, None, {"for": "complaint", "at": turn.now.isoformat()}))
    turn.answer(Answer.WHAT_HAPPENED)


def _asked_what_happened(turn: Turn) -> bool:
    """Say whether they were asked what the matter is; what they say an hour later may be about anything."""
    asked = turn.question.data if turn.question is not None else {}
    at = asked.get("at")
    return asked.get("for") == "complaint" and (at is None or turn.now - datetime.fromisoformat(str(at)) < AT_ONCE)


async def _tells_none_after_all(turn: Turn) -> bool:
    """Let go of a matter that was announced and is not told: "算了" takes nothing else back."""
    if not _asked_what_happened(turn) or _NONE_AFTER_ALL.fullmatch(turn.words) is None:
        return False
    turn.settle()
    still = {"open": "yes"} if await own_cases(turn) else {}
    turn.answer(Answer.WISH_DROPPED, None, announced="yes", **still)
    return True


async def _of_another(turn: Turn) -> bool:
    """Say whether words that stand where we asked who they are tell of another matter than the one we asked about."""
    asked = turn.question.reference if turn.question is not None else None
    complaint = await turn.work.complaint(asked) if asked is not None else None
    return complaint is not None and await plainly_another(turn, turn.words, [complaint])


async def _tells_contact(turn: Turn) -> bool:
    """Take who they are, said without our question or after it was let go; False where it is known or more is said."""
    asked = turn.question is not None and turn.question.pending is Pending.FACTS
    if asked or turn.is_staff or turn.room is not None or turn.sealed:
        return False
    greets_us = (
        turn.question is None and not (turn.fresh_thread or turn.incoming.attachments) and introduces(turn.words)
    )
    if not greets_us and not contact_alone(turn.words):
        return False
    row = await turn.work.person_row(turn.person.id)
    if row is None or row.unnamed or (row.phone and not greets_us):
        return False
    mine = [
        c for c in await turn.work.complaints_of(turn.person.id) if c.going_on and turn.named in (None, c.reference)
    ]
    kept, before = turn.conversation.pending, turn.question
    if mine:
        turn.question = Question(Pending.FACTS, max(mine, key=lambda c: c.received_at).reference)
        turn.meaning = Meaning(turn.words, Verb.FACT, {"text": turn.words})
        await _fact(turn)
    elif greets_us and not find_phone(turn.words):
        turn.did = Verb.FACT
        learn(row, find_details(turn.words, answering=True))
        turn.answer(Answer.HELP_CUSTOMER, None, hello="yes")
    else:
        turn.question = Question(Pending.FACTS)
        learn(row, find_details(turn.words, answering=True))
        await _number_to_call(turn)
    if before is not None and not turn.conversation.pending:
        turn.conversation.pending = kept  # what else was asked still waits
    return True


async def _do(turn: Turn, meaning: Meaning) -> None:
    match meaning.verb:
        case Verb.HELP if meaning.said("of") == "channels":
            turn.answer(Answer.HELP_CUSTOMER, None, channels="yes")
        case Verb.HELP if (asked := await _press_case(turn)) is not None:
            await supplement(turn, asked, turn.words)
        case Verb.URGE | Verb.STATUS | Verb.PERSON if (theirs := await _asked_by_the_press(turn)) is not None:
            await supplement(turn, theirs, turn.words)
        case Verb.HELP if asks_of_their_case(turn.words) and await _ask_colleagues(turn):
            pass
        case Verb.HELP if says_it_is_known(turn.words) and await own_cases(turn):
            await _status(turn)
        case Verb.HELP if waits_for_us(turn.words) and (shown := await _just_told(turn)) is not None:
            turn.answer(Answer.STATUS, shown)  # it is with us; what else we asked waits on
        case Verb.HELP if calls_out(turn.words) and await _asked_again(turn):
            turn.did = Verb.UNCLEAR
        case Verb.HELP:
            turn.answer(Answer.HELP_CUSTOMER, None, **({"hello": "yes"} if greets(turn.words) else {}))
        case Verb.COMPLAIN_FOR if turn.is_staff:
            await complain_for(turn)
        case Verb.COMPLAIN | Verb.COMPLAIN_FOR:
            await _complain(turn)
        case Verb.ADD:
            await _add(turn)
        case Verb.STATUS:
            await _status(turn)
        case Verb.LIST:
            await _list(turn)
        case Verb.URGE if _ASKS_WHO.search(turn.words):
            await _status(turn)
        case Verb.URGE if _NEVER_AGREED.search(fold(turn.words)):
            await _never_agreed(turn)
        case Verb.URGE:
            await _urge(turn)
        case Verb.RATE:
            await rate(turn)
        case Verb.AGREE | Verb.DISAGREE:
            await _agree(turn, meaning.verb is Verb.AGREE)
        case Verb.WITHDRAW:
            await withdraw(turn)
        case Verb.FACT | Verb.SKIP:
            await _fact(turn)
        case Verb.THANKS if await _more_than_thanks(turn):
            turn.meaning = Meaning(turn.words, Verb.COMPLAIN, {"text": turn.words})
            await _complain(turn)
        case Verb.THANKS:
            turn.answer(Answer.THANKS)
        case Verb.PERSON:
            await ask_for_person(turn)
        case Verb.STOP:
            await _stop(turn)
        case Verb.MY_DATA | Verb.ERASE_ME:
            await ask_for_data(turn, "erase" if meaning.verb is Verb.ERASE_ME else "copy")
        case _:
            await _free_words(turn)


async def _ask_colleagues(turn: Turn) -> bool:
    """Hand on a question of somebody with a case of their own open to whoever works on it; False where nothing is open."""
    mine = await own_cases(turn)
    complaint = await choose(turn, mine) if mine else None
    if complaint is not None:
        await supplement(turn, complaint, turn.words)
    return bool(mine)


async def _just_told(turn: Turn) -> Complaint | None:
    """Return the newest open case of somebody who calls out to us, unless an answer of theirs about one is waited for."""
    if turn.question is not None and turn.question.pending is not Pending.FACTS:
        return None
    return max(await own_cases(turn), key=lambda c: c.received_at, default=None)


async def _more_than_thanks(turn: Turn) -> bool:
    """Say whether thanks go on, "but it still squeaks": with nothing open only trouble is a matter of its own."""
    more = goes_on(fold(turn.words), _praising)
    if more is None or (more is More.SOMETHING and not says_more(turn.words)):
        return False
    return more is More.TROUBLE or turn.pack.guess(turn.words) != OTHER or bool(await own_cases(turn))


def _praising(words: str) -> bool:
    return understand(words, Speaker.CUSTOMER, Pending.RATING).said("rating") == Rating.SATISFIED


async def _press_case(turn: Turn) -> Complaint | None:
    """Return their newest open case with the press in it, where words that fit help are a question: "your answer, please?"."""
    if len(turn.words.strip()) <= _CALL_FOR_HELP:
        return None
    mine = await turn.work.complaints_of(turn.person.id)
    return max((c for c in mine if c.going_on and Flag.MEDIA in c.flags), key=lambda c: c.received_at, default=None)


async def _asked_by_the_press(turn: Turn) -> Complaint | None:
    """Return the case of a journalist who presses, or asks for more than how it stands: neither is a reminder (R-069)."""
    assert turn.meaning is not None
    if turn.meaning.verb is Verb.STATUS and (turn.meaning.said("reference") or len(turn.words) <= _CALL_FOR_HELP):
        return None
    mine = await turn.work.complaints_of(turn.person.id)
    now_said = from_the_press(turn.words)
    theirs = (c for c in mine if c.going_on and c.complainant == turn.person.id and (now_said or press.writes(c)))
    return max(theirs, key=lambda c: c.received_at, default=None)


# ── complaining ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def _complain(turn: Turn) -> None:
    """A trouble told: more about the open matter, or a new one.

    A channel that keeps matters apart (mail) begins a new complaint with every new thread. In one endless chat, words without
    the command belong to the only open complaint; with it they begin a new one (trap 44).
    """
    assert turn.meaning is not None
    explicit = _NEW_MATTER.match(turn.words) is not None
    text = str(turn.meaning.arguments.get("text") or "").strip()
    if text and turn.meaning.said("kind") == Kind.PRAISE:
        text = turn.words  # without its first word it would be taken for a complaint
    if not text and explicit and not turn.incoming.attachments:
        _ask_what_happened(turn)
        return
    asked_for_matter = _asked_what_happened(turn)
    mine = await turn.work.complaints_of(turn.person.id)
    open_ones = [c for c in mine if c.status in _ADDING or c.going_on]
    another = explicit and _ANOTHER.search(turn.words[:_ANNOUNCED]) is not None
    if turn.named is None and (one_more := _ONE_MORE.match(turn.words)) is not None:
        text, another = turn.words[one_more.end() :], True
    if not another and turn.named is None and (complaint := await mended(turn)) is not None:
        await supplement(turn, complaint, turn.words)
        return
    said_new = explicit or asked_for_matter or turn.fresh_thread
    if not said_new and not another and await rates_unasked(turn, open_ones):
        await rate(turn)
        return
    new = said_new or another or turn.named is not None
    if not new and not open_ones and (followed := await followed_up(turn, text or turn.words)) is not None:
        await add_followed(turn, followed, text or turn.words)  # a colleague tells on of what they brought in
        return
    another = another or (asked_for_matter and turn.named is None)
    if not said_new and not another and (closed := await back_again(turn, mine)) is not None:
        await again(turn, closed)
        return
    if another or (turn.named is None and await _sorted_out(turn, text or turn.words, mine, ask=not said_new)):
        if turn.reference is None:
            await file_own(turn, text or turn.words)
        return
    if not said_new and (closed := await protested(turn)) is not None:
        await again(turn, closed)
        return
    if turn.named is None and (said_new or not open_ones):
        await file_own(turn, text or turn.words)
        return
    if await discontent(turn):
        return
    vague = tells_nothing_of_its_own(turn, turn.words)
    complaint = (await in_one_breath(turn, open_ones) if vague else None) or await choose(turn, open_ones)
    if complaint is not None:
        await supplement(turn, complaint, turn.words)
    elif not turn.asked_back:
        await file_own(turn, text or turn.words)


async def _sorted_out(turn: Turn, text: str, mine: Sequence[Complaint], *, ask: bool) -> bool:
    """Whether words that name no complaint were taken for one by what they say, or are plainly a new matter."""
    if tells_nothing_of_its_own(turn, text):
        return False
    known = [c for c in mine if c.going_on or c.status is Status.CLOSED]
    found = await sort_out(turn, text, known, ask=ask)
    if found.same is not None and found.same.status is Status.CLOSED:
        await again(turn, found.same)
    elif found.same is not None:
        await supplement(turn, found.same, turn.words)
    elif found.asked:
        await ask_which(turn, turn.words, found.asked)
    return True


async def _fact(turn: Turn) -> None:
    """The answer to what the acknowledgement asked for."""
    assert turn.meaning is not None
    question = turn.question
    if question is None or question.reference is None:
        await (_number_to_call(turn) if question is not None else _free_words(turn))
        return
    complaint = await turn.work.complaint(question.reference)
    details = find_details(turn.words, answering=True)
    if turn.incoming.content is Content.LOCATION:
        details = replace(details, place=details.place or turn.words)
    turn.did = Verb.FACT
    turn.settle()
    if complaint is None or not complaint.going_on or turn.meaning.verb is Verb.SKIP:
        turn.answer(Answer.FACTS_RECORDED, complaint, **_for_whom(turn, complaint))
        return
    speaker = Speaker.EMPLOYEE if turn.is_staff else Speaker.CUSTOMER
    rates = details == Details() and complaint.status is Status.RESOLVED and complaint.complainant == turn.person.id
    if rates and (given := understand(turn.words, speaker, Pending.RATING)).verb is Verb.RATE:
        turn.meaning, turn.did, turn.named = given, None, complaint.reference  # its own question is still to come
        await customer_turn(turn)
        return
    otherwise = understand(turn.words, speaker, Pending.NONE)
    still_broken = otherwise.verb is Verb.RATE and otherwise.arguments.get("rating") == Rating.DISSATISFIED
    a_word = details.name == turn.words.strip() and details.name.islower()  # it may be the matter
    unsure = details == Details() or a_word
    if unsure and (otherwise.verb in _INSTEAD_OF_FACTS or still_broken or _asks_who(turn.words)):
        turn.meaning, turn.did = otherwise, None  # they did not answer, they asked something themselves
        await customer_turn(turn)
        return
    actor = turn.as_(Role.CUSTOMER, Role.EMPLOYEE, *SERVICE_CENTRE)
    row = await turn.work.person_row(complaint.complainant)
    assert row is not None
    if turn.is_staff and complaint.complainant != turn.person.id:
        await reach_by_phone(turn, row, details.phone)
    learn(row, details)
    was_waiting = not complaint.contact_known
    found = bool(details.phone or details.place)
    had, site = complaint.site, await told_site(turn, complaint.site)
    category = _matter(turn, complaint)
    terms = await _terms(turn, complaint, site, category)
    place = place_of(details.place, complaint.place or row.place)
    change = customer.tell_facts(
        complaint,
        turn.words,
        bool(row.phone),
        actor,
        terms,
        turn.now,
        where=found or says_besides(turn.words, complaint),
        site=site,
        place=place,
        category=category,
    )
    complaint = await turn.desk.record(turn.work, change)
    if site != had:
        complaint = await turn.desk.give_to_site(turn.work, complaint)
    if details.phone and question.data.get("for") == "call":
        await wants_a_call(turn, complaint.reference, str(question.data.get("when") or ""))
    if was_waiting and complaint.contact_known:
        complaint = await turn.desk.assign_waiting(turn.work, complaint)
    unread = not row.phone and not details.phone and _PHONE_LIKE.search(turn.words) is not None
    if unread and not turn.is_staff and not question.data.get("unread"):
        turn.ask(Question(Pending.FACTS, complaint.reference, {"unread": "yes"}))
        turn.answer(Answer.FACTS_NEEDED, complaint, unread="yes")
        return
    if was_waiting and not complaint.contact_known and turn.is_staff and complaint.complainant != turn.person.id:
        if not question.data.get("again"):  # asked once more, then the centre knows that it is missing
            turn.ask(Question(Pending.FACTS, complaint.reference, {"again": "yes"}))
        turn.answer(Answer.CONTACT_NEEDED, complaint, noted="yes")
        return
    turn.answer(Answer.FACTS_RECORDED, complaint, **_for_whom(turn, complaint))


def _matter(turn: Turn, complaint: Complaint) -> str:
    """Return the category of what the answer tells besides, where nobody knew yet what it is about; "" where that is known."""
    category = turn.pack.guess(turn.words)
    return category if complaint.category == OTHER != category and complaint.owner is None else ""


async def _terms(turn: Turn, complaint: Complaint, site: str, category: str) -> Terms:
    """Return what a complaint runs under whose category has become known: what is chosen for such a one, as long as its
    customer was promised nothing; else what it has, and such a one has besides. category: "" where none has.
    """
    if not category:
        return await turn.desk.terms(turn.work, complaint)
    known = replace(complaint, site=site, category=category)
    if complaint.told_due is not None:
        return await turn.desk.book.widened(turn.work, known)
    at = (await turn.work.directory()).sites.get(site)
    return await turn.desk.book.choice(turn.work, known, at.policy if at is not None else "")


def _for_whom(turn: Turn, complaint: Complaint | None) -> dict[str, str]:
    """Say of an answer that it goes to whoever brought the complaint in, and not to its customer."""
    return {"finder": "yes"} if complaint is not None and complaint.complainant != turn.person.id else {}


# ── an open complaint ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _add(turn: Turn) -> None:
    assert turn.meaning is not None
    complaint = await choose(turn, await own_cases(turn))
    unreached = complaint is not None and not complaint.contact_known and not press.asks(complaint)
    if complaint is not None and turn.is_staff and unreached and find_phone(turn.words):
        turn.question = Question(Pending.FACTS, complaint.reference)  # whom nobody could reach so far
        await _fact(turn)
    elif complaint is not None:
        await supplement(turn, complaint, str(turn.meaning.arguments.get("text") or turn.words))
    elif not turn.asked_back and turn.meaning.arguments.get("at_home"):
        turn.answer(Answer.NO_COMPLAINTS)
    elif not turn.asked_back:
        await file_own(turn, str(turn.meaning.arguments.get("text") or turn.words))


async def _status(turn: Turn) -> None:
    candidates = await own_cases(turn)
    assert turn.meaning is not None
    if turn.named is None and not turn.meaning.said("reference") and candidates:
        asked_after = await settled_meant(turn, candidates, await turn.work.complaints_of(turn.person.id))
        if asked_after is not None:
            await progress.tell_status(turn, asked_after)
            return
    everything = candidates + [c for c in await turn.work.complaints_of(turn.person.id) if c not in candidates]
    complaint = await _told_of(turn, candidates)
    if complaint is None and not turn.asked_back:
        complaint = await choose(turn, everything, lambda c: c.going_on)
    if complaint is None and not turn.asked_back and everything:
        complaint = everything[0]  # nothing is open: the last one is what they ask about
    if complaint is not None and complaint.going_on and tells_news(turn.words, complaint):
        await supplement(turn, complaint, turn.words, told=False)  # "it still drips, when do you come?"
        if complaint.survey is not None:
            return  # the result was put to them again
        complaint = await turn.work.complaint(complaint.reference)
    if complaint is not None:
        await progress.tell_status(turn, complaint, who=_ASKS_WHO.search(turn.words) is not None)
    elif not turn.asked_back and not turn.named and TROUBLE.search(fold(turn.words)):
        await file_own(turn, turn.words)  # with nothing to ask after, what is wrong is the matter itself
    elif not turn.asked_back:
        turn.answer(Answer.NO_COMPLAINTS)


async def _told_of(turn: Turn, mine: Sequence[Complaint]) -> Complaint | None:
    """Return which of several the news are about that come with a question; in doubt the likelier keeps them while it is asked.

    None where the words tell none, or name a complaint, or it was asked.
    """
    assert turn.meaning is not None
    unnamed = turn.named is None and not turn.meaning.said("reference")
    if turn.is_staff or not unnamed or not mine[1:] or not all(tells_news(turn.words, each) for each in mine):
        return None
    if turn.question is not None and any(turn.question.reference == each.reference for each in mine):
        return None  # said of what we asked about
    found = await sort_out(turn, turn.words, mine)
    if found.same is None:
        others = (each for each in mine if each not in found.asked)
        await ask_which(turn, turn.words, [*found.asked, *others][:_OFFERED])
        turn.asked_back = True
    return found.same


async def _list(turn: Turn) -> None:
    assert turn.meaning is not None
    if turn.is_staff and turn.meaning.arguments.get("of") == "entered":
        await list_entered(turn)
        return
    mine = await turn.work.complaints_of(turn.person.id)
    if mine:
        turn.answer_list(Answer.LIST_MINE, mine[:9])
    else:
        turn.answer(Answer.NO_COMPLAINTS)


async def _urge(turn: Turn) -> None:
    mine = await own_cases(turn)
    if await rates_unasked(turn, mine):
        await rate(turn)
        return
    assert turn.meaning is not None
    unnamed = turn.named is None and not turn.meaning.arguments.get("reference")
    other = mine and unnamed and await plainly_another(turn, turn.words, mine)
    closed = await just_closed(turn, await turn.work.complaints_of(turn.person.id)) if unnamed else None
    if closed is not None and (not mine or protests(turn.words)):
        await again(turn, closed)
        return
    if other or (not mine and unnamed and (len(turn.words) >= MATTER or TROUBLE.search(fold(turn.words)))):
        await file_own(
            turn, turn.words
        )  # "the bins were not emptied, please hurry": with nothing open it is the matter itself
        return
    settled = [] if unnamed else [c for c in await turn.work.complaints_of(turn.person.id) if c.settled]
    complaint = await choose(turn, [*mine, *settled])  # urging what is over is answered with how it ended
    if complaint is not None:
        terms = await turn.desk.terms(turn.work, complaint)
        actor = turn.as_(Role.CUSTOMER, Role.EMPLOYEE)
        row = await turn.work.person_row(complaint.complainant) if complaint.complainant == turn.person.id else None
        if row is not None:
            learn(row, find_details(turn.words))  # "can't you do something? I am Wang, 138…"
        await turn.desk.record(turn.work, customer.urge(complaint, turn.words, actor, terms, turn.now))
        ask_rating(turn, complaint)
    elif not turn.asked_back:
        turn.answer(Answer.NO_COMPLAINTS)


async def _never_agreed(turn: Turn) -> None:
    """ "Is it done already? I never agreed": a rating where it is done; else the assignee hears it, and they how it stands."""
    mine = await own_cases(turn)
    if await rates_unasked(turn, mine):
        await rate(turn)
        return
    complaint = await choose(turn, mine)
    if complaint is None:
        if not turn.asked_back:
            await _urge(turn)
        return
    change = customer.supplement(complaint, turn.words, turn.as_of(complaint), turn.now, told=False)
    await progress.tell_status(turn, await turn.desk.record(turn.work, change))


async def _agree(turn: Turn, agreed: bool) -> None:
    if await take_withdrawal(turn, agreed):
        return
    complaint = await choose(turn, await own_cases(turn), lambda c: c.status is Status.PROPOSED)
    if complaint is not None and agreed and another_sum(turn.words, complaint.plan):
        await supplement(turn, complaint, turn.words)  # "500 then", of a plan of 300: nobody has agreed to that
        turn.ask(turn.question or Question(Pending.PLAN, complaint.reference))
    elif complaint is not None:
        terms = await turn.desk.terms(turn.work, complaint)
        change = customer.answer_plan(complaint, agreed, turn.words, turn.as_(Role.CUSTOMER), terms, turn.now)
        await turn.desk.record(turn.work, change)
        turn.settle()
    elif not turn.asked_back and not agreed and len(turn.words) >= MATTER and len(mine := await own_cases(turn)) == 1:
        await supplement(turn, mine[0], turn.words)  # "I don't want an apology, I want money": it reaches who has it
    elif (
        not turn.asked_back
        and not agreed
        and len(turn.words) >= MATTER
        and not tells_nothing_of_its_own(turn, turn.words)
    ):
        turn.meaning = Meaning(turn.words, Verb.COMPLAIN, {"text": turn.words})
        await _complain(turn)  # "I do NOT agree, the filling failed twice", of a letter that we never saw
    elif not turn.asked_back:
        turn.answer(Answer.NOTHING_TO_ANSWER)


# ── the person ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _number_to_call(turn: Turn) -> None:
    """The number at which somebody without a complaint wants to be called; other words are taken for what they say."""
    when = str(turn.question.data.get("when") or "") if turn.question is not None else ""
    turn.settle()
    phone = find_phone(turn.words)
    row = await turn.work.person_row(turn.person.id)
    assert row is not None
    if phone:
        turn.did = Verb.FACT
        row.phone = row.phone or phone
        await wants_a_call(turn, None, when)
        turn.answer(Answer.FACTS_RECORDED)
        return
    turn.meaning = understand(turn.words, Speaker.EMPLOYEE if turn.is_staff else Speaker.CUSTOMER, Pending.NONE)
    await customer_turn(turn)


async def _stop(turn: Turn) -> None:
    """No more unasked messages to this address; answers to what they write still come."""
    need_proof(turn, "stop")
    address = await turn.work.address(turn.via.channel, turn.via.address)
    assert address is not None
    address.muted = True
    await unnamed_stops(turn)
    turn.answer(Answer.STOPPED)


async def _free_words(turn: Turn) -> None:
    """Words that fit nothing: kept with the only open complaint, taken as the matter if we asked, else asked back."""
    if _asked_what_happened(turn):
        await file_own(turn, turn.words)
    elif turn.question is not None and turn.question.data.get("for") == "customer":
        await file_for_customer(turn, turn.words)
    elif turn.fresh_thread and (turn.words or turn.incoming.attachments):
        await file_own(turn, turn.words)  # a letter is written for a reason
    elif not turn.incoming.attachments and len(turn.words) < MATTER and await _is_over(turn):
        turn.answer(Answer.THANKS)  # "好的", "👍": neither a new complaint nor a reason to open the old one (trap 38)
    elif _bare_yes(turn.words) and await _asked_again(turn):
        turn.did = Verb.UNCLEAR
    elif _bare_yes(turn.words) and await own_cases(turn):
        turn.answer(Answer.THANKS)  # "好的", after what they read of it: nothing is asked
    elif turn.incoming.attachments or turn.named:
        await _add(turn)
    elif not turn.incoming.attachments and (closed := await protested(turn)) is not None:
        await again(turn, closed)
    elif _asks_who(turn.words) and await own_cases(turn):
        await _status(turn)
    elif turn.to_us and len(turn.words) >= _TELLING and (about := await _only_or_just_spoken_of(turn)) is not None:
        await supplement(turn, about, turn.words)
    else:
        if not await own_cases(turn):
            keep_unread(turn)
        turn.unclear(Answer.UNCLEAR_CUSTOMER)


async def _only_or_just_spoken_of(turn: Turn) -> Complaint | None:
    """Return their only open complaint, else that which they told of in the same breath (trap 16)."""
    mine = await own_cases(turn)
    return mine[0] if len(mine) == 1 else await in_one_breath(turn, mine)


async def _asked_again(turn: Turn) -> bool:
    """Put the question again that "嗯" or "hello?" is no answer to: how satisfied they are, who they are, what was offered."""
    question = turn.question
    if (
        question is not None
        and question.offered
        and not question.only_offers
        and question.pending is not Pending.RATING
    ):
        turn.unclear(Answer.UNCLEAR_CUSTOMER)
        return True
    complaint = await turn.work.complaint(question.reference) if question is not None and question.reference else None
    if question is None or complaint is None or complaint.settled or complaint.complainant != turn.person.id:
        return False
    if question.pending is Pending.RATING and complaint.survey is not None:
        ask_rating(turn, complaint)
        return True
    missing = await missing_facts(turn, complaint)
    if question.pending is not Pending.FACTS or not missing:
        return False
    turn.ask(question)
    turn.answer(Answer.FACTS_NEEDED, complaint, ask=",".join(missing))
    return True


def _asks_who(words: str) -> bool:
    """Say whether a few words ask with whom it is, and nothing besides."""
    return len(words) < MATTER and _ASKS_WHO.search(words) is not None


def _bare_yes(words: str) -> bool:
    return fold(words).strip(" .!~。！，,吧呀啊的") in YES_WHOLE


async def _is_over(turn: Turn) -> bool:
    """Say whether the speaker answers about a complaint of theirs that is settled."""
    complaint = await turn.work.complaint(turn.named) if turn.named else None
    return complaint is not None and complaint.settled and complaint.complainant == turn.person.id
