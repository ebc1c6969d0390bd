"""What somebody was asked and has not done: proposals to check, calls to make, words to let out, orders, duties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.answers import Answer
from bot.dialogue.turn import Turn
from bot.storage import queues
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.permissions import Errand, Step, permitted
from complaints.vocabulary import Status

_LATELY = 60  # notices in which what was asked is looked for
_SHOWN = 9
_WAITS: Final[Mapping[NoticeKind, Callable[[Complaint], bool]]] = {
    NoticeKind.GRADE_PROPOSED: lambda complaint: complaint.proposal is not None,
    NoticeKind.PLEASE_PHONE: lambda complaint: bool(complaint.calls),
    NoticeKind.WORDS_HELD: lambda complaint: bool(complaint.unspoken),
    NoticeKind.PROGRESS_RELEASE: lambda complaint: complaint.unreleased is not None,
    NoticeKind.EXTENSION_ASKED: lambda complaint: complaint.extension is not None,
    NoticeKind.HOLD_ASKED: lambda complaint: complaint.hold is not None,
    NoticeKind.ORDER: lambda complaint: any(order.answered_at is None for order in complaint.orders),
    NoticeKind.HELP_NEEDED: lambda complaint: not complaint.help_needed,
    NoticeKind.REVIEW: lambda complaint: complaint.status is Status.UNDER_REVIEW,
    NoticeKind.DUTY_BEGINS: lambda complaint: any(deadline.whose is not None for deadline in complaint.running),
}
"""What asks for something, and while it is still to be done; the most pressing first."""

_DECIDED_BY: Final[Mapping[NoticeKind, Step]] = {
    NoticeKind.EXTENSION_ASKED: Step.DECIDE_EXTENSION,
    NoticeKind.HOLD_ASKED: Step.HOLD,
    NoticeKind.REVIEW: Step.REGISTER,
}
"""What asks for a decision, which its reminder does too: of whoever may decide. Their superior is only told of it."""


async def tell_asked(turn: Turn) -> bool:
    """List what the speaker was asked and nobody has done yet; False where there is nothing."""
    rows = []
    for kind, waits in _WAITS.items():
        asking = [kind, NoticeKind.DECISION_WAITS] if kind in _DECIDED_BY else [kind]
        references = await queues.lately_told(turn.work, turn.person.id, asking, _LATELY)
        await turn.work.prefetch_complaints(references)
        for reference in references:
            complaint = await turn.work.complaint(reference)
            if complaint is None or complaint.settled or not waits(complaint):
                continue
            if permitted(complaint, _DECIDED_BY.get(kind, Errand.STATUS), turn.as_()):
                rows.append(f"{reference}|{kind}")
    if not rows:
        return False
    more = {"more": str(len(rows) - _SHOWN)} if len(rows) > _SHOWN else {}
    turn.answer(Answer.ASKED_OF_YOU, None, rows="\n".join(rows[:_SHOWN]), **more)
    return True
