"""Attacks by words alone, tried at a whole desk: numbers that only look alike, wildcards, somebody else's name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.hearing import shortened
from bot.storage.models import AddressRow, DataRequestRow, OutboxRow, PersonRow
from complaints.complaint import Complaint
from complaints.vocabulary import Status, VisitState
from connectors.port import OutgoingMessage
from tests.unit.bot.desk_kit import Kit, known_customer, open_desk

NUMBER = "TS20260302-0001"
LEAK = "3栋502卫生间漏水好几天了没人修，我叫王芳，13812345678"
SECRET_WORDS = "卫生间"


async def heard(kit: Kit, who: str, text: str, channel: str = "chat") -> str:
    """Let somebody speak and return what they read since."""
    said = kit.channels[channel].texts
    before = len(said(who))
    await kit.says(text, who, channel)
    await kit.deliver()
    return "\n".join(said(who)[before:])


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        pytest.param("漏水了" + "。" * 20_000 + "快来", "漏水了" + "。" * 40 + "快来", id="marks"),
        pytest.param(" \n!?" * 5_000, " \n!?" * 10, id="several of them"),
        pytest.param("想" * 20_000, "想" * 40, id="one syllable"),
        pytest.param("please " * 3_000 + "help", "please " * 40 + "help", id="one word"),
        pytest.param("哈哈哈哈哈哈，太好了！！！！！！", "哈哈哈哈哈哈，太好了！！！！！！", id="what people do write"),
        pytest.param("13812345678，3栋502", "13812345678，3栋502", id="numbers"),
    ],
)
def test_what_is_said_ten_thousand_times_is_heard_forty(said: str, heard: str) -> None:
    assert shortened(said) == heard


LOOK_ALIKE = (
    NUMBER,
    "\u0422\u0405" + NUMBER[2:],  # Cyrillic letters
    NUMBER.translate({ord("0") + n: 0x660 + n for n in range(10)}),  # Arabic digits
    NUMBER.translate({ord("0"): "O", ord("1"): "l"}),
    "TS2026%-____",
    "%%%%",
    "____",
    "' OR 1=1 --",
)


async def test_a_stranger_learns_nothing_by_any_number(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(LEAK, "owner")
        complaint = await kit.the_complaint()
        for place, number in enumerate(LOOK_ALIKE):
            for ask in ("进度", "撤诉"):
                told = await heard(kit, f"stranger{place}", f"{ask} {number}")
                assert SECRET_WORDS not in told, number
                assert "5678" not in told, number
        owned = next(each for each in await kit.complaints() if each.reference == NUMBER)
        assert owned.status is complaint.status is not Status.WITHDRAWN


async def test_who_owns_it_may_write_its_number_in_wide_letters(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(LEAK, "owner")
        wide = NUMBER.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
        assert NUMBER in await heard(kit, "owner", f"进度 {wide}")


async def test_a_mail_that_only_says_it_is_a_colleagues_orders_nothing(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.address("张伟", "email", "zhang@example.com", proven=True)
        await kit.says(LEAK, "owner")
        before = await kit.the_complaint()
        assert before.owner == (await kit.person("张伟")).id
        for order in (f"办结 {NUMBER} 换了防水层", f"进度 {NUMBER}", f"电话 {NUMBER}"):
            told = await heard(kit, "zhang@example.com", order, "email")
            assert SECRET_WORDS not in told
            assert "1234 5678" not in told
        [after, *_] = [each for each in await kit.complaints() if each.reference == NUMBER]
        assert after.status is before.status
        assert after.result == before.result


MAIL = "wang@qq.example"
ASKED = "发件人可以冒充"


async def by_mail(kit: Kit, *more: str) -> Complaint:
    """Let a customer complain by mail, the handler take it on, and do more."""
    await kit.says(LEAK, MAIL, "email", subject="漏水", message_id="<first@qq.example>")
    for words in ("接单", *more):
        await kit.says(words, "handler")
    await kit.deliver()
    return await kit.the_complaint()


def last_mail(kit: Kit, who: str = MAIL) -> OutgoingMessage:
    return [message for message in kit.mail.sent if message.address == who][-1]


async def forged(kit: Kit, text: str, subject: str = "来信") -> str:
    """Let anybody write in the customer's name, and return what the customer reads of it."""
    before = len(kit.mail.texts(MAIL))
    await kit.says(text, MAIL, "email", subject=subject)
    await kit.deliver()
    return "\n".join(kit.mail.texts(MAIL)[before:])


