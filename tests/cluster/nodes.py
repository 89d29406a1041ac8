"""Three nodes as processes of their own, each with a line to PostgreSQL and one to Redis, and a proxy before them."""

import asyncio
import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
from tests.assistant.openai_server import OpenAIServer
from tests.line import Line, line_to
from tests.ports import free_port

from havana.accounts.passwords import hash_password
from havana.chat.site import Site
from havana.ids import new_id
from havana.storage import sites, staff
from havana.storage.database import Database
from havana.storage.opening import open_database

from .people import PASSWORD, SITE_KEY
from .proxy import Proxy

COMES_WITHIN_S = 60
"""What ends a test whose node does not come, or does not go."""
SITE = Site(
    id=new_id(), key=SITE_KEY, name="Havana Tech", remind_after_s=4, agent_gone_after_s=5, call_url="https://x.example"
)
"""Nobody here has two minutes."""
AGENTS = ("Ana", "Ben", "Cleo")


class Node:
    """`havana serve`, which can be killed, stopped and frozen. What it says is in `said`."""

    to_postgres: Line
    to_redis: Line | None = None

    def __init__(self, name: str, folder: Path, settings: dict[str, str], *arguments: str) -> None:
        self.name = name
        self.port = free_port()
        self.said = folder / f"{name}.log"
        self._command = [sys.executable, "-m", "havana.cli", "serve", "--port", str(self.port)]
        self._command += ["--data", str(folder / name), *arguments]
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def runs(self, release: Path) -> None:
        """Another source than this one, by its folder."""
        self._settings["PYTHONPATH"] = str(release)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.said.open("ab") as said:
            # Without what the tests go by, and in a session of its own: Ctrl-C is for whoever started it.
            environment = {name: value for name, value in os.environ.items() if not name.startswith("HAVANA_")}
            self._process = subprocess.Popen(
                self._command,
                env=environment | self._settings,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    @property
    def process(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """With which code, if it has."""
        assert self._process is not None
        return self._process.poll()

    async def is_gone(self) -> None:
        async with asyncio.timeout(COMES_WITHIN_S):
            while self.ended is None:
                await asyncio.sleep(0.05)

    async def is_ready(self) -> None:
        """Waits for a yes of `/readyz`."""
        async with asyncio.timeout(COMES_WITHIN_S), httpx.AsyncClient(base_url=self.url, timeout=5) as http:
            while True:
                assert self.ended is None, f"{self.name} has ended with {self.ended}:\n{self.tail()}"
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get("/readyz")).status_code == 200:
                        return
                await asyncio.sleep(0.1)

    @property
    def has_fallen_over(self) -> bool:
        """Whether anything happened in it that nobody had expected."""
        return "Traceback" in self.said.read_text(encoding="utf-8", errors="replace")

    def tail(self) -> str:
        return self.said.read_text(encoding="utf-8", errors="replace")[-3000:]

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            # A frozen one as well.
            self._process.kill()
            self._process.wait()


class Cluster:
    """`database` is a way to the store that nothing of what is broken here is on."""

    def __init__(self, nodes: list[Node], proxy: Proxy, database: Database, agents: dict[str, str]) -> None:
        self.nodes = nodes
        self.proxy = proxy
        self.database = database
        self.agents = agents
        """Their ids by name."""

    async def is_whole(self) -> None:
        await asyncio.gather(*(node.is_ready() for node in self.nodes))


@asynccontextmanager
async def a_cluster(
    folder: Path,
    postgres_url: str,
    redis_url: str | None,
    model: OpenAIServer,
    *,
    nodes: int = 3,
    next_release: Path | None = None,
    **settings: str,
) -> AsyncIterator[Cluster]:
    """Ready, with a site and its agents. The last node is of the release in the folder `next_release`, if any."""
    settings |= {"HAVANA_MODEL": "openai:test", "OPENAI_API_KEY": "key", "OPENAI_BASE_URL": model.url}
    database = open_database(folder, postgres_url)
    agents = _furnish(database)
    with contextlib.ExitStack() as stack:
        stack.callback(database.close_now)
        started = [
            stack.enter_context(_a_node(f"node-{number}", folder, postgres_url, redis_url, settings))
            for number in range(nodes)
        ]
        if next_release is not None:
            started[-1].runs(next_release)
        for node in started:
            node.start()
        async with Proxy([node.port for node in started]) as proxy:
            cluster = Cluster(started, proxy, database, agents)
            await cluster.is_whole()
            yield cluster


@contextmanager
def _a_node(
    name: str, folder: Path, postgres_url: str, redis_url: str | None, settings: dict[str, str]
) -> Iterator[Node]:
    with contextlib.ExitStack() as stack:
        to_postgres, url = stack.enter_context(line_to(postgres_url))
        named = {"HAVANA_DATABASE_URL": url, "HAVANA_RATE_LIMITS": "off"}
        to_redis = None
        if redis_url is not None:
            to_redis, named["HAVANA_REDIS_URL"] = stack.enter_context(line_to(redis_url))
        node = Node(name, folder, named | settings)
        node.to_postgres, node.to_redis = to_postgres, to_redis
        try:
            yield node
        finally:
            node.close()


def _furnish(database: Database) -> dict[str, str]:
    now, stored = dt.datetime.now(dt.UTC), hash_password(PASSWORD)
    database.write_now(lambda conn: sites.store(conn, SITE, now))
    for name in AGENTS:
        email = f"{name.lower()}@example.com"
        database.write_now(
            lambda conn, name=name, email=email: staff.add_agent(
                conn, email, name, "agent", password_hash=stored, now=now
            )
        )
    return {agent.name: agent.id for agent in database.read_now(staff.team)}
