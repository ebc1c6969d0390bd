"""What somebody was asked and has not done: proposals to check, calls to make, words to let out, orders, duties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.answers import Answer
from bot.dialogue.turn import Turn
from bot.storage import queues
from complaints import deciding
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.permissions import Act, Errand, permitted

_LATELY = 60  # notices in which what was asked is looked for
_SHOWN = 9
_WAITS: Final[Mapping[NoticeKind, Callable[[Complaint], bool]]] = {
    NoticeKind.GRADE_PROPOSED: lambda complaint: complaint.proposal is not None,
    NoticeKind.PLEASE_PHONE: lambda complaint: bool(complaint.calls),
    NoticeKind.WORDS_HELD: lambda complaint: bool(complaint.unspoken),
    NoticeKind.PROGRESS_RELEASE: lambda complaint: complaint.unreleased is not None,
    NoticeKind.ORDER: lambda complaint: any(order.answered_at is None for order in complaint.orders),
    NoticeKind.HELP_NEEDED: lambda complaint: not complaint.help_needed,
    NoticeKind.DUTY_BEGINS: lambda complaint: any(deadline.whose is not None for deadline in complaint.running),
}
"""What asks for something else than a decision, and while it is still to be done."""

_ASK: Final = (
    NoticeKind.GRADE_PROPOSED,
    NoticeKind.PLEASE_PHONE,
    NoticeKind.WORDS_HELD,
    NoticeKind.PROGRESS_RELEASE,
    NoticeKind.EXTENSION_ASKED,
    NoticeKind.HOLD_ASKED,
    NoticeKind.PART_TIME_ASKED,
    NoticeKind.ORDER,
    NoticeKind.HELP_NEEDED,
    NoticeKind.REVIEW,
    NoticeKind.DUTY_BEGINS,
)
"""What asks for something, the most pressing first."""


OUTWARD: Final = (NoticeKind.WORDS_HELD, NoticeKind.PROGRESS_RELEASE)
"""What asks to let words out."""


async def tell_asked(turn: Turn, kinds: Sequence[NoticeKind] = _ASK) -> bool:
    """List what the speaker was asked and nobody has done yet; False where there is nothing."""
    rows = []
    for kind in kinds:
        asking = [kind] if kind in _WAITS else [kind, NoticeKind.DECISION_WAITS]  # which its reminder does, too
        references = await queues.lately_told(turn.work, turn.person.id, asking, _LATELY)
        await turn.work.prefetch_complaints(references)
        for reference in references:
            complaint = await turn.work.complaint(reference)
            if complaint is None or complaint.settled:
                continue
            act = to_do(kind, complaint)
            if act is not None and permitted(complaint, act, turn.as_()):
                rows.append(f"{reference}|{kind}")
    if not rows:
        return False
    more = {"more": str(len(rows) - _SHOWN)} if len(rows) > _SHOWN else {}
    turn.answer(Answer.ASKED_OF_YOU, None, rows="\n".join(rows[:_SHOWN]), **more)
    return True


def to_do(kind: NoticeKind, complaint: Complaint) -> Act | None:
    """Return what whoever is to do it must be permitted; None where nothing of the kind waits. Whoever only hears of a
    decision that others have to take may not take it.
    """
    if kind in _WAITS:
        return Errand.STATUS if _WAITS[kind](complaint) else None
    return next((wish.step for wish in deciding.waiting(complaint) if wish.asked is kind), None)
