"""Filing: a customer's own complaint, and one that an employee brings in for a customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.answers import Answer
from bot.dialogue.following import add_followed, followed_up
from bot.dialogue.media import adopt
from bot.dialogue.places import asks_for_site, place_of, site_of
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.dialogue.unread import with_unread
from bot.grammar import Pending, Verb
from bot.grammar.brought_in import came_by
from bot.grammar.details import Details, find_details, find_reporter
from bot.grammar.handed_in import handed_in
from bot.grammar.pasted import own_words
from bot.grammar.press import answer_wanted_by
from bot.grammar.tools import read_source
from bot.storage import tools
from bot.storage.models import PersonRow
from complaints import press
from complaints.assigning import told_stage
from complaints.complaint import Complaint
from complaints.handling import Filing
from complaints.naming import may_be_of_them, named
from complaints.outward import from_the_press
from complaints.parts.actors import Actor
from complaints.permissions import Step, those_who_may
from complaints.several import by_person, matters
from complaints.taxonomy import OTHER, guess_kind
from complaints.vocabulary import Flag, Kind, Role, Severity, Status

_FACTS = ("name", "phone", "place")
WITHDRAWN_LATELY = timedelta(days=7)
"""After a withdrawal of theirs: what a customer says within may be about it again."""
_ASUNDER = frozenset({Kind.COMPLAINT, Kind.REPAIR})  # several of these in one breath may be filed apart


async def file_own(
    turn: Turn, text: str, repeat_of: Complaint | None = None, *, kind: Kind | None = None, apart: bool = False
) -> None:
    """File a complaint for the speaker. What is missing is asked for once, in the acknowledgement, of praise nothing.

    kind: else guessed from the words. repeat_of: a complaint about the same matter that was closed too long ago to be reopened
    (trap 42). apart: it was told with another, and is to have a number of its own.
    """
    text = text if repeat_of is not None or apart else with_unread(turn, text)
    subject = (turn.incoming.subject or "").strip()
    summary = f"{subject}\n{text}".strip() if subject and subject not in text else text
    summary = summary or "、".join(a.name for a in turn.incoming.attachments)
    details = find_details(own_words(summary))  # a number in what they quote is somebody else's
    row = await turn.work.person_row(turn.person.id)
    assert row is not None
    learn(row, details, name=turn.incoming.sender.name if turn.incoming.sender else "", locale=turn.locale)
    filing = await filing_of(turn, summary, row.id, place=details.place)
    if repeat_of is not None:
        summary = f"{filing.summary}\n{repeat_of.reference}: {repeat_of.summary}"
        filing = replace(
            filing,
            summary=summary,
            kind=repeat_of.kind,
            category=repeat_of.category,
            site=repeat_of.site,
            place=details.place or repeat_of.place or filing.place,
            respondents=filing.respondents | repeat_of.respondents,
            repeat_of=repeat_of.reference,
        )
    about = filing.respondents | await _named_before(turn, filing)
    filing = replace(filing, kind=kind or filing.kind, respondents=about)
    missing = await _to_ask(turn, row, filing.site)
    ask = [fact for fact in missing if not (filing.press and fact == "place")]  # nobody's room
    ask = [] if apart or filing.kind is Kind.PRAISE else ask
    # Where the private chat was never opened, the group is told the number instead of an acknowledgement.
    often = await acknowledged_enough(turn, turn.person.id)
    quiet = often or not turn.private_open
    several = matters(text, turn.pack.guess) if filing.kind in _ASUNDER and repeat_of is None else ()
    complaint = await turn.desk.file(
        turn.work, filing, turn.as_(Role.CUSTOMER), ask=ask, quiet=quiet, often=often, several=several, apart=apart
    )
    await adopt(turn, complaint)
    turn.reference, turn.did = complaint.reference, Verb.COMPLAIN
    turn.settle()
    if several and not quiet and complaint.severity is not Severity.S0:
        turn.answer(Answer.SEVERAL_MATTERS, complaint, matters="\n".join(several))


async def _named_before(turn: Turn, filing: Filing) -> frozenset[str]:
    """Return whom the speaker complained of and withdrew it lately, where these words may be about them again."""
    if filing.kind is not Kind.COMPLAINT:
        return frozenset()
    withdrawn = [c for c in await turn.work.complaints_of(turn.person.id) if c.status is Status.WITHDRAWN]
    lately = [c for c in withdrawn if c.closed_at is not None and turn.now - c.closed_at <= WITHDRAWN_LATELY]
    about = [c.respondents for c in lately if may_be_of_them(filing.summary, filing.category, c.category)]
    return frozenset().union(*about)


def _missing(row: PersonRow) -> list[str]:
    return [] if row.unnamed else [fact for fact in _FACTS if not getattr(row, fact)]


async def missing_facts(turn: Turn, complaint: Complaint) -> list[str]:
    """Return which of name, phone, place and site are not known of a complaint's customer."""
    row = await turn.work.person_row(complaint.complainant)
    return await _to_ask(turn, row, complaint.site) if row is not None else []


