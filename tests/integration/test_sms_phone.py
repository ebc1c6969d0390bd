"""The SMS stub as a phone in a real Chromium, mounted the way the demo page does it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page, expect

from connectors.port import OutgoingMessage
from connectors.sms import SmsStub, SmsStubSettings
from connectors.web import WebChatConnector, WebChatSettings
from tests.browser import Browser
from tests.fakes import LocalServer, MemoryIntake, MemoryLog, listening

pytestmark = pytest.mark.asyncio(loop_scope="module")  # the browser's

NUMBER = "13800138000"
MOUNT = """async (number) => {
    const { mountPhone, socketUrl } = await import("/chat/chat.js");
    const element = document.createElement("section");
    document.body.replaceChildren(element);
    mountPhone(element, {
        url: socketUrl(`/hooks/sms/stub/${number}/socket`), storageKey: `demo.${number}`, locale: "zh", title: number,
    });
}"""


class Desk:
    def __init__(self) -> None:
        self.intake, self.log = MemoryIntake(), MemoryLog()
        self.sms = SmsStub(SmsStubSettings(secret="x", demo=True), self.log)
        # The module and its style come from the web chat; nobody talks through it here.
        self.web = WebChatConnector(WebChatSettings(), self.log)
        self.server = LocalServer(self.routes)

    def routes(self) -> list[web.RouteDef]:
        return [*self.web.routes(), *self.sms.routes(), web.get("/demo", page_of_the_demo)]


async def page_of_the_demo(_: web.Request) -> web.Response:
    head = '<link rel="icon" href="data:,"><link rel="stylesheet" href="/chat/style.css">'
    return web.Response(text=f"<!doctype html>{head}<body></body>", content_type="text/html")


@pytest_asyncio.fixture(loop_scope="module")
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    await desk.server.start()
    async with listening(desk.sms, desk.intake):
        yield desk
    await desk.web.close()
    await desk.server.stop()


async def mounted(browser: Browser, desk: Desk) -> Page:
    page = await browser.page()
    await page.goto(f"{desk.server.url}/demo")
    await page.evaluate(MOUNT, NUMBER)
    await expect(page.locator(".cb-phone[data-state=online]")).to_have_count(1)
    return page


async def test_a_text_message_is_seen_and_answered_over_a_reload(browser: Browser, desk: Desk) -> None:
    await desk.sms.send(OutgoingMessage("k1", NUMBER, "您的投诉已办结，满意请回复1"))
    page = await mounted(browser, desk)
    await page.fill("textarea", "1")
    await page.keyboard.press("Enter")
    [raw] = await desk.intake.stored(1)
    assert (raw.channel, raw.conversation, desk.sms.parse(raw).text) == ("sms", NUMBER, "1")
    await desk.sms.send(OutgoingMessage("k2", NUMBER, "谢谢"))
    lines = ["您的投诉已办结，满意请回复1", "1", "谢谢"]
    await expect(page.locator(".cb-text")).to_have_text(lines)
    await page.reload()
    await page.evaluate(MOUNT, NUMBER)
    await expect(page.locator(".cb-text")).to_have_text(lines)
    assert len(desk.intake.messages) == 1
