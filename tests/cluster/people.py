"""Who is in the house while things break: visitors with two tabs each, and agents."""

import asyncio
from collections.abc import Sequence
from random import Random

import httpx
from tests.machine.model import STAFF

from .connection import PATIENCE_S, Gone
from .records import History, Wire
from .screen import Screen
from .view import View

PASSWORD = "correct horse battery"
SITE_KEY = "demo"


async def visitor_token(url: str) -> str:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as http:
        token: str = (await http.post("/api/visitors", json={"site": SITE_KEY})).raise_for_status().json()["token"]
        return token


class VisitorsTab(Screen):
    """Looks on, as a second tab does."""

    @property
    def chat(self) -> View | None:
        return next(iter(self.views.values()), None)


class Visitor(VisitorsTab):
    """Writes and presses buttons. `mark` stands in everything they write."""

    mark = ""

    async def act(self) -> None:
        while not self.stopped:
            await self._does_something()
            await self.until(lambda: not self.outbox or self.stopped)
            await asyncio.sleep(self._dice.uniform(0.05, 1.5))

    async def _does_something(self) -> None:
        chat = self.chat
        conversation = chat.conversation if chat else None
        match self._dice.choices(("post", "burst", "button", "withdraw", "contact", "close"), (60, 14, 9, 9, 4, 4))[0]:
            case "burst":
                for number in range(3):
                    self.say("post", conversation, text=f"{self.mark} {number} more")
            case "button":
                self.say("request_human", conversation)
            case "withdraw" if chat is not None and chat.state["control"] == "pending":
                self.say("withdraw_request", conversation)
            case "contact":
                self.say("leave_contact", conversation, name=f"{self.mark} Heron", email="heron@example.com")
            case "close" if conversation is not None:
                await self.command("close", conversation)
            case _:
                self.say("post", conversation, text=f"{self.mark} what does it cost? {self._dice.random()}")


class Agent(Screen):
    """Takes conversations over, speaks, and lets go of them in every way there is."""

    colleagues: Sequence[str] = ()

    def __init__(self, history: History, url: str, token: "AgentsToken", dice: Random) -> None:
        super().__init__(history, url, token, dice, [])
        self.inbox: dict[str, Wire] = {}

    async def _catch_up(self) -> None:
        await super()._catch_up()
        page = await self._connected.ask("follow_inbox")
        self.inbox = {summary["conversation"]: summary for summary in page["conversations"]}
        self.happened()

    def inbox_changed(self, changed: list[Wire], removed: list[str]) -> None:
        self.inbox |= {summary["conversation"]: summary for summary in changed}
        for conversation in removed:
            self.inbox.pop(conversation, None)

    async def act(self) -> None:
        while not self.stopped:
            await self.until(lambda: bool(self.inbox))
            if self._dice.random() < 0.04:
                # Away for longer than a visitor is left waiting.
                self._stay_away_s = self._dice.uniform(1, 9)
                raise Gone
            conversation = self._choice()
            await self.follow(conversation)
            await self._serve(self.views[conversation])
            if self._dice.random() < 0.8:
                await self.unfollow(conversation)
            await asyncio.sleep(self._dice.uniform(0, 0.5))

    def _choice(self) -> str:
        """Mine before those who wait before those whom the assistant is answering."""

        def rank(summary: Wire) -> float:
            state = summary["state"]
            mine = state["agent"] is not None and state["agent"]["id"] == self.history.who
            order = 0 if mine else 1 if state["control"] == "pending" else 2 if state["open_answer"] else 3
            return order + self._dice.uniform(0, 2.5)

        return min(self.inbox, key=lambda conversation: rank(self.inbox[conversation]))

    async def _serve(self, view: View) -> None:
        chat = view.conversation
        if view.holder != self.history.who:
            if self._dice.random() < 0.3:
                self.say("post", chat, text=f"I am here. {self._dice.random()}")
                await self.until(lambda: not self.outbox)
            elif await self.command("claim", chat) is None:
                return
        for _ in range(self._dice.randrange(3)):
            if self._dice.random() < 0.3:
                self.say("note", chat, text=f"{STAFF} {self._dice.random()}")
            else:
                self.say("post", chat, text=f"Let me see. {self._dice.random()}")
            await self.until(lambda: not self.outbox)
        await self._let_go(chat)

    async def _let_go(self, chat: str) -> None:
        doing = self._dice.choices(("hand_back", "return_to_queue", "transfer", "close", "keep"), (60, 12, 12, 8, 8))[0]
        if doing == "transfer":
            await self.command("transfer", chat, to=self._dice.choice(self.colleagues))
        elif doing != "keep":
            await self.command(doing, chat)


class AgentsToken:
    """A fresh live token for each connection, by a session that is signed in once."""

    def __init__(self, url: str, email: str) -> None:
        self._url = url
        self._email = email
        self._cookies = httpx.Cookies()

    async def __call__(self) -> str:
        # A connection of its own each time: the one before may lead to a node that is gone.
        async with httpx.AsyncClient(
            base_url=self._url, headers={"Origin": self._url}, cookies=self._cookies, timeout=PATIENCE_S
        ) as http:
            if not self._cookies:
                signed_in = await http.post("/api/session", json={"email": self._email, "password": PASSWORD})
                signed_in.raise_for_status()
                self._cookies = http.cookies
            answer = await http.post("/api/live-token")
            token: str = answer.raise_for_status().json()["token"]
            return token
