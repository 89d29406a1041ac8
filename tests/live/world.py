"""The rest of the server in memory, and clients without a socket."""

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any

import msgspec
from tests.chat.story import ANA, BEN, NOON, SITE, VISITOR, Ask, Story

from havana.bus import INBOX, Appended, Delta, Opened, Read, VisitorChanged, conversation_topic, visitor_topic
from havana.bus.memory import MemoryBus
from havana.chat import commands as c
from havana.chat import events as e
from havana.chat import views
from havana.chat.conversation import Conversation
from havana.chat.errors import Busy, NotFound, RateLimited, Stale
from havana.chat.fold import Fold
from havana.chat.people import Agent, Person, Visitor
from havana.chat.visiting import Card, Context, Description, Detail
from havana.chat.wire import Suggested
from havana.live.closing import Close
from havana.live.connection import Connection
from havana.live.hub import Hub
from havana.live.identity import BadToken, Blocked, ExpiredToken, Identity
from havana.live.ports import Words
from havana.live.services import Services
from havana.live.serving import Serving
from havana.storage.inbox import Filter, Top

STRANGER = Visitor("v2", "site", "Amber Fox")
PATIENCE_S = 5.0
IDENTITIES = {
    "visitor": Identity(VISITOR),
    "stranger": Identity(STRANGER),
    "ana": Identity(ANA, "session-ana"),
    "ben": Identity(BEN, "session-ben"),
}
REFUSED = {"bad": BadToken, "expired": ExpiredToken, "blocked": Blocked}


class Visits:
    """What is stored of visitors: nothing, unless a test lets them be `known`."""

    def __init__(self, world: "World") -> None:
        self.known = False
        self.details: tuple[Detail, ...] = ()
        self.said: list[Description] = []
        self._world = world
        self._contexts: dict[str, Context] = {}

    async def described(self, visitor: str, site: str, said: Description) -> bool:
        self.said.append(said)
        if not any(story.fold.visitor.id == visitor for story in self._world.stories.values()):
            return False
        self._contexts[visitor] = Context(**msgspec.structs.asdict(said), since=NOON, seen_at=NOON)
        self.changes(visitor)
        return True

    async def left(self, visitor: str) -> None:
        later = NOON + dt.timedelta(minutes=1)
        self._contexts[visitor] = msgspec.structs.replace(self._contexts[visitor], seen_at=later)
        self.changes(visitor)

    async def card(self, conversation: str) -> Card | None:
        story = self._world.stories.get(conversation)
        if story is None or not self.known:
            return None
        visitor = story.fold.visitor.id
        return Card(visitor, self._contexts.get(visitor), self.details)

    def changes(self, visitor: str) -> None:
        self._world.bus.publish(visitor_topic(visitor), VisitorChanged(visitor))


