"""Servers that die, go silent or number anew: every mail comes in, and once."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.email import EmailConnector
from connectors.email.imap import ImapSession
from connectors.email.place import Ranges
from connectors.port import NotUnderstood
from tests.fakes import MemoryIntake, eventually, listening
from tests.integration.imap_kit import USER, a_mail, idling, numbers, reached, set_back, settings_for, subjects
from tests.servers.dovecot import Dovecot
from tests.servers.network import Network

pytestmark = pytest.mark.usefixtures("short_pauses")


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


async def dies_of(
    number: int, intake: MemoryIntake, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, *, killed: bool
) -> tuple[int, EmailConnector]:
    """Start us again and again, each fetch of one mail being our end; return how often, and who lived. killed: nothing can be
    written down any more, as when the system takes the memory back.
    """
    real = ImapSession.fetch
    died = asyncio.Event()
    on_disk: dict[str, str] = {}

    async def deadly(self: ImapSession, uids: Sequence[int], expected_bytes: int) -> dict[int, bytes]:
        if number in uids:
            on_disk.update(intake.cursors)
            died.set()
            await asyncio.Event().wait()
        return await real(self, uids, expected_bytes)

    with monkeypatch.context() as patch:
        patch.setattr(ImapSession, "fetch", deadly)
        for deaths in range(6):
            died.clear()
            async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
                await eventually(lambda: died.is_set() or has_all(connector))
            if not died.is_set():
                return deaths, connector
            if killed:
                intake.cursors.update(on_disk)
    return 6, connector


def has_all(connector: EmailConnector) -> bool:
    return connector.health().ok and connector.health().facts.get("waiting") == 0


async def test_a_mail_that_kills_us_is_passed_over(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once with those around it, twice alone; then it is told to a person, and the good mail behind it is read."""
    for number in range(1, 4):
        await dovecot.append(USER, a_mail(number))
    deaths, connector = await dies_of(2, intake, dovecot, monkeypatch, killed=True)
    assert deaths == 3
    assert [message.conversation for message in intake.messages] == ["z1@qq.com", "", "z3@qq.com"]
    (note,) = (message for message in intake.messages if message.external_id.startswith("unfetched/"))
    with pytest.raises(NotUnderstood, match="UID 2"):
        connector.parse(note)
    assert (connector.health().facts["passed_over"], reached(intake).tried) == (1, ())


async def test_a_mail_that_kills_us_while_we_run_is_passed_over_too(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await dovecot.append(USER, a_mail(1))
    async with listening(connector := EmailConnector(settings_for(dovecot)), intake):
        await idling(connector)
        assert reached(intake).tried == ()
        calls = intake.calls
        await dovecot.append(USER, a_mail(2))
        await intake.stored(2)
        await idling(connector)
        assert intake.calls == calls + 2  # the mail, and what it came to: nothing is noted beforehand while all is well
    await dovecot.append(USER, a_mail(3))
    await dovecot.append(USER, a_mail(4))
    deaths, _ = await dies_of(3, intake, dovecot, monkeypatch, killed=True)
    assert deaths == 3
    assert [message.conversation for message in intake.messages] == ["z1@qq.com", "z2@qq.com", "", "z4@qq.com"]


async def test_a_mail_during_which_we_are_stopped_is_not_to_blame(
    dovecot: Dovecot, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        await dovecot.append(USER, a_mail(number))
    deaths, _ = await dies_of(2, intake, dovecot, monkeypatch, killed=False)
    assert (deaths, reached(intake).tried) == (6, ())
    async with listening(EmailConnector(settings_for(dovecot)), intake):
        await intake.stored(3)
    assert numbers(intake) == [1, 2, 3]
