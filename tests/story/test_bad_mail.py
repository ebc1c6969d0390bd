"""Mail that no standard allows: each ends as a complaint, an answer or a visible item, and the next good one goes through."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.models import InboxRow, MessageRow
from connectors.email import EmailConnector
from connectors.port import IncomingMessage, NotUnderstood, RawMessage
from tests.fakes import until
from tests.story.desk import MAILBOX, Config, MailDesk, Writer, as_toml, mail_desk
from tests.story.service import ROOT

STAFF = "王主管,13900139000,wang@desk.example,坐席 客服中心负责人,,\n"
MEGABYTE = 1_048_576
ORDINARY_HEAD = "To: kf@desk.example\r\nDate: Fri, 20 Nov 2026 10:00:00 +0800\r\n"


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[MailDesk]:
    async with mail_desk(tmp_path, database_url, STAFF) as desk:
        yield desk
        # Whatever came before: the next good mail goes through.
        good = Writer("好人", "good@qq.example")
        desk.deliver(good.letter("电梯坏了", "3栋2单元电梯停了两天，没人修"))
        assert "编号" in (await desk.receives(good, "编号")).text


@pytest.fixture
def lead() -> Writer:
    return Writer("王主管", "wang@desk.example")


@pytest.fixture
def customer() -> Writer:
    return Writer("李娜", "lina@qq.example")


async def taken(desk: MailDesk, raw: bytes) -> InboxRow:
    """Deliver bytes, and wait until they are dealt with and nothing waits."""
    before = len(await desk.books.rows(InboxRow))
    desk.dovecot.deliver(MAILBOX, raw)

    async def done() -> InboxRow | None:
        rows = await desk.books.rows(InboxRow)
        ended = len(rows) > before and rows[before].state != "stored"
        return rows[before] if ended and await desk.books.quiet() else None

    row = await until(done, "the mail is dealt with")
    assert row is not None
    return row


async def run(folder: Path, desk: MailDesk, *arguments: str) -> tuple[int, str]:
    """Run a command of complaintbot beside the running service; return its exit status and what it said."""
    file = folder / "cli.toml"
    settings: Config = {"database": {"url": desk.app.settings.database.url}, "service": {"data_dir": str(folder)}}
    file.write_text(as_toml(settings))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, "--config", str(file),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=ROOT,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_without_a_message_id(desk: MailDesk, customer: Writer) -> None:
    """Trap 4."""
    raw = f"From: <{customer.address}>\r\n{ORDINARY_HEAD}Subject: leak\r\n\r\nThe pipe in my kitchen leaks\r\n".encode()
    row = await taken(desk, raw)
    assert row.outcome == "bound"
    answer = await desk.receives(customer, "TS")
    assert answer.parsed["In-Reply-To"] is None
    assert answer.parsed["References"] is None
    assert str(answer.parsed["Subject"]).startswith("Re: leak [TS")
    row = await taken(desk, raw.replace(b"The pipe in my kitchen leaks", b"The lift is broken"))
    assert row.outcome == "bound"
    assert len(await desk.books.complaints()) == 2


async def test_without_a_sender(desk: MailDesk, lead: Writer, tmp_path: Path) -> None:
    row = await taken(desk, f"{ORDINARY_HEAD}Subject: x\r\n\r\n水管漏水，没人管\r\n".encode())
    assert row.state == "quarantined"
    assert "没能读懂" in (await desk.receives(lead, f"第 {row.id} 号")).text
    status, said = await run(tmp_path, desk, "quarantine", "list")
    assert status == 0
    assert f"{row.id}\t" in said
    assert "1 in quarantine" in said
    status, said = await run(tmp_path, desk, "quarantine", "retry", "999")
    assert status == 1
    assert "this message is not in quarantine" in said


@pytest.mark.parametrize(
    ("declared", "data", "seen"),
    [
        pytest.param("klingon", "水管漏水，没人管".encode("gb18030"), "水管漏水", id="no such charset"),
        pytest.param("gb2312", "㙍镇水管漏水，没人管".encode("gb18030"), "水管漏水", id="gbk called gb2312"),  # trap 13
        pytest.param("utf-8", "水管漏水".encode() + b"\xff\xfe\xe6\xb0", "水管漏水", id="utf-8 cut short"),
        pytest.param('"', b"water leak in the kitchen \x80\x81", "water leak in the kitchen", id="no charset at all"),
    ],
)
async def test_with_a_broken_charset(desk: MailDesk, customer: Writer, declared: str, data: bytes, seen: str) -> None:
    head = (
        f"From: <{customer.address}>\r\n{ORDINARY_HEAD}Message-ID: <1@qq.example>\r\n"
        f"Content-Type: text/plain; charset={declared}\r\n"
    ).encode()
    row = await taken(desk, head + b"Subject: \xcb\xae\xb9\xdc\r\n\r\n" + data + b"\r\n")
    assert row.outcome == "bound"
    assert seen in (await desk.books.only_complaint()).summary
    assert "TS" in (await desk.receives(customer, "TS")).text


async def test_with_nothing_in_it(desk: MailDesk, customer: Writer, lead: Writer) -> None:
    row = await taken(desk, f"From: <{customer.address}>\r\n{ORDINARY_HEAD}Message-ID: <2@qq.example>\r\n\r\n".encode())
    assert row.outcome == "answered"
    assert "空消息" in (await desk.receives(customer, "空消息")).text
    row = await taken(desk, b"\r\n")
    assert row.state == "quarantined"
    await desk.receives(lead, f"第 {row.id} 号")
    assert await desk.books.complaints() == []


async def test_larger_than_is_taken(desk: MailDesk, customer: Writer) -> None:
    letter = customer.letter("现场录像", "录像见附件")
    row = await taken(desk, letter.raw + b"A" * 76 * (25 * MEGABYTE // 76 + 1))
    assert len(row.raw) < MEGABYTE
    assert row.outcome == "answered"
    answer = await desk.receives(customer, "太大")
    assert "25 MB" in answer.text
    assert str(answer.parsed["In-Reply-To"]) == letter.message_id
    assert await desk.books.complaints() == []


async def test_large_but_taken(desk: MailDesk, customer: Writer) -> None:
    letter = customer.letter("水管漏水", "水管漏水，录像见附件", photo="漏水.jpg")
    head, edge, tail = letter.raw.rpartition(b"--=_")
    row = await taken(desk, head.rstrip() + b"\r\n" + (b"QUJD" * 19 + b"\r\n") * 300_000 + edge + tail)
    assert len(row.raw) > 22 * MEGABYTE
    assert row.outcome == "bound"
    (said,) = [each for each in await desk.books.rows(MessageRow) if not each.outgoing]
    assert "漏水.jpg" in said.attachments


async def test_that_is_no_mail_at_all(desk: MailDesk, lead: Writer) -> None:
    row = await taken(desk, bytes(range(256)) * 100)
    assert row.state == "quarantined"
    assert "没能读懂" in (await desk.receives(lead, f"第 {row.id} 号")).text
    assert row.raw


async def test_what_is_in_quarantine_is_tried_again_on_request(
    desk: MailDesk, customer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailConnector, raw: RawMessage) -> IncomingMessage:
        raise NotUnderstood("a fault of this version")

    with monkeypatch.context() as broken:
        broken.setattr(EmailConnector, "parse", refuse)
        row = await taken(desk, customer.letter("漏水", "水管漏水，没人管").raw)
        assert (row.state, row.outcome) == ("quarantined", "a fault of this version")
        assert await run(tmp_path, desk, "quarantine", "retry", str(row.id)) == (
            0,
            "1 put back; a running service takes them up within a second\n",
        )

        async def refused_again() -> bool:
            (row,) = await desk.books.rows(InboxRow)
            return row.state == "quarantined" and row.attempts == 2

        await until(refused_again, "it is refused again")
        (row,) = await desk.books.rows(InboxRow)
        assert row.outcome == "a fault of this version"
    status, _ = await run(tmp_path, desk, "quarantine", "retry", str(row.id))
    assert status == 0
    assert "编号" in (await desk.receives(customer, "编号")).text
    assert "0 in quarantine" in (await run(tmp_path, desk, "quarantine", "list"))[1]
