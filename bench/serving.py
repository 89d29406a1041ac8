"""Servers in processes of their own, for the measurements beside this file."""

import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from talking import memory

READY = re.compile(r"http://[\w.]+:\d+(?=/?\s)")
HAVANA = Path(sys.executable).with_name("havana")
BARE = Path(__file__).with_name("bare.py")
STARTS_WITHIN_S = 60
ENDS_WITHIN_S = 15


class Server(msgspec.Struct, frozen=True):
    """A running server; `started_at` on the clock of `time.perf_counter`."""

    url: str
    pid: int
    started_at: float

    def memory_mb(self) -> float:
        """What of it is in memory now (RSS), in MB (10⁶ bytes)."""
        return memory(self.pid) / 1e6


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Whatever is started meanwhile stays on this core, with all its threads."""
    before = os.sched_getaffinity(0)
    try:
        if core is not None:
            os.sched_setaffinity(0, {core})
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def started(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], core: int | None = None
) -> Iterator[Server]:
    """A server that says its address when it is ready.

    What it says goes to a file in `folder`, where it runs: nobody would empty a pipe while it is measured.
    """
    said = folder / "said"
    began = time.perf_counter()
    with said.open("w") as out, pinned(core):
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        while not (found := READY.search(said.read_text(encoding="utf-8"))):
            if process.poll() is not None or time.perf_counter() - began > STARTS_WITHIN_S:
                raise SystemExit(f"The server does not start:\n{said.read_text(encoding='utf-8')}")
            time.sleep(0.002)
        yield Server(found[0].replace("localhost", "127.0.0.1"), process.pid, began)
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def clean_environment() -> dict[str, str]:
    """Without anything that would set up a Havana, so that only the measurement says how."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("HAVANA_", "OPENAI_"))}
    return mine | {"PYTHONUNBUFFERED": "1"}


@contextmanager
def serving(data: Path, *, demo: Path | None = None, core: int | None = None, **settings: str) -> Iterator[Server]:
    """`havana serve` on a free port of 127.0.0.1, without a model unless `settings` (HAVANA_…) name one."""
    command: list[str | Path] = [HAVANA, "serve", "--host", "127.0.0.1", "--port", "0", "--data", data]
    command += ["--demo", demo] if demo else []
    # Where no `.env` of somebody's own lies.
    with started(command, data.parent, clean_environment() | settings, core) as server:
        yield server


@contextmanager
def bare(mode: str, folder: Path, core: int | None) -> Iterator[Server]:
    """`bare.py` as `echo` or as `pipeline`."""
    command: list[str | Path] = [sys.executable, BARE, mode, "--data", folder]
    with started(command, folder, clean_environment(), core) as server:
        yield server


def cpu_model() -> str:
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return model[1] if model else platform.machine()


def machine() -> str:
    """What the figures were measured on."""
    busy = os.getloadavg()[0]
    return (
        f"{cpu_model()}, {os.cpu_count()} cores (load {busy:.1f} before),"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}"
    )


def sync_ms(folder: Path, times: int = 200) -> float:
    """How long the disk takes to keep 4 KiB for good (median); no commit can be faster."""
    took: list[float] = []
    with (folder / "sync").open("wb") as file:
        file.write(b"\0" * 4096 * times)
        os.fsync(file.fileno())
        for place in range(times):
            file.seek(4096 * place)
            file.write(b"\1" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000
