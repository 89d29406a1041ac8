"""Who comes to the team and who leaves it, on their screens."""

import re

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER

PASSWORD = "a better horse"


def person(console: Console, name: str) -> Locator:
    return console.page.get_by_role("listitem").filter(has_text=name)


async def chooses(console: Console, name: str, item: str) -> None:
    await console.page.get_by_role("button", name=f"More about {name}").click()
    await console.page.get_by_role("menuitem", name=item).click()


async def invites(console: Console, name: str) -> str:
    """Tells the link."""
    page = console.page
    await console.place("Settings").click()
    await page.get_by_role("button", name="Invite somebody").click()
    form = page.get_by_role("form", name="Invite somebody")
    await form.get_by_label("Name").fill(name)
    await form.get_by_label("E-mail").fill(f"{name.lower()}@example.com")
    await form.get_by_role("button", name="Make the link").click()
    field = page.get_by_role("textbox", name=f"Link for {name}")
    await expect(field).to_have_value(re.compile("/console/sign-in#password=.+"))
    return await field.input_value()


async def test_somebody_is_invited_follows_the_link_and_works(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    link = await invites(ana, "Cleo")
    await expect(person(ana, "Cleo")).to_contain_text("The link is good until")
    cleo = await stage.console(await stage.context(), link.removeprefix(stage.url))
    await expect(cleo.page.get_by_role("heading", name="Welcome, Cleo")).to_be_visible()
    assert "#" not in cleo.page.url
    await cleo.page.get_by_label("New password").fill(PASSWORD)
    await cleo.page.get_by_role("button", name="Join the team").click()
    await expect(cleo.list.get_by_text("No open conversations")).to_be_visible()
    await expect(ana.page.get_by_role("button", name="Set as away: Cleo")).to_be_visible()
    visitor = await stage.house.visitor()
    await visitor.do("request_human")
    await cleo.opens(cleo.row())
    await cleo.does("Take over")
    await cleo.says("Hello, I am new here.")
    await visitor.sees_event("message_posted", text="Hello, I am new here.")

    late = await stage.console(await stage.context(), link.removeprefix(stage.url))
    await expect(late.page.get_by_role("alert")).to_contain_text("This link was used before")
    await late.page.get_by_role("button", name="To the sign-in page").click()
    await expect(late.page.get_by_role("button", name="Sign in")).to_be_visible()


async def test_whoever_is_deactivated_with_the_console_open_is_out_at_once_and_their_visitor_waits(stage: Stage):
    ana, ben = await stage.agent("Ana", role="admin"), await stage.agent("Ben")
    visitor = await stage.house.visitor()
    chat = (await visitor.do("request_human"))["conversation"]
    await ben.opens(ben.row_of(chat))
    await ben.does("Take over")
    await expect(ben.header).to_contain_text("You are in charge")
    await visitor.post("Are you there?", chat)
    await ana.place("Settings").click()
    await chooses(ana, "Ben", "Deactivate")
    await ana.page.get_by_role("button", name="Deactivate").click()

    await expect(ben.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(ben.page.get_by_text("Are you there?")).to_have_count(0)
    await visitor.sees_event("returned_to_queue")
    gone = ana.page.get_by_role("region", name="Deactivated")
    await expect(gone).to_contain_text("ben@example.com")
    await gone.get_by_role("button", name="Reactivate Ben").click()
    await expect(gone).to_have_count(0)
    await expect(person(ana, "Ben")).to_contain_text("Not here")


async def test_an_admin_says_how_many_conversations_somebody_is_given(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await ana.place("Settings").click()
    await chooses(ana, "Ana", "Conversations at once")
    field = ana.page.get_by_label("At most how many conversations at once shall Ana be given?")
    await expect(field).to_have_value("4")
    await field.select_option("6")
    await ana.page.get_by_role("button", name="Save").click()
    await ana.page.get_by_role("link", name="Changes").click()
    await expect(ana.page.get_by_role("listitem")).to_contain_text("be given 6 conversations at once")
    await ana.page.get_by_role("link", name="People").click()
    await chooses(ana, "Ana", "Conversations at once")

    await expect(field).to_have_value("6")


async def test_the_last_admin_stays_one_and_whoever_becomes_one_has_the_changes_at_once(stage: Stage):
    ana, ben = await stage.agent("Ana", role="admin"), await stage.agent("Ben")
    await ben.place("Settings").click()
    await expect(person(ben, "Ana")).to_be_visible()
    await expect(ben.page.get_by_role("link", name="Changes")).to_have_count(0)
    await expect(ben.page.get_by_role("button", name="Invite somebody")).to_have_count(0)
    await ana.place("Settings").click()
    await chooses(ana, "Ana", "Make an agent")
    await expect(ana.page.get_by_role("alert")).to_contain_text("This is the last admin")
    await chooses(ana, "Ben", "Make an admin")
    await ben.page.get_by_role("link", name="Changes").click()
    entry = ben.page.get_by_role("listitem").filter(has_text="Ben")
    await expect(entry).to_contain_text(re.compile("Ana made .Ben. an admin"))
    await chooses(ana, "Ana", "Make an agent")

    await expect(ana.page.get_by_role("button", name="Invite somebody")).to_have_count(0)
