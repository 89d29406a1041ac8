"""Who is here, and who of them is on duty.

An agent is here while at least one of their consoles is connected, to any node. They are on duty while they are here
and have not said that they are away: visitors are promised nobody who is. What somebody away holds stays theirs while
they are here, for they may well finish it; once they are gone as well, it is as with anybody who is gone.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Mapping

import msgspec

Clock = Callable[[], dt.datetime]
Agents = tuple[str, ...]


class Said(msgspec.Struct, frozen=True):
    """Which agents a node has, and how often it had told so before: what is older must not undo what is newer."""

    number: int
    agents: Agents


class Duty:
    """`on_leave` is told when an agent's last connection is gone, `say` who is connected here when that changes, and
    `on_change` whenever somebody comes or goes, as far as is known here.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._connections: dict[str, int] = {}
        self._elsewhere: dict[str, Said] = {}
        self._left_at: dict[str, dt.datetime] = {}
        self._away: frozenset[str] = frozenset()
        self._started = clock()
        self.on_leave: Callable[[str], None] = lambda _agent: None
        self.on_change: Callable[[str], None] = lambda _agent: None
        self.say: Callable[[Agents], None] = lambda _agents: None

    def arrived(self, agent: str) -> None:
        was_here = self.is_here(agent)
        self._connections[agent] = self._connections.get(agent, 0) + 1
        self._left_at.pop(agent, None)
        if self._connections[agent] == 1:
            self.say(tuple(self._connections))
        if not was_here:
            self.on_change(agent)

    def left(self, agent: str) -> None:
        remaining = self._connections.get(agent, 0) - 1
        if remaining > 0:
            self._connections[agent] = remaining
        elif self._connections.pop(agent, None) is not None:
            self.say(tuple(self._connections))
            self._look_for([agent])

    def heard(self, node: str, said: Said) -> None:
        """What another node says of itself."""
        known = self._elsewhere.get(node)
        if known is not None and known.number >= said.number:
            return
        come = [agent for agent in said.agents if not self.is_here(agent)]
        self._elsewhere[node] = said
        for agent in said.agents:
            self._left_at.pop(agent, None)
        for agent in come:
            self.on_change(agent)
        self._look_for(known.agents if known else ())

    def others(self, alive: Mapping[str, Said]) -> None:
        """All nodes beside this one; who was connected to one that is gone is so no more."""
        for node in [node for node in self._elsewhere if node not in alive]:
            self._look_for(self._elsewhere.pop(node).agents)
        for node, said in alive.items():
            self.heard(node, said)

    def away(self, agents: frozenset[str]) -> None:
        """Everybody who has said so, here or not."""
        self._away = agents

    def is_here(self, agent: str) -> bool:
        return agent in self._connections or any(agent in said.agents for said in self._elsewhere.values())

    def is_on_duty(self, agent: str) -> bool:
        return self.is_here(agent) and agent not in self._away

    def anybody(self) -> bool:
        """Whether somebody is on duty."""
        here = itertools.chain(self._connections, *(said.agents for said in self._elsewhere.values()))
        return any(agent not in self._away for agent in here)

    def absent_for(self, agent: str) -> dt.timedelta:
        """How long an agent has been gone: zero while here; since our start if we have never seen them."""
        if self.is_here(agent):
            return dt.timedelta()
        return self._clock() - self._left_at.get(agent, self._started)

    def _look_for(self, agents: Collection[str]) -> None:
        """They were here. Each node that sees somebody go says so: one that has not yet seen it would look in vain."""
        for agent in agents:
            if not self.is_here(agent):
                self._left_at[agent] = self._clock()
                self.on_leave(agent)
                self.on_change(agent)
