"""What the runs come to: medians over the rounds, their spread, and ratios of what was measured in the same round."""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

NAMES = {
    "havana": "Havana",
    "cluster": "on PostgreSQL and Redis",
    "two_nodes": "and readers on another node",
    "bare": "bare pipeline",
    "socketio": "Socket.IO",
    "chainlit": "Chainlit",
    "echo": "raw echo",
    "sampled": "on SQLite",
    "sampled_cluster": "on PostgreSQL and Redis",
    "model": "a model over HTTP",
    "responder": "without the model's client",
    "bus": "the live side alone",
}
SENDERS = (1, 16, 256)
WANTED_WORDS = 12_500
GENERATOR_LIMIT = 0.9
"""From this share of its core on, it is the load generator that limits a figure."""


class Spread(NamedTuple):
    """The median of the rounds, and the least and the most of them."""

    median: float
    least: float
    most: float


class Target(NamedTuple):
    """`holds` compares what was measured with the limit."""

    what: str
    limit: str
    measured: str
    holds: bool


class Figures:
    def __init__(self, results: Path) -> None:
        self.results: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
        self._runs: list[dict[str, Any]] = self.results["runs"]

    def subjects(self, step: str) -> list[str]:
        """Those with a result, in the order of `NAMES`."""
        return [subject for subject in NAMES if self._of(step, subject)]

    def spread(self, step: str, subject: str, field: str = "per_s") -> Spread | None:
        """None where a load does not tell this, or no run succeeded."""
        return _spread([run["result"][field] for run in self._of(step, subject) if run["result"][field] is not None])

    def median(self, step: str, subject: str, field: str = "per_s") -> float | None:
        found = self.spread(step, subject, field)
        return None if found is None else found.median

    def per_core_s(self, step: str, subject: str) -> float | None:
        """What a second of the server's processor time was enough for."""
        found = _spread([_per_core_s(run) for run in self._of(step, subject)])
        return None if found is None else found.median

    def sizes(self, step: str, subject: str) -> dict[str, int]:
        """Bytes of a post, of its acknowledgement, and of a delivery."""
        sizes: dict[str, int] = self._of(step, subject)[-1]["result"]["sizes"]
        return sizes

    def ratio(self, step: str, subject: str = "havana", to: str = "bare", *, per_core: bool = False) -> Spread | None:
        """Of the rates of two runs that were made in turns in the same round."""
        value = _per_core_s if per_core else _rate
        others = {run["round"]: value(run) for run in self._of(step, to)}
        own = {run["round"]: value(run) for run in self._of(step, subject)}
        return _spread([own[turn] / others[turn] for turn in own if others.get(turn)])

    def part(self, subject: str, part: str) -> float:
        """Microseconds of the node's processor time for a message."""
        return statistics.median(float(run["result"]["parts"][part]) for run in self._of("parts", subject))

    def beside(self, step: str, subject: str, server: str) -> float | None:
        """The same of a server that it needs."""
        results = [run["result"] for run in self._of(step, subject)]
        used = [result["beside"][server] / result["per_s"] * 1e6 for result in results if server in result["beside"]]
        return statistics.median(used) if used else None

    @property
    def installations(self) -> dict[str, list[dict[str, Any]]]:
        """By database: the small installation, and the large one. Empty where they were not measured."""
        return dict((self.results.get("millions") or {"sizes": {}})["sizes"])

    def costs(self, database: str) -> list[dict[str, Any]]:
        return [cost for cost in self.results["millions"]["costs"] if cost["database"] == database]

    def cost_ratio(self, cost: dict[str, Any]) -> Spread:
        found = _spread(cost["ratios"])
        assert found is not None, "there is at least one round"
        return found

    def targets(self) -> list[Target]:
        p99s = [self.median("paced", "havana", field) for field in ("acknowledged_p99", "delivered_p99")]
        p99, weight = max((p99 for p99 in p99s if p99 is not None), default=None), self.median("idle", "havana", "kb")
        found = [self._of_bare("Posts of 256 senders", "posts_256"), self._of_bare("Fan-out to 200 readers", "fan_out")]
        if p99:
            what = "Acknowledged and delivered at 1,000 posts/s, p99"
            found.append(Target(what, "≤ 20 ms", f"{p99:.1f} ms", p99 <= 20))
        if weight:
            found.append(Target("Memory of an idle connection", "≤ 25 KB", f"{weight:.1f} KB", weight <= 25))
        for database, (small, large) in self.installations.items():
            worst = max(self.cost_ratio(cost).median for cost in self.costs(database))
            what = (
                f"{database}: everyday work beside {large['messages']:,} messages, by that beside {small['messages']:,}"
            )
            found.append(Target(what, "≤ 2, each", f"at most {worst:.2f}", worst <= 2))
        return [target for target in found if target]

    def _of_bare(self, what: str, step: str) -> Target | None:
        ratio, per_core = self.ratio(step), self.ratio(step, per_core=True)
        if ratio is None or per_core is None:
            return None
        # Both, for on a busy machine the hungrier server gets less than its part of the rate, or more.
        measured = f"{ratio.median:.2f}; per core second {per_core.median:.2f}"
        return Target(
            f"{what}, of the bare pipeline's rate", "≥ 0.6, both", measured, min(ratio.median, per_core.median) >= 0.6
        )

    def limited_by_generator(self) -> list[str]:
        return [
            f"{step}, {NAMES[subject]}"
            for step, subject in dict.fromkeys((run["step"], run["subject"]) for run in self._runs)
            if (self.median(step, subject, "own_share") or 0) > GENERATOR_LIMIT
        ]

    def void(self) -> list[str]:
        return [f"{run['step']}, {NAMES[run['subject']]}: {run['failed']}" for run in self._runs if run["failed"]]

    @property
    def rounds(self) -> int:
        return 1 + max(int(run["round"]) for run in self._runs)

    @property
    def sync(self) -> Spread:
        """Of 4 KiB to the disk, in ms."""
        found = _spread(self.results["sync_ms"])
        assert found is not None, "every run begins with it"
        return found

    @property
    def machine_load(self) -> float:
        return statistics.median(float(run["machine_load"]) for run in self._runs)

    def _of(self, step: str, subject: str) -> list[dict[str, Any]]:
        return [run for run in self._runs if (run["step"], run["subject"]) == (step, subject) and run["result"]]


def milliseconds(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.2g} ms" if value < 1 else f"{value:.1f} ms"


def _spread(values: Sequence[float]) -> Spread | None:
    return Spread(statistics.median(values), min(values), max(values)) if values else None


def _rate(run: dict[str, Any]) -> float:
    return float(run["result"]["per_s"])


def _per_core_s(run: dict[str, Any]) -> float:
    return _rate(run) / max(float(run["result"]["server_share"] or 0), 0.01)