class World:
    """Conversations that are stories, and the ports of the live channel over them."""

    def __init__(self, bus: MemoryBus | None = None) -> None:
        self.bus = bus or MemoryBus()
        self.stories: dict[str, Story] = {}
        self.drafts: dict[str, str] = {}
        self.on_duty: list[str] = []
        self.signed_out: set[str] = set()
        """Sessions that ended without a word on the bus."""
        self.bosses: set[str] = set()
        """Agents who are admins in the database."""
        self.banned: set[str] = set()
        """Visitors who were blocked without one."""
        self.read: list[Read] = []
        """Marks that were stored without one."""
        self.reads = 0
        self.page = 500
        self.patience = 1000
        """How much more visitors may read."""
        self.sweeps = 0
        self.busy = 0
        """How many more looks into the database are refused."""
        self.suggestions: list[Words] = []
        """What the copilot writes, request by request."""
        self.before_read: Callable[[], Any] = _nothing
        self.after_read: Callable[[], Any] = _nothing
        self.after_listing: Callable[[], Any] = _nothing
        self.after_history: Callable[[], Awaitable[Any]] = self.settle
        self.on_change: Callable[[], None] = _nothing
        self.visits, self.device = Visits(self), ""
        self.hub = Hub(self.bus, self, lambda: NOON, self.visits)
        self.services = Services(self.hub, self, self, self, self.authenticate, lambda: NOON, self)

    # What tests do

    def has(self, *asks: Ask, id: str = "c1", visitor: Visitor = VISITOR) -> Story:
        """A conversation in which this has happened, before anybody listened."""
        story = Story()
        story.fold = Fold(id=id, log=f"log-{id}", site=SITE.id, visitor=Person(visitor.id, visitor.name))
        self.stories[id] = story
        for ask in [lambda chat: chat.post(visitor, "Hello", "key-0001"), *asks]:
            story.does(ask)
        return story

    def does(self, *asks: Ask, id: str = "c1", lost: bool = False) -> None:
        """Something happens; every ask is one append. A lost one is in the log but never on the bus."""
        story = self.stories[id]
        for ask in asks:
            known = len(story.events)
            story.does(ask)
            if story.fold.open_answer is None:
                self.drafts.pop(id, None)
            appended = Appended(story.fold, tuple(story.events[known:]))
            if not lost and appended.events:
                self.bus.publish(conversation_topic(id), appended)
                self.bus.publish(INBOX, appended)

    def writes(self, text: str, answer: str = "answer-1", id: str = "c1", lost: bool = False) -> None:
        """The assistant has some more words."""
        shown = self.drafts.get(id, "")
        self.drafts[id] = self.stories[id].draft = shown + text
        if not lost:
            self.bus.publish(conversation_topic(id), Delta(id, answer, len(shown), text))

    async def settle(self) -> None:
        """Lets everybody go on who can."""
        await asyncio.sleep(0)

    def client(self) -> "Client":
        return Client(self)

    async def greeted(self, token: str, *following: dict[str, Any]) -> "Client":
        """A client that has said hello."""
        client = Client(self)
        await client.asks("hello", v=1, token=token, following=list(following))
        return client

    # The ports

    async def authenticate(self, token: str) -> Identity:
        if token in REFUSED:
            raise REFUSED[token]
        return IDENTITIES[token]

    def arrived(self, agent: str) -> None:
        self.on_duty.append(agent)

    def left(self, agent: str) -> None:
        self.on_duty.remove(agent)

    async def perform(self, who: Visitor | Agent, conversation: str | None, command: Any) -> dict[str, Any]:
        opens = conversation is None
        if opens:
            conversation = f"c{len(self.stories) + 1}"
            story = self.stories[conversation] = Story()
            story.fold = Fold(conversation, f"log-{conversation}", SITE.id, Person(who.id, who.name))
        story = self._of(who, conversation)
        if getattr(command, "text", "") == "crash":
            raise ZeroDivisionError("secret")
        if opens:
            self.bus.publish(visitor_topic(who.id), Opened(who.id, conversation))
        before = story.fold.seq
        self.does(_request(who, command), id=conversation)
        return {
            "conversation": conversation,
            "log": story.fold.log,
            "seq": story.fold.public_seq if isinstance(who, Visitor) else story.fold.seq,
            "at": story.now,
            "repeated": story.fold.seq == before,
        }

    def check(self, who: Visitor | Agent) -> None:
        if isinstance(who, Visitor) and self.patience == 0:
            raise RateLimited("That was a lot.", retry_ms=200)
        self.patience -= 1

    async def followed(
        self, who: Visitor | Agent, conversation: str, log: str | None = None, seq: int | None = None
    ) -> dict[str, Any]:
        self.reads += 1
        self.before_read()
        story, public = self._of(who, conversation), isinstance(who, Visitor)
        fold, events = story.fold, _wire(story.events, public=public)
        tail = log == fold.log and seq is not None
        answer = fold.open_answer
        found = {
            "conversation": conversation,
            "log": fold.log,
            "mode": "tail" if tail else "snapshot",
            "state": views.state_of(fold, public=public),
            "events": [event for event in events if event["seq"] > (seq if tail and seq else 0)],
            "top": fold.public_seq if public else fold.seq,
            "before": None,
            "draft": {"answer": answer, "text": self.drafts[conversation]} if conversation in self.drafts else None,
            "read": [],
        }
        self.after_read()
        await asyncio.sleep(0)
        return found

    async def history(
        self,
        who: Visitor | Agent,
        conversation: str,
        *,
        before: int | None = None,
        after: int | None = None,
        until: int | None = None,
        limit: int = 50,
    ) -> dict[str, Any]:
        self.reads += 1
        events = _wire(self._of(who, conversation).events, public=isinstance(who, Visitor))
        chosen = [event for event in events if (after or 0) < event["seq"] < (before or 10**9)]
        found = {"events": [event for event in chosen if event["seq"] <= (until or 10**9)][:limit], "before": None}
        await self.after_history()
        return found

    async def current(self, visitor: Visitor) -> dict[str, Any] | None:
        mine = [story for story in self.stories.values() if story.fold.visitor.id == visitor.id]
        return views.summary_of(mine[-1].fold, public=True, unread=0) if mine else None

    async def inbox(self, agent: Agent, filter: Filter) -> dict[str, Any]:
        return await self.list_conversations(agent, filter)

    async def list_conversations(self, agent: Agent, filter: Filter, *, cursor: str | None = None) -> dict[str, Any]:
        page, rest = self._after(cursor)[: self.page], self._after(cursor)[self.page :]
        found = {"conversations": await self.summaries(agent, page, filter), "next": page[-1] if rest else None}
        self.after_listing()
        return found

    async def summaries(self, agent: Agent, conversations: Iterable[str], filter: Filter) -> list[dict[str, Any]]:
        self.reads += 1
        self._take()
        folds = [self.stories[conversation].fold for conversation in conversations]
        return [views.summary_of(fold, public=False, unread=0) for fold in folds if filter.matches(fold)]

    def _after(self, cursor: str | None) -> list[str]:
        """The conversations after this one, in the order in which they came to be."""
        ids = list(self.stories)
        return ids[ids.index(cursor) + 1 :] if cursor else ids

    async def suggest(self, agent: Agent, conversation: str) -> Words:
        self._of(agent, conversation)
        if not self.suggestions:
            raise Stale("Nobody holds this conversation.")
        return self.suggestions.pop(0)

    async def rewrite(self, agent: Agent, conversation: str, text: str, how: str) -> Words:
        return said(f"{how}: ", text)

    async def changed_since(self, at: dt.datetime) -> list[Top]:
        self.sweeps += 1
        self._take()
        return [
            Top(story.fold.id, story.fold.visitor.id, story.fold.seq, story.fold.public_seq)
            for story in self.stories.values()
            if story.now >= at
        ]

    async def ended(self, sessions: Collection[str]) -> Collection[str]:
        return self.signed_out & set(sessions)

    async def admins(self, agents: Collection[str]) -> Collection[str]:
        return self.bosses & set(agents)

    async def blocked(self, visitors: Collection[str]) -> Collection[str]:
        return self.banned & set(visitors)

    async def marks(self, conversations: Collection[str]) -> list[Read]:
        return [read for read in self.read if read.conversation in conversations]

    async def mark_read(self, who: Visitor | Agent, conversation: str, seq: int) -> None:
        story = self._of(who, conversation)
        event = next(event for event in story.events if seq == (event.public_seq if who == VISITOR else event.seq))
        role = "visitor" if isinstance(who, Visitor) else "agent"
        read = Read(conversation, role, who.id, event.seq, event.public_seq or 0)
        self.bus.publish(conversation_topic(conversation), read)

    def _take(self) -> None:
        if self.busy > 0:
            self.busy -= 1
            raise Busy("The server cannot store anything right now. Please try again.")

    def _of(self, who: Visitor | Agent, conversation: str) -> Story:
        story = self.stories.get(conversation)
        if story is None or (isinstance(who, Visitor) and story.fold.visitor.id != who.id):
            raise NotFound("There is no such conversation.")
        return story


