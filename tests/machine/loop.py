"""An event loop that runs only when it is told to, on a clock that others move."""

import asyncio
import heapq
import itertools
from asyncio import events
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any


class Time:
    """Seconds since the world began; the same for everybody."""

    def __init__(self) -> None:
        self.now = 0.0


class SteppedLoop(asyncio.AbstractEventLoop):
    """What is ready runs in the order it became ready, as in asyncio; when it runs is the scheduler's choice."""

    def __init__(self, time: Time) -> None:
        self.failures: list[dict[str, Any]] = []
        self.tasks: set[asyncio.Task[Any]] = set()
        self._time = time
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._count = itertools.count()

    # The scheduler's side

    @property
    def is_ready(self) -> bool:
        self._take_due()
        return bool(self._ready)

    @property
    def next_at(self) -> float | None:
        """When the next timer is due."""
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def run(self, handles: int) -> None:
        """Runs so many of those that are ready."""
        with self.entered():
            for _ in range(handles):
                self._take_due()
                if not self._ready:
                    return
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Code in here runs as if this loop had called it."""
        events._set_running_loop(self)
        try:
            yield
        finally:
            events._set_running_loop(None)

    def _take_due(self) -> None:
        while self._timers and self._timers[0][0] <= self._time.now:
            self._ready.append(heapq.heappop(self._timers)[2])

    # What asyncio asks of a loop

    def time(self) -> float:
        return self._time.now

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._count), handle))
        return handle

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: str | None = None, context: Context | None = None) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.failures.append(context)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers are left out when they come up."""
