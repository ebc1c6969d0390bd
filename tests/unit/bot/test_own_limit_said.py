"""By when whoever leads is to be done, in chat: said with the assignment, read in it, moved by the centre."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, understand
from bot.grammar.arguments import take_moment
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, entry, open_desk


async def test_r034_an_own_limit_is_said_read_and_moved_and_one_that_is_too_long_refused(database_url: str) -> None:
    staff = (*STAFF, entry("李雷", Role.HANDLER, Role.EMPLOYEE))
    async with open_desk(
        database_url, staff=staff, chats={"张伟": "handler", "王主管": "lead", "李雷": "lilei"}
    ) as kit:
        await kit.says("厨房漏水，没人来修 3栋502 13800001111 李先生", "c1")
        complaint = await kit.the_complaint()
        number, other = complaint.reference[-4:], (await kit.person("李雷")).id
        name, address = ("张伟", "handler") if complaint.owner == other else ("李雷", "lilei")
        await kit.says(f"派单 {number} @{name} 3天内办结，客户很急", "lead")
        await kit.deliver()
        assert "内部时限" in kit.chat.texts("lead")[-1]
        assert "内部时限：请在" in kit.chat.texts(address)[-1]
        assert "原因：客户很急" in kit.chat.texts(address)[-1]
        before = (await kit.the_complaint()).task
        assert before is not None
        assert before.due_at is not None
        await kit.says(f"派单 {number} @{name} 60天", "lead")
        await kit.deliver()
        assert "内部时限要早于整件的时限" in kit.chat.texts("lead")[-1]
        await kit.says(f"接单 {number}", address)
        await kit.says(f"延期 {number} 1天 等配件", address)
        await kit.deliver()
        assert "内部时限" in kit.chat.texts(address)[-1]
        assert "内部时限延长" in kit.chat.texts("lead")[-1]
        await kit.address("王主管", "chat", "lead", pending="")  # something else was spoken of since
        await kit.says(f"批准 {number}", "lead")
        await kit.deliver()
        assert "您的内部时限延期已同意" in kit.chat.texts(address)[-1]
        after = (await kit.the_complaint()).task
        assert after is not None
        assert after.due_at is not None
        assert (after.due_at - before.due_at).days == 1
        await kit.says(f"派 {number} @{name} 主办 2天，@{'李雷' if name == '张伟' else '张伟'} 协办 查水管 1天", "lead")
        await kit.deliver()
        assert "（内部时限" in kit.chat.texts("lead")[-1]
        assert "给您定了内部时限" in kit.chat.texts(address)[-1]


async def test_r034_a_moment_said_with_an_assignment_is_the_limit_of_whoever_gets_it(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        await kit.says("厨房漏水，没人来修 3栋502 13800001111 李先生", "c1")
        number = (await kit.the_complaint()).reference[-4:]
        await kit.says(f"派单 {number} @张伟 安保 明天下班前", "lead")
        task = (await kit.the_complaint()).task
        assert task is not None
        assert task.due_at is not None
        due = task.due_at.astimezone(kit.desk.zone)
        assert f"{due:%d %H:%M}" == "03 18:00"


@pytest.mark.parametrize(
    ("note", "moment", "rest"),
    [
        ("安保 明天下班前", "明天下班前", "安保"),
        ("要求周五前处理完，客户很急", "周五前", "客户很急"),
        ("最迟24日下午3点", "24日下午3点前", ""),
        ("by tomorrow 5pm", "by tomorrow 5pm", ""),
        ("security by 24 Nov", "by 24 Nov", "security"),
        ("周五前要回复业主", None, "周五前要回复业主"),
        ("今天之前没人来", None, "今天之前没人来"),
        ("because the customer leaves before Friday", None, "because the customer leaves before Friday"),
    ],
)
def test_r034_a_moment_is_a_limit_only_where_it_stands_by_itself(note: str, moment: str | None, rest: str) -> None:
    assert take_moment(note) == (moment, rest)


def test_a_name_ends_where_the_limit_begins() -> None:
    said = understand("assign 0011 to Tom Baker by tomorrow 5pm", Speaker.SUPERVISOR).arguments
    assert said == {"reference": "0011", "who": "Tom Baker", "reason": "by tomorrow 5pm"}
