"""Photos, voices and other files: what they belong to, said or unsaid, and that each is kept.

People send a photo, then another, then the words, or the words first: within a short while all of it is one matter, and
they hear of it once (trap 16).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.finishing import keep_wanted
from bot.dialogue.loose_files import adopt as adopt
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.sizes import at_most
from bot.storage import codec, files
from bot.storage.values import FileKept
from complaints import customer
from complaints.complaint import Complaint
from complaints.numbers import ANY
from connectors.port import Content, IncomingMessage

BURST = timedelta(minutes=2)  # within which one thing said after another is about the same
_NAME_CHARS = 200
_AROUND = " #.,!。，！()（）"
_NUMBER = re.compile(rf"[{re.escape(_AROUND)}]*(?:{ANY})[{re.escape(_AROUND)}]*")
_SAYING = frozenset({Content.VOICE, Content.AUDIO, Content.VIDEO})  # what the words may be spoken in


def described(incoming: IncomingMessage) -> str:
    """Return the attachments as messages keep them: a JSON list of name, type and size, empty where there are none."""
    if not incoming.attachments:
        return ""
    return codec.dumps([{"name": a.name, "type": a.type, "size": a.size} for a in incoming.attachments])


def read_media(turn: Turn) -> None:
    """Put a shared contact into words, so that it answers our question for a phone number."""
    phone = (turn.incoming.contact_phone or "").strip()
    if phone and phone not in turn.words and not turn.sealed:
        if len(phone) > 11 and not phone.startswith(("+", "0")):
            phone = f"+{phone}"
        turn.words = f"{turn.words} {phone}".strip()


async def take_media(turn: Turn) -> bool:
    """Do what there is to do with a message of files and no words, or with a part of an album. False: it is to be read."""
    incoming = turn.incoming
    if incoming.content is Content.STICKER and not turn.words:
        turn.unclear(Answer.UNCLEAR_STAFF if turn.is_staff else Answer.UNCLEAR_CUSTOMER)
        return True
    if incoming.content is Content.LOCATION:
        return await _take_place(turn)
    if not incoming.attachments or turn.capabilities.threads:
        return False
    if incoming.album and await _next_of_album(turn):
        return True
    if (number := await _only_a_number(turn)) is not None:
        turn.named, turn.words = number, ""
        return await _take_numbered(turn)
    if turn.words:
        return False
    complaint = await just_spoken_of(turn)
    if complaint is not None:
        turn.quiet = True
        await _attach(turn, complaint, tell=True)
        return True
    complaint = await _meant(turn)
    if complaint is None and not turn.asked_back:
        _ask_what_about(turn)
    elif complaint is not None:
        await _add(turn, complaint)
    return True


async def add_loose(turn: Turn) -> None:
    """The person said which complaint their files are about."""
    complaint = await turn.work.complaint(turn.named) if turn.named else None
    names = await adopt(turn, complaint) if complaint is not None and not complaint.settled else []
    if complaint is None or not names:
        turn.unclear(Answer.UNCLEAR_STAFF if turn.is_staff else Answer.UNCLEAR_CUSTOMER)
        return
    change = customer.supplement(complaint, _listed(names), turn.as_of(complaint), turn.now, told=False)
    turn.answer(Answer.FILES_KEPT, await turn.desk.record(turn.work, change))


async def _only_a_number(turn: Turn) -> str | None:
    """Return which complaint a caption names that says nothing besides: "0004"; None where it says more, or fits not one."""
    if _NUMBER.fullmatch(turn.words.strip()) is None:
        return None
    mine = [*await turn.work.complaints_of(turn.person.id), *(await turn.work.tasks_of(turn.person.id))]
    number = turn.words.strip(_AROUND).upper()
    found = {complaint.reference for complaint in mine if complaint.reference.endswith(number)}
    return found.pop() if len(found) == 1 else None


async def _take_numbered(turn: Turn) -> bool:
    complaint = await turn.work.complaint(turn.named or "")
    if complaint is None or complaint.settled:
        return False
    await _add(turn, complaint)
    return True


def note_files(turn: Turn, *, but_not: str = "") -> None:
    """Note each file of the message, to be fetched; what is too large is said at once.

    but_not: what `described` gave for an earlier version of the message: those are noted already.
    """
    incoming = turn.incoming
    if not incoming.attachments or incoming.content is Content.STICKER or described(incoming) == but_not:
        return
    large = 0
    for position, attachment in enumerate(incoming.attachments):
        if attachment.data is None and not attachment.handle:
            continue  # only announced: there is nothing to be had
        too_large = attachment.size > turn.max_file_bytes
        large += too_large
        name = uuid.uuid4().hex
        turn.work.add_file(
            FileKept(
                inbox_id=turn.inbox_id,
                position=position,
                person=turn.person.id,
                channel=turn.via.channel,
                address=turn.where,
                name=_clean(attachment.name),
                type=_clean(attachment.type),
                size=attachment.size,
                path=f"{name[:2]}/{name}",
                state=files.TOO_LARGE if too_large else files.WAITING,
                created_at=turn.now,
                due_at=turn.now,
                handle=attachment.handle,
                room=turn.room is not None,
                reply_to=incoming.message_id,
                reference=turn.reference,
                detail=f"larger than {turn.max_file_bytes} bytes" if too_large else "",
                done_at=turn.now if too_large else None,
            )
        )
    if large:
        turn.answer(Answer.FILE_TOO_LARGE, at_most=at_most(turn.max_file_bytes))


def remember_topic(turn: Turn) -> None:
    """Remember what the conversation is about, for the photo that comes next without a word."""
    if turn.reference is None and not turn.incoming.attachments:
        return
    turn.work.change_address(turn.conversation, about=turn.reference, about_in=turn.where, about_at=turn.now)


def _listed(names: Sequence[str]) -> str:
    return f"[{'、'.join(_clean(name) for name in names)}]"


def _clean(text: str) -> str:
    return "".join(char for char in text if char.isprintable())[:_NAME_CHARS]


# ── albums ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _next_of_album(turn: Turn) -> bool:
    """Let a later part go where the first one went, without a word; False for the first, and for one with words to read."""
    assert turn.incoming.album is not None
    parts = await turn.work.of_album(turn.via.channel, turn.where, turn.incoming.album, turn.person.id)
    if not parts:
        return False
    turn.quiet = True
    reference = next((part.reference for part in parts if part.reference), None)
    complaint = await turn.work.complaint(reference) if reference else None
    if complaint is None:
        if turn.words:
            turn.quiet = False
        return not turn.words  # still to be said what they are about
    turn.reference, turn.did = complaint.reference, Verb.ADD
    if complaint.going_on:
        await _attach(turn, complaint, tell=bool(turn.words))
    return True


# ── files without a word ──────────────────────────────────────────────────────────────────────────────────────────────


async def just_spoken_of(turn: Turn) -> Complaint | None:
    """Return the complaint that the speaker's last words were about, if they have only just been said."""
    place = turn.conversation
    if turn.named is not None or place.about is None or place.about_in != turn.where or place.about_at is None:
        return None
    if turn.now - place.about_at > BURST:
        return None
    complaint = await turn.work.complaint(place.about)
    return complaint if complaint is not None and complaint.going_on else None


