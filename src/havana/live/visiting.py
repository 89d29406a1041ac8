"""Which visitors have a page open on this node, and what agents are told of those at whose conversations they look.

Whether somebody is here is asked over the bus by the nodes whose agents want to know it: a visitor at whom nobody looks
costs nothing. What their page tells is stored (`visits.py`); the bus only says that it should be read again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from havana.bus import Bus, Message, Opened, Unsubscribe, VisitorChanged, VisitorHere, VisitorWanted, visitor_topic
from havana.chat.errors import Busy
from havana.chat.people import Visitor
from havana.chat.visiting import Card, Description
from havana.ids import new_id
from havana.live.encoding import Frame, encode
from havana.live.ports import Visits
from havana.live.room import Follower, to_each
from havana.live.visiting_frames import ContextPush

Work = Callable[[], Awaitable[None]]

log = structlog.get_logger()

ASK_S = 5.0
LEASE_S = 12.0
"""Who has not answered twice is not there: their node may have died."""
STORE_S = 1.0
"""What a page tells is stored at most so often, and the latest of it."""
GONE_AFTER_S = 3.0
"""Between two pages of a website there is no connection for a moment."""


class _Guest:
    """A visitor who has a page open here."""

    def __init__(self, leave: Unsubscribe) -> None:
        self.leave = leave
        self.connections = 0
        self.site = ""
        self.said: Description | None = None
        self.stored: Description | None = None
        self.storing = False
        self.going: asyncio.TimerHandle | None = None


class _Place:
    """A conversation that agents follow here."""

    def __init__(self) -> None:
        self.followers: dict[Follower, None] = {}
        self.leave: Unsubscribe | None = None
        self.card: Card | None = None
        self.reading = self.is_old = False
        self.nodes: dict[str, float] = {}
        self.shown: ContextPush | None = None
        self.frame: Frame | None = None


class Visiting:
    def __init__(self, bus: Bus, visits: Visits) -> None:
        self.store_s, self.gone_after_s = STORE_S, GONE_AFTER_S
        self._bus = bus
        self._visits = visits
        self._node = new_id()
        self._guests: dict[str, _Guest] = {}
        self._places: dict[str, _Place] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # Visitors

    def arrived(self, visitor: str) -> None:
        guest = self._guests.get(visitor)
        if guest is None:
            leave = self._bus.subscribe(visitor_topic(visitor), self._hear_of_guest)
            guest = self._guests[visitor] = _Guest(leave)
        guest.connections += 1
        if guest.going is not None:
            guest.going.cancel()
            guest.going = None

    def left(self, visitor: str) -> None:
        guest = self._guests[visitor]
        guest.connections -= 1
        if guest.connections > 0:
            return
        if guest.said is None:
            self._gone(visitor)
        else:
            guest.going = asyncio.get_running_loop().call_later(self.gone_after_s, self._gone, visitor)

    def describe(self, visitor: Visitor, said: Description) -> None:
        """What their page tells. It is kept here until there is a conversation to which it belongs."""
        if (guest := self._guests.get(visitor.id)) is not None:
            guest.site, guest.said = visitor.site, said
            self._store_soon(visitor.id, guest)

    def _store_soon(self, visitor: str, guest: _Guest) -> None:
        if not guest.storing and guest.said is not None:
            guest.storing = True
            self._begin(partial(self._store, visitor, guest))

    async def _store(self, visitor: str, guest: _Guest) -> None:
        try:
            while (said := guest.said) is not None and said != guest.stored:
                if not await self._visits.described(visitor, guest.site, said):
                    return
                guest.stored = said
                self._say_here(visitor)
                await asyncio.sleep(self.store_s)
        finally:
            guest.storing = False

    def _gone(self, visitor: str) -> None:
        guest = self._guests.pop(visitor)
        guest.leave()
        self._bus.publish(visitor_topic(visitor), VisitorHere(visitor, self._node, here=False))
        if guest.stored is not None:
            self._begin(partial(self._visits.left, visitor))

    def _hear_of_guest(self, message: Message) -> None:
        match message:
            case VisitorWanted(visitor=visitor) if visitor in self._guests:
                self._say_here(visitor)
            case Opened(visitor=visitor) if (guest := self._guests.get(visitor)) is not None:
                self._store_soon(visitor, guest)
            case _:
                pass

    def _say_here(self, visitor: str) -> None:
        self._bus.publish(visitor_topic(visitor), VisitorHere(visitor, self._node, here=True))

    # Agents

    def follow(self, follower: Follower, conversation: str) -> None:
        """From now on this agent's connection is told of the conversation's visitor."""
        place = self._places.get(conversation)
        if place is None:
            place = self._places[conversation] = _Place()
            self._read_soon(conversation, place)
            self._ask_later()
        place.followers[follower] = None

    def unfollow(self, follower: Follower, conversation: str) -> None:
        place = self._places.get(conversation)
        if place is None or follower not in place.followers:
            return
        del place.followers[follower]
        if not place.followers:
            del self._places[conversation]
            if place.leave is not None:
                place.leave()

    def show_to(self, follower: Follower, conversation: str) -> None:
        """For somebody who has just come, or may have missed what was shown."""
        place = self._places.get(conversation)
        if place is not None and place.frame is not None and follower in place.followers:
            follower.show_latest(("context", conversation), place.frame)

    def _read_soon(self, conversation: str, place: _Place) -> None:
        place.is_old = True
        if not place.reading:
            place.reading = True
            self._begin(partial(self._read, conversation, place))

    async def _read(self, conversation: str, place: _Place) -> None:
        try:
            while place.is_old and self._places.get(conversation) is place:
                place.is_old = False
                place.card = await self._visits.card(conversation)
        finally:
            place.reading = False
        if place.card is None or self._places.get(conversation) is not place:
            return
        if place.leave is None:
            topic = visitor_topic(place.card.visitor)
            place.leave = self._bus.subscribe(topic, lambda message: self._hear_of_visitor(conversation, message))
            self._bus.publish(topic, VisitorWanted(place.card.visitor))
        self._show(conversation, place)

    def _hear_of_visitor(self, conversation: str, message: Message) -> None:
        place = self._places.get(conversation)
        if place is None:
            return
        match message:
            case VisitorHere(node=node, here=True):
                place.nodes[node] = asyncio.get_running_loop().time() + LEASE_S
            case VisitorHere(node=node):
                place.nodes.pop(node, None)
            case VisitorChanged():
                self._read_soon(conversation, place)
                return
            case _:
                return
        self._show(conversation, place)

    def _show(self, conversation: str, place: _Place) -> None:
        if place.card is None:
            return
        card = place.card
        push = ContextPush(conversation, card.visitor, bool(place.nodes), card.context, card.details)
        if push == place.shown:
            return
        place.shown = push
        frame = place.frame = encode(push)
        to_each(place.followers, lambda follower: follower.show_latest(("context", conversation), frame))

    def _ask_later(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(ASK_S, self._ask)

    def _ask(self) -> None:
        """One timer for all conversations, and none while no agent follows any."""
        self._timer = None
        now = asyncio.get_running_loop().time()
        for conversation, place in tuple(self._places.items()):
            if place.card is None:
                # Perhaps the database could not be read.
                self._read_soon(conversation, place)
                continue
            self._bus.publish(visitor_topic(place.card.visitor), VisitorWanted(place.card.visitor))
            for node in [node for node, until in place.nodes.items() if until <= now]:
                del place.nodes[node]
            self._show(conversation, place)
        if self._places:
            self._ask_later()

    def _begin(self, work: Work) -> None:
        task = asyncio.create_task(_tried(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _tried(work: Work) -> None:
    """Nothing of this is worth a failure: the next page, or the next question, brings it again."""
    try:
        await work()
    except Busy:
        pass  # the database has said why
    except Exception:
        log.exception("what is known of a visitor could not be stored or read")
