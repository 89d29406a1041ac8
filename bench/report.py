"""Makes the report of results that `measure.py` has written: Markdown, and plots beside it. Measures nothing.

    .venv-bench/bin/python bench/report.py FOLDER [--readme README.md]

FOLDER holds `results.json`. With `--readme`, the summary between its markers is written anew too.
"""

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

import growing
import plots
from figures import NAMES, SENDERS, Figures, Spread, milliseconds
from tables import number, spread, table

LIMITS = Path(__file__).with_name("limits.md")
BUSY = 2.5
"""A load of the machine from which on something else than the measurement must have been at work."""
MEMORY = """\
Connecting includes the hello, 32 at a time. Memory is what the server's process grows by (RSS) for each of 5,000
connections that have said hello and do nothing (1,000 in a quick run); the kernel's buffers come on top.
"""
BESIDE = {"bare": "a bare pipeline", "socketio": "Socket.IO", "chainlit": "Chainlit"}
BLOCK = re.compile(r"(?<=<!-- bench -->\n).*?(?=<!-- /bench -->)", re.DOTALL)

HOW = """\
Everything runs on one machine and over 127.0.0.1. The server has one core to itself, all its threads included; the load
generator is a process of its own on the other and costs little: *generator* says how much of its core it used. Each
measurement starts a fresh server with an empty folder. What is compared is measured in turns (A B, B A, …); figures
are medians over the rounds, with the least and the most in brackets, ratios are of runs of the same round. The
warm-up does not count. *Per core s* is what one second of the server's processor time is enough for: other work on the
machine changes that least. A run in which a post was not acknowledged or not delivered is void.

- **Havana** is `havana serve`. A visitor waits for a person and writes; an agent's console reads along. Each post is
  committed and synced before it is acknowledged, and goes to the sender and to the other as an event: three frames.
- **On PostgreSQL and Redis** is the same with `HAVANA_DATABASE_URL` and `HAVANA_REDIS_URL`. These two servers are on
  the generator's core, with their own defaults, so that a commit is synced there too. **And readers on another node**
  is that with a second node, on the core of the first.
- **The bare pipeline** (`bench/bare.py`) is the same server stack with the least that can be called a chat: decode,
  commit in groups, acknowledge, deliver; frames of the same shapes and sizes. **Raw echo** is the stack alone.
- **Socket.IO** and **Chainlit** do the same work of acknowledging and delivering in one process, set up as their
  documentation recommends. They **store nothing**: they do less. Chainlit's acknowledgement is the
  end of its task, and it tells the sender of a step besides.
"""
POSTS = "Each sender posts again as soon as the last post was acknowledged; each conversation has one other reader."
STREAMS = """\
Each visitor has asked something and reads the answer. First, the whole of Havana with a scripted model over real HTTP;
then the words come from within the process, without the model's client library; then they appear on the bus, without
jobs, responder and drafts. A frame may hold several words, since Havana sends at most 25 a second per answer; how late
is from the moment a word was written to its arrival. *At once* is how many of the 500 answers were under way.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readme", type=Path)
    options = parser.parse_args()
    figures = Figures(options.folder / "results.json")
    plots.draw(figures, options.folder / "plots")
    (options.folder / "report.md").write_text(report(figures), encoding="utf-8")
    if options.readme:
        text = options.readme.read_text(encoding="utf-8")
        options.readme.write_text(BLOCK.sub(lambda _: summary(figures), text), encoding="utf-8")


def report(figures: Figures) -> str:
    parts = [
        "# Measured\n\nWritten by `make bench` from `results.json`, which has every run.",
        machine(figures),
        "## Targets",
        targets(figures),
        picture("ratios", "Ratios of Havana's rates to the bare pipeline's"),
        "## How",
        HOW,
        "## Posts",
        f"{POSTS}\n{sizes(figures)}",
        picture("posts", "Posts per second by number of senders"),
        *(f"**{n} sender{'s' if n > 1 else ''}**\n\n{rates(figures, f'posts_{n}')}" for n in SENDERS),
        "**1,000 posts/s by the clock**, at random moments, from 200 visitors; counted from the moment each was due\n\n"
        + rates(figures, "paced"),
        picture("latencies", "Latencies of posts"),
        "## Fan-out",
        "One conversation with 200 readers; four posts are on their way at any time. Rates count deliveries.",
        picture("fan_out", "Deliveries per second to 200 readers"),
        rates(figures, "fan_out"),
        "## Answers as they are written",
        STREAMS,
        picture("streams", "Words per second that reach their readers"),
        streams(figures),
        "## Connections",
        picture("connections", "Connections per second, and memory of an idle one"),
        connections(figures),
        *more(figures),
        "## The stack and the disk",
        disk(figures),
        echoes(figures),
        "## What limits",
        "\n".join([*warnings(figures), LIMITS.read_text(encoding="utf-8").strip()]),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def more(figures: Figures) -> Iterable[str]:
    """What is there only where it was measured, too."""
    if figures.subjects("parts"):
        yield from ("## Where the time of a message goes", growing.parts(figures))
    if figures.subjects("storm"):
        yield from ("## A node dies", growing.storm(figures))
    if figures.installations:
        yield from ("## Beside millions of stored messages", growing.millions(figures))


def machine(figures: Figures) -> str:
    told = dict(figures.results["machine"])
    where = f"{told.pop('processor')}, {told.pop('cores')} cores, {told.pop('system')}"
    versions = ", ".join(f"{name} {version}" for name, version in told.items())
    rounds = f"{figures.rounds} round{'s' if figures.rounds > 1 else ''}"
    said = f"**{where}**. {versions}. {figures.results['began']}, {rounds}, load {figures.machine_load:.1f}."
    if figures.machine_load > BUSY:
        said += " **Other work shared the machine:** believe what is per core second, and no rate or latency."
    if figures.results["quick"]:
        said += " **A quick run:** it shows that everything works, and nothing else."
    return said


def targets(figures: Figures) -> str:
    rows = (
        (what, limit, measured, "met" if holds else "**missed**") for what, limit, measured, holds in figures.targets()
    )
    return table(("", "target", "measured", ""), rows)


def rates(figures: Figures, step: str) -> str:
    head = (
        "",
        "per s",
        "of bare",
        "per core s",
        "of bare",
        "ack p50",
        "p99",
        "delivered p50",
        "p99",
        "server",
        "generator",
    )
    fields = ("acknowledged_p50", "acknowledged_p99", "delivered_p50", "delivered_p99")
    rows = [
        (
            NAMES[subject],
            spread(figures.spread(step, subject)),
            _ratio(figures.ratio(step, subject), subject),
            number(figures.per_core_s(step, subject)),
            _ratio(figures.ratio(step, subject, per_core=True), subject),
            *(milliseconds(ms) if (ms := figures.median(step, subject, field)) else "" for field in fields),
            *(number(figures.median(step, subject, share), 2) for share in ("server_share", "own_share")),
        )
        for subject in figures.subjects(step)
    ]
    return table(head, rows)


def sizes(figures: Figures) -> str:
    said = [
        f"{NAMES[subject]} {' / '.join(str(size) for size in figures.sizes('posts_16', subject).values())}"
        for subject in figures.subjects("posts_16")
    ]
    return f"Bytes of a post, its acknowledgement, and its delivery: {', '.join(said)}."


def streams(figures: Figures) -> str:
    head = (
        "",
        "words/s",
        "frames/s",
        "at once",
        "late p50",
        "p99",
        "words per core s",
        "server",
        "generator and model",
    )
    rows = []
    for subject in figures.subjects("streams"):
        told = {field: figures.median("streams", subject, field) or 0 for field in ("words_per_s", "per_s", "streams")}
        share = figures.median("streams", subject, "server_share") or 1
        rows.append(
            (
                NAMES[subject],
                *(number(value) for value in told.values()),
                *(f"{figures.median('streams', subject, f'delivered_{p}') or 0:,.0f} ms" for p in ("p50", "p99")),
                number(told["words_per_s"] / share),
                number(share, 2),
                number(figures.median("streams", subject, "own_share"), 2),
            )
        )
    return table(head, rows)


def connections(figures: Figures) -> str:
    rows = [
        (
            NAMES[subject],
            spread(figures.spread("arrivals", subject)),
            number(figures.per_core_s("arrivals", subject)),
            spread(figures.spread("idle", subject, "kb"), 1),
        )
        for subject in figures.subjects("arrivals")
    ]
    head = ("", "connected and greeted per s", "per core s", "KB for an idle one")
    return f"{table(head, rows)}\n\n{MEMORY}"


def disk(figures: Figures) -> str:
    took = figures.sync
    frames = [figures.sizes(step, "echo")["post"] for n in SENDERS if figures.subjects(step := f"echo_{n}")]
    return (
        f"The disk keeps 4 KiB for good (`fdatasync`) in {spread(took, 2)} ms, so {1000 / took.median:,.0f} times a"
        f" second. Raw echo, frames of at most {max(frames, default=0)} bytes:"
    )


def echoes(figures: Figures) -> str:
    rows = [
        (
            f"{n} connection{'s' if n > 1 else ''}",
            spread(figures.spread(f"echo_{n}", "echo")),
            number(figures.per_core_s(f"echo_{n}", "echo")),
            *(number(figures.median(f"echo_{n}", "echo", share), 2) for share in ("server_share", "own_share")),
        )
        for n in SENDERS
    ]
    return table(("", "echoes/s", "per core s", "server", "generator"), rows)


def warnings(figures: Figures) -> Iterable[str]:
    for what in figures.limited_by_generator():
        yield f"- **The load generator** was the limit of: {what}."
    for what in figures.void():
        yield f"- **Void**: {what}."


def summary(figures: Figures) -> str:
    """What the README says: ratios, and the machine."""
    compared = {"Posts of 256 senders": "posts_256", "Fan-out to 200 readers": "fan_out"}
    rows = [
        (name, *(number(ratio.median, 2) if (ratio := figures.ratio(step, to=to)) else "" for to in BESIDE))
        for name, step in compared.items()
    ]
    told = figures.results["machine"]
    weight, p99 = figures.median("idle", "havana", "kb") or 0, figures.median("paced", "havana", "delivered_p99") or 0
    return f"""\
{table(("Havana's rate, divided by that of", *BESIDE.values()), rows)}

The bare pipeline is the same server stack, which only decodes, commits, acknowledges and delivers; the other two store
nothing. On one of {told["cores"]} cores ({told["processor"]}), at 1,000 posts a second, 99 % are with the other client
within {p99:.1f} ms; an idle connection takes {weight:.1f} KB.
"""


def picture(name: str, alternative: str) -> str:
    return f"![{alternative}](plots/{name}.svg)"


def _ratio(ratio: Spread | None, subject: str) -> str:
    return "" if subject == "bare" else spread(ratio, 2)


if __name__ == "__main__":
    main()
