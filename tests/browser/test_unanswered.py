"""From the visitor's question to the article, on real pages."""

from playwright.async_api import Locator, expect

from .console import Console
from .stage import BROWSER, Stage

pytestmark = BROWSER

QUESTION = "Do you sell pizza?"
KNOWS = "The assistant knows this now."


def card(console: Console, text: str) -> Locator:
    return console.page.get_by_role("article").filter(has_text=text)


async def asked(stage: Stage, *texts: str) -> None:
    for text in texts:
        visitor = await stage.house.visitor()
        await visitor.post(text)
        await visitor.sees_event("answer_finished")


async def writes(console: Console, **fields: str) -> None:
    """Fills in what an article consists of, by the names of the fields."""
    for label, text in fields.items():
        await console.page.get_by_label(label, exact=True).fill(text)


async def test_the_answer_that_is_missing_is_written_in_the_console_and_given_to_the_next_visitor(stage: Stage):
    await asked(stage, QUESTION, "How tall is the Eiffel tower?")
    ana = await stage.agent("Ana")
    await ana.opens(ana.row().last)
    await ana.page.keyboard.press("u")
    await card(ana, QUESTION).get_by_role("button", name="Write the answer").click()
    await writes(ana, Title="Pizza", Answer="We sell **pizza** at noon.")
    await ana.page.get_by_role("button", name="Preview").click()
    await expect(ana.page.get_by_role("strong")).to_have_text("pizza")
    await ana.page.get_by_role("button", name="Save").click()
    await expect(ana.page.get_by_role("status")).to_contain_text(KNOWS)
    await expect(ana.page.get_by_role("status")).to_contain_text("it answers from this article")

    await ana.page.get_by_role("button", name="To the questions").click()
    await expect(ana.page.get_by_role("article")).to_have_count(1)
    visitor = await stage.visitor()
    await visitor.says(QUESTION)
    await expect(visitor.log).to_contain_text("We sell pizza at noon.")


async def test_a_visitor_s_words_become_nobody_s_to_read_unless_an_agent_types_them(stage: Stage):
    private = "I am Rosa Diaz, rosa@example.com: do you sell pizza?"
    await asked(stage, private, QUESTION)
    ana = await stage.agent("Ana")
    await ana.page.goto(f"{stage.url}/console/unanswered")
    await card(ana, "pizza").first.get_by_role("button", name="Write the answer").click()
    beside = ana.page.get_by_role("complementary", name="What visitors asked")
    await expect(beside).to_contain_text("pizza?")
    await expect(ana.page.get_by_label("Title")).to_have_value("")
    await expect(ana.page.get_by_label("Also asked as", exact=True)).to_have_value("")
    await expect(ana.page.get_by_label("Title")).to_be_focused()

    # By one click it is a line to be found by, and by another none.
    line = ana.page.get_by_label("Also asked as", exact=True)
    words = await beside.get_by_role("listitem").first.locator("p").inner_text()
    add = beside.get_by_role("button", name=f"Add to “Also asked as”: {words}")
    await add.click()
    await expect(line).to_have_value(words)
    await expect(add).to_have_attribute("aria-pressed", "true")
    await add.click()
    await expect(line).to_have_value("")

    # Also the one with her name is only searched: another visitor sees neither it nor her.
    await line.fill(private)
    await writes(ana, Title="Pizza", Answer="We sell it at noon.")
    await ana.page.get_by_role("button", name="Save").click()
    await expect(ana.page.get_by_role("status")).to_contain_text(KNOWS)
    visitor = await stage.visitor()
    await visitor.says("rosa diaz pizza")
    await expect(visitor.log).to_contain_text("We sell it at noon.")
    source = visitor.log.get_by_text("Pizza", exact=True)
    await expect(source).to_be_visible()
    await source.click()
    page = await visitor.page.content()
    assert "Diaz" not in page.replace("rosa diaz pizza", "")
    assert "rosa@example.com" not in page


