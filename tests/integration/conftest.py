"""The browser of those tests that look at a page, and the mailbox of those that fetch mail."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from connectors.email import follower
from tests.browser import Browser
from tests.fakes import MemoryIntake
from tests.servers.dovecot import Dovecot


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One for all tests of a module, which run on its loop: starting it takes longer than most of them."""
    async with Browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """A browser with no page open; at the end no page may have complained."""
    yield chromium
    errors = list(chromium.errors)
    await chromium.forget()
    assert errors == []


@pytest.fixture
async def dovecot() -> AsyncIterator[Dovecot]:
    async with Dovecot() as server:
        yield server


@pytest.fixture
def intake() -> MemoryIntake:
    return MemoryIntake()


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a mailbox be tried again at once."""
    monkeypatch.setattr(follower, "_FIRST_PAUSE_S", 0.05)
