"""Fetching from a real Dovecot: nothing is lost, nothing comes twice, whatever dies."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from aioimaplib import IMAP4

from connectors.email import EmailConnector, EmailSettings
from connectors.email import follower as follower_module
from connectors.email import imap as imap_module
from connectors.email.imap import ImapSession
from connectors.email.place import Place, Ranges
from connectors.port import ConnectorError, NotUnderstood
from tests.fakes import MemoryIntake, eventually, listening
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.network import Network
from tests.servers.oauth import TokenServer

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


# --- outages ---------------------------------------------------------------------------------------------------------


async def test_the_server_is_killed_while_we_wait(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """What arrived meanwhile is imported, once (traps 1, 6)."""
    connector = EmailConnector(settings_for(dovecot))
    async with listening(connector, intake):
        dovecot.deliver(USER, a_mail(1))
        await intake.stored(1)
        await idling(connector)
        await dovecot.kill()
        await eventually(lambda: not connector.health().ok)
        dovecot.deliver(USER, a_mail(2))
        await dovecot.start()
        await intake.stored(2)
        dovecot.deliver(USER, a_mail(3))
        await intake.stored(3)
    assert numbers(intake) == [1, 2, 3]


async def test_we_are_started_again(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """The place reached was stored with the mails: nothing is even asked for twice."""
    dovecot.deliver(USER, a_mail(1))
    async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(1)
        await idling(connector)
    dovecot.deliver(USER, a_mail(2))
    intake.messages.clear()
    async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(1)
        await idling(connector)
        assert connector.health().facts["imported"] == 2  # the count goes on too
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
    assert dovecot.is_seen(USER) == [True]


async def test_a_silent_network_is_noticed(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """No answer, no error, for ever: found out when IDLE is renewed (traps 6, 7)."""
    async with Network(dovecot.imaps_port) as network:
        connector = EmailConnector(settings_for(dovecot, imap_port=network.port, idle_s=0.5, timeout_s=0.5))
        async with listening(connector, intake):
            await idling(connector)
            network.silent = True
            await eventually(lambda: not connector.health().ok)
            assert "no answer" in connector.health().detail
            dovecot.deliver(USER, a_mail(1))
            network.silent = False
            await intake.stored(1)


async def test_an_idle_that_has_gone_deaf(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """The server's pushes are lost: the look after `idle_s` finds the mail all the same (trap 6)."""
    async with Network(dovecot.imap_port) as network:
        network.swallow = lambda data: b" EXISTS" in data and b"FLAGS" not in data
        settings = settings_for(dovecot, imap_tls="plain", imap_port=network.port, idle_s=0.5)
        async with listening(connector := EmailConnector(settings), intake):
            await idling(connector)
            dovecot.deliver(USER, a_mail(1))
            await intake.stored(1)
            assert connector.health().ok


