"""Figures with their uncertainty. Pure: numbers in, numbers out.

Shares have Wilson's interval (Wilson 1927), which stays within 0…1 and holds for few cases and for shares near the
ends. F1 and AUROC have the percentile bootstrap (Efron 1979) with a fixed seed, so that the same results print the same
figures.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

Z = 1.959964
"""Of a normal distribution 95 % lie within so many deviations."""
SAMPLES = 1000
SEED = 20


class Figure(msgspec.Struct, frozen=True):
    """A value in 0…1 with its 95 % interval; None where there is nothing to measure. `of` is the number of cases."""

    value: float | None
    low: float | None
    high: float | None
    of: int


NOTHING = Figure(None, None, None, 0)


def share(hits: int, of: int) -> Figure:
    """How many of them, by Wilson's interval."""
    if of == 0:
        return NOTHING
    value, squared = hits / of, Z * Z
    middle = (value + squared / (2 * of)) / (1 + squared / of)
    half = Z / (1 + squared / of) * math.sqrt(value * (1 - value) / of + squared / (4 * of * of))
    # Rounding may carry an end past the value that it encloses.
    return Figure(value, max(0.0, min(middle - half, value)), min(1.0, max(middle + half, value)), of)


class Detection(msgspec.Struct, frozen=True):
    """How often something was done: rightly, wrongly, and not though it should have been."""

    precision: Figure
    recall: Figure
    f1: Figure


def detection(pairs: Sequence[tuple[bool, bool]]) -> Detection:
    """`pairs` are (should have been done, was done)."""
    counts = Counter(pairs)
    hits, false, missed = counts[True, True], counts[False, True], counts[True, False]
    f1 = NOTHING
    if (value := _f1(counts)) is not None:
        kinds, weights = list(counts), list(counts.values())

        def again(chance: random.Random) -> float | None:
            return _f1(Counter(chance.choices(kinds, weights, k=len(pairs))))

        f1 = Figure(value, *_interval(again, value), len(pairs))
    return Detection(share(hits, hits + false), share(hits, hits + missed), f1)


def auroc(known: Sequence[float], unknown: Sequence[float]) -> Figure:
    """How often a score of what is known lies above one of what is not; ties count half."""
    if not known or not unknown:
        return NOTHING
    levels = sorted({*known, *unknown})
    place = {level: number for number, level in enumerate(levels)}
    above, below = [place[score] for score in known], [place[score] for score in unknown]

    def again(chance: random.Random) -> float:
        return _auroc(chance.choices(above, k=len(above)), chance.choices(below, k=len(below)), len(levels))

    value = _auroc(above, below, len(levels))
    return Figure(value, *_interval(again, value), len(known) + len(unknown))


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that so many of them do not exceed; none of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def _f1(counts: Counter[tuple[bool, bool]]) -> float | None:
    either = 2 * counts[True, True] + counts[False, True] + counts[True, False]
    return 2 * counts[True, True] / either if either else None


def _auroc(above: Sequence[int], below: Sequence[int], levels: int) -> float:
    """By places in the order of all scores: one walk in place of a comparison of every pair."""
    mine, others = [0] * levels, [0] * levels
    for place in above:
        mine[place] += 1
    for place in below:
        others[place] += 1
    wins, lower = 0.0, 0
    for here, there in zip(mine, others, strict=True):
        wins += here * (lower + there / 2)
        lower += there
    return wins / (len(above) * len(below))


def _interval(again: Callable[[random.Random], float | None], value: float) -> tuple[float, float]:
    """Where 95 % of what the figure would be in other draws of the same cases lie."""
    chance = random.Random(SEED)  # noqa: S311 - nobody gains by guessing it
    drawn = sorted(found for _ in range(SAMPLES) if (found := again(chance)) is not None) or [value]
    return drawn[int(0.025 * (len(drawn) - 1))], drawn[math.ceil(0.975 * (len(drawn) - 1))]
