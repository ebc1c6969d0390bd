"""What a customer said after the first words: whoever judges it, or begins with it, reads all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.grammar.details import find_details
from bot.storage.work import Work
from complaints.change import EventKind
from complaints.complaint import Complaint
from complaints.naming import tells_of_somebody
from complaints.pressing import says_more, says_still

_SAYING: Final = frozenset(
    {EventKind.SUPPLEMENTED, EventKind.AMENDED, EventKind.URGED, EventKind.FACT_TOLD, EventKind.PLAN_REFUSED,
     EventKind.REOPENED, EventKind.RESTORED}
)  # fmt: skip
"""What holds the customer's words, or those of somebody for them."""
_ONLY_IF_MORE: Final = frozenset({EventKind.URGED, EventKind.FACT_TOLD})  # a mere urge or a name tells nobody anything
_MOVED: Final = "→ "  # with which it begins that the words before belong to another complaint
_SHOWN: Final = 5
_WHO: Final = re.compile(
    r"[+\d][\d -]{4,}\d|(?:我叫|我姓|姓名|名字|电话|手机|号码)[是:：]?|先生|女士|小姐|阿姨|叔叔"
    r"|\b(?:my name is|name|phone|mobile|number|flat|room|building|mr|mrs|ms)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Saying:
    """Words, and when they were said."""

    at: datetime
    text: str


async def said_since(work: Work, complaint: Complaint) -> list[Saying]:
    """Return what was added to the first words, the last of it, the oldest first."""
    said: list[Saying] = []
    for event in await work.events_of(complaint.reference):
        text = event.note.strip()
        if event.kind not in _SAYING or not text:
            continue
        if event.kind is EventKind.RESTORED and not tells_of_somebody(text):
            continue  # the mere wish that it go on
        if text.startswith(_MOVED):
            said = said[:-1]
        elif event.kind not in _ONLY_IF_MORE or says_more(_matter(text), complaint.summary, complaint.place):
            said.append(Saying(event.at, text))
    return [each for each in said if each.text not in complaint.summary][-_SHOWN:]


async def only_from_before(work: Work, complaint: Complaint) -> bool:
    """Say whether its place is known of an earlier complaint of its customer alone, and nothing said of this one tells any."""
    others = await work.complaints_of(complaint.complainant) if complaint.place else []
    if not any(each.place == complaint.place and each.received_at < complaint.received_at for each in others):
        return False
    told = (
        complaint.summary,
        *(each.note for each in await work.events_of(complaint.reference) if each.kind in _SAYING),
    )
    return not any(find_details(text).place for text in told)


def says_besides(text: str, complaint: Complaint) -> bool:
    """Say whether an answer to who they are, and where, says anything besides."""
    return says_more(_matter(text), complaint.summary, complaint.place)


def tells_news(text: str, complaint: Complaint) -> bool:
    """Say whether a question how it stands tells news besides: what nobody was told, or that it goes on."""
    matter = _matter(text)
    return says_more(matter, complaint.summary, complaint.place, complaint.plan, complaint.reference) or says_still(
        matter
    )


def _matter(text: str) -> str:
    """Return words without a name, a number and a place."""
    found = find_details(text, answering=True)
    for detail in filter(None, (found.name, found.place)):
        text = text.replace(detail, " ")
    return _WHO.sub(" ", text)
