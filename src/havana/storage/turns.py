"""A few at once and the others in the order in which they came, however many those are."""

import asyncio
from collections import deque
from types import TracebackType

from havana.storage.trouble import is_lost

SILENT_S = 1.0
"""Somebody's answer that is not older than this tells that it is the question that is slow, and not the server gone."""


class Turns:
    """For connections of which there are few. Whoever waits has waited in vain when somebody before finds no server:
    they are told so at once, each by a `ConnectionError`, and need not find it out one after the other.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._answered_at = float("-inf")

    async def __aenter__(self) -> None:
        if self._free > 0:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            # It may have been theirs already.
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._pass_on()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        now = asyncio.get_running_loop().time()
        if error is None or not is_lost(error):
            self._answered_at = now
        elif not isinstance(error, TimeoutError) or now - self._answered_at > SILENT_S:
            for turn in self._waiting:
                if not turn.done():
                    turn.set_exception(ConnectionError(str(error) or "no answer"))
            self._waiting.clear()
        self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
