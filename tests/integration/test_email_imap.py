"""A mailbox on a real Dovecot, the ordinary way: all comes in once, whoever else works in it; settings that do not work."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aioimaplib import IMAP4

from connectors.email import EmailConnector
from connectors.email import imap as imap_module
from connectors.port import ConnectorError
from tests.fakes import MemoryIntake, eventually, listening
from tests.integration.imap_kit import USER, a_mail, idling, numbers, settings_for, subjects
from tests.servers.dovecot import Dovecot, free_port

pytestmark = pytest.mark.usefixtures("short_pauses")


# --- the ordinary way ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["tls", "starttls", "plain"])
async def test_what_is_there_and_what_arrives(dovecot: Dovecot, intake: MemoryIntake, tls: str) -> None:
    dovecot.deliver(USER, a_mail(1))
    port = dovecot.imaps_port if tls == "tls" else dovecot.imap_port
    connector = EmailConnector(settings_for(dovecot, imap_tls=tls, imap_port=port))
    async with listening(connector, intake):
        await intake.stored(1)
        await idling(connector)
        dovecot.deliver(USER, a_mail(2))  # pushed: the next look without a push would be in five minutes
        await intake.stored(2)
        await dovecot.append(USER, a_mail(3))
        await intake.stored(3)
    raw = intake.messages[0]
    assert (raw.channel, raw.conversation, raw.raw) == ("email", "z1@qq.com", a_mail(1))
    assert numbers(intake) == [1, 2, 3]
    message = connector.parse(raw)
    assert (message.external_id, message.text) == (raw.external_id, "空调坏了")


async def test_more_mails_than_one_batch_in_one_go(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """Not only the newest are read (trap 1), and every one of them (trap 3)."""
    for number in range(130):
        dovecot.deliver(USER, a_mail(number))
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        await intake.stored(130)
        await idling(connector)
        assert connector.health().facts == {
            "server_messages": 130,
            "last_uid": 130,
            "waiting": 0,
            "missing": 0,
            "imported": 130,
            "known_before": 0,
            "passed_over": 0,
            "skipped_at_start": 0,
            "not_marked_or_moved": 0,
        }
    assert numbers(intake) == list(range(130))
    assert intake.calls < 10


async def test_mails_that_arrive_while_others_are_fetched(dovecot: Dovecot, intake: MemoryIntake) -> None:
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        for number in range(60):
            dovecot.deliver(USER, a_mail(number))
            await asyncio.sleep(0)
        await intake.stored(60)
    assert sorted(numbers(intake)) == list(range(60))


async def test_a_colleague_who_reads_the_mailbox_hides_nothing(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """Read and moved-about mails are fetched like all others (traps 2, 3)."""
    for number in range(1, 5):
        await dovecot.append(USER, a_mail(number))
    await dovecot.command(
        USER, ("store", "1:*", "+FLAGS", r"(\Seen)"), ("store", "2", "+FLAGS", r"(\Deleted)"), ("expunge",)
    )
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(3)
    assert numbers(intake) == [1, 3, 4]


async def test_an_empty_mailbox_and_deleted_mail(dovecot: Dovecot, intake: MemoryIntake) -> None:
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        await idling(connector)
        await dovecot.append(USER, a_mail(1))
        await intake.stored(1)
        await dovecot.command(USER, ("store", "1", "+FLAGS", r"(\Deleted)"), ("expunge",))
        await dovecot.append(USER, a_mail(2))
        await intake.stored(2)


async def test_a_colleague_who_clears_the_mailbox_while_we_wait(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """More news at once than the library's parser can take: the connection may break over it, the reading does not."""
    for number in range(1500):
        dovecot.deliver(USER, b"Subject: %d\r\n\r\n" % number)
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        await intake.stored(1500, timeout_s=30)
        await idling(connector)
        await dovecot.command(USER, ("store", "1:*", "+FLAGS", r"(\Deleted)"), ("expunge",))
        dovecot.deliver(USER, a_mail(1))
        await intake.stored(1501, timeout_s=30)
        await idling(connector)
        assert connector.health().facts["missing"] == 0


async def test_only_what_is_new_when_told_so(dovecot: Dovecot, intake: MemoryIntake) -> None:
    await dovecot.append(USER, a_mail(1))
    connector = EmailConnector(settings_for(dovecot, start="new"))
    async with listening(connector, intake):
        await idling(connector)
        await dovecot.append(USER, a_mail(2))
        await intake.stored(1)
    assert numbers(intake) == [2]


