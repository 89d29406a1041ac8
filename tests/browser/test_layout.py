"""Every page at the widths of a phone, a tablet and a desk, in light and dark: nothing sticks out, all have a name."""

import pytest
from playwright.async_api import expect

from .screen import Screen
from .stage import BROWSER, Stage

pytestmark = BROWSER

WIDTHS = (390, 1024, 1440)
SCHEMES = ("light", "dark")
AWKWARD = (
    "Donaudampfschifffahrtsgesellschaftskapitän" * 6,
    "https://example.com/" + "a-very-long-address/" * 12,
    "مرحبا، هل أنتم مفتوحون اليوم؟",
)
ROW = " | ".join(["many words, and more of them, " * 3] * 5)
WIDE = f"| a | b | c | d | e |\n|---|---|---|---|---|\n| {ROW} |\n\n```\n{'x' * 300}"
PROBLEMS = """() => {
  const problems = [];
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) problems.push(`${page.scrollWidth} wide`);
  const said = (node) => node.nodeType === Node.TEXT_NODE ? node.data
    : node.ariaHidden === "true" ? "" : node.ariaLabel ?? [...node.childNodes].map(said).join("");
  const label = (e) => [...(e.labels ?? [])].map(said).join("");
  for (const e of document.querySelectorAll("button, a, input, textarea, summary, [role=button]")) {
    if (!e.checkVisibility({ visibilityProperty: true })) continue;
    const name = (e.matches("input, textarea") ? e.ariaLabel ?? label(e) : said(e) || e.title).trim();
    if (name === "") problems.push(`no name: ${e.outerHTML.slice(0, 200)}`);
    const { left, right } = e.getBoundingClientRect();
    if (left < -0.5 || right > innerWidth + 0.5) problems.push(`sticks out: ${name}, from ${left} to ${right}`);
  }
  return problems;
}"""
SMALL = """() => [...document.querySelectorAll("button")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().height < 36)
  .map((e) => `${e.textContent || e.ariaLabel} is ${e.getBoundingClientRect().height} high`)"""


async def is_in_order(screen: Screen, where: str) -> None:
    """At every width, in both schemes; collects all problems before it fails."""
    found = []
    for width in WIDTHS:
        await screen.page.set_viewport_size({"width": width, "height": 844 if width == 390 else 900})
        for scheme in SCHEMES:
            await screen.page.emulate_media(color_scheme=scheme)
            problems = await screen.page.evaluate(PROBLEMS) + await screen.page.evaluate(SMALL)
            found += [f"{where}, {width} px, {scheme}: {problem}" for problem in problems]
    assert found == []


async def test_the_visitors_page_fits(stage: Stage):
    visitor = await stage.visitor()
    await expect(visitor.page.get_by_role("button", name="How do I apply?")).to_be_visible()
    await is_in_order(visitor, "empty")
    await visitor.says("How much does the welding program cost?")
    await expect(visitor.log.get_by_role("group", name="Sources")).to_be_visible()
    for text in AWKWARD:
        await visitor.says(text)
    await visitor.call_button.click()
    await expect(visitor.log.get_by_role("link", name="Open the calendar")).to_be_visible()
    await visitor.person_button.click()
    await visitor.log.get_by_role("button", name="Leave name and e-mail").click()
    await expect(visitor.log.get_by_role("form")).to_be_visible()
    await is_in_order(visitor, "waiting, with the form open")


