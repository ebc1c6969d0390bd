"""By when whoever leads is to be done, in chat: said with the assignment, read in it, moved by the centre."""

from __future__ import annotations

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, entry, open_desk


async def test_r034_an_own_limit_is_said_read_and_moved_and_one_that_is_too_long_refused(database_url: str) -> None:
    staff = (*STAFF, entry("李雷", Role.HANDLER, Role.EMPLOYEE))
    async with open_desk(database_url, staff=staff) as kit:
        for name, address in (("张伟", "handler"), ("王主管", "lead"), ("李雷", "lilei")):
            await kit.address(name, "chat", address)
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
