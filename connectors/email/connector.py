"""The email channel as the core sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.email.follower import MailboxFollower
from connectors.email.message import CHANNEL, parse_mail, with_external_id
from connectors.email.oauth import AccessTokens
from connectors.email.settings import EmailSettings
from connectors.email.smtp import LONGEST_SENDS, SmtpSender
from connectors.port import (
    Capabilities,
    ConnectorError,
    Form,
    Health,
    IncomingMessage,
    Intake,
    OutgoingMessage,
    RawMessage,
    Sent,
    TryAgainLater,
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


SENDS_BYTES = 7_000_000  # a third more once it is encoded; servers take 10 MB nearly everywhere


class EmailConnector:
    """Reads mailboxes by IMAP and writes by SMTP.

    The first mailbox is the one whose address stands on what nobody wrote to us about before. Mailboxes may share an address
    (several folders): then the first of them says how mail leaves from it.
    """

    def __init__(self, settings: EmailSettings, *more: EmailSettings, now: Callable[[], datetime] = _utc_now) -> None:
        mailboxes = (settings, *more)
        self._senders: dict[str, SmtpSender] = {}
        self._followers: list[MailboxFollower] = []
        self._names = [f"mailbox {number} ({each.mailbox})" for number, each in enumerate(mailboxes, start=1)]
        for name, each in zip(self._names, mailboxes, strict=True):
            tokens = AccessTokens(each)
            self._followers.append(MailboxFollower(name, each, tokens, now))
            if each.address.lower() not in self._senders:
                self._senders[each.address.lower()] = SmtpSender(each, tokens, now)
        self._first = self._senders[settings.address.lower()]
        self._own_addresses = frozenset(self._senders)
        self._own_domains = tuple(dict.fromkeys(domain for each in mailboxes for domain in each.own_domains))
        self._capabilities = Capabilities(
            form=Form.EMAIL,
            replies=True,
            attachments=True,
            proves_sender=False,
            threads=True,
            own_address=settings.address,
            own_addresses=tuple({each.address.lower(): each.address for each in mailboxes}.values()),
            plus_addressing=all(each.plus_addressing for each in mailboxes),
            max_bytes=min(each.max_message_bytes for each in mailboxes),
            slowest_send_s=LONGEST_SENDS * max(each.timeout_s for each in mailboxes),
            sends_bytes=SENDS_BYTES,
            one_reader=True,
        )

    @property
    def channel(self) -> str:
        return CHANNEL

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def listen(self, intake: Intake) -> None:
        """Store every mail of every mailbox once, for ever. One that cannot be read stops no other. Ends by cancellation."""
        async with asyncio.TaskGroup() as tasks:
            for follower, name in zip(self._followers, self._names, strict=True):
                tasks.create_task(follower.run(intake), name=name)

    def parse(self, raw: RawMessage) -> IncomingMessage:
        """Understand a stored mail. Raises NotUnderstood, nothing else."""
        message = parse_mail(raw.raw, own_domains=self._own_domains, own_addresses=self._own_addresses)
        return with_external_id(message, raw.external_id)

    async def send(self, message: OutgoingMessage) -> Sent:
        """Hand one mail to the SMTP server of the address it comes from. Raises DeliveryError, nothing else."""
        sender = self._senders.get((message.sender or "").lower(), self._first)
        try:
            return await sender.send(message)
        except TryAgainLater as error:
            # Another address of ours may leave by another server: that one need not wait.
            error.everybody = error.everybody and len(self._senders) == 1
            raise

    async def check(self) -> None:
        """Log in to every mailbox and to every SMTP server once. Raises ConnectorError with a sentence for each trouble."""
        parts: list[tuple[str, MailboxFollower | SmtpSender]] = [*zip(self._names, self._followers, strict=True)]
        parts += self._senders.items()
        troubles: list[str] = []
        for name, part in parts:
            try:
                await part.check()
            except ConnectorError as error:
                troubles.append(f"{name}: {error}" if len(self._followers) > 1 else str(error))
        if troubles:
            raise ConnectorError("; ".join(troubles))

    def health(self) -> Health:
        """Return how the fetch loops fare: counts of all mailboxes together, and of each where there are several."""
        parts = [follower.health() for follower in self._followers]
        if len(parts) == 1:
            return parts[0]
        named = list(zip(self._names, parts, strict=True))
        facts: dict[str, int | float | str] = {"mailboxes": len(parts)}
        for key in parts[0].facts:
            if key != "last_uid":
                facts[key] = sum(int(part.facts[key]) for part in parts)
        facts |= {f"{name} {key}": value for name, part in named for key, value in part.facts.items()}
        worked = [part.last_worked_at for part in parts if part.last_worked_at is not None]
        return Health(
            all(part.ok for part in parts),
            "; ".join(f"{name}: {part.detail}" for name, part in named if not part.ok),
            min(worked) if len(worked) == len(parts) else None,
            facts,
        )

    async def close(self) -> None:
        for sender in self._senders.values():
            await sender.close()
