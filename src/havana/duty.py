"""Who is here, and who of them is on duty.

An agent is here while at least one of their consoles is connected, to any node. They are on duty while they are here
and have not said that they are away: visitors are promised nobody who is. What somebody away holds stays theirs while
they are here, for they may well finish it; once they are gone as well, it is as with anybody who is gone.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Iterator, Mapping

import msgspec

Clock = Callable[[], dt.datetime]
Agents = tuple[str, ...]


class Said(msgspec.Struct, frozen=True):
    """Which agents a node has, and how often it had told so before: what is older must not undo what is newer."""

    number: int
    agents: Agents


class Duty:
    """`on_leave` is told when an agent's last connection is gone, `say` who is connected here when that changes, and
    `on_change` whenever somebody is here who was not, or no more, on whichever node.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._connections: dict[str, int] = {}
        self._elsewhere: dict[str, Said] = {}
        self._left_at: dict[str, dt.datetime] = {}
        self._away: frozenset[str] = frozenset()
        self._started = clock()
        self._unattended_since: dt.datetime | None = self._started
        self.on_leave: Callable[[str], None] = lambda _agent: None
        self.say: Callable[[Agents], None] = lambda _agents: None
        self.on_change: Callable[[], None] = lambda: None
        self._told: frozenset[str] = frozenset()

    def arrived(self, agent: str) -> None:
        self._connections[agent] = self._connections.get(agent, 0) + 1
        self._left_at.pop(agent, None)
        self._look_who_is_here()
        if self._connections[agent] == 1:
            self.say(tuple(self._connections))

    def left(self, agent: str) -> None:
        remaining = self._connections.get(agent, 0) - 1
        if remaining > 0:
            self._connections[agent] = remaining
        elif self._connections.pop(agent, None) is not None:
            self._look_who_is_here()
            self.say(tuple(self._connections))
            self._look_for([agent])

    def heard(self, node: str, said: Said) -> None:
        """What another node says of itself."""
        known = self._elsewhere.get(node)
        if known is not None and known.number >= said.number:
            return
        self._elsewhere[node] = said
        for agent in said.agents:
            self._left_at.pop(agent, None)
        self._look_for(known.agents if known else ())
        self._look_who_is_here()

    def others(self, alive: Mapping[str, Said]) -> None:
        """All nodes beside this one; who was connected to one that is gone is so no more."""
        for node in [node for node in self._elsewhere if node not in alive]:
            self._look_for(self._elsewhere.pop(node).agents)
        for node, said in alive.items():
            self.heard(node, said)
        self._look_who_is_here()

    def away(self, agents: frozenset[str]) -> None:
        """Everybody who has said so, here or not."""
        self._away = agents
        self._look_who_is_here()

    def is_here(self, agent: str) -> bool:
        return agent in self._connections or any(agent in said.agents for said in self._elsewhere.values())

    def is_on_duty(self, agent: str) -> bool:
        return self.is_here(agent) and agent not in self._away

    def anybody(self) -> bool:
        """Whether somebody is on duty."""
        return any(agent not in self._away for agent in self._here())

    def unattended_for(self) -> dt.timedelta:
        """How long nobody has been on duty: zero while somebody is; since our start if nobody has been since."""
        return self._clock() - self._unattended_since if self._unattended_since else dt.timedelta()

    def absent_for(self, agent: str) -> dt.timedelta:
        """How long an agent has been gone: zero while here; since our start if we have never seen them."""
        if self.is_here(agent):
            return dt.timedelta()
        return self._clock() - self._left_at.get(agent, self._started)

    def _here(self) -> Iterator[str]:
        return itertools.chain(self._connections, *(said.agents for said in self._elsewhere.values()))

    def _look_who_is_here(self) -> None:
        """After each change of who is connected or away: since when nobody is on duty, and whether others are here."""
        if self.anybody():
            self._unattended_since = None
        elif self._unattended_since is None:
            self._unattended_since = self._clock()
        here = frozenset(self._here())
        if here != self._told:
            self._told = here
            self.on_change()

    def _look_for(self, agents: Collection[str]) -> None:
        """They were here. Each node that sees somebody go says so: one that has not yet seen it would look in vain."""
        for agent in agents:
            if not self.is_here(agent):
                self._left_at[agent] = self._clock()
                self.on_leave(agent)
