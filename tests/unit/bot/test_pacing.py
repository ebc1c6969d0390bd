"""Pacing: the limits of a channel hold whatever happens, nobody waits for another's limit, and a long line costs little."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import Pacer, PutOff, Wait
from connectors.port import Limit
from scheduler.port import Retries

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
RETRIES = Retries(timedelta(seconds=5), timedelta(hours=1))


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def pacer(*limits: Limit) -> Pacer:
    return Pacer({"chat": limits}, RETRIES)


def goes(pacer: Pacer, address: str, now: datetime, channel: str = "chat") -> bool:
    """Say whether a message to the address may go, and let it go."""
    if pacer.take(channel, address, now, urgent=False) is not None:
        return False
    pacer.sent(channel, address, now)
    return True


@given(
    st.lists(st.tuples(st.floats(0, 3), st.sampled_from("ab"), st.floats(0, 2), st.booleans()), max_size=60),
    st.integers(1, 4),
    st.floats(0.1, 5),
)
def test_within_any_span_no_more_than_the_limit_go_out(
    calls: list[tuple[float, str, float, bool]], count: int, per_s: float
) -> None:
    """Trap 22. However slowly or unevenly what was claimed is handed over."""
    pace = pacer(Limit(count, per_s), Limit(1, per_s, each=True))
    now, under_way, sent = NOW, deque[tuple[datetime, str, bool]](), list[tuple[datetime, str]]()
    for pause, address, slowness, gives_back in calls:
        now += timedelta(seconds=pause)
        while under_way and under_way[0][0] <= now:
            _, whom, back = under_way.popleft()
            if back:
                pace.give_back("chat", whom)
            else:
                pace.sent("chat", whom, now)
                sent.append((now, whom))
        if pace.take("chat", address, now, urgent=False) is None:
            under_way.append((now + timedelta(seconds=slowness), address, gives_back))
    span = timedelta(seconds=per_s)
    for at, whom in sent:
        recent = [each for each in sent if at - span < each[0] <= at]
        assert len(recent) <= count
        assert len([each for each in recent if each[1] == whom]) <= 1


def test_one_address_at_its_limit_holds_up_no_other() -> None:
    pace = pacer(Limit(1, 1.0, each=True))
    assert goes(pace, "a", NOW)
    assert not goes(pace, "a", NOW)
    assert goes(pace, "b", NOW)
    assert goes(pace, "a", after(1))


def test_a_limit_for_groups_holds_for_groups_alone() -> None:
    """Telegram's groups take twenty a minute and have negative ids."""
    pace = pacer(Limit(2, 60.0, each=True, prefix="-"))
    assert [goes(pace, "-100", NOW) for _ in range(3)] == [True, True, False]
    assert all(goes(pace, "100", NOW) for _ in range(5))
    assert goes(pace, "-200", NOW)


def test_every_limit_of_a_channel_holds() -> None:
    pace = pacer(Limit(2, 1.0), Limit(3, 60.0))
    assert [goes(pace, str(number), NOW) for number in range(3)] == [True, True, False]
    assert [goes(pace, str(number), after(1)) for number in range(2)] == [True, False]
    assert [goes(pace, str(number), after(60)) for number in range(3)] == [True, True, False]


def test_what_was_not_handed_over_costs_nothing() -> None:
    pace = pacer(Limit(1, 60.0))
    assert pace.take("chat", "a", NOW, urgent=False) is None
    assert pace.take("chat", "b", NOW, urgent=False) is not None
    pace.give_back("chat", "a")
    assert pace.take("chat", "b", NOW, urgent=False) is None


def test_who_waits_is_told_a_place_in_the_line_so_that_nobody_looks_in_vain() -> None:
    pace = pacer(Limit(10, 1.0))
    for number in range(10):
        assert goes(pace, str(number), NOW)
    line = [pace.take("chat", str(number), NOW, urgent=False) for number in range(1000)]
    looks = [each.until for each in line if each is not None]
    assert looks == sorted(looks)
    assert len({each.why for each in line if each is not None} ^ {Wait.LIMIT}) == 0
    for second in range(1, 90):
        assert len([look for look in looks if after(second) <= look < after(second + 1)]) <= 11


def test_who_is_urgent_stands_in_no_line() -> None:
    pace = pacer(Limit(1, 10.0))
    assert goes(pace, "a", NOW)
    for number in range(100):
        pace.take("chat", str(number), NOW, urgent=False)
    assert pace.take("chat", "b", NOW, urgent=True) == PutOff(Wait.LIMIT, after(10))


