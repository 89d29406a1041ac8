"""What is measured: each as a server in a process of its own, on a core of its own, with a fresh folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving import Server, bare, serving

SERVER_CORE, LOAD_CORE = 1, 0


@contextmanager
def running(subject: str, folder: Path) -> Iterator[tuple[Server, Path]]:
    """The server and its data folder. Limits on how much one address may ask for are off: it is all one address."""
    data = folder / "data"
    match subject:
        case "havana":
            with serving(data, core=SERVER_CORE, HAVANA_RATE_LIMITS="off") as server:
                yield server, data
        case "bare" | "echo":
            with bare("pipeline" if subject == "bare" else "echo", folder, SERVER_CORE) as server:
                yield server, folder
        case _:
            raise ValueError(subject)
