"""What a department thinks of a complaint, asked for by the service centre, and the clock of the answer (R-030).

It moves nothing and is read by colleagues alone. Who has not answered within the limit is asked again, day by day; from the
second time on their superior and whoever asked hear of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.lifecycle import Step, check, move
from complaints.limits import Limit, due
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.work import Opinion
from complaints.promises import Terms
from complaints.quiet import later, quiet_staff

RULE = "opinion"
_DAY = timedelta(days=1)


def ask(
    complaint: Complaint, of: str, question: str, limit: Limit | None, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """Ask somebody of another department what they think. limit: within which; None: as the policy says.

    Raises IllegalStep where they are asked already, or have the complaint themselves.
    """
    check(complaint, Step.ASK_OPINION, actor)
    if of == complaint.owner or of in complaint.respondents:
        raise IllegalStep(f"{complaint.reference}: ask somebody else for an opinion: it is with them, or about them")
    if any(each.of == of and each.answered_at is None for each in complaint.opinions):
        raise IllegalStep(f"{complaint.reference}: they have been asked for an opinion and have not answered yet")
    assert actor.person is not None
    within = limit or terms.policy.opinion_within
    due_at = due(now, within, terms.calendar, terms.policy.day_mode).at
    asked = Opinion(len(complaint.opinions) + 1, of, actor.person, now, due_at, question.strip())
    facts = {"of": of, "limit": str(within)}
    complaint, event = move(
        complaint,
        Step.ASK_OPINION,
        actor,
        now,
        EventKind.OPINION_ASKED,
        asked.question,
        facts,
        opinions=(*complaint.opinions, asked),
    )
    told = {"who": actor.person, "text": asked.question, "due": due_at.isoformat()}
    return Change(complaint, (event,), (Notice(NoticeKind.OPINION_ASKED, To(person=of), told, also_sms=False),))


def waiting(complaint: Complaint, person: str | None) -> Opinion | None:
    """Return what a person was asked and has not answered, if anything."""
    return next((each for each in complaint.opinions if each.of == person and each.answered_at is None), None)


def give(complaint: Complaint, words: str, actor: Actor, now: datetime) -> Change:
    """They answer: whoever asked and whoever has the complaint read it. Raises Missing without words."""
    check(complaint, Step.GIVE_OPINION, actor)
    asked = waiting(complaint, actor.person)
    if asked is None:
        raise IllegalStep(f"{complaint.reference}: nobody waits for an opinion of yours")
    if not words.strip():
        raise Missing("opinion", f"{complaint.reference}: say what you think of it")
    answered = replace(asked, answer=words.strip(), answered_at=now)
    complaint, event = move(
        complaint,
        Step.GIVE_OPINION,
        actor,
        now,
        EventKind.OPINION_GIVEN,
        words.strip(),
        {"of": asked.of},
        opinions=tuple(answered if each is asked else each for each in complaint.opinions),
    )
    facts = {"who": asked.of, "text": words.strip(), "question": asked.question}
    to = dict.fromkeys([asked.by, *([complaint.owner] if complaint.owner else [])])
    notices = (Notice(NoticeKind.OPINION_GIVEN, To(person=each), facts, but_not=asked.of) for each in to)
    return Change(complaint, (event,), tuple(notices))


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when whoever was asked is asked again."""
    for each in complaint.opinions:
        if each.answered_at is None:
            at = later(each.due_at + each.told * _DAY, quiet_staff(complaint, terms), terms)
            yield Timer(f"{RULE}:{each.number}", str(each.told), at)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask again; from the second time on their superior and whoever asked hear of it, too."""
    number = timer.rule.partition(":")[2]
    found = next((each for each in complaint.opinions if str(each.number) == number and each.answered_at is None), None)
    if found is None or timer.occurrence != str(found.told):
        return None
    again = replace(found, told=found.told + 1)
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.OPINION_CHASED,
        "",
        {"of": found.of, "told": str(again.told)},
        opinions=tuple(again if each is found else each for each in complaint.opinions),
    )
    facts = {"who": found.by, "of": found.of, "text": found.question, "due": found.due_at.isoformat(), "again": "yes"}
    notices = [Notice(NoticeKind.OPINION_ASKED, To(person=found.of), facts)]
    if found.told:
        late = facts | {"late": "yes"}
        notices += [
            Notice(NoticeKind.OPINION_ASKED, each, late, but_not=found.of)
            for each in (To(superior_of=found.of), To(person=found.by))
        ]
    return Change(complaint, (event,), tuple(notices))
