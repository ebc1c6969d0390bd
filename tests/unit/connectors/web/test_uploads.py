"""Files from the page: bounded before they are read, known by their bytes, their sender's alone, said once and never lost."""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import stat
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from bot.contents import accepted
from connectors.port import Attachment, Content, WillNotDeliver
from connectors.web import UploadRules, WebChatConnector, WebChatSettings, conversation_of
from connectors.web.uploads import MOST, Uploads
from tests.fakes import LocalServer, MemoryIntake, MemoryLog, eventually, listening
from tests.unit.connectors.wire import Frame, wired

SECRET, OTHER = "s" * 32, "o" * 32
ADDRESS = conversation_of(SECRET)
MAX = 200_000
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20


class Page:
    """A web chat that takes files, and a browser in front of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "uploads"
        self.rules = UploadRules(
            directory=self.folder, max_bytes=MAX, bytes_a_day=50 * MAX, least_free=0, judge=accepted,
            conversation_burst=1000, address_burst=1000,
        )  # fmt: skip
        self.settings = WebChatSettings(allowed_origins=("https://www.example.com",), conversation_burst=1000)
        self.intake, self.log = MemoryIntake(), MemoryLog()

    async def __aenter__(self) -> Page:
        self.connector = WebChatConnector(self.settings, self.log, uploads=self.rules)
        self.server = LocalServer(self.connector.routes)
        await self.server.start()
        self._listening = listening(self.connector, self.intake)
        await self._listening.__aenter__()
        self.session = aiohttp.ClientSession(self.server.url)
        return self

    async def __aexit__(self, *args: object) -> None:
        await self.session.close()
        await self._listening.__aexit__(None, None, None)
        await self.server.stop()

    async def sends(
        self, data: object, name: str = "a.jpg", type_: str = "image/jpeg", secret: str | None = SECRET, **headers: str
    ) -> tuple[int, Frame]:
        """Upload something; return the status and what was answered."""
        more = {"Origin": self.server.url, "X-File-Name": quote(name), "Content-Type": type_} | headers
        if secret is not None:
            more["Authorization"] = f"Bearer {secret}"
        async with self.session.post("/chat/files", data=data, headers=more) as answer:
            return answer.status, await answer.json()

    async def sent(self, data: bytes = JPEG, name: str = "a.jpg", type_: str = "image/jpeg") -> Frame:
        """Upload something that is taken; return how a message names it."""
        status, answer = await self.sends(data, name, type_)
        assert status == 201, answer
        return {"id": answer["id"], "name": name, "type": type_}

    async def says(self, message_id: str, text: str, files: Iterable[object], secret: str = SECRET) -> Frame:
        """Say something; return the frame that answers it."""
        async with wired(f"{self.server.url}/chat/socket") as wire:
            welcome = await wire.hello(secret)
            seen = max((line["seq"] for line in welcome["log"]), default=0)
            await wire.say(message_id, text, files=list(files))
            answer: Frame = await wire.ws.receive_json(timeout=10)
            assert answer["type"] != "line", (seen, answer)
            return answer

    async def fetched(self, number: int = 0) -> list[bytes]:
        """Return the files of a message as the core gets them."""
        incoming = self.connector.parse(self.intake.messages[number])
        return [await self.connector.fetch(each, max_bytes=MAX) for each in incoming.attachments]

    @property
    def uploads(self) -> Uploads:
        uploads = self.connector._uploads
        assert uploads is not None
        return uploads

    def at(self, now: float) -> None:
        """Let it be that moment."""
        self.now = now
        self.uploads._now = lambda: now

    def on_disk(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


class MemoryTally:
    """Counts for all processes of a test."""

    def __init__(self) -> None:
        self.counted = Counter[str]()
        self.fails = False

    async def count(self, more: Mapping[str, int]) -> Mapping[str, int]:
        if self.fails:
            raise ConnectionError("the database is gone")
        self.counted.update(more)
        return {name: self.counted[name] for name in more}

    async def forget(self, before: str) -> None:
        for name in [name for name in self.counted if name < before]:
            del self.counted[name]


@asynccontextmanager
async def processes(folder: Path, **rules: Any) -> AsyncIterator[tuple[Page, Page]]:
    """Two processes that share a folder, at the beginning of a day."""
    one, two = Page(folder), Page(folder)
    one.rules = two.rules = replace(one.rules, **rules)
    async with one, two:
        for page in (one, two):
            page.at(20_000 * 86400.0)
        yield one, two


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    async with Page(tmp_path) as page:
        yield page


async def in_pieces(data: bytes, size: int = 4096) -> AsyncIterator[bytes]:
    """As a chunked body, whose length nobody announces."""
    for at in range(0, len(data), size):
        yield data[at : at + size]


class TestTheWayThrough:
    async def test_a_photo_reaches_the_core_with_the_words(self, page: Page) -> None:
        photo = await page.sent()
        answer = await page.says("m-1", "墙上全是水", [photo])
        assert answer["type"] == "stored"
        incoming = page.connector.parse(page.intake.messages[0])
        assert (incoming.text, incoming.content) == ("墙上全是水", Content.PHOTO)
        [file] = incoming.attachments
        assert (file.name, file.type, file.size, file.data) == ("a.jpg", "image/jpeg", len(JPEG), None)
        assert await page.fetched() == [JPEG]

    async def test_files_need_no_words_and_stand_in_the_log_by_name(self, page: Page) -> None:
        pdf = await page.sent(b"%PDF-1.7 signed", "签字.pdf", "application/pdf")
        await page.says("m-1", "  ", [pdf, await page.sent()])
        incoming = page.connector.parse(page.intake.messages[0])
        assert (incoming.text, incoming.content) == ("", Content.DOCUMENT)
        assert await page.fetched() == [b"%PDF-1.7 signed", JPEG]
        async with wired(f"{page.server.url}/chat/socket") as wire:
            [line] = (await wire.hello(SECRET))["log"]
        assert line["files"] == [
            {"name": "签字.pdf", "type": "application/pdf", "size": 15},
            {"name": "a.jpg", "type": "image/jpeg", "size": len(JPEG)},
        ]

    async def test_the_page_is_told_what_is_taken(self, page: Page) -> None:
        async with wired(f"{page.server.url}/chat/socket") as wire:
            assert (await wire.hello(SECRET))["files"] == {"most": MOST, "max_bytes": MAX}
        assert page.connector.capabilities.attachments

    async def test_where_none_are_taken_there_is_no_such_page(self) -> None:
        connector = WebChatConnector(WebChatSettings(), MemoryLog())
        server = LocalServer(connector.routes)
        await server.start()
        async with listening(connector, MemoryIntake()), aiohttp.ClientSession(server.url) as session:
            async with session.post("/chat/files", data=JPEG) as answer:
                assert answer.status == 404
            async with wired(f"{server.url}/chat/socket") as wire:
                assert "files" not in await wire.hello(SECRET)
                await wire.say("m-1", "看", files=[{"id": "0" * 32, "name": "a", "type": ""}])
                assert (await wire.hears("refused"))["reason"] == "not_understood"
        with pytest.raises(WillNotDeliver):
            await connector.fetch(Attachment("a", "", handle="x"), max_bytes=1)
        await server.stop()

    async def test_what_the_core_has_is_not_left_here(self, page: Page) -> None:
        await page.says("m-1", "看", [await page.sent()])
        [file] = page.connector.parse(page.intake.messages[0]).attachments
        await page.connector.let_go(file.handle)
        await page.connector.let_go(file.handle)
        assert page.on_disk() == []
        with pytest.raises(WillNotDeliver, match="gone"):
            await page.fetched()

    async def test_a_large_file_is_never_whole_in_memory(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("connectors.web.uploads._CHUNK", 10_000)
        largest = 0
        real = aiohttp.StreamReader.read

        async def read(stream: aiohttp.StreamReader, n: int = -1) -> bytes:
            nonlocal largest
            assert 0 < n <= 10_000
            chunk = await real(stream, n)
            largest = max(largest, len(chunk))
            return chunk

        monkeypatch.setattr(aiohttp.StreamReader, "read", read)
        async with page.session.post(
            "/chat/files",
            data=JPEG * 30,
            headers={"Origin": page.server.url, "Authorization": f"Bearer {SECRET}", "X-File-Name": "a.jpg"},
        ) as answer:
            assert answer.status == 201
        assert 0 < largest <= 10_000
        assert [path.read_bytes() for path in page.on_disk()] == [JPEG * 30]


class TestOnce:
    async def test_said_again_it_is_one_message_with_one_file(self, page: Page) -> None:
        photo = await page.sent()
        first = await page.says("m-1", "漏水", [photo])
        again = await page.says("m-1", "漏水", [photo])
        assert first == again
        assert len(page.intake.messages) == 1
        assert await page.fetched() == [JPEG]

    async def test_said_again_after_the_core_took_the_file_it_is_acknowledged(self, page: Page) -> None:
        photo = await page.sent()
        page.log.down = True  # the inbox takes it, the page hears nothing
        async with wired(f"{page.server.url}/chat/socket") as wire:
            page.log.down = False
            await wire.hello(SECRET)
            page.log.down = True
            await wire.say("m-1", "", files=[photo])
            assert await wire.closed_with() == 1013
        page.log.down = False
        [file] = page.connector.parse(page.intake.messages[0]).attachments
        await page.connector.let_go(file.handle)
        assert (await page.says("m-1", "", [photo]))["type"] == "stored"
        assert len(page.intake.messages) == 1

    async def test_a_file_goes_with_one_message_only(self, page: Page) -> None:
        photo = await page.sent()
        await page.says("m-1", "一", [photo])
        answer = await page.says("m-2", "二", [photo])
        assert (answer["type"], answer["reason"], answer["id"]) == ("refused", "file_gone", "m-2")
        assert [page.connector.parse(raw).text for raw in page.intake.messages] == ["一"]

    async def test_what_cannot_be_stored_is_said_again_with_its_file(self, page: Page) -> None:
        photo = await page.sent()
        page.intake.down = True
        async with wired(f"{page.server.url}/chat/socket") as wire:
            await wire.hello(SECRET)
            await wire.say("m-1", "漏水", files=[photo])
            assert await wire.closed_with() == 1013
        page.intake.down = False
        assert (await page.says("m-1", "漏水", [photo]))["type"] == "stored"
        assert await page.fetched() == [JPEG]

    async def test_a_claim_cut_off_half_way_is_gone_on_with(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        photos = [await page.sent(JPEG + b"1"), await page.sent(JPEG + b"2")]
        real, calls = os.replace, 0

        def dies(*args: Path) -> None:
            nonlocal calls
            calls += 1
            if calls == 2:
                raise OSError("the power is gone")
            real(*args)

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", dies)
            async with wired(f"{page.server.url}/chat/socket") as wire:
                await wire.hello(SECRET)
                await wire.say("m-1", "漏水", files=photos)
                assert await wire.closed_with() == 1013
        assert page.intake.messages == []
        assert (await page.says("m-1", "漏水", photos))["type"] == "stored"
        assert await page.fetched() == [JPEG + b"1", JPEG + b"2"]


class TestStrangers:
    async def test_the_file_of_another_is_not_there(self, page: Page) -> None:
        photo = await page.sent()
        answer = await page.says("m-1", "那是我的", [photo], secret=OTHER)
        assert (answer["type"], answer["reason"]) == ("refused", "file_gone")
        assert page.intake.messages == []
        assert (await page.says("m-1", "这是我的", [photo]))["type"] == "stored"

    @pytest.mark.parametrize("secret", [None, "", "short", "s" * 31 + "!", "s" * 129])
    async def test_without_a_secret_nothing_is_read(self, page: Page, secret: str | None) -> None:
        assert await page.sends(JPEG, secret=secret) == (401, {"reason": "bad_secret"})
        assert page.on_disk() == []

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
    async def test_no_strange_page_sends_with_a_visitors_browser(self, page: Page, origin: str) -> None:
        assert await page.sends(JPEG, Origin=origin) == (403, {"reason": "origin"})
        async with page.session.options("/chat/files", headers={"Origin": origin}) as answer:
            assert "Access-Control-Allow-Origin" not in answer.headers

    async def test_a_page_that_may_is_answered_so_that_its_browser_lets_it(self, page: Page) -> None:
        ours = {"Origin": "https://www.example.com"}
        async with page.session.options("/chat/files", headers=ours) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == ours["Origin"]
            assert "x-file-name" in answer.headers["Access-Control-Allow-Headers"]
        status, _ = await page.sends(JPEG, **ours)
        assert status == 201

    async def test_what_was_sent_is_served_to_nobody(self, page: Page) -> None:
        photo = await page.sent()
        for path in (f"/chat/files/{photo['id']}", f"/chat/files/{ADDRESS}/{photo['id']}", "/chat/files"):
            async with page.session.get(path, headers={"Authorization": f"Bearer {SECRET}"}) as answer:
                assert answer.status in (404, 405)

    @pytest.mark.parametrize("name", ["../../x.jpg", "/nowhere/x.jpg", "..\\x.jpg", "a\0b\n\r.jpg", "x" * 5000, ""])
    async def test_no_name_is_a_path(self, page: Page, name: str) -> None:
        photo = await page.sent(name=name[:900])
        await page.says("m-1", "看", [photo | {"name": name[:400]}])
        [path] = page.on_disk()
        assert path.resolve().is_relative_to((page.folder / ADDRESS).resolve())
        assert path.name == photo["id"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(page.folder.stat().st_mode) == 0o700
        [file] = page.connector.parse(page.intake.messages[0]).attachments
        assert file.name.isprintable()
        assert 0 < len(file.name) <= 200

    @pytest.mark.parametrize("id_", ["../" + "0" * 29, "0" * 31, "0" * 33, "g" * 32, "", "a/b", f"{'0' * 32}.part"])
    async def test_no_id_is_a_path(self, page: Page, id_: str) -> None:
        answer = await page.says("m-1", "看", [{"id": id_, "name": "a", "type": ""}])
        assert answer["reason"] in ("file_gone", "not_understood")
        assert page.intake.messages == []

    @pytest.mark.parametrize(
        "handle", ["", "{folder}/decoy", "../decoy", "{address}/../../decoy", "{address}/{id}.said/{id}\n"]
    )
    async def test_no_handle_is_a_path(self, page: Page, tmp_path: Path, handle: str) -> None:
        """Only a decoy lies outside: a guard that fails must not cost the machine a file of its own."""
        decoy = tmp_path / "decoy"
        decoy.write_bytes(b"not theirs")
        await page.sent()
        handle = handle.format(folder=tmp_path, address=ADDRESS, id="0" * 32)
        await page.connector.let_go(handle)
        assert decoy.read_bytes() == b"not theirs"
        with pytest.raises(WillNotDeliver, match="no file of ours"):
            await page.connector.fetch(Attachment("a", "", handle=handle), max_bytes=MAX)

    @pytest.mark.parametrize(
        "files",
        [
            "x", 7, {}, [7], [{}], [{"id": "0" * 32}], [{"id": "0" * 32, "name": 7, "type": ""}],
            [{"id": "0" * 32, "name": "x" * 600, "type": ""}], [{"id": "0" * 32, "name": "a", "type": ""}] * 2,
            [{"id": f"{n:032x}", "name": "a", "type": ""} for n in range(MOST + 1)],
        ],
    )  # fmt: skip
    async def test_what_no_page_would_say_is_not_understood(self, page: Page, files: object) -> None:
        async with wired(f"{page.server.url}/chat/socket") as wire:
            await wire.hello(SECRET)
            await wire.say("m-1", "看", files=files)
            assert (await wire.hears("refused"))["reason"] == "not_understood"


class TestLimits:
    async def test_too_large_by_its_own_word_is_not_read(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Uploads, "_next", None)  # whoever reads falls over
        assert await page.sends(b"x" * (MAX + 1)) == (413, {"reason": "too_large"})

    async def test_too_large_without_a_word_is_cut_off(self, page: Page) -> None:
        assert await page.sends(in_pieces(JPEG + b"x" * MAX)) == (413, {"reason": "too_large"})
        assert page.on_disk() == []
        status, answer = await page.sends(in_pieces(JPEG))
        assert (status, answer["size"]) == (201, len(JPEG))

    async def test_the_largest_that_is_taken(self, page: Page) -> None:
        data = JPEG + b"x" * (MAX - len(JPEG))
        assert (await page.sends(data))[0] == 201

    async def test_nothing_is_no_file(self, page: Page) -> None:
        assert await page.sends(b"") == (400, {"reason": "empty"})
        assert await page.sends(in_pieces(b"")) == (400, {"reason": "empty"})

    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
    async def test_what_would_unfold_on_its_way_is_not_read(self, page: Page, encoding: str) -> None:
        bomb = gzip.compress(bytes(10_000_000)) if encoding == "gzip" else zlib.compress(bytes(10_000_000))
        connection = page.session
        headers = {"Origin": page.server.url, "Authorization": f"Bearer {SECRET}", "Content-Encoding": encoding}
        async with connection.post("/chat/files", data=bomb if encoding != "br" else b"x", headers=headers) as answer:
            assert answer.status in (400, 415)  # 400: the server itself cannot read it
        assert page.on_disk() == []

    async def test_a_bomb_that_is_called_a_picture_stays_as_small_as_it_came(self, page: Page) -> None:
        """Nothing is unpacked or decoded: a picture of 50,000 by 50,000 dots is the few bytes that it is."""
        header = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
        packed = b"IDAT" + zlib.compress(bytes(5_000_000), 9)
        chunks = [
            (len(c) - 4).to_bytes(4, "big") + c + zlib.crc32(c).to_bytes(4, "big") for c in (header, packed, b"IEND")
        ]
        bomb = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
        status, answer = await page.sends(bomb, "a.png", "image/png")
        assert (status, answer["size"], answer["type"]) == (201, len(bomb), "image/png")
        zipped = b"PK\x03\x04" + b"\0" * 5000
        status, answer = await page.sends(zipped, "photo.jpg", "image/jpeg")
        assert (status, answer["type"]) == (201, "application/zip")
        assert sum(path.stat().st_size for path in page.on_disk()) == len(bomb) + len(zipped)

    @pytest.mark.parametrize(
        ("data", "name", "type_"),
        [
            pytest.param(b"<!doctype html><script>alert(1)</script>", "photo.jpg", "image/jpeg", id="html as a photo"),
            pytest.param(b"<html>" + b" " * 5000, "a.html", "text/html", id="html"),
            pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "a.svg", "image/svg+xml", id="svg"),
            pytest.param(b"<?xml version='1.0'?><svg/>", "a.png", "image/png", id="svg as a picture"),
            pytest.param(b"MZ\x90\0" + bytes(2000), "合同.pdf", "application/pdf", id="program as a contract"),
            pytest.param(b"#!/bin/sh\nrm -rf ~", "a.txt", "text/plain", id="script"),
            pytest.param(b"harmless", "a.exe", "text/plain", id="what it is called"),
            pytest.param(b"PK\x03\x04" + bytes(200), "a.docm", "application/zip", id="macros"),
        ],
    )  # fmt: skip
    async def test_what_could_run_is_not_taken(self, page: Page, data: bytes, name: str, type_: str) -> None:
        assert await page.sends(data, name, type_) == (415, {"reason": "kind"})
        assert page.on_disk() == []

    async def test_a_byte_at_a_time_it_is_judged_the_same(self, page: Page) -> None:
        assert await page.sends(in_pieces(b"<!doctype html><script>", 1), "a.jpg") == (415, {"reason": "kind"})

    async def test_a_harmless_file_that_a_message_calls_a_program_is_of_no_kind(self, page: Page) -> None:
        photo = await page.sent(b"plain words", "a.txt", "text/plain")
        await page.says("m-1", "看", [photo | {"name": "a.exe", "type": "text/html"}])
        [file] = page.connector.parse(page.intake.messages[0]).attachments
        assert (file.name, file.type) == ("a.exe", "application/octet-stream")

    async def test_who_sends_too_fast_waits(self, tmp_path: Path) -> None:
        page = Page(tmp_path)
        page.rules = replace(page.rules, conversation_burst=2, address_burst=3)
        async with page:
            statuses = [(await page.sends(JPEG))[0] for _ in range(3)]
            assert statuses == [201, 201, 429]
            status, answer = await page.sends(JPEG)
            assert (status, answer["reason"]) == (429, "too_fast")
            assert answer["retry_after_s"] > 0
            assert (await page.sends(JPEG, secret=OTHER))[0] == 201  # another, from the same address
            assert (await page.sends(JPEG, secret="t" * 32))[0] == 429  # which has had its share, too

    async def test_a_network_of_ipv6_has_the_share_of_one_address(self, tmp_path: Path) -> None:
        page = Page(tmp_path)
        page.rules = replace(page.rules, address_burst=1)
        page.settings = replace(page.settings, proxies=1)
        async with page:
            for host, secret, status in (("2::1", SECRET, 201), ("2::2", OTHER, 429), ("3::1", OTHER, 201)):
                passed_on = {"X-Forwarded-For": f"2001:db8:1:{host}"}
                assert (await page.sends(JPEG, secret=secret, **passed_on))[0] == status, host

    async def test_nobody_sends_without_end_in_a_day(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        page = Page(tmp_path)
        page.rules = replace(page.rules, bytes_a_day=3 * len(JPEG))
        async with page:
            assert [(await page.sends(JPEG))[0] for _ in range(3)] == [201, 201, 201]
            assert await page.sends(JPEG) == (429, {"reason": "too_much"})
            assert await page.sends(in_pieces(JPEG)) == (429, {"reason": "too_much"})
            with monkeypatch.context() as patched:
                patched.setattr(Uploads, "_next", None)  # whoever reads falls over
                assert await page.sends(JPEG) == (429, {"reason": "too_much"})
            assert len(page.on_disk()) == 3
            others = [await page.sends(JPEG, secret=f"{n}" * 32) for n in range(10)]
            assert [status for status, _ in others] == [201] * 9 + [429]  # the address has four shares

    async def test_who_goes_from_process_to_process_gets_no_more(self, tmp_path: Path) -> None:
        tally = MemoryTally()
        rules = {"conversation_burst": 3, "address_burst": 5, "tally": tally}
        async with processes(tmp_path, **rules) as (one, two):
            assert [(await page.sends(JPEG))[0] for page in (one, two, one)] == [201] * 3
            status, answer = await two.sends(JPEG)
            assert (status, answer["reason"]) == (429, "too_fast")
            assert 0 < answer["retry_after_s"] <= 60 * 3 / one.rules.conversation_per_minute
            assert (await two.sends(JPEG, secret=OTHER))[0] == 201
            assert (await one.sends(JPEG, secret="t" * 32))[0] == 429, "the address has had its share"
            for page in (one, two):
                page.at(page.now + answer["retry_after_s"])
            assert (await two.sends(JPEG))[0] == 201
        assert not any(ADDRESS in name or "127.0.0.1" in name for name in tally.counted)

    async def test_nor_more_bytes_in_a_day(self, tmp_path: Path) -> None:
        tally, large = MemoryTally(), JPEG + bytes(MAX - len(JPEG))
        async with processes(tmp_path, bytes_a_day=3 * MAX, tally=tally) as (one, two):
            assert [(await page.sends(large))[0] for page in (one, two)] == [201] * 2
            assert (await two.sends(in_pieces(large + b"x")))[0] == 413, "what was cut off came all the same"
            assert await one.sends(large) == (429, {"reason": "too_much"})
            assert await two.sends(large) == (429, {"reason": "too_much"})
            for page in (one, two):
                page.at(page.now + 86400)
            assert (await one.sends(large))[0] == 201

    async def test_what_counts_no_more_is_forgotten_and_what_cannot_be_counted_is_not_taken(
        self, tmp_path: Path
    ) -> None:
        tally = MemoryTally()
        async with processes(tmp_path, tally=tally) as (one, _):
            await one.sent()
            assert len(tally.counted) == 4
            tally.fails = True
            assert await one.sends(JPEG) == (503, {"reason": "busy", "retry_after_s": 10})
            tally.fails = False
            one.at(one.now + 3600)
            tidying = asyncio.create_task(one.uploads.keep_tidy())
            await eventually(lambda: len(tally.counted) == 2)  # those of the day are left
            tidying.cancel()
            assert (await one.sends(JPEG))[0] == 201

    async def test_a_nearly_full_disk_is_left_to_others(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        full = shutil.disk_usage(page.folder.parent)._replace(free=len(JPEG) - 1)
        with monkeypatch.context() as patched:
            patched.setattr(shutil, "disk_usage", lambda _: full)
            assert await page.sends(JPEG) == (507, {"reason": "no_room"})
            assert await page.sends(in_pieces(JPEG)) == (507, {"reason": "no_room"})
        assert (await page.sends(JPEG))[0] == 201

    async def test_a_disk_that_fails_is_no_fault_of_the_page(self, page: Page) -> None:
        page.folder.write_text("in the way")
        status, answer = await page.sends(JPEG)
        assert (status, answer["reason"]) == (503, "busy")
        page.folder.unlink()
        assert (await page.sends(JPEG))[0] == 201

    async def test_slow_ones_do_not_fill_all_places(self, page: Page) -> None:
        hold = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield JPEG
            await hold.wait()

        async with asyncio.TaskGroup() as tasks:
            slow_ones = [tasks.create_task(page.sends(slow())) for _ in range(3)]
            await eventually(lambda: len(page.on_disk()) == 3)
            assert await page.sends(JPEG) == (503, {"reason": "busy", "retry_after_s": 5})
            assert (await page.sends(JPEG, secret=OTHER))[0] == 201
            hold.set()
        assert [task.result()[0] for task in slow_ones] == [201, 201, 201]
        assert (await page.sends(JPEG))[0] == 201

    async def test_a_page_that_goes_away_leaves_nothing(self, page: Page) -> None:
        async def goes() -> AsyncIterator[bytes]:
            yield JPEG
            await eventually(lambda: len(page.on_disk()) == 1)
            raise ConnectionError("the lift doors closed")

        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await page.sends(goes())
        await eventually(lambda: page.on_disk() == [])

    async def test_a_line_that_brings_nothing_more_is_given_up(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("connectors.web.uploads._CHUNK_S", 0.05)
        hold = asyncio.Event()

        async def stalls() -> AsyncIterator[bytes]:
            yield JPEG
            await hold.wait()

        status, answer = await page.sends(stalls())
        hold.set()
        assert (status, answer["reason"]) == (408, "broken_off")
        assert page.on_disk() == []


class TestLeftBehind:
    """now: of the sweep; files carry the time of the machine."""

    async def test_what_no_message_named_goes_after_a_while(self, page: Page) -> None:
        named, forgotten = await page.sent(), await page.sent()
        await page.says("m-1", "看", [named])
        half = page.folder / ADDRESS / f"{'1' * 32}.part"
        half.write_bytes(b"half")
        assert self.later(page, 3600).sweep() == 0
        assert self.later(page, 3 * 3600).sweep() == 2
        assert [path.name for path in page.on_disk()] == [named["id"]]
        answer = await page.says("m-2", "还有", [forgotten])
        assert (answer["type"], answer["reason"]) == ("refused", "file_gone")
        assert await page.fetched() == [JPEG]

    async def test_what_a_message_named_waits_a_week_for_the_core(self, page: Page) -> None:
        await page.says("m-1", "看", [await page.sent()])
        assert self.later(page, 6 * 86400).sweep() == 0
        assert self.later(page, 8 * 86400).sweep() == 1
        assert list(page.folder.iterdir()) == []

    async def test_of_very_many_that_are_never_named_the_oldest_goes(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("connectors.web.uploads._MOST_WAITING", 3)
        sent = [await page.sent(JPEG + bytes([number])) for number in range(5)]
        assert {path.name for path in page.on_disk()} == {each["id"] for each in sent[2:]}

    async def test_it_is_done_by_itself(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        await page.sent()
        [file] = page.on_disk()
        os.utime(file, (1, 1))
        async with Page(page.folder.parent):
            await eventually(lambda: page.on_disk() == [])

    def later(self, page: Page, seconds: float) -> Uploads:
        base = max(path.stat().st_mtime for path in page.folder.rglob("*"))
        return Uploads(page.rules, now=lambda: base + seconds)
