"""A complaint whose stored profile has a word of a newer version is left to that version, and nothing that is said is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import examine
from bot.policies import PolicyBook
from bot.settings import HttpSection, load_settings
from bot.storage import codec, queues
from bot.storage.models import ComplaintRow, InboxRow, PolicyRow, TimerRow
from bot.storage.work import Work
from complaints import policy
from complaints.errors import PolicyError
from complaints.policy import Policy
from complaints.vocabulary import Status
from tests.calendars import WeekCalendar
from tests.unit.bot.desk_kit import ZONE, Kit, asks, open_desk

pytestmark = pytest.mark.both_databases

MATTER = "电梯坏了三天没人修"
TOMORROW = "of_tomorrow"
Change = Callable[[dict[str, Any]], None]


def _key_of_a_clock(data: dict[str, Any]) -> None:
    data["clocks"]["accept"][TOMORROW] = True


def _key_at_the_top(data: dict[str, Any]) -> None:
    data[TOMORROW] = {"within": "3d"}


def _value_of_a_known_key(data: dict[str, Any]) -> None:
    data["day_mode"] = TOMORROW


CHANGES = (
    pytest.param(_key_of_a_clock, id="a key of a clock"),
    pytest.param(_key_at_the_top, id="a key at the top"),
    pytest.param(_value_of_a_known_key, id="a value of a known key"),
)


async def of_a_newer_version(kit: Kit, reference: str, change: Change = _key_of_a_clock) -> None:
    """Let a complaint run under a profile that a newer version stored."""

    async def job(work: Work) -> None:
        row = await work.session.get_one(ComplaintRow, reference)
        record = codec.loads(row.record.decode())
        of = record["policy"]
        [stored] = [each for each in await kit.rows(PolicyRow) if each.version == of["version"]]
        data = codec.loads(stored.data)
        change(data)
        of["version"] = "0123456789ab"
        if await work.session.get(PolicyRow, (of["name"], of["version"])) is None:
            work.session.add(PolicyRow(name=of["name"], version=of["version"], data=codec.dumps(data)))
        row.record = codec.dumps(record).encode()

    await kit.write(job)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let every process that starts from now on be of the version that knows those words."""
    parse = policy.parse

    def knows(data: Mapping[str, Any], name: str) -> Policy:
        whole = {key: value for key, value in data.items() if key != TOMORROW}
        if whole["day_mode"] == TOMORROW:
            whole["day_mode"] = "end_of_day"
        clocks = whole["clocks"].items()
        whole["clocks"] = {
            name: {key: value for key, value in clock.items() if key != TOMORROW} if clock else clock
            for name, clock in clocks
        }
        return parse(whole, name)

    return lambda: monkeypatch.setattr(policy, "parse", knows)


async def states(kit: Kit, *ids: str) -> list[str]:
    rows = dict(await kit.inbox_states())
    return [rows[id] for id in ids]


@pytest.mark.parametrize("change", CHANGES)
async def test_what_is_said_of_it_waits_and_is_taken_up_by_the_newer_version(
    database_url: str, change: Change, newer: Callable[[], None]
) -> None:
    async with open_desk(database_url, intake_attempts=9) as kit:
        await kit.says(MATTER)
        await kit.deliver()
        reference = (await kit.the_complaint()).reference
        await of_a_newer_version(kit, reference, change)
        told = len(await kit.outbox())
        ids = [
            await kit.says("接单", "handler"),
            await kit.says("催办"),
            await kit.says(f"{reference} 进度", "lead"),
        ]
        assert await states(kit, *ids) == ["stored"] * 3
        assert len(await kit.outbox()) == told  # nobody hears of rules that are lacking
        newer()
        async with open_desk(database_url, staff=(), clock=kit.clock) as new:
            await new.understand()
            assert await states(new, *ids) == ["done"] * 3
            complaint = await new.the_complaint()
            assert (complaint.status, complaint.urged) == (Status.WORKING, 1)


async def test_after_its_attempts_it_lies_where_people_see_it_and_can_be_taken_up(
    database_url: str, newer: Callable[[], None]
) -> None:
    async with open_desk(database_url) as kit:
        await kit.says(MATTER)
        await of_a_newer_version(kit, (await kit.the_complaint()).reference)
        id = await kit.says("还没人来修啊")
        for _ in range(3):
            await kit.understand()
        assert await states(kit, id) == ["quarantined"]
        assert len(await kit.outbox("quarantined")) == 1
        assert len(await kit.complaints()) == 1
        newer()
        async with open_desk(database_url, staff=(), clock=kit.clock) as new:
            [row] = await new.rows(InboxRow, InboxRow.external_id == id)
            await new.write(lambda work: queues.retry(work, [row.id]))
            await new.understand()
            [row] = await new.rows(InboxRow, InboxRow.external_id == id)
            assert (row.state, row.reference) == ("done", (await new.the_complaint()).reference)


