"""An answer while it is being written: what readers are shown, in which order, and the draft that survives us."""

import asyncio

from havana.assistant.interface import AnswerEnded
from havana.bus import Bus, Delta, conversation_topic
from havana.drafts import Draft, Drafts
from havana.storage import history
from havana.storage.database import Database
from havana.storage.trouble import patiently

DELTA_EVERY_S = 0.04
SAVE_EVERY_S = 1.0


class Writing:
    """Pieces go in by `say`; deltas leave over the bus, the first at once, then at most 25 a second.

    The stored draft is written before the first delta leaves and then once a second, so that whoever cuts the
    answer keeps a prefix of what was sent. `text` is everything said.
    """

    def __init__(self, conversation: str, answer: str, database: Database, bus: Bus, drafts: Drafts) -> None:
        self._conversation = conversation
        self._answer = answer
        self._database = database
        self._bus = bus
        self._drafts = drafts
        self._loop = asyncio.get_running_loop()
        self.text = ""
        self._sent = 0
        self._saved_at: float | None = None
        self._sent_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False

    async def say(self, piece: str) -> None:
        """Raises `AnswerEnded` if somebody else has closed the answer."""
        if self._ended:
            raise AnswerEnded
        # It says nothing to a reader, and PostgreSQL does not store it.
        piece = piece.replace("\0", "")
        if not self.text:
            piece = piece.lstrip()
        if not piece:
            return
        self.text += piece
        now = self._loop.time()
        if self._saved_at is None or now - self._saved_at >= SAVE_EVERY_S:
            await self._save()
        if now - self._sent_at >= DELTA_EVERY_S:
            self._send()
        elif self._timer is None:
            self._timer = self._loop.call_later(DELTA_EVERY_S - (now - self._sent_at), self._send)

    def repeat(self) -> None:
        """Sends everything once more, for a node that lacks some of it."""
        if self._sent and not self._ended:
            self._publish(0)

    def end(self) -> None:
        """Nothing is sent after this; what was said and not sent comes with the event that ends the answer."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._drafts.drop(self._conversation, self._answer)

    async def _save(self) -> None:
        self._saved_at = self._loop.time()
        # What is stored must have been sent, the first words excepted: they are stored first.
        text = self.text if self._sent == 0 else self.text[: self._sent]
        kept = await patiently(
            lambda: self._database.write(
                lambda conn: history.save_draft(conn, self._conversation, self._answer, text), of=self._conversation
            )
        )
        if not kept or self._ended:
            raise AnswerEnded

    def _send(self) -> None:
        self._timer = None
        if self._ended or self._sent == len(self.text):
            return
        self._sent_at = self._loop.time()
        offset, self._sent = self._sent, len(self.text)
        self._drafts.put(self._conversation, Draft(self._answer, self.text))
        self._publish(offset)

    def _publish(self, offset: int) -> None:
        delta = Delta(self._conversation, self._answer, offset, self.text[offset : self._sent])
        self._bus.publish(conversation_topic(self._conversation), delta)