async def _to_ask(turn: Turn, row: PersonRow, site: str) -> list[str]:
    """Return what a customer is asked for. Which site it is holds the place within; and where a trade's places are its sites,
    one that is known is not asked for again.
    """
    missing = _missing(row)
    words = turn.pack.words.get(turn.locale) or turn.desk.book.current.policy.words.get(turn.locale, {})
    # "Hotel and room" is more than a site.
    of_sites = "place" in words and words.get("home", "\n") not in words["place"]
    of_sites = of_sites and len((await turn.work.directory()).sites) > 1
    asks_site = await asks_for_site(turn, site)
    if asks_site or of_sites:
        missing = [fact for fact in missing if fact != "place"]
    return [*missing, "site"] if asks_site else missing


async def filing_of(
    turn: Turn,
    summary: str,
    complainant: str,
    finder: str | None = None,
    place: str = "",
    *,
    drill: bool = False,
) -> Filing:
    """Return what is filed: kind and category guessed from the words, and whom of the staff they name.

    place: the one that the words tell. drill: it is practice.
    """
    directory = await turn.work.directory()
    row = await turn.work.person_row(complainant)
    place = place_of(place, row.place if row is not None else "")
    own = own_words(summary)
    category = turn.pack.guess(own)
    of_the_press = from_the_press(own) and not drill
    return Filing(
        reference=await turn.desk.new_reference(turn.work, drill=drill),
        summary=summary,
        complainant=complainant,
        channel=turn.via.channel,
        locale=turn.locale,
        kind=_kind_of(turn, own),
        category=turn.pack.guess(summary) if category == OTHER else category,
        site=await site_of(turn, summary, place, finder),
        place=place,
        stage=told_stage(summary),
        finder=finder,
        respondents=named(
            summary, {each.id: each.name for each in directory.persons.values() if each.id != complainant}
        ),
        mystery=row is not None and row.tester,
        anonymous=row is not None and row.unnamed,
        drill=drill,
        press=of_the_press,
        press_due=answer_wanted_by(own, turn.now.astimezone(turn.desk.zone)) if of_the_press else None,
    )


def _kind_of(turn: Turn, summary: str) -> Kind:
    """Return what is brought; the word for it that the message begins with is not in its summary: "咨询 押金多久退" (R-015)."""
    led = turn.meaning is not None and turn.meaning.verb is Verb.COMPLAIN and turn.meaning.said("kind")
    return guess_kind(turn.words if led and summary in turn.words else summary)


async def acknowledged_enough(turn: Turn, person: str) -> bool:
    """Say whether somebody was acknowledged so often today that one more would only feed a loop (trap 14)."""
    day_ago = turn.now - timedelta(days=1)
    lately = [c for c in await turn.work.complaints_of(person) if c.received_at > day_ago]
    return len(lately) >= turn.acknowledgement_cap


def learn(row: PersonRow, details: Details, *, name: str = "", locale: str = "") -> None:
    """Keep what a person told of themselves; what is known already is not overwritten by a guess.

    Of somebody who would not be named nothing is kept.
    """
    if row.unnamed:
        return
    row.name = row.name or details.name or name
    row.phone = row.phone or details.phone
    row.place = row.place or details.place
    row.locale = row.locale or locale


def relearn(row: PersonRow, before: Details, now: Details) -> None:
    """Correct what was learned from words that were edited since; what was known from elsewhere stays."""
    if row.unnamed:
        return
    for fact in _FACTS:
        told, was = getattr(now, fact), getattr(before, fact)
        if told and getattr(row, fact) in ("", was):
            setattr(row, fact, told)


async def reach_by_phone(turn: Turn, row: PersonRow, phone: str) -> None:
    """Let the person be written to by SMS at a number that somebody told us."""
    if phone and await turn.work.address("sms", phone) is None:
        await turn.work.add_address(row.id, "sms", phone, turn.now, proven=False)


async def practising(turn: Turn) -> bool:
    """Say whether what the speaker brings in for a customer is practice: a colleague's words while a drill goes on.

    What a customer says themselves, or what is forwarded of theirs, never is.
    """
    return turn.is_staff and await tools.drill(turn.work, turn.now) is not None


async def file_practice(turn: Turn, text: str, *, found: bool = False, place: str = "", **given: Any) -> Complaint:
    """File a practice complaint, whose customer is whoever speaks: they read what a customer reads, and nobody else does.

    found: they bring it in, too. place: where it is, else what the words tell. given: what else is known of it, as in `Filing`.
    """
    finder = turn.person.id if found else None
    filing = await filing_of(turn, text, turn.person.id, finder, place or find_details(text).place, drill=True)
    filing = replace(filing, **given)
    complaint = await turn.desk.file(turn.work, filing, turn.as_(Role.CUSTOMER))
    turn.reference, turn.did = complaint.reference, Verb.COMPLAIN
    turn.settle()
    return complaint


