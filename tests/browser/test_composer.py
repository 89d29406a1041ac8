"""What an agent writes: kept until it is sent, and what may follow it in one go."""

import json
from collections.abc import Callable

from playwright.async_api import WebSocketRoute, expect
from tests.stories.house import PASSWORD

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER

HELD = "You are in charge"
WRITTEN = "Half a sen"
ASKS_NOTHING = "() => dispatchEvent(new Event('beforeunload', { cancelable: true }))"
"""Whether the page lets itself be left: it does not while a message is on its way."""


async def an_open_conversation(stage: Stage, text: str = "Do you have parking?") -> tuple[Console, str]:
    """Ana looks at what somebody has asked; the assistant has answered it."""
    ana = await stage.agent("Ana")
    visitor = await stage.house.visitor()
    conversation: str = (await visitor.post(text))["conversation"]
    await visitor.sees_event("answer_finished")
    await ana.opens(ana.row_of(conversation))
    return ana, conversation


async def signs_in(console: Console, email: str) -> None:
    await console.page.get_by_label("E-mail").fill(email)
    await console.page.get_by_label("Password").fill(PASSWORD)
    await console.page.get_by_role("button", name="Sign in").click()


async def signs_out(console: Console, name: str) -> None:
    await console.page.get_by_role("button", name=name).click()
    await console.page.get_by_role("menuitem", name="Sign out").click()
    await expect(console.page.get_by_label("Password")).to_be_visible()


async def test_what_is_half_written_outlives_a_reload_and_leaves_without_a_question(stage: Stage):
    ana, conversation = await an_open_conversation(stage)
    await ana.field.fill(WRITTEN)
    await ana.action("Note").click()
    await ana.field.fill("Ask Ben")
    # A question before leaving would be a dialog, which every stage ends with looking for.
    await ana.page.reload()
    await expect(ana.field).to_have_value("Ask Ben")
    await ana.action("Reply").click()
    await expect(ana.field).to_have_value(WRITTEN)

    await ana.field.press("Enter")
    await expect(ana.log.get_by_text(WRITTEN)).to_be_visible()
    await ana.page.wait_for_function(ASKS_NOTHING)
    await ana.page.reload()
    await expect(ana.log.get_by_text(WRITTEN)).to_be_visible()
    await expect(ana.field).to_have_value("")
    assert conversation in ana.page.url


async def test_two_tabs_of_an_agent_have_the_same_words_and_do_not_fight_over_them(stage: Stage):
    ana, conversation = await an_open_conversation(stage)
    other = await stage.console(ana.page.context, f"/console/c/{conversation}")
    await ana.field.press_sequentially(WRITTEN)
    await expect(other.field).to_have_value(WRITTEN)
    # Where the caret stands in a field that nobody was in yet is the browser's to say.
    await other.field.press("End")
    await other.field.press_sequentially("tence")
    await expect(ana.field).to_have_value(f"{WRITTEN}tence")
    await other.field.press("Enter")

    await expect(ana.field).to_have_value("")
    await expect(ana.log.get_by_text(f"{WRITTEN}tence")).to_have_count(1)


async def test_another_agent_on_this_machine_never_sees_them(stage: Stage):
    ana, conversation = await an_open_conversation(stage)
    email = stage.hire("Ben")
    await ana.field.fill(WRITTEN)
    # As when a session ends by itself: nobody has signed out, and the words are still there.
    await ana.page.context.clear_cookies()
    await ana.page.reload()
    await signs_in(ana, email)
    await expect(ana.thread).to_have_attribute("data-conversation", conversation)
    await expect(ana.field).to_have_value("")

    assert WRITTEN not in await ana.page.evaluate("JSON.stringify(localStorage)")


