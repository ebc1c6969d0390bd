"""A mailbox as the tests of IMAP fill it and look at it."""

from __future__ import annotations

import dataclasses
from typing import Any

from connectors.email import EmailConnector, EmailSettings
from connectors.email.place import Place
from tests.fakes import MemoryIntake, eventually
from tests.servers.dovecot import Dovecot

USER = "kf"


def settings_for(server: Dovecot, **changes: Any) -> EmailSettings:
    base = EmailSettings(
        address="kf@x.cn",
        imap_host=server.host,
        imap_port=server.imaps_port,
        imap_user=USER,
        imap_password=server.password,
        ca_file=server.ca_file,
        smtp_host="127.0.0.1",
        smtp_tls="plain",
        timeout_s=5,
    )
    return dataclasses.replace(base, **changes)


def a_mail(number: int, body: str = "空调坏了") -> bytes:
    head = f"From: 张三 <z{number}@qq.com>\r\nSubject: {number}\r\nMessage-ID: <{number}@qq.com>\r\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n".encode()


def numbers(intake: MemoryIntake) -> list[int]:
    return [int(message.external_id[1:].partition("@")[0]) for message in intake.messages]


def subjects(mails: list[bytes]) -> list[int]:
    """Return the numbers of mails as `a_mail` made them."""
    return [
        int(line.removeprefix(b"Subject: ")) for mail in mails for line in mail.splitlines() if b"Subject: " in line
    ]


def reached(intake: MemoryIntake) -> Place:
    """Return the place that is stored for the only mailbox."""
    (value,) = intake.cursors.values()
    return Place.loads(value)


def set_back(intake: MemoryIntake, place: Place) -> None:
    (name,) = intake.cursors
    intake.cursors[name] = place.dumps()


async def idling(connector: EmailConnector) -> None:
    """Wait until the connector has taken all there is."""
    await eventually(lambda: connector.health().ok and connector.health().facts.get("waiting") == 0)
