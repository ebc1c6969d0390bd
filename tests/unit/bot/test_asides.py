"""What whoever works on it tells us of the customer is for the lead, and no customer reads it; nor is it what was done."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.asides import parted
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import HANDLER_AND_LEAD, Kit, asks, leak_accepted, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url, staff=HANDLER_AND_LEAD, chats={"张伟": "handler", "王主管": "lead"}, before=leak_accepted
    ) as kit:
        yield kit


async def _quiet(kit: Kit, text: str) -> tuple[str, str]:
    """Return what the handler and the lead read; the customer has to read nothing."""
    back = "\n".join(await asks(kit, text, "handler"))
    assert kit.chat.texts("c1") == []
    return back, "\n".join(kit.chat.texts("lead"))


FOR_THE_LEAD = [
    "bump it up, its the whole street",
    "bump it up, she is going to the ombudsman",
    "bump 0001 up",
    "please escalate this",
    "raise it to the boss",
    "升级一下",
    "0001升级一下，整条街都没水",
    "帮我往上报一下 客户天天打电话",
    "客户要退款",
    "0001 业主说要去12315投诉",
    "那个业主要求赔钱",
    "他要找媒体曝光",
    "she wants a refund",
    "but she wants a refund",
    "customer wants compensation",
    "he is threatening to sue",
]


@pytest.mark.parametrize("said", FOR_THE_LEAD)
@pytest.mark.parametrize("asked", [False, True], ids=["unasked", "asked how it stands"])
async def test_what_the_customer_wants_and_that_it_go_higher_is_for_the_lead(kit: Kit, said: str, asked: bool) -> None:
    if asked:
        await kit.says("现在怎么样了？")
        await kit.deliver()
        assert any("进展到哪" in each or "客户在问" in each for each in kit.chat.texts("handler"))
    _, lead = await _quiet(kit, said)
    assert said.removeprefix("0001").strip() in lead
    assert (await kit.the_complaint()).status is Status.WORKING


@pytest.mark.parametrize(
    "said", ["配件明天到，客户要退款", "waiting for the part, she wants a refund", "业主很生气", "she's furious"]
)
async def test_an_aside_within_a_line_is_asked_about_first(kit: Kit, said: str) -> None:
    back, _ = await _quiet(kit, said)
    assert "客户" in back
    await _quiet(kit, "不发")


DONE_AND = [
    ("done 0001 but she wants a refund", "she wants a refund"),
    ("0001 fixed, but he wants compensation", "he wants compensation"),
    ("修好了，但是客户要退款", "客户要退款"),
    ("弄好了 不过业主还要赔偿", "业主还要赔偿"),
    ("办结 0001 客户要求赔偿", "客户要求赔偿"),
]


@pytest.mark.parametrize(("said", "wish"), DONE_AND)
async def test_done_but_they_want_something_asks_what_was_done(kit: Kit, said: str, wish: str) -> None:
    back, lead = await _quiet(kit, said)
    assert "处理结果是什么" in back
    assert wish in lead
    assert (await kit.the_complaint()).status is Status.WORKING
    await kit.says("换了一段水管，不漏了", "handler")
    await kit.deliver()
    told = "\n".join(kit.chat.texts("c1"))
    assert "换了一段水管" in told
    assert wish not in told


async def test_a_result_goes_out_without_the_wish(kit: Kit) -> None:
    await kit.says("修好了，换了一段水管，客户要求赔偿500", "handler")
    await kit.deliver()
    assert (await kit.the_complaint()).status is Status.RESOLVED
    assert "换了一段水管" in "\n".join(kit.chat.texts("c1"))
    assert "赔偿" not in "\n".join(kit.chat.texts("c1"))
    assert any("赔偿500" in each for each in kit.chat.texts("lead"))


@pytest.mark.parametrize(
    "said",
    [
        "搞定了 业主也签字了",
        "修好了 客户很满意",
        "0001办结 客户已签字确认",
        "done, customer is happy",
        "fixed, she signed off",
    ],
)
async def test_that_the_customer_is_content_is_not_what_was_done(kit: Kit, said: str) -> None:
    back, _ = await _quiet(kit, said)
    assert "处理结果是什么" in back
    assert (await kit.the_complaint()).status is Status.WORKING


@pytest.mark.parametrize("result", ["换了水泵，业主签字确认", "replaced the pump, customer is happy"])
def test_a_result_that_says_what_was_done_is_left_whole(result: str) -> None:
    assert parted(result).result == result
    assert parted(result).did != ""


@pytest.mark.parametrize(
    "said",
    ["升级了水泵，压力够了", "软件升级一下就好了", "bump it up to 2 bar", "raise it with the landlord first",
     "客户想知道退款什么时候到",
     "客户说退款收到了", "退款已经到账", "the refund went out today"],
)  # fmt: skip
def test_what_is_told_of_the_work_goes_to_no_lead(said: str) -> None:
    for pending in (Pending.NONE, Pending.PROGRESS):
        assert understand(said, Speaker.HANDLER, pending).verb is not Verb.ASK_HELP
