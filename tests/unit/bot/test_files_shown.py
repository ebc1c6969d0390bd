"""What came with a complaint goes on to whoever has it in hand, in their chat where it carries files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.files import FileKeeper
from bot.storage.models import FileRow
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import GROUP_CHAT, MAIL, STAFF, FakeChannel, Kit, entry, open_desk
from tests.unit.bot.test_files import keeper_for

LIFT = "3栋电梯坏了三天没人修"


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Kit, FileKeeper]]:
    chat = FakeChannel("chat", replace(GROUP_CHAT, sends_bytes=1000))
    staff = (*STAFF, entry("李强", Role.HANDLER, line=4, categories=("OTHER.partner",)))
    folder = tmp_path / "files"
    async with open_desk(
        database_url,
        channels=[chat, FakeChannel("email", MAIL)],
        staff=staff,
        files=folder,
        chats={"张伟": "handler", "王主管": "lead", "李强": "li"},
    ) as kit:
        yield kit, keeper_for(kit, folder)


async def sends(kit: Kit, name: str, size: int, text: str = "", **more: str) -> None:
    kit.chat.files[f"h-{name}"] = b"x" * size
    attachments = [{"name": name, "handle": f"h-{name}", "size": size}]
    await kit.says(text, "c1", attachments=attachments, content="photo", message_id=f"m-{name}", **more)


async def shown(kit: Kit, who: str = "handler") -> list[tuple[str, list[str]]]:
    """Return the words and the files of each message with files that somebody got."""
    await kit.deliver()
    return [
        (message.text, [file.name for file in message.attachments])
        for message in kit.chat.sent
        if message.address == who and message.notice == "files_here"
    ]


async def test_the_assignee_gets_the_whole_album_in_one_message(desk: tuple[Kit, FileKeeper]) -> None:
    kit, keeper = desk
    await sends(kit, "1.jpg", 10, LIFT, album="a")
    await sends(kit, "2.jpg", 20, album="a")
    await sends(kit, "3.jpg", 30, album="a")
    await kit.deliver()
    [assigned] = [text for text in kit.chat.texts("handler") if "派给您" in text]
    assert "附件 1 个" not in assigned
    await keeper.fetch_due()
    [(text, names)] = await shown(kit)
    assert names == ["1.jpg", "2.jpg", "3.jpg"]
    assert "附件 3 个" in text
    [message] = [each for each in kit.chat.sent if each.attachments]
    assert [len(file.data or b"") for file in message.attachments] == [10, 20, 30]


async def test_what_comes_later_follows_and_nothing_twice(desk: tuple[Kit, FileKeeper]) -> None:
    kit, keeper = desk
    await sends(kit, "1.jpg", 10, LIFT)
    await keeper.fetch_due()
    await sends(kit, "2.jpg", 20)
    await keeper.fetch_due()
    await sends(kit, "3.jpg", 5000)
    await keeper.fetch_due()
    (_, first), (_, second), (text, third) = await shown(kit)
    assert (first, second, third) == (["1.jpg"], ["2.jpg"], [])
    assert "complaintbot files" in text  # too large for this chat


async def test_where_the_channel_shows_ours_none_is_too_large(
    desk: tuple[Kit, FileKeeper], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told where they lie; their bytes do not travel."""
    kit, keeper = desk
    monkeypatch.setattr(kit.chat, "capabilities", replace(kit.chat.capabilities, shows_files=True))
    await sends(kit, "1.jpg", 5000, LIFT)
    await keeper.fetch_due()
    [(text, names)] = await shown(kit)
    assert (names, "太大" in text) == (["1.jpg"], False)
    [row] = await kit.rows(FileRow)
    [message] = [each for each in kit.chat.sent if each.attachments]
    [file] = message.attachments
    assert (file.handle, file.size, file.data, file.type) == (row.path, 5000, None, row.type)


async def test_whoever_takes_over_gets_them_too(desk: tuple[Kit, FileKeeper]) -> None:
    kit, keeper = desk
    await sends(kit, "1.jpg", 10, LIFT)
    await keeper.fetch_due()
    reference = (await kit.the_complaint()).reference
    await kit.says(f"派单 {reference} @李强", "lead")
    assert [names for _, names in await shown(kit, "li")] == [["1.jpg"]]


async def test_a_photo_that_came_before_the_words_is_shown_with_them(desk: tuple[Kit, FileKeeper]) -> None:
    kit, keeper = desk
    await sends(kit, "1.jpg", 10)
    await keeper.fetch_due()
    assert await shown(kit) == []
    await kit.says(LIFT, "c1")
    assert [names for _, names in await shown(kit)] == [["1.jpg"]]


async def test_what_could_run_is_named_and_not_handed_on(desk: tuple[Kit, FileKeeper]) -> None:
    kit, keeper = desk
    await sends(kit, "1.jpg", 10, LIFT, album="a")
    await sends(kit, "合同.pdf", 10, album="a")
    kit.chat.files["h-合同.pdf"] = b"MZ\x90\0 a program"
    await keeper.fetch_due()
    [(text, names)] = await shown(kit)
    assert names == ["1.jpg"]
    assert "没有转给您的：合同.pdf" in text
