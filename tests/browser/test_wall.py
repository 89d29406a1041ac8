"""Whoever leads the shift sees everything that runs, side by side, as it happens."""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, Locator, expect
from tests.assistant.openai_server import OpenAIServer, ends, reply, says

from .console import Console
from .stage import BROWSER, Stage, a_stage

pytestmark = BROWSER


async def at_the_wall(stage: Stage) -> Console:
    lead = await stage.agent("Lea", role="admin")
    await lead.place("Wall").click()
    await expect(lead.page.get_by_role("region", name="Wall")).to_be_visible()
    return lead


def column(lead: Console, name: str) -> Locator:
    return lead.page.get_by_role("region", name=name, exact=True)


def cards(lead: Console, name: str) -> Locator:
    return column(lead, name).get_by_role("listitem")


def figure(lead: Console, name: str) -> Locator:
    """The number above its name."""
    return lead.page.locator("dl > div").filter(has=lead.page.get_by_text(name, exact=True)).get_by_role("definition")


async def test_a_conversation_goes_from_column_to_column_and_the_numbers_with_it(stage: Stage):
    lead = await at_the_wall(stage)
    await expect(column(lead, "Waiting")).to_contain_text("Nobody waits for a person.")
    visitor = await stage.house.visitor()
    chat = (await visitor.post("What does welding cost?"))["conversation"]
    await expect(cards(lead, "With the assistant")).to_contain_text("What does welding cost?")
    await visitor.do("request_human", conversation=chat)
    await expect(cards(lead, "Waiting")).to_contain_text("What does welding cost?")
    await expect(cards(lead, "With the assistant")).to_have_count(0)
    await expect(figure(lead, "Waiting")).to_have_text("1")
    await expect(figure(lead, "Longest wait").get_by_role("time")).to_be_visible()
    ben = await stage.house.agent("Ben")
    await ben.do("claim", conversation=chat)
    await expect(cards(lead, "With people")).to_contain_text("Ben")
    await expect(figure(lead, "With people")).to_have_text("1")
    await expect(figure(lead, "On duty")).to_contain_text("Ben, 1 conversation")
    await ben.do("note", conversation=chat, text="Wants a discount")
    await expect(cards(lead, "With people").locator("[data-who=note]")).to_have_text("Ben: Wants a discount")
    await ben.do("close", conversation=chat)

    await expect(cards(lead, "With people")).to_have_count(0)
    await expect(figure(lead, "On duty")).to_contain_text("Ben, 0 conversations")


async def test_an_answer_is_seen_while_it_is_written(browser: Browser, tmp_path: Path):
    goes_on = asyncio.Event()
    async with OpenAIServer(reply(*says("It costs "), goes_on, *says("$8,400"), *ends())) as server:
        model = {"model": "openai:test", "openai_api_key": "key", "openai_base_url": server.url}
        async with a_stage(browser, tmp_path, **model) as stage:
            lead = await at_the_wall(stage)
            visitor = await stage.house.visitor()
            await visitor.post("What does welding cost?")
            words = cards(lead, "With the assistant").locator("[data-who=assistant]")
            await expect(words).to_contain_text("It costs")
            goes_on.set()

            await expect(words).to_contain_text("It costs $8,400")


async def test_looking_marks_nothing_as_read_and_a_card_opens_its_conversation(stage: Stage):
    visitor = await stage.house.visitor()
    chat = (await visitor.post("Hello"))["conversation"]
    await visitor.sees_event("answer_finished")
    lead = await at_the_wall(stage)
    await expect(cards(lead, "With the assistant")).to_contain_text("Hello")
    await expect(cards(lead, "With the assistant").locator("[data-who=assistant]")).to_be_visible()
    listed = await lead.page.request.get(f"{stage.url}/api/conversations")
    assert [one["unread"] for one in (await listed.json())["conversations"]] == [1]

    await cards(lead, "With the assistant").get_by_role("link").click()
    await expect(lead.thread).to_contain_text("Hello")
    assert chat in lead.page.url


async def test_only_the_cards_in_view_are_followed_however_many_run(stage: Stage):
    for number in range(60):
        await (await stage.house.visitor()).post(f"Number {number}")
    lead = await at_the_wall(stage)
    await expect(figure(lead, "With the assistant")).to_have_text("60")
    await expect(cards(lead, "With the assistant").first.locator("[data-who=assistant]")).to_be_visible()
    assert await cards(lead, "With the assistant").count() < 15

    await lead.page.mouse.move(1200, 500)
    await lead.page.mouse.wheel(0, 60 * 224)
    await expect(cards(lead, "With the assistant").filter(has_text="Number 0")).to_be_visible()


async def test_on_a_phone_one_column_is_shown_and_the_others_are_a_press_away(stage: Stage):
    await (await stage.house.visitor()).do("request_human")
    lead = await stage.agent("Lea", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    await lead.place("Wall").click()
    await expect(cards(lead, "Waiting")).to_have_count(1)
    await expect(column(lead, "With the assistant")).to_be_hidden()
    await lead.page.get_by_role("group", name="State").get_by_role("button", name="Assistant").click()

    await expect(column(lead, "With the assistant")).to_contain_text("The assistant talks to nobody.")
    await expect(column(lead, "Waiting")).to_be_hidden()
