"""The commands of one connection: a bounded queue, carried out one after the other in the order they came."""

import asyncio
from typing import Any

import msgspec
import structlog

from havana.chat.errors import BadRequest, Busy, Forbidden, Internal, NotFound, Refusal
from havana.chat.people import Agent, Visitor
from havana.chat.visiting import description
from havana.live import frames as f
from havana.live.closing import Close, Hangup
from havana.live.connection import Connection
from havana.live.decoding import Command, decode_frame
from havana.live.identity import ExpiredToken, Identity
from havana.live.services import Services
from havana.live.session import Ask, Perform
from havana.live.visiting_frames import Describe
from havana.storage.inbox import Filter

log = structlog.get_logger()

WAITING_LIMIT = 64
"""Commands of one connection that may wait; further ones are refused as `busy`."""
BUSY_LIMIT = 256
"""So many refused as busy while the same queue waits end the connection."""


class Serving:
    def __init__(self, connection: Connection, services: Services, device: str = "") -> None:
        self._greeting = False
        self._device = device
        self._connection = connection
        self._session = connection.session
        self._services = services
        self._waiting: list[Command] = []  # no deque, as in the outbox
        self._refused = 0
        self._working: asyncio.Task[None] | None = None
        self._draining: str | None = None

    @property
    def owes_hello(self) -> bool:
        """Whether it is for the client to say hello. One that is being answered takes as long as the server does."""
        return not self._session.welcomed and not self._greeting

    def receive(self, frame: str | bytes) -> None:
        """A frame of the client."""
        try:
            for command in decode_frame(frame):
                self._enqueue(command)
        except Hangup as hangup:
            self._connection.close(hangup.code, hangup.reason)
        if self._waiting and self._working is None and self._connection.closing is None:
            self._working = asyncio.create_task(self._work())

    def drain(self, reason: str) -> None:
        """Finishes the command that is being carried out, then closes with 4000."""
        self._draining = reason
        if self._working is None:
            self._connection.close(Close.DRAIN, reason, flush=True)

    def _enqueue(self, command: Command) -> None:
        if self._draining is not None:
            return
        if len(self._waiting) < WAITING_LIMIT:
            self._waiting.append(command)
            return
        self._refused += 1
        if self._refused > BUSY_LIMIT:
            raise Hangup(Close.RATE, "too many commands at once")
        busy = Busy("Too many commands at once. Wait for their answers.", retry_ms=1000)
        self._connection.show(self._session.refuse(command.id, busy))

    async def _work(self) -> None:
        # A command that has begun is carried out even if its sender is gone: it may be stored already.
        while self._waiting and self._draining is None and self._connection.closing is None:
            await self._serve(self._waiting.pop(0))
        self._refused = 0
        self._working = None
        if self._draining is not None:
            self._connection.close(Close.DRAIN, self._draining, flush=True)

    async def _serve(self, command: Command) -> None:
        connection, session = self._connection, self._session
        try:
            ask = session.start(command, asyncio.get_running_loop().time())
            await self._carry_out(command.id, ask)
        except Refusal as refusal:
            connection.show(session.refuse(command.id, refusal))
        except Hangup as hangup:
            connection.close(hangup.code, hangup.reason)
        except Exception:
            log.exception("a command failed", session=session.id, command=command.do)
            if not session.welcomed:
                connection.close(Close.SERVER_ERROR)
                return
            failed = Internal("Something went wrong on our side. Please try again.", retry_ms=2000)
            connection.show(session.refuse(command.id, failed))

    async def _carry_out(self, id: int, ask: Ask | None) -> None:
        match ask:
            case f.Hello():
                self._greeting = True
                await self._greet(id, ask)
            case f.Follow():
                await self._connection.follow(id, f.Position(ask.conversation, ask.log, ask.seq))
            case f.Suggest() | f.Rewrite():
                await self._suggest(id, ask)
            case f.FollowInbox():
                await self._follow_inbox(id, ask)
            case f.MoreInbox():
                await self._more_inbox(id, ask)
            case _:
                self._connection.show(self._session.reply(id, await self._answer(ask)))

    async def _answer(self, ask: Ask | None) -> Any:
        who, reading = self._connection.identity.who, self._services.reading
        match ask:
            case Perform(conversation=named, command=command):
                return await self._services.requests.perform(who, named, command)
            case f.History(conversation=conversation, before=before, after=after, until=until, limit=limit):
                reading.check(who)
                return await reading.history(who, conversation, before=before, after=after, until=until, limit=limit)
            case f.Read(conversation=conversation, seq=seq):
                await reading.mark_read(who, conversation, seq)
            case f.Typing(conversation=conversation):
                self._services.hub.publish_typing(conversation, who.author)
            case Describe() if isinstance(who, Visitor):
                reading.check(who)
                said = description(ask.page, ask.referrer, ask.language, ask.zone, self._device)
                self._services.hub.visiting.describe(who, said)
            case f.Look(conversation=conversation, writing=writing):
                self._followed(conversation)
                self._services.hub.looking.look(self._connection, conversation, self._agent, writing)
            case f.LookAway(conversation=conversation):
                self._services.hub.looking.look_away(self._connection, conversation)
            case f.Unfollow(conversation=conversation):
                self._connection.unfollow(conversation)
            case f.DropSuggestion(conversation=conversation):
                self._connection.suggesting.stop(conversation)
            case f.UnfollowInbox(name=name):
                self._services.hub.unfollow_inbox(self._connection, name)
        return {}

    async def _greet(self, id: int, hello: f.Hello) -> None:
        try:
            identity = await self._identify(hello.token)
            if self._connection.closing is not None:
                return
            self._connection.join(identity)
            who = identity.who
            current = await self._services.reading.current(who) if isinstance(who, Visitor) else None
            await self._connection.welcome(id, hello, current, self._services.clock())
        except Refusal as refusal:
            # Nobody says hello twice: whoever comes back begins anew.
            raise Hangup(Close.SERVER_ERROR, refusal.code) from refusal

    async def _identify(self, token: str) -> Identity:
        hub = self._services.hub
        while True:
            seen = hub.endings
            identity = await self._services.authenticate(token)
            # A session that ended while its token was looked up ended before this connection could be told.
            if seen == hub.endings:
                return identity
            if not identity.public:
                # An agent's token is used up. If it was their session, they get no fresh one.
                raise ExpiredToken("A session ended just now. Get a fresh token.")

    @property
    def _agent(self) -> Agent:
        who = self._connection.identity.who
        if not isinstance(who, Agent):
            raise Forbidden("Only the team can do that.")
        return who

    def _followed(self, conversation: str) -> None:
        if conversation not in self._session.following:
            raise NotFound("You do not follow this conversation.")

    async def _suggest(self, id: int, ask: f.Suggest | f.Rewrite) -> None:
        connection, copilot, agent = self._connection, self._services.copilot, self._agent
        conversation = ask.conversation
        # So that it ends at the latest when they stop looking.
        self._followed(conversation)
        if isinstance(ask, f.Suggest):
            words = await copilot.suggest(agent, conversation)
        else:
            words = await copilot.rewrite(agent, conversation, ask.text, ask.how)
        if connection.closing is None:
            connection.show(self._session.reply(id, {}))
            connection.suggesting.start(conversation, id, words)

    async def _follow_inbox(self, id: int, ask: f.FollowInbox) -> None:
        who = self._agent
        try:
            chosen = msgspec.convert(ask.filter, Filter | None)
        except msgspec.ValidationError as error:
            raise BadRequest(f"`filter`: {error}.") from None
        hub = self._services.hub
        feed = hub.follow_inbox(self._connection, who, chosen, ask.name)
        try:
            await feed.open(lambda page: self._connection.show(self._session.reply(id, page)))
        except BaseException:
            hub.unfollow_inbox(self._connection, ask.name)
            raise

    async def _more_inbox(self, id: int, ask: f.MoreInbox) -> None:
        feed = self._services.hub.feed(self._connection, ask.name)
        if feed is None:
            raise NotFound("You do not follow this list.")
        await feed.more(ask.cursor, lambda page: self._connection.show(self._session.reply(id, page)))
