"""Canned answers, from the settings where they are written to the composer where they are chosen."""

import re

from playwright.async_api import Locator, expect
from tests.stories.house import Person

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER

HELLO = "Hello {visitor}, I am {agent} of {site}."


async def an_agent_in_a_conversation(stage: Stage) -> tuple[Console, Person, str]:
    ana = await stage.agent("Ana")
    visitor = await stage.house.visitor()
    conversation: str = (await visitor.post("Do you have parking?"))["conversation"]
    await visitor.sees_event("answer_finished")
    await ana.opens(ana.row_of(conversation))
    return ana, visitor, conversation


async def writes(stage: Stage, console: Console, name: str, text: str) -> None:
    """Without the page, which one story below is about."""
    answer = await console.page.request.put(
        f"{stage.url}/api/canned/{name}", data={"name": name, "text": text}, headers={"Origin": stage.url}
    )
    assert answer.ok, await answer.text()


def choices(console: Console) -> Locator:
    return console.page.get_by_role("listbox", name="Canned answers").get_by_role("option")


def button(console: Console, name: str) -> Locator:
    return console.page.get_by_role("button", name=name, exact=True)


async def test_by_the_keyboard_alone_one_is_found_put_in_and_taken_back(stage: Stage):
    ana, visitor, conversation = await an_agent_in_a_conversation(stage)
    for name, text in {"bye": "Good bye.", "hello": HELLO, "hours": "We are open from nine."}.items():
        await writes(stage, ana, name, text)
    await visitor.do("leave_contact", conversation=conversation, name="Rosa", email="rosa@example.com")
    await expect(ana.visitor_pane.get_by_text("rosa@example.com")).to_be_visible()
    keyboard = ana.page.keyboard
    await keyboard.press("r")
    await expect(ana.field).to_be_focused()

    await keyboard.type("Well, /")
    await expect(choices(ana)).to_have_count(3)
    await keyboard.type("h")
    await expect(choices(ana)).to_have_count(2)
    chosen = choices(ana).nth(1)
    await keyboard.press("ArrowDown")
    await expect(chosen).to_have_attribute("aria-selected", "true")
    await expect(ana.field).to_have_attribute("aria-activedescendant", await chosen.get_attribute("id") or "")
    await expect(chosen).to_contain_text("hours")
    await keyboard.press("ArrowUp")
    await keyboard.press("Enter")
    await expect(ana.field).to_have_value("Well, Hello Rosa, I am Ana of Havana Tech.")
    await expect(choices(ana)).to_have_count(0)
    await expect(ana.field).to_be_focused()

    await keyboard.press("Control+z")
    await expect(ana.field).to_have_value("Well, /h")
    await keyboard.press("End")
    await expect(choices(ana)).to_have_count(2)
    await keyboard.press("Tab")
    await expect(ana.field).to_have_value("Well, Hello Rosa, I am Ana of Havana Tech.")
    await keyboard.type(" Ask me.")
    await keyboard.press("Enter")
    await expect(ana.log.get_by_text("Well, Hello Rosa, I am Ana of Havana Tech. Ask me.")).to_be_visible()


async def test_escape_closes_the_list_and_leaves_the_words_and_the_field(stage: Stage):
    ana, _, _ = await an_agent_in_a_conversation(stage)
    await writes(stage, ana, "hello", HELLO)
    await ana.field.press_sequentially("Either /h")
    await expect(choices(ana)).to_have_count(1)
    await ana.field.press("Escape")
    await expect(choices(ana)).to_have_count(0)
    await expect(ana.field).to_be_focused()
    await ana.field.press_sequentially("el")
    await expect(choices(ana)).to_have_count(0)
    await expect(ana.field).to_have_attribute("aria-autocomplete", "list")

    # A slash within a word is a slash; and what nobody has written is sent as it stands.
    await ana.field.fill("")
    await ana.field.press_sequentially("and/or /nothing")
    await expect(choices(ana)).to_have_count(0)
    await ana.field.press("Enter")
    await expect(ana.log.get_by_text("and/or /nothing")).to_be_visible()


async def test_by_the_mouse_too_and_a_visitor_without_a_name_is_greeted_without_one(stage: Stage):
    ana, _, _ = await an_agent_in_a_conversation(stage)
    await writes(stage, ana, "hello", HELLO)
    await ana.action("Note").click()
    await ana.field.press_sequentially("/")
    await expect(choices(ana)).to_contain_text("Hello, I am Ana of Havana Tech.")
    await choices(ana).click()
    await expect(ana.field).to_have_value("Hello, I am Ana of Havana Tech.")
    await expect(ana.field).to_be_focused()


async def test_whoever_looks_for_one_where_there_is_none_is_led_to_write_it(stage: Stage):
    ana, _, conversation = await an_agent_in_a_conversation(stage)
    await ana.field.press_sequentially("/")
    await ana.page.get_by_role("link", name="Write one").click()
    await ana.page.get_by_label("Name", exact=True).fill("hello")
    await ana.page.get_by_label("Text", exact=True).fill("Hello {name}")
    await button(ana, "Save").click()
    await expect(ana.page.get_by_role("alert")).to_have_text(
        "Nothing is known to put in for {name}. There are {visitor}, {agent}, {site}."
    )
    await ana.page.get_by_label("Text", exact=True).fill("Hello ")
    await ana.page.get_by_role("button", name="The visitor").click()
    await expect(ana.page.get_by_label("Text", exact=True)).to_have_value("Hello {visitor}")
    await button(ana, "Save").click()

    await expect(ana.page.get_by_role("link", name=re.compile("^hello"))).to_contain_text("Ana")
    await ana.place("Inbox").click()
    await ana.row_of(conversation).click()
    # What was begun is still there.
    await expect(ana.field).to_have_value("/")
    await ana.field.press("End")
    await ana.field.press_sequentially("hel")
    await expect(choices(ana)).to_have_count(1)


async def test_two_who_change_one_do_not_overwrite_each_other(stage: Stage):
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    await writes(stage, ana, "hello", "Hello.")
    for console in (ana, ben):
        await console.page.goto(f"{stage.url}/console/settings/canned/hello")
        await expect(console.page.get_by_label("Text", exact=True)).to_have_value("Hello.")
    await ben.page.get_by_label("Text", exact=True).fill("Good day.")
    await button(ben, "Save").click()
    await expect(ben.page.get_by_role("link", name=re.compile("^hello"))).to_contain_text("Ben")
    await ana.page.get_by_label("Text", exact=True).fill("Hi.")
    await button(ana, "Save").click()
    await expect(ana.page.get_by_role("alert")).to_contain_text("Ben has saved another version")
    await ana.page.get_by_text("Show the other version").click()
    await expect(ana.page.get_by_role("definition").filter(has_text="Good day.")).to_be_visible()
    await button(ana, "Save mine instead").click()
    await expect(ana.page.get_by_role("link", name=re.compile("^hello"))).to_contain_text("Hi.")

    await button(ana, "Delete hello").click()
    await button(ana, "Delete").click()
    await expect(ana.page.get_by_role("heading", name="No canned answers yet")).to_be_visible()
