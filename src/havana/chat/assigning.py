"""To whom a conversation that waits is given by itself: pure, and the same from the same."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Literal

import msgspec

from havana.chat import events as e

Assign = Literal["off", "round_robin", "least_busy"]
CAPACITY = 4
"""How many conversations somebody has at most if no more are to be given to them."""
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class Candidate(msgspec.Struct, frozen=True):
    """An agent on duty, how many conversations they hold, and when one was last given to them like this."""

    id: str
    name: str
    held: int
    assigned_at: dt.datetime | None = None
    capacity: int = CAPACITY


def choose(how: e.How, candidates: Collection[Candidate], had: Collection[str]) -> Candidate | None:
    """Who gets it; None if nobody is free. `had` are those who have had it since its visitor began to wait."""
    free = [one for one in candidates if one.held < one.capacity and one.id not in had]
    if how == "least_busy":
        return min(free, key=lambda one: (one.held, one.assigned_at or _NEVER, one.id), default=None)
    return min(free, key=lambda one: (one.assigned_at or _NEVER, one.id), default=None)


def have_had(log: Sequence[e.Event]) -> frozenset[str]:
    """Who has held this and given it back, or lost it, since its visitor asked for a person."""
    had: set[str] = set()
    holder: str | None = None
    for event in log:
        match event.fact:
            case e.Claimed(agent=agent) | e.Transferred(to=agent):
                holder = agent.id
            case e.ReturnedToQueue() if holder is not None:
                had.add(holder)
            case e.HumanRequested():
                had.clear()
    return frozenset(had)