@pytest.mark.parametrize("folder", ["Archive", "已处理 & 归档"])
@pytest.mark.parametrize("lacking", ["", "MOVE"])
async def test_moved_once_stored(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch, folder: str, lacking: str
) -> None:
    """The folder is made, the others' mails marked as deleted stay what they are, and health counts nothing as missing."""
    real = IMAP4.has_capability
    monkeypatch.setattr(IMAP4, "has_capability", lambda self, name: name != lacking and real(self, name))
    await dovecot.append(USER, a_mail(1))
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(1)
    await dovecot.command(
        USER, ("store", "1", "+FLAGS", r"(\Deleted)")
    )  # a colleague, who may still think better of it
    connector = EmailConnector(settings_for(dovecot, after_import="move", move_to=folder))
    async with listening(connector, intake):
        for number in range(2, 5):
            dovecot.deliver(USER, a_mail(number))
        await intake.stored(4)
        await eventually(lambda: len(dovecot.folder(USER)) == 1)
        await idling(connector)
        assert connector.health().facts["missing"] == connector.health().facts["not_marked_or_moved"] == 0
    assert subjects(dovecot.folder(USER)) == [1]
    assert subjects(dovecot.folder(USER, imap_module.encode_mailbox(folder))) == [2, 3, 4]


async def test_where_mail_cannot_be_moved_it_is_still_imported(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = IMAP4.has_capability
    monkeypatch.setattr(
        IMAP4, "has_capability", lambda self, name: name not in ("MOVE", "UIDPLUS") and real(self, name)
    )
    connector = EmailConnector(settings_for(dovecot, after_import="move", move_to="Archive"))
    with pytest.raises(ConnectorError, match="after_import"):
        await connector.check()
    async with listening(connector, intake):
        dovecot.deliver(USER, a_mail(1))
        await intake.stored(1)
        dovecot.deliver(USER, a_mail(2))
        await intake.stored(2)
        await eventually(lambda: connector.health().facts["not_marked_or_moved"] == 2)
        assert "cannot move mail safely" in connector.health().detail
    assert dovecot.folder(USER) == [a_mail(1), a_mail(2)]


async def test_we_die_between_storing_and_moving(dovecot: Dovecot, intake: MemoryIntake) -> None:
    dovecot.deliver(USER, a_mail(1))
    intake.gate.clear()
    async with listening(EmailConnector(settings_for(dovecot, after_import="move", move_to="Archive")), intake):
        await intake.stored(1)
    assert len(dovecot.folder(USER)) == 1
    intake.gate.set()
    async with listening(EmailConnector(settings_for(dovecot, after_import="move", move_to="Archive")), intake):
        await eventually(lambda: not dovecot.folder(USER))
    assert (numbers(intake), subjects(dovecot.folder(USER, "Archive"))) == ([1], [1])


@pytest.mark.parametrize(("after", "seen"), [("seen", True), ("leave", False)])
async def test_marked_as_read_only_when_told_so(dovecot: Dovecot, intake: MemoryIntake, after: str, seen: bool) -> None:
    dovecot.deliver(USER, a_mail(1))
    connector = EmailConnector(settings_for(dovecot, after_import=after))
    async with listening(connector, intake):
        await intake.stored(1)
        await idling(connector)
    assert dovecot.is_seen(USER) == [seen]


async def test_a_mailbox_with_a_chinese_name(dovecot: Dovecot, intake: MemoryIntake) -> None:
    name = imap_module.encode_mailbox("投诉 & 建议")
    await dovecot.append(USER, a_mail(1), f'"{name}"')
    async with listening(EmailConnector(settings_for(dovecot, mailbox="投诉 & 建议")), intake):
        await intake.stored(1)


async def test_a_server_that_cannot_push_is_polled(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = IMAP4.has_capability
    monkeypatch.setattr(IMAP4, "has_capability", lambda self, name: name != "IDLE" and real(self, name))
    connector = EmailConnector(settings_for(dovecot, poll_s=0.05))
    async with listening(connector, intake):
        await idling(connector)
        dovecot.deliver(USER, a_mail(1))
        await intake.stored(1)


# --- several mailboxes ---------------------------------------------------------------------------------------------------


async def test_a_broken_mailbox_stops_no_other(dovecot: Dovecot, intake: MemoryIntake) -> None:
    other = settings_for(dovecot, address="vip@x.cn", imap_user="vip", imap_password="wrong")
    connector = EmailConnector(settings_for(dovecot), other)
    async with listening(connector, intake):
        dovecot.deliver(USER, a_mail(1))
        await intake.stored(1)
        await eventually(lambda: "refuses the login" in connector.health().detail)
        health = connector.health()
        assert not health.ok
        assert health.detail.startswith("mailbox 2 (INBOX): ")
        assert (health.facts["mailboxes"], health.facts["imported"]) == (2, 1)
        assert health.facts["mailbox 1 (INBOX) imported"] == 1
    with pytest.raises(ConnectorError, match=r"mailbox 2 \(INBOX\): .* imap_password") as caught:
        await connector.check()
    assert "mailbox 1" not in str(caught.value)


async def test_one_mail_to_two_of_our_mailboxes_is_one(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """Folders and accounts are followed each from its own place, and twins are stored once (trap 9)."""
    await dovecot.append(USER, a_mail(3), "Desk")
    connector = EmailConnector(
        settings_for(dovecot),
        settings_for(dovecot, address="vip@x.cn", imap_user="vip"),
        settings_for(dovecot, mailbox="Desk"),
    )
    async with listening(connector, intake):
        for user in (USER, "vip"):
            dovecot.deliver(user, b"Received: by " + user.encode() + b"\r\n" + a_mail(1))
        dovecot.deliver("vip", a_mail(2))
        await intake.stored(3)
        await eventually(lambda: connector.health().facts["known_before"] == 1)
        assert connector.health().ok
    assert sorted(numbers(intake)) == [1, 2, 3]
    assert len(intake.cursors) == 3
    assert connector.capabilities.own_addresses == ("kf@x.cn", "vip@x.cn")


# --- settings that do not work ---------------------------------------------------------------------------------------


async def test_check_says_what_is_wrong(dovecot: Dovecot) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"imap_password": "wrong"}, "imap_user and imap_password"),
        ({"imap_port": free_port()}, "imap_host, imap_port"),
        ({"mailbox": "Nowhere"}, "Nowhere"),
        ({"ca_file": None}, "ca_file"),
        ({"ca_file": "/nonexistent"}, "/nonexistent"),
        ({"imap_port": dovecot.imap_port}, "imap_tls"),
        ({"imap_host": "mail.nowhere.invalid"}, "imap_host, imap_port"),
        ({"imap_tls": "starttls", "imap_port": dovecot.imap_port, "ca_file": None}, "ca_file"),
        ({"imap_tls": "starttls", "imap_port": dovecot.imaps_port, "timeout_s": 1}, "broke off"),
    ]
    for changes, words in cases:
        with pytest.raises(ConnectorError, match=words) as caught:
            await EmailConnector(settings_for(dovecot, **changes)).check()
        assert dovecot.password not in str(caught.value)
        if set(changes) == {"imap_port"}:
            assert f"{dovecot.host}:{changes['imap_port']}" in str(caught.value)


