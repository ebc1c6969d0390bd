"""What a complaint means for those who handled it: proposed by a rule or a colleague, decided by a person (R-109–R-112).

Nothing is paid or deducted here: a penalty or a reward is a line on record with who decided it. A course is told to whoever
should take it, and reminded of. They outlive the complaint.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.answers import Internal
from bot.people import Directory, Person
from bot.storage import proposals as kept
from bot.storage.audit import record_act
from bot.storage.models import ProposalRow
from bot.storage.work import Work
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.conduct import called_for
from complaints.policy.conduct import Proposal, Whom
from complaints.promises import Terms
from complaints.vocabulary import Role

if TYPE_CHECKING:
    from bot.desk import Desk

_DECIDING = (Role.HR_AUDITOR, Role.LEADER)  # the first of them that somebody holds
APPROVED, REJECTED, LEARNED = "approved", "rejected", "learned"


async def follow(desk: Desk, work: Work, before: Complaint | None, change: Change, terms: Terms) -> None:
    """Keep what a decision calls for by the rules of its profile, each once, and put it before whoever decides."""
    if not terms.policy.conduct.rules:
        return
    complaint, now = change.complaint, desk.clock.now()
    directory = await work.directory()
    for rule in called_for(before, change, terms, now):
        site = complaint.site if rule.whom is Whom.SITE else ""
        whom = [""] * bool(site) if rule.whom is Whom.SITE else list(_whom(rule.whom, directory, complaint))
        month = now.astimezone(desk.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        for person in whom:
            since = month if rule.once_a_month else None
            if await kept.known(work, rule.name, person, site, reference=complaint.reference, since=since):
                continue
            row = new(complaint, rule.propose, person, rule.what["zh"], rule.what["en"], "", terms, now)
            row.rule, row.site = rule.name, site
            await keep(desk, work, row)


def _whom(whom: Whom, directory: Directory, complaint: Complaint) -> Iterator[str]:
    """Yield whom it concerns themselves, whoever stands in for them."""
    match whom:
        case Whom.RESPONDENT:
            yield from sorted(complaint.respondents)
        case Whom.ASSIGNEE:
            yield from [complaint.owner] if complaint.owner else []
        case Whom.SITE_HEAD:
            head = directory.head_of_site(complaint.site)
            yield from [head.id] if head is not None else []
        case _:
            site_head = directory.head_of_site(complaint.site)
            heads = (p for p in directory.holding(Role.DEPT_HEAD) if p != site_head)
            yield from (p.id for p in heads if complaint.site and complaint.site in _area(directory, p))


def _area(directory: Directory, head: Person) -> frozenset[str]:
    area = directory.area_of(head)
    return area.sites if area is not None else frozenset()


def new(
    complaint: Complaint, kind: Proposal, person: str, what: str, what_en: str, by: str, terms: Terms, now: datetime
) -> ProposalRow:
    """Return a proposal that is not stored yet. by: who says so, "" for a rule."""
    rule = terms.policy.conduct
    return ProposalRow(
        reference=complaint.reference,
        kind=str(kind),
        person=person,
        site="",
        rule="",
        what=what,
        what_en=what_en,
        by=by,
        at=now,
        due_at=now + (rule.learn_within if kind is Proposal.COURSE else rule.decide_within),
        told=0,
        done_by="",
        outcome="",
        note="",
    )


async def keep(desk: Desk, work: Work, row: ProposalRow) -> None:
    """Store a proposal, and tell whoever it waits for."""
    await kept.add(work, row)
    await _tell(desk, work, row, {})


async def _tell(desk: Desk, work: Work, row: ProposalRow, more: dict[str, str]) -> None:
    directory = await work.directory()
    course = row.kind == Proposal.COURSE
    persons = (
        [person] if course and (person := directory.get(row.person)) else [] if course else deciders(directory, row)
    )
    kind = Internal.COURSE if course else Internal.PROPOSAL
    # Whom a complaint is about reads nothing of it: what they hear stands alone.
    reference = None if course else row.reference
    desk.tell(work, kind, f"proposal/{row.id}/{row.told}", persons, facts_of(row, directory) | more, reference)


def deciders(directory: Directory, row: ProposalRow) -> list[Person]:
    """Return who decides: nobody about themselves, or about what they proposed."""
    for role in _DECIDING:
        if found := [each for each in directory.holding(role) if each.id not in (row.person, row.by)]:
            return found
    return []


async def decide(desk: Desk, work: Work, row: ProposalRow, by: Person, approved: bool, note: str) -> None:
    """It is approved or rejected; who proposed it hears so, and of what is approved whom it concerns, with their superior."""
    now, directory = desk.clock.now(), await work.directory()
    row.done_at, row.done_by, row.note = now, by.id, note
    row.outcome = APPROVED if approved else REJECTED
    record_act(work, f"{row.kind}_{row.outcome}", now, by.id, number=row.reference, person=row.person, proposal=row.id)
    facts = facts_of(row, directory) | {"outcome": row.outcome, "note": note, "by": by.name}
    persons = {row.by} | ({row.person} if approved else set())
    concerned = directory.get(row.person)
    if approved and concerned is not None and concerned.superior:
        persons.add(concerned.superior)
    told = [person for each in sorted(persons - {by.id, ""}) if (person := directory.get(each)) is not None]
    desk.tell(work, Internal.PROPOSAL_DECIDED, f"proposal/{row.id}/decided", told, facts)


async def learn(desk: Desk, work: Work, row: ProposalRow, by: Person, note: str) -> None:
    """A course was taken. note: the result of its exam, in words."""
    row.done_at, row.done_by, row.outcome, row.note = desk.clock.now(), by.id, LEARNED, note
    await work.flush_if_writing()


async def remind(desk: Desk, work: Work, now: datetime) -> None:
    """Ask again for what is due: whoever decides, or whoever has not taken a course, with their superior from then on."""
    rule = desk.book.current.policy.conduct
    for row in await kept.waiting(work, now):
        row.told += 1
        row.due_at = now + rule.decide_within
        await _tell(desk, work, row, {"again": "yes"})


def facts_of(row: ProposalRow, directory: Directory) -> dict[str, str]:
    """Return a proposal as its notices carry it. site: by name."""
    facts = {"id": str(row.id), "proposes": row.kind, "who": row.person, "what": row.what, "what_en": row.what_en}
    facts |= {"site": "" if row.person else concerned(row, directory), "number": row.reference}
    facts |= {"due": row.due_at.isoformat(), "proposed_by": called(directory, row.by)}
    return {name: value for name, value in facts.items() if value}


def concerned(row: ProposalRow, directory: Directory) -> str:
    """Return whom it concerns by name: a colleague, or a place."""
    site = directory.sites.get(row.site)
    return called(directory, row.person) if row.person else site.name if site is not None else row.site


def called(directory: Directory, person: str) -> str:
    """Return a colleague's name; "" for a rule."""
    known = directory.persons.get(person)
    return known.name if known is not None else ""
