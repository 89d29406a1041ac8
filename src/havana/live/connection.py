"""One client on this node: what it follows, and what waits to be sent to it."""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog

from havana.chat.errors import Busy, NotFound, Refusal
from havana.chat.people import Agent
from havana.ids import new_id
from havana.live import frames as f
from havana.live.closing import Close, Hangup
from havana.live.encoding import PING, Frame, encode
from havana.live.following import LiveEvent, live_event
from havana.live.identity import Identity
from havana.live.outbox import Outbox
from havana.live.ports import Wire
from havana.live.services import Services
from havana.live.session import Session
from havana.live.suggesting import Suggesting

log = structlog.get_logger()

RESUMED = f.FRAME_OUT - 4096
"""Bytes of followed conversations that a welcome brings."""
CATCH_UP_TRIES = 6
CATCH_UP_PAUSE_S = 0.02
"""The first pause between tries; each is one longer. What is only out of order comes by itself meanwhile."""


class Connection:
    """`wake` is called when there is something to send: `next_frame` has it, and after that `closing` how it ends."""

    def __init__(self, services: Services, wake: Callable[[], None]) -> None:
        self.session = Session(new_id())
        self.closing: tuple[Close, str] | None = None
        self.suggesting = Suggesting(self.show, self.session.error)
        self._hub = services.hub
        self._reading = services.reading
        self._duty = services.duty
        self._wake = wake
        self._outbox = Outbox()
        self._behind: set[str] = set()
        self._opened: list[str] = []
        self._catching: dict[str, asyncio.Task[None]] = {}

    # The socket's side

    def next_frame(self) -> Frame | None:
        """What to send next. The words of an answer are taken last, and as they are at that moment."""
        while (frame := self._outbox.next_frame()) is None:
            for conversation in self._behind:
                self._outbox.mark_draft(conversation)
            self._behind.clear()
            more = self._outbox.next_draft()
            if more is None:
                return None
            if (words := self._words(more)) is not None:
                return words
        return frame

    def ping(self) -> None:
        """A sign of life, with the positions that reveal a lost tail."""
        self.show(PING)
        for conversation in self.session.following:
            room = self._hub.room(conversation)
            if room is not None and self.session.is_live(conversation) and not self.is_congested:
                self.show(encode(f.PositionPush(conversation, room.top(public=self.session.public))))
                self._hub.show_present(self, conversation)

    def close(self, code: Close, reason: str = "", *, flush: bool = False) -> None:
        """Ends the connection; with `flush` after all that waits was sent."""
        if self.closing is not None:
            return
        self.closing = (code, reason)
        if not flush:
            self._outbox.clear()
        self.suggesting.stop_all()
        left = self._hub.leave(self, tuple(self.session.following))
        if left is not None and isinstance(left.who, Agent):
            self._duty.left(left.who.id)
        self._wake()

    # The hub's side

    @property
    def identity(self) -> Identity:
        """Whose this is; the hub asks only after it was let in."""
        if self.session.identity is None:
            raise RuntimeError("nobody has said hello yet")
        return self.session.identity

    @property
    def is_congested(self) -> bool:
        return self._outbox.is_congested

    def show(self, frame: Frame) -> None:
        if self.closing is not None:
            return
        if not self._outbox.put(frame):
            self.close(Close.SLOW, "read too slowly")
            return
        if self._outbox.is_congested:
            for conversation in self._outbox.drop_conflated():
                self._fall_behind(conversation)
        self._wake()

    def show_events(self, conversation: str, events: Sequence[LiveEvent]) -> None:
        following = self.session.following.get(conversation)
        if following is None:
            return
        for event in following.events(events):
            self.show(event.frame)
        if following.is_missing or following.is_lost:
            self._look_after(conversation)

    def show_words(self, conversation: str) -> None:
        """There are more words of the open answer."""
        if self.closing is not None:
            return
        if self.is_congested:
            self._fall_behind(conversation)
        else:
            self._outbox.mark_draft(conversation)
            self._wake()

    def show_top(self, conversation: str) -> None:
        """The log goes further than what the bus told of."""
        room, following = self._hub.room(conversation), self.session.following.get(conversation)
        if room is not None and following is not None:
            following.notice(room.top(public=self.session.public))
            self._look_after(conversation)

    def show_latest(self, key: tuple[str, ...], frame: Frame) -> None:
        """Something that is soon out of date; `key[1]` is the conversation."""
        if self.closing is None and not self.is_congested and self.session.is_live(key[1]):
            self._outbox.put_latest(key, frame)
            self._wake()

    def show_opened(self, conversation: str) -> None:
        """A conversation of this visitor was created: all of it comes as pushes."""
        if self.closing is not None:
            return
        if not self.session.welcomed:
            self._opened.append(conversation)
            return
        self.session.attach_empty(conversation)
        if conversation in self.session.following:
            self._hub.follow(self, conversation)
            self._look_after(conversation)

    def show_colleague(self, frame: Frame) -> None:
        """Who has not been welcomed asks for the team after that."""
        if self.session.welcomed:
            self.show(frame)

    def renamed(self, identity: Identity) -> None:
        self.session.identified(identity)

    # Commands that need both

    def join(self, identity: Identity) -> None:
        """It is known whose this is. Raises `Hangup` where that is one connection too many."""
        self.session.identified(identity)
        self._hub.join(self, identity)
        if isinstance(identity.who, Agent):
            self._duty.arrived(identity.who.id)

    async def welcome(self, id: int, hello: f.Hello, current: Wire | None, now: dt.datetime) -> None:
        """Answers the hello, and lets everything live follow that answer."""
        resumed = await self._resume(hello)
        following = [msgspec.Raw(encoded) for _, encoded in resumed]
        self.show(self.session.welcome(id, self.identity.who, now=now, current=current, following=following))
        for followed, _ in resumed:
            if "error" not in followed:
                self._attached(followed)
        for conversation in self._opened:
            self.show_opened(conversation)

    async def follow(self, id: int, position: f.Position) -> None:
        self._reading.check(self.identity.who)
        followed = await self._followed(position)
        self.show(self.session.reply(id, followed))
        self._attached(followed)

    def unfollow(self, conversation: str) -> None:
        self.suggesting.stop(conversation)
        self.session.detach(conversation)
        self._hub.unfollow(self, conversation)

    async def _followed(self, position: f.Position) -> Wire:
        """FOLLOWED; live events are held from before the log is read."""
        if self.closing is not None:
            raise Hangup(*self.closing)
        conversation = position.conversation
        self.session.attach(conversation)
        self._hub.follow(self, conversation)
        try:
            return await self._reading.followed(self.identity.who, conversation, position.log, position.seq)
        except BaseException as error:
            for frame in self.session.not_attached(conversation, gone=isinstance(error, NotFound)):
                self.show(frame)
            if conversation not in self.session.following:
                self._hub.unfollow(self, conversation)
            raise

    async def _resume(self, hello: f.Hello) -> list[tuple[Wire, bytes]]:
        """Each conversation once, with its JSON, as many as go into a frame. Another is followed by itself."""
        room = RESUMED
        resumed: list[tuple[Wire, bytes]] = []
        for position in {position.conversation: position for position in hello.following}.values():
            followed = await self._follow_or_error(position)
            encoded = msgspec.json.encode(followed)
            room -= len(encoded)
            if room < 0 and resumed:
                self.unfollow(position.conversation)
                break
            resumed.append((followed, encoded))
        return resumed

    async def _follow_or_error(self, position: f.Position) -> dict[str, Any]:
        try:
            self._reading.check(self.identity.who)
            return await self._followed(position)
        except Refusal as refusal:
            return {"conversation": position.conversation, "error": self.session.error(refusal)}

    def _attached(self, followed: Wire) -> None:
        conversation: str = followed["conversation"]
        room = self._hub.room(conversation)
        if room is None or conversation not in self.session.following:
            return
        room.learn(followed, public=self.session.public)
        for frame in (*self.session.attached(followed), *room.later_marks(followed, public=self.session.public)):
            self.show(frame)
        self._hub.show_present(self, conversation)
        self.show_words(conversation)
        self._look_after(conversation)

    # Words of an answer

    def _words(self, conversation: str) -> Frame | None:
        room = self._hub.room(conversation)
        draft = room and room.draft
        words = draft and self.session.words(conversation, draft)
        return room.words(draft, words) if room and draft and words else None

    def _fall_behind(self, conversation: str) -> None:
        """What was dropped comes as a whole draft when there is room again."""
        if (following := self.session.following.get(conversation)) is not None:
            following.fall_behind()
            self._behind.add(conversation)

    # Events that the bus lost

    def _look_after(self, conversation: str) -> None:
        """Reads what is missing, if something is."""
        following = self.session.following.get(conversation)
        if following is None or self.closing is not None:
            return
        if following.is_lost:
            self.close(Close.POSITION_LOST)
        elif following.is_missing and conversation not in self._catching:
            self._catching[conversation] = asyncio.create_task(self._catch_up(conversation))

    async def _catch_up(self, conversation: str) -> None:
        try:
            for attempt in range(CATCH_UP_TRIES):
                await asyncio.sleep(CATCH_UP_PAUSE_S * attempt)
                while self._is_missing(conversation) and await self._read_missing(conversation):
                    pass
                if not self._is_missing(conversation):
                    self.show_words(conversation)
                    return
            self.close(Close.POSITION_LOST)
        except Exception as error:
            if not isinstance(error, Busy):
                log.exception("could not read what was missing", conversation=conversation)
            self.close(Close.POSITION_LOST)
        finally:
            del self._catching[conversation]

    def _is_missing(self, conversation: str) -> bool:
        following = self.session.following.get(conversation)
        return self.closing is None and following is not None and following.is_missing

    async def _read_missing(self, conversation: str) -> bool:
        """Whether the client has more of the log than before."""
        following = self.session.following[conversation]
        before = following.last
        page = await self._reading.history(self.identity.who, conversation, after=before, limit=f.PAGE_LIMIT)
        if self.session.following.get(conversation) is not following:
            return True  # unfollowed meanwhile, perhaps followed anew: then that one has its own gaps
        for event in following.events([live_event(conversation, wire) for wire in page["events"]]):
            self.show(event.frame)
        return following.last > before
