"""Measures what storing a visitor's message costs without the network: the desk over a database of its own.

    python bench/appends.py [--messages 4000] [--at-once 1 10 50 200]

Every message is committed and synced before it counts. `processor` is the time of this process for one message, all
threads together, and does not depend on what else the machine does. `alone` is the same with one commit for each
message, and `ratio` what the group commit makes of it, both measured in turns.
"""

import argparse
import asyncio
import datetime as dt
import tempfile
import time
from pathlib import Path
from unittest import mock

import msgspec
import uvloop

from havana.bus.memory import MemoryBus
from havana.chat.people import Visitor
from havana.chat.site import Site
from havana.desk import Desk
from havana.ids import new_id
from havana.jobs import Worker
from havana.storage import sites, writer
from havana.storage.sqlite import SqliteDatabase
from serving import machine, sync_ms

TEXT = "The parcel has not come yet, and the tracking page has said the same for three days."


class Rate(msgspec.Struct, frozen=True):
    """Messages per second, and microseconds of processor time for one."""

    per_s: float
    processor_us: float


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


async def write(desk: Desk, site: str, at_once: int, messages: int) -> Rate:
    """So many conversations that wait for a person, in each one message after the other."""
    visitors = [Visitor(new_id(), site, "Coral Heron") for _ in range(at_once)]
    opened = [await desk.open(v, lambda c, v=v: c.request_human(v, on_duty=True, key=new_id())) for v in visitors]

    async def talk(visitor: Visitor, conversation: str) -> None:
        for _ in range(messages // at_once):
            key = new_id()
            await desk.perform(conversation, lambda c, key=key: c.post(visitor, TEXT, key), role="visitor", key=key)

    began, processor = time.perf_counter(), time.process_time()
    await asyncio.gather(*(talk(v, done.fold.id) for v, done in zip(visitors, opened, strict=True)))
    took, processor = time.perf_counter() - began, time.process_time() - processor
    return Rate(messages / took, processor / messages * 1e6)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 10, 50, 200])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"{machine()}\na sync of the disk: {sync_ms(Path(folder)):.2f} ms")
        database = SqliteDatabase.open(Path(folder), serving=True)
        site = Site(id=new_id(), key="bench", name="Bench")
        database.write_now(lambda conn: sites.store(conn, site, clock()))
        desk = Desk(database, MemoryBus(), Worker(database, clock), clock)
        print(f"\n{'at once':>8}{'messages/s':>12}{'processor':>12}{'alone':>12}{'ratio':>8}")
        for at_once in options.at_once:
            grouped = await write(desk, site.id, at_once, options.messages)
            with mock.patch.object(writer, "MOST_IN_A_GROUP", 1):
                alone = await write(desk, site.id, at_once, options.messages // 4)
            ratio = grouped.per_s / alone.per_s
            print(f"{at_once:8}{grouped.per_s:12.0f}{grouped.processor_us:9.0f} us{alone.per_s:10.0f}/s{ratio:8.1f}")
        await database.close()


if __name__ == "__main__":
    uvloop.run(main())
