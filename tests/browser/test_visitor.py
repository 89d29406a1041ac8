"""The visitor's page: what it keeps, what its buttons offer, and what a blocked visitor reads."""

import asyncio

from playwright.async_api import Route, expect

from .stage import BROWSER, DEMO, Stage
from .visitor import Visitor

pytestmark = BROWSER

KEPT = """async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(({ name }) => name),
  caches: await caches.keys(),
})"""
NOTHING = {"local": [], "session": [], "databases": [], "caches": []}


async def kept_by(visitor: Visitor) -> dict[str, list[str]]:
    found: dict[str, list[str]] = await visitor.page.evaluate(KEPT)
    return found


async def test_nothing_is_kept_before_the_first_message_and_the_conversation_after_it(stage: Stage):
    visitor = await stage.visitor()
    await expect(visitor.page.get_by_role("heading", name=DEMO.greeting)).to_be_visible()
    await visitor.field.fill("Only thinking")
    await visitor.person_button.hover()

    assert await kept_by(visitor) == NOTHING
    assert await visitor.page.context.cookies() == []

    await visitor.says("How do I apply?")
    await visitor.has_finished_answer()
    said = await visitor.words()
    kept = await kept_by(visitor)
    assert kept == NOTHING | {"local": ["havana.visitor.demo"], "databases": ["havana.unsent.demo"]}
    assert await visitor.page.context.cookies() == []

    await visitor.page.reload()
    await visitor.has_finished_answer()
    assert await visitor.words() == said


async def test_what_was_said_before_there_was_a_token_is_found_again(stage: Stage):
    context, said = await stage.context(), asyncio.Event()
    await context.route("**/api/visitors", lambda route: held_until(said, route))
    visitor = await stage.visitor_in(context)
    await visitor.says("How do I apply?")
    await expect(visitor.said_by("You")).to_contain_text("Sending")
    said.set()
    await visitor.has_finished_answer()
    words = await visitor.words()

    await visitor.page.reload()
    await visitor.has_finished_answer()
    assert await visitor.words() == words


async def held_until(event: asyncio.Event, route: Route) -> None:
    await event.wait()
    await route.continue_()


async def test_a_reload_while_the_assistant_writes_loses_and_doubles_nothing(stage: Stage):
    visitor = await stage.visitor()
    await visitor.says("How do I apply?")
    await visitor.log.locator(".hv-streaming").wait_for()
    await visitor.page.reload()
    answer = await visitor.has_finished_answer()
    tab = await stage.another_tab(visitor)

    assert await tab.has_finished_answer() == answer
    assert await tab.words() == await visitor.words()
    assert (await tab.words()).count("How do I apply?") == 1


async def test_what_is_said_on_one_tab_is_on_the_other_at_once(stage: Stage):
    first = await stage.visitor()
    second = await stage.another_tab(first)
    await expect(second.field).to_be_visible()
    await first.says("Do you have parking?")
    await expect(second.said_by("You")).to_contain_text("Do you have parking?")
    await second.has_finished_answer()
    await second.says("Thank you")
    await expect(first.said_by("You").last).to_contain_text("Thank you")
    await first.has_finished_answer(2)
    await second.has_finished_answer(2)

    assert await second.words() == await first.words()


REFUSE = """() => new Promise((resolve) => {
  indexedDB.open("havana.unsent.demo").onsuccess = ({ target }) => {
    const storing = target.result.transaction("unsent", "readwrite");
    storing.objectStore("unsent").put({
      lane: "current", key: "019ab000-0000-7000-8000-000000000000", do: "post", fields: { text: "One too many" },
      at: new Date().toISOString(), refusal: { code: "limit", message: "Enough for now." }, page: "one that is gone",
    });
    storing.oncomplete = resolve;
  };
})"""