async def _meant(turn: Turn) -> Complaint | None:
    """Return the open complaint that the files can be about: the one answered, the only one, or the one asked about."""
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if c.going_on]
    if turn.is_staff:
        mine += [c for c in await turn.work.tasks_of(turn.person.id) if c not in mine]
    if turn.named is not None and all(c.reference != turn.named for c in mine):
        named = await turn.work.complaint(turn.named)
        return named if named is not None and turn.in_thread and not named.settled else None
    return await choose(turn, mine)


async def _take_place(turn: Turn) -> bool:
    """A place, before any word of what is wrong there: kept with the person, and asked about. Else it is to be read."""
    answering = turn.question is not None and turn.question.ask is Pending.FACTS
    if answering or any(not c.settled for c in await turn.work.complaints_of(turn.person.id)):
        return False
    row = await turn.work.person_row(turn.person.id)
    if row is not None and not (row.staff or row.unnamed):
        row.place = row.place or turn.words
    _ask_what_about(turn)
    return True


def _ask_what_about(turn: Turn) -> None:
    """Ask once what it is about; the files wait for the words."""
    question = turn.question
    waiting = question is not None and question.data.get("for") in ("complaint", "customer")
    turn.did = Verb.UNCLEAR
    if waiting:
        return
    turn.ask(Question(Pending.NONE, None, {"for": "complaint"}))
    turn.answer(Answer.WHAT_ABOUT, content=str(turn.incoming.content))


async def _add(turn: Turn, complaint: Complaint) -> None:
    await _attach(turn, complaint, tell=True)
    if turn.incoming.content in _SAYING:
        turn.answer(Answer.VOICE_KEPT, complaint)
    elif complaint.complainant == turn.person.id:
        turn.answer(Answer.FILES_KEPT, complaint)


async def _attach(turn: Turn, complaint: Complaint, *, tell: bool) -> None:
    """Record that something came along; the speaker is not told of each photo, the assignee of the first only."""
    names = [*await adopt(turn, complaint), *(a.name for a in turn.incoming.attachments)]
    if await keep_wanted(turn, complaint, names):
        return
    text = f"{turn.words} {_listed(names)}".strip()
    actor = turn.as_of(complaint)
    if tell and turn.person.id != complaint.owner:
        change = customer.supplement(complaint, text, actor, turn.now, told=False)
    else:
        change = customer.attach(complaint, text, actor, turn.now)
    turn.reference = (await turn.desk.record(turn.work, change)).reference
    turn.did = turn.did or Verb.ADD
