"""Emoji for whoever has none on the keyboard: found by a word, put where the caret is."""

from playwright.async_api import expect

from .axe import is_accessible
from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER


async def who_writes(stage: Stage, words: str) -> Console:
    ana = await stage.agent("Ana")
    await (await stage.house.visitor()).do("request_human")
    await ana.opens(ana.row())
    await ana.field.fill(words)
    return ana


async def test_one_is_found_by_its_name_and_put_where_the_caret_is(stage: Stage):
    ana = await who_writes(stage, "See you soon")
    await ana.field.press("ArrowLeft")
    await ana.action("Emoji").click()
    search = ana.page.get_by_role("searchbox", name="Find an emoji").or_(ana.page.get_by_label("Find an emoji"))
    await expect(search).to_be_focused()
    await search.fill("palm tree")
    await expect(ana.page.get_by_role("dialog", name="Emoji").get_by_text("🌴")).to_be_visible()
    await is_accessible(ana, "an emoji is looked for")
    await search.press("Enter")
    await expect(ana.field).to_have_value("See you soo🌴n")
    await expect(ana.field).to_be_focused()
    await ana.field.press("Control+z")
    await expect(ana.field).to_have_value("See you soon")
    await ana.page.keyboard.type("!")

    await expect(ana.field).to_have_value("See you soo!n")


async def test_escape_leaves_it_and_a_second_press_too(stage: Stage):
    ana = await who_writes(stage, "Hello")
    picker = ana.page.get_by_role("dialog", name="Emoji")
    await ana.action("Emoji").click()
    await expect(picker.get_by_text("😀")).to_be_visible()
    await ana.page.keyboard.press("Escape")
    await expect(picker).to_be_hidden()
    await expect(ana.field).to_be_focused()
    await ana.action("Emoji").click()
    await expect(picker.get_by_text("😀")).to_be_visible()
    await ana.action("Emoji").click()

    await expect(picker).to_be_hidden()
    await expect(ana.field).to_have_value("Hello")


async def test_without_the_list_of_emoji_the_page_says_so_and_the_words_stay(stage: Stage):
    ana = await who_writes(stage, "Hello")
    await ana.page.route("**/assets/emoji-*/**", lambda route: route.abort())
    await ana.action("Emoji").click()
    await expect(ana.page.get_by_role("dialog", name="Emoji").get_by_role("alert")).to_be_visible()
    ana.faults.clear()

    await expect(ana.field).to_have_value("Hello")
