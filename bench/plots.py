"""The pictures of the report, as SVG. Havana has a colour; what it is compared with is grey."""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from figures import NAMES, SENDERS, WANTED_WORDS, Figures, Spread, milliseconds

ACCENT, GREY, LIGHT, INK, TARGET = "#1f6f78", "#a9b2b8", "#e4e8ea", "#2b3338", "#c2703d"
PLAIN = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
OWN = ("havana", "model", "responder", "bus")
mpl.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "havana",
        "font.family": ["DejaVu Sans", "sans-serif"],
        "font.size": 10,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": GREY,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "axes.axisbelow": True,
        "xtick.color": INK,
        "ytick.color": INK,
        "ytick.left": False,
        "grid.color": LIGHT,
        "figure.facecolor": "white",
    }
)
Bar = tuple[str, Spread, str, bool]
"""A bar's name, its length, what is written at its end, and whether it is Havana's."""


def draw(figures: Figures, folder: Path) -> None:
    """Writes every picture for which there are figures."""
    folder.mkdir(exist_ok=True)
    plots = {ratios: "posts_256", posts: "posts_256", latencies: "posts_256"}
    plots |= {fan_out: "fan_out", streams: "streams", connections: "arrivals"}
    for plot, step in plots.items():
        if not figures.subjects(step):
            continue
        figure = plot(figures)
        # Without the date, so that a picture changes only when its figures do.
        figure.savefig(folder / f"{plot.__name__}.svg", metadata={"Date": None}, bbox_inches="tight")
        plt.close(figure)


def ratios(figures: Figures) -> plt.Figure:
    named = {f"posts_{n}": f"posts, {n} sender{'s' if n > 1 else ''}" for n in SENDERS}
    named |= {"fan_out": "fan-out to 200", "arrivals": "connecting"}
    bars = []
    for step, name in named.items():
        if (ratio := figures.ratio(step)) is not None:
            own, bare = (figures.median(step, subject) or 0 for subject in ("havana", "bare"))
            bars.append((name, ratio, f"{ratio.median:.2f}   ({own:,.0f} of {bare:,.0f} per s)", True))
    figure, axes = plt.subplots(figsize=(8, 0.5 * len(bars) + 1.2))
    _bars(axes, bars, "Havana's rate, as a part of the bare pipeline's", at_least=1.0)
    _target(axes, 0.6, "target 0.6")
    axes.set_title("What Havana leaves of the bare pipeline's rate", pad=18)
    return figure


def posts(figures: Figures) -> plt.Figure:
    figure, panels = plt.subplots(len(SENDERS), figsize=(8, 6.4))
    for axes, senders in zip(panels, SENDERS, strict=True):
        _rates(axes, figures, f"posts_{senders}", "posts per second")
        axes.set_title(f"{senders} sender{'s' if senders > 1 else ''}")
    figure.tight_layout()
    return figure


def latencies(figures: Figures) -> plt.Figure:
    named = {"paced": "1,000 posts/s"} | {f"posts_{n}": f"{n} at full speed" for n in SENDERS}
    rows = [(step, subject) for step in named for subject in figures.subjects(step)]
    figure, axes = plt.subplots(figsize=(8, 0.34 * len(rows) + 1.2))
    for place, (step, subject) in enumerate(rows):
        p50, p99 = (figures.median(step, subject, f"delivered_{p}") or 0 for p in ("p50", "p99"))
        colour = ACCENT if subject in OWN else GREY
        axes.plot([p50, p99], [place, place], color=colour, linewidth=3, solid_capstyle="round")
        axes.plot([p50], [place], "o", color=colour, markersize=8)
        said = f"{milliseconds(p50)} to {milliseconds(p99)}"
        axes.annotate(said, (p99, place), (8, -3), textcoords="offset points", fontsize=8, bbox=PLAIN)
    axes.set_yticks(range(len(rows)), [f"{named[step]}, {NAMES[subject]}" for step, subject in rows])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.margins(x=0.25)
    axes.xaxis.set_major_formatter(_thousands())
    axes.grid(axis="x")
    axes.set_xlabel("ms until the other client has it, p50 (dot) to p99; logarithmic")
    axes.axvline(20, color=TARGET, linewidth=1, linestyle="--", zorder=0.5)
    axes.set_title("From sending a post to its delivery (the line is the target for 1,000 posts/s: 20 ms)")
    return figure


