"""What is said in a group: the commands that concern the group itself, and the little that is answered there."""

from __future__ import annotations

import re

from bot.answers import Answer
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.rooms import NUDGE_EVERY
from bot.storage.audit import record_act
from bot.storage.models import RoomRow
from complaints.permissions import Errand, may

_SERVICE = re.compile(
    r"[/#]?(?:service|服务群|绑定群|(?P<off>解绑群|取消服务群))(?:@\w{1,64})?"
    r"(?:[\s:：]*(?:(?P<no>off|关闭?|关掉|取消)|on|开启?|打开))?(?:(?<=[群开on])\s+(?P<site>[^\s.。!！]{1,40}))?"
    r"[\s.。!！]*",
    re.IGNORECASE,
)


async def room_command(turn: Turn) -> bool:
    """Do what a member of staff wants of the group itself: "/service on", "绑定群 翠湖". False where the words want no such."""
    found = _SERVICE.fullmatch(turn.words)
    if found is None or turn.room is None or not turn.incoming.addressed:
        return False
    turn.did = Verb.BIND
    if not turn.is_staff:
        turn.answer(Answer.NOT_STAFF)
        return True
    if not may(Errand.ROOM, turn.as_staff()):
        await refuse_act(turn, Errand.ROOM)
        return True
    on = not (found["off"] or found["no"])
    row = await turn.work.room(turn.room.channel, turn.room.address)
    if on and row is None:
        row = RoomRow(channel=turn.room.channel, address=turn.room.address, set_by=turn.person.id, set_at=turn.now)
        turn.work.session.add(row)
    elif not on and row is not None:
        await turn.work.session.delete(row)
    name = found["site"] or ""
    site = (await turn.work.directory()).site_named(name) if name else None
    if on and row is not None and site is not None:
        row.site = site.code
    where = row.site if row is not None else ""
    record_act(
        turn.work, "room_set", turn.now, turn.person.id, channel=turn.room.channel, on="yes" if on else "no", site=where
    )
    await turn.work.flush()
    facts = {"site": site.name} if site is not None else {"unknown": name}
    turn.answer_in_room(Answer.ROOM_SET, on="yes" if on else "no", **facts)
    return True


def conclude(turn: Turn) -> None:
    """Say in the group that it was heard, by its number alone, and where the rest is to be read."""
    if turn.room is None or turn.quiet or not (turn.reference or turn.held_back):
        return
    link = ""
    if not turn.private_open:
        asked = turn.conversation.nudged_at
        if turn.held_back or asked is None or turn.now - asked >= NUDGE_EVERY:
            turn.conversation.nudged_at, link = turn.now, turn.start_link
    if turn.reference is None:
        turn.answer_in_room(Answer.OPEN_PRIVATE, link=link)
    else:
        turn.answer_in_room(Answer.IN_ROOM, turn.reference, link=link, private="yes" if turn.private_open else "")
