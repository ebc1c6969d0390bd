"""A real Kannel (bearerbox and smsbox) of one's own on ephemeral ports, and the phones behind its fake SMSC."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import quote_from_bytes, unquote_to_bytes

from tests.servers import required
from tests.servers.dovecot import free_port

USER, PASSWORD, SENDER = "bot", "pw", "10690"
SMSC = "FAKE"
_START_S = 30.0
_READY = "INFO: Connected to bearerbox"
_FAKESMSC = "/usr/lib/kannel/test/fakesmsc"


@dataclass(frozen=True)
class Text:
    """A short message as a phone shows it: its parts joined."""

    sender: str
    number: str
    text: str
    parts: int


@dataclass
class Phones:
    """All phones at once: the other side of Kannel's fake SMSC, which speaks lines of `from to kind data`."""

    texts: list[Text] = field(default_factory=list)
    _parts: dict[tuple[str, str, int], dict[int, bytes]] = field(default_factory=dict)
    _writer: asyncio.StreamWriter | None = None
    _reading: asyncio.Task[None] | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def connect(self, port: int) -> None:
        """Switch them on."""
        reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        self._reading = asyncio.create_task(self._read(reader), name="phones")

    async def off(self) -> None:
        """Switch them off: what is sent to them waits in Kannel."""
        writer, self._writer = self._writer, None
        if writer is None or self._reading is None:
            return
        writer.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def say(self, number: str, text: str, to: str = SENDER) -> None:
        """Let a phone write to us, in one message or several parts."""
        if text.isascii():
            await self._write(f"{number} {to} text {text}")
            return
        encoded = text.encode("utf-16-be")
        assert len(encoded) <= 140, "longer texts come as parts: `say_in_parts`"
        await self._write(f"{number} {to} ucs2 {quote_from_bytes(encoded, safe='')}")

    async def say_in_parts(self, number: str, parts: Sequence[str], to: str = SENDER) -> None:
        """Let a phone write a long message, as its parts travel."""
        for place, part in enumerate(parts, start=1):
            header = quote_from_bytes(bytes((5, 0, 3, 77, len(parts), place)), safe="")
            await self._write(f"{number} {to} udh {header} {quote_from_bytes(part.encode(), safe='')}")

    async def received(self, count: int, number: str = "", timeout_s: float = 60.0) -> list[Text]:
        """Return what came, to all or to one number, once it is at least so many. Raises TimeoutError."""

        def here() -> list[Text]:
            return [text for text in self.texts if number in ("", text.number)]

        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(lambda: len(here()) >= count)
        return here()

    async def hears(self, number: str, words: str, timeout_s: float = 60.0) -> Text:
        """Return the first message to a number with these words in it, once it is there; it is then read."""

        def found() -> Text | None:
            return next((text for text in self.texts if text.number == number and words in text.text), None)

        try:
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(lambda: found() is not None)
        except TimeoutError:
            raise AssertionError(f"{number} never heard {words!r}; unread: {self.texts}") from None
        text = found()
        assert text is not None
        self.texts.remove(text)
        return text

    async def _write(self, line: str) -> None:
        assert self._writer is not None
        self._writer.write(line.encode() + b"\n")
        await self._writer.drain()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            await self._take(line.rstrip(b"\n"))

    async def _take(self, line: bytes) -> None:
        sender, number, kind, rest = line.decode("utf-8", "replace").split(" ", 3)
        if kind != "udh":
            await self._show(Text(sender, number, _decoded(kind, rest), 1))
            return
        header, kind, data = rest.split(" ", 2)
        _, _, _, of, total, place = _bytes(header)
        parts = self._parts.setdefault((sender, number, of), {})
        parts[place] = _bytes(data) if kind != "text" else data.encode()
        if len(parts) == total:
            whole = b"".join(parts[place] for place in sorted(parts))
            text = whole.decode("utf-8" if kind == "text" else "utf-16-be")
            del self._parts[sender, number, of]
            await self._show(Text(sender, number, text, total))

    async def _show(self, text: Text) -> None:
        async with self._changed:
            self.texts.append(text)
            self._changed.notify_all()


def _decoded(kind: str, data: str) -> str:
    return data if kind == "text" else _bytes(data).decode("utf-16-be")


def _bytes(data: str) -> bytes:
    return unquote_to_bytes(data.replace("+", " "))


