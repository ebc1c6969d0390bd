"""The Telegram channel as the core sees it.

Received is what is stored: updates are asked for by ourselves, stored together with the number to go on from, and only the
next question tells Telegram that it may forget them. PTB's own Updater confirms before anybody has them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TypeVar

from aiohttp import web
from telegram import LinkPreviewOptions, Message, ReplyParameters, WebhookInfo
from telegram.error import BadRequest

from connectors.callers import Callers
from connectors.port import (
    Attachment,
    Capabilities,
    ConnectorError,
    Form,
    Health,
    IncomingMessage,
    Intake,
    Limit,
    OutgoingMessage,
    RawMessage,
    Sent,
    TryAgainLater,
    WillNotDeliver,
)
from connectors.telegram.client import Client, FloodControl
from connectors.telegram.menus import Menus
from connectors.telegram.settings import TelegramSettings
from connectors.telegram.updates import (
    ALLOWED,
    CHANNEL,
    Ourselves,
    Press,
    decoded,
    number_of,
    parse_update,
    press_of,
    raw_of,
)
from connectors.telegram.words import MAX_UNITS, keyboard, split, units, without_mentions

_log = logging.getLogger(__name__)

# https://core.telegram.org/bots/faq, "My bot is hitting limits": guidance, not a contract; what counts is the 429.
LIMITS = (
    Limit(30, 1.0),
    Limit(1, 1.0, each=True),
    Limit(20, 60.0, each=True, prefix="-"),
)
SENDS_BYTES = 20_000_000  # the Bot API takes documents of 50 MB; whoever reads on a phone has no use for such
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name

_ADDRESS = re.compile(r"-?[0-9]{1,18}")
_MESSAGE_ID = re.compile(r"[0-9]{1,15}")
_BODY_TIMEOUT_S = 10
_WATCH_S = 60.0  # how often a webhook is looked after
_SLOW = 5  # answers of the longest wait, one after the other, are still a sign of life
_WAITING_PRESSES = 1000
_SETTLERS = 4
_HALF_SENT = 1000
_CHOSEN = "\n\n✓ "
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

T = TypeVar("T")


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Progress:
    """A text in several messages, of which some are out."""

    left: list[str]
    files: list[Attachment]
    external_id: str = ""


@dataclass(slots=True)
class _Condition:
    """How receiving fares. trouble: a sentence, "" while all is well. alive_at: the last sign of life, monotonic seconds."""

    listening: bool = False
    trouble: str = "not listening"
    worked_at: datetime | None = None
    alive_at: float = field(default_factory=monotonic)
    facts: dict[str, int | float | str] = field(default_factory=dict)


class TelegramConnector:
    """One bot. In webhook mode put `routes()` into the server."""

    def __init__(self, settings: TelegramSettings, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._settings = settings
        self._now = now
        self._client = Client(settings)
        self._menus = Menus(self._client)
        self._callers = Callers(settings.calls_per_minute, settings.proxies)
        self._us = Ourselves(settings.bot_id, settings.username)
        self._intake: Intake | None = None
        self._condition = _Condition()
        self._presses: asyncio.Queue[Press] = asyncio.Queue(_WAITING_PRESSES)
        self._half_sent: OrderedDict[tuple[str, str], _Progress] = OrderedDict()

    @property
    def channel(self) -> str:
        return CHANNEL

    @property
    def capabilities(self) -> Capabilities:
        name = self._us.username
        return Capabilities(
            form=Form.IM,
            buttons=True,
            replies=True,
            edits=True,
            attachments=True,
            max_chars=None,  # a longer text goes out in several messages
            proves_sender=True,
            limits=LIMITS,
            start_link=f"https://t.me/{name}?start={{code}}" if name else None,
            sends_bytes=SENDS_BYTES,
            group_link=f"https://t.me/{name}?startgroup={{code}}" if name else None,
            one_reader=self._settings.mode == "polling",
            menu=True,
        )

    def routes(self) -> list[web.RouteDef]:
        """Return the webhook, where there is one, for `app.add_routes`."""
        if self._settings.mode != "webhook":
            return []
        return [web.post(self._settings.webhook_route, self._hook)]

    # --- receiving ----------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake) -> None:
        """Store every update once, for ever. Ends by cancellation."""
        self._intake = intake
        self._condition = _Condition(listening=True, trouble="starting")
        try:
            async with asyncio.TaskGroup() as tasks:
                for number in range(_SETTLERS):
                    tasks.create_task(self._settle_presses(), name=f"telegram:presses:{number}")
                tasks.create_task(self._receive(intake), name="telegram:receive")
        finally:
            self._intake = None
            self._condition.listening, self._condition.trouble = False, "not listening"

    async def _receive(self, intake: Intake) -> None:
        await self._insist(self._connect)
        await self._offer_commands()
        if self._settings.mode == "webhook":
            while True:
                await asyncio.sleep(_WATCH_S)
                await self._insist(self._look_after_webhook)
        else:
            offset = await self._insist(lambda: intake.cursor(self._cursor))
            position = int(offset) if offset else None
            while True:
                position = await self._insist(lambda at=position: self._poll(intake, at))  # type: ignore[misc]

    async def _connect(self) -> None:
        """Learn who we are, and have the updates come the way the settings say."""
        await self._learn_name()
        if self._settings.mode == "webhook":
            await self._look_after_webhook()
        else:
            await self._client.bot.delete_webhook()

    async def introduce(self) -> None:
        """Learn the bot's name, which tells what is said to it in groups and makes its links."""
        await self._insist(self._learn_name)

    async def _learn_name(self) -> None:
        if not self._us.username:
            user = await self._client.bot.get_me()
            self._us = Ourselves(self._settings.bot_id, user.username or "")

    @property
    def _cursor(self) -> str:
        # Every bot counts its updates by itself: another bot's number would confirm updates nobody has seen.
        return f"{CHANNEL}/{self._settings.bot_id}"

    async def _insist(self, action: Callable[[], Awaitable[T]]) -> T:
        """Do something until it succeeds, waiting longer and longer; what is wrong is seen in `health`."""
        wait_s = self._settings.retry_s
        while True:
            try:
                result = await action()
            except Exception as error:  # whatever Telegram or the store does: receiving must not end
                sentence = self._client.explain(error)
                if sentence != self._condition.trouble:
                    _log.warning("telegram: %s", sentence)
                self._condition.trouble = sentence
                asked = error.retry_after_s if isinstance(error, FloodControl) else None
                await asyncio.sleep(max(wait_s, asked or 0.0))
                wait_s = min(2 * wait_s, self._settings.longest_retry_s)
            else:
                self._condition.trouble = ""
                self._condition.worked_at, self._condition.alive_at = self._now(), monotonic()
                return result

    async def _poll(self, intake: Intake, offset: int | None) -> int | None:
        """Take in one batch; return from where to go on."""
        updates = await self._client.updates(offset)
        if not updates:
            return offset
        numbers = [number for number in map(number_of, updates) if number is not None]
        if not numbers:
            await intake.store([raw_of(update) for update in updates])
            raise ConnectorError("updates without a number came, which nobody can confirm: they are in quarantine")
        # Not "greater than before": after a quiet week Telegram begins again at a number of its choice.
        following = max(numbers) + 1
        new = await intake.store([raw_of(update) for update in updates], cursor=(self._cursor, str(following)))
        for update, is_new in zip(updates, new, strict=True):
            self._note(update, is_new)
        return following

    def _note(self, update: object, is_new: bool) -> None:
        """Do what a stored update asks for besides being understood."""
        if not is_new:
            return
        press = press_of(update)
        if press is not None and not self._presses.full():
            self._presses.put_nowait(press)
        message = update.get("message") if isinstance(update, dict) else None
        sent_at = message.get("date") if isinstance(message, dict) else None
        if isinstance(sent_at, int):
            self._condition.facts["lag_s"] = round(self._now().timestamp() - sent_at, 1)

    async def _offer_commands(self) -> None:
        try:
            await self._client.set_commands(self._settings.commands)
        except Exception as error:  # the menu is a convenience: everything can be typed
            _log.warning("telegram: the menu of commands could not be set: %s", self._client.explain(error))

    # --- webhook ------------------------------------------------------------------------------------------------------

    async def _look_after_webhook(self) -> None:
        """Make sure that Telegram calls us and nobody else, and see how that goes."""
        bot, settings = self._client.bot, self._settings
        info = await bot.get_webhook_info()
        if info.url != settings.webhook_url or "webhook" not in self._condition.facts:
            await bot.set_webhook(
                settings.webhook_url, allowed_updates=list(ALLOWED), secret_token=settings.webhook_secret
            )
        self._condition.facts |= {"webhook": "set", "pending": info.pending_update_count}
        if trouble := _undelivered(info):
            raise ConnectorError(trouble)

    async def _hook(self, request: web.Request) -> web.Response:
        if refusal := self._callers.refusal(request):
            return refusal
        shown = request.headers.get(SECRET_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(shown, self._settings.webhook_secret.encode()):
            self._callers.wrong(request)
            return web.Response(status=403, text="This is not Telegram.\n")
        try:
            async with asyncio.timeout(_BODY_TIMEOUT_S):
                body = await request.read()  # the server's client_max_size answers 413
        except TimeoutError:
            return web.Response(status=408)
        if self._intake is None:
            return web.Response(status=503)
        update = decoded(body)
        try:
            (is_new,) = await self._intake.store([raw_of(update, body)])
        except Exception as error:  # whatever the store raises: not stored, so Telegram must call again
            # Only the kind of error: its text may quote what the person wrote.
            _log.warning("telegram: an update could not be stored (%s)", type(error).__name__)
            return web.Response(status=503)
        self._condition.worked_at = self._now()
        self._note(update, is_new)
        return web.Response()

    # --- buttons ------------------------------------------------------------------------------------------------------

    async def _settle_presses(self) -> None:
        while True:
            press = await self._presses.get()
            try:
                await self._settle(press)
            except Exception as error:  # the words are stored; this only shows it, and must not end the receiving
                _log.info("telegram: a pressed button could not be settled: %s", self._client.explain(error))

    async def _settle(self, press: Press) -> None:
        """Stop the button's clock, and show what was chosen instead of the keyboard."""
        bot = self._client.bot
        with contextlib.suppress(BadRequest):  # it was pressed too long ago; the keyboard is still to go
            await bot.answer_callback_query(press.query)
        if not press.label:
            return
        text = press.text + _CHOSEN + press.label
        if press.text and units(text) <= MAX_UNITS:
            await bot.edit_message_text(text, press.chat, press.message, link_preview_options=_NO_PREVIEW)
        else:
            await bot.edit_message_reply_markup(press.chat, press.message)

    # --- understanding, sending ---------------------------------------------------------------------------------------

    def parse(self, raw: RawMessage) -> IncomingMessage:
        """Understand a stored update. Raises NotUnderstood, nothing else."""
        return replace(parse_update(raw.raw, us=self._us), external_id=raw.external_id)

    async def send(self, message: OutgoingMessage) -> Sent:
        """Send a text, in several messages where it is too long for one. Raises DeliveryError, nothing else.

        Where a part has to wait, the parts before it are not sent again by this process; the last one's id is returned.
        """
        if not _ADDRESS.fullmatch(message.address):
            raise WillNotDeliver("telegram: the address is no chat: a chat's id is a whole number")
        key = (message.key, message.address)
        progress = self._half_sent.pop(key, None) or _Progress(_parts(message), list(message.files))
        if not progress.left:
            raise WillNotDeliver("telegram: there is nothing to say: the text is empty")
        while progress.left:
            try:
                sent = await self._send_part(message, progress)
            except Exception as error:  # PTB wraps what httpx raises, and raises more when an answer is odd
                became = self._client.what_became(error)
                if progress.external_id and isinstance(became, TryAgainLater):
                    self._half_sent[key] = progress
                    if len(self._half_sent) > _HALF_SENT:
                        self._half_sent.popitem(last=False)
                raise became from None  # the cause holds the URL, and that the token
            progress.external_id = str(sent.message_id)
            del progress.left[0]
        await self._send_files(message, progress.files)
        if message.menu is not None and not message.address.startswith("-"):  # a group's is for all who read it
            self._menus.put(int(message.address), message.menu)
        return Sent(progress.external_id)

    async def _send_files(self, message: OutgoingMessage, files: Sequence[Attachment]) -> None:
        """Send the files behind the words. The words are out and say the same: one that does not arrive is no failure."""
        for file in files:
            try:
                await self._client.bot.send_document(int(message.address), file.data or b"", filename=file.name)
            except Exception as error:  # PTB wraps what httpx raises, and raises more when an answer is odd
                _log.warning("telegram: a file did not go out: %s", self._client.explain(error))

    async def _send_part(self, message: OutgoingMessage, progress: _Progress) -> Message:
        # No parse_mode, ever: what people wrote is words, not markup.
        first, last = not progress.external_id, len(progress.left) == 1
        reply = None
        if first and message.reply_to and _MESSAGE_ID.fullmatch(message.reply_to):
            reply = ReplyParameters(int(message.reply_to), allow_sending_without_reply=True)
        return await self._client.bot.send_message(
            int(message.address),
            progress.left[0],
            reply_parameters=reply,
            reply_markup=keyboard(message.buttons) if last else None,
            link_preview_options=_NO_PREVIEW,
        )

    async def fetch(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        """Return a file. Raises TryAgainLater, or WillNotDeliver where it is gone or larger than `max_bytes`."""
        if not attachment.handle:
            raise WillNotDeliver("telegram: the file has no handle to fetch it by")
        return await self._client.fetch(attachment.handle, max_bytes)

    # --- state --------------------------------------------------------------------------------------------------------

    async def check(self) -> None:
        """Ask Telegram who we are and where our updates go. Raises ConnectorError."""
        bot, settings = self._client.bot, self._settings
        try:
            user = await bot.get_me()
            info = await bot.get_webhook_info()
        except Exception as error:  # PTB wraps what httpx raises, and raises more when an answer is odd
            raise ConnectorError(f"telegram: {self._client.explain(error)}") from None
        if settings.username and user.username != settings.username:
            raise ConnectorError(
                f"telegram: username is {settings.username!r}, but the token is that of {user.username!r}"
            )
        if settings.mode == "polling" and info.url:
            raise ConnectorError(
                "telegram: a webhook is set for this bot. If another program uses the bot, give this one a bot of its own; "
                "if not, all is well: it is removed when the service starts"
            )
        if settings.mode == "webhook" and info.url == settings.webhook_url and (trouble := _undelivered(info)):
            raise ConnectorError(f"telegram: {trouble}")

    def health(self) -> Health:
        condition = self._condition
        trouble = condition.trouble or self._silence()
        return Health(
            ok=condition.listening and not trouble,
            detail=trouble,
            last_worked_at=condition.worked_at,
            facts={"mode": self._settings.mode, "presses_waiting": self._presses.qsize(), **condition.facts},
        )

    def _silence(self) -> str:
        """Say so where receiving stands still, whatever it waits for: it gives a sign of life after each poll or look."""
        settings, silent_s = self._settings, monotonic() - self._condition.alive_at
        beat_s = settings.poll_s if settings.mode == "polling" else _WATCH_S
        return f"no sign of life for {silent_s:.0f} s" if silent_s > beat_s + _SLOW * settings.timeout_s else ""

    async def close(self) -> None:
        await self._menus.close()
        await self._client.close()


def _undelivered(info: WebhookInfo) -> str:
    """Say what keeps Telegram from calling our webhook, "" where nothing does: an error it got over is no trouble."""
    if not (info.pending_update_count and info.last_error_message):
        return ""
    return f"Telegram cannot hand over {info.pending_update_count} updates to {info.url}: {info.last_error_message}"


def _parts(message: OutgoingMessage) -> list[str]:
    text = message.text.encode(errors="replace").decode()
    in_group = message.address.startswith("-")
    return split(without_mentions(text) if in_group else text)
