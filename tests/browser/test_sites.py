"""The settings of websites, from the list to what visitors read."""

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER


async def opens_the_site(stage: Stage, name: str = "Ana") -> Console:
    admin = await stage.agent(name, role="admin")
    await admin.page.goto(f"{stage.url}/console/settings/sites")
    await admin.page.get_by_role("link", name="Havana Tech").click()
    await expect(field(admin, "Greeting")).to_be_visible()
    return admin


def field(console: Console, label: str) -> Locator:
    return console.page.get_by_label(label, exact=True)


def button(console: Console, name: str) -> Locator:
    return console.page.get_by_role("button", name=name, exact=True)


async def test_what_an_admin_sets_visitors_read_and_the_list_of_changes_tells(stage: Stage):
    ana = await opens_the_site(stage)
    await field(ana, "Greeting").fill("Good day to you.")
    await expect(ana.page.get_by_role("figure")).to_contain_text("Good day to you.")
    await button(ana, "Add hours on Monday").click()
    await ana.page.get_by_text("When a person comes and goes").click()
    await field(ana, "Somebody joins").fill("Here is {agent} for you.")
    await button(ana, "Save").click()
    await expect(ana.page.get_by_text("Saved. It holds at once.")).to_be_visible()

    visitor = await stage.visitor()
    await expect(visitor.page.get_by_text("Good day to you.")).to_be_visible()
    await ana.page.reload()
    await expect(field(ana, "Monday from")).to_have_value("09:00")
    await ana.page.get_by_role("link", name="Changes").click()
    said = "changed the greeting, the opening hours, and what Havana says on the website"
    await expect(ana.page.get_by_role("listitem").filter(has_text=said)).to_be_visible()


async def test_all_that_is_wrong_stands_beside_its_field_and_the_first_is_focused(stage: Stage):
    ana = await opens_the_site(stage)
    await field(ana, "Booking link").fill("the-shop")
    await field(ana, "Answers an hour").fill("none")
    await button(ana, "Save").click()

    await expect(ana.page.get_by_text("2 fields are not right")).to_be_visible()
    await expect(field(ana, "Booking link")).to_be_focused()
    await expect(field(ana, "Booking link")).to_have_accessible_description("Must begin with https://, not 'the-shop'.")
    await field(ana, "Booking link").fill("https://calendar.example.com/")
    await field(ana, "Answers an hour").fill("30")
    await button(ana, "Save").click()
    await expect(ana.page.get_by_text("Saved. It holds at once.")).to_be_visible()


async def test_of_two_admins_the_second_is_told_who_was_first(stage: Stage):
    ana, ben = await opens_the_site(stage), await opens_the_site(stage, "Ben")
    await field(ana, "Greeting").fill("From Ana")
    await field(ben, "Greeting").fill("From Ben")
    await button(ana, "Save").click()
    await expect(ana.page.get_by_text("Saved. It holds at once.")).to_be_visible()
    await button(ben, "Save").click()
    newer = ben.page.get_by_role("alert").filter(has_text="Ana")
    await newer.get_by_text("Show").click()
    await expect(newer.get_by_text("From Ana")).to_be_visible()
    await newer.get_by_role("button").click()

    await expect(ben.page.get_by_text("Saved. It holds at once.")).to_be_visible()
    await expect(field(ben, "Greeting")).to_have_value("From Ben")


async def test_a_website_is_added_and_has_a_page(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await ana.page.goto(f"{stage.url}/console/settings/sites")
    await button(ana, "Add a website").click()
    await field(ana, "Name of the website").fill("The Shop")
    await expect(field(ana, "Key")).to_have_value("the-shop")
    await button(ana, "Add it").click()
    await expect(field(ana, "Page of the chat")).to_have_value(f"{stage.url}/chat/the-shop")

    visitor = await stage.visitor()
    await visitor.page.goto(f"{stage.url}/chat/the-shop")
    await expect(visitor.page.get_by_text("How can we help?")).to_be_visible()


async def test_who_is_no_admin_has_no_such_page(stage: Stage):
    ana = await stage.agent("Ana")
    await ana.page.goto(f"{stage.url}/console/settings/sites")

    await expect(ana.page.get_by_role("heading", name="People")).to_be_visible()
    await expect(ana.page.get_by_role("link", name="Websites")).to_have_count(0)