async def test_signing_out_wipes_them_in_every_tab(stage: Stage):
    ana, conversation = await an_open_conversation(stage)
    other = await stage.console(ana.page.context, f"/console/c/{conversation}")
    await ana.field.fill(WRITTEN)
    await expect(other.field).to_have_value(WRITTEN)
    await signs_out(ana, "Ana")
    assert WRITTEN not in await ana.page.evaluate("JSON.stringify(localStorage)")

    await expect(other.page.get_by_label("Password")).to_be_visible()
    for console in (ana, other):
        await signs_in(console, "ana@example.com")
        await expect(console.field).to_have_value("")


async def test_send_and_close_is_both_in_this_order(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await visitor.says("Do you have parking?")
    await visitor.has_finished_answer()
    await ana.opens(ana.row())
    await expect(ana.action("Send and then")).to_be_disabled()
    await ana.field.fill("We do. Have a good day.")
    await ana.action("Send and then").click()
    await ana.page.get_by_role("menuitem", name="Send and close").click()

    await expect(ana.header).to_contain_text("Closed")
    await expect(ana.log.get_by_text("We do. Have a good day.")).to_be_visible()
    await expect(ana.field).to_have_value("")
    await expect(ana.field).to_be_focused()
    await expect(visitor.said_by("Ana")).to_contain_text("We do. Have a good day.")
    await expect(ana.thread.get_by_role("alert")).to_have_count(0)


async def test_send_and_hand_back_by_keys_alone(stage: Stage):
    ana, _ = await an_open_conversation(stage)
    await ana.page.keyboard.press("c")
    await expect(ana.header).to_contain_text(HELD)
    await expect(ana.field).to_be_focused()
    await ana.page.keyboard.type("The assistant knows the rest.")
    await ana.page.keyboard.press("Control+Alt+Enter")
    await expect(ana.header).to_contain_text("The assistant answers")
    await expect(ana.log.get_by_text("The assistant knows the rest.")).to_be_visible()

    await ana.page.keyboard.type("And bye.")
    await ana.page.keyboard.press("Control+Shift+Enter")
    await expect(ana.header).to_contain_text("Closed")
    await expect(ana.log.get_by_text("And bye.")).to_be_visible()


def refusing(command: str) -> Callable[[WebSocketRoute], None]:
    """A line on which the server refuses this command, as if somebody else had just taken the conversation."""

    def connect(page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def passes(message: str | bytes) -> None:
            asked = json.loads(message)
            if asked.get("do") != command:
                server.send(message)
                return
            taken = {"control": "human", "agent": {"id": "ben", "name": "Ben"}, "since": 9, "open_answer": None}
            error = {"code": "already_claimed", "message": "", "retry_ms": None, "state": taken}
            page.send(json.dumps({"id": asked["id"], "error": error}))

        page.on_message(passes)

    return connect


async def replies_and_closes(stage: Stage, connect: Callable[[WebSocketRoute], None]) -> Console:
    ana, _ = await an_open_conversation(stage)
    await ana.page.route_web_socket("**/live", connect)
    await ana.page.reload()
    await ana.field.fill("We do.")
    await ana.field.press("Control+Shift+Enter")
    return ana


async def test_a_refused_reply_is_kept_and_nothing_is_closed(stage: Stage):
    ana = await replies_and_closes(stage, refusing("post"))

    await expect(ana.log.get_by_role("alert")).to_contain_text("Not sent. Ben took this chat a moment ago.")
    await expect(ana.log.get_by_text("We do.")).to_be_visible()
    await expect(ana.header).to_contain_text("The assistant answers")
    # It lives as long as the page, which says so when it is left, and no longer than it is wanted.
    assert not await ana.page.evaluate(ASKS_NOTHING)
    await ana.log.get_by_role("button", name="Discard").click()
    await ana.page.wait_for_function(ASKS_NOTHING)


async def test_a_refused_close_leaves_what_was_sent_and_says_so(stage: Stage):
    ana = await replies_and_closes(stage, refusing("close"))

    await expect(ana.thread.get_by_role("alert")).to_have_text("Sent, but not closed. Ben took this chat a moment ago.")
    await expect(ana.log.get_by_text("We do.")).to_be_visible()
    await expect(ana.header).to_contain_text(HELD)
    await expect(ana.field).to_have_value("")
