"""What is being written for an agent, piece by piece: for the connection that asked, and for nobody else.

Nothing of it is in a log or on the bus, so nothing else can show it. There is one at a time for a conversation: asking
again, unfollowing and hanging up end the one before.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import structlog

from havana.chat.errors import Internal, Refusal
from havana.chat.wire import Suggested
from havana.live.encoding import Frame, encode
from havana.live.frames import SuggestionPush
from havana.live.ports import Wire, Words

log = structlog.get_logger()

EVERY_S = 0.04
"""The first words go out at once, then all that have come in this time together."""


class Suggesting:
    """`show` sends a frame to the one connection, `error` words a refusal for it."""

    def __init__(self, show: Callable[[Frame], None], error: Callable[[Refusal], Wire]) -> None:
        self._show = show
        self._error = error
        self._running: dict[str, asyncio.Task[None]] = {}

    def start(self, conversation: str, request: int, words: Words) -> None:
        """Shows the words as they come; `request` is the id of the command that asked for them."""
        self.stop(conversation)
        task = asyncio.create_task(_Suggestion(self._show, self._error, conversation, request).run(words))
        self._running[conversation] = task
        task.add_done_callback(lambda ended: self._forget(conversation, ended))

    def stop(self, conversation: str) -> None:
        if (task := self._running.pop(conversation, None)) is not None:
            task.cancel()

    def stop_all(self) -> None:
        for conversation in tuple(self._running):
            self.stop(conversation)

    def _forget(self, conversation: str, ended: asyncio.Task[None]) -> None:
        if self._running.get(conversation) is ended:
            del self._running[conversation]


class _Suggestion:
    def __init__(
        self, show: Callable[[Frame], None], error: Callable[[Refusal], Wire], conversation: str, request: int
    ) -> None:
        self._show = show
        self._error = error
        self._conversation = conversation
        self._request = request
        self._text = ""
        self._sent = 0
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, words: Words) -> None:
        try:
            await self._follow(words)
        except Refusal as refusal:
            self._push("", error=self._error(refusal))
        except Exception:
            log.exception("a suggestion failed", conversation=self._conversation)
            self._push("", error=self._error(Internal("Something went wrong on our side. Please try again.")))
        finally:
            if self._timer is not None:
                self._timer.cancel()

    async def _follow(self, words: Words) -> None:
        async with aclosing(words) as pieces:
            async for piece in pieces:
                if isinstance(piece, Suggested):
                    self._push(piece.text, done=piece)
                    return
                self._text += piece
                if self._timer is None:
                    self._send()

    def _send(self) -> None:
        """Also when the time is over, for what has come in it."""
        self._timer = None
        if self._sent == len(self._text):
            return
        offset, self._sent = self._sent, len(self._text)
        self._push(self._text[offset:], offset=offset)
        self._timer = asyncio.get_running_loop().call_later(EVERY_S, self._send)

    def _push(self, text: str, *, offset: int = 0, done: Suggested | None = None, error: Wire | None = None) -> None:
        ended = done is not None or error is not None
        if ended and self._timer is not None:
            self._timer.cancel()
        sources = done.sources if done else ()
        self._show(encode(SuggestionPush(self._conversation, self._request, offset, text, ended, sources, error)))
