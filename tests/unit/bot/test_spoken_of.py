"""What whoever works on it tells of the customer, or of colleagues, is read by nobody outside before its writer has seen it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar.asides import spoken_of
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, asks, entry, leak_accepted, open_desk
from tests.unit.bot.test_notes import notes

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("Jess Moor", Role.EMPLOYEE),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
)
OF_THEM = (
    "业主不在家，等她回来",
    "跟她聊过了，她说先不修",
    "给客户打了电话，道了歉",
    "张女士说这事不急",
    "0001 他不肯开门",
    "rang him, he says its fine",
    "rang her, kept her waiting, told her sorry",
    "0001 said sorry to her, we were short staffed",
    "rang the patient, all explained",
    "spoke to them, they will think about it",
    "kept waiting cos jess was off",
)
TO_THEM = (
    "配件到了，明天装",
    "师傅说他明天来",
    "厂家说他们周五发货",
    "张女士您好，配件明天到",
    "其他的都换好了，还差一个阀门",
    "物业服务中心已安排",
    "the part arrived, fitting it tomorrow",
    "the plumber says he comes on friday",
    "your new part comes tomorrow",
    "please be patient, the lab is slow",
)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url, staff=PEOPLE, chats={"张伟": "handler", "王主管": "lead"}, before=accepted
    ) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await leak_accepted(kit)
    kit.chat.sent.clear()


@pytest.mark.parametrize("text", OF_THEM)
def test_what_is_told_of_them_or_of_us_is_known(text: str) -> None:
    assert spoken_of(text, ["Jess Moor"])


@pytest.mark.parametrize("text", TO_THEM)
def test_what_is_told_to_them_is_not(text: str) -> None:
    assert not spoken_of(text, ["Will Moor", "李娜"])


@pytest.mark.parametrize("said", OF_THEM)
@pytest.mark.parametrize("asked", [False, True], ids=["unasked", "asked how it stands"])
async def test_its_writer_is_asked_first_and_what_is_kept_back_is_noted(kit: Kit, said: str, asked: bool) -> None:
    if asked:
        await kit.says("现在怎么样了？")
        await kit.deliver()
    kit.chat.sent.clear()
    back = "\n".join(await asks(kit, said, "handler"))
    assert "发给客户吗" in back
    assert kit.chat.texts("c1") == []
    assert [button.says for button in kit.chat.sent[-1].buttons] == ["发出", "不发"]
    await asks(kit, "不发", "handler")
    assert kit.chat.texts("c1") == []
    assert len(await notes(kit)) == 1
    assert (await kit.the_complaint()).status is Status.WORKING


@pytest.mark.parametrize("said", ["业主不在家，等她回来", "rang her, told her sorry"])
async def test_let_out_it_is_read(kit: Kit, said: str) -> None:
    await asks(kit, said, "handler")
    await asks(kit, "发出", "handler")
    assert said in "\n".join(kit.chat.texts("c1"))


@pytest.mark.parametrize(
    ("said", "what"),
    [("给她道歉了，退了200元", "退了200元"), ("apologised to her and refunded 200 yuan, sorted", "refunded 200 yuan")],
)
async def test_a_result_that_tells_of_them_is_shown_first_and_is_the_result_then(
    kit: Kit, said: str, what: str
) -> None:
    back = "\n".join(await asks(kit, said, "handler"))
    assert "处理结果这样发给客户吗" in back
    assert kit.chat.texts("c1") == []
    assert (await kit.the_complaint()).status is Status.WORKING
    await asks(kit, "发出", "handler")
    assert what in "\n".join(kit.chat.texts("c1"))
    assert (await kit.the_complaint()).status is Status.RESOLVED


@pytest.mark.parametrize("said", ["已道歉，业主不追究了", "已赔偿她200元", "apologised to her, refunded 200"])
async def test_what_may_be_a_duty_that_nobody_waits_for_is_asked_about_all_the_same(kit: Kit, said: str) -> None:
    assert "发给客户吗" in "\n".join(await asks(kit, said, "handler"))
    assert kit.chat.texts("c1") == []


@pytest.mark.parametrize(
    "said",
    [
        "0001 弄完了但客户不太满意",
        "弄好了但是客户还不满意",
        "办结 修好了，业主不认可",
        "修好了 不过她有意见",
        "done but she's not happy",
        "fixed, but the customer is still not satisfied",
    ],
)
async def test_that_they_are_not_content_is_never_a_result(kit: Kit, said: str) -> None:
    back = "\n".join(await asks(kit, said, "handler"))
    assert "处理结果是什么" in back
    assert kit.chat.texts("c1") == []
    assert any("客户" in each or "业主" in each or "happy" in each or "satisfied" in each or "意见" in each
               for each in kit.chat.texts("lead"))  # fmt: skip
    assert (await kit.the_complaint()).status is Status.WORKING


async def test_an_answer_to_what_was_done_is_shown_first_as_well(kit: Kit) -> None:
    await asks(kit, "办结", "handler")
    back = "\n".join(await asks(kit, "赔了她200元", "handler"))
    assert "处理结果这样发给客户吗" in back
    assert kit.chat.texts("c1") == []


async def test_what_they_say_of_the_matter_hands_no_work_back(kit: Kit) -> None:
    await asks(kit, "张女士说这事不急", "handler")
    assert (await kit.the_complaint()).status is Status.WORKING


@pytest.mark.parametrize(
    "words",
    ["算了", "不用了", "点错了", "不好意思，按错了", "先不办结了", "不发", "别发", "发出", "好的", "等一下", "never mind",
     "don't send", "wrong button", "sorry, wrong one", "don't close it yet"],
)  # fmt: skip
async def test_words_that_take_back_what_was_begun_are_no_result(kit: Kit, words: str) -> None:
    await kit.says("办结", "handler")
    [back] = await asks(kit, words, "handler")
    assert (await kit.the_complaint()).status is Status.WORKING
    assert not kit.chat.texts("c1")
    assert "不再主动给您发消息" not in back
    await kit.says("办结 换了新的密封圈", "handler")
    assert (await kit.the_complaint()).status is Status.RESOLVED


@pytest.mark.parametrize("words", ["算了", "点错了", "先不办结了", "never mind", "wrong button", "don't close it yet"])
async def test_who_takes_back_that_it_is_done_is_asked_no_more_what_was(kit: Kit, words: str) -> None:
    await kit.says("办结", "handler")
    [back] = await asks(kit, words, "handler")
    assert "不办了" in back
    await kit.says("明天换密封圈", "handler")
    assert (await kit.the_complaint()).status is Status.WORKING


@pytest.mark.parametrize("words", ["不发", "别发", "点错了", "don't send", "wrong one"])
async def test_words_on_what_is_sent_that_come_too_late_are_sent_to_no_customer(kit: Kit, words: str) -> None:
    await kit.says("进度")
    [back] = await asks(kit, words, "handler")
    await kit.deliver()
    assert not kit.chat.texts("c1")
    assert "不再主动给您发消息" not in back


@pytest.mark.parametrize(
    "no",
    ["not send", "dont send", "don't send it to the customer please", "nope keep it", "keep it internal", "先别告诉客户",
     "不要发给业主", "算了 不发了", "还是别发了吧"],
)  # fmt: skip
async def test_no_in_more_words_keeps_it_back_and_is_no_line_of_its_own(kit: Kit, no: str) -> None:
    await asks(kit, "rang her, we were short staffed", "handler")
    await asks(kit, no, "handler")
    await asks(kit, "yes", "handler")
    await asks(kit, "发出", "handler")
    assert kit.chat.texts("c1") == []
    assert [text for text in await notes(kit) if "short staffed" in text] == ["rang her, we were short staffed"]
