"""The agents' console, by the names that a screen reader would read out."""

import re

from playwright.async_api import Locator, expect

from .screen import Screen


class Console(Screen):
    @property
    def list(self) -> Locator:
        return self.page.get_by_role("navigation", name="Conversations")

    def place(self, name: str) -> Locator:
        """The way to one of the parts of the console: Inbox, Knowledge, Settings."""
        return self.page.get_by_role("navigation", name="Places").get_by_role("link", name=name)

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("region", name=re.compile("^Conversation with"))

    @property
    def visitor_pane(self) -> Locator:
        return self.page.get_by_role("complementary", name="Visitor")

    @property
    def header(self) -> Locator:
        return self.thread.locator("header")

    @property
    def field(self) -> Locator:
        return self.thread.get_by_role("textbox")

    def row(self, words: str | None = None) -> Locator:
        """The entry in the list with these words: the visitor's name or what was said last."""
        return self.list.get_by_role("listitem").filter(has_text=words)

    def row_of(self, conversation: str) -> Locator:
        return self.list.locator(f"[data-conversation='{conversation}']")

    def action(self, name: str) -> Locator:
        """A button of the conversation that is open, in sight."""
        return self.thread.get_by_role("button", name=name, exact=True)

    async def opens(self, row: Locator) -> None:
        await row.click()
        await expect(self.thread).to_be_visible()

    async def does(self, name: str) -> None:
        """Presses an action, wherever it is: among the buttons or in the menu."""
        if not await self.action(name).is_visible():
            await self.action("More actions").click()
            await self.page.get_by_role("menuitem", name=name).click()
            return
        await self.action(name).click()

    async def says(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")
