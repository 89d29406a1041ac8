"""What the team is helped with: the summary at a hand-over, and replies that the assistant suggests."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Locator, expect
from tests.assistant.openai_server import OpenAIServer, calls, ends, reply, says

from .console import Console
from .stage import BROWSER, Stage, a_stage

pytestmark = BROWSER

TOLD = {
    "wants": "To know what welding costs.",
    "tried": "The price was quoted.",
    "open": "A discount for two.",
    "mood": "annoyed",
    "language": "es",
}
LOOKS_UP = reply(*calls("search_knowledge", '{"query": "welding cost"}'), *ends("tool_calls"))
WRITES = reply(*says("It costs ", "**$8,400** [1]. ", "<img src=x onerror=alert(1)>"), *ends())


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(reply(*says("Hello."), *ends())) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def named(browser: Browser, tmp_path: Path, server: OpenAIServer) -> AsyncIterator[Stage]:
    """A stage with a named model, which says what the test's script does."""
    model = {"model": "openai:test", "openai_api_key": "key", "openai_base_url": server.url}
    async with a_stage(browser, tmp_path, **model) as stage:
        yield stage


def card_of(console: Console) -> Locator:
    return console.log.locator("[data-fact=handover]")


def suggestion_of(console: Console) -> Locator:
    return console.thread.get_by_role("region", name="Suggestion by the assistant")


async def test_whoever_takes_over_reads_a_summary_that_comes_by_itself(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await visitor.says("How much does the welding program cost?")
    await visitor.has_finished_answer()
    await ana.opens(ana.row())
    await visitor.says("Can I bring my unicorn?")
    await visitor.has_finished_answer(2)
    await visitor.person_button.click()

    card = card_of(ana)
    await expect(card).to_contain_text("Summary for the team")
    await expect(card.get_by_role("term")).to_have_text(["Who", "Wants", "Tried", "Open", "Mood", "Language"])
    await expect(card).to_contain_text("How much does the welding program cost? / Can I bring my unicorn?")
    await expect(card.get_by_role("definition").last).to_have_text("English")
    await expect(card).to_contain_text("Extracted from the conversation")
    assert "Extracted" not in await visitor.page.content()


async def test_a_models_summary_says_so_and_takes_the_place_of_the_assistants_note(named: Stage, server: OpenAIServer):
    hands_over = calls("escalate_to_human", json.dumps({"reason": "frustrated", "summary": "Wants a discount."}))
    server.script(reply(*hands_over, *ends("tool_calls")), reply(*says(json.dumps(TOLD)), *ends()))
    ana, visitor = await named.agent("Ana"), await named.visitor()
    await visitor.says("Give me a discount")
    await ana.opens(ana.row())

    card = card_of(ana)
    await expect(card).to_contain_text("Written by the assistant")
    await expect(card).to_have_count(1)
    await expect(card).to_contain_text("The visitor seemed unhappy with the answers.")
    await expect(card).to_contain_text("A discount for two.")
    await expect(card).to_contain_text("Annoyed")
    await expect(card).to_contain_text("Spanish")
    await expect(card).not_to_contain_text("Wants a discount.")


async def test_a_suggestion_is_inserted_edited_and_sent_by_hand(named: Stage, server: OpenAIServer):
    ana, visitor = await named.agent("Ana"), await named.visitor()
    await visitor.says("What does welding cost?")
    await visitor.has_finished_answer()
    await ana.opens(ana.row())
    await ana.does("Take over")
    await expect(card_of(ana)).to_contain_text("Extracted from the conversation")
    server.script(LOOKS_UP, WRITES)
    await ana.page.keyboard.press("Escape")
    await ana.page.keyboard.press("s")

    suggestion = suggestion_of(ana)
    await expect(suggestion).to_contain_text("It costs $8,400")
    await expect(suggestion.get_by_role("group", name="Sources")).to_contain_text("Welding")
    await expect(suggestion.locator("img")).to_have_count(0)
    assert "8,400" not in await visitor.page.content()
    await ana.field.fill("Hello Coral,")
    await suggestion.get_by_role("button", name="Insert").click()
    await expect(suggestion).to_have_count(0)
    await expect(ana.field).to_be_focused()
    await expect(ana.field).to_have_value("Hello Coral,\n\nIt costs **$8,400**. <img src=x onerror=alert(1)>")
    await ana.says("It costs **$8,400**, Coral.")
    await expect(visitor.said_by("Ana")).to_contain_text("It costs $8,400, Coral.")


async def test_ones_words_are_said_in_fewer_and_brought_back(named: Stage, server: OpenAIServer):
    ana, visitor = await named.agent("Ana"), await named.visitor()
    await visitor.says("What does welding cost?")
    await visitor.has_finished_answer()
    await ana.opens(ana.row())
    await ana.does("Take over")
    await expect(card_of(ana)).to_contain_text("Extracted from the conversation")
    server.script(reply(*says("It is $8,400."), *ends()))
    await ana.field.fill("I can tell you that it is $8,400 in all.")
    await ana.action("Shorter").click()
    await suggestion_of(ana).get_by_role("button", name="Use this").click()
    await expect(ana.field).to_have_value("It is $8,400.")
    await ana.action("Undo").click()

    await expect(ana.field).to_have_value("I can tell you that it is $8,400 in all.")
    await expect(ana.action("Undo")).to_have_count(0)


async def test_without_a_model_a_passage_is_suggested_and_a_rewrite_says_why_not(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await visitor.says("How much does the welding program cost?")
    await visitor.has_finished_answer()
    await ana.opens(ana.row())
    await expect(ana.action("Suggest")).to_have_count(0)
    await ana.does("Take over")
    await ana.action("Suggest").click()
    suggestion = suggestion_of(ana)
    await expect(suggestion).to_contain_text("$")
    await suggestion.get_by_role("button", name="Dismiss the suggestion").click()
    await expect(suggestion).to_have_count(0)
    await ana.field.fill("Let me look that up for you.")
    await ana.action("Friendlier").click()

    await expect(suggestion.get_by_role("alert")).to_contain_text("Rewriting needs a language model")
    await expect(ana.field).to_have_value("Let me look that up for you.")
