"""One conversation on this node: who follows it here, and what is known of the answer that is being written."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import structlog

from havana.bus import Appended, Delta, Message, Read, Typing
from havana.chat import events as e
from havana.chat.people import Role
from havana.chat.views import for_agent, for_visitor
from havana.live.closing import Close
from havana.live.encoding import Frame, encode
from havana.live.following import Draft, LiveEvent, Words, live_event
from havana.live.frames import DeltaPush, DraftPush, ReadPush, TypingPush
from havana.live.identity import Identity
from havana.live.kinds import Push
from havana.live.ports import Wire

log = structlog.get_logger()

FLUSH_S = 0.04
"""The first words of an answer go out at once, then all that have come in this time together."""
ENDED_REMEMBERED = 8


class Follower(Protocol):
    """A connection, as a room sees it."""

    @property
    def identity(self) -> Identity: ...

    def show_events(self, conversation: str, events: Sequence[LiveEvent]) -> None: ...

    def show_words(self, conversation: str) -> None: ...

    def show_top(self, conversation: str) -> None: ...

    def show_latest(self, key: tuple[str, ...], frame: Frame) -> None: ...

    def close(self, code: Close, reason: str = "") -> None: ...


def to_each(followers: Iterable[Follower], show: Callable[[Follower], None]) -> None:
    """Shows something to all of them. Where that fails, that one connection ends; the others never notice."""
    for follower in tuple(followers):
        try:
            show(follower)
        except Exception:
            log.exception("a connection failed", identity=follower.identity.who.id)
            follower.close(Close.SERVER_ERROR)


class Room:
    def __init__(self, conversation: str, *, mend: Callable[["Room"], None], marked: Callable[[Read], None]) -> None:
        self.conversation = conversation
        self.followers: dict[Follower, None] = {}
        self.draft: Draft | None = None
        self._holder: str | None = None
        self._mend = mend
        self._marked = marked
        self._top = {True: 0, False: 0}
        self._reads: dict[str, Read] = {}
        self._ended: deque[str] = deque(maxlen=ENDED_REMEMBERED)
        self._frames: dict[Words, Frame] = {}
        self._flush_timer: asyncio.TimerHandle | None = None
        self._flushed_at = float("-inf")

    def receive(self, message: Message) -> None:
        """What the bus says about this conversation."""
        match message:
            case Appended():
                self._appended(message)
            case Delta():
                self._delta(message)
            case Typing():
                self._typing(message)
            case Read():
                self._read(message)
            case _:
                pass

    def top(self, *, public: bool) -> int:
        """The last seq that this node knows of, as this audience counts."""
        return self._top[public]

    def learn(self, followed: Wire, *, public: bool) -> None:
        """What the log said: its top, who is in charge, and the open answer with what was shown of it."""
        state, draft, top = followed["state"], followed["draft"], followed["top"]
        if top >= self._top[public]:
            self._top[public] = top
            self._holder = state["agent"]["id"] if state["agent"] else None
        answer, text = (draft["answer"], draft["text"]) if draft else (state["open_answer"], "")
        if answer is not None and answer not in self._ended and self._draft_of(answer).add(0, text):
            self._grew()

    def notice(self, *, public_top: int, top: int) -> None:
        """The log goes as far as this; whoever lacks something gets it from there."""
        for audience, seq in ((True, public_top), (False, top)):
            self._top[audience] = max(self._top[audience], seq)
        to_each(self.followers, lambda follower: follower.show_top(self.conversation))

    def catch_up(self, read: Read) -> None:
        """How far a role has read, by what is stored: shown if the bus did not tell."""
        if self._is_further(read):
            self._read(read)

    def later_marks(self, followed: Wire, *, public: bool) -> list[Frame]:
        """The marks that moved after the log was read, when whoever asked could not be shown them yet."""
        known = {mark["role"]: mark["seq"] for mark in followed["read"]}
        pushes = [_read_push(read, read.public_seq if public else read.seq) for read in self._reads.values()]
        return [encode(push) for push in pushes if push.seq > known.get(push.role, 0)]

    def words(self, draft: Draft, words: Words) -> Frame:
        """The push for this part of the room's draft, encoded once for all who lack the same."""
        if words not in self._frames:
            answer, text = draft.answer, draft.text
            push: Push = (
                DraftPush(self.conversation, answer, text)
                if words.whole
                else DeltaPush(self.conversation, answer, words.offset, text[words.offset :])
            )
            self._frames[words] = encode(push)
        return self._frames[words]

    def close(self) -> None:
        if self._flush_timer is not None:
            self._flush_timer.cancel()

    def _appended(self, appended: Appended) -> None:
        fold = appended.fold
        if fold.seq >= self._top[False]:
            self._holder = fold.agent.id if fold.agent else None
        for audience, seq in ((True, fold.public_seq), (False, fold.seq)):
            self._top[audience] = max(self._top[audience], seq)
        for event in appended.events:
            match event.fact:
                case e.AnswerStarted(answer=answer):
                    self._draft_of(answer)
                case e.AnswerFinished(answer=answer):
                    self._ended.append(answer)
                    if self.draft is not None and self.draft.answer == answer:
                        self.draft = None
        shown = _Shown(self.conversation, appended.events)
        to_each(
            self.followers,
            lambda follower: follower.show_events(self.conversation, shown.to(public=follower.identity.public)),
        )

    def _delta(self, delta: Delta) -> None:
        if delta.answer in self._ended:
            return
        draft = self._draft_of(delta.answer)
        if draft.add(delta.offset, delta.text):
            self._grew()
        elif draft.has_hole:
            self._mend(self)

    def _draft_of(self, answer: str) -> Draft:
        if self.draft is None or self.draft.answer != answer:
            self.draft = Draft(answer)
            self._frames.clear()
        return self.draft

    def _grew(self) -> None:
        self._frames.clear()
        if self._flush_timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._flushed_at + FLUSH_S - loop.time()
        if wait <= 0:
            self._flush()
        else:
            self._flush_timer = loop.call_later(wait, self._flush)

    def _flush(self) -> None:
        self._flush_timer = None
        self._flushed_at = asyncio.get_running_loop().time()
        to_each(self.followers, lambda follower: follower.show_words(self.conversation))

    def _is_further(self, read: Read) -> bool:
        known = self._reads.get(read.role)
        return known is None or read.seq > known.seq

    def _typing(self, typing: Typing) -> None:
        """The visitor sees only whoever is in charge; colleagues who write notes beside are the team's business."""
        author = typing.author
        frame, for_visitor_too = encode(TypingPush(self.conversation, author)), author.id == self._holder
        others = [
            follower
            for follower in self.followers
            if follower.identity.who.id != author.id and (for_visitor_too or not follower.identity.public)
        ]
        to_each(others, lambda follower: follower.show_latest(("typing", self.conversation, author.id), frame))

    def _read(self, read: Read) -> None:
        self._marked(read)
        if not read.furthest:
            return
        if self._is_further(read):
            self._reads[read.role] = read
        frames = {
            True: encode(_read_push(read, read.public_seq)),
            False: encode(_read_push(read, read.seq)),
        }
        key = ("read", self.conversation, read.role)

        def show(follower: Follower) -> None:
            if read.furthest_public or not follower.identity.public:
                follower.show_latest(key, frames[follower.identity.public])

        to_each(self.followers, show)


class _Shown:
    """One append as each audience sees it: encoded once, and only if somebody looks."""

    def __init__(self, conversation: str, events: Sequence[e.Event]) -> None:
        self._conversation = conversation
        self._events = events
        self._encoded: dict[bool, list[LiveEvent]] = {}

    def to(self, *, public: bool) -> list[LiveEvent]:
        if public not in self._encoded:
            view = for_visitor if public else for_agent
            seen = (view(event) for event in self._events)
            self._encoded[public] = [live_event(self._conversation, wire) for wire in seen if wire is not None]
        return self._encoded[public]


def _read_push(read: Read, seq: int) -> ReadPush:
    role: Role = "visitor" if read.role == "visitor" else "agent"
    return ReadPush(read.conversation, role, seq)