async def test_a_mailbox_that_says_nothing_for_too_long_is_an_alarm(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """Whatever the loop hangs on: no sign of life is no health (traps 6, 7)."""
    ahead = timedelta()
    connector = EmailConnector(settings_for(dovecot), now=lambda: datetime.now(UTC) + ahead)
    async with listening(connector, intake):
        await idling(connector)
        ahead = timedelta(minutes=5)  # as long as an IDLE may last
        assert connector.health().ok
        ahead = timedelta(minutes=6)
        assert not connector.health().ok
        assert "no sign of life" in connector.health().detail


@pytest.mark.parametrize("after", ["leave", "move"])
async def test_forty_mails_through_every_kind_of_break(dovecot: Dovecot, intake: MemoryIntake, after: str) -> None:
    """Cut off, killed and silent in the middle: none is lost, none comes twice (traps 1, 3, 6)."""

    def deliver(first: int) -> None:
        for number in range(first, first + 8):
            dovecot.deliver(USER, a_mail(number))

    async with Network(dovecot.imaps_port) as network:
        settings = settings_for(
            dovecot, imap_port=network.port, idle_s=0.5, timeout_s=1, after_import=after, move_to="Archive"
        )
        async with listening(connector := EmailConnector(settings), intake):
            deliver(0)
            await intake.stored(1)
            network.cut()
            deliver(8)
            await intake.stored(9)
            await dovecot.kill()
            deliver(16)
            await dovecot.start()
            await intake.stored(17, timeout_s=30)
            network.silent = True
            deliver(24)
            await eventually(lambda: not connector.health().ok)
            network.silent = False
            await intake.stored(25, timeout_s=30)
            deliver(32)
            network.cut()
            await dovecot.kill()
            await dovecot.start()
            await intake.stored(40, timeout_s=30)
            await eventually(lambda: connector.health().ok and connector.health().facts["waiting"] == 0)
    assert sorted(numbers(intake)) == list(range(40))
    assert sorted(subjects(dovecot.folder(USER, "Archive" if after == "move" else "INBOX"))) == list(range(40))
    assert len(dovecot.folder(USER)) == (0 if after == "move" else 40)


async def test_waiting_is_renewed_for_ever(dovecot: Dovecot, intake: MemoryIntake) -> None:
    connector = EmailConnector(settings_for(dovecot, idle_s=0.05))
    async with listening(connector, intake):
        await idling(connector)
        first = connector.health().last_worked_at
        assert first is not None
        await eventually(lambda: (connector.health().last_worked_at or first) > first)
        dovecot.deliver(USER, a_mail(1))
        await intake.stored(1)
        assert connector.health().ok


async def test_the_inbox_is_down(dovecot: Dovecot, intake: MemoryIntake) -> None:
    dovecot.deliver(USER, a_mail(1))
    intake.down = True
    connector = EmailConnector(settings_for(dovecot, after_import="seen"))
    async with listening(connector, intake):
        await eventually(lambda: intake.calls > 0)
        intake.down = False
        await intake.stored(1)
        await eventually(lambda: connector.health().ok)


async def test_the_server_numbers_the_mailbox_anew(dovecot: Dovecot, intake: MemoryIntake) -> None:
    dovecot.deliver(USER, a_mail(1))
    dovecot.deliver(USER, a_mail(2))
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(2)
    place = reached(intake)
    set_back(
        intake, dataclasses.replace(place, uidvalidity=1)
    )  # as if these UIDs had been given under another UIDVALIDITY
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


async def test_a_mailbox_that_is_thrown_away_and_made_again(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """The same numbers for other mail: UIDVALIDITY tells, and what was known is not stored again (traps 3, 8)."""
    for number in (1, 2):
        await dovecot.append(USER, a_mail(number), "Desk")
    async with listening(connector := EmailConnector(settings_for(dovecot, mailbox="Desk", idle_s=0.2)), intake):
        await intake.stored(2)
        await idling(connector)
        await dovecot.command(USER, ("delete", "Desk"))
        for number in (2, 3):
            await dovecot.append(USER, a_mail(number), "Desk")
        await intake.stored(3)
        await eventually(lambda: connector.health().facts["known_before"] == 1)
    assert numbers(intake) == [1, 2, 3]


async def test_what_lay_there_before_the_first_start_stays_out_when_numbered_anew(
    dovecot: Dovecot, intake: MemoryIntake
) -> None:
    for number in (1, 2):
        dovecot.deliver(USER, a_mail(number), days_ago=30)
    async with listening(connector := EmailConnector(settings_for(dovecot, start="new")), intake):
        await idling(connector)
        assert connector.health().facts["skipped_at_start"] == 2
        dovecot.deliver(USER, a_mail(3))
        await intake.stored(1)
        await idling(connector)
    dovecot.deliver(USER, a_mail(4))  # while we were away
    set_back(intake, dataclasses.replace(reached(intake), uidvalidity=1))
    async with listening(connector := EmailConnector(settings_for(dovecot, start="new")), intake):
        await intake.stored(2)
        await idling(connector)
        facts = connector.health().facts
        assert (facts["skipped_at_start"], facts["known_before"], facts["missing"]) == (2, 1, 0)
    assert numbers(intake) == [3, 4]


async def test_two_readers_race(dovecot: Dovecot, intake: MemoryIntake) -> None:
    """Each mail is stored once, and neither reader minds the other (trap 9)."""
    for number in range(60):
        dovecot.deliver(USER, a_mail(number))
    one, other = (EmailConnector(settings_for(dovecot, after_import="move", move_to="Archive")) for _ in range(2))
    async with listening(one, intake), listening(other, intake):
        await intake.stored(60)
        await idling(one)
        await idling(other)
        await eventually(lambda: not dovecot.folder(USER))
    assert sorted(numbers(intake)) == list(range(60))
    # Two that move the same mail at the same moment may leave Dovecot with two copies; none is left without.
    assert set(subjects(dovecot.folder(USER, "Archive"))) == set(range(60))


# --- what was overlooked -----------------------------------------------------------------------------------------------


async def test_a_mail_that_goes_between_the_search_and_the_fetch(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others do not move up into its place (trap 3)."""
    for number in range(1, 6):
        await dovecot.append(USER, a_mail(number))
    real = ImapSession.sizes

    async def slowly(self: ImapSession, uids: Sequence[int]) -> dict[int, int]:
        if 2 in uids:
            await dovecot.command(USER, ("uid", "store", "2", "+FLAGS", r"(\Deleted)"), ("uid", "expunge", "2"))
        return await real(self, uids)

    monkeypatch.setattr(ImapSession, "sizes", slowly)
    async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(4)
        await idling(connector)
        assert connector.health().facts["missing"] == 0
    assert numbers(intake) == [1, 3, 4, 5]
    assert reached(intake).holes == ((2, 2),)


async def test_a_mail_the_server_did_not_list_is_found_later(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What the server has is compared with what was had (trap 2)."""
    for number in range(1, 4):
        await dovecot.append(USER, a_mail(number))
    real = ImapSession.uids_after

    async def forgetful(self: ImapSession, uid: int, since: date | None = None) -> list[int]:
        return [number for number in await real(self, uid, since) if number != 2]

    async def blind(self: ImapSession, wanted: Ranges) -> list[int]:
        return []

    monkeypatch.setattr(ImapSession, "uids_after", forgetful)
    with monkeypatch.context() as patch:
        patch.setattr(ImapSession, "uids_among", blind)
        async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
            await intake.stored(2)
            await idling(connector)
    assert (numbers(intake), reached(intake).holes) == ([1, 3], ((2, 2),))
    intake.gate.clear()
    async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(3)
        assert connector.health().facts["missing"] == 1
        assert "1 mails on the server were not read" in connector.health().detail
        intake.gate.set()
        await idling(connector)
        assert connector.health().facts["missing"] == 0
    assert "overlooked" in caplog.text
    assert (numbers(intake), reached(intake).holes) == ([1, 3, 2], ())


async def test_a_mail_the_server_lists_and_never_hands_over(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        await dovecot.append(USER, a_mail(number))
    real = ImapSession.fetch

    async def stubborn(self: ImapSession, uids: Sequence[int], expected_bytes: int) -> dict[int, bytes]:
        return {uid: raw for uid, raw in (await real(self, uids, expected_bytes)).items() if uid != 2}

    monkeypatch.setattr(ImapSession, "fetch", stubborn)
    async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(3)
        await idling(connector)
    (note,) = (message for message in intake.messages if message.external_id.startswith("unfetched/"))
    with pytest.raises(NotUnderstood, match="UID 2"):
        connector.parse(note)
    assert connector.health().facts["passed_over"] == 1
    assert reached(intake).holes == ()


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


# --- tokens instead of passwords ---------------------------------------------------------------------------------------


def with_tokens(server: Dovecot, tokens: TokenServer, **changes: Any) -> EmailSettings:
    oauth: dict[str, Any] = {
        "auth": "oauth2",
        "imap_password": "",
        "oauth_token_url": tokens.token_url,
        "oauth_client_id": "app",
        "oauth_client_secret": "app-secret",
        "oauth_refresh_token": "refresh-1",
    }
    return settings_for(server, **(oauth | changes))


async def test_a_mailbox_that_takes_tokens(intake: MemoryIntake, caplog: pytest.LogCaptureFixture) -> None:
    """Logged in by XOAUTH2; a token that is no longer good is replaced; one refresh token is good for all (trap 7)."""
    with caplog.at_level(logging.DEBUG):
        async with (
            TokenServer(USER) as tokens,
            Dovecot(introspection_url=tokens.introspection_url) as dovecot,
            Network(dovecot.imaps_port) as network,
        ):
            tokens.rotate = True
            async with listening(
                connector := EmailConnector(with_tokens(dovecot, tokens, imap_port=network.port)), intake
            ):
                dovecot.deliver(USER, a_mail(1))
                await intake.stored(1)
                await idling(connector)
                network.cut()
                dovecot.deliver(USER, a_mail(2))
                await intake.stored(2)
                assert len(tokens.given) == 1
                tokens.revoke()
                await idling(connector)
                network.cut()
                dovecot.deliver(USER, a_mail(3))
                await intake.stored(3)
                assert len(tokens.given) == 2
    assert [form.get("refresh_token") for form in tokens.asked] == ["refresh-1", "refresh-2"]
    for secret in ("access-1", "access-2", "refresh-1", "app-secret"):
        assert secret not in caplog.text


async def test_what_is_wrong_with_a_token_is_said(intake: MemoryIntake) -> None:
    async with TokenServer(USER) as tokens, Dovecot(introspection_url=tokens.introspection_url) as dovecot:
        settings = with_tokens(dovecot, tokens)
        await EmailConnector(settings)._followers[0].check()
        cases: list[tuple[dict[str, Any], str]] = [
            ({"oauth_refresh_token": "old"}, "invalid_grant: .*expired.* oauth_refresh_token"),
            ({"oauth_client_secret": "wrong"}, "oauth_client_id and oauth_client_secret"),
            ({"oauth_token_url": f"http://127.0.0.1:{free_port()}/"}, "oauth_token_url and the network"),
            ({"imap_user": "somebody-else"}, "refuses the access token"),
        ]
        for changes, words in cases:
            with pytest.raises(ConnectorError, match=words) as caught:
                await EmailConnector(dataclasses.replace(settings, **changes))._followers[0].check()
            for secret in ("app-secret", "'old'", "wrong is", "access-"):
                assert secret not in str(caught.value)
        tokens.broken = True
        connector = EmailConnector(settings)
        async with listening(connector, intake):
            await eventually(lambda: "in trouble (503" in connector.health().detail)
            tokens.broken = False
            dovecot.deliver(USER, a_mail(1))
            await intake.stored(1)


async def test_a_server_that_takes_no_tokens(dovecot: Dovecot) -> None:
    async with TokenServer() as tokens:
        with pytest.raises(ConnectorError, match="does not offer XOAUTH2"):
            await EmailConnector(with_tokens(dovecot, tokens))._followers[0].check()


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
