"""The stage for stories that are told over several channels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.servers.telegram import Telegram
from tests.story.stage import Stage, stage_on


@pytest.fixture(scope="session")
def emulator() -> Iterator[Telegram]:
    """A Telegram that the stories of a test process share, one after the other; it is started by whoever needs it first."""
    telegram = Telegram()
    yield telegram
    telegram.clear_away()


@pytest.fixture
async def stage(request: pytest.FixtureRequest, tmp_path: Path, fresh_sqlite_url: str) -> AsyncIterator[Stage]:
    """Where a story is told: `param` is the chat and the language, and what there is besides ("mail", "sms")."""
    channel, locale, *besides = request.param.split()
    telegram: Telegram | None = None
    if channel == "telegram":
        telegram = request.getfixturevalue("emulator")
        await telegram.reset()
    async with stage_on(locale, tmp_path, fresh_sqlite_url, telegram, besides) as stage:
        yield stage