def test_the_platform_s_word_about_one_address_is_for_that_address() -> None:
    """Trap 22: one chat's 429 delayed every team."""
    pace = pacer()
    pace.asked("chat", "a", after(30))
    assert pace.take("chat", "a", NOW, urgent=True) == PutOff(Wait.ASKED, after(30))
    assert goes(pace, "b", NOW)
    assert goes(pace, "a", after(30))


class TestPauses:
    def test_a_channel_that_refuses_everybody_is_left_alone_and_others_are_not(self) -> None:
        pace = pacer()
        assert pace.failed("chat", NOW, "down", None) == after(5)
        assert not goes(pace, "a", after(4))
        assert goes(pace, "a", NOW, channel="sms")

    def test_then_one_message_finds_out_how_it_fares(self) -> None:
        pace = pacer()
        pace.failed("chat", NOW, "down", None)
        assert pace.take("chat", "a", after(5), urgent=False) is None
        assert pace.take("chat", "b", after(5), urgent=True) is not None
        assert pace.worked("chat")
        assert pace.take("chat", "b", after(5), urgent=False) is None

    def test_a_probe_that_never_left_leaves_the_next_to_try(self) -> None:
        pace = pacer()
        pace.failed("chat", NOW, "down", None)
        assert pace.take("chat", "a", after(5), urgent=False) is None
        pace.give_back("chat", "a")
        assert pace.take("chat", "b", after(5), urgent=False) is None

    def test_the_pause_doubles_up_to_two_minutes_and_knows_since_when(self) -> None:
        pace, now, waits = pacer(), NOW, []
        for _ in range(8):
            until = pace.failed("chat", now, "down", None)
            waits.append((until - now).total_seconds())
            now = until
        assert waits == [5, 10, 20, 40, 80, 120, 120, 120]
        assert pace.pauses["chat"].since == NOW

    def test_failures_of_what_was_under_way_together_count_once(self) -> None:
        pace = pacer()
        assert [pace.failed("chat", NOW, "down", None) for _ in range(20)] == [after(5)] * 20

    def test_what_the_platform_asks_for_is_the_least(self) -> None:
        """Trap 23: blocked for ten minutes is ten minutes."""
        assert pacer().failed("chat", NOW, "429", 600.0) == after(600)

    def test_a_hundred_thousand_that_wait_do_not_look_all_at_once(self) -> None:
        pace = pacer()
        pace.failed("chat", NOW, "down", None)
        looks = []
        for number in range(100_000):
            wait = pace.take("chat", str(number), NOW, urgent=False)
            assert wait is not None
            assert wait.why is Wait.CHANNEL
            looks.append(wait.until)
        assert len([look for look in looks if look <= after(6)]) <= 101
        assert looks == sorted(looks)


def test_many_addresses_do_not_fill_the_memory() -> None:
    pace = pacer(Limit(1, 1.0, each=True))
    for number in range(25_000):
        assert goes(pace, str(number), after(number / 100))
    assert len(pace._buckets) <= 10_001


@pytest.mark.parametrize(("busy", "pause"), [(0.4, 0.4), (30.0, 1.0)])
def test_the_drain_looks_again_when_a_slot_is_free(busy: float, pause: float) -> None:
    pace = pacer(Limit(1, busy))
    assert pace.pause_s(NOW) == 1.0
    assert goes(pace, "a", NOW)
    assert pace.pause_s(NOW) == pytest.approx(pause)


def test_several_processes_keep_a_limit_together_each_by_its_share() -> None:
    """Trap 22, over machines: what the platform counts is the sum."""
    pacers = [pacer(Limit(30, 1.0), Limit(1, 1.0, each=True)) for _ in range(4)]
    for each in pacers:
        each.shared_by = len(pacers)
    went = [goes(each, f"{number}", NOW) for each in pacers for number in range(30)]
    assert 0 < sum(went) <= 30


def test_a_message_that_is_sent_again_by_hand_and_again_is_one_sign_of_an_outage() -> None:
    pace = pacer()
    for second in range(5):
        pace.doubted("chat", 7, after(second), "HTTP 500")
    pace.doubted("chat", 8, after(5), "HTTP 500")
    assert pace.pauses == {}
    pace.doubted("chat", 9, after(6), "HTTP 500")
    assert pace.pauses["chat"].since == NOW
    assert not pace.judged("chat")
    assert pace.worked("chat")
    pace.doubted("chat", 10, after(7), "HTTP 500")
    assert pace.pauses == {}


def test_what_was_claimed_before_the_pause_takes_no_place_of_the_one_that_tries() -> None:
    pace = pacer()
    for number in range(3):
        pace.doubted("chat", number, NOW, "HTTP 500")
    later = after(300)
    assert pace.take("chat", "probe", later, urgent=False) is None
    pace.give_back("chat", "claimed before", probe=False)
    assert pace.take("chat", "another", later, urgent=False) is not None
