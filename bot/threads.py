"""Threads: which complaint a message points at.

From the surest sign to the weakest; the first that finds a complaint counts:

    our signed token          in a Message-ID or a plus address: nobody can make one up
    the messages answered     In-Reply-To, References, a chat's reply: ids of messages kept with a complaint
    a number in the subject   of a complaint that the sender may speak of, or whose customer reads along
    a number in the text      the same, for mails without any thread (QQ Mail quotes our mail below the answer, trap 10)
    "Re:" and the subject     of a complaint of the sender, or of a customer who reads along (trap 12)

A number or a subject that a stranger names binds nothing: they begin a matter of their own and learn nothing of another's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.people import Person
from bot.storage.values import Outgoing
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.numbers import FULL
from complaints.vocabulary import Status
from connectors.port import Capabilities, IncomingMessage

_NUMBER = re.compile(rf"(?<![A-Za-z0-9]){FULL}(?!\d)")
_READ = 50_000  # characters of a mail in which a number is looked for
_MOST_NUMBERS = 10  # complaints that one mail may be about
_MOST_RECIPIENTS = 10
_REPLY = re.compile(
    r"^\s*(?:re|aw|sv|antw|odp|回复|回復|答复|答覆|回覆|回信)\s*(?:\[\d+\]|\(\d+\))?\s*:\s*", re.IGNORECASE
)
_HANDED_ON = re.compile(r"^\s*(?:fwd?|wg|tr|转发|轉寄|轉發)\s*:\s*", re.IGNORECASE)
_MARK = re.compile(rf"\[{FULL}\]")


@dataclass(frozen=True, slots=True)
class Thread:
    """reference: the complaint that a message points at. sure: by what somebody outside the conversation cannot know."""

    reference: str | None = None
    sure: bool = False


async def thread_of(
    work: Work,
    incoming: IncomingMessage,
    answered: Outgoing | None,
    sender: Person,
    capabilities: Capabilities,
    where: str,
) -> Thread:
    """Return the complaint that a message points at.

    answered: the message of ours whose genuine token it carries. where: the conversation, in channels whose message ids mean
    something only there.
    """
    if answered is not None and answered.reference:
        return Thread(answered.reference, True)
    ids = [id for id in (incoming.in_reply_to, *incoming.references, incoming.reply_to_message) if id]
    if ids:
        reference = await work.reference_of_message(incoming.channel, ids, None if capabilities.threads else where)
        if reference is not None:
            return Thread(reference, True)
    if not capabilities.threads:
        return Thread()
    return await _by_words(work, incoming, sender, capabilities)


async def _by_words(work: Work, incoming: IncomingMessage, sender: Person, capabilities: Capabilities) -> Thread:
    subject = unicodedata.normalize("NFKC", incoming.subject or "")
    texts = (subject, incoming.visible_reply[:_READ], incoming.text[:_READ])
    numbers = [list(dict.fromkeys(found.upper() for found in _NUMBER.findall(text))) for text in texts]
    topic = topic_of(subject) if _REPLY.match(subject) else ""
    if not topic and not any(numbers):
        return Thread()
    beside = await _reading_along(work, incoming, capabilities)
    for named in numbers:
        for complaint in await _existing(work, named[:_MOST_NUMBERS]):
            if _may_speak_of(sender, complaint):
                return Thread(complaint.reference)
            if complaint.complainant in beside:
                return Thread(complaint.reference, True)
    if topic:
        for person in (sender.id, *beside):
            if (reference := await _about(work, person, incoming.channel, topic)) is not None:
                return Thread(reference, person != sender.id)
    return Thread()


async def _existing(work: Work, numbers: Sequence[str]) -> list[Complaint]:
    await work.prefetch_complaints(numbers)
    return [complaint for number in numbers if (complaint := await work.complaint(number)) is not None]


def _may_speak_of(person: Person, complaint: Complaint) -> bool:
    return person.staff or person.id in (complaint.complainant, complaint.finder)


async def _reading_along(work: Work, incoming: IncomingMessage, capabilities: Capabilities) -> list[str]:
    """Return the customers to whom a mail was sent as well, as when a colleague answers to all (trap 12)."""
    ours = {address.lower() for address in (*capabilities.own_addresses, capabilities.own_address or "")}
    ours.add(incoming.sender.address.lower() if incoming.sender else "")
    others = [address for address in incoming.recipients if address.lower() not in ours][:_MOST_RECIPIENTS]
    await work.prefetch_addresses((incoming.channel, address) for address in others)
    rows = [await work.address(incoming.channel, address) for address in others]
    staff = (await work.directory()).persons
    return list(dict.fromkeys(row.person for row in rows if row is not None and row.person not in staff))


async def _about(work: Work, person: str, channel: str, topic: str) -> str | None:
    """Return a person's newest complaint of whose mails one has this subject; one that is closed only if none is open."""
    theirs = [c for c in await work.complaints_of(person) if not c.settled or c.status is Status.CLOSED]
    theirs = sorted(theirs, key=lambda complaint: complaint.settled)[:_MOST_NUMBERS]
    await work.prefetch_threads(complaint.reference for complaint in theirs)
    for complaint in theirs:
        subjects = await work.subjects(complaint.reference, channel)
        if topic in topics_of(subjects):
            return complaint.reference
    return None


def topics_of(subjects: Iterable[str]) -> Collection[str]:
    return {topic_of(subject) for subject in subjects}


def topic_of(subject: str) -> str:
    """Return a subject without what programs put around it: "Re:" in every language, our number, case and blanks."""
    text = _MARK.sub(" ", unicodedata.normalize("NFKC", subject))
    while match := _REPLY.match(text) or _HANDED_ON.match(text):
        text = text[match.end() :]
    return " ".join(text.split()).casefold()
