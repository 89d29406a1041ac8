"""What the team writes down of a visitor beside the conversation: by keys, live, and never over what nobody saw."""

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage
from .test_whereabouts import entry

pytestmark = BROWSER


def change(console: Console, what: str) -> Locator:
    return console.visitor_pane.get_by_role("button", name=f"Change {what}")


def field(console: Console, what: str) -> Locator:
    return console.visitor_pane.get_by_role("textbox", name=f"Change {what}")


async def both_open(stage: Stage) -> tuple[Console, Console]:
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    await (await stage.house.visitor()).post("Do you have parking?")
    for console in (ana, ben):
        await console.opens(console.row())
        await expect(console.visitor_pane.get_by_text("Here now")).to_be_visible()
    return ana, ben


async def writes(console: Console, what: str, value: str) -> None:
    await change(console, what).press("Enter")
    await expect(field(console, what)).to_be_focused()
    await field(console, what).fill(value)
    await field(console, what).press("Enter")


async def test_a_name_is_given_by_keys_and_stands_in_the_list_and_the_thread_of_everybody(stage: Stage):
    ana, ben = await both_open(stage)
    await change(ana, "the name").focus()
    await writes(ana, "the name", "Ada Lovelace")
    await expect(change(ana, "the name")).to_be_focused()
    for console in (ana, ben):
        await expect(console.visitor_pane.get_by_text("Ada Lovelace")).to_be_visible()
        await expect(console.row()).to_contain_text("Ada Lovelace")
        await expect(console.header).to_contain_text("Ada Lovelace")
        await expect(console.log.get_by_text("Ada Lovelace").first).to_be_visible()

    # Escape leaves it as it is, and the conversation open.
    await change(ana, "the name").press("Enter")
    await field(ana, "the name").fill("Somebody else")
    await field(ana, "the name").press("Escape")
    await expect(change(ana, "the name")).to_be_focused()
    await expect(ana.visitor_pane.get_by_text("Ada Lovelace")).to_be_visible()
    await expect(ana.thread).to_be_visible()

    # With nothing in it the visitor has the name again that they came with.
    await writes(ana, "the name", "")
    for console in (ana, ben):
        await expect(console.row()).not_to_contain_text("Ada Lovelace")
        await expect(console.header).not_to_contain_text("Ada Lovelace")


async def test_nobody_writes_over_what_a_colleague_wrote_meanwhile(stage: Stage):
    ana, ben = await both_open(stage)
    await change(ana, "the name").press("Enter")
    await writes(ben, "the name", "Ada")
    await expect(change(ben, "the name")).to_be_focused()
    await field(ana, "the name").fill("Grace")
    await field(ana, "the name").press("Enter")
    alert = ana.visitor_pane.get_by_role("alert")
    await expect(alert).to_contain_text("Ben changed this meanwhile to “Ada”.")
    await alert.get_by_role("button", name="Leave it").click()
    await expect(ana.header).to_contain_text("Ada")

    await change(ana, "the name").press("Enter")
    await writes(ben, "the name", "Ada L.")
    await field(ana, "the name").fill("Grace")
    await field(ana, "the name").press("Enter")
    await alert.get_by_role("button", name="Save mine instead").click()
    for console in (ana, ben):
        await expect(console.header).to_contain_text("Grace")


async def test_an_address_notes_and_details_of_the_teams_own_are_added_changed_and_taken_back(stage: Stage):
    ana, ben = await both_open(stage)
    pane = ana.visitor_pane
    await pane.get_by_role("button", name="Add an e-mail").click()
    await field(ana, "the e-mail").fill("ada")
    await field(ana, "the e-mail").press("Enter")
    await expect(pane.get_by_role("alert")).to_have_text(
        "That is not an e-mail address. It looks like name@example.com."
    )
    await field(ana, "the e-mail").fill("ada@example.com")
    await field(ana, "the e-mail").press("Enter")
    await pane.get_by_role("button", name="Add notes").click()
    await field(ana, "the notes").press_sequentially("Calls back")
    await field(ana, "the notes").press("Shift+Enter")
    await field(ana, "the notes").press_sequentially("on Friday")
    # Going elsewhere saves, too.
    await ana.field.click()
    await pane.get_by_role("button", name="Add a detail").click()
    await pane.get_by_role("textbox", name="What it is").fill("E-Mail")
    await expect(pane.get_by_role("alert")).to_have_text("There is one of this name already.")
    await pane.get_by_role("textbox", name="What it is").fill("Plan")
    await pane.get_by_role("textbox", name="What it is").press("Enter")
    await pane.get_by_role("textbox", name="What it says").fill("Team")
    await pane.get_by_role("textbox", name="What it says").press("Enter")
    await expect(pane.get_by_role("button", name="Add a detail")).to_be_focused()
    for console in (ana, ben):
        await expect(entry(console, "E-mail").get_by_role("link")).to_have_attribute("href", "mailto:ada@example.com")
        await expect(entry(console, "Notes")).to_have_text("Calls back\non Friday", use_inner_text=True)
        await expect(entry(console, "Plan")).to_have_text("Team")
    await writes(ben, "Plan", "")

    await expect(entry(ana, "Plan")).to_have_count(0)
