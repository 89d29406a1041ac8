"""What is near to a question, by vectors that are made for it."""

import numpy as np
import pytest

from havana.knowledge import nearness
from havana.knowledge.nearness import arranged, nearest

Row = tuple[int, str, bytes]


def row(id_: int, article: str, *coordinates: float) -> Row:
    return id_, article, np.array(coordinates, dtype="<f4").tobytes()


def direction(degrees: float) -> tuple[float, float]:
    return float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))


def vector(degrees: float) -> np.ndarray:
    return np.array(direction(degrees), dtype="<f4")


def cosine(degrees: float) -> float:
    return float(np.cos(np.radians(degrees)))


def test_an_article_is_as_near_as_the_direction_of_its_nearest_rows() -> None:
    alone = [row(1, "alone", *direction(40))]
    between = [row(2, "between", *direction(40)), row(3, "between", *direction(-40))]
    # The fourth is too far to count.
    four = [row(4 + place, "four", *direction(degrees)) for place, degrees in enumerate((40, 50, 60, 120))]
    rows = arranged([*alone, *between, *four])

    # Nobody else has two rows, or three: as alike as usual is as alike as these are, which makes it their mean.
    near = nearness.together(rows, rows.matrix @ vector(0))
    assert near == pytest.approx([cosine(40), cosine(40), (cosine(40) + cosine(50) + cosine(60)) / 3], abs=1e-3)


def test_of_articles_as_near_on_average_the_one_is_nearer_whose_rows_lie_around_the_question() -> None:
    around = [row(1, "around", *direction(40)), row(2, "around", *direction(-40))]
    beside = [row(3, "beside", *direction(40)), row(4, "beside", *direction(40))]
    rows = arranged([*around, *beside])

    near = nearness.together(rows, rows.matrix @ vector(0))
    usual = (cosine(40) + 1) / 2
    assert near == pytest.approx([1 * usual, cosine(40) * usual], abs=1e-3)


def test_rows_that_point_away_from_each_other_have_nothing_in_common() -> None:
    rows = arranged([row(1, "torn", *direction(85)), row(2, "torn", *direction(-95))])

    assert nearness.together(rows, rows.matrix @ vector(0)) == pytest.approx([0], abs=1e-3)


def test_of_two_rows_as_near_the_one_whose_article_is_about_it_is_nearer() -> None:
    about = [row(1, "about it", *direction(30)), row(2, "about it", *direction(-30))]
    rows = arranged([*about, row(3, "by the way", *direction(30)), row(4, "by the way", *direction(100))])

    near = nearest(rows, vector(0))
    assert near[1] == pytest.approx(near[2])
    assert near[1] > near[3] > near[4]


def test_only_the_nearest_rows_are_compared_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "NEAREST", 2)
    rows = arranged([row(number, f"article {number}", *direction(number * 20)) for number in range(5)])

    assert set(nearest(rows, vector(5))) == {0, 1}


def test_where_there_is_nothing_nothing_is_near() -> None:
    assert arranged([]).ids == []
