"""What people decide about messages: in quarantine, uncertain, waiting; and the files that came with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.__main__ import main
from bot.storage import queues, stuck
from bot.storage.models import ActRow, InboxRow
from bot.storage.values import FileKept, Outgoing
from bot.storage.work import Work
from complaints.change import Change
from connectors.port import RawMessage
from tests.unit.bot.cli_kit import STAFF, Run, in_database, refused, write
from tests.unit.complaints.build import MONDAY, filed


def set_aside(data: Path) -> None:
    async def job(work: Work) -> None:
        now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        await queues.store_raw(work, [RawMessage("email", f"m{n}", "c", b"\xff\x00raw %d" % n) for n in (1, 2, 3)], now)
        await work.flush()
        for number in (1, 2):
            row = await work.session.get(InboxRow, number)
            assert row is not None
            row.state, row.outcome = queues.QUARANTINED, "email: no From line"

    in_database(data, job)


def test_what_is_in_quarantine_is_listed_shown_and_put_back(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    set_aside(data)
    assert main(["quarantine", "list"]) == 0
    first, second, last = capfdbinary.readouterr().out.decode().splitlines()
    assert first == "1\t2026-03-02 02:00\temail\t7 bytes\temail: no From line"
    assert second.startswith("2\t")
    assert last.startswith("2 in quarantine; retry with: complaintbot quarantine retry")
    assert main(["quarantine", "show", "2"]) == 0
    assert capfdbinary.readouterr().out == b"\xff\x00raw 2"
    assert main(["quarantine", "retry", "1", "2", "2"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"2 put back")
    assert main(["quarantine", "list"]) == 0
    assert capfdbinary.readouterr().out == b"0 in quarantine\n"

    async def waiting(work: Work) -> int:
        rows, _ = await queues.stored(work, 10)
        return len(rows)

    assert in_database(data, waiting) == 3


def test_what_is_not_in_quarantine_is_told(run: Run, data: Path) -> None:
    set_aside(data)
    refused(run("quarantine", "show", "99"), "no message 99")
    done = run("quarantine", "retry", "1", "3", "99")
    refused(done, "2 of these messages are not in quarantine")
    assert done.out.startswith("1 put back")


def test_what_is_dismissed_is_nobodys_task_and_can_be_taken_up_again(run: Run, data: Path) -> None:
    set_aside(data)
    write("staff.csv", STAFF)
    run("staff", "import", "staff.csv")
    why = ("--by", "张伟", "--reason", "群发广告，来自 13800138000")
    done = run("quarantine", "dismiss", "1", "3", *why)
    refused(done, "1 of these messages is not in quarantine")
    assert done.out.startswith("1 dismissed")
    assert "1 in quarantine" in run("quarantine", "list").out
    assert in_database(data, queues.depth)["inbox_quarantined"] == in_database(data, stuck.quarantined).count == 1
    line, last = run("quarantine", "list", "--dismissed").out.splitlines()
    assert line.startswith("1\t")
    assert line.endswith("dismissed by 张伟: 群发广告，来自 13800138000; email: no From line")
    assert last.startswith("1 dismissed; retry with")
    assert run("quarantine", "show", "1").status == 0

    async def acts(work: Work) -> list[tuple[str, str, str]]:
        rows = await work.session.scalars(select(ActRow).order_by(ActRow.id))
        return [(row.kind, row.by, row.facts) for row in rows if row.kind.startswith("quarantine_d")]

    async def directory(work: Work) -> str:
        [person] = (await work.directory()).named("张伟")
        return person.id

    [(kind, by, facts)] = in_database(data, acts)
    assert (kind, by) == ("quarantine_dismissed", in_database(data, directory))
    assert "群发广告" in facts
    assert "13800138000" not in facts, "the chain is for ever"
    assert run("quarantine", "retry", "1").out.startswith("1 put back")
    assert run("quarantine", "list", "--dismissed").out == "0 dismissed\n"


@pytest.mark.parametrize(
    ("why", "told"),
    [
        pytest.param(["--reason", "广告"], "--by", id="nobody's decision"),
        pytest.param(["--by", "张伟"], "--reason", id="no reason"),
        pytest.param(["--by", "赵六", "--reason", "广告"], "'赵六'", id="a stranger's decision"),
        pytest.param(["--by", "张伟", "--reason", " "], "--reason says why", id="an empty reason"),
    ],
)
def test_nothing_is_dismissed_without_somebody_and_a_reason(run: Run, data: Path, why: list[str], told: str) -> None:
    set_aside(data)
    write("staff.csv", STAFF)
    run("staff", "import", "staff.csv")
    refused(run("quarantine", "dismiss", "1", *why), told)
    assert "2 in quarantine" in run("quarantine", "list").out


# --- the outbox -------------------------------------------------------------------------------------------------------


def left_in_doubt(data: Path) -> None:
    """Keep one message that is uncertain, one that failed and one that was sent."""

    async def job(work: Work) -> None:
        for state in ("uncertain", "failed", "sent"):
            work.add_outgoing(
                Outgoing(
                    key=state,
                    lane="person:p",
                    notice="reminder",
                    created_at=MONDAY,
                    due_at=MONDAY,
                    reference="TS20260302-0001",
                    channel="email",
                    person="somebody",
                    state=state,
                    detail="the line broke",
                    done_at=MONDAY,
                )
            )
        await work.flush()

    in_database(data, job)


def test_people_decide_about_what_is_uncertain(run: Run, data: Path) -> None:
    left_in_doubt(data)
    done = run("outbox", "uncertain")
    first, last = done.out.splitlines()
    assert first.startswith("1\t")
    assert first.endswith("\temail\treminder\tTS20260302-0001\tcustomer\tthe line broke")
    assert last == "1 uncertain; decide with: complaintbot outbox resend|dismiss NUMBER, or by --channel CHANNEL"
    assert run("outbox", "resend", "1").out.startswith("1 will be sent again")
    assert run("outbox", "uncertain").out == "0 uncertain\n"
    assert run("outbox", "dismiss", "2").out == "1 left as they are\n"
    assert run("outbox", "failed").out == "0 failed\n"
    assert run("outbox", "states").out == "queued\t1\nsent\t1\nskipped\t1\n"


@pytest.mark.parametrize(
    ("what", "act", "left"),
    [
        pytest.param("resend", "outbox_resent", "failed\t1\nqueued\t1\nsent\t1\n", id="sent again"),
        pytest.param("dismiss", "outbox_dismissed", "failed\t1\nsent\t1\nskipped\t1\n", id="left"),
    ],
)
def test_all_that_is_uncertain_by_a_channel_is_decided_at_once(
    run: Run, data: Path, what: str, act: str, left: str
) -> None:
    left_in_doubt(data)
    refused(run("outbox", what, "--channel", "sms"), "nothing by 'sms' is uncertain")
    refused(run("outbox", what), "by --channel CHANNEL: one of both")
    refused(run("outbox", what, "--channel", ""), "--channel is empty: name one, or - for what went by none yet")
    refused(run("outbox", what, "--channel", "-"), "nothing by '-' is uncertain")
    refused(run("outbox", what, "1", "--channel", "email"), "by --channel CHANNEL: one of both")
    assert run("outbox", what, "--channel", "email").out.startswith("1 ")
    assert run("outbox", "states").out == left

    async def acts(work: Work) -> list[tuple[str, str]]:
        rows = await work.session.execute(select(ActRow.kind, ActRow.facts))
        return [(kind, facts) for kind, facts in rows if kind == act]

    [(_, facts)] = in_database(data, acts)
    assert '"channel":"email"' in facts
    assert '"count":' in facts


def test_what_waits_is_listed_with_until_when_and_why(run: Run, data: Path) -> None:
    async def job(work: Work) -> None:
        later = datetime(2126, 3, 3, 7, 0, tzinfo=UTC)
        for key, state, waits in (("a", "held", "quiet"), ("b", "queued", "limit"), ("c", "sent", "")):
            work.add_outgoing(
                Outgoing(
                    key=key, lane=key, notice="reminder", created_at=MONDAY, due_at=later, state=state, waits=waits,
                    reference="TS20260302-0001", person="somebody",
                )
            )  # fmt: skip
        await work.flush()

    in_database(data, job)
    lines = [line.split("\t") for line in run("outbox", "waiting").out.splitlines()]
    assert [line[2:] for line in lines[:-1]] == [
        ["quiet", "reminder", "TS20260302-0001", "customer"],
        ["limit", "reminder", "TS20260302-0001", "customer"],
    ]
    assert all(line[1].startswith("2126-03-03 ") for line in lines[:-1])
    assert lines[-1] == ["2 waiting, the soonest first"]


def test_what_arrived_is_not_for_people_to_decide(run: Run, data: Path) -> None:
    left_in_doubt(data)
    done = run("outbox", "resend", "2", "3", "99")
    refused(done, "2 of these messages are not uncertain or failed")
    refused(run("outbox", "resend", "99"), "this message is not uncertain or failed")
    assert done.out.startswith("1 will be sent again")
    assert run("outbox", "resend", "x").status == 1


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_files_of_a_complaint_are_listed(run: Run, data: Path) -> None:
    complaint = filed()

    async def job(work: Work) -> None:
        await work.save(Change(complaint), [])
        file = FileKept(
            inbox_id=1, position=0, person="p", channel="email", address="a", name="照片.jpg", type="image/jpeg", size=9,
            path="ab/abcd", state="fetched", created_at=MONDAY, due_at=MONDAY, reference=complaint.reference,
        )  # fmt: skip
        work.add_file(file)
        work.add_file(replace(file, name="film.mp4", state="too_large", detail="larger than 5 bytes"))
        await work.flush()

    in_database(data, job)
    assert run("files", complaint.reference[-4:]).out == run("files", complaint.reference).out
    done = run("files", complaint.reference.lower())
    first, second = done.out.splitlines()
    assert first.endswith(f"照片.jpg\t{data / 'files' / 'ab' / 'abcd'}")
    assert second.endswith("film.mp4\tlarger than 5 bytes")
    assert done.err == f"2 files of {complaint.reference}\n"


def test_the_files_of_no_complaint_are_refused(run: Run, data: Path) -> None:
    refused(run("files", "TS20260302-0009"), "there is no complaint TS20260302-0009")


@pytest.mark.parametrize("command", ["show", "retry"])
def test_a_number_that_no_message_can_have_is_told(run: Run, data: Path, command: str) -> None:
    refused(run("quarantine", command, "9" * 30), "9" * 30)
