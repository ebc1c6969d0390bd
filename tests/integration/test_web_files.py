"""Files through the whole service by web chat: a customer's photo to the assignee, and the assignee's evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.positions import without_position
from bot.storage.files import FETCHED
from bot.storage.models import FileRow
from tests.fakes import until
from tests.story.stage import Person, WebStage, _secret, stage_on
from tests.unit.bot.test_positions import TAKEN_SOMEWHERE
from tests.unit.connectors.wire import TIMEOUT_S, wired

LI = Person("李娜", "Nora Lee")
ZHANG = Person("张伟", "Tom Hill", "处理人", "王芳")
WANG = Person("王芳", "Ann Ward", "坐席")
PHOTO = TAKEN_SOMEWHERE["jpeg"] + bytes(100_000)  # more than a line holds


async def test_a_photo_goes_to_the_assignee_and_evidence_comes_back(tmp_path: Path) -> None:
    async with stage_on("zh", tmp_path, "", None) as stage:
        assert isinstance(stage, WebStage)
        await stage.employs(tmp_path, WANG, ZHANG)
        folder = stage.app.settings.files_dir
        await sends(stage, LI, "c-1", "4栋1202墙上漏水三天没人管，13712345678", PHOTO, "漏水.jpg", "image/jpeg")
        await kept(stage, 1)
        [row] = await stage.books.rows(FileRow)
        assert (row.name, row.type, row.reference) == ("漏水.jpg", "image/jpeg", (await stage.case()).reference)
        assert (folder / row.path).read_bytes() == without_position(PHOTO) != PHOTO
        assert [path for path in (folder / "uploads").rglob("*") if path.is_file()] == []  # kept twice by nobody
        assert "漏水.jpg" in await stage.hears(ZHANG)
        assert await saved(stage, ZHANG, "漏水.jpg") == without_position(PHOTO)
        await stage.says(ZHANG, "接单 0001", "")
        await sends(stage, ZHANG, "z-1", "", b"%PDF-1.7 signed", "签字.pdf", "application/pdf")
        await kept(stage, 2)
        complaint = await stage.case()
        assert {row.reference for row in await stage.books.rows(FileRow)} == {complaint.reference}


async def sends(stage: WebStage, who: Person, id: str, text: str, data: bytes, name: str, type_: str) -> None:
    """Let somebody add a file in the page and say something, or nothing, with it."""
    url = f"http://127.0.0.1:{stage.app.port}"
    headers = {
        "Origin": url,
        "Authorization": f"Bearer {_secret(who)}",
        "X-File-Name": quote(name),
        "Content-Type": type_,
    }
    async with aiohttp.ClientSession(url) as session:
        async with session.post("/chat/files", data=data, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            file = {"id": (await answer.json())["id"], "name": name, "type": type_}
        for _ in range(2):  # as a page does that heard no answer
            async with wired(f"{url}/chat/socket") as wire:
                await wire.hello(_secret(who), locale=stage.locale)
                await wire.send(type="say", id=id, text=text, locale=stage.locale, files=[file])
                while (heard := await wire.ws.receive_json(timeout=TIMEOUT_S))["type"] == "line":
                    pass
                assert heard["type"] == "stored", heard
    await stage.quiet()


async def kept(stage: WebStage, count: int) -> None:
    async def fetched() -> bool:
        return [row.state for row in await stage.books.rows(FileRow)] == [FETCHED] * count

    await until(fetched, f"{count} files are kept")
    await stage.quiet()


async def saved(stage: WebStage, who: Person, name: str) -> bytes:
    """Let somebody open a file that a line shows them; return what is in it."""
    url, lines = f"http://127.0.0.1:{stage.app.port}", list[Any]()
    async with wired(f"{url}/chat/socket") as wire:
        lines += (await wire.hello(_secret(who)))["log"]
    [(seq, position)] = [
        (line["seq"], at) for line in lines for at, file in enumerate(line.get("files", ())) if file["name"] == name
    ]
    headers = {"Authorization": f"Bearer {_secret(who)}"}
    async with (
        aiohttp.ClientSession(url) as session,
        session.get(f"/chat/files/{seq}/{position}", headers=headers) as answer,
    ):
        assert answer.status == 200
        return await answer.read()
