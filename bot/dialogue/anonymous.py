"""Complaints by people who would not be named, and what they or others bring a number and its code for.

Their case belongs to a person of whom nothing is kept but a sealed address: the chat it was told in, in a form that only the
service can read, to answer there. Nothing of the case points at the person that the chat is otherwise known as.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.answers import Answer
from bot.desk import BIND_LOCK
from bot.dialogue.filing import acknowledged_enough, filing_of
from bot.dialogue.media import BURST
from bot.dialogue.questions import Question
from bot.dialogue.remembering import recall, remember
from bot.dialogue.second_thoughts import JUDGED_LATELY, NUMBER, appeals, appeals_without_reason
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.details import without_phones
from bot.grammar.folding import fold, narrow
from bot.grammar.patterns import regex
from bot.grammar.unnamed import KIND, WISH
from bot.grammar.who_reads import Asked, asks
from bot.storage import codec
from bot.storage.models import AddressRow, PersonRow
from bot.tokens import is_code
from complaints.complaint import Complaint
from complaints.grading_words import danger
from complaints.numbers import FULL
from complaints.vocabulary import Role, Status

_BESIDES = regex(
    r"(?<!不)(?:请|要求|希望|我要|我想|想要?|需要|要|必须)(?:帮我|替我|给我|为我|你们|能)?(?:保持)?匿名(?!信|电话|短信|者|的?人)"
    r"|(?:不想|不要|别|不敢|请勿)(?:再)?(?:让|给|跟|和|对|告诉|叫)?(?:你们|他们?|她|别人|其他人|任何人|人家|对方|外人)?"
    r"(?:知道|说|讲|透露|公开|泄露|暴露)?(?:出去|出来)?(?:是?我(?:说|讲|举报|投诉|反映|告)的|我是谁|是我(?!们?[^\W\d])|我的?(?:真?实?姓名|名字|身份))"
    # whoever is not to know it: 别让物业知道是我; i don't want my landlord to find out it was me
    r"|(?:不想|不要|别|不敢|请勿)(?:再)?(?:让|给|跟|和|对|告诉|叫)[^\s，,。;；!！?？]{1,8}?(?:知道|说|讲|透露|晓得)(?:出去|出来)?"
    r"是?我(?:(?:说|讲|举报|投诉|反映|告)的|是谁|(?!们?[^\W\d])(?<=是我))"
    r"|\b(?:don['’]?t|do not|never) want [^.,;!?]{1,24}? (?:to )?(?:know|find out|learn|hear)\b[^.,;!?]{0,12}?"
    r"\b(?:it(?:['’]?s| was| is) me|that was me|i (?:told|said|reported|complained)|who (?:i am|told|complained)|my name)\b"
    # 3栋保安打人 能匿名吗: asked with what is told
    r"|(?:可不可以|能不能|能否|可以|能)(?:不可以|帮我|给我|让我)?匿名(?:投诉|举报|反映|处理|登记)?[吗么嘛?？]*"
    r"|\b(?:can|could|may) (?:i|this|it|you)(?: [a-z]+){0,3} anonymous(?:ly)?\b"
    r"|(?:^|[\s，,。;；、（(])(?:请|求|麻烦)?匿名(?:吧|啊|呀|哈|处理|登记|谢谢|就[行好])?(?=$|[\s，,。;；、）)!！~])"
    r"|(?:不想|不要|别|请勿)(?:留下?|透露|公开|写|提|暴露)(?:真?实?姓名|名字|身份)(?!证)"
    rf"|匿名{KIND}|\b(?:please )?(?:keep|leave) (?:me|it|this|my name) (?:anonymous|out of (?:it|this))|\banonymously\b"
    r"|\b(?:want|wish|prefer|like|need) to (?:stay|remain|be) anonymous\b|\bstay(?:ing)? anonymous\b"
    r"|\bwithout (?:giving|leaving|saying|telling|using|my) (?:(?:you )?my )?name\b"
    r"|\b(?:don'?t|do not|not) (?:want to |wish to )?(?:tell|say|give|leave|mention|reveal|share|use) "
    r"(?:anyone |anybody |them |you )?(?:my name|who (?:i am|told|said))"
    r"|\b(?:don['’]?t|do not|never) (?:say|tell|let|mention|reveal|show)\b(?! (?:me|us)\b)[^.,;!?]{0,24}?"
    r"\b(?:it(?:['’]?s| was| is)|that was) (?:from )?me\b"
    r"|\b(?:don['’]?t|do not|never) (?:say|tell|let|mention|reveal|show)\b(?! (?:me|us)\b)[^.,;!?]{0,24}?"
    r"\b(?:i|who) (?:told|said|reported|complained|wrote|sent)\b"
    r"|(?:^|[\s,.;:!(-])(?<!\bno )(?<!\ban )(?<!\bis )(?<!\bby )(?<!\bbe )(?<!\bnot )(?<!\bwas )(?<!\bare )(?<!\bthe )"
    r"(?<!n['’]t )(?<!\bwere )(?<!\bbeing )(?<!one )(?<!body )(?<!\bsent )anonymous(?:ly)?"
    r"(?:,? (?:please|pls|plz|thanks|thank you|thx))?[\W_]*$",
    re.IGNORECASE,
)
_TOLD = 4  # characters that tell a matter, besides the wish
_OPENED = "opened"  # the case that a code opened here, sealed, and when
_STAYS_OPEN = timedelta(minutes=10)
_WAITS = timedelta(hours=1)  # for the matter, once it was announced to be without a name; unnamed_what says so
_POLITE = regex(
    r"\b(?:please|pls|plz|thanks|thank you|thx|can|could|you|i|but|and|oh|sorry|wait)\b"
    r"|谢谢|麻烦|不好意思|对了|哦|千万|一定|但是|不过|拜托|求求?你们?|我要投诉|我想投诉",
    re.IGNORECASE,
)
_TOO_LATE = timedelta(hours=24)  # "匿名" is of what was filed since
_OF_A_KIND = regex(rf"{KIND}|\b(?:complaint|complain|report|feedback|repair)\b", re.IGNORECASE)
_ASKED = "unnamed"  # what is said next is to be filed without a name
TOO = "unnamed_too"  # whether a matter told after one without a name is to be without one as well
_TOO = regex(
    r"(?:这[件个]?|那就|还是|[ ,])*(?:也要?|都要?|继续|保持|一样|要)?匿名(?:吧|登记)?|是的?|对的?|嗯+|好的?|可以|行|要"
    r"|(?:yes,? |keep (?:it|me) |this (?:one )?|stay |also )?(?:anonymous(?:,? (?:too|as well|please))?)"
    r"|yes(?: please)?|yep|ok(?:ay)?|sure"
)
_THIS = frozenset({"是", "是它", "对", "匿名那件", "匿名", "yes", "y", "the anonymous one", "anonymous"})
_THE_OTHER = frozenset({"不是", "不", "否", "另一件", "no", "n", "the other one", "the other"})
_WHOSE = "unnamed_appeal"  # whether it is the case without a name that they appeal about, or one of theirs by name
_INSTEAD = frozenset(
    {
        Verb.HELP, Verb.THANKS, Verb.WITHDRAW, Verb.DISAGREE, Verb.SKIP, Verb.STATUS, Verb.LIST, Verb.MY_DATA, Verb.ERASE_ME,
        Verb.STOP, Verb.LANGUAGE, Verb.BIND, Verb.COMPLAIN_FOR,
    }
)  # fmt: skip
_QUERY = regex(
    r"\W*(?P<verb>查询码?|查詢碼?|查一下|查|进度|進度|补充|補充|query|check|status|add)?\W*"
    rf"(?P<number>{FULL})\W+(?:查询码|查詢碼|code)?\W*(?P<code>[A-Za-z0-9]{{8}})(?![A-Za-z0-9])(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ANNOUNCES = regex(
    rf"\W*(?:我要|我想|我)?(?:新)?{KIND}(?!单|号|编号|单|號)"
    r"|\W*(?:i(?: want to|'d like to| would like to| wish to) )?(?:new |(?:file|make) a )?(?:complaint|complain|repair)\b",
    re.IGNORECASE,
)
# What is said for oneself, whichever complaint one has open.
_OWN = frozenset({Verb.MY_DATA, Verb.ERASE_ME, Verb.STOP, Verb.LANGUAGE, Verb.HELP, Verb.BIND, Verb.COMPLAIN_FOR})


# ── who speaks ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def hear_unnamed(turn: Turn) -> None:
    """Let the speaker go on as the one who would not be named, where that case is what they speak of."""
    sealed = _sealed(turn)
    row = await turn.work.address(turn.via.channel, sealed) if sealed else None
    if row is None:
        await _add_to_opened(turn)
        return
    mine = await turn.work.complaints_of(row.person)
    named = await _pointed_at(turn, row, mine)
    question = Question.loads(row.pending)
    if question is not None and await _says_whose(turn, row, sealed, question):
        return
    answers = question is not None and turn.question is None and not turn.person.staff and not _own_matter(turn)
    judged = await _appealed_about(turn, mine) if named is None else []
    if named is None and not answers and not judged and not await _nothing_else_meant(turn, row, mine):
        return
    if judged:
        await _take_appeal(turn, row, sealed, judged)
        return
    turn.taken_for_unnamed = named is None and not answers
    await _speak_as(turn, row, sealed)
    turn.words = without_phones(turn.words)
    turn.question, turn.named, turn.in_thread = question, named, named is not None


async def _appealed_about(turn: Turn, mine: list[Complaint]) -> list[Complaint]:
    """Return the unnamed's complaints that words appeal about, whatever else is open: added to a complaint by name they would
    be read by whoever has that, which may be whom the other one is about.
    """
    judged = [each for each in mine if each.status is Status.INVALID]
    judged = [each for each in judged if not each.appealed] or judged
    if not judged or turn.person.staff or turn.named is not None or not appeals(turn.words):
        return []
    return [] if _numbers_one(turn, await turn.work.complaints_of(turn.person.id)) else judged


def _numbers_one(turn: Turn, complaints: list[Complaint]) -> bool:
    numbers = [found.upper() for found in NUMBER.findall(turn.words)]
    return any(each.reference.endswith(number) for each in complaints for number in numbers)


async def _take_appeal(turn: Turn, row: AddressRow, sealed: str, judged: list[Complaint]) -> None:
    """Take an appeal as of the case without a name; where one by name was judged invalid as well, ask."""
    known = await turn.work.complaints_of(turn.person.id)
    theirs = any(each.status is Status.INVALID and not each.appealed for each in known)
    wish = WISH.match(turn.words)
    words = without_phones(turn.words[wish.end() :] if wish is not None else turn.words)
    if theirs or appeals_without_reason(words):
        turn.settle()  # what we ask next is asked under the seal: no question about another may wait before it
    await _speak_as(turn, row, sealed)
    turn.words, turn.question = words, None
    if len(judged) == 1:
        turn.named, turn.in_thread = judged[0].reference, True
    turn.asks_whose = theirs


async def _ask_whose(turn: Turn) -> bool:
    """Ask whether it is the case without a name that they appeal about, where one of theirs was judged invalid, too."""
    if not turn.asks_whose:
        return False
    turn.ask(Question(Pending.MENU, turn.named, {"for": _WHOSE, "words": turn.words}))
    turn.answer(Answer.UNNAMED_APPEAL, await turn.work.complaint(turn.named) if turn.named else None)
    turn.did = Verb.UNCLEAR
    return True


async def _says_whose(turn: Turn, row: AddressRow, sealed: str, question: Question) -> bool:
    """Take the answer to that: the words said before count for the one that is meant."""
    if question.data.get("for") != _WHOSE or turn.named not in (None, question.reference):
        return False
    said = fold(question.chosen(turn.words)).strip(" .!~。！，,吧呀啊的")
    if said not in _THIS and said not in _THE_OTHER:
        return False
    row.pending, turn.named = "", None
    turn.words = str(question.data["words"])
    if said in _THIS:
        await _speak_as(turn, row, sealed)
        turn.named, turn.in_thread, turn.question = question.reference, question.reference is not None, None
    return True


async def _add_to_opened(turn: Turn) -> None:
    """Take what follows a code right away as said of the case that it opened: "后面再写字就是补充" is read as "then write"."""
    kept = recall(turn, _OPENED)
    if kept is None:
        return
    if turn.now - datetime.fromisoformat(str(kept["at"])) > _STAYS_OPEN:
        remember(turn, _OPENED, None)
        return
    if turn.question is not None or turn.person.staff or turn.capabilities.threads or turn.room is not None:
        return
    if _own_matter(turn) or WISH.match(turn.words) or _QUERY.fullmatch(narrow(turn.words)):
        return
    complaint = await turn.work.complaint(turn.desk.signer.opened(_OPENED, str(kept["case"])))
    if complaint is None or not complaint.anonymous or turn.named not in (None, complaint.reference):
        return
    number = str(understand(turn.words, Speaker.CUSTOMER, Pending.NONE).arguments.get("reference") or "")
    if not complaint.reference.endswith(number):
        return
    if any(not each.settled for each in await turn.work.complaints_of(turn.person.id)):
        return
    words = turn.words
    await _go_on(turn, complaint, (await turn.work.addresses_of(complaint.complainant))[0], words)
    turn.words = words and turn.words  # files alone ask for nothing


def _sealed(turn: Turn) -> str:
    """Return the sealed form of where the speaker is; empty where there can be none."""
    if turn.room is not None:
        return ""
    if turn.sealed:
        return turn.via.address  # sealed twice it could not be opened
    try:
        return turn.desk.signer.seal(turn.via.channel, turn.via.address)
    except ValueError:
        return ""


async def _speak_as(turn: Turn, row: AddressRow, sealed: str) -> None:
    person = await turn.work.person_row(row.person)
    assert person is not None
    row.last_inbound_at = turn.now
    turn.speak_unnamed(codec.person(person), row, sealed)


async def unnamed_cases(turn: Turn) -> list[Complaint]:
    """Return what the speaker has open without a name: the one that is meant where that is clear, else all of them.

    turn: one in which they still speak as whom the chat knows.
    """
    sealed = _sealed(turn)
    row = await turn.work.address(turn.via.channel, sealed) if sealed else None
    mine = [c for c in await turn.work.complaints_of(row.person) if not c.settled] if row is not None else []
    opened = await _lately_opened(turn)
    if row is None or (opened is not None and not mine):
        return [opened] if opened is not None and not opened.settled else []
    named = await _pointed_at(turn, row, mine)
    question = Question.loads(row.pending)
    meant = named or (question.reference if question is not None else None)
    return [each for each in mine if each.reference == meant] or mine


async def speak_under_seal(turn: Turn) -> None:
    """Let the speaker go on as the one who would not be named, whom the chat is known to have."""
    sealed = _sealed(turn)
    row = await turn.work.address(turn.via.channel, sealed)
    assert row is not None
    await _speak_as(turn, row, sealed)
    turn.words = without_phones(turn.words)


async def _lately_opened(turn: Turn) -> Complaint | None:
    """Return the case that a code opened here just now."""
    kept = recall(turn, _OPENED)
    if kept is None or turn.person.staff or turn.now - datetime.fromisoformat(str(kept["at"])) > _STAYS_OPEN:
        return None
    complaint = await turn.work.complaint(turn.desk.signer.opened(_OPENED, str(kept["case"])))
    return complaint if complaint is not None and complaint.anonymous else None


async def _pointed_at(turn: Turn, row: AddressRow, mine: list[Complaint]) -> str | None:
    """Return which of the unnamed's complaints the message points at: by what it answers or edits, or by its number."""
    references = {complaint.reference for complaint in mine}
    if turn.named in references:
        return turn.named
    incoming = turn.incoming
    if (incoming.edited or incoming.deleted) and incoming.message_id:
        versions = await turn.work.versions(row.channel, row.address, incoming.message_id, row.person)
        if versions:
            return next((each.reference for each in versions if each.reference), None)
    ids = [id for id in (incoming.in_reply_to, *incoming.references, incoming.reply_to_message) if id]
    where = None if turn.capabilities.threads else row.address
    found = await turn.work.reference_of_message(row.channel, ids, where)
    if found in references:
        return found
    number = str(understand(turn.words, Speaker.CUSTOMER, Pending.NONE).arguments.get("reference") or "")
    return next((each for each in sorted(references) if number and each.endswith(number)), None)


