"""One voice outward: while the press is involved, a commander leads, or a wording is not agreed to, what others want to say
outside waits (R-039, R-053, R-069). So does a plan that promises more money than its author may promise (R-078).

Whoever works on it goes on as before; only the words wait, until whoever alone may speak lets them out, rewords them or keeps
them back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from complaints import finishing, handling, mediating, press, redress
from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.duties import CUSTOMER, DUTIES, tick
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.weighing import Publication, Utterance
from complaints.patterns import deferred
from complaints.permissions import Bar, permitted
from complaints.promises import Terms, reach, reconsider
from complaints.vocabulary import Flag, Milestone, Role

_Say: TypeAlias = Callable[[Complaint, str, Actor, Terms, datetime], Change]


def _duty(name: str) -> _Say:
    return lambda complaint, text, actor, terms, now: tick(complaint, DUTIES[name], text, actor, terms, now)


_SAYING: Mapping[str, _Say] = {
    "report": handling.report,
    "propose": handling.propose,
    # Whether steps of the plan are open has been asked before the words were kept.
    "resolve": lambda complaint, text, actor, terms, now: finishing.finish(
        complaint, text, actor, terms, now, all_steps=True
    ),
    "invalidate": lambda complaint, text, actor, _, now: handling.invalidate(complaint, text, actor, now),
    "close": handling.close,
    "mediation_over": mediating.end,
    **{name: _duty(name) for name, duty in DUTIES.items() if CUSTOMER in duty.tells or name == "forum_replied"},
}
"""What is said outside, each with the step that says it."""

_PAPERS = (
    r"channel (?:\d{1,2}|one|two|three|four|five|news)\b"
    r"|bbc|itv|cnn|cbs|nbc|abc news|sky news|reuters|newspapers?|magazine|newsroom|news ?desk"
    r"|news(?= ?(?:[,.;:!?]|and\b|here\b|team\b|$))"
    r"|tv station|television|radio(?: \d)?|broadcaster|(?:press|news) agency"
    r"|(?:daily|evening|morning|sunday|weekly) (?:post|mail|news|times|standard|herald|star|telegraph|mirror|echo|express|press"
    r"|paper|chronicle)|(?:south )?china (?:morning post|daily)|guardian|tribune|gazette"
)
_PRESS = deferred(
    r"(?:我们?是|这里是|本人是?)(?:(?!找|叫|联系|请|打|给|让|不)[^，。,.!！?？;；\n]){0,12}"
    r"(?:记者(?!的|家|朋友)|(?:电视台|日报|晚报|晨报|都市报|报社|通讯社|新闻(?:频道|栏目|中心))的)"
    r"|\b(?:i am|i['’]m) (?:an?|the) (?:(?!of\b)[\w']+ ){0,4}(?:reporter|journalist|correspondent)\b"
    r"|\bwe are (?:the )?(?:reporters|journalists)\b"
    r"|\b(?:(?:i|we) (?:write|work|report|film|freelance) for"
    r"|(?:i am|i['’]m|we are|we['’]re|this is(?: \w+){0,3}|it['’]s \w+) (?:from|with|at)"
    r"|(?:calling|writing|phoning|ringing|speaking|getting in touch) (?:from|for|on behalf of)"
    r"|(?:i am|i['’]m) an? (?:\w+ ){0,2}(?:producer|editor|presenter|columnist) (?:at|for|with|of)|we are(?= the)"
    r"|(?:^|[.!?,:] ?)(?:hi|hello|good \w+)?,? ?this is(?= (?:the )?"
    r"(?:channel (?:\d|one|two|three|four|five|news)|bbc|itv|cnn|cbs|nbc|abc news|"
    r"sky news|reuters)\b))"
    rf"(?: (?:the )?(?:[\w&'’-]+ ){{0,3}}?(?:{_PAPERS})| the times(?! of))\b"
    r"(?! (?:house|court|road|street|lane|towers?|block|building|gardens?|flats|apartments?|room|close|park|stand)\b)"
    r"|\b(?:we|i|the paper) go(?:es)? to (?:print|press)\b"
    r"|\bgoing to (?:print|press) (?:at|tonight|today|tomorrow|on|this)\b"
    r"|\b(?:we(?:['’]re| are)|(?:our|my|the) (?:paper|programme|channel|magazine) is)"
    r" (?:running|publishing|working on|broadcasting|airing) (?:an?|the)"
    r" (?:\w+ )?(?:story|article|piece|feature|segment)\b(?! of)"
    r"|\bour (?:readers|viewers|listeners|newsroom)\b"
    r"|\b(?:comment|statement|response|reply|quote) (?:for|before) (?:publication|our (?:story|article|readers|piece|programme)"
    r"|the record|broadcast|we (?:publish|print|go))",
    re.IGNORECASE,
)
_OUTSIDE = frozenset(
    {
        NoticeKind.PROGRESS,
        NoticeKind.PLAN,
        NoticeKind.SURVEY,
        NoticeKind.INVALID,
        NoticeKind.CLOSED_UNSETTLED,
        NoticeKind.MEDIATION_OVER,
    }
)
"""Notices that carry a colleague's words outside."""
_PROMISES = frozenset(
    {
        NoticeKind.TAKEN_UP,
        NoticeKind.PROMISE_MISSED,
        NoticeKind.PROMISE_MOVED,
        NoticeKind.EXTENDED,
        NoticeKind.HELD,
        NoticeKind.RESUMED,
    }
)
"""Notices that tell a customer who works on it and when they hear; the press hears that from whoever answers it alone."""
_ALWAYS = frozenset({"report", "resolve", "forum_replied"})  # said outside at once or later, or where others read it
_OF_THE_MATTER = frozenset({"report", "propose", "resolve", "invalidate"})  # each customer of a group reads it
_ASKED = frozenset({EventKind.SUPPLEMENTED, EventKind.URGED})  # what the other side said
_READ = 4000  # characters of a message in which that is looked for
SAYING = frozenset(_SAYING)


