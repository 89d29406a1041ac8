"""Measures the reports: of a year with 100,000 conversations, compared with the year before, and of one week.

    python bench/reports.py [--conversations 100000] [--rounds 5] [--databases SQLite PostgreSQL]

Fills a database, counts it as the server does, and reads each report and each list behind a figure as the API does.
Takes some six minutes and 4 GB of the disk, which it gives back.
"""

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import uvloop

from filling import filled
from havana.counting import EVENTS, Counting
from havana.reporting import Period, compared, days_and_hours, find, of_site, reasons
from havana.storage import reports, sites
from havana.storage.database import Connection, Database
from havana.storage.opening import open_database
from havana.storage.reports import Figure, Narrowed
from servers import postgres_server
from serving import machine

ZONE = "Asia/Kolkata"
"""Half an hour beside most others."""
RANGES = {"a year": 366, "30 days": 30, "7 days": 7}


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


async def measured(data: Path, url: str | None, rounds: int, settle: Callable[[], None]) -> None:
    database = open_database(data, url)
    counting = Counting(database, clock)
    began = time.perf_counter()
    await counting.catch_up(float("inf"))
    took = time.perf_counter() - began
    print(f"  counting all of it: {took:.0f} s, in portions of {EVENTS} events")
    settle()
    began = time.perf_counter()
    await counting.catch_up()
    print(f"  looking whether there is more: {(time.perf_counter() - began) * 1000:.1f} ms")
    for name, many in RANGES.items():
        today = clock().date()
        of = Period(today - dt.timedelta(days=many - 1), today, ZONE)
        await _told(database, f"report of {name}", of, rounds, _report)
        for figure in get_args(Figure):
            await _told(database, f"  its {figure}", of, rounds, _list(figure))
    await database.close()


async def _told(
    database: Database, name: str, of: Period, rounds: int, work: Callable[[Connection, Period], object]
) -> None:
    times = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        await database.read(lambda conn: work(conn, of))
        times.append((time.perf_counter() - began) * 1000)
    # After one to warm up.
    print(f"  {name:28}{statistics.median(times[1:]):8.1f} ms (at most {max(times[1:]):.1f})", flush=True)


def _report(conn: Connection, of: Period) -> object:
    scope = of.scope(site=None, agent=None)
    found = find(conn, scope)
    by_site = [of_site(found, scope, one.id) for one in sites.every(conn)]
    return compared(found, scope), days_and_hours(found, scope, of), reasons(found), by_site


def _list(figure: Figure) -> Callable[[Connection, Period], object]:
    def listed(conn: Connection, of: Period) -> object:
        return reports.behind(conn, of.scope(site=None, agent=None), Narrowed(figure), skip=0, most=51)

    return listed


def on_sqlite(number: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder:
        print(f"\nSQLite: {filled(Path(folder), None, number).events:,} events in {number:,} conversations")
        uvloop.run(measured(Path(folder), None, rounds, lambda: None))


def on_postgres(number: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder, postgres_server() as server:
        url = server.database()
        made = filled(Path(folder), url, number)
        print(f"\nPostgreSQL: {made.events:,} events in {number:,} conversations")
        # As autovacuum would soon.
        server.sql("VACUUM ANALYZE", url)
        uvloop.run(measured(Path(folder), url, rounds, lambda: server.sql("VACUUM ANALYZE", url)))


def main() -> None:
    on = {"SQLite": on_sqlite, "PostgreSQL": on_postgres}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--databases", nargs="+", default=list(on), choices=list(on))
    options = parser.parse_args()
    print(machine())
    for name in options.databases:
        on[name](options.conversations, options.rounds)


if __name__ == "__main__":
    main()
