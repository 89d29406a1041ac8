"""Who follows what on this node: the bus on one side, connections on the other."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import msgspec
import structlog

from havana.bus import (
    INBOX,
    PEOPLE,
    AgentChanged,
    Bus,
    Message,
    Opened,
    Read,
    SessionsEnded,
    Typing,
    Unsubscribe,
    conversation_topic,
    visitor_topic,
)
from havana.chat.errors import LimitReached
from havana.chat.people import Agent, Author, Person, Visitor
from havana.live.closing import Close, Hangup
from havana.live.encoding import Frame, encode
from havana.live.frames import LISTS_LIMIT, ColleaguePush
from havana.live.identity import Identity
from havana.live.inbox import Feed
from havana.live.looking import Looking
from havana.live.mending import Mending
from havana.live.ports import Reading, Visits
from havana.live.room import Follower, Room
from havana.live.sweep import Sweep
from havana.live.visiting import Visiting
from havana.storage.inbox import Filter, Top

log = structlog.get_logger()

CONNECTIONS_PER_VISITOR = 20
ASKED_AT_ONCE = 500
"""Visitors, or conversations, that one look into the database is about."""


class Member(Follower, Protocol):
    """A connection, as the hub sees it."""

    def show_opened(self, conversation: str) -> None: ...

    def show(self, frame: Frame) -> None: ...

    def show_colleague(self, frame: Frame) -> None: ...

    def renamed(self, identity: Identity) -> None: ...

    @property
    def is_congested(self) -> bool: ...


class Hub:
    def __init__(self, bus: Bus, reading: Reading, clock: Callable[[], dt.datetime], visits: Visits) -> None:
        self.endings = 0
        """How often sessions were ended; whoever checks a token looks whether one was meanwhile."""
        self.looking, self.visiting = Looking(bus), Visiting(bus, visits)
        self._bus = bus
        self._reading = reading
        self._members: dict[Member, Identity] = {}
        self._visitors: dict[str, dict[Member, None]] = {}
        self._rooms: dict[str, Room] = {}
        self._feeds: dict[Member, dict[str, Feed]] = {}
        self._subscriptions: dict[str, Unsubscribe] = {}
        self._mending = Mending(bus, reading)
        self._sweep = Sweep(reading, bus, clock, self._look_at, self._check)
        bus.subscribe(PEOPLE, self._sessions_ended)
        bus.subscribe(PEOPLE, self._agent_changed)
        bus.subscribe(INBOX, self._sweep.hear)

    def join(self, member: Member, identity: Identity) -> None:
        """Counts a connection in as soon as it is known whose it is. Raises `Hangup` (4504) if it is one too many."""
        who = identity.who
        if isinstance(who, Visitor):
            mine = self._visitors.get(who.id, {})
            if len(mine) >= CONNECTIONS_PER_VISITOR:
                raise Hangup(Close.TOO_MANY, f"at most {CONNECTIONS_PER_VISITOR} connections")
            if not mine:
                topic = visitor_topic(who.id)
                self._subscriptions[topic] = self._bus.subscribe(topic, self._opened)
            self._visitors.setdefault(who.id, {})[member] = None
            self.visiting.arrived(who.id)
        self._members[member] = identity
        self._sweep.start()

    def leave(self, member: Member, conversations: Iterable[str]) -> Identity | None:
        """Forgets a connection, and says whose it was if it had joined."""
        identity = self._members.pop(member, None)
        if identity is None:
            return None
        if not self._members:
            self._sweep.stop()
        for conversation in conversations:
            self.unfollow(member, conversation)
        for name in tuple(self._feeds.get(member, ())):
            self.unfollow_inbox(member, name)
        who = identity.who
        if isinstance(who, Visitor):
            self.visiting.left(who.id)
            del self._visitors[who.id][member]
            if not self._visitors[who.id]:
                del self._visitors[who.id]
                self._subscriptions.pop(visitor_topic(who.id))()
        return identity

    def consoles(self) -> list[Member]:
        """The connections of agents."""
        return [member for member, identity in self._members.items() if isinstance(identity.who, Agent)]

    # Conversations

    def follow(self, member: Member, conversation: str) -> Room:
        """From now on what happens in the conversation comes to this connection."""
        room = self._rooms.get(conversation)
        if room is None:
            room = self._rooms[conversation] = Room(conversation, mend=self._mending.later, marked=self._marked)
            self._subscriptions[conversation_topic(conversation)] = self._bus.subscribe(
                conversation_topic(conversation), room.receive
            )
        room.followers[member] = None
        if not member.identity.public:
            self.looking.follow(member, conversation)
            self.visiting.follow(member, conversation)
        return room

    def unfollow(self, member: Member, conversation: str) -> None:
        self.looking.unfollow(member, conversation)
        self.visiting.unfollow(member, conversation)
        room = self._rooms.get(conversation)
        if room is None:
            return
        room.followers.pop(member, None)
        if not room.followers:
            del self._rooms[conversation]
            self._subscriptions.pop(conversation_topic(conversation))()
            self._mending.no_more(room)
            room.close()

    def show_present(self, member: Member, conversation: str) -> None:
        """Who looks at the conversation and whose it is, to an agent who has just come or may have missed it."""
        self.looking.show_to(member, conversation)
        self.visiting.show_to(member, conversation)

    def publish_typing(self, conversation: str, author: Author) -> None:
        self._bus.publish(conversation_topic(conversation), Typing(conversation, author))

    def room(self, conversation: str) -> Room | None:
        return self._rooms.get(conversation)

    # The inbox

    def follow_inbox(self, member: Member, agent: Agent, filter: Filter | None, name: str = "") -> Feed:
        """What changes in this list from now on comes to this connection, in place of the list that had its name."""
        self.unfollow_inbox(member, name)
        if len(self._feeds.get(member, ())) >= LISTS_LIMIT:
            raise LimitReached(f"A connection follows at most {LISTS_LIMIT} lists. Unfollow one first.")
        feed = Feed(self._reading, agent, filter, member, name)
        self._feeds.setdefault(member, {})[name] = feed
        if INBOX not in self._subscriptions:
            self._subscriptions[INBOX] = self._bus.subscribe(INBOX, self._inbox_changed)
        return feed

    def feed(self, member: Member, name: str) -> Feed | None:
        return self._feeds.get(member, {}).get(name)

    def unfollow_inbox(self, member: Member, name: str) -> None:
        feed = self._feeds.get(member, {}).pop(name, None)
        if feed is None:
            return
        feed.close()
        if not self._feeds[member]:
            del self._feeds[member]
        if not self._feeds:
            self._subscriptions.pop(INBOX)()

    def _inbox_changed(self, message: Message) -> None:
        for feed in self._all_feeds():
            feed.receive(message)

    def _marked(self, read: Read) -> None:
        """What one of an agent's screens has read is read on their others."""
        for feed in self._all_feeds():
            feed.receive(read)

    def _all_feeds(self) -> list[Feed]:
        return [feed for feeds in self._feeds.values() for feed in feeds.values()]

    # People

    def _opened(self, message: Message) -> None:
        if isinstance(message, Opened):
            for member in tuple(self._visitors.get(message.visitor, ())):
                member.show_opened(message.conversation)

    def _sessions_ended(self, message: Message) -> None:
        if not isinstance(message, SessionsEnded):
            return
        self.endings += 1
        for member, identity in tuple(self._members.items()):
            if isinstance(identity.who, Visitor):
                if identity.who.id == message.visitor:
                    member.close(Close.BLOCKED)
            elif identity.who.id == message.agent or (identity.session and identity.session == message.session):
                member.close(Close.BAD_TOKEN, "signed out")

    def _agent_changed(self, message: Message) -> None:
        """Every console is shown it. What they do from now on, they do under their new name and in their new role."""
        if not isinstance(message, AgentChanged):
            return
        frame = encode(ColleaguePush(Person(message.agent, message.name), message.away))
        for member, identity in tuple(self._members.items()):
            if not isinstance(identity.who, Agent):
                continue
            if identity.who.id == message.agent:
                admin = identity.who.admin if message.admin is None else message.admin
                who = msgspec.structs.replace(identity.who, name=message.name, admin=admin)
                renamed = self._members[member] = msgspec.structs.replace(identity, who=who)
                member.renamed(renamed)
            member.show_colleague(frame)

    # What the bus lost

    async def _check(self, lost: bool) -> None:
        """Whoever signed out, was removed or blocked is not to see any more, whether or not we heard of it.

        Visitors are many: of them, and of what was read, it asks only where the bus is known to have `lost` something.
        """
        held = {identity.session for identity in self._members.values() if identity.session is not None}
        for session in await self._reading.ended(held) if held else ():
            self._sessions_ended(SessionsEnded(session=session))
        await self._check_roles()
        if not lost:
            return
        for some in _in_slices(self._visitors):
            for visitor in await self._reading.blocked(some):
                self._sessions_ended(SessionsEnded(visitor=visitor))
        for some in _in_slices(self._rooms):
            for read in await self._reading.marks(some):
                if (room := self._rooms.get(read.conversation)) is not None:
                    room.catch_up(read)

    async def _check_roles(self) -> None:
        agents = {identity.who.id for identity in self._members.values() if isinstance(identity.who, Agent)}
        admins = await self._reading.admins(agents) if agents else ()
        for member, identity in tuple(self._members.items()):
            who = identity.who
            if isinstance(who, Agent) and who.id in agents and who.admin != (who.id in admins):
                # Not changed here: of two changes that cross each other, the stored one counts when they come back.
                member.close(Close.TOKEN_EXPIRED, "the role has changed")

    def _look_at(self, top: Top, heard: bool) -> None:
        # Each topic loses for itself: that the inbox heard of it does not tell that its followers did.
        for member in tuple(self._visitors.get(top.visitor, ())):
            member.show_opened(top.conversation)
        if (room := self._rooms.get(top.conversation)) is not None:
            room.notice(public_top=top.public_seq, top=top.seq)
        for feed in () if heard else self._all_feeds():
            feed.change(top.conversation)


def _in_slices(ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    left = iter(tuple(ids))
    return iter(lambda: tuple(itertools.islice(left, ASKED_AT_ONCE)), ())
