"""What every implementation of a port must do, as test classes to inherit from.

    class TestMemoryLog(ConversationLogContract):
        @pytest.fixture
        def log(self) -> ConversationLog:
            return MemoryLog()

The fakes and the real ones run through the same class; a connector's contract runs over any pair of intake and log.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.port import (
    Attachment,
    Button,
    Command,
    Connector,
    ConversationLog,
    IncomingMessage,
    Intake,
    NotUnderstood,
    OutgoingMessage,
    RawMessage,
    WillNotDeliver,
)
from tests.fakes import MemoryIntake, MemoryLog, listening

WEB, SMS = "web", "sms"
JUNK = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([b"[" * 100_000, b'{"text": 7}', b'{"text": ""}', b"null", b'"x"', b"1" * 10_000]),
    st.sampled_from([b'{"text":"x","sent_at":"2026-01-01"}', b'{"text":"x","sent_at":7}']),
    st.sampled_from([b'{"text":"x","sent_at":"0001-01-01T00:00:00+14:00"}', b'{"text":"\\u0000"}']),
)


def a_message(external_id: str, *, channel: str = WEB, conversation: str = "c1", raw: bytes = b"x") -> RawMessage:
    return RawMessage(channel, external_id, conversation, raw)


class IntakeContract:
    """`Intake`: the inheriting class gives the fixture `intake`, empty."""

    async def test_a_message_is_new_once(self, intake: Intake) -> None:
        assert await intake.store([a_message("1")]) == [True]
        assert await intake.store([a_message("1")]) == [False]

    async def test_identity_is_channel_and_external_id(self, intake: Intake) -> None:
        assert await intake.store([a_message("1"), a_message("1", channel=SMS), a_message("2")]) == [True] * 3
        assert await intake.store([a_message("1", conversation="other", raw=b"else"), a_message("3")]) == [False, True]

    async def test_a_double_within_one_call_is_new_once(self, intake: Intake) -> None:
        assert await intake.store([a_message("1"), a_message("1")]) == [True, False]

    async def test_nothing_at_all_may_be_stored(self, intake: Intake) -> None:
        assert await intake.store([]) == []

    async def test_any_bytes_and_no_conversation(self, intake: Intake) -> None:
        assert await intake.store([a_message("1", conversation="", raw=bytes(range(256)))]) == [True]

    async def test_of_two_at_the_same_time_one_is_new(self, intake: Intake) -> None:
        answers = await asyncio.gather(*(intake.store([a_message("1")]) for _ in range(5)))
        assert sorted(answers) == [[False]] * 4 + [[True]]

    async def test_a_cursor_is_kept_with_or_without_messages(self, intake: Intake) -> None:
        assert await intake.cursor("offset") is None
        await intake.store([a_message("1")], cursor=("offset", "7"))
        await intake.store([], cursor=("offset", "8"))
        await intake.store([], cursor=("uid", "1"))
        assert await intake.cursor("offset") == "8"
        assert await intake.cursor("uid") == "1"


class ConversationLogContract:
    """`ConversationLog`: the inheriting class gives the fixture `log`, empty."""

    async def test_a_line_comes_back_as_it_was_written(self, log: ConversationLog) -> None:
        text = "电梯停了两天\n<b>急</b> 😤"
        buttons = (Button("满意", "满意"), Button("Not yet", "no"))
        written = await log.append(WEB, "c1", "k1", outgoing=True, text=text, buttons=buttons)
        assert (written.key, written.outgoing, written.text, written.buttons) == ("k1", True, text, buttons)
        assert written.at.utcoffset() == timedelta(0)
        assert written.seq > 0
        [read] = await log.since(WEB, "c1", 0)
        assert read == written
        assert read.at.astimezone(UTC) == read.at

    async def test_a_lines_files_come_back_with_it(self, log: ConversationLog) -> None:
        files = (
            Attachment("上门.ics", "text/calendar", bytes(range(256)), 256),
            Attachment("a.txt", "text/plain", b"x", 1),
        )
        written = await log.append(WEB, "c1", "k1", outgoing=True, text="定了", files=files)
        [read] = await log.since(WEB, "c1", 0)
        assert written.files == read.files == files
        assert (await log.append(WEB, "c1", "k2", outgoing=True, text="好")).files == ()

    async def test_a_lines_menu_comes_back_with_it(self, log: ConversationLog) -> None:
        menu = (Command("status", "进度", "进度：到哪一步了"),)
        for key, said in (("k1", menu), ("k2", ()), ("k3", None)):
            assert (await log.append(WEB, "c1", key, outgoing=True, text="好", menu=said)).menu == said
        assert [line.menu for line in await log.since(WEB, "c1", 0)] == [menu, (), None]

    async def test_the_same_key_is_one_line(self, log: ConversationLog) -> None:
        first = await log.append(WEB, "c1", "k1", outgoing=True, text="一")
        again = await log.append(WEB, "c1", "k1", outgoing=True, text="二")
        assert again == first
        assert await log.since(WEB, "c1", 0) == [first]

    async def test_a_line_says_which_stands_above_it(self, log: ConversationLog) -> None:
        first = await log.append(WEB, "c1", "k1", outgoing=False, text="一")
        await log.append(WEB, "c2", "k1", outgoing=False, text="别处")
        second = await log.append(WEB, "c1", "k2", outgoing=True, text="二")
        assert (first.after, second.after) == (0, first.seq)
        # Of one that stands there already nobody knows what was written since.
        assert (await log.append(WEB, "c1", "k1", outgoing=False, text="一")).after is None

    async def test_the_same_key_elsewhere_is_another_line(self, log: ConversationLog) -> None:
        for channel, conversation in ((WEB, "c1"), (WEB, "c2"), (SMS, "c1")):
            await log.append(channel, conversation, "k1", outgoing=True, text=f"{channel} {conversation}")
        for channel, conversation in ((WEB, "c1"), (WEB, "c2"), (SMS, "c1")):
            assert [line.text for line in await log.since(channel, conversation, 0)] == [f"{channel} {conversation}"]

    async def test_since_goes_on_where_it_stopped(self, log: ConversationLog) -> None:
        lines = [await log.append(WEB, "c1", f"k{n}", outgoing=n % 2 == 0, text=str(n)) for n in range(7)]
        assert await log.since(WEB, "c1", 0, limit=3) == lines[:3]
        assert await log.since(WEB, "c1", lines[2].seq, limit=3) == lines[3:6]
        assert await log.since(WEB, "c1", lines[5].seq) == lines[6:]
        assert await log.since(WEB, "c1", lines[6].seq) == []
        assert await log.since(WEB, "nobody", 0) == []

    async def test_lines_written_at_the_same_time_all_stand_in_one_order(self, log: ConversationLog) -> None:
        written = await asyncio.gather(
            *(log.append(WEB, "c1", f"k{n % 10}", outgoing=True, text=str(n % 10)) for n in range(20))
        )
        read = await log.since(WEB, "c1", 0)
        assert [line.seq for line in read] == sorted({line.seq for line in written})
        assert sorted(line.text for line in read) == [str(n) for n in range(10)]


class ConnectorContract(ABC):
    """`Connector`, for channels whose lines live in a `ConversationLog`. Override `intake` and `log` to run over others."""

    address: str
    wrong_addresses: Sequence[str]

    @abstractmethod
    def make(self, log: ConversationLog) -> Connector:
        """Return the connector over `log`, not yet listening."""

    @abstractmethod
    async def says(self, connector: Connector, text: str, message_id: str) -> None:
        """Let the person at `address` say `text`, the way the channel really brings it in."""

    @pytest.fixture
    def intake(self) -> Intake:
        return MemoryIntake()

    @pytest.fixture
    def log(self) -> ConversationLog:
        return MemoryLog()

    @pytest.fixture
    def connector(self, log: ConversationLog) -> Connector:
        return self.make(log)

    async def test_a_message_sent_twice_is_shown_once(self, connector: Connector, log: ConversationLog) -> None:
        message = OutgoingMessage(key="TS1/ack", address=self.address, text="已收到")
        first, again = await connector.send(message), await connector.send(message)
        assert connector.capabilities.idempotent_send
        assert first.external_id == again.external_id
        assert [line.text for line in await log.since(connector.channel, self.address, 0)] == ["已收到"]

    async def test_a_long_text_is_carried_whole_or_refused(self, connector: Connector, log: ConversationLog) -> None:
        limit = connector.capabilities.max_chars
        assert limit is not None
        await connector.send(OutgoingMessage(key="k1", address=self.address, text="长" * limit))
        assert [len(line.text) for line in await log.since(connector.channel, self.address, 0)] == [limit]

    async def test_files_are_carried_or_left_out_and_the_words_are_said(
        self, connector: Connector, log: ConversationLog
    ) -> None:
        data = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        file = Attachment("TS1 上门.ics", "text/calendar; method=PUBLISH", data, len(data))
        message = OutgoingMessage(key="k1", address=self.address, text="上门时间定了", attachments=(file,))
        await connector.send(message)
        await connector.send(message)
        [line] = await log.since(connector.channel, self.address, 0)
        assert line.text == "上门时间定了"
        carried = connector.capabilities.sends_bytes >= len(data)
        assert [(each.name, each.type, each.data) for each in line.files] == [
            (file.name, file.type, data) for _ in range(carried)
        ]

    async def test_a_wrong_address_will_never_be_delivered(self, connector: Connector) -> None:
        for address in self.wrong_addresses:
            with pytest.raises(WillNotDeliver):
                await connector.send(OutgoingMessage(key="k1", address=address, text="已收到"))

    async def test_what_a_person_says_is_stored_and_understood(
        self, connector: Connector, log: ConversationLog, intake: Intake
    ) -> None:
        kept = _Keeping(intake)
        async with listening(connector, kept):
            await self.says(connector, "路灯不亮\n三天了", "m-1")
            await self.says(connector, "路灯不亮\n三天了", "m-1")
        assert [message.external_id for message in kept.messages] == [f"{self.address}:m-1"] * len(kept.messages)
        understood = connector.parse(kept.messages[0])
        assert isinstance(understood, IncomingMessage)
        assert understood.channel == connector.channel
        assert understood.conversation == self.address
        assert understood.sender is not None
        assert understood.sender.address == self.address
        assert understood.text == understood.visible_reply == "路灯不亮\n三天了"
        assert understood.sent_at is not None
        assert understood.sent_at.utcoffset() == timedelta(0)
        assert connector.parse(kept.messages[0]) == understood
        [line] = await log.since(connector.channel, self.address, 0)
        assert (line.outgoing, line.text) == (False, "路灯不亮\n三天了")

    async def test_health_follows_listening(self, connector: Connector, intake: Intake) -> None:
        assert not connector.health().ok
        async with listening(connector, intake):
            assert connector.health().ok
            assert connector.health().last_worked_at is not None
        assert not connector.health().ok

    async def test_closing_twice_is_harmless(self, connector: Connector) -> None:
        await connector.close()
        await connector.close()

    async def test_checking_needs_no_listening(self, connector: Connector) -> None:
        await connector.check()

    def test_parsing_junk_raises_nothing_but_not_understood(self) -> None:
        connector = self.make(MemoryLog())

        @given(raw=JUNK)
        def junk(raw: bytes) -> None:
            with pytest.raises(NotUnderstood):
                connector.parse(RawMessage(connector.channel, "x:1", self.address, raw))

        junk()

    def test_parsing_needs_a_sender(self) -> None:
        connector = self.make(MemoryLog())
        for conversation in ("", *self.wrong_addresses):
            with pytest.raises(NotUnderstood):
                connector.parse(RawMessage(connector.channel, "x:1", conversation, b'{"text":"hello"}'))

    def test_half_characters_and_controls_never_reach_the_core(self) -> None:
        connector = self.make(MemoryLog())
        raw = RawMessage(connector.channel, "x:1", self.address, b'{"text":"a\\ud800b\\u0000c\\u0007\\r\\nd"}')
        assert connector.parse(raw).text == "a\ufffdbc\nd"


class _Keeping:
    """Any intake, and what went into it."""

    def __init__(self, intake: Intake) -> None:
        self.messages: list[RawMessage] = []
        self._intake = intake

    async def store(self, messages: Sequence[RawMessage], *, cursor: tuple[str, str] | None = None) -> list[bool]:
        self.messages += messages
        return await self._intake.store(messages, cursor=cursor)

    async def cursor(self, name: str) -> str | None:
        return await self._intake.cursor(name)
