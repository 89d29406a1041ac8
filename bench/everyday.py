"""Everyday work on one installation, by the product's own functions: each method of `Side` is one operation."""

import asyncio
import datetime as dt
import random
from collections.abc import Awaitable, Callable
from functools import partial

from havana.accounts.limits import Limits
from havana.bus.memory import MemoryBus
from havana.chat.people import Agent, Visitor
from havana.desk import Desk
from havana.drafts import Drafts
from havana.ids import new_id
from havana.jobs import Worker
from havana.knowledge.search import Knowledge
from havana.reading import CURSOR_TIME, Reading
from havana.storage import history, inbox, jobs, log, sites, staff
from havana.storage.database import Database
from havana.storage.inbox import Filter
from installation import Made

TEXT = "The parcel has not come yet, and the tracking page has said the same for three days."
QUESTIONS = (
    "How much does the welding program cost?",
    "where can i park",
    "Do you help with finding a job?",
)
JOBS = ("answer", "summary", "remind", "agent_gone", "idle")
AT_ONCE = 64


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Side:
    """One installation, and what is asked of it."""

    def __init__(self, database: Database, made: Made) -> None:
        self.database = database
        self.made = made
        self.chance = random.Random(1)
        bus, worker = MemoryBus(), Worker(database, clock)
        self._desk = Desk(database, bus, worker, clock)
        self._reading = Reading(database, self._desk, Drafts(), bus, Limits(on=False))
        self._knowledge = Knowledge(database)
        self._site = str(database.read_now(partial(sites.by_key, key="shop")).id)
        self._agent: Agent = database.read_now(staff.team)[0]

    async def post(self) -> None:
        """A visitor's message in a conversation that is open."""
        conversation, visitor = self.chance.choice(self.made.active)
        await self._post(conversation, visitor)

    async def post_at_once(self) -> None:
        """64 messages that come in together."""
        chosen = self.chance.sample(self.made.active, AT_ONCE)
        await asyncio.gather(*(self._post(conversation, visitor) for conversation, visitor in chosen))

    async def note(self) -> None:
        """A note of an agent in an old conversation, of which nothing is in memory."""
        conversation, _ = self.chance.choice(self.made.some)
        key = new_id()
        await self._desk.perform(conversation, lambda c: c.note(self._agent, TEXT, key), role="agent", key=key)

    async def open_as_agent(self) -> None:
        await self._reading.followed(self._agent, self.chance.choice(self.made.some)[0])

    async def open_as_visitor(self) -> None:
        conversation, visitor = self.chance.choice(self.made.some)
        await self._reading.followed(Visitor(visitor, self._site, ""), conversation)

    async def back_as_visitor(self) -> None:
        """Whose conversation it is and what they have not read, as for a hello."""
        await self._reading.current(Visitor(self.chance.choice(self.made.some)[1], self._site, ""))

    async def mark_read(self) -> None:
        conversation, _ = self.chance.choice(self.made.active)
        fold = await self.database.read(partial(history.fold, conversation=conversation))
        await self._reading.mark_read(self._agent, conversation, fold.seq)

    async def inbox(self) -> None:
        await self._reading.inbox(self._agent, Filter())

    async def inbox_waiting(self) -> None:
        await self._reading.inbox(self._agent, Filter(control=("pending",)))

    async def inbox_mine(self) -> None:
        await self._reading.inbox(self._agent, Filter(agent=self._agent.id))

    async def inbox_of_a_site(self) -> None:
        await self._reading.inbox(self._agent, Filter(site=self._site))

    async def list_closed(self) -> None:
        """The first page of those that are over, for REST."""
        await self._reading.list_conversations(self._agent, Filter(control=("closed",)))

    async def list_far_back(self) -> None:
        """A page far back among all."""
        conversation, _ = self.chance.choice(self.made.some)
        fold = await self.database.read(partial(history.fold, conversation=conversation))
        cursor = f"{fold.at.strftime(CURSOR_TIME)}~{conversation}"
        await self._reading.list_conversations(self._agent, Filter(), cursor=cursor)

    async def search(self) -> None:
        """In the articles, whose number does not depend on that of the messages."""
        await self._knowledge.search(self._site, self.chance.choice(QUESTIONS))

    async def known_key(self) -> None:
        """Whether a message that may begin a conversation was stored before."""
        visitor = self.chance.choice(self.made.some)[1]
        await self.database.read(partial(log.known_opening_key, visitor=visitor, key=new_id()))

    async def changed_since(self) -> None:
        """The sweep: what was appended in the last half minute."""
        await self._reading.changed_since(clock() - dt.timedelta(seconds=30))

    async def held_by(self) -> None:
        await self.database.read(partial(inbox.held_by, agent=self._agent.id))

    async def holders(self) -> None:
        await self.database.read(inbox.holders)

    async def next_job(self) -> None:
        await self.database.read(partial(jobs.next_run_at, kinds=JOBS))

    async def _post(self, conversation: str, visitor: str) -> None:
        author, key = Visitor(visitor, self._site, "Coral Heron"), new_id()
        await self._desk.perform(conversation, lambda c: c.post(author, TEXT, key), role="visitor", key=key)


OPERATIONS: dict[Callable[[Side], Awaitable[None]], int] = {
    Side.post: 60,
    Side.post_at_once: 12,
    Side.note: 60,
    Side.open_as_agent: 60,
    Side.open_as_visitor: 60,
    Side.back_as_visitor: 60,
    Side.mark_read: 40,
    Side.inbox: 12,
    Side.inbox_waiting: 20,
    Side.inbox_mine: 20,
    Side.inbox_of_a_site: 12,
    Side.list_closed: 30,
    Side.list_far_back: 30,
    Side.search: 30,
    Side.known_key: 60,
    Side.changed_since: 30,
    Side.held_by: 30,
    Side.holders: 30,
    Side.next_job: 30,
}
"""And how often each is done in a round."""
