"""Whole lives on a clock that is moved: exactly the notices of the profile, once each, whatever happens to the service."""

from __future__ import annotations

from pathlib import Path

import pytest

from complaints.vocabulary import Status
from tests.story.chat import ChatDesk, at, chat_desk

STAFF = (
    "张伟,13800138000,,处理人,王主管,赵六\n"
    "王主管,13900139000,,坐席,,\n"
    "李总,13700137000,,部门负责人,,\n"
    "刘总,13600136000,,客服中心负责人,,\n"
    "赵六,13500135000,,员工,,\n"
)
CHASES = ("reminder", "overdue", "escalation")
MATTER = "我家厨房漏水三天了，没人管。6栋1202，我叫李娜，13712345678"

# A Monday, nine in the morning; nobody does anything until Wednesday.
SILENCE = """
11-23 09:00 acknowledgement 客户
11-23 09:00 assigned 张伟
11-23 09:00 assigned 张伟 sms
11-23 09:00 new_complaint 王主管
11-23 10:00 reminder 张伟
11-23 10:36 reminder 张伟
11-23 11:00:01 overdue 张伟
11-23 11:00:01 escalation 王主管
11-23 11:00:01 promise_missed 客户
11-23 12:00 reminder 张伟
11-23 13:48 reminder 张伟
11-23 15:00:01 overdue 张伟
11-23 15:00:01 escalation 王主管
11-23 15:00:01 promise_missed 客户
11-23 21:00 reminder 张伟
11-24 07:00 reminder 张伟
11-24 09:00:01 overdue 张伟
11-24 09:00:01 escalation 王主管
11-24 09:00:01 promise_missed 客户
11-24 11:00:01 overdue 张伟
11-24 11:00:01 escalation 王主管
11-24 11:00:01 escalation 李总
11-24 11:00:01 escalation 赵六
11-25 11:00:01 overdue 张伟
11-25 11:00:01 escalation 王主管
11-25 11:00:01 escalation 李总
11-25 11:00:01 escalation 赵六
11-25 11:00:01 escalation 刘总
"""

DONE_AND_UNANSWERED = """
11-25 14:00 survey 客户
11-26 14:00 survey_reminder 客户
11-28 14:00 survey_unanswered 王主管
"""

LATE_ANSWER = """
11-29 10:00 closed_satisfied 客户
11-29 10:00 staff_closed 张伟
"""


def lines(*parts: str) -> list[str]:
    return [line.strip() for part in parts for line in part.strip().splitlines()]


async def opened(desk: ChatDesk) -> None:
    await desk.hires(STAFF)
    await desk.binds("张伟", "王主管", "李总", "刘总", "赵六")


@pytest.mark.parametrize("restarts", [pytest.param(False, id="one run"), pytest.param(True, id="restarts")])
async def test_a_silent_assignee_under_the_24_hour_rules(tmp_path: Path, database_url: str, restarts: bool) -> None:
    """R-036, R-054, R-061, R-083; traps 32, 33."""
    async with chat_desk(tmp_path, database_url, at("2026-11-23 09:00")) as desk:

        async def pass_until(moment: str) -> None:
            """Let time pass, the service stopped and started twice on the way."""
            if restarts:
                await desk.restart()
                await desk.wait_until(desk.clock.now() + (at(moment) - desk.clock.now()) / 2)
                await desk.restart()
            await desk.wait_until(at(moment))
            if restarts:
                await desk.app.sweep()

        await opened(desk)
        await desk.says("客户", MATTER)
        await pass_until("2026-11-25 14:00")
        assert await desk.told() == lines(SILENCE)

        await desk.says("张伟", "办结 换了水管接头，试水不漏")
        await pass_until("2026-11-29 10:00")
        assert (await desk.books.only_complaint()).status is Status.RESOLVED  # silence is not satisfaction
        assert await desk.told() == lines(SILENCE, DONE_AND_UNANSWERED)

        await desk.says("客户", "满意")
        assert (await desk.books.only_complaint()).closed_as == "satisfied"
        await pass_until("2027-01-31 12:00")
        assert await desk.told() == lines(SILENCE, DONE_AND_UNANSWERED, LATE_ANSWER)