class Kannel:
    """`async with Kannel(mo_url) as kannel`: running, its phones on. mo_url: where messages from the phones are brought.

    url: of its sendsms interface. Each box can be killed, stopped and started by itself; what it has queued survives.
    """

    user, password = USER, PASSWORD

    def __init__(self, mo_url: str, *, retry_s: int = 1) -> None:
        self._dir = Path(tempfile.mkdtemp(prefix="kannel"))
        self._mo_url = f"{mo_url}?from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&smsc=%i&ts=%T"
        self._retry_s = retry_s
        self.admin_port, self.box_port, self.send_port, self.smsc_port = (free_port() for _ in range(4))
        self.phones = Phones()
        self._boxes: dict[str, asyncio.subprocess.Process] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.send_port}"

    async def __aenter__(self) -> Kannel:
        self._config().write_text(self._settings())
        try:
            await self.start_bearerbox()
            await self.start_smsbox()
            await self.phones_on()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def start_bearerbox(self) -> None:
        await self._start("bearerbox")
        await self._until(lambda: "<status>running" in self.status(), "bearerbox runs")

    async def start_smsbox(self) -> None:
        """Start it, and wait until it takes messages."""
        ready = self.log("smsbox").count(_READY) + 1
        await self._start("smsbox")
        # Asked any earlier it falls over (1.4.5: `lock_out: Assertion conn != NULL`), although its port is open.
        await self._until(lambda: self.log("smsbox").count(_READY) >= ready, "smsbox is connected to bearerbox")

    async def phones_on(self) -> None:
        await self.phones.connect(self.smsc_port)
        await self._until(lambda: re.search(r"<status>online", self.status()) is not None, "the phones are on line")

    async def phones_off(self) -> None:
        await self.phones.off()
        await self._until(lambda: re.search(r"<status>online", self.status()) is None, "the phones are off line")

    async def kill(self, box: str) -> None:
        """End `bearerbox` or `smsbox` as a power cut does."""
        process = self._boxes.pop(box)
        with contextlib.suppress(ProcessLookupError):
            process.kill()  # a frozen one, too, without waking it: awake for a moment, it would answer
        await process.wait()

    async def freeze(self, box: str) -> None:
        """Let it neither answer nor die."""
        process = self._boxes[box]
        process.send_signal(signal.SIGSTOP)
        threads = Path(f"/proc/{process.pid}/task")
        await self._until(
            lambda: all((each / "stat").read_text().rpartition(")")[2].split()[0] == "T" for each in threads.iterdir()),
            f"{box} is frozen",
        )

    def thaw(self, box: str) -> None:
        self._boxes[box].send_signal(signal.SIGCONT)

    def log(self, box: str) -> str:
        file = self._dir / f"{box}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def status(self) -> str:
        """Return bearerbox's own words about its state, "" while it cannot be asked."""
        try:
            url = f"http://127.0.0.1:{self.admin_port}/status.xml?password=adm"
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode(errors="replace"))
        except OSError:
            return ""

    async def fakesmsc(self, *messages: str) -> asyncio.subprocess.Process:
        """Start Kannel's own phone simulator in place of ours (switch those off first); it writes what it gets to stdout."""
        program = required.program("Kannel's fakesmsc", _FAKESMSC)
        address = ("-H", "127.0.0.1", "-r", str(self.smsc_port), "-m", str(len(messages)))
        process = await asyncio.create_subprocess_exec(
            program, *address, *messages, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        self._boxes["fakesmsc"] = process
        return process

    async def _start(self, box: str) -> None:
        program = required.program("Kannel", box)
        self._boxes[box] = await asyncio.create_subprocess_exec(
            program,
            str(self._config()),
            cwd=self._dir,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        )

    async def _stop(self) -> None:
        await self.phones.off()
        for box in tuple(self._boxes):
            await self.kill(box)
        shutil.rmtree(self._dir, ignore_errors=True)

    async def _until(self, holds: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(_START_S):
                while not await asyncio.to_thread(holds):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise RuntimeError(f"Kannel: not within {_START_S:g} s: {what}\n{self.log('bearerbox')[-2000:]}") from None

    def _config(self) -> Path:
        return self._dir / "kannel.conf"

    def _settings(self) -> str:
        # Groups are apart by empty lines. Without the large http-request-retry a message from a phone is given up after
        # a few tries.
        return f"""
group=core
admin-port={self.admin_port}
admin-interface="127.0.0.1"
admin-password=adm
smsbox-port={self.box_port}
smsbox-interface="127.0.0.1"
box-deny-ip="*.*.*.*"
box-allow-ip="127.0.0.1"
store-type=file
store-location="{self._dir}/store"
dlr-storage=internal
log-file="{self._dir}/bearerbox.log"
log-level=0

group=smsc
smsc=fake
smsc-id={SMSC}
port={self.smsc_port}
connect-allow-ip=127.0.0.1

group=smsbox
bearerbox-host=127.0.0.1
sendsms-port={self.send_port}
sendsms-interface="127.0.0.1"
global-sender={SENDER}
http-request-retry=100000
http-queue-delay={self._retry_s}
log-file="{self._dir}/smsbox.log"
log-level=0

group=sendsms-user
username={USER}
password={PASSWORD}
max-messages=10
concatenation=true

group=sms-service
keyword=default
catch-all=true
max-messages=0
omit-empty=true
get-url="{self._mo_url}"
"""
