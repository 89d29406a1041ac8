"""What waits to be sent to one connection: byte-counted, in two lanes. Pure.

The durable lane (events, replies) is sent in order. The conflated lane comes after it and keeps only the latest:
typing and read marks by what they are about, and for answers no text at all but a mark that there is more,
so that an answer's words are taken from its draft when they are sent, and are gone the moment it ends.
"""

from havana.live.encoding import Frame, joined
from havana.live.frames import FRAME_OUT

CAP = 1024 * 1024
"""Bytes that may wait."""
SOFT_CAP = CAP // 2
"""Over this, only what is durable still goes in."""
JOIN_FROM = 8
"""From so many waiting frames on, several are joined into one."""


class Outbox:
    def __init__(self) -> None:
        self.size = 0
        # No deque: an empty one weighs 760 bytes, most connections are idle, and few ever have much waiting.
        self._durable: list[Frame] = []
        self._latest: dict[tuple[str, ...], Frame] = {}
        self._drafts: dict[str, None] = {}

    @property
    def is_congested(self) -> bool:
        return self.size > SOFT_CAP

    def put(self, frame: Frame) -> bool:
        """False if the reader is too slow. A single frame always fits, however large."""
        self._durable.append(frame)
        self.size += frame.size
        return self.size <= CAP or len(self._durable) == 1

    def put_latest(self, key: tuple[str, ...], frame: Frame) -> None:
        """Replaces what waits under this key."""
        if known := self._latest.pop(key, None):
            self.size -= known.size
        self._latest[key] = frame
        self.size += frame.size

    def mark_draft(self, conversation: str) -> None:
        """There are more words of the open answer of this conversation."""
        self._drafts[conversation] = None

    def drop_conflated(self) -> list[str]:
        """Empties the conflated lane. The conversations whose words were dropped."""
        self.size -= sum(frame.size for frame in self._latest.values())
        self._latest.clear()
        dropped = list(self._drafts)
        self._drafts.clear()
        return dropped

    def next_frame(self) -> Frame | None:
        """The next frame of the durable lane, else of the latest of others."""
        if not self._durable:
            if not self._latest:
                return None
            frame = self._latest.pop(next(iter(self._latest)))
            self.size -= frame.size
            return frame
        if len(self._durable) < JOIN_FROM:
            return self._pop()
        size = self._durable[0].size
        frames = [self._pop()]
        while self._durable and (size := size + 1 + self._durable[0].size) <= FRAME_OUT:
            frames.append(self._pop())
        return frames[0] if len(frames) == 1 else joined(frames)

    def next_draft(self) -> str | None:
        """A conversation that has more words; asked for when nothing else waits."""
        if not self._drafts:
            return None
        conversation = next(iter(self._drafts))
        del self._drafts[conversation]
        return conversation

    def clear(self) -> None:
        self._durable.clear()
        self.drop_conflated()
        self.size = 0

    def _pop(self) -> Frame:
        frame = self._durable.pop(0)
        self.size -= frame.size
        return frame