async def test_its_timers_and_notices_wait_and_doctor_names_it(
    database_url: str, newer: Callable[[], None], tmp_path: Path
) -> None:
    settings = load_settings(None, {"COMPLAINTBOT_SERVICE__DATA_DIR": str(tmp_path)})
    settings = replace(settings, database=replace(settings.database, url=database_url), http=HttpSection(port=0))
    async with open_desk(database_url) as kit:
        await kit.says(MATTER)
        reference = (await kit.the_complaint()).reference
        await of_a_newer_version(kit, reference)

        async def named(*, deep: bool = False) -> list[tuple[str, tuple[str, ...]]]:
            found = await examine(settings, kit.desk.book, kit.clock.now(), deep=deep)
            return [(each.what, each.examples) for each in found if each.what in ("newer_words", "damaged")]

        assert await named() == []
        assert await named(deep=True) == [("newer_words", (reference,))]  # though nobody has met it
        await kit.says("催办")
        assert await named() == await named(deep=True) == [("newer_words", (reference,))]
        assert await kit.deliver() == []
        await kit.sweep(timedelta(hours=3))
        due = await kit.rows(TimerRow, TimerRow.due_at <= kit.clock.now() + timedelta(minutes=1))
        assert {row.state for row in due} == {"pending"}
        assert {row.state for row in await kit.outbox()} == {"held"}
        assert await kit.outbox("damaged") == []
        newer()
        async with open_desk(database_url, staff=(), clock=kit.clock) as new:
            assert await new.sweep(timedelta(minutes=2)) > 0
            assert await new.deliver() != []


class TestBesideOthers:
    """It takes nothing else with it, and nothing that may be about it is taken to be about another."""

    async def two(self, kit: Kit) -> tuple[str, str]:
        await kit.says(MATTER)
        await kit.says("投诉 家里停水了没人管", "c2")
        await kit.says("投诉 楼道的灯坏了一周没人换")
        one, other, _ = [each.reference for each in await kit.complaints()]
        await of_a_newer_version(kit, one)
        return one, other

    async def test_a_list_shows_those_that_can_be_read(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            one, other = await self.two(kit)
            [shown] = await asks(kit, "我的待办", "handler")
            assert other in shown
            assert one not in shown

    async def test_words_that_name_none_wait(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await self.two(kit)
            waits = [await kit.says("办结 换了锁芯", "handler"), await kit.says("还没人来修啊")]
            assert await states(kit, *waits) == ["stored"] * 2
            assert {each.status for each in await kit.complaints()} == {Status.DISPATCHED}

    async def test_words_that_name_another_or_are_of_others_do_not(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            _, other = await self.two(kit)
            named = await kit.says(f"{other} 接单", "handler")
            theirs = await kit.says("催办", "c2")
            assert await states(kit, named, theirs) == ["done"] * 2
            assert [each.reference for each in await kit.complaints() if each.urged] == [other]
            assert [each.reference for each in await kit.complaints() if each.status is Status.WORKING] == [other]

    async def test_danger_does_not_wait(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await self.two(kit)
            id = await kit.says("电梯里有人被困了，快来救人")
            assert await states(kit, id) == ["done"]

    async def test_nor_where_somebody_was_asked_who_they_are(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await kit.says(MATTER)
            await of_a_newer_version(kit, (await kit.the_complaint()).reference)
            ids = [
                await kit.says(words)
                for words in ("现在漏电了，有人被电到", "着火了！救命，5栋502着火了", "楼下着火了，快来救人")
            ]
            assert await states(kit, *ids) == ["done"] * 3


async def test_a_slip_in_a_companys_own_profile_is_told_as_one(tmp_path: Path) -> None:
    own = tmp_path / "ours.toml"
    own.write_text('inherits = "base"\nday_mod = "end_of_day"\n')
    with pytest.raises(PolicyError, match=r"day_mod is unknown: did you mean day_mode\?.*ours\.toml"):
        PolicyBook("ours", [tmp_path], WeekCalendar(ZONE))
