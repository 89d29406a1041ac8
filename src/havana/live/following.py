"""One conversation on one connection: which events and which words of an answer may go out now. Pure.

    attach: hold live events ─▶ read the log ─▶ merge ─▶ let go ─▶ live

Truth is the log, never the bus: an event that is not the next one waits until the missing ones were read.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from havana.live.encoding import Frame, encode
from havana.live.frames import EventPush

HELD_LIMIT = 1000
"""Events that may wait behind a gap before the connection is given up."""
DRAFT_LIMIT = 1_000_000
"""Code points of an answer that are shown while it is written; what comes after them shows with its end."""


class LiveEvent(NamedTuple):
    """An event as one audience sees it, encoded once for all of them. It may start or end the answer with an id."""

    seq: int
    frame: Frame
    starts: str | None = None
    ends: str | None = None


def live_event(conversation: str, wire: dict[str, Any]) -> LiveEvent:
    """From an EVENT of the wire."""
    answer = wire.get("answer")
    return LiveEvent(
        seq=wire["seq"],
        frame=encode(EventPush(conversation, wire)),
        starts=answer if wire["kind"] == "answer_started" else None,
        ends=answer if wire["kind"] == "answer_finished" else None,
    )


class Draft:
    """What is known of an answer that is being written: its start, and pieces from behind a hole."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.text = ""
        self._ahead: dict[int, str] = {}

    @property
    def has_hole(self) -> bool:
        return bool(self._ahead)

    def add(self, offset: int, text: str) -> bool:
        """Takes in a piece, wherever it belongs; whether the known start grew. Offsets count code points."""
        if offset > len(self.text):
            if len(text) > len(self._ahead.get(offset, "")) and offset + len(text) <= DRAFT_LIMIT:
                self._ahead[offset] = text
            return False
        before = len(self.text)
        self._append(offset, text)
        for place in sorted(self._ahead):
            if place > len(self.text):
                break
            self._append(place, self._ahead.pop(place))
        return len(self.text) > before

    def _append(self, offset: int, text: str) -> None:
        self.text += text[len(self.text) - offset :][: DRAFT_LIMIT - len(self.text)]


class Words(NamedTuple):
    """What to show of an answer next; `whole`: from its start, replacing what was shown before."""

    offset: int
    whole: bool


class Following:
    """What one connection has of one conversation: all events up to `last`, and the start of the open answer."""

    def __init__(self) -> None:
        self.attaching = True
        self.last = 0
        self._known = 0  # an event with this seq is known to exist
        self._held: dict[int, LiveEvent] = {}
        self._open: str | None = None
        self._shown = 0
        self._behind = False

    def begin(self) -> None:
        """Attaches anew: the client asked for what it lacks, so live events wait until it got that."""
        self.attaching = True

    def begin_empty(self) -> None:
        """A conversation that was just created: all of it comes as live events."""
        self.attaching = False
        self._known = 1

    def notice(self, top: int) -> None:
        """The log is known to go as far as this."""
        self._known = max(self._known, top)

    def resume(self) -> list[LiveEvent]:
        """The log could not be read; what the client has stands. What goes out of what was held."""
        self.attaching = False
        return self._release()

    @property
    def is_missing(self) -> bool:
        """Whether events after `last` exist that must be read from the log."""
        return not self.attaching and self._known > self.last

    @property
    def is_lost(self) -> bool:
        return len(self._held) > HELD_LIMIT

    def followed(self, top: int, open_answer: str | None, shown: int) -> list[LiveEvent]:
        """The client got everything up to `top`, and `shown` code points of the open answer. What goes out after it."""
        self.attaching = False
        self.last = top
        self._open = open_answer
        self._shown = shown
        self._behind = False
        self._known = max(self._known, top)
        return self._release()

    def events(self, events: Sequence[LiveEvent]) -> Iterable[LiveEvent]:
        """Takes in events from the bus or the log, in any order. What goes out now: each once, in the log's order."""
        if not self.attaching and not self._held:
            for place, event in enumerate(events):
                if event.seq != self.last + 1 + place:
                    break
            else:
                return self._sent(events)
        for event in events:
            if event.seq > self.last or self.attaching:
                self._held[event.seq] = event
                self._known = max(self._known, event.seq)
        return [] if self.attaching else self._release()

    def words(self, draft: Draft) -> Words | None:
        """Which part of the draft the client lacks; it counts as shown then. None outside the open answer."""
        if self.attaching or draft.answer != self._open or len(draft.text) <= self._shown:
            return None
        offset, whole = (0, True) if self._behind else (self._shown, False)
        self._shown = len(draft.text)
        self._behind = False
        return Words(offset, whole)

    def fall_behind(self) -> None:
        """Words for this connection were dropped: the next ones come as a whole draft."""
        self._behind = True

    def _release(self) -> list[LiveEvent]:
        ready: list[LiveEvent] = []
        for seq in sorted(self._held):
            if seq <= self.last:
                del self._held[seq]
            elif seq == self.last + 1 + len(ready):
                ready.append(self._held.pop(seq))
            else:
                break
        return list(self._sent(ready))

    def _sent(self, events: Sequence[LiveEvent]) -> Sequence[LiveEvent]:
        for event in events:
            self.last = event.seq
            if event.starts is not None:
                self._open, self._shown, self._behind = event.starts, 0, False
            elif event.ends is not None and event.ends == self._open:
                self._open = None
        self._known = max(self._known, self.last)
        return events
