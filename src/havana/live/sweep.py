"""Finds out what the bus lost: now and then a look at what was appended lately, and at what was heard of it here."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import structlog

from havana.bus import Appended, Bus, Message
from havana.chat.errors import Busy
from havana.live.ports import Reading
from havana.storage.inbox import Top

log = structlog.get_logger()

SWEEP_S = 10.0
SWEEP_DEAF_S = 1.0
"""While the bus is known to lose what is sent."""
SKEW = dt.timedelta(seconds=60)
"""How much further back than the last sweep it looks: by this the nodes' clocks may differ, and a commit may take on a
node that stands still in the middle of it."""


Look = Callable[[Top, bool], None]


class Sweep:
    """`look` is told of every conversation that was active lately, and whether the inbox heard of all of it.

    `check` is for whatever else the bus may have lost; it is told whether the bus is known to have lost something.
    """

    def __init__(
        self,
        reading: Reading,
        bus: Bus,
        clock: Callable[[], dt.datetime],
        look: Look,
        check: Callable[[bool], Awaitable[None]],
    ) -> None:
        self._reading = reading
        self._bus = bus
        self._check = check
        self._clock = clock
        self._look = look
        self._heard: dict[str, int] = {}
        self._heard_before: dict[str, int] = {}
        self._swept_at = clock()
        self._lost = False
        self._begun = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._timer is None:
            self._swept_at = self._clock()
            self._begun = asyncio.get_running_loop().time()
            self._wait()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def hear(self, message: Message) -> None:
        """What came over the bus."""
        if isinstance(message, Appended):
            self._heard[message.fold.id] = max(message.fold.seq, self._heard.get(message.fold.id, 0))

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(min(SWEEP_S, SWEEP_DEAF_S), self._begin)

    def _begin(self) -> None:
        self._wait()
        now, pause = asyncio.get_running_loop().time(), SWEEP_S if self._bus.is_whole else SWEEP_DEAF_S
        self._lost |= not self._bus.is_whole
        if self._task is None and now - self._begun >= pause:
            self._begun = now
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        # From where the last one began and not from now: we may have stood still for longer than that.
        begun_at, lost, self._lost = self._clock(), self._lost, False
        try:
            await self._check(lost)
            tops = await self._reading.changed_since(self._swept_at - SKEW)
        except Busy:
            self._lost |= lost  # the database has said why
        except Exception:
            self._lost |= lost
            log.exception("could not look for what was missed")
        else:
            self._swept_at = begun_at
            self._heard_before, self._heard = self._heard, {}
            for top in tops:
                heard = max(self._heard.get(top.conversation, 0), self._heard_before.get(top.conversation, 0))
                # Carried along, so that nothing is new again as long as it is looked at.
                self._heard[top.conversation] = max(top.seq, heard)
                self._look(top, heard >= top.seq)
        finally:
            self._task = None
