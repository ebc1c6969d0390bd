"""What a lead says of a wish for more time: a yes with a limit and a refused refusal decide nothing, and are asked back."""

from __future__ import annotations

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.granting import gives_other
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, entry, open_desk


def verbs(pending: Pending, *said: str) -> set[Verb]:
    return {understand(text, Speaker.SUPERVISOR, pending).verb for text in said}


@pytest.mark.parametrize("pending", [Pending.NONE, Pending.YES_NO])
def test_what_is_neither_yes_nor_no_decides_nothing(pending: Pending) -> None:
    said = (
        "0019 行吧，就半天，别再拖了",
        "驳回就算了吧，给他半天",
        "别驳回",
        "不要拒绝他，给半天",
        "0004 don't reject it, give him half a day",
        "no need to refuse, one day will do",
        "不准退",
        "0002 不准退，还是张伟办",
    )
    assert verbs(pending, *said) == {Verb.UNCLEAR}


@pytest.mark.parametrize("pending", [Pending.NONE, Pending.YES_NO])
def test_a_yes_that_only_hurries_is_a_yes(pending: Pending) -> None:
    said = ("行，但是不能再拖了", "准了，不许再延", "可以，下不为例", "0016 yes but this is the last time")
    assert verbs(pending, *said) <= {Verb.APPROVE, Verb.AGREE}


@pytest.mark.parametrize("pending", [Pending.NONE, Pending.YES_NO])
def test_a_plain_no_in_any_words_refuses(pending: Pending) -> None:
    said = ("0016 no way", "0016 not a chance", "0016 absolutely not", "0016 out of the question", "0016 没门")
    assert verbs(pending, *said) == {Verb.REJECT}


def test_a_refusal_stays_one() -> None:
    said = ("驳回", "不批，催他快点", "不准延", "不能再拖了", "0016 no extension", "don't approve it")
    assert verbs(Pending.NONE, *said) == {Verb.REJECT}


def test_a_limit_is_held_against_what_was_asked_for() -> None:
    less = (
        "可以，但只能到明天中午",
        "行吧，就半天",
        "批他2天",
        "最多一天",
        "ok but only until noon tomorrow",
        "ok, 1 day",
    )
    assert [text for text in less if not gives_other(text, "3d")] == []
    same = (
        "批准 0004",
        "fine, three days and not a day longer",
        "可以，给三天",
        "同意 72小时",
        "行，但是不能再拖了",
        "yes",
    )
    assert [text for text in same if gives_other(text, "3d")] == []


async def test_a_lead_who_grants_less_is_asked_back(database_url: str) -> None:
    staff = (
        entry("张伟", Role.AGENT, Role.HANDLER),
        entry("王主管", Role.CENTER_LEAD, line=3),
    )
    async with open_desk(database_url, channels=[FakeChannel("chat", CHAT)], staff=staff) as kit:
        await kit.address("张伟", "chat", "zhang")
        await kit.address("王主管", "chat", "lead")
        await kit.says("电梯坏了三天没人修")
        await kit.deliver()
        await kit.says("接单", "zhang")
        await kit.says("延期 2天 等配件", "zhang")
        await kit.deliver()
        number = (await kit.the_complaint()).reference
        for said in (
            "行吧，就半天，别再拖了",
            f"{number[-4:]} 可以，但只能到明天中午",
            *["驳回就算了吧，给他半天"] * 6,
        ):
            await kit.says(said, "lead")
            await kit.deliver()
            told = kit.chat.texts("lead")[-1]
            assert "还没有做任何决定" in told
            assert f"“批准 {number}”" in told
        assert (await kit.the_complaint()).extension is not None
        await kit.says("可以，给2天", "lead")
        complaint = await kit.the_complaint()
        assert complaint.extension is None
        assert complaint.extensions_granted == 1


_OF_SOMETHING_ELSE = (
    *("call log", "lunch anyone", "anyone for lunch", "coffee anyone", "log in", "parking permit"),
    *("通话记录", "团建报名", "打印机", "周报", "签到"),
)


@pytest.mark.parametrize("pending", [Pending.YES_NO, Pending.PLAN])
@pytest.mark.parametrize("role", [Speaker.CUSTOMER, Speaker.HANDLER, Speaker.SUPERVISOR])
def test_what_says_neither_yes_nor_no_is_no_decision_by_likeness(role: Speaker, pending: Pending) -> None:
    found = {text: understand(text, role, pending).verb for text in _OF_SOMETHING_ELSE}
    decided = {Verb.AGREE, Verb.DISAGREE, Verb.APPROVE, Verb.REJECT}
    assert {text: verb for text, verb in found.items() if verb in decided} == {}


def test_a_yes_that_says_how_urgent_it_is_gives_no_more_time() -> None:
    said = ("yes its urgent 0003 please hurry", "yes it's urgent, hurry up", "行，这个很急", "好，等不了了")
    assert verbs(Pending.YES_NO, *said) == {Verb.UNCLEAR}
    assert verbs(Pending.YES_NO, "approved, but please hurry", "同意，情况紧急", "好的，抓紧") <= {
        Verb.AGREE,
        Verb.APPROVE,
    }


async def test_more_time_is_not_given_by_words_about_something_else(database_url: str) -> None:
    async with open_desk(database_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("电梯坏了三天没人修")
        await kit.deliver()
        number = (await kit.the_complaint()).reference
        for said, who in ((f"派单 {number} @张伟", "lead"), ("接单", "handler"), ("延期 2天 等配件", "handler")):
            await kit.says(said, who)
            await kit.deliver()
        for said in ("call log", "lunch anyone", "通话记录", "yes its urgent please hurry"):
            await kit.says(said, "lead")
            await kit.deliver()
            assert f"“批准 {number}”" in kit.chat.texts("lead")[-1], said
        complaint = await kit.the_complaint()
        assert complaint.extension is not None
        assert complaint.extensions_granted == 0
