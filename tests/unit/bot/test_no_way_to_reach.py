"""Somebody of whom no number and no address is known is nobody to be phoned: whoever brought it in is to be asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, entry, open_desk, reads


@pytest.mark.parametrize(("number", "phoned"), [("", False), ("13712345678", True)])
async def test_who_cannot_be_phoned_is_asked_after(fresh_sqlite_url: str, number: str, phoned: bool) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(f"客户投诉 王女士{number}说电梯坏了三天没人修", "handler")
        await kit.deliver()
        kit.channels["sms"].capabilities = kit.channels["sms"].capabilities.__class__(
            form=kit.channels["sms"].capabilities.form, templates=frozenset()
        )
        await kit.says("判定无效 0001 不是我们管的", "lead")
        await kit.deliver()
        told = [text for text in kit.chat.texts("lead") if "判定说明" in text]
        assert [("请打电话" in text, "请问录入的同事" in text) for text in told] == [(phoned, not phoned)]


@pytest.mark.parametrize(
    "words",
    ["问不到他的电话", "他妈妈的号码在门上的条子上", "his mums number is on the note", "dunno his number sorry"],
)
async def test_what_tells_no_way_is_not_said_to_be_with_a_colleague(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("客户投诉 4栋一位老人说电梯坏了三天没人修", "handler")
        await kit.says(words, "handler")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert (complaint.contact_known, complaint.task) == (False, None)
        told = kit.chat.texts("handler")[-1]
        assert "会直接联系客户" not in told
        assert "who contacts the customer" not in told
        await kit.says("13712345678", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).contact_known


BROUGHT = {
    "zh": (
        "刚才有个阿姨跟我说5栋门禁坏了进不去",
        ("进度", "我的录入", "我转的投诉"),
        ("还不知道怎么联系客户",),
        ("前答复", "前给客户答复", "客户还在等"),
    ),
    "en": (
        "a lady just told me that the gate of block 5 is broken and she cannot get in",
        ("status", "my entries"),
        ("knows yet how to reach", "knows how to reach"),
        ("will hear from us by", "answer by", "customer is waiting"),
    ),
}


@pytest.mark.parametrize("policy", ["base", "vanke"])
@pytest.mark.parametrize("lang", BROUGHT)
async def test_nobody_reads_of_a_promise_that_nobody_made(fresh_sqlite_url: str, lang: str, policy: str) -> None:
    words, asks, true, false = BROUGHT[lang]
    people = (*STAFF, entry("赵敏", Role.EMPLOYEE, line=6))
    chats = {"张伟": "handler", "王主管": "lead", "赵敏": "zhao"}
    async with open_desk(fresh_sqlite_url, staff=people, chats=chats, policy=policy) as kit:
        await kit.says(words, "zhao")
        told = await reads(kit, "zhao")
        assert "没有答应客户时间" in told or "nothing was promised" in told
        for ask in asks:
            await kit.says(ask, "zhao")
            told = await reads(kit, "zhao")
            assert any(each in told for each in true)
            assert not any(each in told for each in false)
        await reads(kit, "lead")
        for _ in range(3):
            await kit.sweep(timedelta(hours=4))
            await kit.deliver()
        told = await reads(kit, "lead")
        assert any(each in told for each in ("还不知道怎么联系客户", "knows how to reach the customer"))
        assert not any(each in told for each in (*false, "客服可以先联系客户", "请先联系客户"))
        await kit.says("13712345678", "zhao")
        await reads(kit, "zhao")
        await kit.says(asks[0], "zhao")
        told = await reads(kit, "zhao")
        assert not any(each in told for each in true)
