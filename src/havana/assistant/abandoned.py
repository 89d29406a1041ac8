"""Ends a library's stream in the middle, in order."""

import asyncio
from collections.abc import AsyncIterator

MOST_BUFFERED = 10_000
"""Steps that may be taken before one has to wait: what has arrived and was not read."""


async def abandon(events: AsyncIterator[object]) -> None:
    """Leaves nothing of a stream to the garbage collector, which ends the generators that it is made of in any order.

    One that is left between two steps holds all those beneath it, and closing it closes none of them. Cancelled while
    it waits for the network it ends from the innermost outwards, so one more step is taken, and cancelled.
    """
    for _ in range(MOST_BUFFERED):
        step = asyncio.create_task(_step(events))
        await asyncio.sleep(0)
        step.cancel()
        await asyncio.wait({step})
        if step.cancelled() or step.exception() is not None:
            return


async def _step(events: AsyncIterator[object]) -> None:
    await anext(events)
