"""Photos, voices, albums, places: one matter, heard of once, and the files with it (trap 16)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.storage.files import TOO_LARGE, WAITING
from bot.storage.models import EventRow, FileRow, MessageRow
from complaints.change import EventKind
from tests.unit.bot.desk_kit import GROUP_CHAT, MAX_FILE, FakeChannel, Kit, open_desk

LIFT, WATER = "3栋电梯坏了三天没人修", "投诉 5栋家里停水两天没人管"


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url, channels=[FakeChannel("chat", GROUP_CHAT)]) as kit:
        yield kit


async def sends(kit: Kit, name: str, who: str = "c1", text: str = "", *, content: str = "photo", **more: Any) -> None:
    attachments = [{"name": name, "handle": f"h-{name}", "size": 1000}]
    await kit.says(text, who, attachments=attachments, content=content, message_id=f"m-{name}", **more)


async def kept(kit: Kit) -> list[tuple[str, str | None]]:
    return [(row.name, row.reference) for row in await kit.rows(FileRow)]


async def answers(kit: Kit, who: str = "c1") -> list[str]:
    await kit.deliver()
    return kit.chat.texts(who)


class TestOneMatter:
    async def test_trap_16_an_album_makes_one_complaint_and_one_acknowledgement(self, kit: Kit) -> None:
        """Trap 16: an album makes a conversation for each photo."""
        await sends(kit, "1.jpg", text=LIFT, album="a")
        for name in ("2.jpg", "3.jpg", "4.jpg"):
            await sends(kit, name, album="a")
        complaint = await kit.the_complaint()
        assert complaint.summary == LIFT
        assert await kept(kit) == [(f"{number}.jpg", complaint.reference) for number in range(1, 5)]
        assert len(await answers(kit)) == 1
        assert len(await kit.outbox("staff_supplement")) == 0

    async def test_trap_16_an_album_all_at_once_in_one_batch(self, kit: Kit) -> None:
        for name in ("1.jpg", "2.jpg", "3.jpg"):
            attachments = [{"name": name, "handle": name}]
            text = LIFT if name == "1.jpg" else ""
            await kit.store(text, "c1", attachments=attachments, content="photo", album="a", message_id=name)
        await kit.understand()
        complaint = await kit.the_complaint()
        assert [reference for _, reference in await kept(kit)] == [complaint.reference] * 3
        assert len(await answers(kit)) == 1

    async def test_trap_16_the_words_may_come_with_the_last_photo(self, kit: Kit) -> None:
        for name in ("1.jpg", "2.jpg"):
            await sends(kit, name, album="a")
        await sends(kit, "3.jpg", text=LIFT, album="a")
        complaint = await kit.the_complaint()
        assert complaint.summary == LIFT
        assert [reference for _, reference in await kept(kit)] == [complaint.reference] * 3
        asked, acknowledged = await answers(kit)
        assert "关于什么事" in asked
        assert complaint.reference in acknowledged

    async def test_captions_of_later_photos_are_added_and_the_assignee_reads_them(self, kit: Kit) -> None:
        await sends(kit, "1.jpg", text=LIFT, album="a")
        await sends(kit, "2.jpg", text="这是轿厢里面", album="a")
        await kit.the_complaint()
        [notice] = await kit.outbox("staff_supplement")
        assert "这是轿厢里面" in notice.facts
        assert len(await answers(kit)) == 1

    async def test_trap_16_photo_voice_and_words_within_a_short_while(self, kit: Kit) -> None:
        await sends(kit, "1.jpg")
        await sends(kit, "voice.ogg", content="voice")
        await kit.says(LIFT)
        complaint = await kit.the_complaint()
        assert complaint.summary == LIFT
        assert await kept(kit) == [("1.jpg", complaint.reference), ("voice.ogg", complaint.reference)]
        asked, acknowledged = await answers(kit)
        assert "关于什么事" in asked
        assert complaint.reference in acknowledged
        rows = await kit.rows(MessageRow, MessageRow.outgoing.is_(False))
        assert {row.reference for row in rows} == {complaint.reference}

    async def test_trap_16_words_first_and_photos_after(self, kit: Kit) -> None:
        await kit.says(LIFT)
        await sends(kit, "1.jpg")
        await sends(kit, "2.jpg")
        complaint = await kit.the_complaint()
        assert await kept(kit) == [("1.jpg", complaint.reference), ("2.jpg", complaint.reference)]
        assert len(await answers(kit)) == 1
        events = await kit.rows(EventRow, EventRow.kind == EventKind.SUPPLEMENTED)
        assert [event.note for event in events] == ["[1.jpg]", "[2.jpg]"]

    async def test_a_photo_right_after_a_new_matter_is_of_that_one(self, kit: Kit) -> None:
        await kit.says(LIFT)
        kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        await kit.says(WATER)
        await sends(kit, "1.jpg")
        _, water = await kit.complaints()
        assert await kept(kit) == [("1.jpg", water.reference)]

    async def test_two_persons_in_a_group_share_no_photos(self, kit: Kit) -> None:
        room: dict[str, Any] = {"room": "-100", "addressed": True}
        await sends(kit, "1.jpg", "c1", **room)
        await kit.says(LIFT, "c2", **room)
        assert await kept(kit) == [("1.jpg", None)]
        await kit.says(WATER, "c1", **room)
        _, water = await kit.complaints()
        assert await kept(kit) == [("1.jpg", water.reference)]


class TestWhichMatter:
    async def test_a_photo_with_nothing_open_is_asked_about_once(self, kit: Kit) -> None:
        for name in ("1.jpg", "2.jpg"):
            await sends(kit, name)
        assert await kit.complaints() == []
        assert len(await answers(kit)) == 1

    async def test_a_later_photo_belongs_to_the_only_open_one(self, kit: Kit) -> None:
        await kit.says(LIFT)
        kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        await sends(kit, "1.jpg")
        assert await kept(kit) == [("1.jpg", (await kit.the_complaint()).reference)]
        assert len(await kit.outbox("staff_supplement")) == 1
        assert "已附到" in (await answers(kit))[-1]

    async def test_with_several_open_it_is_asked_which_and_the_photo_goes_there(self, kit: Kit) -> None:
        await kit.says(LIFT)
        await kit.says(WATER)
        await kit.says("跳过")
        kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        await sends(kit, "1.jpg")
        assert await kept(kit) == [("1.jpg", None)]
        [row] = await kit.outbox("which_complaint")
        await kit.says("2")
        lift, water = await kit.complaints()
        second = max((lift.reference, water.reference), key=row.facts.index)
        assert await kept(kit) == [("1.jpg", second)]
        assert len(await kit.outbox("files_kept")) == 1

    async def test_a_photo_that_waited_too_long_is_of_another_matter(self, kit: Kit) -> None:
        await sends(kit, "1.jpg")
        kit.clock.move_to(kit.clock.now() + timedelta(hours=2))
        await kit.says(LIFT)
        assert await kept(kit) == [("1.jpg", None)]

    async def test_an_assignees_photo_is_kept_with_the_task(self, kit: Kit) -> None:
        await kit.says(LIFT)
        await sends(kit, "done.jpg", "handler")
        complaint = await kit.the_complaint()
        assert await kept(kit) == [("done.jpg", complaint.reference)]
        await sends(kit, "after.jpg", "handler", text="办结 换了主板")
        assert (await kit.the_complaint()).result == "换了主板"
        assert await kept(kit) == [("done.jpg", complaint.reference), ("after.jpg", complaint.reference)]


class TestOtherContent:
    async def test_a_voice_is_kept_and_a_line_of_text_asked_for(self, kit: Kit) -> None:
        await sends(kit, "voice.ogg", content="voice")
        assert "语音收到" in (await answers(kit))[-1]
        await kit.says(LIFT)
        kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        await sends(kit, "more.ogg", content="voice")
        complaint = await kit.the_complaint()
        assert await kept(kit) == [("voice.ogg", complaint.reference), ("more.ogg", complaint.reference)]
        assert "已附到" in (await answers(kit))[-1]

    async def test_a_shared_contact_answers_the_question_for_a_number(self, kit: Kit) -> None:
        await kit.says(LIFT)
        await kit.deliver()
        await kit.says("", "c1", content="contact", contact_phone="8613712345678")
        complaint = await kit.the_complaint()
        person = await kit.write(lambda work: work.person(complaint.complainant))
        assert person is not None
        assert person.phone == "+8613712345678"

    async def test_a_place_answers_the_question_for_one_and_else_is_kept_as_words(self, kit: Kit) -> None:
        await kit.says("geo:22.5,114.0", "c1", content="location")
        for who in ("c1", "c2"):
            await kit.says("电梯坏了三天没人修", who)
        await kit.deliver()
        await kit.says("科技园", "c2", content="location")
        places = []
        for complaint in await kit.complaints():
            person = await kit.write(lambda work, id=complaint.complainant: work.person(id))  # type: ignore[misc]
            assert person is not None
            places.append(person.place)
        assert places == ["geo:22.5,114.0", "科技园"]

    async def test_stickers_get_one_helpful_answer_and_never_a_loop(self, kit: Kit) -> None:
        for _ in range(12):
            await kit.says("", "c1", content="sticker")
        assert 1 <= len(await answers(kit)) <= 5
        assert await kit.complaints() == []
        assert await kept(kit) == []

    async def test_what_is_too_large_is_said_at_once_and_not_fetched(self, kit: Kit) -> None:
        attachments = [{"name": "film.mp4", "handle": "h", "size": MAX_FILE + 1}, {"name": "1.jpg", "handle": "i"}]
        await kit.says(LIFT, attachments=attachments, content="video")
        assert [(row.name, row.state) for row in await kit.rows(FileRow)] == [
            ("film.mp4", TOO_LARGE),
            ("1.jpg", WAITING),
        ]
        [said] = [text for text in await answers(kit) if "太大" in text]
        assert "976 KB" in said
        await kit.says("进度", "handler")
        told = (await answers(kit, "handler"))[-1]
        assert "附件 1 个：1.jpg" in told
        assert "没收到的附件：film.mp4" in told

    async def test_the_assignee_reads_what_came_along(self, kit: Kit) -> None:
        await sends(kit, "1.jpg", text=LIFT)
        assert (
            "有附件，随后发来" in (await answers(kit, "handler"))[-1]
        )  # how many, once they are here (test_files_shown)
