"""How satisfied a customer is: of what was reported done, of what was closed lately, or said before anybody asked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Answer
from bot.dialogue.adding import MATTER
from bot.dialogue.choosing import choose
from bot.dialogue.filing import file_own
from bot.dialogue.matters import plainly_another
from bot.dialogue.reopening import just_closed
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from complaints import closing, customer
from complaints.complaint import Complaint
from complaints.taxonomy import guess_kind
from complaints.vocabulary import Kind, Rating, Role, Status


async def rates_unasked(turn: Turn, open_ones: Sequence[Complaint]) -> bool:
    """Take words as discontent where they would be, were the question about the only one open in front of them already."""
    if turn.question is not None or turn.named is not None or [c.status for c in open_ones] != [Status.RESOLVED]:
        return False
    meant = understand(turn.words, Speaker.CUSTOMER, Pending.RATING)
    discontent = meant.verb is Verb.RATE and meant.said("rating") == Rating.DISSATISFIED
    if (
        not discontent
        or open_ones[0].complainant != turn.person.id
        or await plainly_another(turn, turn.words, open_ones)
    ):
        return False
    turn.meaning = meant
    return True


async def rate(turn: Turn) -> None:
    """A rating: of what was reported done, of what was closed unrated lately, or "too bad!" about work that goes on."""
    assert turn.meaning is not None
    rating = Rating(str(turn.meaning.arguments["rating"]))
    mine = await turn.work.complaints_of(turn.person.id)
    # "your electrician made a mess of it": with nothing to rate, or about something else, it is the matter itself.
    tells = len(turn.words) >= MATTER or understand(turn.words, guess=False).verb is Verb.COMPLAIN
    blames = rating is Rating.DISSATISFIED and tells
    unasked = turn.question is None and turn.named is None and not turn.meaning.said("reference")
    if blames and unasked and mine and await plainly_another(turn, turn.words, mine):
        await file_own(turn, turn.words)
        return
    complaint = await choose(turn, mine, lambda c: c.status is Status.RESOLVED)
    if complaint is None and not turn.asked_back and rating is Rating.DISSATISFIED:
        complaint = await just_closed(turn, mine)
    if complaint is None and not turn.asked_back:
        complaint = await _lately_closed(turn, mine, rating)
    if complaint is None and not turn.asked_back and rating is Rating.DISSATISFIED:
        unsettled = [c for c in mine if not c.settled]
        complaint = await choose(turn, unsettled or [c for c in mine if c.status is Status.CLOSED])
    if complaint is None:
        if not turn.asked_back and rating is Rating.SATISFIED and (len(turn.words) >= MATTER or _praises(turn.words)):
            await _keep_praise(turn, mine)
        elif not turn.asked_back and (blames or _praises(turn.words)):
            await file_own(turn, turn.words)
        elif not turn.asked_back:
            turn.answer(Answer.NOTHING_TO_RATE)
        return
    terms, actor = await turn.desk.terms(turn.work, complaint), turn.as_(Role.CUSTOMER)
    closed = complaint.status is Status.CLOSED
    if closed and rating is Rating.DISSATISFIED and not customer.may_reopen(complaint, terms, turn.now):
        await file_own(turn, turn.words, complaint)  # too long ago to be taken up again, and still it reaches somebody
        return
    comment, score = str(turn.meaning.arguments.get("comment") or ""), turn.meaning.arguments.get("score")
    if complaint.status is Status.CLOSED and closing.rated(complaint):
        change = closing.reopen(complaint, comment or turn.words, actor, terms, turn.now)
    elif complaint.status in (Status.RESOLVED, Status.CLOSED):
        change = closing.rate(complaint, rating, int(str(score)) if score else None, comment, actor, terms, turn.now)
    elif (
        rating is Rating.DISSATISFIED
        and len(turn.words) >= MATTER
        and customer.urged_lately(complaint, terms, turn.now)
    ):
        turn.did, change = Verb.ADD, customer.supplement(complaint, turn.words, actor, turn.now)
    elif rating is Rating.DISSATISFIED:
        change = customer.urge(complaint, turn.words, actor, terms, turn.now)
    else:
        turn.answer(Answer.NOTHING_TO_RATE)
        return
    complaint = await turn.desk.record(turn.work, change)
    turn.reference = complaint.reference
    if all(notice.to.person != turn.person.id for notice in change.notices):
        turn.answer(
            Answer.SURVEY_RECORDED, complaint
        )  # its gate waits for a colleague: nobody is left without an answer
    turn.settle()


def _praises(words: str) -> bool:
    return guess_kind(words) is Kind.PRAISE


async def _keep_praise(turn: Turn, mine: Sequence[Complaint]) -> None:
    """Praise that nobody asked for is thanked for, and read by whoever works for them, or a matter of its own (R-111)."""
    going_on = [complaint for complaint in mine if complaint.going_on and complaint.complainant == turn.person.id]
    if len(going_on) != 1:
        await file_own(turn, turn.words, kind=Kind.PRAISE)
        return
    change = customer.supplement(going_on[0], turn.words, turn.as_(Role.CUSTOMER), turn.now, told=False)
    turn.answer(Answer.THANKS, await turn.desk.record(turn.work, change), praise="yes")
    turn.did = Verb.ADD


async def objects(turn: Turn) -> bool:
    """ "申诉 0001 …" of what nobody judged invalid: they are not satisfied with it; False where no number is appealed about."""
    assert turn.meaning is not None
    number = turn.meaning.said("reference") if turn.meaning.verb is Verb.APPEAL else ""
    if not number:
        return False
    said = {"reference": number, "rating": Rating.DISSATISFIED, "comment": turn.meaning.said("text")}
    turn.meaning = Meaning(turn.words, Verb.RATE, said)
    await rate(turn)
    return True


async def _lately_closed(turn: Turn, mine: list[Complaint], rating: Rating) -> Complaint | None:
    """Return the only complaint that the rating can still change, if nothing of theirs is open.

    Discontent leads back to any that may be reopened, praise only to one that was closed without an answer.
    """
    if any(not complaint.settled for complaint in mine):
        return None
    found = []
    for complaint in mine:
        terms = await turn.desk.terms(turn.work, complaint)
        open_to_it = rating is Rating.DISSATISFIED or not closing.rated(complaint)
        if complaint.status is Status.CLOSED and open_to_it and customer.may_reopen(complaint, terms, turn.now):
            found.append(complaint)
    return found[0] if len(found) == 1 else None


def protests(words: str) -> bool:
    """Say whether words that press are discontent with a result; a bare "hurry up" is about what is still open."""
    return understand(words, Speaker.CUSTOMER, Pending.RATING).said("rating") == Rating.DISSATISFIED
