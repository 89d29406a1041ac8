"""Who is here and on duty: an agent is on duty while at least one of their consoles is connected."""

import datetime as dt
from collections.abc import Callable

Clock = Callable[[], dt.datetime]


class Duty:
    """Presence of one process. `on_leave` is told when an agent's last connection is gone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._connections: dict[str, int] = {}
        self._left_at: dict[str, dt.datetime] = {}
        self._started = clock()
        self.on_leave: Callable[[str], None] = lambda _agent: None

    def arrived(self, agent: str) -> None:
        self._connections[agent] = self._connections.get(agent, 0) + 1
        self._left_at.pop(agent, None)

    def left(self, agent: str) -> None:
        remaining = self._connections.get(agent, 0) - 1
        if remaining > 0:
            self._connections[agent] = remaining
            return
        if self._connections.pop(agent, None) is not None:
            self._left_at[agent] = self._clock()
            self.on_leave(agent)

    def is_on_duty(self, agent: str) -> bool:
        return agent in self._connections

    def anybody(self) -> bool:
        return bool(self._connections)

    def absent_for(self, agent: str) -> dt.timedelta:
        """How long an agent has been gone: zero while here; since our start if we have never seen them."""
        if agent in self._connections:
            return dt.timedelta()
        return self._clock() - self._left_at.get(agent, self._started)
