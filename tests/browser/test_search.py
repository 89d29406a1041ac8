"""An agent finds what was said, and is led to the place; a colleague by a link."""

import asyncio

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER


def field(console: Console) -> Locator:
    return console.page.get_by_role("combobox", name="Search conversations")


def hits(console: Console) -> Locator:
    return console.page.get_by_role("listbox", name="Results").get_by_role("option")


def marked(console: Console) -> Locator:
    """Where one was led to."""
    return console.log.locator("[aria-current=true]")


async def is_indexed(console: Console, text: str, count: int = 1) -> None:
    """What was said a moment ago can be found a moment later."""
    origin = console.page.url.split("/console")[0]
    async with asyncio.timeout(20):
        while True:
            answer = await console.page.request.get(f"{origin}/api/search", params={"text": text})
            if len((await answer.json())["hits"]) >= count:
                return
            await asyncio.sleep(0.1)


async def searches(console: Console, text: str) -> None:
    await console.page.keyboard.press("Control+K")
    await expect(field(console)).to_be_focused()
    await console.page.keyboard.type(text)


async def notes(stage: Stage, console: Console, conversation: str, count: int) -> None:
    for number in range(count):
        data = {"key": f"note-{number:04}", "text": f"Note number {number}"}
        url = f"{stage.url}/api/conversations/{conversation}/note"
        answer = await console.page.request.post(url, data=data, headers={"Origin": stage.url})
        assert answer.ok, await answer.text()


async def test_an_agent_finds_words_and_is_led_to_them_by_keys_alone(stage: Stage):
    ana = await stage.agent("Ana")
    first, second = await stage.house.visitor(), await stage.house.visitor()
    chat = (await first.post("My parcel from Lisbon is late"))["conversation"]
    other = (await second.post("Is there a parcel shop near you?"))["conversation"]
    await is_indexed(ana, "parcel", 2)
    await ana.opens(ana.row_of(other))
    await ana.action("Note").click()
    await ana.field.fill("Half a not")
    await searches(ana, "parc")
    await expect(hits(ana)).to_have_count(2)
    await expect(hits(ana).first.get_by_role("mark")).to_have_text(["parcel"])
    await expect(hits(ana).first).to_have_attribute("aria-selected", "true")

    await ana.page.keyboard.press("ArrowDown")
    await expect(hits(ana).last).to_contain_text("My parcel from Lisbon is late")
    await expect(hits(ana).last).to_have_attribute("aria-selected", "true")
    await ana.page.keyboard.press("Enter")
    await expect(field(ana)).to_have_count(0)
    await expect(ana.page.locator(f"section[data-conversation='{chat}']")).to_be_visible()
    await expect(marked(ana)).to_have_text("My parcel from Lisbon is late", use_inner_text=True)
    await expect(marked(ana)).to_be_focused()

    # What was being written stays where it is.
    await ana.page.go_back()
    await expect(ana.field).to_have_value("Half a not")


async def test_a_search_that_is_closed_leaves_everything_as_it_was(stage: Stage):
    ana = await stage.agent("Ana")
    visitor = await stage.house.visitor()
    chat = (await visitor.post("Do you have parking?"))["conversation"]
    await ana.opens(ana.row_of(chat))
    await ana.field.focus()
    await searches(ana, "zebra")
    await expect(ana.page.get_by_text("Nothing was said with “zebra”.").last).to_be_visible()
    await ana.page.keyboard.press("Escape")

    await expect(field(ana)).to_have_count(0)
    await expect(ana.field).to_be_focused()
    await expect(ana.page.locator(f"section[data-conversation='{chat}']")).to_be_visible()


