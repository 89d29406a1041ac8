"""Teams, on the screens of whoever makes them and of whom a conversation is directed to."""

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER


def team(console: Console, name: str) -> Locator:
    return console.page.get_by_role("listitem").filter(has_text=name)


async def makes(console: Console, name: str, *members: str) -> None:
    """By an admin, who stands in the list of teams afterwards."""
    page = console.page
    await console.place("Settings").click()
    await page.get_by_role("navigation", name="Settings").get_by_role("link", name="Teams").click()
    await page.get_by_role("button", name="Make a team").click()
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type(name)
    for member in members:
        await page.get_by_role("checkbox", name=member).check()
    await page.keyboard.press("Enter")
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