class Client:
    """What one client received, object by object. A `slow` one reads only when told to."""

    def __init__(self, world: World) -> None:
        self.received: list[dict[str, Any]] = []
        self.texts: list[str] = []
        self.slow = False
        self.closed: tuple[int, str] | None = None
        self._news = asyncio.Event()
        self._ids = 0
        self.connection = Connection(world.services, self._woken)
        self.serving = Serving(self.connection, world.services, world.device)

    def sends(self, frame: str | bytes) -> None:
        self.serving.receive(frame)

    def says(self, do: str, **fields: Any) -> int:
        """Sends a command without waiting; its id."""
        self._ids += 1
        self.sends(json.dumps({"id": self._ids, "do": do} | fields))
        return self._ids

    async def asks(self, do: str, **fields: Any) -> dict[str, Any]:
        """Sends a command and waits for its reply."""
        return await self.reply(self.says(do, **fields))

    async def reply(self, id: int) -> dict[str, Any]:
        return await self.gets(lambda frame: frame.get("id") == id)

    async def gets(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first frame of this kind, which may have come already."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for frame in self.received:
                    if wanted(frame):
                        return frame
                assert self.closed is None, self.closed
                self._news.clear()
                await self._news.wait()

    async def is_closed(self) -> tuple[int, str]:
        async with asyncio.timeout(PATIENCE_S):
            while self.closed is None:
                self._news.clear()
                await self._news.wait()
        return self.closed

    def reads(self) -> None:
        while (frame := self.connection.next_frame()) is not None:
            self.texts.append(frame.text)
            self.received += [json.loads(line) for line in frame.text.split("\n")]
        if self.connection.closing is not None and self.closed is None:
            code, reason = self.connection.closing
            self.closed = (int(code), reason)
        self._news.set()

    def pushes(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.received if frame.get("push") == kind]

    def seqs(self) -> list[int]:
        """Of the events that were pushed, in the order they came."""
        return [push["event"]["seq"] for push in self.pushes("event")]

    def words(self) -> str:
        """The deltas' text; every delta must begin where the one before ended."""
        text = ""
        for push in self.pushes("delta"):
            assert push["offset"] == len(text)
            text += push["text"]
        return text

    def hangs_up(self) -> None:
        self.connection.close(Close.ABNORMAL)

    def _woken(self) -> None:
        if not self.slow:
            self.reads()


async def said(*pieces: str) -> Words:
    """Words that come at once, piece by piece."""
    for piece in pieces:
        yield piece
    yield Suggested("".join(pieces))


def _wire(events: Iterable[e.Event], *, public: bool) -> list[dict[str, Any]]:
    view = views.for_visitor if public else views.for_agent
    shown = (view(event) for event in events)
    return [msgspec.to_builtins(wire) for wire in shown if wire is not None]


def _request(who: Visitor | Agent, command: Any) -> Ask:
    def ask(chat: Conversation) -> list[e.Proposed]:
        match command:
            case c.Post(key=key, text=text):
                return chat.post(who, text, key) if isinstance(who, Visitor) else chat.reply(who, text, key)
            case c.RequestHuman():
                return chat.request_human(VISITOR, on_duty=True)
            case _:
                return chat.claim(who if isinstance(who, Agent) else ANA)

    return ask


def _nothing() -> None:
    pass
