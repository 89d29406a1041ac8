"""Who of the team has which conversation on screen, on whichever node: leases over the bus, shown to colleagues only.

A visitor is never among those who are told: of an agent they know what is said to them. Nothing of it is stored.
"""

import asyncio
from collections.abc import Iterable
from functools import partial

import msgspec

from havana.bus import Bus, Looked, LookersWanted, Message, Unsubscribe, conversation_topic
from havana.chat.people import Agent, Looker, Writing
from havana.ids import new_id
from havana.live.encoding import Frame, encode
from havana.live.frames import LookingPush
from havana.live.room import Follower, to_each

RENEW_S = 2.0
LEASE_S = 6.0
"""What a node said counts for so long: two of its renewals may get lost, and one that was killed is soon forgotten."""


class _Lease(msgspec.Struct, frozen=True):
    agents: tuple[Looker, ...]
    until: float


class _Place:
    """A conversation that agents follow on this node."""

    def __init__(self, leave: Unsubscribe) -> None:
        self.leave = leave
        self.followers: dict[Follower, Looker | None] = {}
        self.leases: dict[str, _Lease] = {}
        self.shown: tuple[Looker, ...] = ()
        self.frame: Frame | None = None

    @property
    def here(self) -> tuple[Looker, ...]:
        return _each_once(looker for looker in self.followers.values() if looker is not None)

    @property
    def anywhere(self) -> tuple[Looker, ...]:
        return _each_once(looker for lease in self.leases.values() for looker in lease.agents)


class Looking:
    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._node = new_id()
        self._places: dict[str, _Place] = {}
        self._timer: asyncio.TimerHandle | None = None

    def follow(self, follower: Follower, conversation: str) -> None:
        """From now on this agent's connection is shown who looks at the conversation."""
        place = self._places.get(conversation)
        if place is None:
            leave = self._bus.subscribe(conversation_topic(conversation), partial(self._hear, conversation))
            place = self._places[conversation] = _Place(leave)
            self._bus.publish(conversation_topic(conversation), LookersWanted(conversation))
        place.followers.setdefault(follower, None)

    def unfollow(self, follower: Follower, conversation: str) -> None:
        self.look_away(follower, conversation)
        place = self._places.get(conversation)
        if place is None:
            return
        place.followers.pop(follower, None)
        if not place.followers:
            del self._places[conversation]
            place.leave()

    def look(self, follower: Follower, conversation: str, agent: Agent, writing: Writing | None) -> None:
        """The agent has it on screen there; `follow` came before. From now on their screen knows who else has."""
        place = self._places.get(conversation)
        shown = place and place.frame
        self._set(follower, conversation, Looker(agent.id, agent.name, writing))
        if place is not None and place.frame is shown:
            self.show_to(follower, conversation)

    def look_away(self, follower: Follower, conversation: str) -> None:
        self._set(follower, conversation, None)

    def show_to(self, follower: Follower, conversation: str) -> None:
        """For somebody who has just come, or may have missed what was shown."""
        place = self._places.get(conversation)
        if place is not None and place.frame is not None and follower in place.followers:
            follower.show_latest(("looking", conversation), place.frame)

    def _set(self, follower: Follower, conversation: str, looker: Looker | None) -> None:
        place = self._places.get(conversation)
        if place is None or follower not in place.followers:
            return
        before = place.here
        place.followers[follower] = looker
        if place.here != before:
            self._say(conversation, place)

    def _say(self, conversation: str, place: _Place) -> None:
        """To the other nodes, and to this one, which hears itself."""
        self._bus.publish(conversation_topic(conversation), Looked(conversation, self._node, place.here))

    def _hear(self, conversation: str, message: Message) -> None:
        place = self._places.get(conversation)
        if place is None:
            return
        match message:
            case Looked(node=node, agents=agents):
                place.leases.pop(node, None)
                if agents:
                    place.leases[node] = _Lease(agents, asyncio.get_running_loop().time() + LEASE_S)
                    self._renew_later()
                self._show(conversation, place)
            case LookersWanted() if place.here:
                self._say(conversation, place)
            case _:
                pass

    def _show(self, conversation: str, place: _Place) -> None:
        lookers = place.anywhere
        if lookers == place.shown:
            return
        place.shown = lookers
        frame = place.frame = encode(LookingPush(conversation, lookers))
        to_each(place.followers, lambda follower: follower.show_latest(("looking", conversation), frame))

    def _renew_later(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(RENEW_S, self._renew)

    def _renew(self) -> None:
        """One timer for all conversations, and none while nobody looks at any."""
        self._timer = None
        now = asyncio.get_running_loop().time()
        for conversation, place in tuple(self._places.items()):
            if place.here:
                self._say(conversation, place)
            for node in [node for node, lease in place.leases.items() if lease.until <= now]:
                del place.leases[node]
            self._show(conversation, place)
            if place.leases:
                self._renew_later()


def _each_once(lookers: Iterable[Looker]) -> tuple[Looker, ...]:
    """Somebody with two screens is one. They write if they do so on any; a reply is what others must know of first."""
    found: dict[str, Looker] = {}
    for looker in lookers:
        known = found.get(looker.id)
        if known is None or known.writing is None or looker.writing == "reply":
            found[looker.id] = looker
    return tuple(sorted(found.values(), key=lambda looker: (looker.name, looker.id)))
