"""A few seconds of torture in every run of the tests; the long one is `python -m tests.torture --minutes 30`."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from bot.storage.models import EventRow, InboxRow, OutboxRow
from tests.torture.audit import Audit
from tests.torture.faults import plan
from tests.torture.ledger import Kind, Ledger
from tests.torture.requests import Requests
from tests.torture.trial import Trial, tried

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


async def test_a_few_seconds_of_torture_lose_and_double_nothing(sqlite_with_tables: Path) -> None:
    """Invariants 1, 2, 4 and 6, on real servers, all of which may be broken at any moment."""
    trial = Trial(
        seed=142, seconds=4, pause_s=0.8
    )  # the service killed, Telegram too, the disk full, answers lost and halved
    result = await tried(trial, tables=sqlite_with_tables)
    assert not result.faults, f"{trial}\n{result}"
    assert result.inflicted.total() >= 4
    assert sum(count for name, count in result.counts.items() if name.startswith("said by")) >= 5


def test_the_same_seed_brings_the_same_faults() -> None:
    first, second = ([str(step) for step in plan(7, 600, 4, {"disk", "postgres"})] for _ in range(2))
    assert first == second
    assert len(first) > 100
    assert first != [str(step) for step in plan(8, 600, 4, {"disk", "postgres"})]
    assert all("database" not in step for step in (str(each) for each in plan(7, 600, 4, {"disk"})))


def _audit(ledger: Ledger, **tables: list[Any]) -> Audit:
    """Return an audit of these tables and of nothing else. sent: the mails that arrived, by their ids."""
    sent = [SimpleNamespace(parsed={"Message-ID": str(id)}, recipients=()) for id in tables.pop("sent", [])]
    world = SimpleNamespace(
        hooks=Requests(),
        texts=Requests(),
        kannel_died=True,
        sink=SimpleNamespace(messages=sent),
        keepers=[None],
        signer=SimpleNamespace(outbox_id=lambda ids: int(ids[0])),
    )
    audit = Audit(cast(Any, world), ledger, cast(Any, None), [])
    audit.take(NOW, **tables)
    return audit


def _said(*texts: str) -> tuple[Ledger, list[InboxRow]]:
    """Return a ledger with one message, and inbox rows in which its word stands as told."""
    ledger = Ledger(random.Random(1))  # noqa: S311
    said = ledger.note("web", "browser 1", Kind.MATTER)
    said.taken = True
    rows = [
        InboxRow(
            id=id, channel="web", external_id=f"w:{id}", conversation="w", raw=text.format(said.token).encode(),
            state="done", outcome="bound", reference=f"TS{id}", attempts=0, received_at=NOW, handled_at=NOW,
        )
        for id, text in enumerate(texts, 1)
    ]  # fmt: skip
    return ledger, rows


def _notice(id: int, state: str, **more: Any) -> OutboxRow:
    values = {"channel": "email", "address": "a@b.example", "answer": False, "form": "", "detail": "", **more}
    return OutboxRow(
        id=id, key=f"TS1/v{id}/taken_up/p", lane="person:p", notice="taken_up", state=state, due_at=NOW, **values
    )


def test_the_audit_finds_what_is_lost_and_what_was_taken_twice() -> None:
    ledger, rows = _said("{}")
    assert list(_audit(ledger, inbox=rows, references=["TS1"]).faults()) == []
    assert "lost: " in next(_audit(ledger).faults())
    assert "lost: " in next(_audit(ledger, inbox=rows).faults())  # bound to a complaint that is not there
    ledger, rows = _said("{}", "{}")
    assert "taken 2 times" in next(_audit(ledger, inbox=rows, references=["TS1", "TS2"]).faults())


def test_the_audit_finds_that_what_is_said_cannot_be_read() -> None:
    ledger, rows = _said("{}")
    for _ in range(2):
        said = ledger.note("web", "browser 1", Kind.MATTER)
        said.taken = True
        rows.append(
            InboxRow(
                **{
                    **_values(rows[0]),
                    "id": len(rows) + 1,
                    "raw": said.token.encode(),
                    "reference": None,
                    "state": "quarantined",
                }
            )
        )
    assert "2 of 3 messages" in next(_audit(ledger, inbox=rows, references=["TS1"]).faults())
    rows[1].state, rows[1].reference = "done", "TS2"
    assert list(_audit(ledger, inbox=rows, references=["TS1", "TS2"]).faults()) == []


def _values(row: InboxRow) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in InboxRow.__table__.columns}


def test_the_audit_finds_what_was_sent_twice_or_never_or_out_of_order() -> None:
    nobody = Ledger(random.Random(1))  # noqa: S311
    sent = [_notice(1, "sent"), _notice(2, "sent")]
    assert list(_audit(nobody, outbox=sent, sent=[1, 2]).faults()) == []
    assert "came 2 times" in next(_audit(nobody, outbox=sent, sent=[1, 2, 2]).faults())
    assert "did not come" in next(_audit(nobody, outbox=sent, sent=[1]).faults())
    assert "overtaken" in next(_audit(nobody, outbox=sent, sent=[2, 1]).faults())
    assert "nobody was told" in next(_audit(nobody, outbox=[_notice(1, "uncertain")]).faults())
    assert "stuck" in next(_audit(nobody, outbox=[_notice(1, "sending", lease_until=NOW)]).faults())


def test_the_audit_finds_what_happened_twice() -> None:
    ledger, rows = _said("{}")
    word = ledger.entries[0].token
    events = [EventRow(id=id, reference="TS1", kind="supplemented", old="new", new="new", note=word) for id in (1, 2)]
    assert "led to 2 events" in next(_audit(ledger, inbox=rows, references=["TS1"], events=events).faults())
