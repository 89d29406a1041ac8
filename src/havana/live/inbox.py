"""An agent's list of conversations on one connection: what changed goes out in batches, the latest wins."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from havana.bus import Appended, Message, Read, VisitorChanged
from havana.chat import events as e
from havana.chat.errors import Busy
from havana.chat.people import Agent
from havana.live.encoding import Frame, encode
from havana.live.frames import InboxPush
from havana.live.ports import Reading, Wire
from havana.storage.inbox import Filter

log = structlog.get_logger()

BATCH_S = 0.25
"""At most one push in this time, except when somebody starts to wait."""
MOST_AT_ONCE = 100
"""Conversations of one push, so that it goes into a frame; after a reader was behind, many more may have changed."""


class Screen(Protocol):
    """A connection, as a feed sees it."""

    def show(self, frame: Frame) -> None: ...

    @property
    def is_congested(self) -> bool: ...


class Feed:
    """One list. It knows whom it has shown, so that most of what happens elsewhere costs it nothing."""

    def __init__(self, reading: Reading, agent: Agent, filter: Filter | None, screen: Screen, name: str = "") -> None:
        self._reading = reading
        self._agent = agent
        self._filter = filter or Filter()
        self._screen = screen
        self._name = name
        self._revision = 0
        self._shown: set[str] = set()
        self._changed: dict[str, None] = {}
        self._waiting: dict[str, None] = {}
        self._pushed_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._pages = 0
        self._opened = False
        self._closed = False

    async def open(self, answer: Callable[[Wire], None]) -> None:
        """The first page. What changed meanwhile is pushed after the answer."""
        await self._page(lambda: self._reading.inbox(self._agent, self._filter), answer)
        self._opened = True
        self._schedule()

    async def more(self, cursor: str, answer: Callable[[Wire], None]) -> None:
        """The page after the one that gave `cursor` as its `next`."""
        await self._page(lambda: self._reading.list_conversations(self._agent, self._filter, cursor=cursor), answer)

    def receive(self, message: Message) -> None:
        """What the bus says about any conversation."""
        match message:
            case Appended(fold=fold, events=events):
                if not (self._concerns(fold.id) or self._filter.matches(fold)):
                    return
                self._changed[fold.id] = None
                if fold.control == "pending" and any(
                    isinstance(event.fact, e.HumanRequested | e.ReturnedToQueue) for event in events
                ):
                    self._waiting[fold.id] = None
            case Read(conversation=conversation, reader=reader) if reader == self._agent.id:
                if not self._concerns(conversation):
                    return
                self._changed[conversation] = None
            case VisitorChanged(conversations=conversations):
                self._changed |= dict.fromkeys(filter(self._concerns, conversations))
            case _:
                return
        self._schedule()

    def change(self, conversation: str) -> None:
        """Something happened there of which the bus said nothing."""
        self._changed[conversation] = None
        self._schedule()

    def close(self) -> None:
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()

    def _concerns(self, conversation: str) -> bool:
        """Of a page that is being read nobody knows yet what is on it."""
        return self._pages > 0 or conversation in self._shown

    async def _page(self, read: Callable[[], Awaitable[Wire]], answer: Callable[[Wire], None]) -> None:
        """Pages and pushes are read one after the other and go out in that order: the latest word is the newest."""
        self._pages += 1
        try:
            async with self._turn:
                page = await read()
                self._shown.update(summary["conversation"] for summary in page["conversations"])
                self._revision += 1
                answer({"revision": self._revision, **page})
        finally:
            self._pages -= 1

    def _schedule(self) -> None:
        if not self._opened or self._closed or self._task is not None or not self._changed:
            return
        loop = asyncio.get_running_loop()
        wait = 0.0 if self._waiting else self._pushed_at + BATCH_S - loop.time()
        if wait <= 0:
            if self._timer is not None:
                self._timer.cancel()
            self._begin()
        elif self._timer is None:
            self._timer = loop.call_later(wait, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._pushed_at = asyncio.get_running_loop().time()
        if self._screen.is_congested:
            # What waits there would be old by the time it is read.
            self._waiting.clear()
            self._schedule()
            return
        self._task = asyncio.create_task(self._push())

    async def _push(self) -> None:
        async with self._turn:
            # Whoever began to wait comes first.
            wanted = list(self._waiting | self._changed)[:MOST_AT_ONCE]
            self._waiting.clear()
            for conversation in wanted:
                del self._changed[conversation]
            known = self._shown.intersection(wanted)
            # What they do while they are read is heard.
            self._shown.update(wanted)
            try:
                changed = await self._reading.summaries(self._agent, wanted, self._filter)
            except Busy:
                self._changed |= dict.fromkeys(wanted)  # the database has said why
            except Exception:
                log.exception("could not read the inbox", agent=self._agent.id)
                self._changed |= dict.fromkeys(wanted)
            else:
                left = set(wanted).difference(summary["conversation"] for summary in changed)
                self._shown -= left
                self._show(changed, sorted(left & known))
        self._task = None
        self._schedule()

    def _show(self, changed: list[Wire], removed: list[str]) -> None:
        if not self._closed and (changed or removed):
            self._revision += 1
            self._screen.show(encode(InboxPush(self._name, self._revision, changed, removed)))
