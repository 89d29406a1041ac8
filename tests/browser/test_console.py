"""The console under pressure: two agents at once, and an agent who switches faster than the network."""

import asyncio
import re
from collections import Counter

import pytest
from playwright.async_api import expect
from tests.stories.house import Person

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER

PRESS_AT = """([label, moment]) => new Promise((resolve) => setTimeout(() => {
  const button = [...document.querySelectorAll("section header button")].find(
    (one) => one.textContent.trim() === label && one.checkVisibility());
  button?.click();
  resolve(button !== undefined);
}, moment - Date.now()))"""
IN = "You are in charge"
TRIES = 5

CHECK_EVERY_CHANGE = """(owned) => {
  window.mixed = [];
  window.shown = 0;
  const check = () => {
    const thread = document.querySelector("main section[data-conversation]");
    if (thread === null) return;
    const id = thread.dataset.conversation;
    const words = thread.textContent;
    if (words.includes(owned[id])) window.shown++;
    for (const [other, word] of Object.entries(owned)) {
      if (other !== id && words.includes(word)) window.mixed.push(`${word} in the thread of ${owned[id]}`);
    }
    if (!location.pathname.endsWith(id)) window.mixed.push(`${owned[id]} at ${location.pathname}`);
  };
  new MutationObserver(check).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
SWITCH_QUICKLY = """async (ids) => {
  for (const id of ids) {
    document.querySelector(`nav [data-conversation="${id}"]`).click();
    // Some stay for a frame or two, some not even for one.
    if (Math.random() < 0.7) await new Promise(requestAnimationFrame);
    if (Math.random() < 0.4) await new Promise((resolve) => setTimeout(resolve, 30));
  }
}"""


async def test_of_two_agents_who_take_over_together_one_wins_and_the_other_reads_who_did(stage: Stage):
    consoles = {"Ana": await stage.agent("Ana"), "Ben": await stage.agent("Ben")}
    visitor = await stage.visitor()
    await visitor.person_button.click()
    for console in consoles.values():
        await console.opens(console.row())
        await expect(console.action("Take over")).to_be_enabled()
    won = Counter[str]()
    for _ in range(TRIES):
        together = await pressed_together(consoles)
        winner = await in_charge(consoles)
        won[winner] += 1
        if together:
            break
        await consoles[winner].does("Return to queue")
        for console in consoles.values():
            await expect(console.action("Take over")).to_be_enabled()
    else:
        pytest.fail("The two never pressed together.")

    loser = "Ben" if winner == "Ana" else "Ana"
    await expect(consoles[loser].thread.get_by_role("alert")).to_have_text(f"{winner} took this chat a moment ago.")
    await expect(consoles[loser].header).to_contain_text(f"{winner} is in charge")
    await expect(consoles[loser].field).to_be_disabled()
    await expect(consoles[winner].thread.get_by_role("alert")).to_have_count(0)
    await expect(visitor.in_charge).to_have_text(f"{winner} has joined")
    # The loser is there as often as they won a try before, and not once more.
    assert (await visitor.words()).count(f"{loser} has joined the conversation.") == won[loser]


async def pressed_together(consoles: dict[str, Console]) -> bool:
    """Whether both could still press when they did: on a busy machine one may learn of the other too early."""
    anyone = next(iter(consoles.values()))
    moment = await anyone.page.evaluate("Date.now() + 300")
    pressed = await asyncio.gather(
        *(console.page.evaluate(PRESS_AT, ["Take over", moment]) for console in consoles.values())
    )
    return all(pressed)


async def in_charge(consoles: dict[str, Console]) -> str:
    """The name of the one in charge, once there is one."""
    first, second = consoles
    someone = consoles[first].header.get_by_text(IN).or_(consoles[first].header.get_by_text(f"{second} is in charge"))
    await expect(someone).to_be_visible()
    winner = first if await consoles[first].header.get_by_text(IN).is_visible() else second
    await expect(consoles[winner].header.get_by_text(IN)).to_be_visible()
    return winner


async def test_switching_quickly_never_mixes_conversations(stage: Stage):
    ana = await stage.agent("Ana")
    owned: dict[str, str] = {}
    visitors: list[Person] = []
    for word in ("alabaster", "bergamot", "cinnabar", "damask", "ebony", "fuchsia"):
        visitor = await stage.house.visitor()
        visitors.append(visitor)
        chat = (await visitor.post(f"It is about {word}"))["conversation"]
        owned[chat] = word
    for chat in owned:
        await expect(ana.row_of(chat)).to_be_visible()
    await ana.page.evaluate(CHECK_EVERY_CHANGE, owned)

    chats = list(owned)
    talk = asyncio.create_task(keep_talking(visitors, chats, list(owned.values())))
    for turn in range(4):
        await ana.page.evaluate(SWITCH_QUICKLY, [chats[(n * (turn + 1) * 5 + turn) % 6] for n in range(24)])
    for chat in (*chats, *reversed(chats)):
        await ana.row_of(chat).click()
        await expect(ana.log.get_by_text(f"It is about {owned[chat]}", exact=True)).to_be_visible()
    await talk

    for chat, word in owned.items():
        await ana.row_of(chat).click()
        own = ana.log.locator("[data-role=visitor]")
        await expect(own).to_have_text([f"It is about {word}", *(f"{word} {n}" for n in range(5))])
    assert await ana.page.evaluate("window.mixed") == []
    assert await ana.page.evaluate("window.shown") > 20


async def keep_talking(visitors: list[Person], chats: list[str], words: list[str]) -> None:
    """Everybody goes on while the agent switches; the assistant answers them all."""
    for number in range(5):
        for visitor, chat, word in zip(visitors, chats, words, strict=True):
            await visitor.post(f"{word} {number}", chat)


async def test_a_row_that_is_pressed_stays_under_the_pointer_whatever_comes_in(stage: Stage):
    ana = await stage.agent("Ana")
    first, second = [await stage.house.visitor() for _ in range(2)]
    pressed = (await first.post("The one to press"))["conversation"]
    other = (await second.post("The other"))["conversation"]
    await expect(ana.list.get_by_role("link").first).to_have_attribute("data-conversation", other)
    await ana.row_of(pressed).hover()
    await ana.page.mouse.down()
    await first.do("request_human")
    await expect(ana.page).to_have_title("(1) Waiting · Havana")
    await expect(ana.list.get_by_role("link").first).to_have_attribute("data-conversation", other)
    await ana.page.mouse.up()
    await expect(ana.thread).to_have_attribute("data-conversation", pressed)

    await ana.field.hover()
    await expect(ana.list.get_by_role("link").first).to_have_attribute("data-conversation", pressed)


async def test_what_is_half_written_stays_with_its_conversation(stage: Stage):
    ana = await stage.agent("Ana")
    first, second = [(await (await stage.house.visitor()).post(text))["conversation"] for text in ("One", "Two")]
    await ana.opens(ana.row_of(first))
    await ana.field.fill("Half a sen")
    await ana.row_of(second).click()
    await expect(ana.log.get_by_text("Two", exact=True)).to_be_visible()
    await expect(ana.field).to_have_value("")
    await ana.row_of(first).click()
    await expect(ana.log.get_by_text("One", exact=True)).to_be_visible()

    await expect(ana.field).to_have_value("Half a sen")


async def test_a_reply_takes_over_and_a_note_does_not(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await visitor.says("Do you have parking?")
    await visitor.has_finished_answer()
    await ana.opens(ana.row())
    await ana.action("Note").click()
    await ana.says("Asked last week as well")
    await expect(ana.log.get_by_text("Asked last week as well")).to_be_visible()
    await expect(ana.header).to_contain_text("The assistant answers")
    await ana.action("Reply").click()
    await ana.says("Where do you come from?")
    await expect(ana.header).to_contain_text(IN)
    await expect(visitor.in_charge).to_have_text("Ana has joined")
    await expect(visitor.said_by("Ana")).to_contain_text("Where do you come from?")

    assert "Asked last week as well" not in await visitor.page.content()


async def test_who_dictates_turns_the_single_keys_off(stage: Stage):
    ana = await stage.agent("Ana")
    await expect(ana.list).to_be_visible()
    await ana.page.keyboard.press("?")
    await ana.page.get_by_role("switch", name="Single keys").click()
    await ana.page.keyboard.press("Escape")
    await ana.page.keyboard.press("u")
    await ana.page.keyboard.press("?")
    await ana.page.reload()
    await expect(ana.list).to_be_visible()
    await ana.page.keyboard.press("u")
    await ana.page.get_by_role("button", name="Keyboard shortcuts").click()
    await expect(ana.page.get_by_role("switch", name="Single keys")).not_to_be_checked()
    assert ana.page.url.endswith("/console")

    await ana.page.get_by_role("switch", name="Single keys").click()
    await ana.page.keyboard.press("Escape")
    await ana.page.keyboard.press("u")
    await expect(ana.page).to_have_url(re.compile("/console/unanswered$"))


async def test_the_keyboard_is_enough(stage: Stage):
    ana = await stage.agent("Ana")
    for visitor in [await stage.house.visitor() for _ in range(2)]:
        await visitor.do("request_human")
    await expect(ana.page).to_have_title("(2) Waiting · Havana")
    keyboard = ana.page.keyboard
    await keyboard.press("j")
    await expect(ana.thread).to_be_visible()
    await keyboard.press("c")
    await expect(ana.header).to_contain_text(IN)
    await expect(ana.field).to_be_focused()
    await keyboard.type("Hello from the keyboard")
    await keyboard.press("Enter")
    await expect(ana.log.get_by_text("Hello from the keyboard")).to_be_visible()
    await keyboard.press("Escape")
    await keyboard.press("h")
    await expect(ana.header).to_contain_text("The assistant answers")
    await keyboard.press("e")
    await expect(ana.header).to_contain_text("Closed")
    await keyboard.press("Escape")

    await expect(ana.page.get_by_role("heading", name="One visitor is waiting")).to_be_visible()
