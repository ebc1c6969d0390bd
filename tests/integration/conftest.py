"""The browser of those tests that look at a page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.browser import Browser


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
