"""Words of an answer that the bus lost: asked for again, and if nobody hears that, read from what is stored."""

import asyncio

import structlog

from havana.bus import Bus, DraftWanted, conversation_topic
from havana.live.ports import Reading
from havana.live.room import Room

log = structlog.get_logger()

MEND_AFTER_S = 1.0
"""How long a hole in an answer's words may wait for the missing piece; the stored draft is at most this old."""


class Mending:
    def __init__(self, bus: Bus, reading: Reading) -> None:
        self._bus = bus
        self._reading = reading
        self._due: dict[Room, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many holes are being mended, or will be."""
        return len(self._due) + len(self._tasks)

    def later(self, room: Room) -> None:
        """Whoever writes the answer is asked for all of it; should nobody hear that, what is stored has to do."""
        if room not in self._due and room.draft is not None:
            wanted = DraftWanted(room.conversation, room.draft.answer)
            self._bus.publish(conversation_topic(room.conversation), wanted)
            loop = asyncio.get_running_loop()
            self._due[room] = loop.call_later(MEND_AFTER_S, self._mend, room)

    def no_more(self, room: Room) -> None:
        """Nobody is in the room any more."""
        if timer := self._due.pop(room, None):
            timer.cancel()

    def _mend(self, room: Room) -> None:
        del self._due[room]
        if room.draft is not None and room.draft.has_hole:
            task = asyncio.create_task(self._read_draft(room))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read_draft(self, room: Room) -> None:
        reader = next(iter(room.followers)).identity
        try:
            followed = await self._reading.followed(reader.who, room.conversation)
        except Exception:
            # The answer's end brings its whole text anyway.
            log.exception("could not read a draft", conversation=room.conversation)
            return
        room.learn(followed, public=reader.public)
