"""Words that carry the moment at which they were written, and a clock that hands them out evenly.

The clock is the machine's, so that another process can tell how late a word is.
"""

import asyncio
import time
from collections.abc import Callable

EVERY_S = 0.04
SLOTS = 20
"""In so many parts the streams take turns within `EVERY_S`, so that they do not all speak at once."""
_WRAP = 10**9


def word() -> str:
    """Ten characters: a space and the time."""
    return f" {_now_us():09d}"


def late_s(stamp: bytes) -> float:
    """How long ago a word was written; `stamp` is the word without its space."""
    return (_now_us() - int(stamp)) % _WRAP / 1e6


async def tick(slot: Callable[[int], None]) -> None:
    """Calls `slot` with 0 … SLOTS - 1 over and over; each of them comes round every 40 ms."""
    began, ticks = time.perf_counter(), 0
    while True:
        slot(ticks % SLOTS)
        ticks += 1
        await asyncio.sleep(max(0.0, began + ticks * EVERY_S / SLOTS - time.perf_counter()))


def _now_us() -> int:
    return int(time.perf_counter() * 1e6) % _WRAP
