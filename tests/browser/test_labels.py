"""Labels: what one agent gives a conversation, the others see."""

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage
from .test_composer import refusing

pytestmark = BROWSER


def labels(console: Console) -> Locator:
    """The buttons that take them away, by which they are named."""
    return console.visitor_pane.get_by_role("button", name="Remove the label")


def choices(console: Console) -> Locator:
    return console.page.get_by_role("listbox", name="Labels of this website").get_by_role("option")


async def a_conversation(stage: Stage, text: str = "Do you have parking?") -> str:
    visitor = await stage.house.visitor()
    conversation: str = (await visitor.post(text))["conversation"]
    return conversation


async def adds(console: Console, typed: str) -> None:
    await console.visitor_pane.get_by_role("button", name="Add a label").click()
    await console.page.keyboard.type(typed)
    await console.page.keyboard.press("Enter")


async def test_a_label_added_in_one_console_is_there_in_the_other_and_in_the_list(stage: Stage):
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    conversation = await a_conversation(stage)
    for console in (ana, ben):
        await console.opens(console.row_of(conversation))
    await adds(ana, "refund")
    await expect(ben.visitor_pane.get_by_role("button", name="Remove the label refund")).to_be_visible()
    await expect(ben.row_of(conversation)).to_contain_text("refund")

    # Found by a part of it in another conversation; what nobody has used yet can be made.
    other = await a_conversation(stage, "How much is welding?")
    await ben.opens(ben.row_of(other))
    await expect(labels(ben)).to_have_count(0)
    await adds(ben, "fun")
    await expect(ben.visitor_pane.get_by_role("button", name="Remove the label refund")).to_be_visible()
    await ben.page.keyboard.type("fun")
    await expect(choices(ben)).to_have_text(["Make “fun”"])
    await ben.page.keyboard.press("Enter")
    await expect(labels(ben)).to_have_count(2)
    await ben.page.keyboard.press("Escape")
    await expect(ben.visitor_pane.get_by_role("button", name="Add a label")).to_be_focused()
    await expect(ana.row_of(other)).to_contain_text("fun")

    await ben.visitor_pane.get_by_role("button", name="Remove the label refund").click()
    await expect(labels(ben)).to_have_count(1)
    await expect(ana.row_of(other)).not_to_contain_text("refund")
    await ben.page.reload()
    await expect(labels(ben)).to_have_count(1)


async def test_labels_of_a_long_conversation_are_known_when_their_event_is_far_up(stage: Stage):
    ana = await stage.agent("Ana")
    person = await stage.house.agent("Ben")
    conversation = await a_conversation(stage)
    await person.do("label", conversation=conversation, labels=["early"])
    for number in range(60):
        await person.do("note", conversation=conversation, text=f"Note {number}")
    await ana.opens(ana.row_of(conversation))

    await expect(ana.visitor_pane.get_by_role("button", name="Remove the label early")).to_be_visible()


async def test_a_refused_label_is_taken_back_and_says_why(stage: Stage):
    ana = await stage.agent("Ana")
    conversation = await a_conversation(stage)
    await ana.page.route_web_socket("**/live", refusing("label"))
    await ana.page.reload()
    await ana.opens(ana.row_of(conversation))
    await adds(ana, "refund")

    await expect(ana.visitor_pane.get_by_role("alert")).to_have_text("Ben took this chat a moment ago.")
    await expect(labels(ana)).to_have_count(0)
