"""Complaints of one matter: whom to compare a new one with, and what a decision about one means for the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Final, TypeAlias

from bot.policies import PolicyBook
from bot.storage import links
from bot.storage.links import Link
from bot.storage.work import Work
from complaints import grouping, handling
from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.matching import SUGGESTED, WINDOW, Kin, Match, Matter, match
from complaints.parts.actors import SYSTEM, Actor
from complaints.taxonomy import OTHER
from complaints.vocabulary import Flag, Kind, Role, Status

Record: TypeAlias = Callable[[Work, Change], Awaitable[Complaint]]
_NEVER: Final = frozenset({Status.DRAFT, Status.INVALID, Status.WITHDRAWN})
_AS_ONE = 100  # members of a group that a decision about its master is carried to


# ── may it be the same? ───────────────────────────────────────────────────────────────────────────────────────────────


async def suggestion(work: Work, complaint: Complaint, now: datetime) -> Change:
    """Return the notice to the service centre that a complaint may be of one matter with another; without one if it is not.

    Reads the few that can be: its customer's own, and the newest of the same site and category. What was suggested or denied
    before is not suggested again.
    """
    if complaint.kind in (Kind.PRAISE, Kind.CONSULT):
        return Change(complaint)  # nothing is to be repaired with another
    others = await _comparable(work, complaint, now)
    told = await matter(work, complaint)
    found = await best(work, told, others)
    if found is None:
        return Change(complaint)
    other, why = found
    facts = {"other": other.reference, "kin": str(why.kin), "why": ";".join(why.reasons), "said": other.summary}
    if _of_one_home(told, other, why):
        facts["home"] = "yes"
    if not other.going_on:
        facts["closed"] = "yes"
    await links.note(work, complaint.reference, other.reference, Link.SUGGESTED, now, why=facts["why"])
    return Change(complaint, (), (Notice(NoticeKind.SAME_MATTER, To(role=Role.AGENT), facts),))


async def best(work: Work, told: Matter, others: Sequence[Complaint]) -> tuple[Complaint, Match] | None:
    """Return which of others is the likeliest to be of one matter with what was told; None where none is like enough.

    One of the same home goes before; of equals a master is taken, then the one that came first.
    """
    likely = []
    for each in others:
        found = match(told, await matter(work, each))
        at_home = _of_one_home(told, each, found)
        if found.score >= SUGGESTED or at_home or _says_it_again(told, each, found):
            likely.append(((not at_home, -round(found.score, 1), -len(each.members), each.received_at), each, found))
    if not likely:
        return None
    _, first, why = min(likely, key=itemgetter(0))
    return first, why


async def matter(work: Work, complaint: Complaint) -> Matter:
    """Return what a complaint is about, with the signs by which its customer is known."""
    row = await work.person_row(complaint.complainant)
    return Matter.of(complaint, row.phone, row.email) if row is not None else Matter.of(complaint)


async def _signs(work: Work, person: str) -> frozenset[str]:
    row = await work.person_row(person)
    return frozenset({person, row.phone, row.email} - {""}) if row is not None else frozenset({person})


def _says_it_again(told: Matter, other: Complaint, found: Match) -> bool:
    """Say whether one person, known by phone or mail, tells of the same trouble on another channel: "it still leaks"."""
    elsewhere = found.kin is Kin.DUPLICATE and other.complainant not in told.who
    return elsewhere and not found.veto and other.going_on and OTHER != other.category == told.category


def _of_one_home(told: Matter, other: Complaint, found: Match) -> bool:
    """Say whether somebody not known to us tells, of the very home that an open complaint is about, of such a trouble: they
    may be its customer, who phoned before.
    """
    stranger = found.kin is Kin.GROUP and not found.veto and OTHER != other.category == told.category
    return (
        stranger and {"building", "room"} <= {reason.partition(":")[0] for reason in found.reasons} and other.going_on
    )


async def _comparable(work: Work, complaint: Complaint, now: datetime) -> list[Complaint]:
    """Return the complaints that a new one is compared with, a merged one as its master."""
    categories = {complaint.category, complaint.category.partition(".")[0], OTHER}
    found = [
        *await work.complaints_of(complaint.complainant),
        *await _of_other_channels(work, complaint.complainant),
        *await links.candidates(work, complaint.site, categories, now - WINDOW, drill=complaint.drill),
    ]
    await work.prefetch_complaints(each.master for each in found if each.master)
    led = [(await work.complaint(each.master) if each.master else None) or each for each in found]
    others = {each.reference: each for each in led if _may_be_one(each, complaint, now)}
    if work.known_complaint(complaint.reference) is not None:  # of a new one nothing is known
        for asked in await links.known(work, complaint.reference, others):
            del others[asked]
    await work.prefetch_people(each.complainant for each in others.values())
    return list(others.values())


async def _of_other_channels(work: Work, person: str) -> list[Complaint]:
    """Return the complaints of whoever has the same phone number or mail address, at whatever site and of whatever category."""
    row = await work.person_row(person)
    others = await work.known_as(row.phone, row.email, person) if row is not None else []
    await work.prefetch_complaints_of(others)
    return [complaint for other in others for complaint in await work.complaints_of(other)]


def _may_be_one(other: Complaint, complaint: Complaint, now: datetime) -> bool:
    if other.reference in (complaint.reference, complaint.repeat_of) or other.drill != complaint.drill:
        return False
    if other.anonymous or complaint.anonymous or other.status in _NEVER:
        return False
    if Flag.MEDIA in other.flags | complaint.flags:
        return False  # what the press is told of one is not for the customers of another
    return other.going_on or (other.closed_at is not None and now - other.closed_at <= WINDOW)


# ── what a decision about one means for the others ────────────────────────────────────────────────────────────────────


async def members_of(work: Work, master: Complaint) -> list[Complaint]:
    """Return the complaints of a master's group that have not left it."""
    await work.prefetch_complaints(master.members)
    found = [await work.complaint(reference) for reference in master.members]
    return [each for each in found if each is not None]


