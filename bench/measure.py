"""Measures everything in `bench/report.md`, on this machine, in one run. `make bench` calls it.

    python bench/measure.py [--quick] [--rounds N] [--only posts_16 …] [--subjects havana bare …] [--to FILE]

Each measurement starts a fresh server, on a core of its own; the load generator runs on the other. What is compared
is measured in turns, in the other order every second round. All of it stays on 127.0.0.1 and ends by itself.
"""

import argparse
import os
import platform
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

import plan
from load import Result, Task
from millions import FULL, QUICK, Outcome, outcome
from sampled import SAMPLES, split
from serving import cpu_model, pinned, sync_ms
from subjects import LOAD_CORE, rival_versions, running

HERE = Path(__file__).parent
ENDS_WITHIN_S = 600
MILLIONS = "millions"


class Run(msgspec.Struct):
    """One measurement. `failed` says why there is no result; `load` is the machine's before it."""

    step: str
    subject: str
    round: int
    machine_load: float
    result: Result | None = None
    failed: str | None = None


class Results(msgspec.Struct):
    """Everything that the report is made of. `sync_ms` is the disk's, once a round."""

    machine: dict[str, Any]
    quick: bool
    began: str
    took_s: float
    sync_ms: list[float]
    runs: list[Run]
    millions: Outcome | None = None


def once(step: plan.Step, subject: str, turn: int) -> Run:
    run = Run(step.name, subject, turn, os.getloadavg()[0])
    try:
        with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder:
            with running(subject, Path(folder)) as it:
                server, data = it.server, str(it.data)
                task = Task(
                    subject, server.url, server.pid, data, step.load, it.helper, it.database_url, it.readers, it.beside
                )
                run.result = _loaded(task)
            if (samples := it.data / SAMPLES).exists():
                run.result.parts = _parts(samples, run.result)
    except (SystemExit, OSError, subprocess.SubprocessError) as error:
        run.failed = str(error)
    return run


def _parts(samples: Path, result: Result) -> dict[str, float]:
    """Microseconds of the server's processor time for one message, by part."""
    began, seconds = result.window
    used = split(samples, began, seconds, result.server_share * seconds)
    return {part: took / (result.per_s * seconds) * 1e6 for part, took in used.items()}


def _loaded(task: Task) -> Result:
    with pinned(LOAD_CORE):
        done = subprocess.run(
            [sys.executable, HERE / "load.py", msgspec.json.encode(task)],
            capture_output=True,
            text=True,
            timeout=ENDS_WITHIN_S,
            check=False,
        )
    if done.returncode:
        raise SystemExit(done.stderr.strip().rpartition("\n")[2])
    return msgspec.json.decode(done.stdout, type=Result)


def everything(steps: Sequence[plan.Step]) -> tuple[list[float], list[Run]]:
    syncs: list[float] = []
    runs: list[Run] = []
    for turn in range(max((max(step.rounds, step.rival_rounds) for step in steps), default=1)):
        with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder:
            syncs.append(sync_ms(Path(folder)))
        print(f"\nround {turn + 1}: the disk syncs 4 KiB in {syncs[-1]:.2f} ms", flush=True)
        for step in steps:
            for subject in step.of_round(turn):
                runs.append(once(step, subject, turn))
                print(_line(runs[-1]), flush=True)
    return syncs, runs


def _line(run: Run) -> str:
    if run.result is None:
        return f"{run.step:14}{run.subject:12}VOID: {run.failed}"
    told = {name: value for name, value in msgspec.structs.asdict(run.result).items() if isinstance(value, int | float)}
    return f"{run.step:14}{run.subject:12}" + "  ".join(f"{name} {value:.4g}" for name, value in told.items())


def machine() -> dict[str, Any]:
    """What the figures were measured on, and with which versions."""
    return {
        "processor": cpu_model(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in ("havana", "uvicorn", "uvloop", "websockets")},
        **rival_versions(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round, to see that everything works")
    parser.add_argument("--rounds", type=int, help="of every step")
    names = [*dict.fromkeys(step.name for step in plan.full()), MILLIONS]
    parser.add_argument("--only", nargs="+", default=[], help="steps", choices=names)
    parser.add_argument("--subjects", nargs="+", default=[], help="what to measure of them")
    parser.add_argument("--to", type=Path, default=HERE / "results.json")
    options = parser.parse_args()
    if len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("Two cores are needed: one for the server, one for the load.")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # For the servers too, which inherit it.
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    steps = plan.quick() if options.quick else plan.full()
    steps = plan.chosen(steps, options.only, options.subjects, options.rounds)
    began, started_at = time.strftime("%Y-%m-%d"), time.perf_counter()
    syncs, runs = everything(steps)
    results = Results(machine(), options.quick, began, 0, syncs, runs)
    if MILLIONS in (options.only or [MILLIONS]) and not options.subjects:
        rounds = 1 if options.quick else options.rounds or 5
        results.millions = outcome(QUICK if options.quick else FULL, rounds)
    results.took_s = time.perf_counter() - started_at
    options.to.parent.mkdir(exist_ok=True)
    options.to.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
    print(f"\n{options.to}: {len(runs)} runs in {results.took_s:.0f} s")


if __name__ == "__main__":
    main()
