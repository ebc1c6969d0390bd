"""The core's files in a line: to whoever holds the conversation's secret, to be saved, as long as they are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from connectors.port import Attachment, OutgoingMessage
from connectors.web import WebChatConnector, WebChatSettings, conversation_of
from tests.fakes import LocalServer, MemoryIntake, MemoryLog, listening
from tests.unit.connectors.wire import wired

SECRET, OTHER = "s" * 32, "o" * 32
ADDRESS = conversation_of(SECRET)
PLACE = "ab/" + "ab" * 16
DATA = b"\xff\xd8\xff" + bytes(range(256)) * 1000


class Desk:
    """A web chat over a folder with one file, and somebody who asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = folder / PLACE
        self.place.parent.mkdir(parents=True)
        self.place.write_bytes(DATA)
        self.log = MemoryLog()
        settings = WebChatSettings(allowed_origins=("https://www.example.com",))
        self.connector = WebChatConnector(settings, self.log, kept=folder)
        self.server = LocalServer(self.connector.routes)

    async def shows(self, *handles: str, name: str = "漏水 1.jpg") -> int:
        """Send a line with files; return its number."""
        files = tuple(Attachment(name, "text/html", size=len(DATA), handle=handle) for handle in handles)
        sent = await self.connector.send(OutgoingMessage(f"k{handles}", ADDRESS, "附件", attachments=files))
        return int(sent.external_id)

    async def asks(
        self, path: str, secret: str | None = SECRET, **headers: str
    ) -> tuple[int, bytes, aiohttp.ClientResponse]:
        if secret is not None:
            headers["Authorization"] = f"Bearer {secret}"
        async with aiohttp.ClientSession(self.server.url) as session, session.get(path, headers=headers) as answer:
            return answer.status, await answer.read(), answer


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "files")
    await desk.server.start()
    yield desk
    await desk.connector.close()
    await desk.server.stop()


async def test_whoever_holds_the_secret_saves_the_file(desk: Desk) -> None:
    seq = await desk.shows(PLACE)
    status, data, answer = await desk.asks(f"/chat/files/{seq}/0")
    assert (status, data) == (200, DATA)
    assert answer.headers["Content-Type"] == "application/octet-stream"  # whatever it is called, it is no page of ours
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E6%BC%8F%E6%B0%B4%201.jpg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("secret", "status"), [(None, 401), ("", 401), ("short", 401), (OTHER, 404)])
async def test_nobody_else_does(desk: Desk, secret: str | None, status: int) -> None:
    seq = await desk.shows(PLACE)
    found, data, _ = await desk.asks(f"/chat/files/{seq}/0", secret)
    assert found == status
    assert DATA[:3] not in data


@pytest.mark.parametrize(
    "handle", ["../decoy", "{folder}/decoy", f"{PLACE}/../../../decoy", "uploads/x", f"{PLACE}\n", "ab/.."]
)
async def test_a_line_leads_nowhere_but_to_the_files(desk: Desk, tmp_path: Path, handle: str) -> None:
    (tmp_path / "decoy").write_bytes(b"not theirs")
    seq = await desk.shows(handle.format(folder=tmp_path))
    status, data, _ = await desk.asks(f"/chat/files/{seq}/0")
    assert (status, data) == (404, b"There is no such file.\n")


async def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    seq = await desk.shows(PLACE)
    await desk.log.append("web", ADDRESS, "in:m-1", outgoing=False, text="", files=(Attachment("a", "", handle=PLACE),))
    for path in (f"{seq}/1", f"{seq + 1}/0", f"{seq + 2}/0", "0/0", f"{seq}/0/", f"{seq}/-1", "999999999999999/0"):
        assert (await desk.asks(f"/chat/files/{path}"))[0] == 404, path
    desk.place.unlink()  # forgotten meanwhile
    status, data, _ = await desk.asks(f"/chat/files/{seq}/0")
    assert (status, data) == (404, b"This file is not kept any more.\n")


async def test_a_line_tells_what_it_shows_and_not_where_that_lies(desk: Desk) -> None:
    seq = await desk.shows(PLACE)
    async with listening(desk.connector, MemoryIntake()), wired(f"{desk.server.url}/chat/socket") as wire:
        [line] = (await wire.hello(SECRET))["log"]
    assert line["seq"] == seq
    assert line["files"] == [{"name": "漏水 1.jpg", "type": "text/html", "size": len(DATA)}]
    assert desk.connector.capabilities.shows_files
    assert not WebChatConnector(WebChatSettings(), MemoryLog()).capabilities.shows_files


async def test_a_page_that_may_is_answered_so_that_its_browser_lets_it(desk: Desk) -> None:
    seq = await desk.shows(PLACE)
    _, _, answer = await desk.asks(f"/chat/files/{seq}/0", Origin="https://www.example.com")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://www.example.com"
    _, _, answer = await desk.asks(f"/chat/files/{seq}/0", Origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in answer.headers