async def count(work: Work, complaints: Iterable[Complaint]) -> int:
    """Return how many people complain; somebody known by phone or mail under several ids counts once."""
    persons = [each.complainant for each in complaints]
    await work.prefetch_people(persons)
    return grouping.distinct([await _signs(work, person) for person in persons])


async def prepared(work: Work, change: Change) -> Change:
    """Return a change as it is to be recorded: whoever leaves a group is out of it, what is said reaches who has the master.

    Raises IllegalStep where a master would be closed although somebody of its group was not asked yet.
    """
    complaint, before = change.complaint, work.known_complaint(change.complaint.reference)
    if grouping.left(before, change):
        return replace(change, complaint=replace(complaint, master=None, merged_at=None))
    if complaint.status is Status.MERGED and complaint.master is not None:
        return grouping.readdressed(change, await work.complaint(complaint.master))
    if complaint.members and complaint.status is Status.CLOSED and (waiting := await _unasked(work, complaint)):
        numbers = ", ".join(waiting[:5])
        raise IllegalStep(f"{complaint.reference}: {numbers} were not asked yet: report it done, or split them off")
    if before is not None and not complaint.settled and change.events and _told_where(before, complaint):
        return change + await suggestion(work, complaint, change.events[-1].at)
    return change


async def _unasked(work: Work, master: Complaint) -> list[str]:
    """Return the numbers of those who can be asked and were not; who was asked for another complaint of theirs was."""
    members = await members_of(work, master)
    await work.prefetch_people(each.complainant for each in (master, *members))
    asked = (master, *(each for each in members if each.status is not Status.MERGED))
    heard: frozenset[str] = frozenset().union(*[await _signs(work, each.complainant) for each in asked])
    waiting = [each for each in members if each.status is Status.MERGED and each.contact_known]
    return [each.reference for each in waiting if not await _signs(work, each.complainant) & heard]


def _told_where(before: Complaint, now: Complaint) -> bool:
    """Say whether it is known only now where it is, or what it is about."""
    return (before.site, before.place, before.category) != (now.site, now.place, now.category)


