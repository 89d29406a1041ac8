"""What the visitor's page and the console have in common, seen from outside."""

from typing import Any

from playwright.async_api import ConsoleMessage, Dialog, Locator, Page

WORDS = """(log) => {
  // Times are left out, and what stands beside them: how far a message has come.
  const isFoot = ({ parentElement }) =>
    parentElement.closest("time") ?? parentElement.closest("p")?.firstChild?.matches?.("time");
  const walk = document.createTreeWalker(log, NodeFilter.SHOW_TEXT, (text) =>
    isFoot(text) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const words = [];
  while (walk.nextNode()) if (walk.currentNode.data.trim()) words.push(walk.currentNode.data.trim());
  return words;
}"""

WATCH = """(name) => {
  const record = ((window.seen ??= {})[name] = []);
  const look = %s;
  const check = () => {
    const value = look();
    if (value !== null && value !== record.at(-1)?.value) record.push({ value, at: Date.now() });
  };
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(check).observe(document, everything);
  check();
}"""


class Screen:
    """A page somebody looks at. `faults` are the errors that they would not see."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", self._said)
        page.on("dialog", self._asked)

    @property
    def log(self) -> Locator:
        """Where the conversation stands."""
        return self.page.get_by_role("log")

    async def words(self) -> list[str]:
        """All that the conversation says, piece by piece, without times."""
        found: list[str] = await self.log.evaluate(WORDS)
        return found

    async def watch(self, name: str, look: str) -> None:
        """From now on, every value of the function `look` that is new and not null is recorded, with its moment."""
        await self.page.evaluate(WATCH % look, name)

    async def seen(self, name: str) -> list[dict[str, Any]]:
        """What `watch` has recorded under this name: `value`, and `at` in milliseconds."""
        record: list[dict[str, Any]] = await self.page.evaluate("(name) => window.seen[name]", name)
        return record

    async def _asked(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _said(self, message: ConsoleMessage) -> None:
        # What a browser says of an answer like 401 or of a server that is gone is no fault of the page.
        is_network = "Failed to load resource" in message.text or "WebSocket connection to" in message.text
        if message.type == "error" and not is_network:
            self.faults.append(f"{message.type}: {message.text}")