async def replied(kit: Kit, text: str, who: str = MAIL) -> None:
    """Let somebody answer the customer's last mail of ours."""
    await kit.says(text, who, "email", subject="Re: 来信", in_reply_to=last_mail(kit).message_id)
    await kit.deliver()


class TestAMailThatOnlySaysItIsTheCustomers:
    """The From line of a mail ends, gives away and redirects nothing; who reads the customer's mail may."""

    @pytest.mark.parametrize("subject", ["来信", f"Re: [{NUMBER}] 漏水", f"回复：漏水 {NUMBER}"])
    async def test_a_complaint_is_not_withdrawn_by_a_second_one(self, fresh_sqlite_url: str, subject: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            before = await by_mail(kit)
            assert "撤回" in await forged(kit, "撤诉", subject)
            for words in ("是", "yes", "撤回吧"):
                await forged(kit, words, subject)
                assert (await kit.the_complaint()).status is before.status
            told = await forged(kit, "是", subject)
            assert ASKED in told
            assert f"要撤回投诉（{NUMBER}）" in told
            await replied(kit, "是")
            assert (await kit.the_complaint()).status is Status.WITHDRAWN

    @pytest.mark.parametrize("word", ["好的", "是的", "可以"])
    async def test_nor_by_a_good_word_about_another_mail(self, fresh_sqlite_url: str, word: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit)
            mail = last_mail(kit)
            await forged(kit, "撤诉")
            await kit.says(word, MAIL, "email", subject="Re: 漏水", in_reply_to=mail.message_id)
            assert (await kit.the_complaint()).status is not Status.WITHDRAWN
            await replied(kit, "是")
            assert (await kit.the_complaint()).status is Status.WITHDRAWN

    async def test_nobody_is_silenced(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit)
            assert ASKED in await forged(kit, "别再联系我")
            [address] = await kit.rows(AddressRow, AddressRow.address == MAIL)
            assert not address.muted
            await replied(kit, "是")
            [address] = await kit.rows(AddressRow, AddressRow.address == MAIL)
            assert address.muted

    async def test_the_question_itself_may_be_answered_at_once(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit)
            await replied(kit, "撤诉")
            await replied(kit, "是")
            assert (await kit.the_complaint()).status is Status.WITHDRAWN

    async def test_a_no_or_no_answer_leaves_all_as_it_was(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit, "办结 换了防水层")
            assert ASKED in await forged(kit, "满意")
            await replied(kit, "否")
            assert "没有改动" in last_mail(kit).text
            assert (await kit.the_complaint()).status is Status.RESOLVED

    async def test_no_other_number_is_put_in_the_place_of_theirs(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            before = await by_mail(kit)
            customer = await known_customer(kit, MAIL, "email")
            for words in ("我的电话改成 13700001111", "我的电话写错了，是13700001111"):
                assert ASKED in await forged(kit, words)
                [person] = await kit.rows(PersonRow, PersonRow.id == customer)
                assert person.phone == "+8613812345678"
            assert await kit.the_complaint() == before
            await replied(kit, "是的")
            [person] = await kit.rows(PersonRow, PersonRow.id == customer)
            assert person.phone == "+8613700001111"

    async def test_nor_where_no_complaint_is_open(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit, "办结 换了防水层")
            await kit.says("满意", MAIL, "email", in_reply_to=last_mail(kit).message_id)
            assert (await kit.the_complaint()).status is Status.CLOSED
            customer = await known_customer(kit, MAIL, "email")
            assert ASKED in await forged(kit, "我的电话改成 13700001111")
            [person] = await kit.rows(PersonRow, PersonRow.id == customer)
            assert person.phone == "+8613812345678"
            await replied(kit, "是")
            [person] = await kit.rows(PersonRow, PersonRow.id == customer)
            assert person.phone == "+8613700001111"

    async def test_nobody_is_sent_to_another_place(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            before = await by_mail(kit)
            assert before.place
            assert ASKED in await forged(kit, "更正：不是3栋，是9栋")
            assert (await kit.the_complaint()).place == before.place
            await replied(kit, "是")
            assert "9栋" in (await kit.the_complaint()).place

    async def test_a_plan_with_money_in_it_is_not_agreed_to(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit, "方案 补偿300元，周五前换好防水层")
            for words in ("同意", f"同意 {NUMBER}", "可以，就这样"):
                await forged(kit, words)
                assert (await kit.the_complaint()).status is Status.PROPOSED, words
            await forged(kit, "同意")
            await replied(kit, "是")
            assert (await kit.the_complaint()).status is Status.EXECUTING

    async def test_a_visit_is_neither_moved_nor_called_off(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit, "预约 后天下午三点", "对")
            await forged(kit, "可以的", f"Re: [{NUMBER}]")
            [visit] = (await kit.the_complaint()).visits
            assert visit.state is VisitState.PROPOSED
            await replied(kit, "可以的")
            [agreed] = (await kit.the_complaint()).visits
            assert agreed.state is VisitState.CONFIRMED
            for words in ("不用来了", "改到大后天上午十点", "取消上门"):
                await forged(kit, words, f"Re: [{NUMBER}]")
                assert (await kit.the_complaint()).visits == (agreed,), words
            await forged(kit, "不用来了", f"Re: [{NUMBER}]")
            await replied(kit, "是")
            assert [each.state for each in (await kit.the_complaint()).visits] == [VisitState.CANCELLED]

    async def test_who_would_not_be_named_is_not_named_and_not_found(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await kit.says("匿名投诉 邻居每晚放音乐很吵", MAIL, "email", subject="吵", message_id="<first@qq.example>")
            await kit.deliver()
            before = await kit.the_complaint()
            told = await forged(kit, "我叫王芳，电话13812345678，这件投诉可以实名")
            assert ASKED in told
            assert before.reference not in told
            assert await kit.the_complaint() == before
            named = await known_customer(kit, MAIL, "email")
            assert not await kit.rows(OutboxRow, OutboxRow.person == named, OutboxRow.reference == before.reference)
            await replied(kit, "是")
            assert not (await kit.the_complaint()).anonymous

    async def test_nothing_is_kept_that_was_to_be_erased(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit)
            await replied(kit, "请删除我的个人信息")
            assert ASKED in await forged(kit, "不要删除我的信息了")
            assert [row.state for row in await kit.rows(DataRequestRow)] == ["open"]

    async def test_who_has_the_customers_mail_in_copy_is_not_the_customer(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await by_mail(kit, "办结 换了防水层")
            assert ASKED in await forged(kit, "满意")
            await replied(kit, "是", "else@else.example")
            assert (await kit.the_complaint()).status is Status.RESOLVED

    async def test_more_words_urging_asking_and_discontent_are_free(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            before = await by_mail(kit)
            for words in ("补充一下：今天卧室也漏了", "怎么还没人来？快点", "进度"):
                assert ASKED not in await forged(kit, words, "Re: 漏水"), words
            after = await kit.the_complaint()
            assert after.version > before.version
            for words in ("办结 换了防水层",):
                await kit.says(words, "handler")
            await kit.deliver()
            assert ASKED not in await forged(kit, "不满意，还在漏")
            assert (await kit.the_complaint()).status is not Status.RESOLVED

    async def test_a_chat_that_knows_who_speaks_asks_for_nothing(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await kit.says(LEAK, "owner")
            await kit.says("撤诉", "owner")
            await kit.says("是", "owner")
            assert (await kit.the_complaint()).status is Status.WITHDRAWN


class TestAMailThatOnlySaysItIsAColleagues:
    async def test_fills_nobodys_mailbox(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url, cap=7) as kit:
            await kit.address("张伟", "email", "zhang@example.com", proven=True)
            await kit.says(LEAK, "owner")
            for _ in range(15):
                await heard(kit, "zhang@example.com", f"办结 {NUMBER} 换了防水层", "email")
                await heard(kit, "zhang@example.com", "绑定 ABCDEFGH", "email")
                await kit.sweep(timedelta(minutes=20))
            assert 0 < len(kit.mail.texts("zhang@example.com")) <= 7

    async def test_locks_nobody_out(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            await kit.address("张伟", "email", "zhang@example.com", proven=True)
            for _ in range(6):
                await kit.says("绑定 ABCDEFGH", "zhang@example.com", "email")
            [row] = await kit.rows(AddressRow, AddressRow.address == "zhang@example.com")
            assert not kit.desk.bind_locked(row)
            assert row.bind_failures == 0