async def test_the_console_fits(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await expect(ana.list.get_by_text("No open conversations")).to_be_visible()
    await is_in_order(ana, "empty")
    stage.hire("Ben")
    visitor = await stage.house.visitor()
    chat = (await visitor.post(AWKWARD[0]))["conversation"]
    for text in AWKWARD[1:]:
        await visitor.post(text, chat)
    await visitor.do("request_human", conversation=chat)
    for number in range(30):
        await (await stage.house.visitor()).post(f"Number {number}")
    await expect(ana.row_of(chat)).to_be_visible()
    await is_in_order(ana, "a list")
    await ana.place("Settings").click()
    await expect(ana.page.get_by_role("heading", name="People")).to_be_visible()
    await is_in_order(ana, "settings")
    await ana.place("Inbox").click()
    await ana.page.set_viewport_size({"width": 1440, "height": 900})
    await ana.opens(ana.row_of(chat))
    await expect(ana.log.get_by_text(AWKWARD[0], exact=True)).to_be_visible()
    await is_in_order(ana, "waiting")
    await ana.page.set_viewport_size({"width": 1440, "height": 900})
    await ana.does("Take over")
    await ana.says(WIDE)
    await expect(ana.log.locator("table")).to_be_visible()
    await is_in_order(ana, "in charge")


async def test_canned_answers_and_labels_fit(stage: Stage):
    ana = await stage.agent("Ana")
    chat = (await (await stage.house.visitor()).post("Hello"))["conversation"]
    await ana.page.goto(f"{stage.url}/console/settings/canned")
    await expect(ana.page.get_by_role("heading", name="No canned answers yet")).to_be_visible()
    await is_in_order(ana, "no canned answer")
    for number, text in enumerate(AWKWARD):
        answer = await ana.page.request.put(
            f"{stage.url}/api/canned/{number}",
            data={"name": text[:60], "text": text.replace("\n", " ") + " {visitor}"},
            headers={"Origin": stage.url},
        )
        assert answer.ok, await answer.text()
        await ana.page.request.post(
            f"{stage.url}/api/conversations/{chat}/label",
            data={"labels": [one[:40] for one in AWKWARD]},
            headers={"Origin": stage.url},
        )
    await ana.page.reload()
    await expect(ana.page.get_by_role("link", name="مرحبا")).to_be_visible()
    await is_in_order(ana, "canned answers")
    await ana.page.get_by_role("link", name="مرحبا").click()
    await expect(ana.page.get_by_label("Text", exact=True)).to_be_visible()
    await is_in_order(ana, "a canned answer")
    await ana.page.get_by_role("button", name="Cancel").click()

    await ana.page.goto(f"{stage.url}/console/c/{chat}")
    await ana.page.set_viewport_size({"width": 1440, "height": 900})
    await ana.visitor_pane.get_by_role("button", name="Add a label").click()
    await expect(ana.page.get_by_role("combobox", name="New label")).to_be_focused()
    await is_in_order(ana, "labels")
    await ana.field.press_sequentially("/")
    await expect(ana.page.get_by_role("option").first).to_be_visible()
    await is_in_order(ana, "looking for a canned answer")


async def test_reports_people_and_changes_fit(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await (await stage.house.visitor()).do("request_human")
    await ana.place("Reports").click()
    await expect(ana.page.get_by_role("heading", name="Conversations by day")).to_be_visible()
    await is_in_order(ana, "reports")
    await ana.place("Settings").click()
    await ana.page.get_by_role("button", name="Invite somebody").click()
    await is_in_order(ana, "an invitation")
    form = ana.page.get_by_role("form", name="Invite somebody")
    await form.get_by_label("Name").fill(AWKWARD[0][:100])
    await form.get_by_label("E-mail").fill(f"{'long' * 12}@{'example-' * 7}x.com")
    await form.get_by_role("button", name="Make the link").click()
    await expect(ana.page.get_by_role("heading", name="Invited")).to_be_visible()
    await is_in_order(ana, "invited")
    await ana.page.get_by_role("link", name="Changes").click()
    await expect(ana.page.get_by_text("as an agent")).to_be_visible()
    await is_in_order(ana, "changes")


async def test_the_wall_fits(stage: Stage):
    ana = await stage.agent("Ana")
    await ana.place("Wall").click()
    await expect(ana.page.get_by_text("Nobody waits for a person.")).to_be_visible()
    await is_in_order(ana, "an empty wall")
    for text in AWKWARD:
        visitor = await stage.house.visitor()
        chat = (await visitor.post(text))["conversation"]
        await visitor.do("request_human", conversation=chat)
    for number in range(9):
        await stage.house.agent("Ludwiga" * 5 + str(number))
    await ana.page.reload()
    await expect(ana.page.get_by_role("region", name="Waiting", exact=True).get_by_role("listitem")).to_have_count(3)
    await expect(ana.page.get_by_text(AWKWARD[2]).first).to_be_visible()
    await is_in_order(ana, "a wall")


async def test_teams_fit(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    mine = (await (await ana.page.request.get(f"{stage.url}/api/agents")).json())["agents"]
    for number, name in enumerate(AWKWARD):
        answer = await ana.page.request.put(
            f"{stage.url}/api/teams/{number}",
            data={"name": name[:60], "members": [one["id"] for one in mine]},
            headers={"Origin": stage.url},
        )
        assert answer.ok, await answer.text()
    await ana.page.goto(f"{stage.url}/console/settings/teams")
    await expect(ana.page.get_by_role("link", name="مرحبا")).to_be_visible()
    await is_in_order(ana, "teams")
    await ana.page.get_by_role("link", name="مرحبا").click()
    await expect(ana.page.get_by_role("checkbox", name="Ana")).to_be_visible()
    await is_in_order(ana, "a team")


async def test_from_right_to_left_everything_is_mirrored_and_fits(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    visitor = await stage.house.visitor()
    chat = (await visitor.post(AWKWARD[2]))["conversation"]
    await visitor.do("request_human", conversation=chat)
    await ana.page.set_viewport_size({"width": 1440, "height": 900})
    await ana.page.evaluate("document.documentElement.dir = 'rtl'")
    await ana.opens(ana.row_of(chat))
    await expect(ana.visitor_pane.get_by_text("Started")).to_be_visible()
    panes = (ana.page.get_by_role("navigation", name="Places"), ana.list, ana.thread, ana.visitor_pane)
    lefts = [box["x"] for pane in panes if (box := await pane.bounding_box())]
    assert lefts == sorted(lefts, reverse=True)
    assert len(lefts) == 4
    await is_in_order(ana, "a conversation")

    await ana.page.set_viewport_size({"width": 1440, "height": 900})
    for place, there in (
        ("Knowledge", "Articles"),
        ("Wall", "Longest wait"),
        ("Reports", "Conversations by day"),
        ("Settings", "Invite somebody"),
    ):
        await ana.place(place).click()
        await expect(ana.page.get_by_text(there).first).to_be_visible()
        await is_in_order(ana, place)
        assert await ana.page.evaluate("document.documentElement.dir") == "rtl"


async def test_the_sign_in_page_fits(stage: Stage):
    door = await stage.console(await stage.context())
    await expect(door.page.get_by_role("button", name="Sign in")).to_be_visible()
    await is_in_order(door, "the door")


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_on_a_phone_the_console_shows_one_pane_at_a_time(scheme: str, stage: Stage):
    ana = await stage.agent(
        "Ana", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    await (await stage.house.visitor()).post("Hello from a visitor")
    await expect(ana.row()).to_be_visible()
    await ana.opens(ana.row())
    await expect(ana.list).to_be_hidden()
    await expect(ana.place("Inbox")).to_be_hidden()
    await expect(ana.field).to_be_visible()
    await ana.action("Show the visitor").click()
    await expect(ana.visitor_pane).to_be_visible()
    await ana.visitor_pane.get_by_role("button", name="Close this pane").click()
    await ana.action("Back to the list").click()
    await expect(ana.list).to_be_visible()

    assert await ana.page.evaluate(PROBLEMS) == []
