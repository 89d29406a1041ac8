"""Measures how long a start takes and what it weighs, as a newcomer sees it. No model is configured.

    python bench/start.py [--times 5]

Each row: the time from `havana serve` to the first answer of each kind, and the server's memory (RSS) when it has
started, before any request, and after all of them. The best of the starts is printed, since other work on the
machine only ever adds, and the largest memory.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

import httpx
import msgspec
import websockets

from havana.ids import new_id
from serving import Server, machine, serving

DEMO = Path(__file__).parents[1] / "demo"
ANSWER_WITHIN_S = 20


class Start(msgspec.Struct, frozen=True):
    """Seconds since the command, and MB."""

    health: float
    page: float
    chat: float
    memory: float
    memory_after: float


async def start(data: Path, demo: Path | None) -> Start:
    with serving(data, demo=demo) as server:
        async with httpx.AsyncClient(base_url=server.url) as browser:
            (await browser.get("/healthz")).raise_for_status()
            health, memory = _since(server), server.memory_mb()
            (await browser.get("/")).raise_for_status()
            page = _since(server)
            site = "demo" if demo else "default"
            arrived = await browser.post("/api/visitors", json={"site": site})
            arrived.raise_for_status()
        await ask(server.url, arrived.json()["token"])
        return Start(health, page, _since(server), memory, server.memory_mb())


async def ask(url: str, token: str) -> None:
    """Asks over the live channel and waits for the whole answer."""
    async with (
        asyncio.timeout(ANSWER_WITHIN_S),
        websockets.connect(url.replace("http", "ws") + "/live", subprotocols=[websockets.Subprotocol("chat.v1")]) as ws,
    ):
        await ws.send(json.dumps({"id": 1, "do": "hello", "v": 1, "token": token, "client": "bench/1"}))
        await ws.send(
            json.dumps({"id": 2, "do": "post", "key": new_id(), "text": "How much does the welding program cost?"})
        )
        async for text in ws:
            if '"answer_finished"' in str(text):
                return
    raise SystemExit("No answer came.")


def _since(server: Server) -> float:
    return time.perf_counter() - server.started_at


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="starts of each kind")
    options = parser.parse_args()
    kinds: dict[str, list[Start]] = {"first start": [], "first, --demo": [], "second start": []}
    print(machine())
    for _ in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            kinds["first start"].append(await start(Path(folder) / "fresh", None))
            kinds["first, --demo"].append(await start(Path(folder) / "demo", DEMO))
            kinds["second start"].append(await start(Path(folder) / "demo", DEMO))
    print(f"\n{'':15}{'/healthz':>10}{'/':>10}{'answer':>10}{'memory':>12}{'after':>12}")
    for kind, starts in kinds.items():
        times = "".join(f"{min(getattr(s, name) for s in starts):8.2f} s" for name in ("health", "page", "chat"))
        sizes = "".join(f"{max(getattr(s, name) for s in starts):9.1f} MB" for name in ("memory", "memory_after"))
        print(f"{kind:15}{times}{sizes}")


if __name__ == "__main__":
    asyncio.run(main())
