"""Who gets a complaint, and why: a rule over values, whose reason can be read back (R-034, R-036, R-049, R-051).

Nearest first: whoever is for this site, this stage, this category, this channel; of equals whoever has the least in hand, then
who waited longest for work. Nobody who is away, named in the complaint, reporting to whom it is about, or its finder is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from operator import itemgetter

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.lifecycle import Step, move
from complaints.parts.actors import SYSTEM
from complaints.promises import Terms
from complaints.vocabulary import Post, Role, Stage, Status


class Ground(StrEnum):
    """What speaks for a person."""

    SITE = "site"  # is for this site
    STAGE = "stage"
    CATEGORY = "category"
    CHANNEL = "channel"
    ON_DUTY = "on_duty"  # is on duty now
    WATCH = "watch"  # is on duty, though not for such matters: nobody who is could be found
    STAND_IN = "stand_in"  # stands in for whoever had it, who is away
    HEAD = "head"  # responsible by office: nobody else could be found
    LEAST = "least"  # has the least in hand
    ONLY = "only"  # nothing else: no other could have it
    IDLE = "idle"  # of those with as little in hand, waited longest


class Obstacle(StrEnum):
    """What speaks against one."""

    AWAY = "away"
    OFF_DUTY = "off_duty"  # not on shift, or nobody of theirs watches at this hour
    RESPONDENT = "respondent"  # the complaint names them
    BENEATH = "beneath"  # reports to somebody whom it names
    FINDER = "finder"  # brought it in
    GAVE_BACK = "gave_back"  # had it last before it was given back, and said that it is not theirs


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of staff as the rule sees them. sites, stages, categories, channels: what they are for; empty for all.

    load: open tasks. idle_since: when they last got one; None: never. duty: on duty now; None: no rota says anything of them at
    this hour. watch: does not handle such matters, and is asked only because on duty. head: responsible by office. beneath:
    reports to somebody of whom it complains.
    """

    person: str
    sites: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    load: int = 0
    idle_since: datetime | None = None
    away: bool = False
    duty: bool | None = None
    watch: bool = False
    head: bool = False
    beneath: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who was chosen, why, with how much in hand, and which nearer ones were passed over. Its text can be read back."""

    person: str
    grounds: tuple[Ground, ...]
    load: int
    passed: tuple[tuple[str, Obstacle], ...] = ()

    def __str__(self) -> str:
        passed = " ".join(f"{person}={obstacle}" for person, obstacle in self.passed)
        return f"auto {self.load} {','.join(self.grounds)} {passed}".rstrip()

    @classmethod
    def read(cls, text: str, person: str = "") -> Assignment | None:
        """Return what `str` wrote; None for any other reason, such as a person's own."""
        match = re.fullmatch(r"auto (\d+) ([a-z_,]*)((?: \S+=[a-z_]+)*)", text)
        if match is None:
            return None
        try:
            grounds = tuple(Ground(word) for word in match[2].split(",") if word)
            passed = tuple((who, Obstacle(why)) for who, _, why in (p.partition("=") for p in match[3].split()))
        except ValueError:  # written by another version
            return None
        return cls(person, grounds, int(match[1]), passed)


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody could be chosen, and what kept each of those who fit."""

    passed: tuple[tuple[str, Obstacle], ...] = ()

    def __str__(self) -> str:
        return " ".join(f"{person}={obstacle}" for person, obstacle in self.passed)


_PASSED_MAX = 5  # names in a reason: it is read in a chat


def choose(complaint: Complaint, candidates: Sequence[Candidate]) -> Assignment | Nobody:
    """Return who gets the complaint and why, or that nobody can.

    candidates: those able for it, whoever watches (`watch`), and the head by office (`head`): those two only when nobody else
    is left, in that order.
    """
    nearness: dict[object, _Near | None] = {}  # of those who are for the same: mostly all of them
    fitting = []
    for each in candidates:
        what_for = (each.sites, each.stages, each.categories, each.channels, each.watch or each.head)
        if what_for not in nearness:
            nearness[what_for] = _for(complaint, each)
        if (near := nearness[what_for]) is not None:
            fitting.append((_nearness(near, each), each))
    ordered = [each for _, each in sorted(fitting, key=itemgetter(0))]
    passed: list[tuple[str, Obstacle]] = []
    for index, candidate in enumerate(ordered):
        obstacle = _obstacle(complaint, candidate)
        if obstacle is None:
            grounds = _grounds(complaint, candidate, ordered[index + 1 :])
            return Assignment(candidate.person, grounds, candidate.load, tuple(passed[-_PASSED_MAX:]))
        if (candidate.person, obstacle) not in passed:
            passed.append((candidate.person, obstacle))
    return Nobody(tuple(passed[-_PASSED_MAX:]))


_Near = tuple[int, int, int, int]
_LAST: _Near = (1, 1, 3, 1)  # whoever is asked only because nobody else is left


def _for(complaint: Complaint, candidate: Candidate) -> _Near | None:
    """Return how near a person is for the site, stage, category and channel, 0 the nearest; None: not for them at all.

    What is not known of the complaint bars nobody.
    """
    if candidate.watch or candidate.head:
        return _LAST
    site, stage = _near(complaint.site, candidate.sites), _near(complaint.stage, candidate.stages)
    category, channel = _category(complaint.category, candidate), _near(complaint.channel, candidate.channels)
    if site is None or stage is None or category is None or channel is None:
        return None
    return site, stage, category, channel


def _near(value: str, theirs: frozenset[str]) -> int | None:
    if not value or not theirs:
        return 1
    return 0 if value in theirs else None


def _category(category: str, candidate: Candidate) -> int | None:
    if category in candidate.categories:
        return 0
    if category.partition(".")[0] in candidate.categories:
        return 1
    return 2 if not candidate.categories or "*" in candidate.categories else None


def _nearness(near: _Near | None, candidate: Candidate) -> tuple[object, ...]:
    """Return by what candidates are put in order. near: for what is to be done, as `_for` has it."""
    since = candidate.idle_since
    return (
        candidate.head,
        candidate.watch,
        near,
        candidate.duty is not True,
        candidate.load,
        since.timestamp() if since else 0.0,
        candidate.person,
    )


def _obstacle(complaint: Complaint, candidate: Candidate) -> Obstacle | None:
    if candidate.person in complaint.respondents:
        return Obstacle.RESPONDENT
    if candidate.beneath:
        return Obstacle.BENEATH
    if candidate.person == complaint.finder:
        return Obstacle.FINDER
    if candidate.person == _gave_back(complaint):
        return Obstacle.GAVE_BACK
    if candidate.away:
        return Obstacle.AWAY
    return Obstacle.OFF_DUTY if candidate.duty is False else None


def _gave_back(complaint: Complaint) -> str | None:
    """Return who gave the complaint back last: no rule gives it to them again, a person may."""
    at = complaint.marked(EventKind.GIVEN_BACK)
    had = [task for task in complaint.tasks if at is not None and not task.assisting and task.assigned_at <= at]
    return had[-1].assignee if had else None


def _grounds(complaint: Complaint, chosen: Candidate, others: Sequence[Candidate]) -> tuple[Ground, ...]:
    if chosen.head:
        return (Ground.HEAD,)
    if chosen.watch:
        return (Ground.WATCH,)
    grounds = [
        ground
        for ground, fits in (
            (Ground.SITE, complaint.site in chosen.sites),
            (Ground.STAGE, complaint.stage in chosen.stages),
            (Ground.CATEGORY, _category(complaint.category, chosen) in (0, 1)),
            (Ground.CHANNEL, complaint.channel in chosen.channels),
            (Ground.ON_DUTY, chosen.duty is True),
        )
        if fits
    ]
    near = _nearness(_for(complaint, chosen), chosen)[:4]
    equals = takewhile(lambda other: _nearness(_for(complaint, other), other)[:4] == near, others)
    following = next((other for other in equals if _obstacle(complaint, other) is None), None)
    if following is not None:
        grounds.append(Ground.LEAST if following.load > chosen.load else Ground.IDLE)
    return tuple(grounds) or (Ground.ONLY,)


# ── what follows ──────────────────────────────────────────────────────────────────────────────────────────────────────


def nobody_available(complaint: Complaint, found: Nobody, now: datetime, *, head: bool) -> Change:
    """Nobody who could have it is there: an event of which the service centre hears, else a leader (trap 37).

    head: there is a head of the unit or site, who hears it, too.
    """
    complaint, event = move(
        complaint, Step.TICK, SYSTEM, now, EventKind.NOBODY_AVAILABLE, facts={"passed": str(found)}, nobody_since=now
    )
    notices = [Notice(NoticeKind.NEEDS_ASSIGNMENT, To(role=Role.AGENT))]
    if head:
        notices.append(Notice(NoticeKind.NOBODY_AVAILABLE, To(post=Post.UNIT_HEAD)))
    return Change(complaint, (event,), tuple(notices))


RULE = "nobody_available"
_AGAIN = timedelta(days=1)


def given_back(complaint: Complaint) -> bool:
    """Say whether nobody has it because it was given back: then the centre decides who does it, and no rule does."""
    since = complaint.nobody_since
    had = next((task.assignee for task in reversed(complaint.tasks) if not task.assisting), None)
    return since is not None and since == complaint.marked(EventKind.GIVEN_BACK) and had not in complaint.respondents


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when the head or the centre hears again that nobody is there: daily while it lasts."""
    since, over = complaint.nobody_since, complaint.settled or complaint.status is Status.RESOLVED
    if since is not None and not over and complaint.task is None:
        told = complaint.nobody_told + 1
        yield Timer(RULE, f"{since.isoformat()}/{told}", since + told * _AGAIN)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Say it again; after an outage once for all the days that went by."""
    if not any(timer == each for each in wanted(complaint, terms)):
        return None
    assert complaint.nobody_since is not None
    days = max((now - complaint.nobody_since) // _AGAIN, 1)
    facts = {"since": complaint.nobody_since.isoformat()}
    complaint, event = move(
        complaint, Step.TICK, SYSTEM, now, EventKind.NOBODY_AVAILABLE, facts=facts, nobody_told=days
    )
    told = [To(post=Post.UNIT_HEAD)]
    if given_back(complaint):
        facts, told = facts | {"given_back": "yes"}, [To(role=Role.AGENT), To(role=Role.CENTER_LEAD)]
    return Change(complaint, (event,), tuple(Notice(NoticeKind.NOBODY_AVAILABLE, to, facts) for to in told))


# ── the stage, as customers tell it ───────────────────────────────────────────────────────────────────────────────────


_STAGES = (
    (
        Stage.AFTER_WARRANTY,
        r"过了?(?:保修|质保)期?|(?:保修|质保)期?(?:已经?)?(?:过了|外|满了)|(?:出|超)了?(?:保修|质保)期?"
        r"|out of warranty|warranty (?:has )?expired",
    ),
    (Stage.WARRANTY, r"(?:保修|质保)期?内|还在(?:保修|质保)|under warranty|in warranty"),
    (
        Stage.BEFORE_HANDOVER,
        r"(?:未|没有?|尚未)(?:收房|验房|交房|交楼|交付|入住)|入住前|(?:收房|验房|交房)(?:时|当天|那天)|(?:延期|逾期|迟迟不)交[房楼付]"
        r"|before (?:the )?hand-?over|before moving in",
    ),
    (Stage.SIGNING, r"签(?:约|合同|了合同)|认购|认筹|网签|按揭|办证|signing the contract|mortgage"),
    (Stage.PRESALE, r"售前|想买房|去看房|样板间|售楼处|sales office|show (?:flat|home)"),
)


def told_stage(text: str) -> str:
    """Return the stage that the words tell plainly; empty where they do not, or tell several."""
    folded = text[:4000].casefold()
    found = [stage for stage, pattern in _STAGES if re.search(pattern, folded)]
    if Stage.AFTER_WARRANTY in found:
        found = [stage for stage in found if stage is not Stage.WARRANTY]
    return found[0] if len(found) == 1 else ""
