"""Files in a real Chromium: chosen, dropped, pasted, waited for, refused in words, and saved from a line."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, Page, expect

from bot.contents import accepted
from connectors.port import Attachment, OutgoingMessage
from connectors.web import UploadRules, WebChatConnector, WebChatSettings, conversation_of
from tests.browser import DESKTOP, Browser
from tests.fakes import LocalServer, MemoryIntake, MemoryLog, listening
from tests.integration.test_web_chat import TIMEOUT_MS, says, sees

pytestmark = pytest.mark.asyncio(loop_scope="module")  # the browser's

MAX_FILE = 3 << 20
JPEG = b"\xff\xd8\xff\xe0" + bytes(200_000)
# What a hand does with files: it drops them on the page, or pastes them.
BRINGS = """([selector, kind, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File(["%PDF-1.7 " + name], name, { type: "application/pdf" }));
    if (text) data.setData("text/plain", text);
    const event = kind === "paste"
      ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector(selector).dispatchEvent(event);
}"""


class Desk:
    """A web chat that takes files and shows those in `folder`. Leave and come back with `close` and `open`."""

    def __init__(self, folder: Path) -> None:
        self.intake, self.log = MemoryIntake(), MemoryLog()
        self.folder = folder
        self.takes_files = True
        self.server = LocalServer(lambda: self.connector.routes())

    async def open(self) -> None:
        rules = UploadRules(self.folder / "uploads", MAX_FILE, 100 * MAX_FILE, least_free=0, judge=accepted)
        uploads = rules if self.takes_files else None
        self.connector = WebChatConnector(WebChatSettings(), self.log, uploads=uploads, kept=self.folder)
        self._listening = listening(self.connector, self.intake)
        await self._listening.__aenter__()
        await self.server.start()

    async def close(self) -> None:
        await self._listening.__aexit__(None, None, None)
        await self.server.stop()

    async def files(self) -> list[list[tuple[str, bytes]]]:
        """Return the files of each message, as the core gets them."""
        heard = [self.connector.parse(raw) for raw in self.intake.messages]
        return [
            [(file.name, await self.connector.fetch(file, max_bytes=MAX_FILE)) for file in message.attachments]
            for message in heard
        ]

    def on_disk(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path)
    await desk.open()
    yield desk
    await desk.close()


async def opened(browser: Browser, desk: Desk, **how: object) -> Page:
    page = await browser.page(**how)  # type: ignore[arg-type]
    await page.goto(f"{desk.server.url}/chat")
    await expect(page.locator("#phone[data-state=online]")).to_be_visible(timeout=TIMEOUT_MS)
    return page


def photo(name: str, data: bytes = JPEG, type_: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": type_, "buffer": data}


async def test_photos_are_added_and_go_with_the_words(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    attach = page.get_by_role("button", name="添加照片或文件")
    box = await attach.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    async with page.expect_file_chooser() as chooser:
        await attach.tap()
    await (await chooser.value).set_files([photo("墙 1.jpg"), photo("<b>2.jpg")])
    await expect(page.locator(".cb-item-done .cb-item-name")).to_have_text(["墙 1.jpg", "<b>2.jpg"], timeout=TIMEOUT_MS)
    await expect(page.locator(".cb-item-says")).to_have_text(["已就绪，点发送即可"] * 2)
    await says(page, "墙上全是水")
    await sees(page, "墙上全是水")
    await expect(page.locator(".cb-tray")).to_be_hidden()
    await expect(page.locator(".cb-own .cb-file")).to_have_text(["📎 墙 1.jpg", "📎 <b>2.jpg"])
    await expect(page.locator(".cb-pending")).to_have_count(0, timeout=TIMEOUT_MS)
    assert await desk.files() == [[("墙 1.jpg", JPEG), ("<b>2.jpg", JPEG)]]
    await page.reload()
    await expect(page.locator(".cb-own .cb-file")).to_have_text(["📎 墙 1.jpg", "📎 <b>2.jpg"], timeout=TIMEOUT_MS)


async def test_a_file_is_dropped_or_pasted_and_needs_no_words(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk, size=DESKTOP, touch=False, locale="en-GB")
    await page.evaluate(BRINGS, [".cb-log", "dragover", "statement.pdf", ""])
    await expect(page.locator(".cb-dropping")).to_have_count(1)
    await page.evaluate(BRINGS, [".cb-log", "drop", "statement.pdf", ""])
    await page.evaluate(BRINGS, [".cb-input", "paste", "shot.pdf", ""])
    await page.evaluate(BRINGS, [".cb-input", "paste", "of-copied-words.pdf", "words"])  # which are pasted as words
    await expect(page.locator(".cb-item-done .cb-item-name")).to_have_text(
        ["statement.pdf", "shot.pdf"], timeout=TIMEOUT_MS
    )
    await expect(page.locator(".cb-dropping")).to_have_count(0)
    await page.get_by_role("button", name="Remove shot.pdf").click()
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".cb-own .cb-file")).to_have_text(["📎 statement.pdf"], timeout=TIMEOUT_MS)
    await expect(page.locator(".cb-pending")).to_have_count(0, timeout=TIMEOUT_MS)
    assert await desk.files() == [[("statement.pdf", b"%PDF-1.7 statement.pdf")]]


async def test_what_is_not_taken_says_why_in_the_readers_language(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    chosen = [
        photo("large.jpg", bytes(MAX_FILE + 1)),
        photo("empty.jpg", b""),
        photo("page.jpg", b"<!doctype html><script>alert(1)</script>"),
        *(photo(f"{number}.jpg") for number in range(10)),
    ]
    await page.set_input_files(".cb-chooser", chosen)
    bad = page.locator(".cb-item-bad .cb-item-says")
    too_large, empty, most = (
        "文件太大，没有上传：每个不超过 3 MB",
        "这是空文件，没有上传",
        "一次最多 10 个文件，多出来的请下一条再发",
    )
    kind = "这种文件可能运行程序，不能接收；请改发照片、视频、录音或 PDF"
    await expect(bad).to_have_text([too_large, empty, kind, most], timeout=TIMEOUT_MS)
    await page.locator(".cb-language").click()
    await expect(bad.first).to_have_text("Too large, not uploaded: 3 MB at most")
    await expect(page.locator(".cb-item-done")).to_have_count(9, timeout=TIMEOUT_MS)
    await page.locator(".cb-send").tap()
    await expect(page.locator(".cb-own .cb-file")).to_have_count(9, timeout=TIMEOUT_MS)
    await expect(bad).to_have_count(4)  # what was not taken stays in sight
    await expect(page.locator(".cb-pending")).to_have_count(0, timeout=TIMEOUT_MS)  # what was said has reached the desk
    assert [len(files) for files in await desk.files()] == [9]
    [refused] = browser.errors  # the browser's own word about the one that only the server could know
    assert "415" in refused
    browser.errors.clear()


async def test_a_file_without_a_line_waits_for_it_and_words_wait_for_the_file(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await desk.close()
    await expect(page.locator(".cb-notice")).to_contain_text("正在重连", timeout=TIMEOUT_MS)
    await page.set_input_files(".cb-chooser", [photo("1.jpg")])
    await expect(page.locator(".cb-item-says")).to_have_text("没有连接，接通后自动上传")
    await says(page, "看照片")
    await expect(page.locator("textarea")).to_have_value("看照片")
    await desk.open()
    await sees(page, "看照片")
    await expect(page.locator(".cb-pending")).to_have_count(0, timeout=TIMEOUT_MS)
    assert await desk.files() == [[("1.jpg", JPEG)]]


async def test_an_upload_that_breaks_off_is_tried_again_by_a_tap(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await page.route("**/chat/files", lambda route: route.abort())
    await page.set_input_files(".cb-chooser", [photo("1.jpg")])
    await expect(page.locator(".cb-item-says")).to_have_text("没有传完：连接断了", timeout=TIMEOUT_MS)
    await expect(page.locator(".cb-send")).to_be_disabled()
    await page.unroute("**/chat/files")
    await page.get_by_role("button", name="重试").tap()
    await expect(page.locator(".cb-item-done")).to_have_count(1, timeout=TIMEOUT_MS)
    browser.errors[:] = [error for error in browser.errors if "ERR_FAILED" not in error]


async def test_what_an_upload_does_is_shown_while_it_does(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await page.evaluate(
        """() => {
          window.shares = [];
          const all = { subtree: true, childList: true, characterData: true, attributes: true };
          new MutationObserver(() => {
            const bar = document.querySelector("progress");
            if (bar && !bar.hidden) window.shares.push(document.querySelector(".cb-item-says").textContent);
          }).observe(document.querySelector(".cb-tray"), all);
        }"""
    )
    await page.set_input_files(".cb-chooser", [photo("1.jpg", JPEG + bytes(2_000_000))])
    await expect(page.locator(".cb-item-done")).to_have_count(1, timeout=TIMEOUT_MS)
    shares = [int(re.fullmatch(r"正在上传 (\d+)%", says)[1]) for says in await page.evaluate("shares")]  # type: ignore[index]
    assert shares[0] == 0
    assert shares[-1] > 0
    assert shares == sorted(shares)


async def test_a_message_whose_file_was_not_kept_says_so_and_gives_the_words_back(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await page.set_input_files(".cb-chooser", [photo("1.jpg")])
    await expect(page.locator(".cb-item-done")).to_have_count(1, timeout=TIMEOUT_MS)
    for file in desk.on_disk():
        file.unlink()
    await says(page, "看照片")
    await expect(page.locator(".cb-refused .cb-why")).to_have_text(
        "文件放得太久，没有保留下来。请重新添加后再发。", timeout=TIMEOUT_MS
    )
    await expect(page.locator("textarea")).to_have_value("看照片")
    assert desk.intake.messages == []


async def test_a_file_of_any_size_is_saved_by_a_tap(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    place = desk.folder / "ab" / ("ab" * 16)
    place.parent.mkdir()
    place.write_bytes(JPEG * 5)
    file = Attachment("<i>漏水.jpg", "image/jpeg", size=len(JPEG) * 5, handle=f"ab/{place.name}")
    address = conversation_of(await page.evaluate("localStorage['complaintbot.secret']"))
    await desk.connector.send(OutgoingMessage("k1", address, "附件 1 个", attachments=(file,)))
    link = page.get_by_role("button", name="📎 <i>漏水.jpg")
    async with page.expect_download(timeout=TIMEOUT_MS) as download:
        await link.tap()
    got = await download.value
    assert got.suggested_filename.endswith("漏水.jpg")
    assert _content(await got.path()) == JPEG * 5
    place.unlink()  # forgotten
    await link.tap()
    await expect(page.locator(".cb-file")).to_have_text("📎 <i>漏水.jpg (文件已不再保留)", timeout=TIMEOUT_MS)
    browser.errors[:] = [error for error in browser.errors if "404" not in error]


async def test_where_no_files_are_taken_there_is_no_button(browser: Browser, desk: Desk) -> None:
    page = await opened(browser, desk)
    await expect(page.locator(".cb-attach")).to_be_visible()
    await desk.close()
    desk.takes_files = False
    await desk.open()
    await expect(page.locator("#phone[data-state=online]")).to_be_visible(timeout=TIMEOUT_MS)
    await expect(page.locator(".cb-attach")).to_be_hidden()


def _content(file: Path) -> bytes:
    return file.read_bytes()
