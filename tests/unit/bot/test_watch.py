"""The rota in chat, and who gets what comes on a day off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.attendance import Attendance
from bot.rota import RotaError, import_rota, read_rota
from bot.sites import SiteError, import_sites, read_sites, unknown_calendars
from bot.staff import StaffError, import_staff, read_staff
from complaints.rota import Site
from complaints.taxonomy import load_pack
from complaints.vocabulary import Role
from tests.unit.bot import desk_kit
from tests.unit.bot.desk_kit import CHAT, MONDAY, FakeChannel, Kit, entry, open_desk, reads

LEAK = "厨房漏水三天了没人管，电话13800138000"
SUNDAY = datetime(2026, 3, 8, 2, 0, tzinfo=UTC)  # ten in the morning at the desk
STAFF = (
    entry("张伟", Role.HANDLER, unit="工程部", sites=("翠湖",)),
    entry("李娜", Role.HANDLER, unit="工程部", line=3),
    entry("周班长", Role.EMPLOYEE, line=4),
    entry("王主任", Role.AGENT, Role.CENTER_LEAD, line=5),
)
SITES = "编号,名称,别名,地址\nCH,翠湖花园,翠湖,lake@example.com\nYG,阳光城,阳光,\n"
WEEKDAYS = "项目,姓名,星期,时间\n,李娜,工作日,09:00-18:00\n"
WITH_SUNDAYS = WEEKDAYS + "翠湖花园,周班长,周日,08:00-20:00\n"


@pytest.fixture
async def kit(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url,
        staff=STAFF,
        channels=[FakeChannel("chat", CHAT)],
        chats={"张伟": "zhang", "李娜": "li", "周班长": "zhou", "王主任": "wang"},
    ) as kit:
        await sites(kit, tmp_path)
        yield kit


async def sites(kit: Kit, tmp_path: Path, table: str = SITES) -> tuple[int, int]:
    path = tmp_path / "sites.csv"
    path.write_text(table, "utf-8")
    return await import_sites(kit.database, read_sites(path, [""], []))


async def rota(kit: Kit, tmp_path: Path, table: str) -> tuple[int, int]:
    path = tmp_path / "rota.csv"
    path.write_text(table, "utf-8")
    return await import_rota(kit.database, read_rota(path), kit.clock.now())


async def owner(kit: Kit) -> str:
    complaint = await kit.the_complaint()
    people = {(await kit.person(each.name)).id: each.name for each in STAFF}
    return people.get(complaint.owner or "", "")


async def look(kit: Kit, at: datetime) -> None:
    kit.clock.move_to(at)
    await Attendance(kit.database, kit.desk).look()


class TestTables:
    async def test_a_table_imported_twice_changes_nothing(self, kit: Kit, tmp_path: Path) -> None:
        assert await sites(kit, tmp_path) == (0, 0)
        assert await rota(kit, tmp_path, WITH_SUNDAYS) == (2, 0)
        assert await rota(kit, tmp_path, WITH_SUNDAYS) == (0, 0)
        assert await rota(kit, tmp_path, WEEKDAYS) == (0, 0), "a team that does not stand in it keeps its rota"

    async def test_every_wrong_line_is_named_and_nothing_is_changed(self, kit: Kit, tmp_path: Path) -> None:
        with pytest.raises(RotaError, match=r"(?s)line 2: .*火星.*line 4: .*赵云"):
            await rota(kit, tmp_path, "team,person,days\n火星,张伟,mon\n,李娜,mon\n,赵云,tue\n")
        with pytest.raises(RotaError, match=r"(?s)line 2: 'someday' names no days.*line 3: '9-18' are no hours"):
            await rota(kit, tmp_path, "person,days,hours\n张伟,someday,\n张伟,mon,9-18\n")
        with pytest.raises(
            SiteError, match=r"(?s)line 2: calendar 'moon'.*line 3: code is ''.*line 4: '翠湖' stands in line 2"
        ):
            await sites(kit, tmp_path, "code,name,calendar\nCH,翠湖,moon\n,无名,\nYG,翠湖,\n")
        with pytest.raises(SiteError, match="head '赵云' is nobody on the staff"):
            await sites(kit, tmp_path, "code,head\nXX,赵云\n")
        assert await rota(kit, tmp_path, WEEKDAYS) == (1, 0)

    async def test_all_that_is_wrong_is_named_in_one_go(self, kit: Kit, tmp_path: Path) -> None:
        directory = await kit.database.read(lambda work: work.directory())
        path = tmp_path / "wrong.csv"
        path.write_text("team,person,days,hours\n火星,赵云,someday,9-18\n,赵云,mon,\n", "utf-8")
        with pytest.raises(
            RotaError,
            match=r"(?s)'someday'.*'9-18'.*line 2: team '火星'.*line 2: person '赵云'.*line 3: person '赵云'",
        ):
            read_rota(path, directory)
        path.write_text("code,phone,calendar,head\nA B,12,moon,赵云\nYG,,,赵云\n", "utf-8")
        with pytest.raises(
            SiteError,
            match=r"(?s)code.*phone.*calendar 'moon'.*line 2: head '赵云'.*line 3: head '赵云'",
        ):
            read_sites(path, [""], [], directory)
        path.write_text("name,phone,roles,superior,sites\n,12,king,赵云,火星\n钱七,,,吕布,\n", "utf-8")
        with pytest.raises(
            StaffError,
            match=r"(?s)name.*phone.*role 'king'.*superior '赵云'.*line 2: site '火星'.*line 3: superior '吕布'",
        ):
            read_staff(path, directory)


class TestChat:
    async def test_who_is_on_duty_on_a_day_is_told_of_every_site(self, kit: Kit, tmp_path: Path) -> None:
        await rota(kit, tmp_path, WITH_SUNDAYS)
        await kit.says("周日谁值班", "li")
        assert "翠湖花园 08:00–20:00 周班长" in await reads(kit, "li")
        await kit.says("明天谁值班", "li")
        assert await reads(kit, "li") == "3月3日(周二)值班：09:00–18:00 李娜"

    async def test_the_centre_puts_somebody_on_duty_every_week(self, kit: Kit, tmp_path: Path) -> None:
        await kit.says("值班 每周一 张伟 8-20", "wang")
        assert "已排 张伟 值班：每周一 08:00–20:00" in await reads(kit, "wang")
        assert "王主任 排您值班：每周一 08:00–20:00" in await reads(kit, "zhang")
        await kit.says("值班 每周一 李娜 8-20", "wang")
        await rota(kit, tmp_path, WEEKDAYS)
        await reads(kit, "wang")
        await kit.says("下周一谁值班", "wang")
        assert "08:00–20:00 李娜" in await reads(kit, "wang")

    async def test_who_is_there_for_another_site_only_is_given_work_after_a_second_look(self, kit: Kit) -> None:
        await kit.says("阳光城的电梯坏了，电话13800138000", "c1")
        await reads(kit, "wang")
        await kit.says("派单 0001 @张伟", "wang")
        assert "张伟只负责 翠湖花园" in await reads(kit, "wang")
        await kit.says("否", "wang")
        assert "没有派出去" in await reads(kit, "wang")
        assert await owner(kit) == "李娜"

    async def test_the_centre_puts_somebody_on_duty_and_everybody_can_ask(self, kit: Kit) -> None:
        await kit.says("值班 周六 张伟", "wang")
        assert "已排 张伟 值班：3月7日(周六) 00:00 至 3月7日(周六) 23:59" in await reads(kit, "wang")
        assert "王主任 排您值班：3月7日(周六) 00:00" in await reads(kit, "zhang")
        await kit.says("周六谁值班？", "li")
        assert "3月7日(周六)值班：00:00–24:00 张伟" in await reads(kit, "li")
        await kit.says("今天谁值班", "li")
        assert "3月2日(周一)没有排人值班" in await reads(kit, "li")

    async def test_what_is_said_later_wins(self, kit: Kit) -> None:
        await kit.says("值班 周六 张伟", "wang")
        await kit.says("值班 周六 李娜", "wang")
        await reads(kit, "wang")
        await kit.says("周六谁值班", "wang")
        assert "00:00–24:00 李娜" in await reads(kit, "wang")

    async def test_hours_and_a_site(self, kit: Kit, tmp_path: Path) -> None:
        await rota(kit, tmp_path, WITH_SUNDAYS)
        await kit.says("值班 3月8日 18:00-22:00 李娜 翠湖", "wang")
        assert "已排 李娜 值班：3月8日(周日) 18:00 至 3月8日(周日) 22:00（翠湖花园）" in await reads(kit, "wang")
        await kit.says("周日翠湖谁值班", "zhang")
        said = await reads(kit, "zhang")
        assert "（翠湖花园）值班：08:00–18:00 周班长；18:00–22:00 李娜" in said

    async def test_only_the_centre_may(self, kit: Kit) -> None:
        await kit.says("值班 周六 李娜", "zhang")
        assert "已排" not in await reads(kit, "zhang")

    async def test_nobody_known_is_said(self, kit: Kit) -> None:
        await kit.says("值班 周六 赵云", "wang")
        assert "没看懂谁在哪天值班" in await reads(kit, "wang")

    async def test_english(self, kit: Kit) -> None:
        await kit.address("王主任", "chat", "wang", locale="en")
        await kit.says("duty Saturday 张伟", "wang")
        assert "张伟 is on duty from Sat 7 Mar, 00:00 to Sat 7 Mar, 23:59" in await reads(kit, "wang")
        await kit.says("Who is on duty on Saturday?", "wang")
        assert "On duty Sat 7 Mar: 00:00–24:00 张伟" in await reads(kit, "wang")

    async def test_a_customer_learns_nothing_of_it(self, kit: Kit) -> None:
        await kit.says("值班 周六 张伟", "wang")
        await kit.says("周六谁值班", "c9")
        assert "张伟" not in await reads(kit, "c9")


class TestDaysOff:
    async def test_r031_on_a_day_off_whoever_watches_takes_it(self, kit: Kit, tmp_path: Path) -> None:
        await rota(kit, tmp_path, WITH_SUNDAYS)
        kit.clock.move_to(SUNDAY)
        await kit.says(f"翠湖{LEAK}")
        assert await owner(kit) == "周班长"
        await kit.says("进度", "zhou")
        assert "正在值班" in await reads(kit, "zhou")

    async def test_r031_nobody_on_duty_on_a_day_off_is_told_and_tried_again_when_work_begins(
        self, kit: Kit, tmp_path: Path
    ) -> None:
        await rota(kit, tmp_path, WITH_SUNDAYS)
        kit.clock.move_to(SUNDAY)
        await kit.says(f"阳光城{LEAK}")
        assert await owner(kit) == ""
        assert "没有找到合适的处理人" in await reads(kit, "wang")
        await look(kit, SUNDAY + timedelta(hours=3))
        assert await owner(kit) == ""
        await look(kit, SUNDAY + timedelta(hours=24))
        assert await owner(kit) == "李娜"

    async def test_somebody_put_on_duty_gets_what_waits(self, kit: Kit, tmp_path: Path) -> None:
        await rota(kit, tmp_path, WITH_SUNDAYS)
        kit.clock.move_to(SUNDAY)
        await kit.says(f"阳光城{LEAK}")
        await kit.says("值班 今天 李娜", "wang")
        await look(kit, SUNDAY + timedelta(minutes=1))
        assert await owner(kit) == "李娜"

    async def test_trap_37_the_backlog_is_drained_oldest_first(self, kit: Kit, tmp_path: Path) -> None:
        await rota(kit, tmp_path, WEEKDAYS)
        kit.clock.move_to(SUNDAY)
        for number in range(3):
            kit.clock.move_to(SUNDAY + timedelta(minutes=number))
            await kit.says(f"阳光城{LEAK}", f"c{number}")
        await look(kit, MONDAY + timedelta(days=7))
        complaints = sorted(await kit.complaints(), key=lambda c: c.received_at)
        moments = [(c.task.assigned_at, c.reference) for c in complaints if c.task is not None]
        assert len(moments) == 3
        ids = [row.reference for row in sorted(await kit.outbox("assigned"), key=lambda r: r.id)]
        assert list(dict.fromkeys(ids)) == [c.reference for c in complaints]


class TestSites:
    async def test_the_words_say_which_and_the_nearest_gets_it(self, kit: Kit) -> None:
        await kit.says(f"翠湖花园{LEAK}")
        assert ((await kit.the_complaint()).site, await owner(kit)) == ("CH", "张伟")

    async def test_of_another_site_it_is_not_theirs(self, kit: Kit) -> None:
        await kit.says(f"我在阳光城，{LEAK}")
        assert ((await kit.the_complaint()).site, await owner(kit)) == ("YG", "李娜")

    async def test_else_it_is_asked_and_the_answer_moves_it(self, kit: Kit) -> None:
        await import_staff(kit.database, [entry("李娜", Role.HANDLER, sites=("阳光城",))], kit.clock.now())
        await kit.says(LEAK)
        assert "哪个项目" in await reads(kit, "c1")
        first = await owner(kit)
        await kit.says("翠湖" if first == "李娜" else "阳光城", "c1")
        assert await owner(kit) == ("张伟" if first == "李娜" else "李娜")

    async def test_the_place_and_the_site_are_asked_for_in_one(self, kit: Kit) -> None:
        await kit.says(LEAK)
        told = await reads(kit, "c1")
        assert "哪个项目、楼栋和房号" in told
        assert "地址" not in told.split("：可直接回复")[0]

    async def test_what_a_site_is_called_is_not_asked_for_again(
        self, fresh_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In a trade whose places are its sites: a shop, a clinic."""
        monkeypatch.setattr(desk_kit, "_pack", lambda: load_pack("generic"))
        async with open_desk(fresh_sqlite_url, staff=STAFF, channels=[FakeChannel("chat", CHAT)], chats={}) as kit:
            await sites(kit, tmp_path)
            await kit.says("阳光城店里的充电器用了两天就坏了", "c1")
            told = await reads(kit, "c1")
            assert "您的姓名和联系电话：" in told
            await kit.says("充电器用了两天就坏了", "c2")
            told = await reads(kit, "c2")
            assert "哪个项目" in told
            assert "房号或地址" not in told

    async def test_a_filling_station_that_was_named_is_not_asked_for_again(
        self, fresh_sqlite_url: str, tmp_path: Path
    ) -> None:
        chat = [FakeChannel("chat", CHAT)]
        async with open_desk(fresh_sqlite_url, staff=STAFF, channels=chat, chats={}, policy="sinopec-sh") as kit:
            await sites(kit, tmp_path)
            await kit.says("阳光城加油站的人骂我", "c1")
            assert "您的姓名和联系电话：" in await reads(kit, "c1")

    async def test_a_service_group_has_its_site(self, kit: Kit) -> None:
        await kit.says("@bot 绑定群 翠湖", "wang", room="g1", addressed=True, visible_reply="绑定群 翠湖")
        await kit.says(LEAK, "c1", room="g1")
        assert (await kit.the_complaint()).site == "CH"

    async def test_the_address_written_to_tells(self, kit: Kit) -> None:
        await kit.says(LEAK, "c1", recipients=["Lake@example.com"])
        assert (await kit.the_complaint()).site == "CH"

    async def test_its_finders_only_site_tells(self, kit: Kit) -> None:
        await kit.says(f"我的投诉 客户说{LEAK}", "zhang")
        complaint = await kit.the_complaint()
        assert complaint.site == "CH"
        assert complaint.owner != complaint.finder


async def test_an_employee_who_was_given_a_task_tells_how_it_stands(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await kit.says("派单 0001 @周班长", "wang")
    await kit.says("接单", "zhou")
    await kit.says("已联系厂家，周五送货", "zhou")
    assert "进展已记下" in await reads(kit, "zhou")
    assert "已联系厂家，周五送货" in await reads(kit, "c1")


def test_a_site_by_a_calendar_that_is_not_in_the_settings_is_warned_of() -> None:
    sites = {code: Site(code, code, calendar=name) for code, name in (("north", "north"), ("south", ""))}
    assert not list(unknown_calendars(("", "north"), sites))
    [doubt] = unknown_calendars(("", "noth"), sites)
    assert "site north" in doubt
    assert "did you mean that by [calendars.noth]?" in doubt
