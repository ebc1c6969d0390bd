"""A complaint that was changed or taken away behind the service's back is named, and no honest life of one is."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bot.auditing import said
from bot.storage import agreeing, audit
from bot.storage.agreeing import NAMED, differences
from bot.storage.erasing import forget_cases
from bot.storage.models import ComplaintRow, EventRow
from bot.storage.work import Work
from tests.unit.bot.cli_kit import Run, in_database
from tests.unit.bot.desk_kit import Kit, open_desk

LIFT = "3栋电梯坏了三天没人修"


class Undone(Exception):
    """What was done in the transaction is taken back."""


async def found_after(kit: Kit, statement: str = "", **record: object) -> tuple[str, ...]:
    """Return what is found once this was done by hand to the first complaint, and undo it. record: what is put into it, too."""
    found: list[tuple[str, ...]] = []

    async def tamper(work: Work) -> None:
        if statement:
            first = "(SELECT min(reference) FROM complaints)"
            await work.session.execute(text(f"{statement} WHERE reference = {first}"))
        if record:
            row = (await work.session.scalars(select(ComplaintRow).order_by(ComplaintRow.reference))).first()
            assert row is not None
            row.record = json.dumps(json.loads(row.record) | record).encode()
            await work.session.flush()
        found.append((await differences(work))[1])
        raise Undone

    with pytest.raises(Undone):
        await kit.write(tamper)
    return found[0]


@pytest.mark.both_databases
async def test_what_was_done_to_a_complaint_by_hand_is_named(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        for number in range(3):
            await kit.says(f"{number}{LIFT}", f"c{number}")
        first = sorted(complaint.reference for complaint in await kit.complaints())[0]
        assert await kit.database.read(differences) == (0, ())
        assert await found_after(kit, "UPDATE complaints SET status = 'closed'") == (
            f"{first} is closed by its column status and dispatched by its record",
        )
        [said] = await found_after(kit, "UPDATE complaints SET status = 'closed'", status="closed")
        assert said.startswith(f"{first} is closed, and dispatched by its last event (")
        for column, value in (
            ("severity", "S0"),
            ("category", "x"),
            ("owner", "x"),
            ("complainant", "x"),
            ("site", "x"),
            ("drill", "True"),
        ):
            written = value if column == "drill" else repr(value)
            [said] = await found_after(kit, f"UPDATE complaints SET {column} = {written}")  # noqa: S608
            assert said.startswith(f"{first} is {value} by its column {column}"), column
        [said] = await found_after(kit, "UPDATE complaints SET owner = 'x'", owner="x")
        assert said.startswith(f"{first} is with x, and with ")
        assert await found_after(kit, "DELETE FROM complaints") == (f"{first} is gone, and its events are there",)
        assert await found_after(kit, "DELETE FROM events") == (f"{first} has no events",)
        cut = "CAST('{' AS BLOB)" if "sqlite" in database_url else "'{'"
        assert await found_after(kit, f"UPDATE complaints SET record = {cut}") == (  # noqa: S608
            f"{first} has a record that cannot be read",
        )
        assert await found_after(kit, reference="TS20200101-0001") == (f"{first} has the record of TS20200101-0001",)
        assert await kit.database.read(differences) == (0, ())


async def lived(kit: Kit) -> str:
    """Let complaints be graded, given to another, done, begun again, merged, and go on alone; return the first one's number."""
    for nth in range(1, 4):
        await kit.says(f"4栋电梯坏了，{nth}天没人修", who=f"c{nth}")
    for words in ("0002 并入 0001", "0003 并入 0001"):
        await kit.says(words, who="lead")
    await kit.says("接单 0001", who="handler")
    await kit.says("定级 0001 S1 有人被困", who="lead")
    await kit.says("办结 0001 换了主板，电梯已恢复运行", who="handler")
    await kit.deliver()
    await kit.says("不满意，还是坏的", who="c1")
    await kit.says("不满意，还是坏的", who="c2")
    await kit.says("满意", who="c3")
    await kit.deliver()
    await kit.says("前台小孙态度恶劣，骂人", who="c5")
    await kit.says("撤诉", who="c5")
    await kit.says("是", who="c5")
    return "TS20260302-0001"


@pytest.mark.both_databases
async def test_an_honest_life_is_not_taken_for_tampering(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        reference = await lived(kit)
        kinds = {event.kind for event in await kit.rows(EventRow)}
        assert {"dispatched", "graded", "merged", "resolved", "reopened", "closed"} <= kinds
        assert await kit.database.read(differences) == (0, ())
        [named] = await found_after(kit, "UPDATE complaints SET severity = 'S4'", severity="S4")
        assert named.startswith(f"{reference} is of severity S4, and S")
        [named] = await found_after(kit, "UPDATE complaints SET owner = 'x'", owner="x")
        assert named.startswith(f"{reference} is with x, and with ")
        settled = [row.reference for row in await kit.rows(ComplaintRow, ComplaintRow.status == "closed")]
        assert settled
        await kit.write(lambda work: forget_cases(work, settled, kit.clock.now() + timedelta(days=900)))
        assert await kit.database.read(differences) == (0, ())


async def test_it_is_looked_through_page_by_page_and_the_first_are_named(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreeing, "_PAGE", 2)
    async with open_desk(database_url) as kit:
        for number in range(NAMED + 2):
            await kit.says(f"{number}{LIFT}", f"c{number}")
        assert await kit.database.read(differences) == (0, ())

        async def close_all(work: Work) -> None:
            await work.session.execute(update(ComplaintRow).values(status="closed"))

        await kit.write(close_all)
        count, named = await kit.database.read(differences)
        assert (count, len(named), len(set(named))) == (NAMED + 2, NAMED, NAMED)
        found = await kit.database.read(audit.verify)
        assert not found.whole
        first, *rest = said(found).splitlines()
        assert first == f"changed: {NAMED + 2} complaints are not what their events say; the chain itself is whole"
        assert rest == [*(f"  {each}" for each in named), "  …"]

        async def remove_all(work: Work) -> None:
            await work.session.execute(text("DELETE FROM complaints"))

        await kit.write(remove_all)
        assert (await kit.database.read(differences))[0] == NAMED + 2


def test_by_hand(run: Run, data: Path) -> None:
    async def put_in(work: Work) -> None:
        await work.session.execute(
            text(
                "INSERT INTO events (reference, kind, at, channel, new, note, facts)"
                " VALUES ('TS20260302-0001', 'received', '2026-03-02 02:00:00', 'chat', 'new', '', '{}')"
            )
        )

    in_database(data, put_in)
    verified = run("audit", "verify")
    assert verified.status == 1
    assert "  TS20260302-0001 is gone, and its events are there\n" in verified.out
