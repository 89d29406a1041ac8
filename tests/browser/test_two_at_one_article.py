"""Two agents at one article, on real pages: nothing that anybody wrote is lost, and nothing happens unseen."""

import re

from playwright.async_api import Locator, Route, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER

NEWER = "Ben has saved another version"
MINE = "We have pizza at noon."
THEIRS = "We have **pasta**."


def text(console: Console) -> Locator:
    return console.page.get_by_label("Answer", exact=True)


def alert(console: Console) -> Locator:
    return console.page.get_by_role("alert")


def button(console: Console, name: str) -> Locator:
    return console.page.get_by_role("button", name=name, exact=True)


async def an_article(stage: Stage) -> tuple[Console, Console]:
    """Ana has written one, and both have it open."""
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    await ana.page.goto(f"{stage.url}/console/articles/new")
    await ana.page.get_by_label("Title").fill("Pizza")
    await text(ana).fill("We have none.")
    await button(ana, "Save").click()
    await button(ana, "To the articles").click()
    for console in (ana, ben):
        await console.page.goto(f"{stage.url}/console/articles")
        await console.page.get_by_role("link", name="Pizza").click()
        await expect(text(console)).to_have_value("We have none.")
    return ana, ben


async def saves(console: Console, words: str) -> None:
    await text(console).fill(words)
    await button(console, "Save").click()
    await is_saved(console)


async def is_saved(console: Console) -> None:
    """What stays on the page: that it says "Saved" lasts only until the assistant has learnt it."""
    await expect(console.page.get_by_role("status")).to_contain_text("The assistant knows this now.")


async def reads(stage: Stage, console: Console) -> str:
    """What is stored."""
    listed = await (await console.page.request.get(f"{stage.url}/api/articles")).json()
    [article] = listed["articles"]
    read = await (await console.page.request.get(f"{stage.url}/api/articles/{article['id']}")).json()
    said: str = read["text"]
    return said


async def test_whoever_comes_second_is_told_keeps_their_words_and_decides(stage: Stage):
    ana, ben = await an_article(stage)
    await saves(ben, THEIRS)

    await text(ana).fill(MINE)
    await button(ana, "Save").dblclick()
    await expect(alert(ana)).to_contain_text(NEWER)
    await expect(alert(ana)).to_contain_text(re.compile(r"\d\d:\d\d"))
    await expect(alert(ana)).to_be_focused()
    await expect(text(ana)).to_have_value(MINE)
    # No key saves over what was not seen.
    await ana.page.get_by_label("Title").press("Enter")
    assert await reads(stage, ana) == THEIRS

    await alert(ana).get_by_text("Show the other version").click()
    await expect(alert(ana).get_by_role("definition").filter(has_text=THEIRS)).to_be_visible()
    await button(ana, "Save mine instead").click()
    await is_saved(ana)
    assert await reads(stage, ana) == MINE


async def test_who_saves_over_one_version_does_not_save_over_the_next(stage: Stage):
    ana, ben = await an_article(stage)
    await saves(ben, THEIRS)
    await text(ana).fill(MINE)
    await button(ana, "Save").click()
    await expect(alert(ana)).to_contain_text(NEWER)
    await ben.page.reload()
    await saves(ben, "We have soup.")

    await button(ana, "Save mine instead").click()
    await alert(ana).get_by_text("Show the other version").click()
    await expect(alert(ana)).to_contain_text("We have soup.")
    assert await reads(stage, ana) == "We have soup."
    await button(ana, "Cancel").click()
    await ana.page.get_by_role("link", name="Pizza").click()
    await expect(text(ana)).to_have_value("We have soup.")


async def test_a_save_whose_answer_is_lost_is_made_again_and_is_one(stage: Stage):
    ana, _ = await an_article(stage)

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await ana.page.route("**/api/articles/*", lose, times=1)
    await text(ana).fill(MINE)
    await button(ana, "Save").click()
    await expect(alert(ana)).to_contain_text("Not saved: there is no connection.")
    assert await reads(stage, ana) == MINE

    await button(ana, "Save").click()
    await is_saved(ana)
    assert await reads(stage, ana) == MINE


async def test_what_was_deleted_meanwhile_is_told_and_can_be_saved_again(stage: Stage):
    ana, ben = await an_article(stage)
    await text(ana).fill(MINE)
    await button(ben, "Cancel").click()
    await button(ben, "Delete Pizza").click()
    await button(ben, "Delete").click()
    await expect(ben.page.get_by_role("heading", name="No articles yet")).to_be_visible()

    # Whoever looks at something else meanwhile finds their words again, too.
    await ana.page.get_by_role("link", name="Unanswered", exact=True).click()
    await ana.page.go_back()
    await expect(text(ana)).to_have_value(MINE)
    await button(ana, "Save").click()
    await expect(alert(ana)).to_contain_text("Somebody has deleted this article")
    await button(ana, "Save it again").click()
    await is_saved(ana)
    assert await reads(stage, ana) == MINE


async def test_an_article_that_changed_is_not_deleted_by_who_did_not_see_it(stage: Stage):
    ana, ben = await an_article(stage)
    await button(ana, "Cancel").click()
    await expect(ana.page.get_by_role("link", name="Pizza")).to_contain_text("Ana")
    await button(ana, "Delete Pizza").click()
    await saves(ben, THEIRS)

    await button(ana, "Delete").dblclick()
    await expect(alert(ana)).to_have_text("Not deleted: Ben has just changed it. Look at it first.")
    await expect(ana.page.get_by_role("link", name="Pizza")).to_contain_text("Ben")
    assert await reads(stage, ana) == THEIRS

    await button(ana, "Delete Pizza").click()
    await button(ana, "Delete").click()
    await expect(ana.page.get_by_role("heading", name="No articles yet")).to_be_visible()
