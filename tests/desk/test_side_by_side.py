"""Two processes that write to the same conversations through a PostgreSQL server: the log knows no difference."""

import asyncio

from tests.desk.conftest import Clock

from havana.bus.memory import MemoryBus
from havana.chat.people import Agent, Visitor
from havana.chat.site import Site
from havana.desk import Desk
from havana.ids import new_id
from havana.jobs import Worker
from havana.storage import history, sites
from havana.storage.postgres import PostgresDatabase

CONVERSATIONS, NOTES = 12, 15


async def test_what_two_processes_append_at_once_is_all_stored_in_one_order(postgres_url: str):
    clock, site = Clock(), Site(id=new_id(), key="demo", name="Havana Tech")
    databases = [PostgresDatabase.open(postgres_url) for _ in range(2)]
    databases[0].write_now(lambda conn: sites.store(conn, site, clock()))
    desks = [Desk(database, MemoryBus(), Worker(database, clock), clock) for database in databases]
    visitors = [Visitor(new_id(), site.id, "Coral Heron") for _ in range(CONVERSATIONS)]
    opened = [await desks[0].open(v, lambda c, v=v: c.post(v, "Hello", new_id())) for v in visitors]
    chats = [done.fold.id for done in opened]

    async def writes(desk: Desk, agent: Agent, chat: str) -> None:
        for number in range(NOTES):
            key = new_id()
            await desk.perform(chat, lambda c, n=number, key=key: c.note(agent, f"{n}", key), role="agent", key=key)

    people = [Agent("agent-ana", "Ana"), Agent("agent-ben", "Ben")]
    await asyncio.gather(*(writes(desk, who, chat) for desk, who in zip(desks, people, strict=True) for chat in chats))

    for chat in chats:
        log = await databases[0].read(lambda conn, chat=chat: history.all_events(conn, chat))
        assert [event.seq for event in log] == list(range(1, 2 * NOTES + 2))
        for who in people:
            assert [e.fact.text for e in log if e.author.id == who.id] == [str(n) for n in range(NOTES)]
        fold = await databases[0].read(lambda conn, chat=chat: history.fold(conn, chat))
        assert fold is not None
        assert history.replay(fold, log) == fold
    for database in databases:
        await database.close()
