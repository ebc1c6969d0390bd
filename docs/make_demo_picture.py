"""Make docs/demo.png from the running demo page: a story lived up to its second round, in a real Chromium.

python -m docs.make_demo_picture        (from the top of the repository)
"""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Page, expect

from bot.clock import MovableClock
from bot.demo.play import BEGINS
from bot.demo.service import Demo, running_demo
from tests.browser import Browser

PICTURE = Path(__file__).with_name("demo.png")
SIZE = (1440, 1000)
_PAUSE = timedelta(minutes=11)
_REFERENCE = f"TS{BEGINS:%Y%m%d}-0001"
# Who speaks, and which of the suggestions under their phone; None: a day passes.
_STORY = (("customer", 0), ("customer", 0), ("assignee", 0), ("assignee", 0), None, ("assignee", 0), ("customer", 0))


async def make() -> None:
    """Live the story and take the picture."""
    clock = MovableClock(BEGINS)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            running_demo(port=0, lang="zh", data_dir=Path(folder), clock=clock) as demo,
            Browser() as browser,
        ):
            page = await browser.page(size=SIZE, touch=False)
            await page.goto(f"http://127.0.0.1:{demo.app.port}/demo")
            await expect(page.locator(".cb-phone[data-state=online]")).to_have_count(7)
            for scene in _STORY:
                await _live(demo, clock, page, scene)
            await expect(page.locator(".pill.round")).to_be_visible()
            await page.mouse.move(0, 0)
            await page.evaluate("document.fonts.ready")
            await page.screenshot(path=PICTURE)
            if browser.errors:
                raise SystemExit("\n".join(browser.errors))
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1024} kB")


async def _live(demo: Demo, clock: MovableClock, page: Page, scene: tuple[str, int] | None) -> None:
    if scene is None:
        async with page.expect_response("**/demo/api/clock"):
            await page.locator(".step").nth(1).click()
    else:
        seat, number = scene
        clock.move_to(clock.now() + _PAUSE)
        await demo.app.sweep()
        chip = page.locator(f"section[data-seat={seat}] .chip").nth(number)
        said = await chip.inner_text()
        await chip.click()
        await expect(page.locator(f"section[data-seat={seat}] .cb-own:not(.cb-pending) .cb-text").last).to_have_text(
            said
        )
        await demo.machine.settled()
    await demo.news.tell()
    events = await demo.app.database.read(lambda work: work.events_of(_REFERENCE))
    await expect(page.locator(f'[data-event="{events[-1].id}"]')).to_be_visible()


if __name__ == "__main__":
    asyncio.run(make())
