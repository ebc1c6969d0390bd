"""A desk with two mailboxes: each customer is answered from the address they wrote to, and one mail to both is one matter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.models import InboxRow
from tests.story.desk import ADDRESS, Config, MailDesk, Writer, mail_desk

STAFF = "王主管,13900139000,wang@desk.example,坐席 客服中心负责人,,\n"
VIP = "VIP@desk.example"
MORE: Config = {"connectors.email.mailboxes.1": {"address": VIP, "imap_user": "vip", "display_name": "贵宾服务"}}


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[MailDesk]:
    async with mail_desk(tmp_path, database_url, STAFF, MORE) as desk:
        yield desk


async def test_answers_leave_from_the_address_that_was_written_to(desk: MailDesk) -> None:
    customer = Writer("李娜", "lina@qq.example")
    first = customer.letter("电梯坏了", "3栋电梯停了两天，没人修", to=("vip@DESK.example",))
    desk.dovecot.deliver("vip", first.raw)
    answer = await desk.receives(customer, "编号")
    assert (answer.sender, answer.parsed["From"].addresses[0].display_name) == (VIP, "贵宾服务")
    assert str(answer.parsed["Message-ID"]).endswith("@desk.example>")
    assert answer.parsed["In-Reply-To"] == first.message_id
    complaint = await desk.books.only_complaint()

    # They go on at the other address: from then on so do we.
    again = customer.letter(
        f"Re: 电梯坏了 [{complaint.reference}]", "状态", headers=(f"In-Reply-To: {first.message_id}",)
    )
    desk.dovecot.deliver("kf", again.raw)
    assert (await desk.receives(customer, complaint.reference)).sender == ADDRESS

    stranger = Writer("赵强", "zhao@qq.example")
    desk.dovecot.deliver("kf", stranger.letter("漏水", "厨房漏水三天了没人管").raw)
    assert (await desk.receives(stranger, "编号")).sender == ADDRESS


async def test_one_mail_to_both_is_one_complaint(desk: MailDesk) -> None:
    """Trap 9."""
    customer = Writer("李娜", "lina@qq.example")
    letter = customer.letter("电梯坏了", "3栋电梯停了两天，没人修", to=(ADDRESS, VIP))
    for user in ("vip", "kf"):
        desk.dovecot.deliver(user, f"Delivered-To: {user}@desk.example\r\n".encode() + letter.raw)
    await desk.handled(letter)
    marker = Writer("赵强", "zhao@qq.example")
    for user in ("vip", "kf"):  # what was delivered before is read before
        desk.dovecot.deliver(user, marker.letter(f"漏水 {user}", f"{user} 号楼厨房漏水三天了没人管").raw)
        await desk.receives(marker, "编号")
    assert len(await desk.books.complaints()) == 3
    assert len(await desk.books.rows(InboxRow)) == 3
    assert len(desk.unread(customer)) == 1
