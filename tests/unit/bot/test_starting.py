"""`/start`: greeted, bound as a colleague, or gone on with what began by mail; codes are good once, guessing does not pay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.continuing import LIFE
from bot.desk import BIND_LOCK, MAX_BIND_FAILURES
from bot.staff import issue_code
from bot.storage.models import AddressRow
from bot.tokens import Signer, is_code, new_code
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, GROUP_CHAT, MAIL, SMS, FakeChannel, Kit, entry, known_customer, open_desk

LIFT = "3栋电梯坏了三天没人修，李娜 13712345678"
STAFF = [entry("张伟", Role.HANDLER), entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3)]


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    channels = [FakeChannel("chat", GROUP_CHAT), FakeChannel("email", MAIL), FakeChannel("sms", SMS)]
    async with open_desk(database_url, channels=channels, staff=STAFF) as kit:
        yield kit


async def code_for(kit: Kit, name: str) -> str:
    _, code = await issue_code(kit.database, kit.desk.signer, name, kit.clock.now())
    return code


async def person_at(kit: Kit, address: str) -> tuple[str, bool]:
    [row] = await kit.rows(AddressRow, AddressRow.channel == "chat", AddressRow.address == address)
    return row.person, row.proven


async def mailed_code(kit: Kit, text: str = LIFT) -> str:
    """Complain by mail and return the code that the acknowledgement offers."""
    await kit.says(text, "c@example.com", "email", subject="电梯")
    await kit.deliver()
    [mail] = [message for message in kit.mail.sent if message.address == "c@example.com"]
    return mail.text.partition("?start=")[2].split("（")[0].split()[0]


class TestStart:
    async def test_a_stranger_is_told_what_can_be_done_here(self, kit: Kit) -> None:
        for words in ("/start", "/start@ourbot", "/start hello", "/START"):
            await kit.says(words, "c1")
        assert len(await kit.outbox("help_customer")) == 4
        assert await kit.outbox("bind_failed") == []

    async def test_the_code_of_a_colleague_binds_like_the_words_do(self, kit: Kit) -> None:
        await kit.says(f"/start {await code_for(kit, '张伟')}", "z")
        assert await person_at(kit, "z") == ((await kit.person("张伟")).id, True)
        assert len(await kit.outbox("bound")) == 1

    async def test_who_has_something_open_is_told_how_it_stands(self, kit: Kit) -> None:
        await kit.says(LIFT, "c1")
        await kit.says("/start", "c1")
        assert len(await kit.outbox("status")) == 1
        await kit.says("投诉 家里停水两天没人管", "c1")
        await kit.says("/start", "c1")
        assert len(await kit.outbox("list_mine")) == 1

    async def test_start_takes_back_the_wish_to_hear_nothing(self, kit: Kit) -> None:
        await kit.says("退订", "c1")
        await kit.says("/start", "c1")
        [row] = await kit.rows(AddressRow, AddressRow.address == "c1")
        assert row.muted is False


class TestContinuing:
    async def test_who_complained_by_mail_goes_on_in_the_chat(self, kit: Kit) -> None:
        code = await mailed_code(kit, "3栋电梯坏了三天没人修，13712345678")
        customer = await known_customer(kit, "c@example.com", "email")
        await kit.says(f"/start {code}", "c7")
        assert await person_at(kit, "c7") == (customer, True)
        await kit.deliver()
        reference = (await kit.the_complaint()).reference
        continued, status, asked = kit.chat.texts("c7")
        assert reference in continued
        assert reference in status
        assert "姓名" in asked
        await kit.says("催一下", "c7")
        assert (await kit.the_complaint()).urged == 1

    async def test_a_code_is_good_once_and_for_nobody_else(self, kit: Kit) -> None:
        code = await mailed_code(kit)
        for who in ("c7", "c8", "c7"):
            await kit.says(f"/start {code}", who)
        customer = await known_customer(kit, "c@example.com", "email")
        assert (await person_at(kit, "c8"))[0] != customer
        assert len(await kit.outbox("continued")) == 1
        assert len(await kit.outbox("continue_failed")) == 2

    async def test_an_old_code_is_good_no_more(self, kit: Kit) -> None:
        code = await mailed_code(kit)
        kit.clock.move_to(kit.clock.now() + LIFE + timedelta(minutes=1))
        await kit.says(f"/start {code}", "c7")
        assert len(await kit.outbox("continue_failed")) == 1

    async def test_a_code_that_was_made_up_is_a_plain_start(self, kit: Kit) -> None:
        await mailed_code(kit)
        [row] = await kit.outbox("acknowledgement")
        await kit.says(f"/start c{row.id}-{'0' * 24}", "c7")
        assert await kit.outbox("continued") == []
        assert len(await kit.outbox("help_customer")) == 1

    async def test_a_chat_with_complaints_of_its_own_keeps_its_person(self, kit: Kit) -> None:
        code = await mailed_code(kit)
        await kit.says("家里停水两天没人管", "c7")
        before = await person_at(kit, "c7")
        await kit.says(f"/start {code}", "c7")
        assert await person_at(kit, "c7") == before
        assert len(await kit.outbox("continue_failed")) == 1

    async def test_a_colleagues_chat_does_not_become_a_customers(self, kit: Kit) -> None:
        code = await mailed_code(kit)
        await kit.says(f"/start {await code_for(kit, '张伟')}", "z")
        await kit.says(f"/start {code}", "z")
        assert await person_at(kit, "z") == ((await kit.person("张伟")).id, True)

    async def test_nothing_is_offered_where_no_chat_can_be_opened_nor_in_short_messages(
        self, database_url: str
    ) -> None:
        """Trap 24: no links in short messages."""
        channels = [FakeChannel("chat", CHAT), FakeChannel("email", MAIL)]
        async with open_desk(database_url, channels=channels, staff=STAFF) as kit:
            await kit.says(LIFT, "c@example.com", "email")
            await kit.deliver()
            assert "start=" not in kit.mail.texts("c@example.com")[0]

    async def test_a_short_message_holds_no_link(self, kit: Kit) -> None:
        await kit.says(LIFT, "+8613712345678", "sms")
        await kit.deliver()
        assert "start" not in "".join(kit.sms.texts("+8613712345678"))


class TestGuessing:
    async def test_after_some_wrong_codes_an_address_waits_and_is_told_so(self, kit: Kit) -> None:
        for _ in range(MAX_BIND_FAILURES):
            await kit.says(f"绑定 {new_code()}", "x")
        good = await code_for(kit, "张伟")
        await kit.says(f"绑定 {good}", "x")
        assert (await kit.outbox("bind_locked"))[-1].facts == '{"minutes":"60"}'
        assert (await person_at(kit, "x"))[0] != (await kit.person("张伟")).id

    async def test_the_lock_opens_by_itself_and_shuts_again(self, kit: Kit) -> None:
        for _ in range(MAX_BIND_FAILURES):
            await kit.says(f"绑定 {new_code()}", "x")
        kit.clock.move_to(kit.clock.now() + BIND_LOCK)
        await kit.says(f"绑定 {new_code()}", "x")
        assert await kit.outbox("bind_locked") == []
        good = await code_for(kit, "张伟")
        await kit.says(f"绑定 {good}", "x")
        assert await person_at(kit, "x") == ((await kit.person("张伟")).id, True)

    async def test_a_colleague_is_not_locked_out_by_anothers_guesses(self, kit: Kit) -> None:
        for _ in range(MAX_BIND_FAILURES + 3):
            await kit.says(f"绑定 {new_code()}", "x")
        await kit.says(f"绑定 {await code_for(kit, '张伟')}", "z")
        assert (await person_at(kit, "z"))[1]


def test_a_start_code_is_genuine_or_nothing() -> None:
    signer = Signer("a secret of some length that nobody knows")
    code = signer.start_code(42)
    assert len(code) <= 64
    assert signer.started_from(code) == 42
    for other in (code[:-1], code + "0", code.replace("c42", "c43"), "c42-", "", "c42-" + "0" * 24, f" {code}"):
        assert signer.started_from(other) is None
    assert Signer("another secret of some length here").started_from(code) is None
    assert not is_code(code)
    assert is_code(new_code().lower())


class TestComingBack:
    """Carriers have people answer STOP and START; each is acknowledged once, and means what it says."""

    @pytest.mark.parametrize(
        "word",
        [
            "START",
            "恢复",
            "unstop",
            "Start!",
            "恢复通知",
            "行了可以给我发消息了",
            "message me again",
            "ok you may text me again",
        ],
    )
    async def test_who_wanted_to_hear_no_more_can_have_it_back(self, kit: Kit, word: str) -> None:
        number = "+8613712345678"
        await kit.says(LIFT, number, "sms")
        await kit.says("TD", number, "sms")
        [row] = await kit.rows(AddressRow, AddressRow.channel == "sms", AddressRow.address == number)
        assert row.muted
        assert len(await kit.outbox("stopped")) == 1
        await kit.says(word, number, "sms")
        [row] = await kit.rows(AddressRow, AddressRow.channel == "sms", AddressRow.address == number)
        assert not row.muted
        assert len(await kit.outbox("status")) == 1  # how it stands with what they have open

    @pytest.mark.parametrize("word", ["别再发通知了", "don't text me again", "stop sending me messages"])
    async def test_who_says_it_twice_stays_alone(self, kit: Kit, word: str) -> None:
        await kit.says("TD", "+8613712345678", "sms")
        await kit.says(word, "+8613712345678", "sms")
        [row] = await kit.rows(AddressRow, AddressRow.channel == "sms", AddressRow.address == "+8613712345678")
        assert row.muted

    async def test_the_word_means_nothing_to_others(self, kit: Kit) -> None:
        await kit.says("start", "+8613712345678", "sms")
        assert len(await kit.outbox("help_customer")) == 1
        await kit.says("恢复", "+8613712345678", "sms")
        assert len(await kit.outbox("unclear_customer")) == 1
