"""Files that came before it was said what they are about."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.turn import Turn
from bot.storage import files
from bot.storage.values import FileKept
from complaints.complaint import Complaint

_LOOSE = timedelta(minutes=30)  # how long a photo waits for the words that say what it is about


async def loose(turn: Turn) -> list[FileKept]:
    """Return the files that the speaker sent a short while ago, and that are about nothing yet."""
    place, since = turn.conversation, turn.now - _LOOSE
    if place.about is not None or place.about_in != turn.where or place.about_at is None or place.about_at < since:
        return []
    return await files.unbound(turn.work, turn.person.id, turn.via.channel, turn.where, since)


async def adopt(turn: Turn, complaint: Complaint) -> list[str]:
    """Let the files that came before the words belong to what the words are about; return their names."""
    found = await loose(turn)
    if found:
        await files.bind(turn.work, found, complaint.reference)
        await turn.desk.show_files(turn.work, complaint)
    return [file.name for file in found]
