"""The visitor's page, by the names that a screen reader would read out."""

from playwright.async_api import Locator, expect

from .screen import Screen

HALF_WRITTEN = """() => {
  const bubble = document.querySelector("[role=log][aria-busy=true] .hv-streaming");
  return bubble && bubble.textContent.trim() !== "" ? bubble.textContent : null;
}"""


class Visitor(Screen):
    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Write a message")

    @property
    def person_button(self) -> Locator:
        return self.page.get_by_role("button", name="Talk to a person")

    @property
    def call_button(self) -> Locator:
        return self.page.get_by_role("button", name="Book a call")

    @property
    def in_charge(self) -> Locator:
        return self.page.get_by_role("banner").get_by_role("status")

    @property
    def answers(self) -> Locator:
        """What the assistant has said, one group of bubbles after the other."""
        return self.said_by("Assistant")

    def said_by(self, name: str) -> Locator:
        return self.log.get_by_role("region", name=name, exact=True)

    async def reaches(self, control: Locator) -> None:
        """From where the cursor is, back to the control, as far as a keyboard user would try."""
        for _ in range(20):
            if await control.evaluate("control => control === document.activeElement"):
                return
            await self.page.keyboard.press("Shift+Tab")
        raise AssertionError(f"{control} is out of a keyboard's reach")

    async def says(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def has_finished_answer(self, number: int = 1) -> str:
        """Waits for the assistant's words to end; tells those of the answer of this number."""
        await expect(self.answers).to_have_count(number)
        # A booking link may stand there before the words.
        await expect(self.answers.nth(number - 1).locator(".hv-words").last).to_be_visible()
        await expect(self.answers.nth(number - 1).get_by_role("time")).to_be_visible()
        await expect(self.log).to_have_attribute("aria-busy", "false")
        return (await self.answers.nth(number - 1).locator(".hv-words").all_inner_texts())[-1]

    async def watches_answers(self) -> None:
        """Records the answer while it is being written."""
        await self.watch("half written", HALF_WRITTEN)

    async def half_written(self) -> list[str]:
        return [record["value"] for record in await self.seen("half written")]
