"""A team lead looks at the reports, on real pages."""

import csv
import datetime as dt
import random

from playwright.async_api import Locator, expect
from tests.storage.telling import tell

from havana.chat.site import Site
from havana.ids import new_id
from havana.storage import sites, staff
from havana.storage.database import Connection

from .console import Console
from .stage import BROWSER, DEMO, Stage

pytestmark = BROWSER


async def waited_for(stage: Stage, ana: Console, text: str = "I want a person") -> str:
    """A visitor wants a person, and Ana comes and writes; tells the conversation."""
    visitor = await stage.house.visitor()
    chat: str = (await visitor.post(text))["conversation"]
    await visitor.do("request_human", conversation=chat)
    await ana.opens(ana.row_of(chat))
    await ana.does("Take over")
    await ana.says("Hello, I am Ana")
    await visitor.sees_event("claimed")
    return chat


async def reports(ana: Console) -> None:
    await ana.place("Reports").click()
    await expect(ana.page.get_by_role("region", name="Numbers")).to_be_visible()


def number(ana: Console, name: str) -> Locator:
    return ana.page.get_by_role("region", name="Numbers").get_by_role("link", name=name)


def section(ana: Console, heading: str) -> Locator:
    return ana.page.get_by_role("region", name=heading).first


async def test_a_number_leads_to_its_conversations_and_these_to_the_inbox(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    chat = await waited_for(stage, ana)
    await reports(ana)
    await expect(number(ana, "Conversations")).to_contain_text("1")
    await expect(number(ana, "Hand-overs to people")).to_contain_text("0 before")
    await expect(number(ana, "Time to claim")).to_contain_text("9 of 10 within")

    await number(ana, "Time to claim").click()
    await expect(ana.page.get_by_role("heading", name="Time to claim, the longest first")).to_be_visible()
    row = ana.page.get_by_role("main").get_by_role("listitem")
    await expect(row).to_have_count(1)
    await row.get_by_role("link").click()
    await expect(ana.thread).to_contain_text("I want a person")
    assert chat in ana.page.url
    await ana.page.go_back()
    await ana.page.get_by_role("button", name="To the report").click()
    await expect(number(ana, "Conversations")).to_be_visible()


async def test_beside_each_picture_is_a_table_whose_numbers_lead_on_and_which_is_a_file(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await waited_for(stage, ana)
    await reports(ana)
    table = section(ana, "Hand-overs by reason").get_by_role("table")
    await expect(table.get_by_role("row")).to_have_text(["ReasonThese daysBefore", "The visitor asked10"])
    await table.get_by_role("link", name="The visitor asked, These days: 1").click()
    await expect(ana.page.get_by_role("heading", name="Hand-overs to people")).to_be_visible()
    await expect(ana.page.get_by_text("The visitor asked")).to_be_visible()
    await ana.page.go_back()

    async with ana.page.expect_download() as downloading:
        await ana.page.get_by_role("button", name="Download as CSV: By agent").click()
    download = await downloading.value
    with (await download.path()).open(encoding="utf-8-sig", newline="") as file:
        head, line = csv.reader(file)
    assert head[:3] == ["Agent", "Hand-overs to people", "Time to claim"]
    assert line[:2] == ["Ana", "1"]
    assert download.suggested_filename.startswith("By agent 20")


async def test_what_a_report_is_narrowed_to_stands_in_the_address(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await waited_for(stage, ana)
    now = dt.datetime.now(dt.UTC)

    def fill(conn: Connection) -> None:
        shop = Site(id=new_id(), key="shop", name="The Shop")
        sites.store(conn, shop, now)
        chance = random.Random(1)
        for ago in range(2, 20, 3):
            tell(conn, chance, shop, staff.team(conn), now - dt.timedelta(days=ago))

    await stage.house.database.write(fill)
    await reports(ana)
    await expect(number(ana, "Conversations")).to_contain_text("3")
    await ana.page.get_by_label("Days", exact=True).select_option("Last 30 days")
    await expect(number(ana, "Conversations")).to_contain_text("7")
    await ana.page.get_by_label("Website", exact=True).select_option("The Shop")
    await expect(number(ana, "Conversations")).to_contain_text("6")
    assert ana.page.url.endswith("/console/reports?days=30&site=shop")

    await ana.page.reload()
    await expect(number(ana, "Conversations")).to_contain_text("6")
    await ana.page.get_by_label("Website", exact=True).select_option(DEMO.name)
    await expect(number(ana, "Conversations")).to_contain_text("1")
    await ana.page.get_by_label("Agent", exact=True).select_option("Me")
    await expect(number(ana, "Hand-overs to people")).to_contain_text("1")
    await expect(number(ana, "Unanswered questions")).to_have_count(0)
    await ana.page.go_back()
    await expect(number(ana, "Unanswered questions")).to_be_visible()
    await ana.page.get_by_label("Days", exact=True).select_option("Other days")
    await ana.page.get_by_label("To", exact=True).fill(f"{now - dt.timedelta(days=1):%Y-%m-%d}")
    await expect(ana.page.get_by_role("heading", name="No conversations on these days")).to_be_visible()


async def test_an_agent_sees_the_teams_figures_and_of_people_their_own(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await waited_for(stage, ana)
    ben = await stage.agent("Ben")
    await reports(ben)
    await expect(number(ben, "Hand-overs to people")).to_contain_text("1")
    await expect(section(ben, "By agent")).to_contain_text("Nobody has taken over anything on these days.")
    await expect(ben.page.get_by_label("Agent", exact=True).get_by_role("option")).to_have_text(["Everybody", "Me"])
