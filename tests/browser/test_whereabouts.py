"""Where the visitor is, as the agent sees it beside the conversation."""

import datetime as dt
import re

import msgspec
from playwright.async_api import Locator, expect

from havana.storage import sites

from .console import Console
from .stage import BROWSER, DEMO, Stage
from .visitor import Visitor

pytestmark = BROWSER

PHONE = {
    "locale": "pt-BR",
    "timezone_id": "America/Sao_Paulo",
    "user_agent": "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36",
}
FROM = "https://www.school.example/courses/welding?utm_source=mail"


def entry(console: Console, name: str) -> Locator:
    """What stands beside this name in the pane."""
    return console.visitor_pane.locator("dt", has_text=re.compile(f"^{name}$")).locator(
        "xpath=following-sibling::dd[1]"
    )


async def comes(stage: Stage, text: str = "Do you have parking?") -> Visitor:
    visitor = await stage.visitor(**PHONE)
    await visitor.page.goto(stage.url, referer=FROM)
    await visitor.says(text)
    await visitor.has_finished_answer()
    return visitor


async def test_the_agent_sees_where_the_visitor_is_until_they_leave(stage: Stage):
    ana = await stage.agent("Ana", timezone_id="Europe/Berlin")
    visitor = await comes(stage)
    await ana.opens(ana.row())
    pane = ana.visitor_pane
    await expect(pane.get_by_text("Here now")).to_be_visible()
    await expect(entry(ana, "Page")).to_contain_text("Havana Tech")
    await expect(entry(ana, "Came from").get_by_role("link")).to_have_text(re.compile("^school.example"))
    await expect(entry(ana, "Device")).to_have_text("Chrome on Android")
    await expect(entry(ana, "Language")).to_have_text("Brazilian Portuguese")
    there = dt.datetime.now(dt.UTC) - dt.timedelta(hours=3)
    await expect(entry(ana, "Local time")).to_contain_text(f":{there:%M} in Sao Paulo")
    await expect(entry(ana, "Local time")).to_contain_text("behind you")
    await expect(pane).not_to_contain_text("utm_source")
    await visitor.call_button.click()
    await expect(entry(ana, "Calls")).to_contain_text("Asked for one")
    await visitor.page.close()

    await expect(pane.get_by_text("Left just now")).to_be_visible()
    await expect(entry(ana, "Last page")).to_contain_text("Havana Tech")
    back = await stage.another_tab(visitor)
    await expect(pane.get_by_text("Here now")).to_be_visible()
    assert await back.page.get_by_text("Chrome on Android").count() == 0


async def test_a_site_may_keep_the_page_to_its_visitors(stage: Stage):
    quiet = msgspec.structs.replace(DEMO, tells_page=False)
    await stage.house.database.write(lambda conn: sites.store(conn, quiet, dt.datetime.now(dt.UTC)))
    ana = await stage.agent("Ana")
    await comes(stage)
    await ana.opens(ana.row())

    await expect(entry(ana, "Device")).to_have_text("Chrome on Android")
    await expect(entry(ana, "Page")).to_have_count(0)
    await expect(entry(ana, "Came from")).to_have_count(0)
