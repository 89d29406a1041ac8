"""A call of a tool that an agent must allow: the card, the click, and the answer that follows."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from playwright.async_api import Browser, Locator, expect
from tests.assistant.openai_server import OpenAIServer, Reply, calls, ends, reply, says
from tests.assistant.shop import Shop

from havana.chat.site_tools import HttpTool

from .console import Console
from .stage import BROWSER, DEMO, Stage, a_stage
from .visitor import Visitor

pytestmark = BROWSER

ARGUMENTS = {"order": "17", "reason": "<b>broken</b> on arrival", "items": [{"sku": "mug"}]}
SCHEMA = {
    "type": "object",
    "properties": {
        "order": {"type": "string"},
        "reason": {"type": "string"},
        "items": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
    },
}
ASKS = reply(*calls("cancel_order", json.dumps(ARGUMENTS)), *ends("tool_calls"))


def answers(words: str) -> Reply:
    return reply(*says(words), *ends())


@asynccontextmanager
async def a_shop_stage(browser: Browser, data: Path, shop: Shop, model: OpenAIServer) -> AsyncIterator[Stage]:
    cancel = HttpTool("cancel_order", "Cancels an order.", shop.url("/cancel"), parameters=SCHEMA)
    site = msgspec.structs.replace(DEMO, tools=(cancel,))
    settings = {"model": "openai:test", "openai_api_key": "key", "openai_base_url": model.url}
    async with a_stage(browser, data, site, **settings) as stage:
        yield stage


def card(console: Console) -> Locator:
    return console.thread.get_by_role("region", name="Approval needed: cancel_order")


async def asked(stage: Stage) -> tuple[Console, Visitor]:
    """The card is in front of an agent."""
    ana = await stage.agent("Ana")
    visitor = await stage.visitor()
    await visitor.says("Please cancel order 17")
    await visitor.has_finished_answer()
    await expect(ana.row("Approval needed")).to_be_visible()
    await ana.opens(ana.row("Approval needed"))
    await expect(card(ana)).to_be_visible()
    return ana, visitor


async def test_an_agent_reads_what_would_be_sent_and_allows_it_and_the_visitor_reads_the_result(
    browser: Browser, tmp_path: Path
):
    words = (answers("I have asked the team."), answers("Your order is cancelled."))
    async with Shop() as shop, OpenAIServer(ASKS, *words) as model:
        async with a_shop_stage(browser, tmp_path, shop, model) as stage:
            ana, visitor = await asked(stage)
            await expect(card(ana).get_by_text("<b>broken</b> on arrival", exact=True)).to_be_visible()
            await expect(card(ana).get_by_text(" left")).to_be_visible()
            await expect(visitor.log).to_contain_text(DEMO.words.approval_asked)
            assert await ana.page.title() == "(1) Waiting · Havana"
            assert shop.requests == []

            # By the keyboard: refusing comes first, allowing last.
            await card(ana).get_by_role("button", name="Refuse").focus()
            await ana.page.keyboard.press("Tab")
            await expect(card(ana).get_by_role("button", name="Allow")).to_be_focused()
            await ana.page.keyboard.press("Enter")
            await expect(visitor.log).to_contain_text("Your order is cancelled.")
            await expect(card(ana)).to_have_count(0)
            line = ana.thread.get_by_text("Ana allowed cancel_order, done")
            await expect(line).to_be_visible()
            await line.click()
            await expect(ana.thread.get_by_text('{"cancelled": true}')).to_be_visible()
            await expect(ana.row("Approval needed")).to_have_count(0)

    assert [request.body for request in shop.requests] == [ARGUMENTS]


async def test_a_colleague_who_looks_on_sees_the_card_become_a_line_with_who_decided(browser: Browser, tmp_path: Path):
    words = (answers("I have asked the team."), answers("The team said no."))
    async with Shop() as shop, OpenAIServer(ASKS, *words) as model:
        async with a_shop_stage(browser, tmp_path, shop, model) as stage:
            ana, visitor = await asked(stage)
            ben = await stage.agent("Ben")
            await ben.opens(ben.row("Approval needed"))
            await card(ana).get_by_role("button", name="Refuse").click()
            await expect(ben.thread.get_by_text("Ana refused cancel_order")).to_be_visible()
            await expect(card(ben)).to_have_count(0)
            await expect(visitor.log).to_contain_text("The team said no.")

    assert shop.requests == []