def from_the_press(text: str) -> bool:
    """Say whether somebody says of themselves that they are a journalist; who means to call one is none."""
    return _PRESS.search(text[:_READ]) is not None


def voice(complaint: Complaint, terms: Terms) -> tuple[To, ...]:
    """Return who alone may speak outward; nobody in particular where it is empty. A commander comes before the press's own."""
    rule = terms.policy.outward
    if complaint.commander is not None and complaint.severity in rule.commander:
        return (To(person=complaint.commander),)
    if Flag.MEDIA in complaint.flags and rule.media:
        return tuple(To(role=role) for role in rule.media)
    return (To(role=Role.CENTER_LEAD),) if _unworded(complaint) else ()


def _unworded(complaint: Complaint) -> bool:
    """Say whether a wording was put down and is not agreed to: until then no answer goes outside that may differ (R-053)."""
    return complaint.wording is not None and complaint.wording.agreed_at is None


def waits_for_wording(complaint: Complaint, terms: Terms) -> bool:
    """Say whether words wait for nothing but that the wording is agreed to."""
    return _unworded(complaint) and not voice(replace(complaint, wording=None), terms)


def may_speak(complaint: Complaint, actor: Actor, terms: Terms) -> bool:
    """Say whether somebody's words may go outside as they are."""
    alone = voice(complaint, terms)
    if waits_for_wording(complaint, terms):
        return permitted(complaint, Step.AGREE_WORDING, actor)
    return not alone or any(to.person == actor.person if to.person else to.role in actor.roles for to in alone)