async def complain_for(turn: Turn) -> None:
    """An employee brings in a customer's complaint: the customer stays the complainant, the employee is its finder (R-005).

    What goes on with one that they brought in before is added to it.
    """
    assert turn.meaning is not None
    text = str(turn.meaning.arguments.get("text") or "").strip()
    if not text:
        turn.ask(Question(Pending.NONE, None, {"for": "customer"}))
        turn.answer(Answer.CUSTOMER_NEEDED)
        return
    if not press.called(text) and (complaint := await followed_up(turn, text)) is not None:
        await add_followed(turn, complaint, text)
    elif not turn.asked_back:
        await file_for_customer(turn, text)


async def file_for_customer(turn: Turn, text: str, *, real: bool = False, site: str = "", asks: bool = True) -> None:
    """File what a customer told an employee. Without a phone number the employee is asked how to reach them. What several told
    is filed for each of them.

    real: it is no practice, though a drill may go on. site: where that is known. asks: how to reach them is asked.
    """
    apart = by_person(text, turn.pack.guess)
    # The number of one is none of the other's: one that comes alone may be anybody's, and it is asked whose.
    for each in apart:
        await file_for_customer(turn, each, real=real, site=site, asks=False)
    if apart:
        turn.reference = None
        return
    if not real and await practising(turn):
        await file_practice(turn, text, found=True)
        return
    if press.called(text):
        await _file_of_the_press(turn, text, site)
        return
    details = find_details(text, answering=True)
    row = await turn.work.customer_by_phone(details.phone) if details.phone else None
    if row is None:
        row = await turn.work.new_customer(turn.now, locale=turn.locale)
    learn(row, details, name=find_reporter(text))
    await reach_by_phone(turn, row, details.phone)
    given: dict[str, Any] = {"site": site} if site else {}
    told = turn.meaning.said("channel") if turn.meaning is not None and turn.meaning.verb is Verb.COMPLAIN_FOR else ""
    if channel := told or came_by(turn.words) or came_by(text):
        given["channel"] = channel
    brought = handed_in(turn.words)
    if brought is not None and read_source(brought.source) == Flag.UPPER_TRANSFER:
        given["flags"] = frozenset({Flag.UPPER_TRANSFER})
    await file_for(turn, text, row, asks=asks, **given)


async def _file_of_the_press(turn: Turn, text: str, site: str) -> None:
    given: Any = {"site": site} if site else {}
    await file_of_the_press(turn, text, place=find_details(text).place, **given)


async def file_of_the_press(
    turn: Turn, text: str, *, place: str = "", actor: Actor | None = None, **given: Any
) -> Complaint:
    """File what a journalist asked a colleague (R-069). Their number stays in the words alone: nobody writes to it.

    place, actor, given: as of `file_for`.
    """
    turn.settle()
    row = await turn.work.new_customer(turn.now, locale=turn.locale)
    filing = await filing_of(turn, text, row.id, turn.person.id if actor is None else None, place)
    by = answer_wanted_by(text, turn.now.astimezone(turn.desk.zone))
    filing = replace(filing, contact_known=False, press=False, press_called=True, press_due=by, **given)
    complaint = await turn.desk.file(turn.work, filing, actor or turn.as_(Role.EMPLOYEE))
    await adopt(turn, complaint)
    turn.reference, turn.did = complaint.reference, Verb.COMPLAIN_FOR
    return complaint


async def file_for(
    turn: Turn,
    text: str,
    row: PersonRow,
    *,
    place: str = "",
    respondents: frozenset[str] = frozenset(),
    actor: Actor | None = None,
    asks: bool = True,
    **given: Any,
) -> Complaint:
    """File what the customer `row` told the employee who speaks, and ask for a way to reach them where there is none.

    place: where it is, else what the words tell. respondents: staff it is about, besides those whom the words name. actor:
    who registers it without being its finder: the service centre. asks: how to reach them is asked. given: what else is
    known of it, as in `Filing`.
    """
    turn.settle()
    place = place or find_details(text, answering=True).place
    finder = turn.person.id if actor is None else None
    filing = await filing_of(turn, text, row.id, finder=finder, place=place)
    heard = any(address.last_inbound_at is not None for address in await turn.work.addresses_of(row.id))
    about = filing.respondents | respondents
    filing = replace(filing, contact_known=heard or bool(row.phone), respondents=about, **given)
    complaint = await turn.desk.file(turn.work, filing, actor or turn.as_(Role.EMPLOYEE))
    await adopt(turn, complaint)
    turn.reference, turn.did = complaint.reference, Verb.COMPLAIN_FOR
    if not filing.contact_known and asks:
        turn.ask(Question(Pending.FACTS, complaint.reference))
        turn.answer(Answer.CONTACT_NEEDED, complaint)
    return complaint


async def list_entered(turn: Turn) -> None:
    """What an employee brought in under "my complaints". What they hand on right after it is one more."""
    if turn.question is None and not turn.capabilities.threads:
        turn.ask(Question(Pending.NONE, None, {"for": "handed on"}))
    entered = await turn.work.entered_by(turn.person.id)
    if entered:
        turn.answer_list(Answer.ENTERED, entered[:9])
    else:
        by_phone = turn.person.roles & those_who_may(Step.FILE)  # what they typed in for callers is listed elsewhere
        turn.answer(Answer.NONE_ENTERED, None, **({"by_phone": "yes"} if by_phone else {}))