def _own_matter(turn: Turn) -> bool:
    """Say whether the words begin a matter of their own, or are said for oneself, whatever was asked."""
    if _ANNOUNCES.match(turn.words):
        return True
    return understand(turn.words, Speaker.CUSTOMER, Pending.NONE).verb in _OWN


async def _nothing_else_meant(turn: Turn, row: AddressRow, mine: list[Complaint]) -> bool:
    """Say whether a bare word can only be about the unnamed's case: nothing is open under the speaker's own name."""
    if turn.person.staff or turn.capabilities.threads or not any(_goes_on(turn, each) for each in mine):
        return False
    if turn.question is not None or WISH.match(turn.words):
        return False
    if not turn.words:
        return row.about_at is not None and turn.now - row.about_at <= BURST
    meant = understand(turn.words, Speaker.CUSTOMER, Pending.NONE)
    own = meant.verb in _OWN and asks(turn.words) is None
    if own or _ANNOUNCES.match(turn.words):  # a matter that is announced is theirs by name
        return False
    known = await turn.work.complaints_of(turn.person.id)
    return all(complaint.settled for complaint in known) and not _numbers_one(turn, known)


def _goes_on(turn: Turn, complaint: Complaint) -> bool:
    """Say whether what is said may be about it: it is open, or was judged invalid lately, which is objected to."""
    lately = complaint.closed_at is not None and turn.now - complaint.closed_at <= JUDGED_LATELY
    return not complaint.settled or (complaint.status is Status.INVALID and lately)