def heard_of_the_press(change: Change, terms: Terms, now: datetime) -> Change:
    """Return a decision with the mark of the media, where its customer has just said that they write for the press (R-069)."""
    complaint = change.complaint
    if press.writes(complaint) or complaint.settled or complaint.drill:
        return change
    said = [each.note for each in change.events if each.kind in _ASKED and each.by == complaint.complainant]
    if not any(from_the_press(note) for note in said):
        return change
    complaint = press.known_to_write(complaint, now)
    if Flag.MEDIA in complaint.flags:
        return replace(change, complaint=complaint)
    facts = {"duty": "media", "press": "yes"}
    marked, event = move(
        complaint, Step.TICK, SYSTEM, now, EventKind.DUTY_DONE, "", facts, flags=complaint.flags | {Flag.MEDIA}
    )
    marked = reconsider(marked, complaint, terms, now)
    told = {**facts, "who": "", "text": ""}
    notices = tuple(
        Notice(NoticeKind.DUTY_DONE, To(role=role), told) for role in (Role.MEDIA_OFFICER, Role.CENTER_LEAD)
    )
    return Change(marked, (*change.events, event), (*change.notices, *notices))


def put_to_the_voice(change: Change, terms: Terms) -> Change:
    """Return a decision with the word to whoever alone answers the press of what was just said or asked in its case (R-069)."""
    complaint = change.complaint
    if Flag.MEDIA not in complaint.flags or complaint.settled:
        return change
    said = [each.note for each in change.events if each.kind in _ASKED and each.note]
    to = voice(complaint, terms) if said else ()
    notices = tuple(Notice(NoticeKind.STAFF_SUPPLEMENT, each, {"text": "\n".join(said)}) for each in to)
    return replace(change, notices=(*change.notices, *notices))


def unpromised(change: Change) -> Change:
    """Return a decision without what would tell a journalist who works on it and when they hear (R-069)."""
    complaint = change.complaint
    if not press.writes(complaint):
        return change
    theirs = To(person=complaint.complainant)
    kept = tuple(each for each in change.notices if each.to != theirs or each.kind not in _PROMISES)
    return replace(change, notices=kept)


def money_waiting(complaint: Complaint, terms: Terms) -> str:
    """Return the money of the newest plan that waits for the lead's consent alone, as it was written; "" where none does."""
    waiting = complaint.unspoken[-1] if complaint.unspoken else None
    if waiting is None or not _for_the_lead(complaint, waiting, terms):
        return ""
    return redress.read(waiting.text)[1].amount


def _costs(what: str, text: str, terms: Terms) -> bool:
    """Say whether words promise more money than anybody but the centre's lead may promise."""
    most = terms.policy.outward.consent_above
    return what == "propose" and most > 0 and redress.read(text)[1].money > most


def _for_the_lead(complaint: Complaint, waiting: Utterance, terms: Terms) -> bool:
    """Say whether words wait for nothing but the lead's consent."""
    return _costs(waiting.what, waiting.text, terms) and (waiting.passed or not voice(complaint, terms))


def _may_let_out(complaint: Complaint, waiting: Utterance, actor: Actor, terms: Terms) -> bool:
    if _for_the_lead(complaint, waiting, terms):
        return Role.CENTER_LEAD in actor.roles
    return may_speak(complaint, actor, terms)


