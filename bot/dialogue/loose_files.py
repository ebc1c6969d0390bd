"""Files that came before it was said what they are about."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.turn import Turn
from bot.storage import files
from complaints.complaint import Complaint

_LOOSE = timedelta(minutes=30)  # how long a photo waits for the words that say what it is about


async def adopt(turn: Turn, complaint: Complaint) -> list[str]:
    """Let the files that came before the words belong to what the words are about; return their names."""
    place, since = turn.conversation, turn.now - _LOOSE
    if place.about is not None or place.about_in != turn.where or place.about_at is None or place.about_at < since:
        return []
    loose = await files.unbound(turn.work, turn.person.id, turn.via.channel, turn.where, since)
    if loose:
        await files.bind(turn.work, loose, complaint.reference)
        await turn.desk.show_files(turn.work, complaint)
    return [file.name for file in loose]