def fan_out(figures: Figures) -> plt.Figure:
    figure, axes = plt.subplots(figsize=(8, 2.4))
    _rates(axes, figures, "fan_out", "deliveries per second")
    axes.set_title("One conversation, 200 readers")
    return figure


def streams(figures: Figures) -> plt.Figure:
    bars = []
    for subject in figures.subjects("streams"):
        words = figures.spread("streams", subject, "words_per_s")
        share, at_once = (figures.median("streams", subject, field) or 0 for field in ("server_share", "streams"))
        if words is not None:
            label = f"{words.median:,.0f}   ({at_once:.0f} answers at once, {share:.2f} of a core)"
            bars.append((NAMES[subject], words, label, True))
    figure, axes = plt.subplots(figsize=(8, 2.4))
    _bars(axes, bars, "words per second that reach their readers", room=1.9)
    _target(axes, WANTED_WORDS, "all of them: 12,500")
    axes.set_title("500 conversations, 25 words a second each", pad=18)
    return figure


def connections(figures: Figures) -> plt.Figure:
    figure, (arriving, idle) = plt.subplots(2, figsize=(8, 4.6))
    _rates(arriving, figures, "arrivals", "connections per second, with hello")
    arriving.set_title("Connecting")
    bars = [
        (NAMES[subject], kb, f"{kb.median:.1f}", subject in OWN)
        for subject in figures.subjects("idle")
        if (kb := figures.spread("idle", subject, "kb")) is not None
    ]
    _bars(idle, bars, "KB of memory for each idle connection")
    _target(idle, 25, "target: at most 25")
    idle.set_title("Idle", pad=16)
    figure.tight_layout()
    return figure


def _rates(axes: Axes, figures: Figures, step: str, label: str) -> None:
    bars = []
    for subject in figures.subjects(step):
        rate = figures.spread(step, subject)
        share = figures.median(step, subject, "server_share") or 0
        if rate is not None:
            said = f"{rate.median:,.0f}   ({share:.2f} of a core)"
            bars.append((NAMES[subject], rate, said, subject in OWN))
    _bars(axes, bars, label)


def _bars(axes: Axes, bars: Sequence[Bar], label: str, at_least: float = 0, room: float = 1.5) -> None:
    """One under the other, with the spread over the rounds as a thin line."""
    longest = max([at_least, *(spread.most for _, spread, _, _ in bars)])
    for place, (_, spread, said, own) in enumerate(bars):
        axes.barh(place, spread.median, 0.62, color=ACCENT if own else GREY)
        axes.plot([spread.least, spread.most], [place, place], color=INK, linewidth=1)
        axes.annotate(said, (spread.most, place), (6, -3.5), textcoords="offset points", fontsize=9, bbox=PLAIN)
    axes.set_yticks(range(len(bars)), [name for name, *_ in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, longest * room or 1)
    axes.xaxis.set_major_formatter(_thousands())
    axes.grid(axis="x")
    axes.set_xlabel(label)


def _target(axes: Axes, at: float, said: str) -> None:
    axes.axvline(at, color=TARGET, linewidth=1, linestyle="--", zorder=1.5)
    axes.annotate(
        said, (at, 1), (4, 3), xycoords=("data", "axes fraction"), textcoords="offset points", color=TARGET, fontsize=8
    )


def _thousands() -> Callable[[float, int], str]:
    return lambda value, _: f"{value:,.0f}" if value >= 10 else f"{value:g}"
