"""A Chromium for all stories, and a stage for each: the demo site, with nobody there yet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from tests.stories.house import PATIENCE_S

from havana.app import STATIC

from .stage import Stage, a_stage


@pytest.fixture(scope="session")
def built_pages() -> None:
    for page in ("widget", "console"):
        if not (STATIC / page / "index.html").is_file():
            pytest.fail(f"The {page}'s page is not built. Build the pages with: make build", pytrace=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str, built_pages: None) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_S * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    """Ends with a look at what no story may cause: script errors, dialogs, breaches of the page's policy."""
    async with a_stage(browser, tmp_path) as stage:
        yield stage
