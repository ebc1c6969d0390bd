"""Somebody who would not be named, in Telegram: told, worked on, answered, rated, and asked about by number and code."""

from __future__ import annotations

import re
from pathlib import Path

from bot.storage.models import DeliveryRow, MessageRow, OutboxRow
from tests.servers.telegram import Telegram, User
from tests.story.test_telegram_story import LI, WANG, ZHANG, serving

WU = User(1002, "吴强")


async def test_a_whole_life_without_a_name(tmp_path: Path) -> None:
    async with Telegram() as telegram, serving(tmp_path, telegram) as desk:
        for person in (ZHANG, WANG):
            await desk.binds(person)
        said = await desk.says(LI, "匿名投诉 保安半夜在岗亭喝酒，电话13712345678")
        found = re.search(r"编号 (\S+)，查询码 (\w{8})", said)
        assert found is not None
        reference, code = found.groups()
        told = await desk.reads(ZHANG)
        assert "岗亭喝酒" in told
        assert "匿名" in told
        assert "李娜" not in told
        await desk.says(ZHANG, f"办结 {reference} 已换人并加强巡查")
        assert "已换人并加强巡查" in await desk.reads(LI)
        assert reference in await desk.says(WU, f"查询 {reference} {code}")
        await desk.says(LI, "满意")
        assert (await desk.complaint()).closed_as == "satisfied"
        kept = [row for row in await desk.books.rows(OutboxRow) if row.reference == reference]
        ids = {row.id for row in kept}
        tried = [row for row in await desk.books.rows(DeliveryRow) if row.outbox_id in ids]
        lines = [row for row in await desk.books.rows(MessageRow) if row.reference == reference]
        where = {row.address for row in kept} | {row.address for row in tried} | {row.address for row in lines}
        assert not {str(LI.id), str(WU.id)} & where
        assert all("13712345678" not in row.text and code not in row.text for row in lines)
