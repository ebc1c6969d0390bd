"""The demo page in a real Chromium: the whole life of a complaint in both languages, time moved, a phone's small screen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.clock import MovableClock
from bot.demo.play import BEGINS
from bot.demo.service import Demo, running_demo
from tests.browser import Browser
from tests.fakes import until

pytestmark = pytest.mark.asyncio(loop_scope="module")  # the browser's

DESK = (1440, 900)
TIMEOUT_MS = 20_000
CUSTOMER, ASSIGNEE, SUPERVISOR, SMS = "customer", "assignee", "supervisor", "sms"


@dataclass
class Stage:
    """The page with somebody in front of it."""

    demo: Demo
    page: Page

    def phone(self, key: str) -> Locator:
        return self.page.locator(f"[data-phone={key}] .cb-phone")

    async def says(self, key: str, text: str) -> None:
        await self.phone(key).locator("textarea").fill(text)
        await self.phone(key).locator("textarea").press("Enter")
        await expect(self.phone(key).locator(".cb-own:not(.cb-pending) .cb-text").last).to_have_text(text)

    async def presses(self, key: str, button: str) -> None:
        await self.phone(key).get_by_role("button", name=button, exact=True).click()

    async def gets(self, key: str, text: str) -> None:
        """The phone shows something of ours with these words."""
        await expect(self.phone(key).locator(".cb-ours .cb-text").filter(has_text=text).last).to_be_attached()

    async def lives(self, kind: str, *words: str) -> None:
        """The picture shows such an event, with these words beside it."""
        row = self.page.locator(f".row.event[data-kind={kind}]").last
        await expect(row).to_be_attached()
        for word in words:
            await expect(row).to_contain_text(word)

    async def stands(self, status: str) -> None:
        await expect(self.page.locator(".pill.status")).to_have_text(status)

    async def moves(self, hours: int) -> None:
        async with self.page.expect_response("**/demo/api/clock", timeout=60_000) as answer:
            await self.page.locator(f".step[data-hours='{hours}']").click()
        assert (await answer.value).status == 200
        await expect(self.page.locator(f".step[data-hours='{hours}']")).to_be_enabled()


@asynccontextmanager
async def opened(browser: Browser, folder: Path, lang: str, query: str = "", **how: object) -> AsyncIterator[Stage]:
    clock = MovableClock(BEGINS)
    async with running_demo(port=0, lang=lang, data_dir=folder, clock=clock) as demo:
        how = {"size": DESK, "touch": False, "locale": "zh-CN", **how}
        page = await browser.page(**how)  # type: ignore[arg-type]
        expect.set_options(timeout=TIMEOUT_MS)
        await page.goto(f"http://127.0.0.1:{demo.app.port}/{query}")
        await expect(page.locator(".cb-phone[data-state=online]")).to_have_count(7)
        yield Stage(demo, page)
        await page.close()


async def test_a_profile_is_chosen_and_its_clocks_are_shown(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "zh") as stage:
        panel, choice = stage.page.locator("#policy"), stage.page.locator("#policy-choice")
        await expect(choice).to_have_value("leyoujia-24h")
        await panel.locator(".policy-label").click()
        plan = panel.locator("#clocks tr").filter(has=stage.page.locator("th", has_text=re.compile("^方案$")))
        await expect(plan).to_contain_text("24 小时")
        await choice.select_option("mingyuan")
        await expect(plan).to_contain_text("3 个工作日")
        await expect(plan).to_contain_text("从登记起")
        await stage.page.locator("#language").click()
        plan = panel.locator("#clocks tr").filter(has=stage.page.locator("th", has_text=re.compile("^plan$")))
        await expect(plan).to_contain_text("3 working days")
        await stage.says(CUSTOMER, "The lock of my door is broken, building 6, flat 1202, John Smith 13712345678")
        await expect(stage.page.locator(".promise")).not_to_have_count(0)
        await expect(stage.page.locator("#life-head")).to_contain_text("Policy: Call centre with working-day limits")
        await choice.select_option("beijing-12345")
        await expect(panel.locator("#clocks")).to_contain_text("urgent: 2 hours")
        await choice.select_option("mingyuan")
        await stage.page.reload()
        await expect(choice).to_have_value("mingyuan")


async def test_a_whole_life_in_chinese(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "zh") as stage:
        await expect(stage.page).to_have_title("安居物业客服中心 · 演示")
        await stage.says(CUSTOMER, "我家门锁坏了，门口还漏水，6栋1202，王先生 13712345678")
        await stage.gets(CUSTOMER, "TS20261123-0001")
        await stage.gets(SUPERVISOR, "新投诉 TS20261123-0001")
        await stage.gets(ASSIGNEE, "派给您：TS20261123-0001")
        await stage.gets(SMS, "派给您：TS20261123-0001")
        await stage.lives("received", "我家门锁坏了")
        await stage.lives("dispatched", "派给 张伟")
        await stage.presses(ASSIGNEE, "接单")
        await stage.gets(CUSTOMER, "张伟 已经接手")
        await stage.lives("accepted", "张伟")
        await stage.stands("处理中")
        await stage.says(ASSIGNEE, "办结 已更换门锁")
        await stage.gets(CUSTOMER, "您对结果满意吗")
        await stage.stands("已办结待回访")
        await stage.says(CUSTOMER, "不满意，还在漏水")
        await stage.gets(SUPERVISOR, "客户不满意，已进入第2次处理")
        await stage.gets(ASSIGNEE, "重新处理（第2次")
        await stage.lives("rated", "不满意", "还在漏水")
        await expect(stage.page.locator(".pill.round")).to_have_text("第 2 次处理")
        await stage.says(ASSIGNEE, "办结 重新做了防水")
        await stage.gets(CUSTOMER, "这次您满意吗")
        await stage.presses(CUSTOMER, "满意")
        await stage.gets(CUSTOMER, "已结案")
        await stage.lives("closed", "客户满意，结案")
        await stage.stands("已结案")
        await expect(stage.page.locator(".row.now")).to_have_count(0)
        # Another one, which nobody touches for a day.
        await stage.says(CUSTOMER, "3栋的电梯又停了，老人上不了楼")
        await stage.gets(ASSIGNEE, "派给您：TS20261123-0002")
        await stage.lives("received", "3栋的电梯")
        await stage.moves(24)
        await stage.gets(ASSIGNEE, "提醒：TS20261123-0002 的“接单和方案”快到时间了")
        await stage.gets(ASSIGNEE, "TS20261123-0002 的“首次联系”已超时")
        await stage.gets(SUPERVISOR, "请关注：TS20261123-0002")
        await stage.lives("reminded", "提醒")
        await stage.lives("overdue", "超时")
        await expect(stage.page.locator(".promise.overdue")).not_to_have_count(0)
        await expect(stage.page.locator("#day")).to_have_text("11月24日 周二")
        # The first one is still there to be looked at.
        await stage.page.locator(".picker").select_option("TS20261123-0001")
        await stage.stands("已结案")
        await stage.page.reload()
        await expect(stage.page.locator(".cb-phone[data-state=online]")).to_have_count(7)
        await stage.lives("received", "3栋的电梯")
        await stage.gets(CUSTOMER, "已结案")


async def test_a_whole_life_in_english(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "en", locale="en-GB", dark=True) as stage:
        await expect(stage.page).to_have_title("Harbour Homes · demo")
        await stage.says(
            CUSTOMER, "My lock is broken and the door leaks. Building 6, flat 1202. I am John Smith, 13712345678"
        )
        await stage.gets(CUSTOMER, "TS20261123-0001")
        await stage.gets(SUPERVISOR, "New complaint TS20261123-0001")
        await stage.gets(SMS, "For you: TS20261123-0001")
        await stage.lives("dispatched", "Given to Tom Baker")
        await stage.presses(ASSIGNEE, "Accept")
        await stage.gets(CUSTOMER, "Tom Baker has taken up your complaint")
        await stage.stands("in progress")
        await stage.says(ASSIGNEE, "done replaced the lock")
        await stage.gets(CUSTOMER, "Are you satisfied with it?")
        await stage.says(CUSTOMER, "not satisfied, still leaking")
        await stage.gets(SUPERVISOR, "it is in round 2 with Tom Baker")
        await stage.lives("rated", "not satisfied", "still leaking")
        await expect(stage.page.locator(".pill.round")).to_have_text("Round 2")
        await stage.says(ASSIGNEE, "done sealed the door")
        await stage.gets(CUSTOMER, "Are you satisfied now?")
        await stage.says(CUSTOMER, "satisfied")
        await stage.gets(CUSTOMER, "is closed")
        await stage.lives("closed", "Satisfied, closed")
        await stage.says(CUSTOMER, "The lift in building 3 is out again")
        await stage.gets(ASSIGNEE, "For you: TS20261123-0002")
        await stage.moves(1)
        await stage.gets(ASSIGNEE, "A reminder for TS20261123-0002")
        await stage.lives("reminded", "Reminder")
        await stage.moves(24)
        await stage.gets(ASSIGNEE, "is overdue")
        await stage.gets(SUPERVISOR, "Please have a look at TS20261123-0002")
        await stage.lives("overdue", "Overdue")
        shown = await stage.page.locator("main, header").all_inner_texts()
        assert not [text for text in shown if any("一" <= letter <= "鿿" for letter in text.replace("中文", ""))]


async def test_the_suggestions_alone_live_the_story(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "zh") as stage:
        for seat, then in [
            (CUSTOMER, "已派单"),
            (ASSIGNEE, "处理中"),
            (ASSIGNEE, "处理中"),
            (ASSIGNEE, "已办结待回访"),
            (CUSTOMER, "处理中"),
            (ASSIGNEE, "已办结待回访"),
            (CUSTOMER, "已结案"),
        ]:
            chip = stage.page.locator(f"section[data-seat={seat}] .chip.main").last
            said = await chip.inner_text()
            await chip.click()
            await expect(stage.phone(seat).locator(".cb-own .cb-text").last).to_have_text(said)
            await stage.stands(then)
            hints = stage.page.locator(f"section[data-seat={seat}] .hints")
            await expect(hints.get_by_role("button", name=said, exact=True)).to_have_count(0)


async def test_a_promise_explains_its_arithmetic(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "zh") as stage:
        await stage.says(CUSTOMER, "我家厨房漏水三天了，没人管，6栋1202")
        plan = stage.page.locator(".bar[data-clock=plan]")
        await plan.hover()
        tip = stage.page.locator(".tip")
        await expect(tip).to_contain_text("方案 · 24 小时")
        await expect(tip.locator("li")).to_have_text(
            ["11月23日 周一 09:00 开始", "＋ 24 小时", "＝ 11月24日 周二 09:00"]
        )

        async def told() -> bool:
            """Look again: what is explained is what was so when it was asked for."""
            await stage.page.keyboard.press("Escape")
            await stage.page.locator(".row.event[data-kind=dispatched]").click()
            return "张伟 · 派单通知 · 短信 · 已送达" in str(await tip.text_content())

        await until(told, "the short message is there")
        await expect(tip).to_be_visible()
        await stage.page.keyboard.press("Escape")
        await expect(tip).to_be_hidden()


async def test_one_switch_turns_everything_english(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "zh") as stage:
        await stage.says(CUSTOMER, "我家厨房漏水三天了，没人管，6栋1202")
        await stage.gets(ASSIGNEE, "派给您")
        await stage.page.get_by_role("button", name="Switch to English").click()
        await stage.lives("dispatched", "Given to Tom Baker")
        await stage.presses(ASSIGNEE, "接单")  # what was said stays as it was said
        await stage.gets(ASSIGNEE, "It is yours")
        await stage.gets(CUSTOMER, "Tom Baker has taken up your complaint")
        await stage.page.reload()
        await expect(stage.page).to_have_title("Harbour Homes · demo")


async def test_the_employee_and_the_leader_have_a_phone(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "zh") as stage:
        await stage.page.locator(".switch[data-tab=employee]").click()
        seat = stage.page.locator("section[data-seat=customer]")
        await expect(seat.locator(".seat-name")).to_contain_text("员工赵敏")
        await seat.locator(".chip").first.click()
        await stage.gets("employee", "TS20261123-0001")
        await stage.lives("received", "4栋的张女士")
        await expect(stage.page.locator(".switch[data-tab=leader]")).not_to_contain_class("unread")
        await stage.says(SUPERVISOR, "定级 TS20261123-0001 重大 媒体已报道")
        await expect(stage.page.locator(".switch[data-tab=leader]")).to_contain_class("unread")
        await stage.page.locator(".switch[data-tab=leader]").click()
        await stage.gets("leader", "重大投诉 TS20261123-0001")
        chips = stage.page.locator("section[data-seat=supervisor] .chip")
        await chips.filter(has_text="看板").click()
        await stage.gets("leader", "在办 1")
        await chips.filter(has_text="批示").click()
        await stage.gets(ASSIGNEE, "今天必须有人上门")


async def test_a_text_message_is_answered_and_marked_until_read(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "zh") as stage:
        sms = stage.page.locator(".switch[data-tab=sms]")
        await expect(stage.page.locator(".switch[data-tab=backup]")).to_be_hidden()
        await stage.says(CUSTOMER, "我家厨房漏水三天了，没人管，6栋1202")
        await expect(sms).to_contain_class("unread")
        await sms.click()
        await expect(sms).not_to_contain_class("unread")
        await stage.says(SMS, "1")
        await stage.gets(SMS, "接单了")
        await stage.stands("处理中")
        await stage.says(SUPERVISOR, "派单 TS20261123-0001 @李娜")
        await stage.page.locator(".switch[data-tab=backup]").click()
        await stage.gets("backup", "派给您")


async def test_on_a_phone_each_has_a_tab(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "zh", size=(390, 844), touch=True) as stage:
        page = stage.page
        await expect(page.locator("section[data-seat=customer]")).to_be_in_viewport(ratio=0.9)
        await expect(page.locator("section[data-seat=assignee]")).not_to_be_in_viewport()
        await stage.says(CUSTOMER, "我家厨房漏水三天了，没人管，6栋1202")
        tab = page.locator(".tab[data-seat=assignee]")
        await expect(tab).to_contain_class("unread")
        await tab.tap()
        await expect(page.locator("section[data-seat=assignee]")).to_be_in_viewport(ratio=0.9)
        await stage.presses(ASSIGNEE, "接单")
        await page.locator(".tab[data-seat=life]").tap()
        await expect(page.locator("#life")).to_be_in_viewport(ratio=0.9)
        await stage.lives("accepted")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for control in await page.locator(".tab, .step").all():
            box = await control.bounding_box()
            assert box is not None
            assert box["height"] >= 44
