"""A Telegram of one's own: the npm package `telegram-test-api` behind `telegram/launcher.js`, as a process that can be killed.

The users' side is code that nobody here wrote; what had to be repaired for an unmodified python-telegram-bot is ours, and
the launcher lists it. It shows that we and PTB understand each other, not that the real Telegram behaves so.
"""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import aiohttp

from tests.servers import required

TOKEN = "4242:AAtest-token_that-opens-nothing"
USERNAME = "ComplaintTestBot"
PATIENCE_S = 20.0
_FOLDER = Path(__file__).parent / "telegram"

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class User:
    """Somebody with Telegram. chat: the private chat between them and the bot has the user's own id."""

    id: int
    name: str
    language: str = "zh-hans"

    @property
    def as_json(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}

    @property
    def chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.name}


def group(id: int, title: str = "业主群", kind: str = "group") -> Json:
    """Return a group's chat; its id is negative."""
    return {"id": id, "type": kind, "title": title}


class Telegram:
    """`async with Telegram() as telegram`: a Bot API server at `url` for the bot with `token`.

    What users said and the bot has not confirmed, and all that the bot sent, outlives `kill` and `start`.
    """

    token = TOKEN
    username = USERNAME

    def __init__(self) -> None:
        self._dir = Path(tempfile.mkdtemp(prefix="tg"))
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Telegram:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear_away()

    async def start(self) -> None:
        """Start it, on the same port as before if it ran before, and wait until it listens."""
        node = required.program("The Telegram emulator", "node", "nodejs")
        if not (_FOLDER / "node_modules" / "telegram-test-api").is_dir():
            required.missing(
                "The Telegram emulator", "its npm packages are not installed (make services installs them)"
            )
        async with asyncio.timeout(PATIENCE_S):
            line = await asyncio.to_thread(self._spawn, node)
        assert line, "the Telegram emulator did not start"
        self.port = json.loads(line)["port"]

    def _spawn(self, node: str) -> str:
        """Start the process, which is of no event loop so that it can serve the tests of many; return what it says."""
        command = [node, str(_FOLDER / "launcher.js"), self.token, str(self.port), str(self._dir / "state.json")]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    async def kill(self) -> None:
        """Kill it without warning (SIGKILL)."""
        self.kill_now()

    def kill_now(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def freeze(self) -> None:
        """Let it neither answer nor die, until `thaw`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    async def reset(self) -> None:
        """Forget everything, as if it had just been started; start it where it does not run."""
        if self._process is None:
            await self.start()
        await self._post("/_ctl/reset", {})

    def clear_away(self) -> None:
        """End it for good."""
        self.kill_now()
        shutil.rmtree(self._dir, ignore_errors=True)

    # --- people -------------------------------------------------------------------------------------------------------

    async def says(self, user: User, text: str | None = None, *, chat: Json | None = None, **more: Any) -> int:
        """Let somebody send a message; return its id. more: fields of the message besides `text`."""
        message = {
            "botToken": self.token,
            "from": user.as_json,
            "chat": chat or user.chat,
            "date": int(time.time()),
            **({} if text is None else {"text": text}),
            **more,
        }
        headers = await self._post("/sendMessage", message)
        return int(headers["x-message-id"])

    async def presses(self, user: User, message: Mapping[str, Any], label: str) -> None:
        """Let somebody press the button `label` of a message of ours, as `sent` shows it."""
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        (data,) = [button["callback_data"] for button in buttons if button["text"] == label]
        where = {"chat": message["chat"], "message_id": message["message_id"]}
        press = {"botToken": self.token, "from": user.as_json, "message": where, "data": data}
        await self._post("/sendCallback", press)

    async def blocks(self, user: User, blocked: bool = True) -> None:
        """Let somebody block the bot, or unblock it."""
        await self._post("/_ctl/block", {"chat": user.chat, "from": user.as_json, "blocked": blocked})

    async def migrates(self, user: User, old: Json, new: Json) -> None:
        """Let a group become a supergroup."""
        await self._post("/_ctl/migrate", {"chat": old, "to": new, "from": user.as_json})

    async def knows(self, chat: Json) -> None:
        """Let the bot be able to write to a chat in which nobody has said anything."""
        await self._post("/_ctl/chat", chat)

    async def upload(self, name: str, data: bytes, declared: int = 0) -> Json:
        """Put a file there; return it as messages name it. declared: another size than it has."""
        body = {"name": name, "base64": base64.b64encode(data).decode(), "declared": declared}
        return await self._call("POST", "/_ctl/upload", body)

    async def update(self, update: object) -> None:
        """Put any update into the line: an object gets its number, anything else is delivered as it is."""
        await self._post("/_ctl/update", {"update": update})

    # --- what it does -------------------------------------------------------------------------------------------------

    async def fail(self, method: str, code: int = 0, how: str = "", **more: Any) -> None:
        """Let the next call of a method fail. more: times, description, retry_after.

        how: "cut" the line before anything is done, "cut after" or stay "silent after" it was done, answer with a "page".
        """
        await self._post("/_ctl/fail", {"method": method, "code": code, "how": how, **more})

    async def delay(self, ms: int) -> None:
        """Answer every call of a method so much later; it is done at once."""
        await self._post("/_ctl/delay", {"ms": ms})

    async def heal(self) -> None:
        """Fail and delay no more."""
        await self._post("/_ctl/heal", {})

    async def state(self) -> Json:
        """Return what it knows: pending, polling, webhook, commands, answered, calls, sent."""
        return await self._call("GET", "/_ctl/state")

    async def sent(self, chat: int | None = None) -> list[Json]:
        """Return the messages of the bot as they look now, oldest first."""
        return [message for message in (await self.state())["sent"] if chat in (None, message["chat"]["id"])]

    async def _post(self, path: str, body: object) -> Mapping[str, str]:
        async with aiohttp.ClientSession() as session, session.post(self.url + path, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return answer.headers

    async def _call(self, method: str, path: str, body: object = None) -> Json:
        async with aiohttp.ClientSession() as session, session.request(method, self.url + path, json=body) as answer:
            assert answer.status == 200, await answer.text()
            found: Json = await answer.json()
            return found
