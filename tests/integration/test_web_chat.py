"""Web chat in a real Chromium: a phone, two languages, a server that goes away, words that look like code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from connectors.port import Attachment, Button, Command, OutgoingMessage
from connectors.web import WebChatConnector, WebChatSettings, conversation_of
from tests.browser import DESKTOP, Browser
from tests.fakes import LocalServer, MemoryIntake, MemoryLog, listening

pytestmark = pytest.mark.asyncio(loop_scope="module")  # the browser's

TIMEOUT_MS = 15_000
MENUS = {
    "zh": (Command("complain", "投诉", "投诉：说说发生了什么"), Command("help", "帮助", "帮助：能回复哪些话")),
    "en": (
        Command("complain", "Complain", "Complain: tell us what happened"),
        Command("help", "Help", "Help: what you can reply"),
    ),
}
OWN = (Command("status", "进度", "进度：到哪一步了"),)
AT_END = """() => {
    const log = document.querySelector(".cb-log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < 2;
}"""
READ_BACK = """() => new Promise((seen) => {
    const log = document.querySelector(".cb-log");
    log.addEventListener("scroll", () => requestAnimationFrame(seen), { once: true });
    log.scrollTop = 100;
})"""


class Desk:
    """A web chat somebody can open, and what the service sees of it. Leave and come back with `close` and `open`."""

    def __init__(self) -> None:
        self.intake, self.log = MemoryIntake(), MemoryLog()
        self.connector = self._connector()
        self.server = LocalServer(lambda: self.connector.routes())

    async def open(self) -> None:
        self.connector = self._connector()
        self._listening = listening(self.connector, self.intake)
        await self._listening.__aenter__()
        await self.server.start()

    async def close(self) -> None:
        await self._listening.__aexit__(None, None, None)
        await self.server.stop()

    async def tells(self, page: Page, key: str, text: str, *buttons: Button) -> None:
        await self.connector.send(OutgoingMessage(key, await self.address(page), text, buttons=buttons))

    async def address(self, page: Page) -> str:
        return conversation_of(await page.evaluate("localStorage['complaintbot.secret']"))

    @property
    def heard(self) -> list[str]:
        return [self.connector.parse(raw).text for raw in self.intake.messages]

    def _connector(self) -> WebChatConnector:
        return WebChatConnector(WebChatSettings(menus=MENUS), self.log)


@pytest_asyncio.fixture(loop_scope="module")
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    await desk.open()
    yield desk
    await desk.close()


async def opened(browser: Browser, desk: Desk, query: str = "", **how: object) -> Page:
    page = await browser.page(**how)  # type: ignore[arg-type]
    await page.goto(f"{desk.server.url}/chat{query}")
    await expect(page.locator("#phone[data-state=online]")).to_be_visible(timeout=TIMEOUT_MS)
    return page


async def says(page: Page, text: str) -> None:
    await page.fill("textarea", text)
    await page.keyboard.press("Enter")


async def sees(page: Page, *texts: str) -> None:
    """Exactly these lines stand in the log, in this order, none of them waiting."""
    await expect(page.locator(".cb-text")).to_have_text(list(texts), timeout=TIMEOUT_MS)
    await expect(page.locator(".cb-pending")).to_have_count(0, timeout=TIMEOUT_MS)


async def test_a_phone_in_chinese(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await expect(page).to_have_title("投诉与建议")
    assert await page.evaluate("document.documentElement.lang") == "zh-CN"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = await page.locator(".cb-composer").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == 844
    for control in (".cb-send", ".cb-language", "textarea"):
        size = await page.locator(control).bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44, control
    assert await page.locator("textarea").evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 16
    await says(page, "3栋2单元电梯停了两天")
    await sees(page, "3栋2单元电梯停了两天")
    await desk.tells(page, "k1", "已收到，编号 TS20261121-0007。")
    await sees(page, "3栋2单元电梯停了两天", "已收到，编号 TS20261121-0007。")
    assert desk.connector.parse(desk.intake.messages[0]).locale == "zh"
    await page.reload()
    await sees(page, "3栋2单元电梯停了两天", "已收到，编号 TS20261121-0007。")
    assert len(desk.intake.messages) == 1


async def test_a_desk_in_english_that_changes_its_mind(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk, locale="en-GB", size=DESKTOP, touch=False, dark=True)
    await expect(page).to_have_title("Complaints & suggestions")
    await says(page, "The lift is out")
    await sees(page, "The lift is out")
    await page.get_by_role("button", name="切换到中文").click()
    await expect(page).to_have_title("投诉与建议")
    await expect(page.locator(".cb-day")).to_have_text("今天")
    await page.reload()
    await expect(page).to_have_title("投诉与建议")
    await says(page, "还有灯")
    await sees(page, "The lift is out", "还有灯")
    assert [desk.connector.parse(raw).locale for raw in desk.intake.messages] == ["en", "zh"]
    page = await opened(browser, desk, "?lang=en", locale="zh-CN")
    await expect(page).to_have_title("Complaints & suggestions")


async def test_words_said_while_the_server_is_down_arrive_once(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await says(page, "一")
    await sees(page, "一")
    await desk.close()
    await expect(page.locator(".cb-notice")).to_contain_text("正在重连", timeout=TIMEOUT_MS)
    await says(page, "二")
    await says(page, "三")
    await expect(page.locator(".cb-pending .cb-time")).to_have_text(["待发送", "待发送"])
    await desk.open()
    await sees(page, "一", "二", "三")
    await expect(page.locator(".cb-notice")).to_be_hidden()
    assert desk.heard == ["一", "二", "三"]


async def test_words_not_yet_sent_outlive_the_page(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    desk.intake.down = True
    await says(page, "别丢了我")
    await expect(page.locator(".cb-notice")).to_be_visible(timeout=TIMEOUT_MS)
    await page.reload()
    await expect(page.locator(".cb-pending .cb-text")).to_have_text("别丢了我")
    desk.intake.down = False
    await sees(page, "别丢了我")
    await page.reload()
    await sees(page, "别丢了我")
    assert desk.heard == ["别丢了我"]


async def test_stored_but_never_acknowledged_is_shown_once(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    desk.log.down = True  # the inbox takes it, the line is not written, no acknowledgement
    await says(page, "只有一条")
    await desk.intake.stored(1)
    desk.log.down = False
    await sees(page, "只有一条")
    assert desk.heard == ["只有一条"]


async def test_words_that_look_like_code_are_words(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> https://evil.example"
    await says(page, evil)
    await desk.tells(page, "k1", evil, Button("<b>好</b>", "<i>好</i>"))
    await sees(page, evil, evil)
    await expect(page.locator(".cb-button")).to_have_text("<b>好</b>")
    assert await page.locator(".cb-log img, .cb-log script, .cb-log a, .cb-log b").count() == 0
    await expect(page).to_have_title("投诉与建议")


async def test_a_button_says_its_words(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await says(page, "电梯停了")
    await sees(page, "电梯停了")
    await desk.tells(page, "k1", "您满意吗？", Button("满意", "满意"), Button("不满意", "不满意，还没好"))
    for button in await page.locator(".cb-button").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    await page.get_by_role("button", name="不满意").tap()
    await sees(page, "电梯停了", "您满意吗？", "不满意，还没好")
    await expect(page.locator(".cb-button")).to_have_count(0)
    pressed = desk.connector.parse(desk.intake.messages[1])
    assert (pressed.text, pressed.reply_to_message) == ("不满意，还没好", "2")


def _content(file: Path) -> bytes:
    return file.read_bytes()


async def test_a_file_that_came_with_a_line_can_be_saved(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await says(page, "好的")
    await sees(page, "好的")
    data = b"BEGIN:VCALENDAR\r\nSUMMARY:" + "上门".encode() + b"\r\nEND:VCALENDAR\r\n"
    file = Attachment("<b>TS1.ics", "text/calendar; charset=utf-8; method=PUBLISH", data, len(data))
    address = await desk.address(page)
    await desk.connector.send(OutgoingMessage("k1", address, "上门时间定了", attachments=(file,)))
    for _ in range(2):
        link = page.locator(".cb-file")
        await expect(link).to_have_text("📎 <b>TS1.ics", timeout=TIMEOUT_MS)
        async with page.expect_download(timeout=TIMEOUT_MS) as download:
            await link.click()
        saved = await (await download.value).path()
        assert _content(saved) == data
        await page.reload()  # it is kept with the line


async def test_only_the_newest_message_has_buttons(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await desk.tells(page, "k1", "一", Button("旧", "旧"))
    await expect(page.locator(".cb-button")).to_have_text(["旧"])
    await desk.tells(page, "k2", "二", Button("新", "新"))
    await expect(page.locator(".cb-button")).to_have_text(["新"])
    await page.reload()
    await expect(page.locator(".cb-button")).to_have_text(["新"])


async def test_the_menu_says_what_was_chosen(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    entries = page.locator(".cb-command")
    await page.get_by_role("button", name="菜单").tap()
    await expect(entries).to_have_text(["投诉：说说发生了什么", "帮助：能回复哪些话"], timeout=TIMEOUT_MS)
    for entry in await entries.all():
        box = await entry.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    await entries.nth(1).tap()
    await sees(page, "帮助")
    await expect(entries).to_have_count(0)
    assert desk.heard == ["帮助"]


async def test_the_menu_follows_what_we_say_and_outlives_the_page(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await says(page, "电梯停了")
    await sees(page, "电梯停了")
    entries, button = page.locator(".cb-command"), page.get_by_role("button", name="菜单")
    await desk.connector.send(OutgoingMessage("k1", await desk.address(page), "收到", menu=OWN))
    await desk.tells(page, "k2", "有人在看")
    await sees(page, "电梯停了", "收到", "有人在看")
    for _ in range(2):
        await button.tap()
        await expect(entries).to_have_text(["进度：到哪一步了"], timeout=TIMEOUT_MS)
        await page.reload()
        await sees(page, "电梯停了", "收到", "有人在看")
    await desk.connector.send(OutgoingMessage("k3", await desk.address(page), "办好了", menu=()))
    await sees(page, "电梯停了", "收到", "有人在看", "办好了")
    await button.tap()
    await expect(entries).to_have_text([each.shown for each in MENUS["zh"]], timeout=TIMEOUT_MS)
    await page.keyboard.press("Escape")
    await expect(entries).to_have_count(0)


async def test_the_menu_for_everybody_speaks_the_language_of_the_page(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await page.locator(".cb-language").tap()
    await page.get_by_role("button", name="Menu").tap()
    await expect(page.locator(".cb-command")).to_have_text([each.shown for each in MENUS["en"]], timeout=TIMEOUT_MS)


async def test_two_tabs_are_one_person(browser: Browser, desk: Desk) -> None:
    first = await opened(browser, desk)
    second = await first.context.new_page()
    await second.goto(f"{desk.server.url}/chat")
    await says(first, "这里说")
    await sees(second, "这里说")
    await says(second, "那里也说")
    await sees(first, "这里说", "那里也说")
    assert await desk.address(first) == await desk.address(second)


async def test_too_long_is_counted_and_not_sent(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await page.fill("textarea", "长" * 4001)
    await expect(page.locator(".cb-count")).to_have_text("4001 / 4000")
    await expect(page.locator(".cb-send")).to_be_disabled()
    await page.keyboard.press("Enter")
    assert await page.locator(".cb-row").count() == 0
    await page.fill("textarea", "长" * 4000)
    await page.locator(".cb-send").tap()
    await sees(page, "长" * 4000)


async def test_enter_that_picks_a_chinese_word_does_not_send(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await page.fill("textarea", "ni hao")
    await page.locator("textarea").evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert await page.locator(".cb-row").count() == 0
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("2")
    await page.keyboard.press("Enter")
    await sees(page, "ni hao\n2")


async def test_a_spoilt_secret_is_replaced(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await page.evaluate("localStorage['complaintbot.secret'] = 'spoilt'")
    await page.reload()
    await expect(page.locator("#phone[data-state=online]")).to_be_visible(timeout=TIMEOUT_MS)
    await says(page, "还能说")
    await sees(page, "还能说")


async def test_an_erased_log_disappears_from_the_screen(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await says(page, "请删除我的数据")
    await sees(page, "请删除我的数据")
    await desk.close()
    desk.log.lines.clear()
    await desk.open()
    await sees(page)
    await says(page, "重新开始")
    await sees(page, "重新开始")


async def test_a_tap_on_ones_own_words_offers_to_take_them_back(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await says(page, "说错了")
    await sees(page, "说错了")
    await page.locator(".cb-own .cb-bubble").click()
    await page.locator(".cb-unsay").click()
    await expect(page.locator(".cb-own.cb-unsaid")).to_be_visible(timeout=TIMEOUT_MS)
    unsaid = desk.connector.parse(desk.intake.messages[-1])
    assert unsaid.deleted
    assert unsaid.message_id == desk.connector.parse(desk.intake.messages[0]).message_id
    await page.locator(".cb-own .cb-bubble").click()
    await expect(page.locator(".cb-unsay")).to_have_count(0)


async def test_a_long_log_stays_at_its_end_until_one_reads_back(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    for number in range(250):
        await desk.tells(page, f"k{number}", f"第 {number} 条")
    await expect(page.locator(".cb-row")).to_have_count(250, timeout=TIMEOUT_MS)
    await page.wait_for_function(AT_END)
    await page.reload()
    await expect(page.locator(".cb-row")).to_have_count(250, timeout=TIMEOUT_MS)
    await page.wait_for_function(AT_END)
    await page.evaluate(READ_BACK)
    await desk.tells(page, "new", "新的")
    await page.locator(".cb-newer").tap()
    await page.wait_for_function(AT_END)
    await expect(page.locator(".cb-newer")).to_be_hidden()


async def test_a_line_heard_twice_is_shown_once(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    shown = await page.evaluate(
        """async () => {
          const { ChatClient } = await import("/chat/chat.js");
          const shown = [];
          const client = new ChatClient({ url: "ws://unused.invalid", onLine: (line) => shown.push(line.text) });
          const line = (seq, text) => JSON.stringify({
            type: "line", seq, text, out: true, buttons: [], at: "2026-11-21T08:00:00+00:00",
          });
          for (const data of [line(3, "three"), line(3, "three"), line(2, "two"), "{", line(5, "five")]) client._heard(data);
          client.stop();
          return shown;
        }"""
    )
    assert shown == ["three", "five"]


async def test_three_phones_on_one_page(browser: Browser, desk: Desk) -> None:
    """The module is mounted with secrets of its own; what is theirs stays theirs."""
    page = await opened(browser, desk, size=DESKTOP, touch=False)
    secrets = ["a" * 32, "b" * 32, "c" * 32]
    await page.evaluate(
        """async (secrets) => {
          const { mountPhone, socketUrl } = await import("/chat/chat.js");
          document.body.replaceChildren();
          for (const secret of secrets) {
            const element = document.body.appendChild(document.createElement("section"));
            const phone = mountPhone(element, {
              url: socketUrl("/chat/socket"), storageKey: `demo.${secret[0]}`, secret, locale: "en", title: secret[0],
            });
            phone.say(`I am ${secret[0]}`);
          }
        }""",
        secrets,
    )
    await expect(page.locator(".cb-phone[data-state=online]")).to_have_count(3)
    for index, secret in enumerate(secrets):
        await desk.connector.send(OutgoingMessage("k1", conversation_of(secret), f"Hello {secret[0]}"))
        lines = page.locator(".cb-phone").nth(index).locator(".cb-text")
        await expect(lines).to_have_text([f"I am {secret[0]}", f"Hello {secret[0]}"])
    assert {raw.conversation for raw in desk.intake.messages} == {conversation_of(secret) for secret in secrets}
