"""A mail thread pasted into a chat: the customer's own words are the complaint, wherever they stand in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar.pasted import own_words, own_words_first
from bot.storage.models import PersonRow
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, entry, open_desk

OWN = "3栋电梯坏了三天没人修，老人下不了楼"
OWN_EN = "The lift in block 3 has been broken for three days"
QUOTED = "> 尊敬的业主，您的停车费已收到，收费标准不变\n> 客服中心 0571-88886666\n> 发自我的iPhone"
QUOTED_EN = "> Dear Mr West, your parking fee was charged as agreed.\n> Kind regards, front desk, 0571 8888 6666"
HEAD = "转发: 回复: 停车费\n发件人：客服 <desk@example.com>\n发送时间：2026年3月1日\n"
HEAD_EN = "FW: RE: my parking fee\nFrom: Desk <desk@example.com>\nSent: 1 March 2026 10:14\nTo: me\n"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    staff = (entry("张伟", Role.HANDLER), entry("王主管", Role.CENTER_LEAD, line=3))
    async with open_desk(fresh_sqlite_url, staff=staff, chats={"张伟": "handler", "王主管": "lead"}) as kit:
        yield kit


@pytest.mark.parametrize(
    "words",
    [
        f"{QUOTED}\n{OWN}",
        f"{HEAD}{QUOTED}\n{OWN}",
        f"{OWN}\n{QUOTED}",
        f"fw: see below\n{QUOTED_EN}\nSent from my iPhone\n{OWN_EN}",
        f"{HEAD_EN}{QUOTED_EN}\n{OWN_EN}",
        f"{OWN_EN}\n\n{HEAD_EN}{QUOTED_EN}",
    ],
)
async def test_the_customers_own_words_are_the_complaint_above_or_below(kit: Kit, words: str) -> None:
    await kit.says(words, "c1")
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.summary.startswith((OWN, OWN_EN))
    assert "停车费" in complaint.summary or "parking fee" in complaint.summary, "what is quoted is kept"
    assert complaint.category == "PROP.lift"
    [phone] = [row.phone for row in await kit.rows(PersonRow) if row.id == complaint.complainant]
    assert not phone, "a number in what is quoted is not theirs"


@pytest.mark.parametrize(
    "words",
    [
        f"{HEAD_EN}{QUOTED_EN}\nI do NOT agree, the lift in block 3 broke twice and I want to see the report",
        "I do NOT agree, the lift in block 3 broke twice and I want to see the report",
        f"{HEAD}{QUOTED}\n我不同意，3栋电梯坏了两次，我要看检修报告",
        "我不同意你们的说法，3栋电梯坏了两次，我要看检修报告",
    ],
)
async def test_a_refusal_of_what_we_never_put_to_them_is_a_complaint_by_what_it_tells(kit: Kit, words: str) -> None:
    await kit.says(words, "c1")
    await kit.deliver()
    assert (await kit.the_complaint()).category == "PROP.lift"
    await kit.says("I do not agree with that" if "lift" in words else "不同意", "c2")
    assert len(await kit.complaints()) == 1, "there is nothing in it"


@pytest.mark.parametrize(
    "words",
    ["电梯坏了", "转发：看下面\n> 电梯坏了", "fw: see below\n> the lift is broken", "压力 > 3公斤 水管漏", "a\nb > c"],
)
def test_where_nothing_of_their_own_is_said_it_stays_as_it_is(words: str) -> None:
    assert own_words(words) == own_words_first(words) == words


@pytest.mark.parametrize(
    "words", [f"{HEAD}{QUOTED}\n3栋电梯困人了，快来", f"{HEAD_EN}{QUOTED_EN}\nwe are trapped in the lift"]
)
async def test_an_alarm_tells_it_once(kit: Kit, words: str) -> None:
    await kit.says(words, "c1")
    await kit.sweep()
    await kit.deliver()
    [alarm] = [text for text in kit.chat.texts("handler") if text.startswith("【紧急】")]
    assert alarm.count("困人" if "困" in words else "trapped in the lift") == 1
