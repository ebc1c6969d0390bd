"""A real headless Chromium for tests.

async with Browser() as browser:
    page = await browser.page(locale="zh-CN")
    await page.goto(url)
assert browser.errors == []
"""

from __future__ import annotations

import shutil
from types import TracebackType
from typing import Self

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import ConsoleMessage, Error, Page, Playwright, async_playwright

PHONE = (390, 844)
DESKTOP = (1280, 900)


class Browser:
    """One Chromium, started and stopped with the `async with`. errors: what pages threw or complained of."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._playwright: Playwright | None = None
        self._browser: PlaywrightBrowser | None = None

    async def __aenter__(self) -> Self:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        self._playwright = await async_playwright().start()
        self._browser = await self._playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()

    async def forget(self) -> None:
        """Close all pages and what they stored, to use the same browser for another test."""
        assert self._browser is not None, "use `async with Browser()`"
        for context in list(self._browser.contexts):
            await context.close()
        self.errors.clear()

    async def page(
        self,
        *,
        size: tuple[int, int] = PHONE,
        locale: str = "zh-CN",
        dark: bool = False,
        touch: bool = True,
        timeout_s: float = 15,
    ) -> Page:
        """Return a page in a context of its own: its own storage, so another person."""
        assert self._browser is not None, "use `async with Browser()`"
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
            reduced_motion="reduce",
        )
        context.set_default_timeout(timeout_s * 1000)
        page = await context.new_page()
        page.on("pageerror", self._threw)
        page.on("console", self._said)
        return page

    def _threw(self, error: Error) -> None:
        self.errors.append(str(error))

    def _said(self, message: ConsoleMessage) -> None:
        # A server that is away on purpose is reported by the browser itself as a network error: that is no fault of a page.
        if message.type == "error" and "ERR_CONNECTION" not in message.text and "WebSocket" not in message.text:
            self.errors.append(message.text)
