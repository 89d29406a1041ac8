"""Measures the search: among 100,000 messages on both databases, and what an append costs beside it.

    python bench/search.py [--messages 100000] [--rounds 20] [--databases SQLite PostgreSQL]

Words are as frequent as in a language: the n-th occurs 1/n times as often as the first. Takes some four minutes;
`--messages 5000 --rounds 3` shows in twenty seconds that all of it works, with figures that mean nothing.
"""

import argparse
import asyncio
import datetime as dt
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import uvloop

from appends import write
from havana.bus.memory import MemoryBus
from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.people import Author, Person, Visitor
from havana.chat.site import Site
from havana.desk import Desk, place
from havana.ids import new_id
from havana.jobs import Worker
from havana.searching import Searching
from havana.storage import log, searching, sites, visitors
from havana.storage.database import Connection, Database
from havana.storage.opening import open_database
from servers import postgres_server
from serving import machine

EACH = 20
"""Messages of a conversation."""
VOCABULARY = 30_000
QUERIES = {
    "a frequent word": "w1x",
    "a rare word": '"w20000x"',
    "the first letter of every word": "w",
    "the beginning of many words": "w1",
    "two frequent words": "w1x w2x",
    "a frequent and a rare word": "w1x w20000x",
    "a phrase of frequent words": '"w1x w2x w1x"',
    "a word that nobody said": "nobody",
    "a frequent word, of the smaller site": "w1x",
}


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def fill(database: Database, several: Sequence[Site], messages: int) -> None:
    """One conversation in a hundred is of the second site."""
    chance = random.Random(1)
    words = [f"w{number}x" for number in range(1, VOCABULARY + 1)]
    until = list(itertools.accumulate(1 / number for number in range(1, VOCABULARY + 1)))

    def say(conn: Connection, first: int) -> None:
        for number in range(first, min(first + 100, messages // EACH)):
            site = several[number % 100 == 0]
            visitor = Visitor(new_id(), site.id, "Coral Heron")
            visitors.ensure(conn, visitor, clock())
            fresh = Fold(id=new_id(), log=new_id(), site=site.id, visitor=Person(visitor.id, visitor.name))
            said = [
                e.Proposed(
                    e.MessagePosted(" ".join(chance.choices(words, cum_weights=until, k=chance.randint(3, 40)))),
                    Author("visitor", visitor.id, visitor.name),
                    new_id(),
                )
                for _ in range(EACH)
            ]
            placed, fold = place(fresh, said, clock())
            entry = log.Entry(fold, placed, 0, shown=False, jobs=[], at=clock(), opening=log.Opening(None))
            log.append_all(conn, [entry])

    for first in range(0, messages // EACH, 100):
        database.write_now(lambda conn, first=first: say(conn, first))


async def measured(database: Database, messages: int, rounds: int, settle: Callable[[], object]) -> None:
    several = [Site(id=new_id(), key=key, name="Bench") for key in ("shop", "help")]
    for site in several:
        database.write_now(lambda conn, site=site: sites.store(conn, site, clock()))
    fill(database, several, messages)
    search = Searching(database, MemoryBus())
    await _indexed(database)
    settle()
    await search.catch_up()
    for name, text in QUERIES.items():
        site = several[1].id if "site" in name else None
        times = []
        for _ in range(rounds + 1):
            began = time.perf_counter()
            found = await search.find(text, site=site)
            times.append((time.perf_counter() - began) * 1000)
        # After one to warm up.
        told = f"{statistics.median(times[1:]):8.1f} ms (at most {max(times[1:]):.1f})"
        print(f"  {name:40}{told}  {len(found.hits)} hits", flush=True)
    await _appended(database, several[0], max(messages // 50, 200))
    await database.close()


async def _indexed(database: Database) -> None:
    """As the server does, without its pauses."""
    times = []
    left: list[str] = []
    while left := left or await database.read(searching.behind):
        began = time.perf_counter()
        left = await database.write(lambda conn, left=left: searching.index(conn, left))
        times.append(time.perf_counter() - began)
    longest, usual = max(times) * 1000, statistics.median(times) * 1000
    print(f"  all of it put into the index: {sum(times):.0f} s; a portion {usual:.0f} ms, at most {longest:.0f} ms")


async def _appended(database: Database, site: Site, messages: int) -> None:
    """In turns, with and without what puts them into the index meanwhile."""
    for at_once in (1, 50):
        rates: dict[bool, list[float]] = {False: [], True: []}
        for searched in (False, True) * 3:
            bus = MemoryBus()
            desk = Desk(database, bus, Worker(database, clock), clock)
            search = Searching(database, bus)
            if searched:
                search.start()
            rates[searched].append((await write(desk, site.id, at_once, messages)).per_s)
            await search.stop()
        without, beside = (statistics.median(rates[searched]) for searched in (False, True))
        print(f"  appends/s, {at_once:2} conversations: {without:,.0f} alone, {beside:,.0f} while they are indexed")
        await asyncio.sleep(0)


def on_sqlite(messages: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder:
        print(f"\nSQLite: {messages:,} messages")
        uvloop.run(measured(open_database(Path(folder), None), messages, rounds, lambda: None))


def on_postgres(messages: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder, postgres_server() as server:
        url = server.database()
        print(f"\nPostgreSQL: {messages:,} messages")
        # As autovacuum would soon.
        settle = partial(server.sql, "VACUUM ANALYZE", url)
        uvloop.run(measured(open_database(Path(folder), url), messages, rounds, settle))


def main() -> None:
    on = {"SQLite": on_sqlite, "PostgreSQL": on_postgres}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--databases", nargs="+", default=list(on), choices=list(on))
    options = parser.parse_args()
    print(machine())
    for name in options.databases:
        on[name](options.messages, options.rounds)


if __name__ == "__main__":
    main()
