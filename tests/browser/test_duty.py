"""On duty or away: what visitors are promised, and what the team sees of each other."""

import re

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, DEMO, Stage

pytestmark = BROWSER

AWAY = re.compile("You are away")


def account(console: Console) -> Locator:
    return console.page.get_by_role("navigation", name="Places").get_by_role("button", name=re.compile("^Account of"))


async def chooses(console: Console, item: str) -> None:
    await account(console).click()
    await console.page.get_by_role("menuitem", name=item).click()


async def test_while_the_only_agent_is_away_a_visitor_is_told_that_nobody_is_here(stage: Stage):
    ana = await stage.agent("Ana")
    await chooses(ana, "Set as away")
    await expect(ana.page.get_by_text(AWAY)).to_be_visible()
    await expect(account(ana)).to_have_accessible_name("Account of Ana, away")
    visitor = await stage.visitor()
    await visitor.person_button.click()
    await expect(visitor.log.get_by_text(DEMO.words.nobody)).to_be_visible()
    await ana.page.reload()
    await expect(ana.page.get_by_text(AWAY)).to_be_visible()
    await ana.page.get_by_role("button", name="Back on duty").click()
    await expect(ana.page.get_by_text(AWAY)).to_have_count(0)
    other = await stage.visitor()
    await other.person_button.click()

    await expect(other.log.get_by_text(DEMO.words.waiting)).to_be_visible()


async def test_whom_a_chat_is_given_to_one_sees_who_is_on_duty_away_and_not_here(stage: Stage):
    ana, ben = await stage.agent("Ana", role="admin"), await stage.agent("Ben")
    stage.hire("Cleo")
    await (await stage.house.visitor()).do("request_human")
    await ana.opens(ana.row())
    await ana.does("Take over")
    await ana.action("More actions").click()
    for told in ("Ben On duty", "Cleo Not here"):
        await expect(ana.page.get_by_role("menuitem", name=told)).to_be_visible()
    await chooses(ben, "Set as away")

    await expect(ana.page.get_by_role("menuitem", name="Ben Away")).to_be_visible()


async def test_a_colleague_who_comes_or_goes_is_seen_at_once_where_the_team_is_on_screen(stage: Stage):
    ana = await stage.agent("Ana")
    stage.hire("Ben")
    await ana.place("Settings").click()
    row = ana.page.get_by_role("listitem").filter(has_text="Ben")
    await expect(row).to_contain_text("Not here")
    ben = await stage.agent("Ben")
    await expect(row).to_contain_text("On duty")
    await ben.page.close()

    await expect(row).to_contain_text("Not here")


async def test_an_admin_sends_away_who_forgot_and_every_console_of_theirs_says_so(stage: Stage):
    ana, ben = await stage.agent("Ana", role="admin"), await stage.agent("Ben")
    second = await stage.console(ben.page.context)
    await expect(account(second)).to_have_accessible_name("Account of Ben")
    await ana.place("Settings").click()
    row = ana.page.get_by_role("listitem").filter(has_text="Ben")
    await expect(row).to_contain_text("On duty")
    await row.get_by_role("button", name="Set as away: Ben").click()
    for console in (ben, second):
        await expect(console.page.get_by_text(AWAY)).to_be_visible()
    await second.page.get_by_role("button", name="Back on duty").click()
    await expect(ben.page.get_by_text(AWAY)).to_have_count(0)
    await expect(row).to_contain_text("On duty")
    await ben.place("Settings").click()

    await expect(ben.page.get_by_role("button", name="Set as away: Ben")).to_be_visible()
    await expect(ben.page.get_by_role("button", name=re.compile(": Ana"))).to_have_count(0)