async def test_the_thread_leads_to_the_article_and_what_was_begun_is_kept(stage: Stage):
    await asked(stage, QUESTION)
    ana = await stage.agent("Ana")
    await ana.opens(ana.row())
    await expect(ana.thread).to_contain_text("No article answers this.")
    await ana.thread.get_by_role("link", name="Write the answer").click()
    await writes(ana, Title="Pizza", Answer="We sell pizza")
    await ana.place("Inbox").click()
    await expect(ana.row()).to_be_visible()
    await ana.page.go_back()
    await expect(ana.page.get_by_label("Answer", exact=True)).to_have_value("We sell pizza")
    await ana.page.get_by_role("button", name="Save").click()
    await expect(ana.page.get_by_role("status")).to_contain_text(KNOWS)

    await ana.place("Inbox").click()
    await ana.opens(ana.row())
    await expect(ana.thread).to_contain_text(QUESTION)
    await expect(ana.thread.get_by_role("link", name="Write the answer")).to_have_count(0)


async def test_who_wrote_what_is_not_found_is_told_so_and_goes_on(stage: Stage):
    await asked(stage, QUESTION)
    ana = await stage.agent("Ana")
    await ana.page.goto(f"{stage.url}/console/unanswered")
    await card(ana, QUESTION).get_by_role("button", name="Write the answer").click()
    await writes(ana, Title="Opening hours", Answer="From nine to five.")
    await ana.page.get_by_role("button", name="Save").click()
    goes_on = ana.page.get_by_role("button", name="Go on writing")
    # It is looked for as long as the assistant may still learn it.
    await expect(goes_on).to_be_visible(timeout=40_000)
    await goes_on.click()
    await expect(ana.page.get_by_label("Title")).to_have_value("Opening hours")
    await ana.page.get_by_role("button", name=f"Add to “Also asked as”: {QUESTION}").click()
    await ana.page.get_by_role("button", name="Save").click()
    await expect(ana.page.get_by_role("status")).to_contain_text(KNOWS)


async def test_what_needs_no_article_is_dismissed_and_can_be_taken_back(stage: Stage):
    await asked(stage, QUESTION)
    ana = await stage.agent("Ana")
    await ana.place("Knowledge").click()
    await card(ana, QUESTION).get_by_role("button", name="Dismiss").click()
    await expect(ana.page.get_by_role("heading", name="No open questions")).to_be_visible()
    await ana.page.get_by_role("button", name="Undo").click()
    await expect(card(ana, QUESTION)).to_be_visible()

    await card(ana, QUESTION).get_by_text("Where it was asked").click()
    await card(ana, QUESTION).get_by_role("link", name=QUESTION).click()
    await expect(ana.thread).to_contain_text(QUESTION)


async def test_an_article_is_changed_and_deleted(stage: Stage):
    ana = await stage.agent("Ana")
    await ana.page.goto(f"{stage.url}/console/articles")
    await ana.page.get_by_role("button", name="Write an article").click()
    await ana.page.get_by_label("Title").fill("Pizza")
    await ana.page.get_by_label("Answer", exact=True).fill("We have none.")
    await ana.page.get_by_role("button", name="Save").click()
    await ana.page.get_by_role("button", name="To the articles").click()
    await ana.page.get_by_role("link", name="Pizza").click()
    await expect(ana.page.get_by_label("Answer", exact=True)).to_have_value("We have none.")
    await ana.page.get_by_label("Title").fill("Pizza and pasta")
    await ana.page.get_by_role("button", name="Save").click()
    await ana.page.get_by_role("button", name="To the articles").click()
    await expect(ana.page.get_by_role("link", name="Pizza and pasta")).to_be_visible()

    await ana.page.get_by_role("button", name="Delete Pizza and pasta").click()
    await ana.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(ana.page.get_by_role("heading", name="No articles yet")).to_be_visible()