async def ask_whether_unnamed(turn: Turn) -> None:
    """Ask about a matter filed without a name unasked, as the one before was: who supplements that must not be given away
    by it, and who gives name and number may want to be called.
    """
    if not turn.taken_for_unnamed or turn.did is not Verb.COMPLAIN or turn.reference is None:
        return
    complaint = await turn.work.complaint(turn.reference)
    if complaint is None or not complaint.anonymous or complaint.received_at != turn.now:
        return
    turn.ask(Question(Pending.MENU, complaint.reference, {"for": TOO}))
    turn.answer(Answer.UNNAMED_TOO, complaint)


async def asked_too(turn: Turn) -> Question | None:
    """Return that question, where it waits for whoever is heard here under the name that the chat knows."""
    sealed = _sealed(turn)
    row = await turn.work.address(turn.via.channel, sealed) if sealed and turn.question is None else None
    question = Question.loads(row.pending) if row is not None else None
    return question if question is not None and question.data.get("for") == TOO else None


async def _stays_unnamed(turn: Turn) -> bool:
    """Take the word that it is to be anonymous, too; False where the words are no answer to that."""
    question = turn.question
    if question is None or question.data.get("for") != TOO:
        return False
    if _TOO.fullmatch(fold(turn.words).strip(" .!~。！，,吧呀啊的")) is None:
        turn.question = None  # it goes on waiting, and is no business of these words
        return False
    turn.settle()
    turn.did = Verb.AGREE
    turn.answer(Answer.UNNAMED_TOO, await turn.work.complaint(question.reference or ""), kept="yes")
    return True


