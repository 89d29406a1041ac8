"""The whole path, on two screens: a visitor asks, the assistant answers, a person takes over and hands back."""

from playwright.async_api import Page, expect

from .console import Console
from .stage import BROWSER, Stage
from .visitor import Visitor

pytestmark = BROWSER

IS_ANNOUNCED = """() =>
  document.querySelector("nav li [data-control=pending]") && document.title.startsWith("(1) Waiting") ? true : null"""
IS_BEING_WRITTEN = """() => document.querySelector("[role=log] .hv-streaming")?.textContent || null"""
COUNT_NOTES = """() => {
  const start = OscillatorNode.prototype.start;
  window.notes = 0;
  OscillatorNode.prototype.start = function (...when) { window.notes++; return start.apply(this, when); };
}"""


async def test_the_whole_path(stage: Stage):
    ana = await at_the_console(stage)
    visitor = await stage.visitor()

    await asks_and_reads_the_answer_as_it_is_written(visitor)
    await asks_for_a_person_who_is_told_within_a_second(visitor, ana)
    await talk_both_ways(visitor, ana)
    await a_reload_changes_nothing_and_a_second_tab_shows_the_same(stage, visitor)
    await the_assistant_answers_again(visitor, ana)
    await it_ends(visitor, ana)

    assert await ana.page.evaluate("window.neverReloaded") is True


async def at_the_console(stage: Stage) -> Console:
    """Ana signs in by hand; that also allows the page to make a sound."""
    email = stage.hire("Ana")
    context = await stage.context()
    await context.add_init_script(f"({COUNT_NOTES})()")
    ana = await stage.console(context)
    await ana.page.get_by_label("E-mail").fill(email)
    await ana.page.get_by_label("Password").fill("not my password")
    await ana.page.get_by_role("button", name="Sign in").click()
    await expect(ana.page.get_by_role("alert")).to_have_text("E-mail or password is not right.")
    await ana.page.get_by_label("Password").fill("correct horse battery")
    await ana.page.get_by_role("button", name="Sign in").click()
    await expect(ana.list.get_by_text("No open conversations")).to_be_visible()
    await ana.page.evaluate("window.neverReloaded = true")
    return ana


async def asks_and_reads_the_answer_as_it_is_written(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="How much does the welding program cost?").wait_for()
    await visitor.watches_answers()
    await visitor.says("How much does the welding program cost?")
    answer = await visitor.has_finished_answer()
    pieces = await visitor.half_written()

    assert "$" in answer
    assert len(pieces) >= 5, "The answer did not appear as it was written."
    assert [len(piece) for piece in pieces] == sorted(len(piece) for piece in pieces)
    assert len(pieces[0]) < len(answer) / 2
    await expect(visitor.in_charge).to_have_text("Assistant")
    sources = visitor.answers.get_by_role("group", name="Sources")
    quote = sources.get_by_text("Tuition for Welding Technology is $8,400.")
    await expect(quote).to_be_hidden()
    await sources.locator("summary").first.click()
    await expect(quote).to_be_visible()


async def asks_for_a_person_who_is_told_within_a_second(visitor: Visitor, ana: Console) -> None:
    row = ana.row()
    await expect(row).to_contain_text("Assistant")
    assert await ana.page.title() == "Havana"
    await ana.watch("announced", IS_ANNOUNCED)
    await visitor.page.evaluate(
        "addEventListener('click', () => { window.pressedAt = Date.now(); }, { capture: true, once: true })"
    )
    await visitor.person_button.click()
    await expect(visitor.in_charge).to_have_text("Waiting for a person")
    await expect(ana.page).to_have_title("(1) Waiting · Havana")
    announced = (await ana.seen("announced"))[0]["at"]

    assert announced - await visitor.page.evaluate("window.pressedAt") < 1000
    await expect(row).to_contain_text("Waiting")
    await expect(ana.list.get_by_text("1 waiting")).to_be_visible()
    await the_clock_runs(ana.page)
    assert await ana.page.evaluate("window.notes") >= 2, "No sound."


async def the_clock_runs(page: Page) -> None:
    await page.wait_for_function(
        """() => {
          const said = document.querySelector("nav li time").textContent;
          return /^\\d+:\\d\\d$/.test(said) && said !== (window.clockSaid ??= said);
        }"""
    )


async def talk_both_ways(visitor: Visitor, ana: Console) -> None:
    await ana.opens(ana.row())
    await expect(ana.log.locator("[data-role=visitor]")).to_have_text("How much does the welding program cost?")
    await expect(ana.log.get_by_text("asked for a person")).to_be_visible()
    await ana.does("Take over")
    await expect(ana.header).to_contain_text("You are in charge")
    await expect(ana.page).to_have_title("Havana")
    await expect(visitor.in_charge).to_have_text("Ana has joined")

    await ana.says("Hello, this is Ana. What would you like to know?")
    await expect(visitor.said_by("Ana")).to_contain_text("Hello, this is Ana.")
    await visitor.says("Is there an evening class?")
    await expect(ana.log.get_by_text("Is there an evening class?")).to_be_visible()
    await ana.says("Yes, on **Tuesdays**.")
    await expect(visitor.said_by("Ana").locator("strong")).to_have_text("Tuesdays")
    await expect(visitor.answers).to_have_count(1)


async def a_reload_changes_nothing_and_a_second_tab_shows_the_same(stage: Stage, visitor: Visitor) -> None:
    before = await visitor.words()
    await visitor.page.reload()
    await expect(visitor.in_charge).to_have_text("Ana has joined")
    await expect(visitor.said_by("Ana").last).to_contain_text("Tuesdays")

    assert await visitor.words() == before
    tab = await stage.another_tab(visitor)
    await expect(tab.said_by("Ana").last).to_contain_text("Tuesdays")
    assert await tab.words() == before
    await tab.page.close()


async def the_assistant_answers_again(visitor: Visitor, ana: Console) -> None:
    await ana.does("Hand back to the assistant")
    await expect(ana.header).to_contain_text("The assistant answers")
    await expect(visitor.in_charge).to_have_text("Assistant")
    await expect(visitor.log.get_by_text("Ana has handed you back to the assistant.")).to_be_visible()
    await ana.watch("being written", IS_BEING_WRITTEN)
    await visitor.says("Can I get financial aid?")
    answer = await visitor.has_finished_answer(2)

    assert "FAFSA" in answer
    assert len(await ana.seen("being written")) >= 5, "The console did not show the answer as it was written."
    await expect(ana.log.locator("[data-role=assistant]")).to_have_count(2)


async def it_ends(visitor: Visitor, ana: Console) -> None:
    await ana.does("Close")
    await expect(ana.header).to_contain_text("Closed")
    await expect(visitor.in_charge).to_have_text("Closed")
    await expect(visitor.log.get_by_text("This conversation has been closed.")).to_be_visible()
