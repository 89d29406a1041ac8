"""Havana as it is served, with a look a thousand times a second at what it is doing: where a message's time goes.

    HAVANA_DATA=FOLDER … python bench/sampled.py        (settings as for `havana serve`)

A part is told by the innermost Python function that belongs to one. A signal is heard only by Python: what uvloop,
the kernel or the inside of PostgreSQL's driver did before is counted to what they then call, which is mostly theirs.
Only the thread of the loop is looked at; all other threads are the database's. FOLDER/samples has all looks in the
end, `split` makes sums of them.
"""

import itertools
import signal
import socket
import time
from pathlib import Path
from types import FrameType

import msgspec
import uvicorn

import havana
from havana import app as composition
from havana.cli.common import settings_with
from havana.cli.serve import server_config

EVERY_S = 0.001
SAMPLES = "samples"
SOCKET, DESK, DATABASE, BUS, OTHER = "socket", "desk", "database", "bus", "other"
OURS = str(Path(havana.__file__).parent)
PARTS = {
    "/uvicorn/server.py": OTHER,
    f"{OURS}/bus/": BUS,
    f"{OURS}/storage/": DATABASE,
    "/sqlalchemy/": DATABASE,
    "/asyncpg/": DATABASE,
    f"{OURS}/live/": SOCKET,
    f"{OURS}/cli/": SOCKET,
    "/uvicorn/": SOCKET,
    "/websockets/": SOCKET,
    f"{OURS}/": DESK,
}
"""Whoever comes first is meant. The desk's part are the rules too, and who may do what."""


class Look(msgspec.Struct, frozen=True, array_like=True):
    """`at` on the clock of `time.perf_counter`, which all processes of a machine share.

    `used` is the processor time that the thread of the loop has used until then, in seconds.
    """

    at: float
    used: float
    part: str


def split(samples: Path, began: float, seconds: float, server_cpu_s: float) -> dict[str, float]:
    """Seconds of processor time by part, of those that the server used in this time."""
    looks = msgspec.json.decode(samples.read_bytes(), type=list[Look])
    inside = [look for look in looks if began <= look.at <= began + seconds]
    found = dict.fromkeys((SOCKET, DESK, DATABASE, BUS, OTHER), 0.0)
    for before, look in itertools.pairwise(inside):
        found[look.part] += look.used - before.used
    found[DATABASE] += max(0.0, server_cpu_s - sum(found.values()))
    return found


class Sampler:
    def __init__(self) -> None:
        self._looks: list[Look] = []
        self._known: dict[str, str | None] = {}

    def start(self) -> None:
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)

    def stop(self, to: Path) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        to.write_bytes(msgspec.json.encode(self._looks))

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        part = None
        while frame is not None and part is None:
            part = self._part(frame.f_code.co_filename)
            frame = frame.f_back
        self._looks.append(Look(time.perf_counter(), time.thread_time(), part or OTHER))

    def _part(self, file: str) -> str | None:
        if file not in self._known:
            self._known[file] = next((part for place, part in PARTS.items() if place in file), None)
        return self._known[file]


class _Server(uvicorn.Server):
    """After its end there is no time left: uvicorn passes on the signal that it was ended by."""

    def __init__(self, config: uvicorn.Config, to: Path) -> None:
        super().__init__(config)
        self._to = to
        self._sampler = Sampler()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._sampler.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._sampler.stop(self._to)
        await super().shutdown(sockets=sockets)


def main() -> None:
    settings = settings_with()
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    app = composition.build(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
    _Server(server_config(app), settings.data / SAMPLES).run(sockets=[listening])


if __name__ == "__main__":
    main()
