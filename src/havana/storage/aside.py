"""An event loop of its own in a thread, for those who cannot wait in one: commands, and a server's start and end."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
MOMENT_S = 5.0
"""What does not even notice within it that it is to end has never begun, or is beyond help."""


class Aside:
    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="aside", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns; keeps the caller's thread until then. Who is interrupted meanwhile ends it."""
        ended = threading.Event()

        async def to_its_end() -> T:
            try:
                return await coroutine
            finally:
                ended.set()

        running = asyncio.run_coroutine_threadsafe(to_its_end(), self._loop)
        try:
            return running.result()
        except BaseException:
            running.cancel()
            # It may be using what the caller is about to close.
            ended.wait(MOMENT_S)
            raise

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
