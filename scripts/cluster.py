"""PostgreSQL, Valkey, two nodes with the demo and a proxy, all on this machine, to see it work: `make cluster`.

Everything ends with Ctrl-C and is forgotten; what the nodes said stays in `.cluster/`.
"""

import argparse
import asyncio
import contextlib
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import postgres, redis_server  # noqa: E402 - they lie beside us and in no package
from tests.cluster.nodes import Node  # noqa: E402
from tests.cluster.proxy import Proxy  # noqa: E402

NODES = 2
AGAIN_S = 5
"""After so many seconds a node that has ended starts again."""
LINK = re.compile(r"Sign in \(once\)\s+(\S+)")


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The settings of nodes that use them."""
    with contextlib.ExitStack() as stack:
        database = postgres.Server()
        stack.callback(database.close)
        bus = redis_server.Server()
        stack.callback(bus.kill)
        yield {"HAVANA_DATABASE_URL": database.database(), "HAVANA_REDIS_URL": bus.url}


async def run(port: int, folder: Path) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    with servers() as settings, contextlib.ExitStack() as stack:
        ports: list[int] = []
        async with Proxy(ports, port) as proxy:
            settings["HAVANA_PUBLIC_URL"] = f"http://localhost:{proxy.port}"
            nodes = [
                Node(f"node-{number}", folder, settings, "--demo", str(ROOT / "demo")) for number in range(1, NODES + 1)
            ]
            for node in nodes:
                # One after the other: the first fills the database.
                stack.callback(node.close)
                node.start()
                await node.is_ready()
                ports.append(node.port)
            announce(nodes, settings)
            await keep_until(ended, nodes)
            print("\nEnding.")
            await end(nodes)


async def keep_until(ended: asyncio.Event, nodes: list[Node]) -> None:
    """Raises what made it impossible to keep them: a node that does not come back must not look like one that will."""
    keeping, told = asyncio.create_task(keep(nodes)), asyncio.create_task(ended.wait())
    await asyncio.wait((keeping, told), return_when=asyncio.FIRST_COMPLETED)
    if keeping.done():
        await keeping
    keeping.cancel()


async def keep(nodes: list[Node]) -> None:
    """Starts again what has ended, as whatever runs servers elsewhere does."""
    while True:
        await asyncio.sleep(0.2)
        for node in nodes:
            if node.ended is not None:
                print(f"  {node.name} has ended; it starts again in {AGAIN_S} seconds.", flush=True)
                await asyncio.sleep(AGAIN_S)
                node.start()
                await node.is_ready()
                print(f"  {node.name} is back, as process {node.process}.", flush=True)


async def end(nodes: list[Node]) -> None:
    for node in nodes:
        with contextlib.suppress(ProcessLookupError):
            node.send(signal.SIGCONT)
            node.send(signal.SIGTERM)
    for node in nodes:
        await node.is_gone()


def announce(nodes: list[Node], settings: dict[str, str]) -> None:
    base = settings["HAVANA_PUBLIC_URL"]
    found = LINK.findall(nodes[-1].said.read_text(encoding="utf-8"))
    lines = [
        ("Visitor's page", f"{base}/"),
        ("Console", f"{base}/console"),
        ("Sign in (once)", found[-1] if found else "see the log of a node"),
        *((node.name, f"{node.url}   process {node.process}   {node.said}") for node in nodes),
        ("PostgreSQL", settings["HAVANA_DATABASE_URL"]),
        ("Valkey", settings["HAVANA_REDIS_URL"]),
    ]
    print()
    for what, where in lines:
        print(f"  {what:<16} {where}")
    print(
        f"""
  Ask something on the visitor's page, take over in the console, and meanwhile:

    kill -9 {nodes[0].process:<10}  a node dies: its pages come back on the other, and nothing is lost;
                        it starts again after {AGAIN_S} seconds
    kill -STOP {nodes[0].process:<7}  a node stands still; kill -CONT {nodes[0].process} wakes it
    kill {nodes[0].process:<13}  a node ends as in an update: it tells its pages when to come back

  Ctrl-C ends all of it.
""",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000, help="of the proxy; 0 for any that is free")
    parser.add_argument("--folder", type=Path, default=Path(".cluster"), help="made anew at each start")
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    given.folder.mkdir()
    try:
        asyncio.run(run(given.port, given.folder))
    except TimeoutError:
        raise SystemExit(f"A node takes too long. What it said is in {given.folder}.") from None
    except (postgres.NoServer, redis_server.NoServer, AssertionError, OSError) as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
