"""Teams, on the screens of whoever makes them and of whom a conversation is directed to."""

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER


def team(console: Console, name: str) -> Locator:
    return console.page.get_by_role("listitem").filter(has_text=name)


async def makes(console: Console, name: str, *members: str, assign: str = "") -> None:
    """By an admin, who stands in the list of teams afterwards."""
    page = console.page
    await console.place("Settings").click()
    await page.get_by_role("navigation", name="Settings").get_by_role("link", name="Teams").click()
    await page.get_by_role("button", name="Make a team").click()
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type(name)
    for member in members:
        await page.get_by_role("checkbox", name=member).check()
    if assign:
        await page.get_by_label("Assign automatically").select_option(assign)
    await page.get_by_role("button", name="Save").click()
    await expect(team(console, name)).to_be_visible()


async def test_an_admin_makes_a_team_changes_it_and_deletes_it(stage: Stage):
    ana, ben = await stage.agent("Ana", role="admin"), await stage.agent("Ben")
    await makes(ana, "Sales", "Ana", "Ben")
    await expect(team(ana, "Sales")).to_contain_text("2 people · You are in it")
    await ana.page.get_by_role("link", name="Sales").click()
    await ana.page.get_by_role("checkbox", name="Ana").uncheck()
    await ana.page.get_by_label("Name").fill("Tours")
    await ana.page.get_by_role("button", name="Save").click()
    await expect(team(ana, "Tours")).to_contain_text("1 person")
    await ben.page.goto(f"{stage.url}/console/settings/teams")
    await expect(team(ben, "Tours")).to_contain_text("1 person · You are in it")
    await expect(ben.page.get_by_role("button", name="Make a team")).to_have_count(0)
    await ana.page.get_by_role("button", name="Delete Tours").click()
    await ana.page.get_by_role("group", name="Delete").get_by_role("button", name="Delete").click()

    await expect(ana.page.get_by_role("heading", name="No teams yet")).to_be_visible()


async def test_two_admins_at_one_team_see_each_other_s_change_before_one_is_lost(stage: Stage):
    ana, eva = await stage.agent("Ana", role="admin"), await stage.agent("Eva", role="admin")
    await makes(ana, "Sales")
    await eva.page.goto(f"{stage.url}/console/settings/teams")
    for console in (ana, eva):
        await console.page.get_by_role("link", name="Sales").click()
        await expect(console.page.get_by_label("Name")).to_have_value("Sales")
    await ana.page.get_by_label("Name").fill("Tours")
    await ana.page.get_by_role("button", name="Save").click()
    await expect(team(ana, "Tours")).to_be_visible()
    await eva.page.get_by_label("Name").fill("Billing")
    await eva.page.get_by_role("button", name="Save").click()
    alert = eva.page.get_by_role("alert")
    await expect(alert).to_contain_text("Ana")
    await alert.get_by_role("button", name="Save mine instead").click()

    await expect(team(eva, "Billing")).to_be_visible()


async def directs(console: Console, name: str, note: str) -> None:
    await console.action("More actions").click()
    await console.page.get_by_role("menuitem", name=name, exact=True).click()
    await expect(console.thread.get_by_label(f"What should {name} know?")).to_be_focused()
    await console.page.keyboard.type(note)
    await console.page.keyboard.press("Enter")


async def test_who_waits_is_directed_to_a_team_which_finds_them_and_takes_over(stage: Stage):
    ana, ben = await stage.agent("Ana", role="admin"), await stage.agent("Ben")
    await makes(ana, "Sales", "Ben")
    await ana.place("Inbox").click()
    visitor, other = await stage.visitor(), await stage.house.visitor()
    chat = (await other.do("request_human"))["conversation"]
    await visitor.person_button.click()
    await visitor.says("What would thirty seats cost?")
    await ana.opens(ana.row("thirty seats"))
    await directs(ana, "Sales", "A school, pays by invoice")
    await expect(ana.header).to_contain_text("Waiting for Sales")
    await expect(ana.thread.get_by_text("Ana directed this to Sales")).to_be_visible()

    await ben.page.keyboard.press("2")
    await expect(ben.row("thirty seats")).to_contain_text("Sales")
    await expect(ben.row_of(chat)).to_be_visible()
    await ben.list.get_by_role("button", name="Filter").click()
    await ben.page.get_by_label("Team").select_option("My teams")
    await expect(ben.row_of(chat)).to_have_count(0)
    await ben.page.keyboard.press("Escape")
    await ben.opens(ben.row("thirty seats"))
    await expect(ben.thread.get_by_text("A school, pays by invoice")).to_be_visible()
    await ben.does("Take over")
    await expect(ben.header).to_contain_text("You are in charge")
    await expect(ben.list.get_by_text("Nothing here with this filter")).to_be_visible()
    await directs(ben, "Sales", "Somebody else of us, please")
    await expect(ben.header).to_contain_text("Waiting for Sales")
    await expect(visitor.log.get_by_text("Ben has asked a colleague to help you")).to_be_visible()
    for secret in ("Sales", "invoice"):
        await expect(visitor.page.get_by_text(secret)).to_have_count(0)


async def test_who_waits_for_a_team_is_given_to_somebody_of_it_who_is_told_and_else_to_the_next(stage: Stage):
    ana, ben = await stage.agent("Ana", role="admin"), await stage.agent("Ben")
    await makes(ana, "Sales", "Ben", assign="To who is least busy")
    await expect(team(ana, "Sales")).to_contain_text("To who is least busy")
    await ana.place("Inbox").click()
    visitor = await stage.visitor()
    await visitor.person_button.click()
    await ana.opens(ana.row())
    await directs(ana, "Sales", "Ben knows him")
    await expect(ana.thread.get_by_text("Assigned to Ben: least busy")).to_be_visible()
    await expect(ana.header).to_contain_text("Ben is in charge")
    await expect(visitor.log.get_by_text("Ben will answer you here.")).to_be_visible()

    await expect(ben.page).to_have_title("(1) Unread · Havana")
    await expect(ben.row()).to_contain_text("to answer")
    await ben.opens(ben.row())
    await expect(ben.page).to_have_title("Havana")
    await ben.says("Good morning")
    await expect(visitor.said_by("Ben")).to_contain_text("Good morning")
    await expect(ben.row()).not_to_contain_text("to answer")
    await expect(visitor.page.get_by_text("least busy")).to_have_count(0)