def say(complaint: Complaint, what: str, text: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Take the step that says something outside, or where another alone may speak, keep the words for them.

    what: a key of the table of what is said. Raises what the step raises: what cannot be said now is not kept either.
    """
    return through(_SAYING[what](complaint, text, actor, terms, now), complaint, what, text, actor, terms, now)


def through(
    decided: Change, complaint: Complaint, what: str, text: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """Return a step that was decided, or where it would say something outside that another alone may, its words kept."""
    outside = what in _ALWAYS or any(notice.kind in _OUTSIDE for notice in decided.notices)
    dear = _costs(what, text, terms) and Role.CENTER_LEAD not in actor.roles
    if not outside or (may_speak(complaint, actor, terms) and not dear):
        return decided
    assert actor.person is not None
    before = handling.taken_on(complaint, actor, terms, now)
    complaint = before.complaint
    number = max((each.number for each in complaint.unspoken), default=0) + 1
    words = Utterance(number, what, text.strip(), actor.person, actor.roles, actor.channel, now)
    others = tuple(each for each in complaint.unspoken if (each.what, each.by) != (what, actor.person))
    facts = {"what": what, "number": str(number)}
    complaint, event = move(
        complaint, Step.TICK, SYSTEM, now, EventKind.WORDS_HELD, words.text, facts, unspoken=(*others, words)
    )
    if what == "report":
        complaint = replace(complaint, reported_at=now)
    event = replace(event, by=actor.person, channel=actor.channel)
    return before + Change(complaint, (event,), _asking(complaint, words, terms))


def readers(complaint: Complaint, what: str) -> tuple[str, ...]:
    """Return the numbers of those whose customers read what is said: an answer is for one, what is of the matter for all.

    Empty where it is said in a forum, and no customer is written to.
    """
    if what == "forum_replied":
        return ()
    return (complaint.reference, *(complaint.members if what in _OF_THE_MATTER else ()))


def _asking(complaint: Complaint, words: Utterance, terms: Terms) -> tuple[Notice, ...]:
    facts = {"who": words.by, "what": words.what, "text": words.text}
    facts["readers"] = ",".join(readers(complaint, words.what))
    if _for_the_lead(complaint, words, terms):
        facts["amount"] = redress.read(words.text)[1].amount
        return (Notice(NoticeKind.WORDS_HELD, To(role=Role.CENTER_LEAD), facts),)
    if waits_for_wording(complaint, terms):
        facts["wording"] = "yes"
    return tuple(Notice(NoticeKind.WORDS_HELD, to, facts) for to in voice(complaint, terms))


def let_out(complaint: Complaint, words: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Whoever alone may speak lets the oldest words that wait out, in better `words` where there are some.

    Older ones that cannot be said any more, as by somebody who has it no longer, hold up nothing: they are dropped, and whoever
    wanted to say them hears it. Raises what the oldest raises where none can be said.
    """
    dropped, refusal = Change(complaint), None
    for waiting in _waiting_for(complaint, actor, terms):
        try:
            return dropped + _spoken(dropped.complaint, waiting, words.strip(), actor, terms, now)
        except (IllegalStep, Missing, NotAllowed) as refused:
            refusal = refusal or refused
            dropped += _dropped(dropped.complaint, waiting, "", actor, now)
    assert refusal is not None, "words wait"
    raise refusal


def _spoken(complaint: Complaint, waiting: Utterance, better: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    if better and waiting.what == "propose":
        better = redress.with_basis(better, waiting.text)
    if _costs(waiting.what, better or waiting.text, terms) and Role.CENTER_LEAD not in actor.roles:
        return _passed_on(complaint, waiting, better, actor, terms, now)
    facts = {"what": waiting.what, "by": waiting.by} | ({"edited": "yes", "said": waiting.text} if better else {})
    rest = tuple(each for each in complaint.unspoken if each is not waiting)
    complaint, event = move(
        complaint, Step.SPEAK, actor, now, EventKind.WORDS_SPOKEN, better or waiting.text, facts, unspoken=rest
    )
    speaker = Actor(waiting.by, waiting.roles, waiting.channel)
    told = {"who": actor.person or "", "what": waiting.what, "text": better or waiting.text}
    notice = Notice(
        NoticeKind.WORDS_SPOKEN,
        To(person=waiting.by),
        told | ({"edited": "yes"} if better else {}),
        but_not=actor.person or "",
    )
    spoken = Change(complaint, (event,), (notice,))
    return spoken + _SAYING[waiting.what](complaint, better or waiting.text, speaker, terms, now)


def _passed_on(
    complaint: Complaint, waiting: Utterance, better: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """Whoever speaks outward lets out what costs more than they may promise: it goes on waiting, for the lead."""
    passed = replace(waiting, text=better or waiting.text, passed=True)
    facts = {"what": waiting.what, "number": str(waiting.number)} | ({"edited": "yes"} if better else {})
    complaint, event = move(
        complaint,
        Step.SPEAK,
        actor,
        now,
        EventKind.WORDS_HELD,
        passed.text,
        facts,
        unspoken=tuple(passed if each is waiting else each for each in complaint.unspoken),
    )
    return Change(complaint, (event,), _asking(complaint, passed, terms))


def worded(change: Change, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Return a decision by which the wording counts with the words that waited for it let out, the oldest first.

    Whoever agreed has read them. Those that wait for another voice go on waiting; what cannot be said any more is dropped, and
    whoever wanted to say it hears that.
    """
    if _unworded(change.complaint) or voice(change.complaint, terms):
        return change
    for waiting in change.complaint.unspoken:
        try:
            change += _spoken(change.complaint, waiting, "", actor, terms, now)
        except (IllegalStep, Missing, NotAllowed):
            change += _dropped(change.complaint, waiting, "", actor, now)
    return change


def keep_back(complaint: Complaint, reason: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Whoever alone may speak does not let the oldest words that wait out; who wanted to say them hears why."""
    return _dropped(complaint, _waiting_for(complaint, actor, terms)[0], reason.strip(), actor, now)


def _dropped(complaint: Complaint, waiting: Utterance, reason: str, actor: Actor, now: datetime) -> Change:
    rest = tuple(each for each in complaint.unspoken if each is not waiting)
    facts = {"what": waiting.what, "by": waiting.by, "said": waiting.text}
    complaint, event = move(complaint, Step.SPEAK, actor, now, EventKind.WORDS_DROPPED, reason, facts, unspoken=rest)
    told = {"what": waiting.what, "text": waiting.text, "reason": reason}
    return Change(complaint, (event,), (Notice(NoticeKind.WORDS_DROPPED, To(person=waiting.by), told),))


def _waiting_for(complaint: Complaint, actor: Actor, terms: Terms) -> tuple[Utterance, ...]:
    """Return the words that somebody may let out, the oldest first. Raises NotAllowed or IllegalStep where there are none."""
    check(complaint, Step.SPEAK, actor)
    theirs = tuple(each for each in complaint.unspoken if _may_let_out(complaint, each, actor, terms))
    if theirs:
        return theirs
    if complaint.unspoken:
        raise NotAllowed(f"{complaint.reference}: another alone speaks outward", Bar.TIE, Step.SPEAK, complaint)
    _check_voice(complaint, Step.SPEAK, actor, terms)
    raise IllegalStep(f"{complaint.reference}: no words wait to be let out")


def _check_voice(complaint: Complaint, step: Step, actor: Actor, terms: Terms) -> None:
    if not may_speak(complaint, actor, terms):
        raise NotAllowed(f"{complaint.reference}: another alone speaks outward", Bar.TIE, step, complaint)


def publish(complaint: Complaint, url: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """An answer stands where everybody reads it, under this link (R-004, R-071). Raises Missing "url" without one."""
    check(complaint, Step.PUBLISH, actor)
    _check_voice(complaint, Step.PUBLISH, actor, terms)
    if not url.startswith(("https://", "http://")):
        raise Missing("url", f"{complaint.reference}: say under which link it stands")
    assert actor.person is not None
    publications = (*complaint.publications, Publication(url, now, actor.person))
    complaint, event = move(
        complaint, Step.PUBLISH, actor, now, EventKind.PUBLISHED, url, {"url": url}, publications=publications
    )
    return Change(reach(complaint, Milestone.FORUM_REPLIED, terms, now), (event,))


def slips(before: Complaint, change: Change, actor: Actor, terms: Terms) -> bool:
    """Say whether a decision would carry somebody's words outside who may not speak. What was let out may, also a result that
    waited for the last part of the work.
    """
    if may_speak(before, actor, terms) or any(event.kind is EventKind.WORDS_SPOKEN for event in change.events):
        return False
    kinds = _OUTSIDE - {NoticeKind.SURVEY} if before.kept_result is not None else _OUTSIDE
    return any(notice.kind in kinds for notice in change.notices)