async def test_in_a_long_conversation_one_is_led_to_the_place_and_can_read_on_both_ways(stage: Stage):
    ana = await stage.agent("Ana")
    visitor = await stage.house.visitor()
    chat = (await visitor.post("Do you have parking?"))["conversation"]
    await notes(stage, ana, chat, 260)
    await is_indexed(ana, '"number 30"')
    await ana.opens(ana.row_of(chat))
    await expect(ana.log.get_by_text("Note number 259", exact=True)).to_be_in_viewport()
    await searches(ana, '"number 30"')
    await expect(hits(ana)).to_have_count(1)
    await ana.page.keyboard.press("Enter")
    await expect(marked(ana)).to_contain_text("Note number 30")
    await expect(marked(ana)).to_be_in_viewport(ratio=1)
    await expect(ana.log.get_by_text("Note number 29", exact=True)).to_be_in_viewport()
    await expect(ana.log.get_by_text("Note number 31", exact=True)).to_be_in_viewport()

    # Again to the same place, from wherever one is.
    await ana.page.get_by_role("button", name="To the end").click()
    await expect(marked(ana)).not_to_be_in_viewport()
    await searches(ana, '"number 30"')
    await expect(hits(ana)).to_have_count(1)
    await ana.page.keyboard.press("Enter")
    await expect(marked(ana)).to_be_in_viewport(ratio=1)

    # What is said meanwhile moves nothing, and nothing that is loaded above.
    await visitor.post("Hello?", conversation=chat)
    await expect(ana.page.get_by_role("button", name="New messages")).to_be_visible()
    await expect(marked(ana)).to_be_in_viewport(ratio=1)


async def test_a_link_to_a_message_leads_a_colleague_to_it(stage: Stage):
    ana = await stage.agent("Ana")
    await ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=stage.url)
    visitor = await stage.house.visitor()
    chat = (await visitor.post("Do you have parking?"))["conversation"]
    await visitor.sees_event("answer_finished")
    await notes(stage, ana, chat, 70)
    await ana.opens(ana.row_of(chat))
    await ana.log.get_by_text("Note number 40", exact=True).hover()
    note = ana.log.locator("[data-item]", has=ana.page.get_by_text("Note number 40", exact=True))
    await note.get_by_role("button", name="Copy link").click()
    await expect(note.get_by_title("Link copied")).to_be_visible()
    link: str = await ana.page.evaluate("() => navigator.clipboard.readText()")
    assert link.startswith(f"{stage.url}/console/c/{chat}/")

    ben = await stage.agent("Ben")
    await ben.page.goto(link)
    await expect(marked(ben)).to_contain_text("Note number 40")
    await expect(marked(ben)).to_be_in_viewport(ratio=1)
    await ben.page.goto(f"{stage.url}/console/c/{chat}/1")
    await expect(marked(ben)).to_contain_text("Do you have parking?")
    await expect(marked(ben)).to_be_in_viewport(ratio=1)


async def test_what_can_be_done_is_done_from_there_also_without_single_keys(stage: Stage):
    ana = await stage.agent("Ana")
    await (await stage.house.visitor()).post("Hello")
    await ana.opens(ana.row())
    await ana.page.evaluate("localStorage.setItem('havana.single-keys', 'no')")
    await searches(ana, "take ov")
    await expect(hits(ana)).to_have_text(["Take overC"])
    await ana.page.keyboard.press("Enter")
    await expect(ana.header).to_contain_text("You are in charge")
    await expect(ana.field).to_be_focused()

    # What cannot be done now is not offered.
    await searches(ana, "take")
    await expect(hits(ana).filter(has_text="Take over")).to_have_count(0)
    await ana.page.keyboard.press("Escape")
    await expect(field(ana)).to_have_count(0)
    await searches(ana, "note")
    await hits(ana).get_by_text("Write a note").click()
    await expect(ana.action("Note")).to_have_attribute("aria-pressed", "true")
    await expect(ana.field).to_be_focused()


async def test_one_goes_anywhere_from_there(stage: Stage):
    ana = await stage.agent("Ana")
    await expect(ana.list.get_by_text("No open conversations")).to_be_visible()
    await searches(ana, "")
    await expect(hits(ana).first).to_be_visible()
    # An agent who is no admin has no websites to set.
    await expect(hits(ana).filter(has_text="Websites")).to_have_count(0)
    await ana.page.keyboard.press("Escape")
    await expect(field(ana)).to_have_count(0)
    for typed, path in (("notif", "settings/notifications"), ("artic", "articles"), ("wall", "wall")):
        await searches(ana, typed)
        await expect(hits(ana)).to_have_count(1)
        await ana.page.keyboard.press("Enter")
        await expect(ana.page).to_have_url(f"{stage.url}/console/{path}")
        await expect(field(ana)).to_have_count(0)
