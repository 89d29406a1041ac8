"""How a wait stands to what the team means to keep."""

from pathlib import Path

import msgspec
from playwright.async_api import Browser, expect

from .stage import BROWSER, DEMO, a_stage

pytestmark = BROWSER

PACE = "() => document.querySelector('nav li [data-pace]')?.innerText.split(/\\s*\\n\\s*/)[0] ?? null"


async def test_a_wait_is_calm_then_due_then_overdue_by_the_target_of_its_site(
    browser: Browser, tmp_path: Path, built_pages: None
):
    soon = msgspec.structs.replace(DEMO, wait_target_s=10)
    async with a_stage(browser, tmp_path, soon) as stage:
        ana = await stage.agent("Ana")
        visitor = await stage.house.visitor()
        await ana.watch("pace", PACE)
        conversation = (await visitor.do("request_human"))["conversation"]
        row = ana.row_of(conversation)

        await expect(row).to_contain_text("Overdue")
        assert [one["value"] for one in await ana.seen("pace")] == ["Waiting", "Due soon", "Overdue"]
        await ana.opens(row)
        await expect(ana.header).to_contain_text("Waiting for a person")
        await expect(ana.header).to_contain_text("Overdue")

        await ana.action("Take over").click()
        await expect(ana.page.locator("[data-pace]")).to_have_count(0)
