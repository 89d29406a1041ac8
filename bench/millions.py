"""Measures what everyday work costs beside millions of stored messages, and beside a hundred thousand.

    python bench/millions.py [--conversations 100000] [--beside 5000] [--rounds 5] [--databases …] [--to FILE]

Makes two installations on PostgreSQL, and two on SQLite, and asks the product's own functions of the large one and of
the small one in turns. `ratio` is that of two medians of the same round; other work on the machine slows both down.
With so many conversations it takes about ten minutes, and 8 GB of the disk, which it gives back.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvloop

from everyday import OPERATIONS, Side
from filling import filled
from havana.storage.opening import open_database
from installation import Made
from servers import postgres_server
from serving import machine

FULL, QUICK = (5_000, 100_000), (500, 2_000)
"""Conversations of the small one and of the large one."""


class Size(msgspec.Struct):
    """An installation. `bytes` is what its database takes on the disk."""

    conversations: int
    messages: int
    events: int
    bytes: int
    filled_s: float


class Cost(msgspec.Struct):
    """Of one operation, in ms: medians over the rounds. `ratios` are of the medians of each round, large by small."""

    database: str
    operation: str
    small_ms: float
    large_ms: float
    ratios: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)


class Outcome(msgspec.Struct):
    """`sizes` by database: the small one, then the large one."""

    sizes: dict[str, list[Size]]
    costs: list[Cost]


async def measured(name: str, small: Side, large: Side, rounds: int) -> list[Cost]:
    """After one round to warm up."""
    found: dict[str, list[tuple[float, float]]] = {operation.__name__: [] for operation in OPERATIONS}
    for turn in range(-1, rounds):
        for operation, times in OPERATIONS.items():
            took: dict[Side, list[float]] = {small: [], large: []}
            for place in range(times):
                for side in (small, large) if place % 2 else (large, small):
                    began = time.perf_counter()
                    await operation(side)
                    took[side].append((time.perf_counter() - began) * 1000)
            if turn >= 0:
                found[operation.__name__].append((statistics.median(took[small]), statistics.median(took[large])))
    return [_cost(name, operation, medians) for operation, medians in found.items()]


def _cost(name: str, operation: str, medians: Sequence[tuple[float, float]]) -> Cost:
    of_small, of_large = zip(*medians, strict=True)
    ratios = [large / small for small, large in medians]
    return Cost(name, operation, statistics.median(of_small), statistics.median(of_large), ratios)


async def compared(
    name: str, places: Sequence[tuple[Path, str | None]], made: Sequence[Made], rounds: int
) -> list[Cost]:
    sides = [Side(open_database(data, url), one) for (data, url), one in zip(places, made, strict=True)]
    try:
        return await measured(name, sides[0], sides[1], rounds)
    finally:
        for side in sides:
            await side.database.close()


def on_sqlite(numbers: Sequence[int], rounds: int) -> tuple[list[Size], list[Cost]]:
    sizes, made = [], []
    with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder:
        places = [Path(folder, str(number)) for number in numbers]
        for place, number in zip(places, numbers, strict=True):
            began = time.perf_counter()
            made.append(filled(place, None, number))
            took = time.perf_counter() - began
            sizes.append(_size(made[-1], (place / "havana.db").stat().st_size, took))
        costs = uvloop.run(compared("SQLite", [(place, None) for place in places], made, rounds))
    return sizes, costs


def on_postgres(numbers: Sequence[int], rounds: int) -> tuple[list[Size], list[Cost]]:
    sizes, made = [], []
    with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder, postgres_server() as server:
        urls = [server.database() for _ in numbers]
        for url, number in zip(urls, numbers, strict=True):
            began = time.perf_counter()
            made.append(filled(Path(folder), url, number))
            took = time.perf_counter() - began
            # As autovacuum would soon, and not in the middle of the measurement.
            server.sql("VACUUM ANALYZE", url)
            sizes.append(_size(made[-1], server.sql("SELECT pg_database_size(current_database())", url)[0][0], took))
        costs = uvloop.run(compared("PostgreSQL", [(Path(folder), url) for url in urls], made, rounds))
    return sizes, costs


def _size(made: Made, size: int, took: float) -> Size:
    return Size(made.conversations, made.messages, made.events, size, took)


ON = {"PostgreSQL": on_postgres, "SQLite": on_sqlite}


def outcome(numbers: Sequence[int], rounds: int, databases: Sequence[str] = tuple(ON)) -> Outcome:
    found = Outcome({}, [])
    for name in databases:
        found.sizes[name], costs = ON[name](numbers, rounds)
        found.costs += costs
        small, large = found.sizes[name]
        print(f"\n{name}: {large.messages:,} messages beside {small.messages:,}, filled in {large.filled_s:.0f} s")
        for cost in costs:
            least, most = min(cost.ratios), max(cost.ratios)
            told = f"{cost.small_ms:9.2f} ms{cost.large_ms:9.2f} ms{cost.ratio:7.2f} ({least:.2f} to {most:.2f})"
            print(f"  {cost.operation:18}{told}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=FULL[1])
    parser.add_argument("--beside", type=int, default=FULL[0], help="conversations of the small one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--databases", nargs="+", default=list(ON), choices=list(ON))
    parser.add_argument("--to", type=Path, help="a file for everything that was found, as JSON")
    options = parser.parse_args()
    print(machine())
    found = outcome((options.beside, options.conversations), options.rounds, options.databases)
    if options.to:
        options.to.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")


if __name__ == "__main__":
    main()
