"""What a meaning still lacks, and is asked back for. Pure.

Says it of the words alone: what an open question, a reply or the only complaint in hand supplies, the conversation knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.grammar.meaning import Meaning, Pending, Speaker, Verb
from complaints.grading_words import danger

# What each verb cannot do without: what is asked, and the arguments of which one is enough.
_NEEDS: Final[Mapping[Verb, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    Verb.DONE: (("result", ("result",)),),
    Verb.GIVE_BACK: (("reason", ("reason", "text")),),
    Verb.INVALID: (("reason", ("reason", "text")),),
    Verb.CLOSE: (("reason", ("reason", "text")),),
    Verb.PLAN: (("plan", ("text", "plan")),),
    Verb.REPORT: (("progress", ("text",)),),
    Verb.EXTEND: (("limit", ("limit", "until")), ("reason", ("reason",))),
    Verb.HOLD: (("limit", ("limit",)), ("reason", ("reason", "waits_for"))),
    Verb.TRANSFER: (("who", ("who",)),),
    Verb.ASSIGN: (("who", ("who",)),),
    Verb.GRADE: (("severity", ("severity",)),),
    Verb.VISIT: (("time", ("text",)),),
    Verb.LEAVE: (("time", ("text", "ends")),),
    Verb.COMPLAIN: (("matter", ("text",)),),
    Verb.COMPLAIN_FOR: (("matter", ("text",)),),
    Verb.BIND: (("code", ("code",)),),
    Verb.CALLED: (("rating", ("rating", "agreed", "reached")),),
    Verb.MERGE: (("into", ("into",)),),
    Verb.REWORD: (("text", ("text",)),),
}
_CONFIRMED: Final = frozenset({Verb.WITHDRAW, Verb.LEAVE, Verb.MERGE})
"""Done only after a yes to what was understood."""

_CHOICES: Final[Mapping[Speaker, tuple[Verb, ...]]] = {
    Speaker.CUSTOMER: (Verb.COMPLAIN, Verb.STATUS, Verb.PERSON, Verb.HELP),
    Speaker.EMPLOYEE: (Verb.LIST, Verb.HELP),
    Speaker.HANDLER: (Verb.ACCEPT, Verb.REPORT, Verb.DONE, Verb.EXTEND, Verb.GIVE_BACK, Verb.HELP),
    Speaker.SUPERVISOR: (Verb.LIST, Verb.ASSIGN, Verb.STATUS, Verb.HELP),
}
_ANSWERS: Final[Mapping[Pending, tuple[str, ...]]] = {
    Pending.RATING: ("satisfied", "neutral", "dissatisfied"),
    Pending.YES_NO: ("agree", "disagree"),
    Pending.PLAN: ("agree", "disagree"),
    Pending.VISIT: ("agree", "disagree"),
    Pending.RELEASE: ("release", "keep_back", "reword"),
}


def lacks(meaning: Meaning) -> tuple[str, ...]:
    """Return what is asked back before anything is done: an argument that is missing, or a yes ("confirm")."""
    needed = (asked for asked, names in _NEEDS.get(meaning.verb, ()) if not any(n in meaning.arguments for n in names))
    first = next(needed, None)
    if first is not None:
        return (first,)
    return ("confirm",) if meaning.verb in _CONFIRMED and "ends" not in meaning.arguments else ()


def choices(meaning: Meaning, role: Speaker, pending: Pending) -> tuple[str, ...]:
    """Return what somebody whose words are unclear is asked to choose among; nothing where they are clear."""
    if meaning.verb is not Verb.UNCLEAR:
        return ()
    return _ANSWERS.get(pending) or tuple(str(verb) for verb in _CHOICES[role])


def explained(meaning: Meaning, role: Speaker, pending: Pending) -> dict[str, object]:
    """Return the meaning as JSON, and where there is something to say: what is asked back ("asks", "choices"), what else the
    words may mean ("otherwise"), and the words of danger with the numbers to call first ("danger", "calls").
    """
    shown = meaning.as_json()
    if asked := lacks(meaning):
        shown["asks"] = list(asked)
    if offered := choices(meaning, role, pending):
        shown["choices"] = list(offered)
    if meaning.other is not None and meaning.other.verb is not Verb.UNCLEAR:
        shown["otherwise"] = meaning.other.verb.value
    if (found := danger(meaning.text)) is not None:
        shown |= {"danger": list(found.words), "calls": list(found.calls)}
    return shown
