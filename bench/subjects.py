"""What is measured: each as a server in a process of its own, on a core of its own, with a fresh folder."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving import Server, bare, clean_environment, serving, started

CORES = sorted(os.sched_getaffinity(0))
# As far apart as can be: neighbours may be two halves of the same core.
LOAD_CORE, SERVER_CORE = CORES[0], CORES[-1]
HERE = Path(__file__).parent
RIVALS = HERE / "rivals"
CHAINLIT = HERE.parent / ".venv-bench" / "bin" / "chainlit"


@contextmanager
def running(subject: str, folder: Path) -> Iterator[tuple[Server, Path, int | None]]:
    """The server, its data folder, and the process that plays the model if there is one.

    Limits on how much one address may ask for are off: it is all one address.
    """
    data = folder / "data"
    match subject:
        case "havana":
            with serving(data, core=SERVER_CORE, HAVANA_RATE_LIMITS="off") as server:
                yield server, data, None
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
                    yield server, data, model.pid
        case "responder" | "bus":
            command = [sys.executable, HERE / "streaming.py", subject, "--data", data]
            with started(command, folder, clean_environment(), SERVER_CORE) as server:
                yield server, data, None
        case "bare" | "echo":
            with bare("pipeline" if subject == "bare" else "echo", folder, SERVER_CORE) as server:
                yield server, folder, None
        case "socketio":
            environment = clean_environment() | {"NODE_ENV": "production"}
            with started(("node", RIVALS / "socketio.mjs"), folder, environment, SERVER_CORE) as server:
                yield server, folder, None
        case "chainlit":
            with started(_chainlit(), folder, clean_environment(), SERVER_CORE) as server:
                yield server, folder, None
        case _:
            raise ValueError(subject)


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
