"""Somebody of whom no number and no address is known is nobody to be phoned: whoever brought it in is to be asked."""

from __future__ import annotations

import pytest

from tests.unit.bot.desk_kit import open_desk


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
