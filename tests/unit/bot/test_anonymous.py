"""Complaints without a name: nothing of the case points at who told it, and still they are answered and may go on."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar.details import without_phones
from bot.storage.models import (
    AddressRow,
    DeliveryRow,
    EventRow,
    FileRow,
    InboxRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    TaskRow,
    TimerRow,
)
from bot.tokens import Signer
from complaints.vocabulary import Rating, Status
from tests.unit.bot.desk_kit import GROUP_CHAT, SMS, FakeChannel, Kit, open_desk

MATTER = "匿名投诉 物业保安半夜在门口喝酒，我电话13800138000"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", GROUP_CHAT), FakeChannel("sms", SMS)]) as kit:
        yield kit


async def filed(kit: Kit, who: str = "c1") -> tuple[str, str]:
    """File without a name; return the number and the code as they were told."""
    await kit.says(MATTER, who, name="李雷", message_id="m1")
    await kit.deliver()
    found = re.search(r"编号 (\S+)，查询码 (\w{8})", kit.chat.texts(who)[-1])
    assert found is not None
    return found[1], found[2]


class TestSealing:
    def test_only_the_secret_opens_it_and_it_is_always_the_same(self) -> None:
        ours, others = Signer("one"), Signer("two")
        sealed = ours.seal("telegram", "12345")
        assert sealed == ours.seal("telegram", "12345") != ours.seal("web", "12345")
        assert ours.opened("telegram", sealed) == "12345"
        assert "12345" not in sealed
        assert others.opened("telegram", sealed) == ours.opened("web", sealed) == sealed
        assert ours.opened("telegram", "sealed:nonsense") == "sealed:nonsense"

    def test_phone_numbers_in_the_words_are_hidden(self) -> None:
        assert without_phones("打13800138000，或0571-88886666，3号楼") == "打***，或***，3号楼"


class TestFiling:
    async def test_nothing_kept_with_the_case_says_who_it_was(self, kit: Kit) -> None:
        await kit.says("你好", "c1", name="李雷")
        reference, code = await filed(kit)
        complaint = await kit.the_complaint()
        assert complaint.anonymous
        assert complaint.place == ""
        [address] = await kit.rows(AddressRow, AddressRow.person == complaint.complainant)
        [person] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
        assert (person.name, person.phone, person.place, person.email) == ("", "", "", "")
        assert "c1" not in address.address
        [known] = await kit.rows(AddressRow, AddressRow.address == "c1")
        for table in (OutboxRow, MessageRow, FileRow, TimerRow, TaskRow, EventRow):
            for row in await kit.rows(table, table.reference == reference):
                kept = json.dumps(
                    {c.key: str(getattr(row, c.key)) for c in table.__table__.columns}, ensure_ascii=False
                )
                for secret in ('"c1"', known.person, "李雷", "13800138000", code):
                    assert secret not in kept
        ids = {row.id for row in await kit.rows(OutboxRow, OutboxRow.reference == reference)}
        tried = await kit.rows(DeliveryRow)
        assert all(row.address != "c1" for row in tried if row.outbox_id in ids)
        assert await kit.rows(InboxRow, InboxRow.reference == reference) == []
        last = (await kit.rows(InboxRow))[-1]
        assert (last.raw, last.conversation) == (b"", "")
        await kit.says("匿名投诉 食堂的菜不新鲜", "c1")
        assert {each.complainant for each in await kit.complaints()} == {complaint.complainant}

    async def test_staff_read_the_words_and_that_nobody_is_to_ask(self, kit: Kit) -> None:
        await filed(kit)
        [told] = kit.chat.texts("handler")
        assert "半夜在门口喝酒" in told
        assert "匿名" in told
        assert "李雷" not in told
        assert "1380013" not in told

    async def test_the_honest_word_about_what_the_chat_knows(self, kit: Kit) -> None:
        await filed(kit)
        assert "聊天平台仍知道" in kit.chat.texts("c1")[-1]
        assert "电话号码已隐去" in kit.chat.texts("c1")[-1]

    async def test_danger_is_answered_first_in_the_same_message(self, kit: Kit) -> None:
        await kit.says("匿名投诉 3栋着火了，有人被困")
        await kit.deliver()
        [said] = kit.chat.texts("c1")
        assert said.index("119") < said.index("查询码")

    async def test_the_wish_alone_is_asked_for_the_matter(self, kit: Kit) -> None:
        await kit.says("我要匿名投诉")
        await kit.deliver()
        assert "匿名登记" in kit.chat.texts("c1")[-1]
        await kit.says("电梯坏了三天没人修")
        assert (await kit.the_complaint()).anonymous

    @pytest.mark.parametrize("text", ["删除我的数据", "进度", "算了", "帮助"])
    async def test_a_command_instead_of_the_matter_is_one(self, kit: Kit, text: str) -> None:
        await kit.says("匿名投诉")
        await kit.says(text)
        assert await kit.complaints() == []

    @pytest.mark.parametrize(
        "text",
        ["anonymous complaint: the guard drinks at night", "I want to make an anonymous complaint about the guard drinking",
         "保安收钱不办事，请帮我匿名", "不记名举报 经理吃回扣", "不想留名字，这事要匿名，保安队长陈某打人",
         "I want to stay anonymous: the guard in building 2 sells parking cards",
         "我要投诉，但是不要告诉别人是我说的，3栋王阿姨高空抛物",
         "I'd like to report something without giving my name. The cleaner Zhao steals parcels."],
    )  # fmt: skip
    async def test_as_people_say_it(self, kit: Kit, text: str) -> None:
        await kit.says(text)
        assert (await kit.the_complaint()).anonymous

    @pytest.mark.parametrize("text", ["有人天天发匿名信骚扰我，投诉没人管", "投诉 电梯坏了", "投诉 电梯坏了，不要匿名"])
    async def test_what_only_speaks_of_it(self, kit: Kit, text: str) -> None:
        await kit.says(text)
        assert not (await kit.the_complaint()).anonymous

    @pytest.mark.parametrize(
        "text", ["不想留名字，这事要匿名，保安队长陈某打人", "I want to stay anonymous: the guard sells parking cards"]
    )
    async def test_with_one_of_their_own_open_and_a_question_about_it(self, kit: Kit, text: str) -> None:
        await kit.says("投诉 3栋502厨房漏水")
        await kit.says(text)
        named, unnamed = await kit.complaints()
        assert (named.anonymous, unnamed.anonymous) == (False, True)
        assert unnamed.place == ""

    async def test_not_giving_a_name_where_it_was_asked_for_is_no_matter(self, kit: Kit) -> None:
        await kit.says("投诉 3栋502厨房漏水")
        await kit.says("不想留名字")
        assert not (await kit.the_complaint()).anonymous

    async def test_nobody_is_told_to_contact_whom_nobody_can_phone(self, kit: Kit) -> None:
        await filed(kit)
        await kit.says("怎么还没人处理")
        await kit.deliver()
        await kit.sweep(timedelta(days=3))
        await kit.deliver()
        await kit.says("怎么还没人处理")
        await kit.deliver()
        said = "".join(kit.chat.texts("handler"))
        assert "客户匿名" in said
        assert "联系客户" not in said

    async def test_in_a_group_everybody_has_read_it(self, kit: Kit) -> None:
        await kit.says("匿名投诉 保安喝酒", room="-100")
        await kit.deliver()
        assert await kit.complaints() == []
        assert "群里大家都看得到" in kit.chat.texts("-100")[-1]


class TestGoingOn:
    async def test_the_same_chat_asks_adds_and_rates_as_any_other(self, kit: Kit) -> None:
        reference, _ = await filed(kit)
        await kit.says("进度")
        await kit.says("补充 昨天又喝了，打13900139000")
        await kit.deliver()
        assert reference in kit.chat.texts("c1")[-2]
        assert any("昨天又喝了，打***" in text for text in kit.chat.texts("handler"))
        await kit.says("办结 已辞退", "handler")
        await kit.deliver()
        await kit.says("5")
        complaint = await kit.the_complaint()
        assert complaint.status is Status.CLOSED
        assert complaint.surveys[-1].rating is Rating.SATISFIED

    async def test_the_code_opens_it_where_it_was_told(self, kit: Kit) -> None:
        reference, code = await filed(kit)
        await kit.says(f"查询 {reference} {code}")
        await kit.deliver()
        assert reference in kit.chat.texts("c1")[-1]
        assert not await kit.outbox("undeliverable")

    async def test_more_about_it_stays_without_a_name(self, kit: Kit) -> None:
        await filed(kit)
        await kit.says("孙部长昨天又收了一次，我手机13511112222")
        assert (await kit.the_complaint()).anonymous
        await kit.deliver()
        assert any("昨天又收了一次，我手机***" in text for text in kit.chat.texts("handler"))

    async def test_a_new_matter_of_the_same_person_has_their_name(self, kit: Kit) -> None:
        await filed(kit)
        await kit.says("投诉 3栋502厨房漏水")
        unnamed, named = await kit.complaints()
        assert (unnamed.anonymous, named.anonymous) == (True, False)
        assert unnamed.complainant != named.complainant
        await kit.says("进度")
        await kit.deliver()
        assert named.reference in kit.chat.texts("c1")[-1]

    async def test_a_new_matter_is_theirs_even_while_the_other_one_waits_for_an_answer(self, kit: Kit) -> None:
        await filed(kit)
        await kit.says("办结 已辞退", "handler")
        await kit.deliver()
        await kit.says("投诉 3栋502厨房漏水，我姓李")
        unnamed, named = await kit.complaints()
        assert (unnamed.anonymous, named.anonymous) == (True, False)
        assert named.place == "3栋502"

    async def test_number_and_code_open_it_from_anywhere(self, kit: Kit) -> None:
        reference, code = await filed(kit)
        await kit.says(f"查询 {reference} {code}", "+8613900139000", "sms")
        await kit.says(f"补充 {reference} {code.lower()} 车牌是沪A12345", "+8613900139000", "sms")
        await kit.deliver()
        assert reference in kit.sms.texts("+8613900139000")[0]
        assert any("沪A12345" in text for text in kit.chat.texts("handler"))
        assert all(
            row.address != "+8613900139000" for row in await kit.rows(OutboxRow, OutboxRow.reference == reference)
        )

    @pytest.mark.parametrize("words", ["我还有录音", "昨天晚上他们又喝了一次，打我13511112222"])
    async def test_what_is_written_right_after_the_code_is_added(self, kit: Kit, words: str) -> None:
        reference, code = await filed(kit)
        await kit.says(f"查询 {reference} {code}", "+8613900139000", "sms")
        await kit.deliver()
        await kit.says(words, "+8613900139000", "sms")
        await kit.deliver()
        assert any(words[:8] in text for text in kit.chat.texts("handler"))
        assert reference in kit.sms.texts("+8613900139000")[-1]
        assert len(await kit.complaints()) == 1
        [own] = await kit.rows(AddressRow, AddressRow.address == "+8613900139000")
        assert reference not in f"{own.tools}{own.pending}{own.about}"

    @pytest.mark.parametrize(("words", "after"), [("我还有录音", 11), ("投诉 3栋502厨房漏水", 0)])
    async def test_a_matter_of_their_own_or_what_comes_later_is_not(self, kit: Kit, words: str, after: int) -> None:
        reference, code = await filed(kit)
        await kit.says(f"查询 {reference} {code}", "+8613900139000", "sms")
        await kit.sweep(timedelta(minutes=after))
        await kit.says(words, "+8613900139000", "sms")
        await kit.deliver()
        assert not any(words in text and reference in text for text in kit.chat.texts("handler"))

    async def test_guessing_does_not_pay(self, kit: Kit) -> None:
        reference, code = await filed(kit)
        for _ in range(5):
            await kit.says(f"查询 {reference} ABCD2345", "c2")
        await kit.says(f"查询 {reference} {code}", "c3")
        await kit.deliver()
        assert "不对" in kit.chat.texts("c2")[-1]
        assert "太多" in kit.chat.texts("c3")[-1]
        assert "喝酒" not in "".join(kit.chat.texts("c2"))

    async def test_an_unknown_number_and_a_named_one_tell_no_more_than_a_wrong_code(self, kit: Kit) -> None:
        await kit.says("投诉 3栋502厨房漏水", "c2")
        named = await kit.the_complaint()
        await kit.says(f"查询 {named.reference} ABCD2345", "c1")
        await kit.says("查询 TS20200101-0001 ABCD2345", "c1")
        await kit.deliver()
        assert len({text.splitlines()[0] for text in kit.chat.texts("c1")}) == 1

    async def test_an_edit_does_not_bring_the_name_back(self, kit: Kit) -> None:
        reference, _ = await filed(kit)
        await kit.says("匿名投诉 物业保安半夜在门口赌钱", "c1", name="李雷", message_id="m1", edited=True)
        complaint = await kit.the_complaint()
        rows = await kit.rows(MessageRow, MessageRow.reference == reference, MessageRow.outgoing.is_(False))
        assert {row.person for row in rows} == {complaint.complainant}
        assert "c1" not in {row.address for row in rows}

    async def test_stop_ends_both(self, kit: Kit) -> None:
        await filed(kit)
        await kit.says("退订")
        rows = await kit.rows(AddressRow, AddressRow.channel == "chat", AddressRow.muted.is_(True))
        assert len(rows) == 2

    async def test_an_assignee_who_filed_without_a_name_still_speaks_as_themselves(self, kit: Kit) -> None:
        await kit.says("匿名投诉 经理吃回扣", "handler")
        await kit.says("投诉 3栋502厨房漏水", "c1")
        await kit.says("接单", "handler")
        statuses = {complaint.anonymous: complaint.status for complaint in await kit.complaints()}
        assert (
            Status.WORKING in statuses.values()
            or len(await kit.rows(OutboxRow, OutboxRow.notice == "which_complaint")) == 1
        )


class TestUnderAName:
    @pytest.mark.parametrize(
        "words",
        ["我不匿名了 我叫孙丽 13712121212", "不用匿名了，我是孙丽，电话13712121212",
         "我愿意实名，孙丽，13712121212，直接打我电话"],
    )  # fmt: skip
    async def test_who_says_who_they_are_is_named_and_told_so(self, kit: Kit, words: str) -> None:
        reference, _ = await filed(kit)
        await kit.says(words, name="小孙")
        await kit.deliver()
        complaint = await kit.the_complaint()
        [known] = await kit.rows(AddressRow, AddressRow.address == "c1")
        [person] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
        assert (complaint.anonymous, complaint.complainant) == (False, known.person)
        assert (person.name, person.phone) == ("孙丽", "+8613712121212")
        told = kit.chat.texts("c1")[-1]
        assert reference in told
        assert "孙丽" in told
        assert "137 1212 1212" in told
        read = kit.chat.texts("handler")[-1]
        assert "不再匿名：孙丽，137 1212 1212" in read

    async def test_it_goes_on_like_any_other_of_theirs(self, kit: Kit) -> None:
        reference, _ = await filed(kit)
        await kit.says("我不匿名了，我叫孙丽，13712121212")
        await kit.deliver()
        await kit.says("昨天又喝了，打13900139000")
        await kit.deliver()
        assert reference in kit.chat.texts("c1")[-1]
        assert "昨天又喝了，打139" in kit.chat.texts("handler")[-1]
        await kit.says("办结 已辞退", "handler")
        await kit.deliver()
        await kit.says("满意")
        assert (await kit.the_complaint()).status is Status.CLOSED

    @pytest.mark.parametrize(
        "words",
        ["ok I'll give my name, Sue Best +44 7911 123456", "I no longer want to be anonymous, call me on +44 7911 123456",
         "I don't want to stay anonymous any more. Sue Best +44 7911 123456"],
    )  # fmt: skip
    async def test_as_it_is_said_in_english(self, kit: Kit, words: str) -> None:
        await kit.says("language en")
        await kit.says("anonymous complaint: the guard drinks at night")
        await kit.deliver()
        await kit.says(words, name="Sue Best")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert not complaint.anonymous
        [person] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
        assert (person.name, person.phone) == ("Sue Best", "+447911123456")
        assert "anonymous no more" in kit.chat.texts("c1")[-1]
        assert complaint.status is Status.DISPATCHED
        assert ("call me" in words) == bool(await kit.outbox("person_wanted"))
        for never in ("data_requested", "withdraw_confirm", "data_request"):
            assert not await kit.outbox(never)

    async def test_what_is_missing_is_asked_for_and_kept(self, kit: Kit) -> None:
        await filed(kit)
        await kit.says("我不想匿名了，直接打我电话")
        await kit.deliver()
        assert "请再告诉我们您的联系电话" in kit.chat.texts("c1")[-1]
        await kit.says("13712121212")
        await kit.deliver()
        complaint = await kit.the_complaint()
        [person] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
        assert person.phone == "+8613712121212"
        assert await kit.outbox("person_wanted")

    @pytest.mark.parametrize(
        "words",
        ["不匿名会怎么样？", "如果我不匿名了，你们会快点吗", "不要取消匿名", "我不愿意实名", "我不想公开我的名字",
         "要不要改成实名", "I don't want to give my name", "would it be faster if I'm not anonymous", "do not use my name"],
    )  # fmt: skip
    async def test_who_only_speaks_of_it_stays_unknown(self, kit: Kit, words: str) -> None:
        await filed(kit)
        await kit.says(words)
        assert (await kit.complaints())[0].anonymous

    async def test_of_several_the_one_is_asked_for_and_the_others_stay_unknown(self, kit: Kit) -> None:
        first, _ = await filed(kit)
        await kit.says("匿名投诉 3栋的电梯坏了三天没人修")
        await kit.says("我不匿名了，我叫孙丽，13712121212")
        await kit.deliver()
        assert all(complaint.anonymous for complaint in await kit.complaints())
        assert first in kit.chat.texts("c1")[-1]
        await kit.says(f"不匿名了 {first} 我叫孙丽，13712121212")
        assert [c.anonymous for c in await kit.complaints()] == [False, True]

    async def test_the_code_lets_them_do_so_from_elsewhere(self, kit: Kit) -> None:
        reference, code = await filed(kit)
        await kit.says(f"查询 {reference} {code}", "+8613900139000", "sms")
        await kit.says("我不匿名了，我叫孙丽", "+8613900139000", "sms")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert not complaint.anonymous
        [own] = await kit.rows(AddressRow, AddressRow.address == "+8613900139000")
        assert own.person == complaint.complainant


class TestAnotherMatter:
    """What is told after a complaint without a name, and names none itself."""

    @pytest.mark.parametrize(
        ("words", "answer"),
        [
            ("对了 我家阳台窗户也漏风 12栋702 何静 13522223333", "这件不匿名"),
            ("对了 我家阳台窗户也漏风 12栋702 何静 13522223333", "不"),
            ("also the balcony window lets the wind in, 12-702, Jane Hall 13522223333", "this one not anonymous"),
            ("also the balcony window lets the wind in, 12-702, Jane Hall 13522223333", "use my name"),
        ],
    )
    async def test_whether_it_is_to_be_without_a_name_is_asked(self, kit: Kit, words: str, answer: str) -> None:
        first, _ = await filed(kit)
        await kit.says(words)
        await kit.deliver()
        asked = next(message for message in reversed(kit.chat.sent) if message.address == "c1")
        assert len(asked.buttons) == 2
        assert [c.anonymous for c in await kit.complaints()] == [True, True]
        await kit.says(answer)
        await kit.deliver()
        assert {c.reference: c.anonymous for c in await kit.complaints()}[first]
        assert [c.anonymous for c in await kit.complaints()] == [True, False]
        await kit.says("13522223333")
        complaint = (await kit.complaints())[1]
        [person] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
        assert person.phone == "+8613522223333"

    @pytest.mark.parametrize("answer", ["也匿名", "是", "匿名", "anonymous too", "yes please"])
    async def test_it_stays_so_where_that_is_wished(self, kit: Kit, answer: str) -> None:
        await filed(kit)
        await kit.says("我家阳台窗户也漏风 12栋702 何静 13522223333")
        await kit.says(answer)
        await kit.deliver()
        assert [c.anonymous for c in await kit.complaints()] == [True, True]
        assert "也匿名" in kit.chat.texts("c1")[-1] or "stays without your name" in kit.chat.texts("c1")[-1]
        assert not await kit.rows(PersonRow, PersonRow.name == "何静")

    @pytest.mark.parametrize("words", ["进度", "我的投诉", "帮助", "投诉 电梯坏了"])
    async def test_a_command_gets_out_of_the_question(self, kit: Kit, words: str) -> None:
        await filed(kit)
        await kit.says("我家阳台窗户也漏风 12栋702")
        await kit.deliver()
        kit.chat.sent.clear()
        await kit.says(words)
        await kit.deliver()
        assert not any("也要匿名吗" in text for text in kit.chat.texts("c1"))
        assert [c.anonymous for c in await kit.complaints()][:2] == [True, True]

    async def test_what_asks_for_it_by_itself_is_not_asked_about(self, kit: Kit) -> None:
        await filed(kit)
        await kit.says("匿名投诉 3栋的电梯坏了三天没人修")
        await kit.deliver()
        assert "也要匿名吗" not in kit.chat.texts("c1")[-1]

    @pytest.mark.parametrize(
        "words",
        [
            "不匿名了 算了就用我名字 张丽 13355556666 只说下水道那个",
            "不匿名了 下水道那件实名 张丽 13355556666",
        ],
    )
    async def test_of_several_the_one_described_is_named(self, kit: Kit, words: str) -> None:
        await kit.says("匿名投诉 楼下垃圾堆没人收 3栋")
        await kit.says("匿名投诉 厨房下水道堵了")
        await kit.says(words)
        assert [c.anonymous for c in await kit.complaints()] == [True, False]

    async def test_as_described_in_english(self, kit: Kit) -> None:
        await kit.says("anonymous complaint: nobody empties the bins at block 3")
        await kit.says("anonymous complaint: the kitchen drain is blocked")
        await kit.says("use my name, Zhang Li 13355556666, only the kitchen drain one")
        assert [c.anonymous for c in await kit.complaints()] == [True, False]

    async def test_where_it_is_not_clear_a_tap_is_enough(self, kit: Kit) -> None:
        await kit.says("匿名投诉 楼下垃圾堆没人收 3栋")
        await kit.says("匿名投诉 厨房下水道堵了")
        await kit.says("不匿名了 张丽 13355556666 只说那个")
        await kit.deliver()
        asked = next(message for message in reversed(kit.chat.sent) if message.address == "c1")
        drain = next(button for button in asked.buttons if "下水道" in button.label)
        await kit.says(drain.says)
        assert [c.anonymous for c in await kit.complaints()] == [True, False]
        complaint = (await kit.complaints())[1]
        [person] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
        assert (person.name, person.phone) == ("张丽", "+8613355556666")


class TestAppeal:
    """What is said after a verdict on a case without a name."""

    async def judged(self, kit: Kit) -> str:
        reference, _ = await filed(kit)
        await kit.says("判定无效 0001 查无此事", "lead")
        await kit.deliver()
        return reference

    @pytest.mark.parametrize(
        "words",
        ["申诉 我有转账截图", "你们包庇 我要申诉", "凭什么 我要申诉 有录音", "凭什么判无效 我有转账截图",
         "匿名申诉 我有转账截图",
         "I want to appeal, I have it on video", "you cover for them, I appeal", "I don't accept this decision, I have proof"],
    )  # fmt: skip
    @pytest.mark.parametrize("own", ["", "投诉 3栋502厨房漏水", "投诉 3栋502厨房漏水，我姓李，电话13800138000"])
    async def test_it_is_of_that_case_whatever_else_is_open(self, kit: Kit, words: str, own: str) -> None:
        await self.judged(kit)
        if own:
            await kit.says(own)
        await kit.deliver()
        kit.chat.sent.clear()
        await kit.says(words)
        await kit.deliver()
        first, *others = await kit.complaints()
        assert first.appealed
        assert len(others) == bool(own)
        assert kit.chat.texts("handler") == []
        assert "0001" in kit.chat.texts("c1")[-1]
        for table in (OutboxRow, EventRow, MessageRow):
            for row in await kit.rows(table, table.reference != first.reference):
                kept = json.dumps({c.key: str(getattr(row, c.key)) for c in table.__table__.columns})
                assert first.reference not in kept

    @pytest.mark.parametrize(("words", "why"), [("申诉", "我有转账截图"), ("I appeal", "I have it on video")])
    async def test_the_reason_follows(self, kit: Kit, words: str, why: str) -> None:
        await self.judged(kit)
        await kit.says("投诉 3栋502厨房漏水")
        await kit.deliver()
        await kit.says(words)
        await kit.deliver()
        kit.chat.sent.clear()
        await kit.says(why)
        await kit.deliver()
        assert (await kit.complaints())[0].appealed
        assert kit.chat.texts("handler") == []

    @pytest.mark.parametrize(
        ("answer", "appealed"),
        [
            ("匿名那件", [True, False]),
            ("是", [True, False]),
            ("另一件", [False, True]),
            ("the other one", [False, True]),
        ],
    )
    async def test_with_one_of_their_own_invalid_it_is_asked_which(
        self, kit: Kit, answer: str, appealed: list[bool]
    ) -> None:
        await self.judged(kit)
        await kit.says("投诉 3栋502厨房漏水")
        await kit.says("判定无效 0002 不漏", "lead")
        await kit.deliver()
        await kit.says("我不服 我要申诉 有录音")
        await kit.deliver()
        assert [c.appealed for c in await kit.complaints()] == [False, False]
        asked = next(message for message in reversed(kit.chat.sent) if message.address == "c1")
        assert len(asked.buttons) == 2
        await kit.says(answer)
        await kit.deliver()
        assert [c.appealed for c in await kit.complaints()] == appealed
        assert any("有录音" in text for text in kit.chat.texts("lead"))

    async def test_with_a_number_of_their_own_it_is_theirs(self, kit: Kit) -> None:
        await self.judged(kit)
        await kit.says("投诉 3栋502厨房漏水")
        await kit.says("判定无效 0002 不漏", "lead")
        await kit.says("申诉 0002 还在漏")
        assert [c.appealed for c in await kit.complaints()] == [False, True]

    @pytest.mark.parametrize("words", ["保安真的喝酒了 我有录音", "the guard was drunk, I have it on video"])
    async def test_what_else_is_said_of_it_names_nobody(self, kit: Kit, words: str) -> None:
        await self.judged(kit)
        await kit.says(words)
        assert all(c.anonymous for c in await kit.complaints())

    @pytest.mark.parametrize("words", ["投诉 3栋502厨房漏水", "帮助", "I want to complain about the lift"])
    async def test_other_words_are_theirs(self, kit: Kit, words: str) -> None:
        await self.judged(kit)
        await kit.says(words)
        assert not any(c.appealed for c in await kit.complaints())
        assert not any(c.anonymous for c in (await kit.complaints())[1:])


class TestWish:
    """Not to be named, wherever it is said, and said too late."""

    @pytest.mark.parametrize(
        "words",
        ["翠湖6栋1702 我要投诉你们小周 电话里骂我 匿名", "投诉小周 匿名", "你们维修工刘师傅偷我家东西 翠湖15栋1502 匿名",
         "保安收钱放车进来，匿名处理", "投诉保安半夜喝酒（匿名）", "保安队长打人，别让他知道是我",
         "保安半夜喝酒 请匿名 谢谢", "匿名 保安半夜喝酒",
         "your guard stole my parcel, anonymous", "the guard drinks at night. anonymous please",
         "the technician broke my lamp and lied about it. keep me anonymous",
         "Karl was rude and took cash, dont say it was me", "the guard stole a parcel, please don't tell him I told you"],
    )  # fmt: skip
    async def test_it_counts_wherever_it_is_said(self, kit: Kit, words: str) -> None:
        await kit.says(words)
        assert (await kit.the_complaint()).anonymous

    @pytest.mark.parametrize(
        "words",
        ["投诉 有人写信骂我，信是匿名的", "投诉 楼下有人贴匿名大字报", "投诉 我收到的信 不是匿名", "投诉保安喝酒，我不匿名",
         "I complain about a letter that is anonymous", "complaint: hate mail by someone anonymous",
         "complaint: the lift is broken, don't tell me it's my fault"],
    )  # fmt: skip
    async def test_what_only_speaks_of_it_does_not(self, kit: Kit, words: str) -> None:
        await kit.says(words)
        assert not any(c.anonymous for c in await kit.complaints())

    @pytest.mark.parametrize(
        "words", ["匿名", "我要匿名", "匿名！", "对了 我想匿名", "别说是我说的", "不想留名字", "anonymous", "anonymous please",
                  "oh please keep me anonymous", "dont say it was me"],
    )  # fmt: skip
    async def test_said_too_late_what_can_be_done_is_told(self, kit: Kit, words: str) -> None:
        await kit.says("投诉小周 电话里骂我 翠湖6栋1702")
        await kit.deliver()
        await kit.says(words)
        await kit.deliver()
        answer = next(message for message in reversed(kit.chat.sent) if message.address == "c1")
        assert "0001" in answer.text
        assert "张伟" in answer.text
        assert "收不回来" in answer.text or "cannot be taken back" in answer.text
        withdraw, again = answer.buttons
        await kit.says(withdraw.says)
        await kit.says("是")
        await kit.says(again.says)
        await kit.says("小周电话里骂人")
        first, second = await kit.complaints()
        assert (first.status, first.anonymous, second.anonymous) == (Status.WITHDRAWN, False, True)

    async def test_the_wish_that_waits_swallows_no_appeal(self, kit: Kit) -> None:
        await kit.says("投诉小周 电话里骂我 翠湖6栋1702")
        await kit.says("匿名投诉")
        await kit.says("判定无效 0001 查无此事", "lead")
        await kit.says("我要申诉 有录音")
        assert (await kit.the_complaint()).appealed

    @pytest.mark.parametrize("words", ["我还有录音 他骂了十分钟", "师傅到现在没来"])
    async def test_nor_later_what_is_said_of_theirs(self, kit: Kit, words: str) -> None:
        await kit.says("投诉小周 电话里骂我 翠湖6栋1702 李雷 13800138000")
        await kit.says("匿名投诉")
        await kit.sweep(timedelta(hours=2))
        await kit.says(words)
        assert not (await kit.the_complaint()).anonymous
