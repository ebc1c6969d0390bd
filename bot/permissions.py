"""The table of permissions as people and programs read it: docs/permissions.md and `complaintbot permissions` are made here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from complaints.lifecycle import TRANSITIONS
from complaints.permissions import APPROVERS, OF_ONE, PERMISSIONS, THOUGH_NAMED, WHEN_ASKED, Act, Errand, Step, Tie
from complaints.vocabulary import Role, Status

_TIES = {
    Tie.ANY: "every complaint",
    Tie.OWN: "they are its customer",
    Tie.FOUND: "they brought it in",
    Tie.TASK: "it is with them",
    Tie.WORKED: "a task of it is, or was, theirs",
    Tie.PLACE: "it is at a site they work for (whoever has none works for all)",
    Tie.LED: "it is at a site they head, or with somebody of their unit or below them; with nobody, any head's",
    Tie.REVIEW: "it is under review",
    Tie.MEDIA: "it is a matter of the media",
    Tie.PART: "an assisting part of it is theirs",
    Tie.HAD: "it is with them, or was when it was reported done",
    Tie.FORCE: "they are of its task force",
    Tie.COMMAND: "they command its task force",
    Tie.ASKED: "their opinion of it was asked for",
}
_INTRODUCTION = """\
# Permissions

Made from `complaints/permissions.py` by `complaintbot permissions --markdown`; a test holds the two together.

A row is something that is done or read, a column a role, a cell what somebody in that role must have to do with the
complaint. An empty cell: not at all. Several words: any one of them. Whether it is possible in the complaint's present status
is the last table. One gate asks both, for chat, mail and SMS alike.

Beyond the tables:

- **Whoever a complaint names** may do and read none of it: its number looks unknown to them, its notices and lists leave them
  out. They may do {though_named} alone. What would be for them goes to their superior.
- Where it names somebody of the service centre, their superior may do there what the centre's lead may.
- Whom its policy asks for more time or for a pause (`approver`) may decide about it, too: {approvers}.
- Nobody decides on their own wish for it. Where nobody else could, it is put to the next above who asks, else to the leaders;
  as long as it waits, these may do {when_asked} there.
- Whoever commands a complaint's task force is its commander, whatever else they are.
- Where a complaint is not theirs, customers are answered as if the number did not exist; colleagues hear why, and whom to ask.
- Of what is over, or done and waiting for its customer, whoever may read it hears that instead: nobody has it in hand any more.
"""


def as_markdown() -> str:
    """Return the page docs/permissions.md."""
    though_named = ", ".join(f"`{act}`" for act in sorted(THOUGH_NAMED))
    when_asked = ", ".join(f"`{act}`" for act in sorted(WHEN_ASKED))
    approvers = ", ".join(f"{role} ({_tie(tie)})" for role, tie in APPROVERS.items())
    parts = [
        _INTRODUCTION.format(though_named=though_named, approvers=approvers, when_asked=when_asked),
        "## What the words in the cells mean\n",
        *(f"- `{_tie(tie)}`: {words}" for tie, words in _TIES.items()),
        "\n## Steps: what moves a complaint\n",
        *_table(Step),
        "\n## Reading one complaint\n",
        *_table(errand for errand in Errand if errand in OF_ONE),
        "\n## Lists, figures, arrangements\n",
        *_table(errand for errand in Errand if errand not in OF_ONE),
        "\n## In which status\n",
        "A cell is the status that the step leads to; `·` leaves it as it is.\n",
        *_statuses(),
    ]
    return "\n".join(parts) + "\n"


def as_json() -> dict[str, object]:
    """Return `{"steps": {act: {role: [tie]}}, "errands": …, "transitions": {step: {status: status}}}`."""
    return {
        "steps": {str(step): _row(step) for step in Step},
        "errands": {str(errand): _row(errand) for errand in Errand},
        "though_named": sorted(THOUGH_NAMED),
        "transitions": {
            str(step): {str(old): str(new) for (old, each), new in TRANSITIONS.items() if each is step} for step in Step
        },
    }


def _tie(tie: Tie) -> str:
    return "|".join(str(each.name).lower() for each in tie)


def _row(act: Act) -> dict[str, list[str]]:
    return {str(role): _tie(tie).split("|") for role, tie in PERMISSIONS[act].items()}


def _table(acts: Iterable[Act]) -> Iterator[str]:
    chosen = list(acts)
    roles = [role for role in Role if any(role in PERMISSIONS[act] for act in chosen)]
    yield f"| | {' | '.join(roles)} |"
    yield f"|---|{'---|' * len(roles)}"
    for act in chosen:
        cells = (
            ", ".join(_tie(PERMISSIONS[act][role]).split("|")) if role in PERMISSIONS[act] else "" for role in roles
        )
        yield f"| `{act}` | {' | '.join(cells)} |"


def _statuses() -> Iterator[str]:
    yield f"| | {' | '.join(Status)} |"
    yield f"|---|{'---|' * len(Status)}"
    for step in Step:
        ends = (TRANSITIONS.get((status, step)) for status in Status)
        cells = ("" if new is None else "·" if new is old else str(new) for old, new in zip(Status, ends, strict=True))
        yield f"| `{step}` | {' | '.join(cells)} |"