async def unnamed_stops(turn: Turn) -> None:
    """Nothing unasked goes any more to whom the speaker is without a name, either."""
    row = await turn.work.address(turn.via.channel, _sealed(turn)) if not turn.sealed else None
    if row is not None:
        row.muted = True


# ── filing ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def take_unnamed(turn: Turn) -> bool:
    """File what is told without a name, or take up what a number and its code open; False where it is neither."""
    if await _ask_whose(turn) or await _stays_unnamed(turn) or await _opened_by_code(turn):
        return True
    asked = turn.question is not None and turn.question.data.get("for") == _ASKED
    wish, whether = WISH.match(turn.words), _asks_whether(turn)
    if asked and not whether and await _means_something_else(turn):
        turn.settle()
        return False
    if whether and turn.sealed:
        return await _is_unnamed(turn)
    alone = whether or _wishes_alone(turn)
    late = await _just_filed(turn, whether) if alone and not (asked or turn.sealed) else None
    if late is not None:
        turn.did = Verb.UNCLEAR
        if turn.question is not None and turn.question.pending is Pending.FACTS:
            turn.settle()  # who would not be named is not asked again who they are
        turn.answer(Answer.UNNAMED_LATE, late)
        return True
    waits = alone and not turn.sealed and (asked or turn.question is None)
    if not asked and wish is None and not whether and not waits and not _asks_besides(turn):
        return False
    sealed = _sealed(turn)
    if not sealed:
        await _not_here(turn)
        return True
    text = turn.words[wish.end() :].strip() if wish is not None else turn.words
    if not text or whether or waits:  # the wish alone is no matter
        turn.ask(Question(Pending.NONE, None, {"for": _ASKED, "at": turn.now.isoformat()}))
        turn.answer(Answer.UNNAMED_WHAT, None, **({"asked": "yes"} if whether else {}))
        return True
    turn.settle()
    await _file(turn, sealed, text)
    return True


