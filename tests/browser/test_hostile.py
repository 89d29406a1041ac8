"""Odd and hostile text: shown as the characters it is made of, on both screens; nothing of it ever runs."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from tests.assistant.openai_server import OpenAIServer, ends, reply, says
from tests.redteam.attacks import attacks
from tests.redteam.test_redteam import SHOWN

from .stage import BROWSER, Stage, a_stage

pytestmark = BROWSER

TYPED = [
    "<script>alert('visitor')</script>",
    "<img src=x onerror=alert(1)>",
    "[press me](javascript:alert(1))",
    "javascript:alert(1)",
    "**not** _Markdown_, as I typed it",
    "\u202etxet neddih\u202c",
    "مرحبا، هل أنتم مفتوحون اليوم؟",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇨🇺 é",
    "{{constructor.constructor('alert(1)')()}}",
    "W" * 500,
]
MARKDOWN = (
    "**Bold**, *soft* and `code`\n\n- one\n- two\n\n"
    "[good](https://example.com/a) [bad](javascript:alert(1)) [worse](data:text/html,<script>alert(1)</script>)\n\n"
    "<script>alert('ours')</script><img src=x onerror=alert(2)><a href='javascript:alert(3)'>raw</a>\n\n"
    "![picture](https://example.com/picture.png)"
)
DANGER = """() => [...document.querySelectorAll(
  "[role=log] :is(script, img, iframe, object, embed, style, form[action], [onerror], [onclick])")]
  .concat([...document.querySelectorAll("a")].filter((a) => !/^(https?|mailto):$/.test(a.protocol)))
  .map((element) => element.outerHTML)"""
LINKS = """(log) => [...log.querySelectorAll(".hv-words a")].map((a) => a.href)"""


async def test_what_a_visitor_types_is_shown_as_typed(stage: Stage):
    ana, visitor = await stage.agent("Ana"), await stage.visitor()
    await visitor.person_button.click()
    for text in TYPED:
        await visitor.says(text)
    for screen in (visitor, ana):
        if screen is ana:
            await ana.opens(ana.row())
        await expect(screen.log.get_by_text(TYPED[-1], exact=True)).to_be_visible()
        words = await screen.words()
        assert [text for text in TYPED if text not in words] == []
        assert await screen.page.evaluate(DANGER) == []
        arabic = screen.log.get_by_text(TYPED[6], exact=True)
        assert await arabic.evaluate("(words) => getComputedStyle(words).direction") == "rtl"
        latin = screen.log.get_by_text(TYPED[4], exact=True)
        assert await latin.evaluate("(words) => getComputedStyle(words).direction") == "ltr"


@pytest.mark.parametrize("speaker", ["assistant", "agent"])
async def test_markdown_is_rendered_and_what_hides_in_it_is_text(speaker: str, browser: Browser, tmp_path: Path):
    pieces = [MARKDOWN[at : at + 7] for at in range(0, len(MARKDOWN), 7)]
    async with OpenAIServer(reply(*says(*pieces), *ends())) as model:
        settings = {"model": "openai:test", "openai_api_key": "key", "openai_base_url": model.url}
        async with a_stage(browser, tmp_path, **settings) as stage:
            ana, visitor = await stage.agent("Ana"), await stage.visitor()
            if speaker == "assistant":
                await visitor.says("Tell me")
                await ana.opens(ana.row())
            else:
                await visitor.person_button.click()
                await ana.opens(ana.row())
                await ana.field.fill(MARKDOWN)
                await ana.field.press("Enter")
            for screen in (visitor, ana):
                await expect(screen.log.get_by_text("alert('ours')")).to_be_visible()
                await expect(screen.log.get_by_role("link", name="picture")).to_be_visible()
                await expect(screen.log.locator(".hv-words strong")).to_have_text("Bold")
                await expect(screen.log.locator(".hv-words em")).to_have_text("soft")
                await expect(screen.log.locator(".hv-words code")).to_have_text("code")
                await expect(screen.log.locator(".hv-words li")).to_have_text(["one", "two"])
                assert await screen.page.evaluate(DANGER) == []
                links = await screen.log.evaluate(LINKS)
                assert links == ["https://example.com/a", "https://example.com/picture.png"]


async def test_whatever_a_model_was_talked_into_writing_nothing_runs_and_nothing_is_loaded(
    browser: Browser, tmp_path: Path
):
    written = [attack for attack in attacks() if attack.answers and SHOWN & {*attack.must_not}]
    async with OpenAIServer(*(reply(*says(attack.answers), *ends()) for attack in written)) as model:
        settings = {"model": "openai:test", "openai_api_key": "key", "openai_base_url": model.url}
        async with a_stage(browser, tmp_path, **settings) as stage:
            ana, visitor = await stage.agent("Ana"), await stage.visitor()
            asked: list[str] = []
            for screen in (visitor, ana):
                screen.page.on("request", lambda request: asked.append(request.url))
            for number in range(len(written)):
                await visitor.says(f"Question {number}")
                await visitor.has_finished_answer(number + 1)
            await ana.opens(ana.row())
            await expect(ana.log.get_by_text(f"Question {len(written) - 1}", exact=True)).to_be_visible()

            assert [await screen.page.evaluate(DANGER) for screen in (visitor, ana)] == [[], []]
            assert [url for url in asked if not url.startswith((stage.url, "data:"))] == []


async def test_a_message_that_is_too_long_is_refused_before_it_is_sent(stage: Stage):
    visitor = await stage.visitor()
    await visitor.field.fill("x" * 20_000)
    await expect(visitor.page.get_by_role("alert")).to_contain_text("20,000 of 8,000 characters")
    await visitor.field.press("Enter")
    await expect(visitor.field).to_have_value("x" * 20_000)
    await visitor.field.fill("x" * 8_000)
    await visitor.field.press("Enter")

    # That it is answered says that it has arrived.
    await visitor.has_finished_answer()
    assert "x" * 8_000 in await visitor.words()
    await expect(visitor.field).to_have_value("")
