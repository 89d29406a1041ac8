"""The real server with the demo site, and real pages in front of it."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser, BrowserContext, Page
from tests.stories.house import PASSWORD, PATIENCE_S, SITE, House, a_house

from havana.accounts.passwords import hash_password
from havana.chat.site import Site
from havana.cli.content import read_site
from havana.knowledge import ingest
from havana.storage import staff

from .console import Console
from .screen import Screen
from .visitor import Visitor

BROWSER = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
"""What every module of stories is marked with. One Chromium serves them all, so they share its event loop."""

ROOT = Path(__file__).resolve().parents[2]
DEMO = msgspec.structs.replace(read_site(ROOT / "demo" / "site.toml"), id=SITE.id)


class Stage:
    """Opens pages, each in a browser profile of its own unless it is said to be another tab."""

    def __init__(self, browser: Browser, url: str, house: House | None = None) -> None:
        self.browser = browser
        self.url = url
        self._house = house
        self._contexts: list[BrowserContext] = []
        self._screens: list[Screen] = []

    @property
    def house(self) -> House:
        assert self._house, "This stage stands before a server in a process of its own."
        return self._house

    async def visitor(self, **how: Any) -> Visitor:
        """Somebody new opens the visitor's page."""
        return await self.visitor_in(await self.context(**how))

    async def another_tab(self, visitor: Visitor) -> Visitor:
        return await self.visitor_in(visitor.page.context)

    async def visitor_in(self, context: BrowserContext) -> Visitor:
        visitor = Visitor(await self._page(context))
        self._screens.append(visitor)
        await visitor.page.goto(self.url)
        return visitor

    async def agent(self, name: str, *, role: str = "agent", **how: Any) -> Console:
        """An agent, hired if need be, who is signed in and has the console open."""
        email = self.hire(name, role)
        context = await self.context(**how)
        answer = await context.request.post(
            f"{self.url}/api/session", data={"email": email, "password": PASSWORD}, headers={"Origin": self.url}
        )
        assert answer.ok, await answer.text()
        return await self.console(context)

    def hire(self, name: str, role: str = "agent") -> str:
        """Tells the e-mail address; the password is the same for everybody."""
        email = f"{name.lower()}@example.com"
        database = self.house.database
        if database.read_now(lambda conn: staff.credentials(conn, email)) is None:
            now, stored = dt.datetime.now(dt.UTC), hash_password(PASSWORD)
            database.write_now(lambda conn: staff.add_agent(conn, email, name, role, password_hash=stored, now=now))
        return email

    async def console(self, context: BrowserContext, path: str = "/console") -> Console:
        console = Console(await self._page(context))
        self._screens.append(console)
        await console.page.goto(self.url + path)
        return console

    async def context(self, **how: Any) -> BrowserContext:
        context = await self.browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | how
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        self._contexts.append(context)
        return context

    async def clear(self) -> list[str]:
        """Closes every page; tells what went wrong on them unseen."""
        for context in self._contexts:
            await context.close()
        return [fault for screen in self._screens for fault in screen.faults]

    async def _page(self, context: BrowserContext) -> Page:
        return await context.new_page()


@asynccontextmanager
async def a_stage(browser: Browser, data: Path, site: Site = DEMO, **settings: Any) -> AsyncIterator[Stage]:
    """The server runs in this process, with the demo's site and articles."""
    async with a_house(data, site, **settings) as house:
        ingest.add(house.database, DEMO.id, [ROOT / "demo" / "articles"])
        stage = Stage(browser, house.url, house)
        try:
            yield stage
        finally:
            faults = await stage.clear()
    assert faults == []