async def _means_something_else(turn: Turn) -> bool:
    """Say whether words are not the matter that "匿名投诉" announced: a command, an appeal, or, once that was a while ago, what
    may be about something of theirs by name.
    """
    assert turn.question is not None
    if understand(turn.words, Speaker.CUSTOMER, Pending.NONE).verb in _INSTEAD:
        return True
    if WISH.match(turn.words):
        return False
    known = await turn.work.complaints_of(turn.person.id)
    if appeals(turn.words) and any(each.status is Status.INVALID for each in known):
        return True
    at = str(turn.question.data.get("at") or turn.now.isoformat())
    return turn.now - datetime.fromisoformat(at) > _WAITS and any(_goes_on(turn, each) for each in known)


def _asks_whether(turn: Turn) -> bool:
    """Say whether words only ask whether one can stay unknown, or are afraid of not being so."""
    return asks(turn.words) is Asked.UNNAMED and danger(turn.words) is None and not turn.incoming.attachments


async def _is_unnamed(turn: Turn) -> bool:
    """Tell whoever would not be named, and asks about it, how far they are."""
    mine = [each for each in await turn.work.complaints_of(turn.person.id) if each.going_on]
    complaint = max(mine, key=lambda each: each.received_at, default=None)
    if complaint is None or not complaint.anonymous:
        return False
    turn.did = Verb.HELP
    turn.answer(Answer.WHO_READS, complaint)
    return True


