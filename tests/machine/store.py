"""The one store: real tables and real SQL in a SQLite in memory, asked when the scheduler lets it."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa

from havana.chat.errors import Busy
from havana.chat.site import Site
from havana.storage import migrations, sites, staff, teams
from havana.storage.group import Waiting
from havana.storage.sqlite import SqliteDatabase
from havana.storage.tables import agents, metadata
from havana.storage.writer import Writer

from .loop import SteppedLoop
from .model import STAFF, TEAM

SESSION = dt.timedelta(days=30)
Work = Callable[[sa.Connection], Any]


@cache
def _engine() -> sa.Engine:
    """One for all examples; each begins by emptying it."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @sa.event.listens_for(engine, "begin")
    def begin(conn: sa.Connection) -> None:
        conn.exec_driver_sql("BEGIN")

    with engine.begin() as conn:
        migrations.upgrade(conn)
    return engine


def make_anew() -> None:
    """After somebody changed more than the rows."""
    _engine.cache_clear()


@dataclass
class Reading:
    """A read on its way: asked by a node, then done, then the node hears of it."""

    by: "NodeDatabase"
    work: Work
    future: asyncio.Future[Any]


Outcome = tuple[Any, asyncio.Future[Any], Any, BaseException | None]


class Store:
    """`reads` were asked and not yet done; `done` was done (a write: committed) and its node has not heard yet."""

    def __init__(self, site: Site, team: list[Any], began: Any) -> None:
        self._engine = _engine()
        self.reads: list[Reading] = []
        self.done: list[Outcome] = []
        self._nodes: list[NodeDatabase] = []
        with self._engine.begin() as conn:
            conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for table in reversed(metadata.sorted_tables):
                conn.execute(table.delete())
            sites.store(conn, site, began)
            conn.execute(
                agents.insert(),
                [
                    {
                        "id": agent.id,
                        "name": agent.name,
                        "email": f"{agent.name.lower()}@example.com",
                        "role": "admin" if agent.admin else "agent",
                        "created_at": began,
                    }
                    for agent in team
                ],
            )
            everybody = tuple(agent.id for agent in team)
            teams.save(
                conn, TEAM, teams.Chosen(f"{STAFF} team", everybody), agent=everybody[0], now=began, version=None
            )
            for agent in team:
                staff.add_session(conn, f"session-{agent.name.lower()}", agent.id, began, began + SESSION)

    def now(self, work: Work) -> Any:
        """What stands there, for those who look at the world from outside."""
        with self._engine.connect() as conn:
            return work(conn)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as conn:
            yield conn

    def choices(self) -> "list[Reading | NodeDatabase]":
        """What may be done next: any read, and a group commit of any node that has writes."""
        return [*self.reads, *(node for node in self._nodes if node.writes)]

    def join(self, node: "NodeDatabase") -> None:
        self._nodes.append(node)

    def leave(self, node: "NodeDatabase") -> None:
        """The node is gone: what it asked and was not done is never done."""
        self._nodes.remove(node)
        self.reads = [read for read in self.reads if read.by is not node]
        self.done = [outcome for outcome in self.done if outcome[0] is not node]

    def carry_out(self, chosen: "Reading | NodeDatabase", random: Random, *, broken: bool) -> None:
        """Does it. With `broken` the disk refuses, and nothing of it is stored."""
        error = Busy("The server cannot store anything right now. Please try again.", retry_ms=2000) if broken else None
        if isinstance(chosen, NodeDatabase):
            self.done += chosen.commits(random.randint(1, len(chosen.writes)), error)
            return
        self.reads.remove(chosen)
        found = None
        try:
            found = None if error else self.now(chosen.work)
        except Exception as raised:  # noqa: BLE001 - it belongs to the one who asked
            error = raised
        self.done.append((chosen.by, chosen.future, found, error))

    def tell(self, outcome: Outcome) -> None:
        """The node hears what became of it."""
        self.done.remove(outcome)
        _, future, found, error = outcome
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(found)


class NodeDatabase(SqliteDatabase):
    """A node's way to the store: `Database` and its group commit, with the scheduler in place of their threads."""

    def __init__(self, store: Store, loop: SteppedLoop) -> None:
        self.is_dead = False
        self.writes: list[Waiting] = []
        self._store = store
        self._loop = loop
        self._writer = SteppedWriter(store.transaction, self)
        store.join(self)

    async def read(self, work: Work) -> Any:
        future = self._loop.create_future()
        if self.is_dead:
            future.cancel()
        else:
            self._store.reads.append(Reading(self, work, future))
        return await future

    def commits(self, count: int, error: BaseException | None) -> list[Outcome]:
        """The next group, or what becomes of it on a disk that refuses."""
        group, self.writes = self.writes[:count], self.writes[count:]
        if error is not None:
            return [(self, waiting.future, None, error) for waiting in group]
        return [(self, done.future, done.result, done.error) for done in self._writer._commit(group)]


class SteppedWriter(Writer):
    def __init__(self, transaction: Callable[[], AbstractContextManager[sa.Connection]], node: NodeDatabase) -> None:
        super().__init__(transaction)
        self._node = node

    def put(self, waiting: Waiting) -> None:
        if self._node.is_dead:
            waiting.future.cancel()
        else:
            self._node.writes.append(waiting)
