"""A server as a newcomer starts it, for the measurements beside this file."""

import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

READY = re.compile(r"http://\S+?(?=/\s)")
HAVANA = Path(sys.executable).with_name("havana")


class Server(msgspec.Struct, frozen=True):
    """A running `havana serve`; `started_at` on the clock of `time.perf_counter`."""

    url: str
    pid: int
    started_at: float

    def memory_mb(self) -> float:
        """What of it is in memory now (RSS), in MB (10⁶ bytes)."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found, "the server has ended"
        return int(found[1]) * 1024 / 1e6

    def cpu_s(self) -> float:
        """Seconds of processor time that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(data: Path, *, demo: Path | None = None, **settings: str) -> Iterator[Server]:
    """`havana serve` on a free port of 127.0.0.1, without a model unless `settings` (HAVANA_…) name one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HAVANA_", "OPENAI_"))}
    command = [HAVANA, "serve", "--host", "127.0.0.1", "--port", "0", "--data", data]
    command += ["--demo", demo] if demo else []
    started_at = time.perf_counter()
    with subprocess.Popen(
        command,
        # Where no `.env` of somebody's own lies.
        cwd=data.parent,
        env=environment | settings | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            said: list[str] = []
            while not (found := READY.search("".join(said))):
                line = process.stdout.readline()
                if not line:
                    raise SystemExit(f"The server ended:\n{''.join(said)}")
                said.append(line)
            yield Server(found[0], process.pid, started_at)
        finally:
            process.terminate()
            process.stdout.close()


def machine() -> str:
    """What the figures were measured on."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    busy = os.getloadavg()[0]
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores (load {busy:.1f} before),"
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