def _wishes_alone(turn: Turn) -> bool:
    """Say whether words are the wish not to be named and nothing else; "匿名投诉" announces what is told next."""
    wish = WISH.match(turn.words)
    told = _BESIDES.sub("", turn.words[wish.end() :] if wish is not None else turn.words)
    wished = wish is not None or _BESIDES.search(turn.words) is not None
    return wished and len(re.sub(r"\W", "", _POLITE.sub("", told))) < _TOLD


async def _just_filed(turn: Turn, whether: bool) -> Complaint | None:
    """Return what the speaker brought in by name just now: "匿名", said too late; None where they announce another matter.

    whether: they ask, or are afraid, which may be of an older one as well.
    """
    wish = WISH.match(turn.words)
    if _ANNOUNCES.match(turn.words) or (wish is not None and _OF_A_KIND.search(wish[0])):
        return None
    known = [each for each in await turn.work.complaints_of(turn.person.id) if each.going_on and not each.drill]
    lately = [each for each in known if whether or turn.now - each.received_at <= _TOO_LATE]
    return max(lately, key=lambda each: each.received_at, default=None)


def _asks_besides(turn: Turn) -> bool:
    """Say whether a matter that is told asks, in passing, not to name who tells it."""
    if _BESIDES.search(turn.words) is None:
        return False
    told = _BESIDES.sub("", turn.words)
    if turn.question is not None and len(re.sub(r"\W", "", told)) < _TOLD:
        return False  # "I would rather not give my name" answers what we asked
    said = (told,) if turn.question is not None else (turn.words, told)
    return any(understand(each, Speaker.CUSTOMER, Pending.NONE, guess=False).verb is Verb.COMPLAIN for each in said)


