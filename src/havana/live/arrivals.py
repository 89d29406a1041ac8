"""That somebody of the team came or went is told to every console of this node, so that none shows who was here."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from havana.live.encoding import Frame, encode
from havana.live.frames import TeamPush

TOGETHER_S = 0.25
"""After a restart all consoles come back at once: they are told once, not each of them of each other."""

_CHANGED = encode(TeamPush())


class Console(Protocol):
    def show_colleague(self, frame: Frame) -> None: ...


class Arrivals:
    """`consoles` are the connections of agents on this node."""

    def __init__(self, consoles: Callable[[], Iterable[Console]]) -> None:
        self._consoles = consoles
        self._due: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        """Who is here is not who was."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(TOGETHER_S, self._tell)

    def _tell(self) -> None:
        self._due = None
        for console in self._consoles():
            console.show_colleague(_CHANGED)
