"""Roads: by which channel and address somebody is written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.roads import Road, choose_road, closed_roads, closing
from bot.storage import codec
from bot.storage.models import AddressRow
from bot.storage.values import Outgoing
from connectors.port import Form
from tests.unit.bot.desk_kit import CHAT, MAIL, SMS, FakeChannel

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

CHANNELS = {
    channel.channel: channel
    for channel in (
        FakeChannel("chat", CHAT),
        FakeChannel("other", CHAT),
        FakeChannel("windowed", replace(CHAT, proactive_window=timedelta(hours=48))),
        FakeChannel("sms", SMS),
        FakeChannel("email", MAIL),
        FakeChannel("templated", replace(SMS, templates=frozenset({"survey"}))),
    )
}


def at(channel: str, address: str = "p", seen: timedelta | None = None, **more: Any) -> AddressRow:
    """Return an address of the person's. seen: how long ago they last wrote from it, None = never."""
    values: dict[str, Any] = {"proven": True, "muted": False} | more
    last = None if seen is None else NOW - seen
    return AddressRow(channel=channel, address=address, person="p1", created_at=NOW, last_inbound_at=last, **values)


def message(tried: tuple[Road, ...] = (), **more: Any) -> Outgoing:
    written = codec.dumps([list(road) for road in tried]) if tried else ""
    return Outgoing(key="k", lane="l", notice="n", created_at=NOW, due_at=NOW, tried=written, **more)


def answer(channel: str = "chat", address: str = "p", **more: Any) -> Outgoing:
    return message(answer=True, channel=channel, address=address, **more)


ALL = (at("sms", seen=HOUR), at("email", seen=2 * HOUR), at("chat", seen=3 * HOUR))


@pytest.mark.parametrize(
    ("outgoing", "addresses", "road"),
    [
        pytest.param(answer("email"), ALL, ("email", "p"), id="back to where the question came from"),
        pytest.param(answer("chat", "stranger"), (), ("chat", "stranger"), id="even to an address nobody keeps"),
        pytest.param(answer(), (at("chat", muted=True),), ("chat", "p"), id="even to one who wants no notices"),
        pytest.param(
            answer("windowed"), (at("windowed", seen=99 * HOUR),), ("windowed", "p"), id="the window is no matter"
        ),
        pytest.param(answer(tried=(("chat", "p"),)), ALL, None, id="and nowhere else once that is closed"),
        pytest.param(answer("fax"), ALL, None, id="nor when the channel is gone"),
    ],
)
@pytest.mark.parametrize("staff", [False, True])
def test_an_answer_goes_back_and_nowhere_else(
    outgoing: Outgoing, addresses: tuple[AddressRow, ...], road: Road | None, staff: bool
) -> None:
    assert choose_road(outgoing, addresses, CHANNELS, staff, NOW) == road


@pytest.mark.parametrize(
    ("outgoing", "addresses", "road"),
    [
        pytest.param(message(), ALL, ("chat", "p"), id="chat before all, however long ago"),
        pytest.param(message(), (at("sms", seen=HOUR), at("email")), ("email", "p"), id="mail before SMS"),
        pytest.param(message(), (at("sms"),), ("sms", "p"), id="SMS if there is nothing else"),
        pytest.param(
            message(), (at("chat", seen=5 * HOUR), at("other", seen=HOUR)), ("other", "p"), id="of two chats the later"
        ),
        pytest.param(
            message(),
            (at("chat", "a", seen=HOUR), at("chat", "b", seen=2 * HOUR)),
            ("chat", "a"),
            id="of one channel too",
        ),
        pytest.param(message(), (at("chat"), at("other", seen=900 * HOUR)), ("other", "p"), id="never written: last"),
        pytest.param(message(), (at("other"), at("chat")), ("chat", "p"), id="else by name, so that it stays the same"),
        pytest.param(
            message(), (at("chat", proven=False, seen=HOUR), at("sms")), ("sms", "p"), id="only where they proved to be"
        ),
        pytest.param(message(), (at("chat", proven=False),), None, id="a claimed address is no road"),
        pytest.param(message(), (at("chat", muted=True), at("email")), ("email", "p"), id="not where they said stop"),
        pytest.param(message(tried=(("chat", "p"),)), ALL, ("email", "p"), id="the next road when one is closed"),
        pytest.param(message(tried=(("chat", "p"), ("email", "p"))), ALL, ("sms", "p"), id="and the one after that"),
        pytest.param(
            message(tried=(("chat", "p"), ("email", "p"), ("sms", "p"))), ALL, None, id="none when all are closed"
        ),
        pytest.param(
            message(tried=(("chat", "q"),)), ALL, ("chat", "p"), id="another's address on that channel is another road"
        ),
        pytest.param(message(), (at("fax"), at("sms")), ("sms", "p"), id="a channel that is no longer served"),
        pytest.param(message(form=Form.SMS), ALL, ("sms", "p"), id="a copy that must go by SMS"),
        pytest.param(message(form=Form.EMAIL), (at("chat"), at("sms")), None, id="a copy by mail for one without"),
    ],
)
def test_staff_are_met_by_chat_then_mail_then_sms_where_they_proved_who_they_are(
    outgoing: Outgoing, addresses: tuple[AddressRow, ...], road: Road | None
) -> None:
    assert choose_road(outgoing, addresses, CHANNELS, True, NOW) == road
    assert choose_road(outgoing, addresses[::-1], CHANNELS, True, NOW) == road