async def carry(work: Work, before: Complaint | None, change: Change, record: Record, book: PolicyBook) -> None:
    """Let a change that was just recorded reach the others of its group. before: the complaint as it was."""
    now = change.events[-1].at if change.events else None
    if before is None or now is None:
        return
    if before.master is not None and grouping.left(before, change):
        await _leave(work, before, change, record, now)
    after = change.complaint
    if after.status is Status.MERGED and after.severity < before.severity:
        await _raise(work, after, record, book, now)
    if not after.members:
        return
    if any(event.kind is EventKind.WITHDRAWN for event in change.events):
        await _succeed(work, change.complaint, record, book, now)
        return
    heard = await _signs(work, change.complaint.complainant)
    for member in (await members_of(work, change.complaint))[:_AS_ONE]:
        signs = await _signs(work, member.complainant)
        terms = await book.terms(work, member)
        following = grouping.follow(change, member, terms, now, told=member.contact_known and not signs & heard)
        heard |= signs
        if following is not None:
            member = await record(work, following)
        caused = grouping.with_its_cause(change, before, member, terms, now)
        if caused is not None:
            await record(work, caused)


async def _raise(work: Work, member: Complaint, record: Record, book: PolicyBook, now: datetime) -> None:
    """What raises one of a group raises the work on all of it."""
    master = await work.complaint(member.master or "")
    if master is not None and not master.settled and member.severity < master.severity:
        terms = await book.widened(work, replace(master, severity=member.severity))
        why = f"{member.reference} was raised"
        await record(work, handling.grade(master, member.severity, why, SYSTEM, terms, now))


async def _leave(work: Work, before: Complaint, change: Change, record: Record, now: datetime) -> None:
    master = await work.complaint(before.master or "")
    if master is None:
        return
    of_group = [master, *await members_of(work, master)]
    counted = await count(work, of_group)
    rest = await count(work, [each for each in of_group if each.reference != before.reference])
    people = rest if master.people == counted else master.people  # else somebody counted more than those who wrote
    split = any(event.kind is EventKind.SPLIT for event in change.events)
    state = Link.DISMISSED if split else Link.LINKED
    await links.note(work, before.reference, master.reference, state, now, by=change.events[-1].by)
    await record(work, grouping.leave(master, before.reference, people, now))


async def _succeed(work: Work, master: Complaint, record: Record, book: PolicyBook, now: datetime) -> None:
    """Another one becomes the master of those whose own was taken back."""
    merged = [each for each in await members_of(work, master) if each.status is Status.MERGED]
    others = [each for each in merged if each.complainant != master.complainant]
    if not others:
        return
    heir, rest = others[0], others[1:]
    people = await count(work, others)
    references = [each.reference for each in rest]
    terms = await book.terms(work, heir)
    heir = await record(work, grouping.succeed(heir, master, references, people, terms, now))
    for each in rest:
        await record(work, grouping.passed_on(each, heir, now))


async def merged(
    work: Work,
    master: Complaint,
    member: Complaint,
    why: str,
    actor: Actor,
    now: datetime,
    record: Record,
    book: PolicyBook,
) -> Complaint:
    """Merge one complaint into another and return the master; those merged into the first before come along.

    Raises IllegalStep or NotAllowed, having changed nothing.
    """
    below = await members_of(work, member)
    people = await count(work, [master, *await members_of(work, master), member, *below])
    terms = await book.terms(work, master)
    followers = [each for each in below if each.status is Status.MERGED]
    signs = await _signs(work, master.complainant)
    own = bool(signs & await _signs(work, member.complainant))
    joined, *others = grouping.merge(master, member, why, people, actor, terms, now, followers, own=own)
    master = await record(work, joined)
    for change in others:
        await record(work, change)
    for reference in (member.reference, *(each.reference for each in followers)):
        late = await work.complaint(reference)
        assert late is not None
        if signs & await _signs(work, late.complainant):
            continue
        told = grouping.result_told(master, late, await book.terms(work, late), now)
        if told is not None:
            await record(work, told)
    return master
