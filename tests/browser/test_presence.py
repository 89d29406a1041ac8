"""Two agents at one conversation: each sees the other's face, so that nobody answers twice."""

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER


def faces(console: Console) -> Locator:
    return console.header.locator("[data-face]")


def said(console: Console) -> Locator:
    """What a screen reader hears of it."""
    return console.header.get_by_role("status")


async def both_open(stage: Stage) -> tuple[Console, Console]:
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    await (await stage.house.visitor()).post("Do you have parking?")
    for console in (ana, ben):
        await console.opens(console.row())
    return ana, ben


async def test_two_agents_at_one_chat_see_each_other_until_one_leaves(stage: Stage):
    ana, ben = await both_open(stage)
    await expect(said(ana)).to_have_text("Ben is looking.")
    await expect(said(ben)).to_have_text("Ana is looking.")
    await expect(faces(ana)).to_have_text(["B"])
    await ben.page.keyboard.press("Escape")
    await expect(faces(ana)).to_have_count(0)
    await ben.opens(ben.row())
    await expect(said(ana)).to_have_text("Ben is looking.")
    await ben.page.close()

    await expect(faces(ana)).to_have_count(0)
    await expect(said(ana)).to_have_text("")


async def test_what_a_colleague_writes_stands_above_the_field_and_a_note_tells_the_visitor_nothing(stage: Stage):
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    visitor = await stage.visitor()
    await visitor.person_button.click()
    for console in (ana, ben):
        await console.opens(console.row())
    await ben.does("Take over")
    await expect(visitor.in_charge).to_have_text("Ben has joined")
    await ben.action("Note").click()
    await ben.field.fill("Has been here bef")
    await expect(said(ana)).to_have_text("Ben is writing a note.")
    await expect(ana.thread.locator("form").get_by_text("Ben is writing a note")).to_be_visible()
    assert await visitor.page.get_by_label("Ben is typing").count() == 0
    await ben.action("Reply").click()
    await ben.field.fill("Hello")
    await expect(said(ana)).to_have_text("Ben is writing a reply.")
    await expect(visitor.page.get_by_label("Ben is typing")).to_be_visible()
    await ben.field.press("Enter")

    await expect(said(ana)).to_have_text("Ben is looking.")
    await expect(ana.thread.locator("form").get_by_text("Ben is writing")).to_have_count(0)


async def test_an_agent_with_two_tabs_is_one_face_and_never_sees_their_own(stage: Stage):
    ana, ben = await both_open(stage)
    second = await stage.console(ben.page.context)
    await second.opens(second.row())
    await second.field.fill("Let me")
    await expect(said(ana)).to_have_text("Ben is writing a reply.")
    await expect(faces(ana)).to_have_count(1)
    for own in (ben, second):
        await expect(said(own)).to_have_text("Ana is looking.")
    await second.page.close()

    await expect(said(ana)).to_have_text("Ben is looking.")
