"""What is measured: each as a server in a process of its own, on a core of its own, with a fresh folder."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from servers import postgres_server, redis
from serving import Server, bare, clean_environment, serving, started

CORES = sorted(os.sched_getaffinity(0))
# As far apart as can be: neighbours may be two halves of the same core.
LOAD_CORE, SERVER_CORE = CORES[0], CORES[-1]
HERE = Path(__file__).parent
RIVALS = HERE / "rivals"
CHAINLIT = HERE.parent / ".venv-bench" / "bin" / "chainlit"


class Running(msgspec.Struct, frozen=True):
    """What is measured: the server, where it keeps things, and who else works for it.

    `helper` is the process that plays the model, `readers` the node that others than the senders are connected to,
    `beside` the servers that it needs, by what they are called.
    """

    server: Server
    data: Path
    helper: int | None = None
    database_url: str | None = None
    readers: str | None = None
    beside: dict[str, int] = {}


@contextmanager
def running(subject: str, folder: Path) -> Iterator[Running]:
    """Limits on how much one address may ask for are off: it is all one address."""
    data = folder / "data"
    match subject:
        case "havana":
            with serving(data, core=SERVER_CORE, HAVANA_RATE_LIMITS="off") as server:
                yield Running(server, data)
        case "cluster" | "two_nodes":
            with cluster(folder, 1 if subject == "cluster" else 2) as (nodes, url, _, beside):
                yield Running(nodes[0], data, database_url=url, readers=nodes[-1].url, beside=beside)
        case "sampled":
            with sampled(data) as server:
                yield Running(server, data)
        case "sampled_cluster":
            with cluster(folder, 0) as (_, url, settings, beside), sampled(data, **settings) as server:
                yield Running(server, data, database_url=url, beside=beside)
        case "model":
            (folder / "model").mkdir()
            command: list[str | Path] = [sys.executable, HERE / "model.py"]
            with started(command, folder / "model", clean_environment(), LOAD_CORE) as model:
                with serving(
                    data,
                    core=SERVER_CORE,
                    HAVANA_RATE_LIMITS="off",
                    HAVANA_MODEL="openai:bench",
                    OPENAI_BASE_URL=f"{model.url}/v1",
                    OPENAI_API_KEY="bench",
                ) as server:
                    yield Running(server, data, model.pid)
        case "responder" | "bus":
            command = [sys.executable, HERE / "streaming.py", subject, "--data", data]
            with started(command, folder, clean_environment(), SERVER_CORE) as server:
                yield Running(server, data)
        case "bare" | "echo":
            with bare("pipeline" if subject == "bare" else "echo", folder, SERVER_CORE) as server:
                yield Running(server, folder)
        case "socketio":
            environment = clean_environment() | {"NODE_ENV": "production"}
            with started(("node", RIVALS / "socketio.mjs"), folder, environment, SERVER_CORE) as server:
                yield Running(server, folder)
        case "chainlit":
            with started(_chainlit(), folder, clean_environment(), SERVER_CORE) as server:
                yield Running(server, folder)
        case _:
            raise ValueError(subject)


@contextmanager
def cluster(folder: Path, nodes: int) -> Iterator[tuple[list[Server], str, dict[str, str], dict[str, int]]]:
    """So many nodes on a core, their PostgreSQL and Redis on the other, as if these were on another machine.

    Also the database's address, settings for further nodes, and the two servers' processes.
    """
    with postgres_server(LOAD_CORE) as postgres, redis(LOAD_CORE) as bus, ExitStack() as stack:
        url = postgres.database()
        settings = {"HAVANA_DATABASE_URL": url, "HAVANA_REDIS_URL": bus.url, "HAVANA_RATE_LIMITS": "off"}
        servers: list[Server] = []
        for number in range(nodes):
            own = folder / f"node-{number}"
            own.mkdir()
            servers.append(stack.enter_context(serving(own / "data", core=SERVER_CORE, **settings)))
        yield servers, url, settings, {"PostgreSQL": postgres.pid, "Redis": bus.pid}


@contextmanager
def sampled(data: Path, **settings: str) -> Iterator[Server]:
    environment = clean_environment() | {"HAVANA_DATA": str(data), "HAVANA_RATE_LIMITS": "off"} | settings
    with started((sys.executable, HERE / "sampled.py"), data.parent, environment, SERVER_CORE) as server:
        yield server


def rival_versions() -> dict[str, str]:
    """Empty where they are not installed."""
    versions: dict[str, str] = {}
    if (package := RIVALS / "node_modules/socket.io/package.json").exists():
        versions["Node"] = _said("node", "--version")
        versions["Socket.IO"] = json.loads(package.read_text(encoding="utf-8"))["version"]
    if CHAINLIT.exists():
        # Its own `--version` writes its settings to wherever it is asked.
        asking = "import importlib.metadata; print(importlib.metadata.version('chainlit'))"
        versions["Chainlit"] = _said(CHAINLIT.with_name("python"), "-c", asking)
    return versions


def _said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _chainlit() -> list[str | Path]:
    """As its documentation starts it on a server. It takes no port that is free by itself."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    app = RIVALS / "chainlit_app.py"
    return [CHAINLIT, "run", app, "--headless", "--host", "127.0.0.1", "--port", str(port)]