@pytest.mark.parametrize(
    ("outgoing", "addresses", "road"),
    [
        pytest.param(message(), ALL, ("sms", "p"), id="where they last wrote"),
        pytest.param(message(), (at("chat", seen=HOUR), at("sms")), ("chat", "p"), id="never written: last"),
        pytest.param(message(), (at("sms"), at("email"), at("chat")), ("chat", "p"), id="never written at all"),
        pytest.param(message(), (at("email", proven=False, seen=HOUR),), ("email", "p"), id="proven or not"),
        pytest.param(
            message(), (at("sms", seen=HOUR, muted=True), at("email", seen=9 * HOUR)), ("email", "p"), id="not muted"
        ),
        pytest.param(message(), (at("chat", muted=True),), None, id="all muted"),
        pytest.param(message(tried=(("sms", "p"),)), ALL, ("email", "p"), id="the next when one is closed"),
        pytest.param(message(form=Form.EMAIL), ALL, ("email", "p"), id="a copy by mail"),
        pytest.param(message(), (), None, id="nowhere"),
    ],
)
def test_customers_are_met_where_they_last_wrote(
    outgoing: Outgoing, addresses: tuple[AddressRow, ...], road: Road | None
) -> None:
    assert choose_road(outgoing, addresses, CHANNELS, False, NOW) == road
    assert choose_road(outgoing, addresses[::-1], CHANNELS, False, NOW) == road


@pytest.mark.parametrize(
    ("seen", "open_"),
    [
        pytest.param(timedelta(), True, id="just now"),
        pytest.param(timedelta(hours=48), True, id="at its very end"),
        pytest.param(timedelta(hours=48, microseconds=1), False, id="just over"),
        pytest.param(None, False, id="never wrote"),
    ],
)
@pytest.mark.parametrize("staff", [False, True])
def test_a_channel_with_a_window_is_open_so_long_after_they_wrote(
    seen: timedelta | None, open_: bool, staff: bool
) -> None:
    addresses = (at("windowed", seen=seen), at("sms", seen=900 * HOUR))
    assert choose_road(message(), addresses, CHANNELS, staff, NOW) == (("windowed" if open_ else "sms"), "p")


def test_roads_close_one_by_one_and_stay_closed() -> None:
    outgoing = message(channel="chat", address="p")
    assert closed_roads(outgoing) == set()
    for channel, address in (("chat", "p"), ("email", "王@例子.cn"), ("chat", "p"), ("sms", '+86"')):
        outgoing = replace(outgoing, channel=channel, address=address)
        outgoing = replace(outgoing, tried=closing(outgoing))
    assert closed_roads(outgoing) == {("chat", "p"), ("email", "王@例子.cn"), ("sms", '+86"')}


@pytest.mark.parametrize(
    ("notice", "road"),
    [
        pytest.param("survey", ("templated", "p"), id="the one it has a template for"),
        pytest.param("n", ("email", "p"), id="another takes the next road"),
    ],
)
def test_a_channel_of_approved_templates_carries_those_notices_only(notice: str, road: Road) -> None:
    """Trap 24."""
    addresses = (at("templated", seen=HOUR), at("email", seen=2 * HOUR))
    assert choose_road(replace(message(), notice=notice), addresses, CHANNELS, False, NOW) == road


def test_nor_does_it_carry_other_answers() -> None:
    assert choose_road(answer("templated"), (), CHANNELS, False, NOW) is None
    assert choose_road(replace(answer("templated"), notice="survey"), (), CHANNELS, False, NOW) == ("templated", "p")
