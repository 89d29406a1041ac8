"""The views of the inbox: who looks at a part of it misses nothing, and finds the rest."""

import datetime as dt
import re

from playwright.async_api import expect
from tests.stories.house import SITE

from havana.chat.fold import Fold
from havana.chat.people import Person
from havana.ids import new_id
from havana.storage import history
from havana.storage.database import Connection
from havana.storage.tables import conversations, visitors

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER

MANY = 1200
SCROLLED_TO = """(id) => {
  const list = document.querySelector("nav[aria-label=Conversations] ul").parentElement;
  list.scrollTop = list.scrollHeight;
  return list.querySelector(`[data-conversation="${id}"]`) !== null;
}"""


def fill(conn: Connection) -> None:
    """More conversations than come at once, all of them newer than what is said meanwhile."""
    now = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    folds = [
        Fold(new_id(), new_id(), SITE.id, Person(new_id(), f"Visitor {number}"), seq=1, public_seq=1, at=now)
        for number in range(MANY)
    ]
    people = [{"id": f.visitor.id, "site_id": f.site, "name": f.visitor.name, "created_at": now} for f in folds]
    conn.execute(visitors.insert(), people)
    conn.execute(conversations.insert(), [history.fold_row(fold) for fold in folds])


async def shows(console: Console, view: str) -> None:
    await console.list.get_by_role("button", name=re.compile("All open|Waiting|Mine|assistant|Closed")).click()
    await console.page.get_by_role("menuitemradio", name=view).click()


async def test_each_view_holds_its_own_and_a_conversation_goes_where_it_belongs(stage: Stage):
    ana = await stage.agent("Ana")
    visitors = [await stage.house.visitor() for _ in range(3)]
    waits, talks, over = [(await v.post(f"Number {n}"))["conversation"] for n, v in enumerate(visitors)]
    await visitors[0].do("request_human")
    await visitors[2].do("close", conversation=over)
    await expect(ana.row_of(waits)).to_be_visible()
    await expect(ana.row_of(talks)).to_be_visible()
    await expect(ana.row_of(over)).to_have_count(0)

    await shows(ana, "Closed")
    await expect(ana.row()).to_have_count(1)
    await expect(ana.row_of(over)).to_be_visible()
    await shows(ana, "With the assistant")
    await expect(ana.row()).to_have_count(1)
    await expect(ana.row_of(talks)).to_be_visible()
    await shows(ana, "Waiting")
    await ana.opens(ana.row_of(waits))
    await ana.does("Take over")
    # It is nobody's any more who waits, and stays open for whoever took it.
    await expect(ana.list.get_by_text("Nobody is waiting")).to_be_visible()
    await expect(ana.header).to_contain_text("You are in charge")
    await ana.page.keyboard.press("Escape")
    await ana.page.keyboard.press("3")
    await expect(ana.row_of(waits)).to_be_visible()
    await expect(ana.row()).to_have_count(1)

    await ana.page.reload()
    await expect(ana.row_of(waits)).to_be_visible()
    await expect(ana.row()).to_have_count(1)


async def test_whoever_waits_is_announced_in_every_view(stage: Stage):
    ana = await stage.agent("Ana")
    await shows(ana, "Closed")
    await expect(ana.list.get_by_text("None is closed")).to_be_visible()
    visitor = await stage.house.visitor()
    await visitor.do("request_human")

    await expect(ana.page).to_have_title("(1) Waiting · Havana")
    await expect(ana.list).to_contain_text("1 waiting")
    await ana.page.get_by_role("button", name="Open the longest wait").click()
    await expect(ana.header).to_contain_text("Waiting for a person")


async def test_a_long_list_goes_on_as_far_as_one_scrolls(stage: Stage):
    oldest = (await (await stage.house.visitor()).post("The very first"))["conversation"]
    stage.house.database.write_now(fill)
    ana = await stage.agent("Ana")
    await expect(ana.row().first).to_be_visible()
    await expect(ana.row_of(oldest)).to_have_count(0)
    await ana.page.wait_for_function(SCROLLED_TO, arg=oldest)

    await ana.opens(ana.row_of(oldest))
    await expect(ana.log.get_by_text("The very first", exact=True)).to_be_visible()


async def test_the_list_is_narrowed_to_who_is_in_charge_and_says_so(stage: Stage):
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    visitors = [await stage.house.visitor() for _ in range(2)]
    bens, other = [(await v.post(f"Number {n}"))["conversation"] for n, v in enumerate(visitors)]
    await ben.opens(ben.row_of(bens))
    await ben.does("Take over")
    await expect(ana.row_of(bens)).to_contain_text("Ben")
    await ana.list.get_by_role("button", name="Filter", exact=True).click()
    await ana.page.get_by_role("dialog", name="Filter").get_by_label("In charge").select_option("Ben")
    await expect(ana.row_of(other)).to_have_count(0)
    await expect(ana.row_of(bens)).to_be_visible()
    await ana.page.keyboard.press("Escape")
    await ana.list.get_by_role("button", name="Remove the filter In charge Ben").click()

    await expect(ana.row_of(other)).to_be_visible()