@pytest.mark.parametrize(
    "answer", [b"a BAD no such command\r\n", b"a OK go on\r\n* PREAUTH welcome\r\n"], ids=["none", "more in the clear"]
)
async def test_encryption_that_does_not_begin_is_no_connection(dovecot: Dovecot, answer: bytes) -> None:
    """Neither a server without STARTTLS nor somebody who adds lines before it gets our password."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        heard.append(await reader.readline())
        writer.write(answer)
        heard.append(await reader.read())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    connector = EmailConnector(settings_for(dovecot, imap_tls="starttls", imap_port=server.sockets[0].getsockname()[1]))
    with pytest.raises(ConnectorError, match="does not offer STARTTLS"):
        await connector.check()
    await eventually(lambda: len(heard) == 2)
    assert heard == [b"a STARTTLS\r\n", b""]
    server.close()


async def test_a_server_that_takes_no_password_in_the_clear(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    real = IMAP4.has_capability
    monkeypatch.setattr(IMAP4, "has_capability", lambda self, name: name == "LOGINDISABLED" or real(self, name))
    with pytest.raises(ConnectorError, match="imap_tls to 'starttls'"):
        await EmailConnector(settings_for(dovecot)).check()


async def test_a_wrong_password_is_tried_again_slowly(dovecot: Dovecot, intake: MemoryIntake) -> None:
    connector = EmailConnector(settings_for(dovecot, imap_password="wrong"))
    async with listening(connector, intake):
        await eventually(lambda: "refuses the login" in connector.health().detail)
    assert not connector.health().ok
