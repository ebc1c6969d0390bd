"""What a colleague says under "我的投诉" of a complaint that they brought in already: it is added, and is no new one.

Whoever else may be meant files a new one: a complaint too many can be merged, one that was added to another's is lost.
"""

from __future__ import annotations

from bot.dialogue.choosing import choose
from bot.dialogue.media import adopt, just_spoken_of
from bot.dialogue.set_aside import number_said
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.grammar.details import find_details, find_reporter
from bot.grammar.patterns import regex
from bot.grouping import matter
from bot.storage import tools
from bot.storage.models import PersonRow
from bot.threads import topic_of, topics_of
from complaints import customer
from complaints.complaint import Complaint
from complaints.matching import CLEAR, DOUBT, Matter, match
from complaints.parts.actors import Actor
from complaints.taxonomy import OTHER
from complaints.vocabulary import Role
from complaints.whereabouts import named

_FOLLOWS = regex(
    r"^[ ,，:：]*(?:再|另外)?(?:补充|后续|跟进|追加|更新)|又(?!一[个位]|有[个位])|还[没在是要想]|仍|依然|再次|再[来打催]"
    r"|更(?:厉害|严重|大|多|糟)|越来越|催|刚才那|上次|之前(?:那|说|报|反映)|到现在|一直没|没(?:有)?人(?:联系|来|管|回|处理)"
    r"|什么时候|改成|改到|不用了|修好了|解决了"
    r"|\b(?:again|still|yet|worse|since|adds?|also says|follow(?:ing)?[- ]up|update|(?:nobody|no one) (?:came|called|rang)"
    r"|the same|as well|in addition|another thing|says now)\b"
)
"""Words that go on with something told before."""
_SOMEBODY_NEW = regex(
    r"有[个位一名]|一[个位名](?:客户|业主|住户|女士|先生|阿姨|大爷|老人|人)|又[一有]|另[一外]|新的?(?:投诉|客户)|别的"
    r"|\b(?:an?|another|one more|new) (?:\w+ )?(?:customer|client|resident|tenant|owner|guest|lady|man|woman|complaint)\b"
)
_ADDS = regex(r"^[\s,，:：]*(?:再)?(?:补充|追加|add|adding|supplement)(?:一下|一点|说明)?[\s,，:：]*")


async def followed_up(turn: Turn, text: str, writer: PersonRow | None = None) -> Complaint | None:
    """Return the complaint that the speaker brought in and now tells more of. None: it is another, or `turn.asked_back`.

    writer: who wrote what is handed on, where that is known; else the words have to say that they go on with something.
    """
    if not turn.is_staff or await tools.drill(turn.work, turn.now) is not None:
        return None
    entered = [each for each in await turn.work.entered_by(turn.person.id) if each.going_on and not each.drill]
    number = turn.named or number_said(text)
    if number:
        return next((each for each in entered if each.reference.endswith(number)), None)
    likely = [(each, score) for each in entered if (score := await _likeness(turn, each, text, writer)) is not None]
    fitting = [each for each, score in likely if score >= CLEAR] or [each for each, _ in likely]
    if len(fitting) > 1 and (last := await just_spoken_of(turn)) is not None:
        fitting = [each for each in fitting if each.reference == last.reference] or fitting
    if len(fitting) > 1 and turn.meaning is not None and _ADDS.match(text):
        return await choose(turn, fitting)
    return fitting[0] if len(fitting) == 1 else None


async def handed_on_before(turn: Turn, text: str, writer: PersonRow) -> Complaint | None:
    """Return the complaint that a colleague brought in by a mail of the same writer, and of which this one is, too.

    The same subject says so unless the words tell of something else; under another one they have to be alike. None: it is
    another, or nobody can tell; the service centre is asked then whether they are one.
    """
    entered = [
        each
        for each in await turn.work.entered_by(turn.person.id)
        if each.going_on and not each.drill and each.complainant == writer.id
    ]
    topic = topic_of(turn.incoming.subject or "")
    alike, of_topic = [], []
    for each in entered:
        if topic and topic in topics_of(await turn.work.subjects(each.reference, turn.via.channel)):
            likeness = match(_matter_told(turn, text, writer), await matter(turn.work, each))
            same = likeness.score >= DOUBT or "category" in likeness.reasons or tells_nothing_of_its_own(turn, text)
            if same and not likeness.veto and _SOMEBODY_NEW.search(text) is None:
                of_topic.append(each)
        elif (await _likeness(turn, each, text, writer) or 0) >= CLEAR:
            alike.append(each)
    found = of_topic or alike
    return found[0] if len(found) == 1 else None


def _matter_told(turn: Turn, text: str, writer: PersonRow) -> Matter:
    return Matter(frozenset({writer.id}), text, turn.now, "", turn.pack.guess(text), writer.place)


async def add_followed(
    turn: Turn, complaint: Complaint, text: str, *, told: bool = True, actor: Actor | None = None
) -> None:
    """Add what was told to the complaint; the colleague, not its customer, reads that it was recorded.

    actor: the colleague, where they have not proved who they are.
    """
    turn.settle()
    await adopt(turn, complaint)
    words = _ADDS.sub("", text)
    actor, place = actor or turn.as_(Role.EMPLOYEE), find_details(words).place
    change = customer.supplement(complaint, words, actor, turn.now, told=told, place=place)
    turn.reference, turn.did = (await turn.desk.record(turn.work, change)).reference, Verb.ADD


async def _likeness(turn: Turn, complaint: Complaint, text: str, writer: PersonRow | None) -> float | None:
    """Return how alike words are to a complaint with which they may go on; None where they are of another customer, as far as
    anybody knows, or of something else.
    """
    row = await turn.work.person_row(complaint.complainant)
    details, reporter = find_details(text), find_reporter(text)
    if row is None or of_somebody_else(text, row.name if writer is None else ""):
        return None
    if writer is not None and writer.id != row.id:
        return None
    same = writer is not None or bool(details.phone and details.phone == row.phone)
    if details.phone and not same:
        return None
    if writer is None and reporter:
        if not row.name:
            return None  # somebody whose name nobody knows
        same = same or reporter == row.name
    other = await matter(turn.work, complaint)
    likeness = match(_matter_told(turn, text, row), other)
    if likeness.veto:
        return None
    follows = _FOLLOWS.search(text) is not None
    alike = likeness.score >= DOUBT or "category" in likeness.reasons
    nothing_else = tells_nothing_of_its_own(turn, _FOLLOWS.sub(" ", text))
    goes_on = (same or follows) if nothing_else else follows and alike
    return likeness.score if goes_on or (same and likeness.score >= CLEAR) else None


def of_somebody_else(text: str, name: str) -> bool:
    """Say whether words speak for somebody new, or for another customer than who is called `name`: 张女士, and 李娜."""
    reporter = find_reporter(text) if name else ""
    if reporter and reporter[:1] != name[:1] and reporter.split()[-1] not in name:
        return True
    return _SOMEBODY_NEW.search(text) is not None


def tells_nothing_of_its_own(turn: Turn, text: str) -> bool:
    """Say whether words tell of no matter by themselves: "nobody came yet, I am fed up"."""
    said = named(text)
    return not said.things and not said.numbers and turn.pack.guess(text) == OTHER
