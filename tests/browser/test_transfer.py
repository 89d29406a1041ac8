"""A conversation is given to a colleague with what they should know, and they cannot miss it."""

import re

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER


def form(console: Console) -> Locator:
    return console.thread.get_by_role("form", name=re.compile("^Transfer to"))


async def chooses(console: Console, name: str) -> None:
    await console.action("More actions").click()
    await console.page.get_by_role("menuitem", name=re.compile(f"^{name}")).click()
    await expect(form(console).get_by_label(f"What should {name} know?")).to_be_focused()


async def test_a_colleague_gets_the_conversation_with_a_note_that_the_visitor_never_sees(stage: Stage):
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    visitor = await stage.visitor()
    await visitor.person_button.click()
    await ana.opens(ana.row())
    await ana.does("Take over")
    await visitor.says("I was charged twice")
    await expect(ana.thread.get_by_text("I was charged twice")).to_be_visible()

    await chooses(ana, "Ben")
    await ana.page.keyboard.press("Escape")
    await expect(form(ana)).to_have_count(0)
    await expect(ana.thread).to_be_visible()
    await expect(ana.field).to_be_focused()

    await chooses(ana, "Ben")
    await ana.page.keyboard.type("Refund the second one")
    await ana.page.keyboard.press("Enter")
    await expect(ana.header).to_contain_text("Ben is in charge")
    await expect(form(ana)).to_have_count(0)
    await expect(ana.thread.get_by_text("Refund the second one")).to_be_visible()

    await expect(ben.page).to_have_title("(1) Unread · Havana")
    await ben.opens(ben.row("I was charged twice").or_(ben.row("Ben takes over from Ana")))
    await expect(ben.thread.get_by_text("Refund the second one")).to_be_visible()
    await expect(ben.header).to_contain_text("You are in charge")
    await expect(ben.page).to_have_title("Havana")
    await ben.says("I will")
    await expect(visitor.said_by("Ben")).to_contain_text("I will")
    await expect(visitor.page.get_by_text("Ben takes over from Ana")).to_be_visible()
    await expect(visitor.page.get_by_text("Refund the second one")).to_have_count(0)


async def test_who_is_too_late_is_told_and_keeps_what_was_noted(stage: Stage):
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben", role="admin")
    visitor = await stage.visitor()
    await visitor.person_button.click()
    await ana.opens(ana.row())
    await ana.does("Take over")
    await chooses(ana, "Ben")
    await ana.page.keyboard.type("He knows the order")
    await ben.opens(ben.row())
    await ben.does("Take over from Ana")
    await expect(ana.header).to_contain_text("Ben is in charge")

    await ana.page.keyboard.press("Enter")
    await expect(ana.page.get_by_role("alert")).to_contain_text("Ben")
    await expect(form(ana).get_by_label("What should Ben know?")).to_have_value("He knows the order")
