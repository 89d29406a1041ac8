"""Takes the README's pictures: plays a short story on the demo and looks at both pages. `make pictures` runs it."""

import asyncio
import datetime as dt
import subprocess
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright
from scripts import fortnight
from tests.browser.console import Console
from tests.browser.stage import Stage, a_stage
from tests.browser.visitor import Visitor

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"

SCHEMES = ("light", "dark")
OTHERS = (
    ("Do you offer evening classes?", "closed"),
    ("Do I need a diploma to apply?", "human"),
    ("Is there housing near the campus?", "ai"),
    ("Can I get financial aid?", "ai"),
    ("I want to transfer credits from another school.", "pending"),
)


async def main(chromium: str) -> None:
    """Saves each page in both schemes, such as chat-light.png and chat-dark.png."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium)
        with tempfile.TemporaryDirectory() as data:
            await play(browser, Path(data))
        await browser.close()


async def play(browser: Browser, data: Path) -> None:
    async with a_stage(browser, data) as stage:
        ana = await stage.agent("Ana", role="admin")
        others = await fill_the_list(stage)
        visitor = await stage.visitor(viewport={"width": 1024, "height": 800})
        await talk(visitor, ana, others)
        await take(visitor, "chat")
        await take(ana, "console")
        await ana.place("Wall").click()
        await ana.page.locator("[data-who=agent]").first.wait_for()
        await take(ana, "wall")
        stage.house.database.write_now(lambda conn: fortnight.tell(conn, dt.datetime.now(dt.UTC)))
        await ana.place("Reports").click()
        await ana.page.get_by_role("heading", name="Conversations by day").wait_for()
        await ana.page.locator("p[role=status]").wait_for(state="detached")  # until all is counted
        await take(ana, "reports")


async def fill_the_list(stage: Stage) -> list[str]:
    """Other people's conversations; tells their ids."""
    ben, chats = await stage.house.agent("Ben"), []
    for text, control in OTHERS:
        somebody = await stage.house.visitor()
        chat = (await somebody.post(text))["conversation"]
        await somebody.sees_event("answer_finished")
        if control == "pending":
            await somebody.do("request_human", conversation=chat)
        elif control == "human":
            await ben.post("Hello, this is Ben. Which program is it for?", chat)
        elif control == "closed":
            await somebody.do("close", conversation=chat)
        chats.append(chat)
    return chats


async def talk(visitor: Visitor, ana: Console, others: list[str]) -> None:
    await visitor.says("How much does the welding program cost?")
    await visitor.has_finished_answer()
    await visitor.person_button.click()
    not_theirs = "".join(f":not([data-conversation='{chat}'])" for chat in others)
    await ana.opens(ana.list.locator(f"[data-conversation]{not_theirs}"))
    await ana.does("Take over")
    await ana.says("Hello, this is Ana from admissions. You can pay **monthly**; when would you like to begin?")
    await visitor.said_by("Ana").wait_for()
    await visitor.says("In January, if there is a place.")
    await ana.log.get_by_text("In January, if there is a place.").wait_for()
    await ana.list.locator("[aria-current]").get_by_text("unread").wait_for(state="detached")
    await visitor.said_by("You").get_by_text("Seen").wait_for()


async def take(screen: Visitor | Console, name: str) -> None:
    await screen.page.mouse.move(0, 0)
    for scheme in SCHEMES:
        # Nothing is caught in the middle of appearing, and no caret blinks.
        await screen.page.emulate_media(reduced_motion="reduce", color_scheme=scheme)
        path = PICTURES / f"{name}-{scheme}.png"
        await screen.page.screenshot(path=path, animations="disabled", caret="hide")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    found = subprocess.run([ROOT / "scripts" / "find-chromium"], check=True, capture_output=True, text=True)
    asyncio.run(main(found.stdout.strip()))