BASE = """
11-23 09:00 acknowledgement 客户
11-23 09:00 assigned 张伟
11-23 09:00 assigned 张伟 sms
11-23 09:00 new_complaint 王主管
11-23 09:30 taken_up 客户
11-26 10:00 progress_asked 张伟
11-30 09:00 severity_raised 刘总
11-30 09:00 help_needed 刘总
11-30 10:00 progress_asked 张伟
12-01 10:00 progress_missed 王主管
12-02 10:00 progress_asked 张伟
12-03 10:00 progress_missed 王主管
12-07 10:00 progress_asked 张伟
12-08 10:00 progress_missed 王主管
12-08 10:00 progress_asked 张伟
12-09 09:00 reminder 张伟
12-09 10:00 progress_missed 王主管
12-11 08:00 promise_missed 客户
12-11 09:00 overdue 张伟
12-11 09:00 escalation 王主管
12-11 10:00 progress_asked 张伟
12-12 10:00 progress_missed 王主管
12-13 23:00 survey 客户
12-15 08:00 survey_reminder 客户
12-17 08:00 closed_unrated 客户
12-17 08:00 staff_closed 张伟
"""


async def test_thirteen_working_days_run_out_under_the_base_rules(tmp_path: Path, database_url: str) -> None:
    """R-061, R-029, trap 27: the limit ends at midnight, a weekend follows, the survey is asked at eleven at night: nobody is
    woken, nor chased on a day off.
    """
    async with chat_desk(tmp_path, database_url, at("2026-11-23 09:00"), "base") as desk:
        await opened(desk)
        await desk.says("客户", MATTER)
        await desk.wait_until(at("2026-11-23 09:30"))
        await desk.says("张伟", "接单")
        await desk.wait_until(at("2026-12-01 12:00"))
        await desk.restart()
        await desk.wait_until(at("2026-12-12 12:00"))
        await desk.restart()
        await desk.wait_until(at("2026-12-13 23:00"))
        await desk.says("张伟", "办结 重新做了防水")
        await desk.wait_until(at("2026-12-16 00:00"))
        await desk.restart()
        await desk.wait_until(at("2027-03-01 00:00"))
        assert await desk.told() == lines(BASE)
        assert (await desk.books.only_complaint()).closed_as == "unrated"


async def test_after_an_outage_one_word_stands_for_all_that_were_missed(tmp_path: Path, database_url: str) -> None:
    """Traps 32, 33: nobody gets four reminders for a limit that is over."""
    async with chat_desk(tmp_path, database_url, at("2026-11-23 09:00")) as desk:
        await opened(desk)
        await desk.says("客户", MATTER)
        before = len(await desk.told())
        await desk.close()
        desk.clock.move_to(at("2026-11-26 10:00"))  # three days and an hour
        await desk.open()
        await desk.leap_to(at("2026-11-26 10:00"))
        once = [f"11-26 10:00 escalation {name}" for name in ("王主管", "李总", "赵六", "刘总")]
        # Once for each moment at which limits passed, as the third time already; two of the four passed at one moment.
        chased = ["11-26 10:00 overdue 张伟", *once]
        missed = [*chased, "11-26 10:00 promise_missed 客户", *chased, *chased]
        assert (await desk.told())[before:] == missed
        await desk.restart()
        await desk.wait_until(at("2026-11-26 12:00"))  # from here on the oldest limit speaks for all, in its old rhythm
        again = [line.replace("10:00", "11:00:01") for line in missed[:5]]
        assert (await desk.told())[before:] == missed + again


async def test_the_quiet_hours_are_kept(tmp_path: Path, fresh_sqlite_url: str) -> None:
    """Trap 27."""
    async with chat_desk(tmp_path, fresh_sqlite_url, at("2026-11-23 22:30")) as desk:
        await opened(desk)
        await desk.says("客户", MATTER)
        before = len(await desk.told())
        await desk.wait_until(at("2026-11-24 06:59"))
        # The centre has just been writing; the night watch of these rules tells whoever is awake.
        watch = ["11-23 22:35 still_waiting 刘总", "11-23 22:35 still_waiting 王主管"]
        assert sorted((await desk.told())[before:]) == watch
        await desk.wait_until(at("2026-11-24 07:00"))
        assert (await desk.told())[before + 2 :] == lines(
            """
            11-24 07:00 overdue 张伟
            11-24 07:00 escalation 王主管
            """
        )


async def test_what_cannot_wait_is_told_at_night(tmp_path: Path, fresh_sqlite_url: str) -> None:
    async with chat_desk(tmp_path, fresh_sqlite_url, at("2026-11-23 22:30")) as desk:
        await opened(desk)
        await desk.says("客户", MATTER)
        reference = (await desk.books.only_complaint()).reference
        await desk.says("王主管", f"定级 {reference[-4:]} 重大")
        before = len(await desk.told())
        await desk.wait_until(at("2026-11-24 01:00"))
        said = (await desk.told())[before:]
        assert [line for line in said if line.split()[2] in CHASES] == lines(
            """
            11-23 23:30 reminder 张伟
            11-24 00:06 reminder 张伟
            11-24 00:30:01 overdue 张伟
            11-24 00:30:01 escalation 王主管
            """
        )
