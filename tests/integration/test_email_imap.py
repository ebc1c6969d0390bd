"""Fetching from a real Dovecot: nothing is lost, nothing comes twice, whatever dies."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aioimaplib import IMAP4

from connectors.email import EmailConnector, EmailSettings
from connectors.email import follower as follower_module
from connectors.email import imap as imap_module
from connectors.email.place import Place
from connectors.port import ConnectorError, NotUnderstood
from tests.fakes import MemoryIntake, listening
from tests.servers.dovecot import Dovecot, free_port

USER = "kf"


@pytest.fixture
async def dovecot() -> AsyncIterator[Dovecot]:
    async with Dovecot() as server:
        yield server


@pytest.fixture
def intake() -> MemoryIntake:
    return MemoryIntake()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_module, "_FIRST_PAUSE_S", 0.05)


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


def reached(intake: MemoryIntake) -> Place:
    """Return the place that is stored for the only mailbox."""
    (value,) = intake.cursors.values()
    return Place.loads(value)


def set_back(intake: MemoryIntake, place: Place) -> None:
    (name,) = intake.cursors
    intake.cursors[name] = place.dumps()


async def until(condition: Callable[[], bool], timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - health is a question, it announces nothing
            await asyncio.sleep(0.01)


async def idling(connector: EmailConnector) -> None:
    """Wait until the connector has taken all there is."""
    await until(lambda: connector.health().ok and connector.health().facts.get("waiting") == 0)


@contextlib.asynccontextmanager
async def relay(port: int) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """A stretch of network in front of a port; once the event is set nothing gets through, and nobody is told."""
    cut = asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if not cut.is_set():
                    writer.write(data)
                    await writer.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(pump(reader, back))
                group.create_task(pump(there, writer))
        finally:
            for each in (writer, back):
                each.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], cut
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


# --- the ordinary way ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["tls", "plain"])
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


async def test_only_what_is_new_when_told_so(dovecot: Dovecot, intake: MemoryIntake) -> None:
    await dovecot.append(USER, a_mail(1))
    connector = EmailConnector(settings_for(dovecot, start="new"))
    async with listening(connector, intake):
        await idling(connector)
        await dovecot.append(USER, a_mail(2))
        await intake.stored(1)
    assert numbers(intake) == [2]


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


# --- outages ---------------------------------------------------------------------------------------------------------


async def test_the_server_is_killed_while_we_wait(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """What arrived meanwhile is imported, once (traps 1, 6)."""
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        dovecot.deliver(USER, a_mail(1))
        await intake.stored(1)
        await idling(connector)
        await dovecot.kill()
        await until(lambda: not connector.health().ok)
        dovecot.deliver(USER, a_mail(2))
        await dovecot.start()
        await intake.stored(2)
        dovecot.deliver(USER, a_mail(3))
        await intake.stored(3)
    assert numbers(intake) == [1, 2, 3]


async def test_we_are_started_again(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """The place reached was stored with the mails: nothing is even asked for twice."""
    dovecot.deliver(USER, a_mail(1))
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(1)
    dovecot.deliver(USER, a_mail(2))
    intake.messages.clear()
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(1)
    assert numbers(intake) == [2]


async def test_we_die_between_storing_and_marking(dovecot: Dovecot, intake: MemoryIntake) -> None:
    dovecot.deliver(USER, a_mail(1))
    intake.gate.clear()
    async with listening(EmailConnector(settings_for(dovecot, after_import="seen")), intake):
        await intake.stored(1)
    assert dovecot.is_seen(USER) == [False]
    intake.gate.set()
    connector = EmailConnector(settings_for(dovecot, after_import="seen"))
    async with listening(connector, intake):
        await idling(connector)
    assert numbers(intake) == [1]


async def test_a_silent_network_is_noticed(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """No answer, no error, for ever: found out when IDLE is renewed (traps 6, 7)."""
    async with relay(dovecot.imaps_port) as (port, cut):
        connector = EmailConnector(settings_for(dovecot, imap_port=port, idle_s=0.5, timeout_s=0.5))
        async with listening(connector, intake):
            await idling(connector)
            cut.set()
            await until(lambda: not connector.health().ok)
            assert "no answer" in connector.health().detail
            dovecot.deliver(USER, a_mail(1))
            cut.clear()
            await intake.stored(1)


async def test_waiting_is_renewed_for_ever(dovecot: Dovecot, intake: MemoryIntake) -> None:
    connector = EmailConnector(settings_for(dovecot, idle_s=0.05))
    async with listening(connector, intake):
        await idling(connector)
        first = connector.health().last_worked_at
        assert first is not None
        await until(lambda: (connector.health().last_worked_at or first) > first)
        dovecot.deliver(USER, a_mail(1))
        await intake.stored(1)
        assert connector.health().ok


async def test_the_inbox_is_down(dovecot: Dovecot, intake: MemoryIntake) -> None:
    dovecot.deliver(USER, a_mail(1))
    intake.down = True
    connector = EmailConnector(settings_for(dovecot, after_import="seen"))
    async with listening(connector, intake):
        await until(lambda: intake.calls > 0)
        intake.down = False
        await intake.stored(1)
        await until(lambda: connector.health().ok)


async def test_the_server_numbers_the_mailbox_anew(dovecot: Dovecot, intake: MemoryIntake) -> None:
    dovecot.deliver(USER, a_mail(1))
    dovecot.deliver(USER, a_mail(2))
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(2)
    place = reached(intake)
    set_back(intake, dataclasses.replace(place, uidvalidity=1))  # as if these UIDs had been given under another UIDVALIDITY
    dovecot.deliver(USER, a_mail(3))
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        await intake.stored(3)
        await idling(connector)
    assert numbers(intake) == [1, 2, 3]
    assert (reached(intake).uidvalidity, reached(intake).last_uid) == (place.uidvalidity, 3)


async def test_a_mailbox_put_back_from_a_backup(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """Old numbers for new mail, and the UIDVALIDITY unchanged: still nothing is lost."""
    dovecot.deliver(USER, a_mail(1))
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(1)
    set_back(intake, dataclasses.replace(reached(intake), last_uid=500))
    dovecot.deliver(USER, a_mail(2))
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(2)
    assert numbers(intake) == [1, 2]


# --- odd mail --------------------------------------------------------------------------------------------------------


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


# --- settings that do not work ---------------------------------------------------------------------------------------


async def test_check_says_what_is_wrong(dovecot: Dovecot) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"imap_password": "wrong"}, "imap_user and imap_password"),
        ({"imap_port": free_port()}, "imap_host, imap_port"),
        ({"mailbox": "Nowhere"}, "Nowhere"),
        ({"ca_file": None}, "ca_file"),
        ({"ca_file": "/nonexistent"}, "/nonexistent"),
        ({"imap_port": dovecot.imap_port}, "imap_tls"),
    ]
    for changes, words in cases:
        with pytest.raises(ConnectorError, match=words) as caught:
            await EmailConnector(settings_for(dovecot, **changes)).check()
        assert dovecot.password not in str(caught.value)
        if "imap_port" in changes:
            assert f"{dovecot.host}:{changes['imap_port']}" in str(caught.value)


async def test_a_wrong_password_is_tried_again_slowly(dovecot: Dovecot, intake: MemoryIntake) -> None:
    connector = EmailConnector(settings_for(dovecot, imap_password="wrong"))
    async with listening(connector, intake):
        await until(lambda: "refuses the login" in connector.health().detail)
    assert not connector.health().ok