async def _not_here(turn: Turn) -> None:
    """In a group everybody has read it, and who wrote it: nothing is filed, and it is said where to do it."""
    if turn.room is not None:
        turn.answer_in_room(Answer.UNNAMED_WHERE, link=turn.start_link)
    else:
        turn.answer(Answer.UNNAMED_WHERE)


async def _file(turn: Turn, sealed: str, text: str) -> None:
    """File it for somebody of whom nothing is known, and say the number, the code, and how far this hides them."""
    locale, row = turn.locale, await turn.work.address(turn.via.channel, sealed)
    if row is None:
        row = await _new_unnamed(turn, sealed, locale)
    await _speak_as(turn, row, sealed)
    turn.words = without_phones(text)
    filing = await filing_of(turn, turn.words, row.person)
    enough = await acknowledged_enough(turn, row.person)
    complaint = await turn.desk.file(turn.work, filing, turn.as_(Role.CUSTOMER), quiet=enough)
    turn.reference, turn.did = complaint.reference, Verb.COMPLAIN


async def _new_unnamed(turn: Turn, sealed: str, locale: str) -> AddressRow:
    person = await turn.work.new_customer(turn.now, locale=locale)
    person.unnamed, person.informed_by = True, 0  # the first answer says it all
    row = await turn.work.add_address(person.id, turn.via.channel, sealed, turn.now, proven=True)
    row.locale = locale
    return row


# ── by number and code ────────────────────────────────────────────────────────────────────────────────────────────────


async def _opened_by_code(turn: Turn) -> bool:
    """ "查询 TS… 码": whoever has the code may ask and add, from anywhere; guessing must not pay."""
    found = _QUERY.fullmatch(narrow(turn.words))
    code = found["code"].upper() if found is not None else ""
    if found is None or not is_code(code):
        return False
    reference = found["number"].upper()
    complaint = await turn.work.complaint(reference)
    unnamed = complaint if complaint is not None and complaint.anonymous else None
    if turn.room is not None or (unnamed is None and found["verb"] is None):
        return False  # eight letters that are a word: somebody writes about their own complaint
    addresses = await turn.work.addresses_of(unnamed.complainant) if unnamed is not None else []
    guessed = [turn.conversation, *addresses[:1]]
    if any(turn.desk.bind_locked(each) for each in guessed):
        turn.answer(Answer.CODE_REFUSED, minutes=f"{BIND_LOCK.total_seconds() / 60:.0f}")
    elif unnamed is None or not turn.desk.signer.opens_receipt(reference, code):
        for each in guessed:
            turn.desk.count_wrong_code(each)
        turn.answer(Answer.CODE_REFUSED)
    else:
        await _go_on(turn, unnamed, addresses[0], turn.words[slice(*found.span("rest"))].strip(" \t\n:：,，"))
        return False  # their words are taken up like anybody's
    turn.did = Verb.STATUS
    return True


async def _go_on(turn: Turn, complaint: Complaint, row: AddressRow, rest: str) -> None:
    """Take the words after the code as said by the complaint's customer; without any, how it stands is asked."""
    person: PersonRow | None = await turn.work.person_row(complaint.complainant)
    assert person is not None
    question = Question.loads(row.pending)
    if turn.conversation is not row:
        case = turn.desk.signer.seal(_OPENED, complaint.reference)  # nothing here leads to it without our secret
        remember(turn, _OPENED, {"case": case, "at": turn.now.isoformat()})
    turn.speak_unnamed(codec.person(person), row, _sealed(turn) or row.address)
    turn.question = question if question is not None and question.reference == complaint.reference else None
    turn.named, turn.in_thread = complaint.reference, True
    turn.words = without_phones(rest) or f"进度 {complaint.reference}"
