"""Odd mail: what cannot be had, what breaks the connection, what looks like an answer, what is too large."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest

from connectors.email import EmailConnector
from connectors.email.imap import ImapSession
from connectors.port import NotUnderstood
from tests.fakes import MemoryIntake, listening
from tests.integration.imap_kit import USER, a_mail, idling, settings_for
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.usefixtures("short_pauses")


async def test_a_mail_that_cannot_be_had_stops_nothing(
    dovecot: Dovecot, intake: MemoryIntake, caplog: pytest.LogCaptureFixture
) -> None:
    """One poisoned mail: the others come, and it is known that it exists (traps 4, 5)."""
    for number in range(1, 4):
        await dovecot.append(USER, a_mail(number))
    await dovecot.spoil(USER, 2)
    with caplog.at_level(logging.DEBUG):
        connector = EmailConnector(settings_for(dovecot))
        async with listening(connector, intake):
            await intake.stored(3, timeout_s=30)
            await idling(connector)
            assert connector.health().facts["passed_over"] == 1
    note = next(message for message in intake.messages if message.external_id.startswith("unfetched/"))
    with pytest.raises(NotUnderstood, match="UID 2"):
        connector.parse(note)
    assert {message.conversation for message in intake.messages} == {"z1@qq.com", "", "z3@qq.com"}
    assert "passed over" in caplog.text
    assert "空调" not in caplog.text
    assert "qq.com" not in caplog.text
    assert dovecot.password not in caplog.text


async def test_a_mail_whose_mere_size_breaks_the_connection(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        await dovecot.append(USER, a_mail(number))
    real = ImapSession.sizes

    async def fragile(self: ImapSession, uids: Sequence[int]) -> dict[int, int]:
        if 2 in uids:
            self._client.protocol.transport.abort()
        return await real(self, uids)

    monkeypatch.setattr(ImapSession, "sizes", fragile)
    async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(3, timeout_s=30)
        await idling(connector)
        assert (connector.health().facts["imported"], connector.health().facts["passed_over"]) == (2, 1)
    assert [message.conversation for message in intake.messages] == ["z1@qq.com", "", "z3@qq.com"]


async def test_mails_without_id_without_sender_and_with_nothing(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """None of them stops the batch (trap 4)."""
    odd = [
        b"Subject: no id\r\n\r\nx",
        b"Message-ID: <>\r\nFrom:\r\n\r\ny",
        b"\r\n",
        b"\xff\xfe\x00junk",
        b"From: \xd5\xc5 <z@x.cn>\r\n\r\n",
    ]
    for raw in [*odd, a_mail(9)]:
        dovecot.deliver(USER, raw)
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(len(odd) + 1)
    assert len({message.external_id for message in intake.messages}) == len(odd) + 1


async def test_literals_that_look_like_answers(dovecot: Dovecot, intake: MemoryIntake) -> None:
    body = ")\r\nA1 OK done\r\n* 5 EXISTS\r\n* BYE\r\n{12}\r\n+ go\r\n" + "长" * 60_000
    dovecot.deliver(USER, a_mail(1, body))
    dovecot.deliver(USER, a_mail(2))
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        await intake.stored(2)
    assert connector.parse(intake.messages[0]).text.startswith(")\nA1 OK done\n* 5 EXISTS")


async def test_a_mail_of_25_megabytes(dovecot: Dovecot, intake: MemoryIntake) -> None:
    line = "A" * 76 + "\r\n"
    head = 'From: a@b.cn\r\nMessage-ID: <1@b.cn>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    text = "--b\r\nContent-Type: text/plain\r\n\r\nsee picture\r\n--b\r\nContent-Type: image/png; name=a.png\r\n"
    raw = (head + text + "Content-Transfer-Encoding: base64\r\n\r\n" + line * 330_000 + "--b--\r\n").encode()
    assert len(raw) > 25_000_000
    dovecot.deliver(USER, raw)
    dovecot.deliver(USER, a_mail(2))
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        await intake.stored(2, timeout_s=60)
    message = connector.parse(intake.messages[0])
    assert (message.text, message.attachments[0].size) == ("see picture", 57 * 330_000)


async def test_of_a_mail_beyond_the_limit_only_the_header_is_fetched(dovecot: Dovecot, intake: MemoryIntake) -> None:
    dovecot.deliver(USER, a_mail(1, "长" * 10_000))
    dovecot.deliver(USER, a_mail(2))
    connector = EmailConnector(settings_for(dovecot, max_message_bytes=10_000))
    async with listening(connector, intake):
        await intake.stored(2)
    assert len(intake.messages[0].raw) < 1_000
    message = connector.parse(intake.messages[0])
    assert (message.subject, message.text, message.conversation) == ("1", "", "z1@qq.com")
    (attachment,) = message.attachments
    assert (attachment.name, attachment.data) == ("oversize.eml", None)
    assert attachment.size > 30_000
