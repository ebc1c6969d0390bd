"""The email channel as the core sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from connectors.email.imap import MailboxFollower
from connectors.email.message import CHANNEL, parse_mail, with_external_id
from connectors.email.settings import EmailSettings
from connectors.email.smtp import SmtpSender
from connectors.port import (
    Capabilities,
    ConnectorError,
    DeliveryError,
    Form,
    Health,
    IncomingMessage,
    Intake,
    OutgoingMessage,
    RawMessage,
    Sent,
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class EmailConnector:
    """Reads one mailbox by IMAP and writes by SMTP."""

    def __init__(self, settings: EmailSettings, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._settings = settings
        self._follower = MailboxFollower(settings, now)
        self._sender = SmtpSender(settings, now)
        self._own_addresses = frozenset({settings.address.lower()})
        self._capabilities = Capabilities(
            form=Form.EMAIL,
            replies=True,
            attachments=True,
            proves_sender=False,
            threads=True,
            own_address=settings.address,
            plus_addressing=settings.plus_addressing,
            max_bytes=settings.max_message_bytes,
        )

    @property
    def channel(self) -> str:
        return CHANNEL

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def listen(self, intake: Intake) -> None:
        """Store every mail of the mailbox once, for ever. Ends by cancellation."""
        await self._follower.run(intake)

    def parse(self, raw: RawMessage) -> IncomingMessage:
        """Understand a stored mail. Raises NotUnderstood, nothing else."""
        message = parse_mail(raw.raw, own_domains=self._settings.own_domains, own_addresses=self._own_addresses)
        return with_external_id(message, raw.external_id)

    async def send(self, message: OutgoingMessage) -> Sent:
        """Hand one mail to the SMTP server. Raises DeliveryError, nothing else."""
        return await self._sender.send(message)

    async def check(self) -> None:
        """Log in to the mailbox and to the SMTP server once."""
        await self._follower.check()
        try:
            await self._sender.check()
        except DeliveryError as error:
            raise ConnectorError(str(error)) from None

    def health(self) -> Health:
        return self._follower.health()

    async def close(self) -> None:
        await self._sender.close()