async def test_a_refused_message_comes_back_as_refused_and_is_sent_when_asked(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await visitor.person_button.click()
    await ana.opens(ana.row())
    await ana.does("Take over")
    await visitor.says("Are you there?")
    await visitor.page.wait_for_function("async () => (await indexedDB.databases()).length > 0")
    await visitor.page.evaluate(REFUSE)
    await visitor.page.reload()
    refusal = visitor.log.get_by_role("alert")
    await expect(refusal).to_contain_text("Not sent. Enough for now.")
    await expect(visitor.log.get_by_text("One too many")).to_be_visible()
    await expect(visitor.said_by("You").locator("p", has_text="Seen")).to_be_visible()

    await refusal.get_by_role("button", name="Try again").click()
    await expect(ana.log.get_by_text("One too many")).to_be_visible()
    await expect(refusal).to_be_hidden()
    await expect(visitor.field).to_be_focused()


async def test_the_person_button_says_why_it_is_unavailable(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await expect(visitor.person_button).to_be_enabled()
    await visitor.person_button.click()
    await expect(visitor.in_charge).to_have_text("Waiting for a person")
    await expect(visitor.log.get_by_text(DEMO.words.waiting)).to_be_visible()
    await expect(visitor.person_button).to_be_disabled()
    await expect(visitor.person_button).to_have_accessible_description("The team has been told.")

    await ana.opens(ana.row())
    await ana.does("Take over")
    await expect(visitor.in_charge).to_have_text("Ana has joined")
    await expect(visitor.person_button).to_be_disabled()
    await expect(visitor.person_button).to_have_accessible_description("You are talking to Ana.")

    await ana.does("Hand back to the assistant")
    await expect(visitor.in_charge).to_have_text("Assistant")
    await expect(visitor.person_button).to_be_enabled()


async def test_going_on_with_the_assistant_withdraws_the_wish_for_a_person(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await visitor.person_button.click()
    await expect(ana.page).to_have_title("(1) Waiting · Havana")
    await visitor.page.get_by_role("banner").get_by_role("button", name="Go on with the assistant").click()
    await expect(visitor.in_charge).to_have_text("Assistant")
    await expect(visitor.person_button).to_be_enabled()
    await expect(ana.page).to_have_title("Havana")
    await expect(ana.row()).to_contain_text("Assistant")

    await visitor.says("How do I apply?")
    await visitor.has_finished_answer()


async def test_a_hint_is_answered_by_two_buttons_and_each_does_what_it_says(stage: Stage):
    visitor = await stage.visitor()
    offered = visitor.log.get_by_role("button")
    await visitor.says("agent?")
    await expect(visitor.log.get_by_text(DEMO.words.offer)).to_be_visible()
    await expect(offered).to_have_text(["Talk to a person", "Keep going"])

    await offered.get_by_text("Keep going").click()
    await expect(offered).to_have_count(0)
    await expect(visitor.in_charge).to_have_text(DEMO.assistant)

    await visitor.says("somebody?")
    await offered.get_by_text("Talk to a person").click()
    await expect(visitor.in_charge).to_have_text("Waiting for a person")


async def test_whoever_takes_an_offer_by_keyboard_goes_on_writing(stage: Stage):
    await stage.agent("Ana")
    visitor = await stage.visitor()
    header = visitor.page.get_by_role("banner").get_by_role("button", name="Go on with the assistant")
    for offer, text in (
        (visitor.log.get_by_role("button", name="Keep going"), "agent?"),
        (visitor.log.get_by_role("button", name="Talk to a person"), "somebody?"),
        (header, "Hello?"),
    ):
        await visitor.says(text)
        await expect(offer).to_be_visible()
        await visitor.reaches(offer)
        await visitor.page.keyboard.press("Enter")
        await expect(offer).to_have_count(0)
        await expect(visitor.field).to_be_focused()
        await visitor.page.keyboard.type("How do I apply?")
        await expect(visitor.field).to_have_value("How do I apply?")
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.said_by("You").last).to_contain_text("How do I apply?")


async def test_whoever_has_left_an_address_by_keyboard_goes_on_writing(stage: Stage):
    visitor = await stage.visitor()
    await visitor.person_button.click()
    await visitor.reaches(visitor.log.get_by_role("button", name="Leave name and e-mail"))
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.log.get_by_role("textbox", name="Name")).to_be_focused()
    await visitor.page.keyboard.type("Robin")
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.type("robin@example.com")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.log.get_by_text("Thank you. The team will write to you.")).to_be_visible()
    await expect(visitor.field).to_be_focused()
    await visitor.page.keyboard.type("Soon, please")

    await expect(visitor.field).to_have_value("Soon, please")


async def test_when_nobody_is_here_an_address_can_be_left(stage: Stage):
    visitor = await stage.visitor()
    await visitor.person_button.click()
    await expect(visitor.log.get_by_text("Nobody from the team is here right now.")).to_be_visible()
    await visitor.log.get_by_role("button", name="Leave name and e-mail").click()
    form = visitor.log.get_by_role("form", name="Leave name and e-mail")
    await form.get_by_label("Name").fill("Robin")
    await form.get_by_label("E-mail").fill("robin at example")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_role("alert")).to_contain_text("That is not an e-mail address.")
    await form.get_by_label("E-mail").fill("robin@example.com")
    await form.get_by_role("button", name="Send").click()
    await expect(visitor.log.get_by_text("Thank you. The team will write to you.")).to_be_visible()

    ana = await stage.agent("Ana")
    await ana.opens(ana.row())
    await expect(ana.visitor_pane.get_by_role("link", name="robin@example.com")).to_be_visible()


async def test_a_call_is_offered_by_the_button_by_the_assistant_and_by_an_agent(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    cards = visitor.log.get_by_role("link", name="Open the calendar")
    await visitor.call_button.click()
    await expect(cards).to_have_count(1)
    await visitor.says("Can I book a call?")
    await expect(cards).to_have_count(2)
    await visitor.has_finished_answer(2)
    await ana.opens(ana.row())
    await ana.does("Send the call link")
    await expect(cards).to_have_count(3)

    for card in await cards.all():
        assert await card.get_attribute("href") == DEMO.call_url
        assert await card.get_attribute("target") == "_blank"
    await expect(ana.log.get_by_role("link", name="Book a call")).to_have_count(3)


async def test_a_blocked_visitor_cannot_write_any_more(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await visitor.says("Buy my watches")
    await ana.opens(ana.row())
    await ana.visitor_pane.get_by_role("button", name="Block this visitor").click()
    await ana.visitor_pane.get_by_role("button", name="Block", exact=True).click()
    await expect(ana.visitor_pane.get_by_text("This visitor is blocked.")).to_be_visible()
    await expect(ana.header).to_contain_text("Closed")
    await expect(visitor.page.get_by_text("You cannot write here any more.")).to_be_visible()

    await visitor.page.reload()
    await expect(visitor.page.get_by_text("You cannot write here any more.")).to_be_visible()
    await ana.visitor_pane.get_by_role("button", name="Unblock").click()
    await expect(ana.visitor_pane.get_by_role("button", name="Block this visitor")).to_be_visible()
    await visitor.page.reload()
    await expect(visitor.log.get_by_text("Buy my watches")).to_be_visible()
