"""A residents' group in Telegram that the desk serves: heard in public, answered in private, photos and voices with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.models import FileRow
from complaints.vocabulary import Status
from tests.fakes import until
from tests.servers.telegram import Telegram, User, group
from tests.story.desk import JPEG
from tests.story.test_telegram_story import LI, WANG, ZHANG, TelegramDesk, serving

WU = User(1002, "吴强")
ROOM = group(-5001)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TelegramDesk]:
    async with Telegram() as telegram, serving(tmp_path, telegram) as desk:
        for person in (ZHANG, WANG):
            await desk.binds(person)
        await desk.says(WANG, "/service on", chat=ROOM)
        yield desk


async def public(desk: TelegramDesk) -> list[str]:
    return [
        str(message.get("text") or message.get("caption") or "") for message in await desk.telegram.sent(ROOM["id"])
    ]


async def test_trap_19_47_a_group_is_served_in_public_and_answered_in_private(desk: TelegramDesk) -> None:
    assert "服务群" in (await public(desk))[-1]
    await desk.says(LI, "3栋电梯坏了三天没人修，我电话13712345678", chat=ROOM)
    await desk.says(WU, "5栋停水两天了没人管", chat=ROOM)
    await desk.says(WU, "哈哈，大家早", chat=ROOM)
    lift, water = sorted(await desk.books.complaints(), key=lambda complaint: complaint.reference)
    heard = await public(desk)
    assert [lift.reference in text for text in heard] == [False, True, False]
    assert [water.reference in text for text in heard] == [False, False, True]
    assert "https://t.me/" in heard[1]
    assert "13712345678" not in "".join(heard)

    assert lift.reference in await desk.says(LI, "/start hello")
    assert "记下了" in await desk.says(LI, "李娜 3栋502")
    await desk.reads(ZHANG)
    assert "办结已记下" in await desk.says(ZHANG, f"办结 {lift.reference} 换了主板", chat=ROOM)
    assert "换了主板" not in "".join(await public(desk))
    assert "换了主板" in await desk.reads(LI)
    await desk.says(LI, "满意")
    done = next(c for c in await desk.books.complaints() if c.reference == lift.reference)
    assert done.status is Status.CLOSED


async def test_what_waits_for_somebody_in_the_group_comes_when_they_open_the_chat(desk: TelegramDesk) -> None:
    await desk.says(WU, "5栋停水两天了没人管", chat=ROOM)
    complaint = await desk.complaint()
    await desk.says(ZHANG, f"办结 {complaint.reference} 修好了水管")
    assert await desk.reads(WU) == ""
    assert "修好了水管" in await desk.says(WU, "/start hello")
    await desk.says(WU, "满意")
    assert (await desk.complaint()).closed_as == "satisfied"


async def test_trap_16_a_photo_a_voice_and_words_are_one_matter_with_its_files(desk: TelegramDesk) -> None:
    size = {**await desk.telegram.upload("1.jpg", JPEG), "width": 900, "height": 600}
    voice = await desk.telegram.upload("v.ogg", b"OggS" * 100)
    assert "关于什么事" in await desk.says(LI, photo=[size])
    assert await desk.says(LI, voice={**voice, "duration": 3}) == ""
    heard = await desk.says(LI, "楼道灯不亮一个星期了")
    complaint = await desk.complaint()
    assert heard.count(complaint.reference) == 1

    async def kept() -> bool:
        files = await desk.books.rows(FileRow)
        return [(file.state, file.reference) for file in files] == [("fetched", complaint.reference)] * 2

    await until(kept, "both files are fetched")
    film = await desk.telegram.upload("film.mp4", b"x", declared=30_000_000)
    heard = await desk.says(LI, video={**film, "duration": 3, "width": 9, "height": 9})
    assert "太大" in heard
    await desk.reads(ZHANG)
    told = await desk.says(ZHANG, f"进度 {complaint.reference}")
    assert "附件 2 个：photo.jpg、voice.ogg" in told
    assert "没收到的附件：video.mp4" in told
