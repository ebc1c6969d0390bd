"""Ladders on a running service: an assignee who never answers, and danger at three in the morning."""

from __future__ import annotations

from pathlib import Path

from tests.story.chat import ChatDesk, at, chat_desk

STAFF = (
    "张伟,13800138000,,处理人,李总,赵六\n"
    "王坐席,13900139000,,坐席,,\n"
    "李总,13700137000,,部门负责人,,\n"
    "刘总,13600136000,,客服中心负责人,,\n"
    "赵六,13500135000,,员工,,\n"
)
NAMES = ("张伟", "王坐席", "李总", "刘总", "赵六")
MATTER = "我家厨房漏水三天了，没人管。6栋1202，我叫李娜，13712345678"
LADDER = ("still_waiting", "please_phone", "pulled_in", "alarm", "in_hand", "confirm")


async def climbed(desk: ChatDesk) -> list[str]:
    """Return what the ladders said, moment by moment."""
    return sorted(line for line in await desk.told() if line.split()[2] in LADDER)


async def test_r032_an_assignee_who_never_answers(tmp_path: Path, fresh_sqlite_url: str) -> None:
    """R-032, R-061; trap 25: chat, SMS, the duty desk's phone calls, the backup; a restart on the way changes nothing."""
    async with chat_desk(tmp_path, fresh_sqlite_url, at("2026-11-23 09:00"), "mingyuan") as desk:
        await desk.hires(STAFF)
        await desk.binds(*NAMES)
        await desk.says("客户", MATTER)
        await desk.wait_until(at("2026-11-23 09:20"))
        await desk.says("客户", "补充 现在楼下也漏了")
        await desk.wait_until(at("2026-11-23 09:35"))
        [asked] = [text for text in await desk.reads("王坐席") if "请打电话" in text]
        assert "张伟 138 0013 8000" in asked
        assert "现在楼下也漏了" in asked
        await desk.restart()
        for moment in ("09:35", "10:06", "10:37"):
            await desk.wait_until(at(f"2026-11-23 {moment}"))
            await desk.says("王坐席", "已电话 无人接听")
        await desk.wait_until(at("2026-11-23 10:59"))
        assert await climbed(desk) == sorted(
            [
                "11-23 09:00 still_waiting 张伟 sms",
                "11-23 09:30 please_phone 王坐席",
                "11-23 09:30 please_phone 刘总",
                "11-23 10:05 please_phone 王坐席",
                "11-23 10:05 please_phone 刘总",
                "11-23 10:36 please_phone 王坐席",
                "11-23 10:36 please_phone 刘总",
                "11-23 10:37 pulled_in 刘总",  # no backup contact is agreed for the site
                "11-23 10:37 pulled_in 赵六",
                "11-23 10:37 pulled_in 李总",
            ]
        )
        assert any("电话 3 次无人接听" in text for text in await desk.reads("赵六"))


async def test_r041_danger_at_three_in_the_morning(tmp_path: Path, fresh_sqlite_url: str) -> None:
    """R-041, C2; traps 25, 35: whoever reads it first answers 收到, and the others may sleep."""
    async with chat_desk(tmp_path, fresh_sqlite_url, at("2026-11-24 02:00"), "base") as desk:
        await desk.hires(STAFF)
        await desk.binds(*NAMES)
        await desk.wait_until(at("2026-11-24 03:00"))
        await desk.says("客户", MATTER)
        number = (await desk.books.only_complaint()).reference[-4:]
        await desk.says("王坐席", f"定级 {number} 紧急")
        await desk.wait_until(at("2026-11-24 03:12"))
        assert any("请马上回复“收到”" in text for text in await desk.reads("李总"))
        await desk.restart()
        [answer] = [text for text in await desk.says("李总", "收到") if "由您跟住" in text]
        assert number in answer
        await desk.wait_until(at("2026-11-24 05:00"))
        assert await climbed(desk) == sorted(
            [
                "11-24 03:00 alarm 张伟",
                "11-24 03:00 alarm 王坐席",
                "11-24 03:00 alarm 刘总",
                "11-24 03:00 alarm 张伟 sms",
                "11-24 03:10 alarm 李总",
                "11-24 03:10 alarm 赵六",
                "11-24 03:10 please_phone 王坐席",
                "11-24 03:10 please_phone 刘总",
                "11-24 03:12 in_hand 张伟",
                "11-24 03:12 in_hand 王坐席",
                "11-24 03:12 in_hand 刘总",
                "11-24 03:12 in_hand 赵六",
            ]
        )
        await desk.wait_until(at("2026-11-24 05:13"))
        assert any("还在您手上吗" in text for text in await desk.reads("李总"))
        await desk.wait_until(at("2026-11-24 05:43"))
        assert "11-24 05:42 alarm 张伟" in await climbed(desk)  # nobody confirmed it: it falls back
