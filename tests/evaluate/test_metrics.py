"""Figures and their intervals, against published values and against chance."""

import random

import pytest

from havana.evaluate.metrics import NOTHING, Figure, auroc, detection, percentile, share


def rounded(figure: Figure) -> tuple[float | None, ...]:
    return tuple(None if x is None else round(x, 4) for x in (figure.value, figure.low, figure.high))


@pytest.mark.parametrize(
    ("hits", "of", "expected"),
    [
        # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
        (81, 263, (0.308, 0.2553, 0.3662)),
        (15, 148, (0.1014, 0.0624, 0.1605)),
        (0, 20, (0.0, 0.0, 0.1611)),
        (1, 29, (0.0345, 0.0061, 0.1718)),
        (20, 20, (1.0, 0.8389, 1.0)),
    ],
)
def test_a_share_has_wilsons_interval(hits: int, of: int, expected: tuple[float, ...]) -> None:
    assert rounded(share(hits, of)) == expected


def test_of_no_cases_nothing_is_known() -> None:
    assert share(0, 0) == auroc([], [0.5]) == auroc([0.5], []) == NOTHING
    assert detection([]).f1 == detection([(False, False)]).f1 == NOTHING


def test_what_was_done_is_compared_with_what_should_have_been() -> None:
    found = detection([(True, True)] * 6 + [(True, False)] * 2 + [(False, True)] * 4 + [(False, False)] * 8)

    assert (found.precision.value, found.precision.of) == (0.6, 10)
    assert (found.recall.value, found.recall.of) == (0.75, 8)
    assert found.f1.value == pytest.approx(2 * 0.6 * 0.75 / 1.35)


@pytest.mark.parametrize(
    ("known", "unknown", "value"),
    [
        ([3, 4], [1, 2], 1.0),
        ([1, 2], [3, 4], 0.0),
        ([1, 1], [1], 0.5),
        # Of six pairs four are in order and one is tied.
        ([0.2, 0.5, 0.9], [0.1, 0.5], 4.5 / 6),
    ],
)
def test_auroc_is_the_share_of_pairs_in_order(known: list[float], unknown: list[float], value: float) -> None:
    assert auroc(known, unknown).value == pytest.approx(value)


def test_the_same_results_give_the_same_figures() -> None:
    chance = random.Random(1)
    known, unknown = [chance.gauss(1, 1) for _ in range(40)], [chance.gauss(0, 1) for _ in range(40)]

    assert auroc(known, unknown) == auroc(known, unknown)


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """True is 0.7602 for the AUROC (the normal distribution at 1 / sqrt 2), and 0.7273 for F1."""
    chance = random.Random(7)
    held_auroc = held_f1 = 0
    for _ in range(60):
        found = auroc([chance.gauss(1, 1) for _ in range(50)], [chance.gauss(0, 1) for _ in range(50)])
        held_auroc += found.low is not None and found.high is not None and found.low <= 0.7602 <= found.high
        # Of what should be done 0.8 is, of the rest 0.4: per case 0.4 hits, 0.2 false, 0.1 missed.
        pairs = [(should, chance.random() < (0.8 if should else 0.4)) for should in (True, False) * 50]
        f1 = detection(pairs).f1
        held_f1 += f1.low is not None and f1.high is not None and f1.low <= 0.7273 <= f1.high

    assert 52 <= held_auroc <= 60
    assert 52 <= held_f1 <= 60


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile([7.0], 0.5) == 7.0
    assert percentile([], 0.5) is None
