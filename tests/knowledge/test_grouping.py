"""Questions that ask for the same stand together."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from havana.knowledge.grouping import Grouping, alike_by_words, grouped
from havana.knowledge.meaning import Meaning
from havana.knowledge.minilm import MiniLM
from havana.storage.database import Database

QUESTIONS = {
    "q1": "Is there a swimming pool?",
    "q2": "Do you sell pizza?",
    "q3": "Do you have a pool?",
    "q4": "Can I buy a pizza?",
    "q5": "pizza for sale",
}


class Counting(MiniLM):
    """The sentence model, with what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def vectors(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        return super().vectors(texts)


class Broken(MiniLM):
    def vectors(self, texts: Sequence[str]) -> Any:
        raise RuntimeError(f"cannot read {len(texts)} texts")


@pytest.fixture
def model() -> Counting:
    return Counting()


@pytest.fixture
async def meaning(database: Database, model: Counting) -> AsyncIterator[Meaning]:
    meaning = Meaning(database, model)
    yield meaning
    await meaning.close()


def test_what_is_alike_is_one_group_and_the_largest_group_comes_first():
    alike = [
        [1.0, 0.1, 0.2, 0.1],
        [0.1, 1.0, 0.1, 0.9],
        [0.2, 0.1, 1.0, 0.2],
        [0.1, 0.9, 0.2, 1.0],
    ]

    assert grouped(alike, 0.6) == [[1, 3], [0], [2]]
    assert grouped(alike, 0.95) == [[0], [1], [2], [3]]
    assert grouped([], 0.6) == []


def test_a_question_joins_only_if_it_is_like_all_of_the_group_on_average():
    chain = [[1.0, 0.7, 0.2], [0.7, 1.0, 0.7], [0.2, 0.7, 1.0]]

    assert grouped(chain, 0.6) == [[0, 1], [2]]


def test_what_is_most_like_the_others_stands_for_the_group():
    alike = [[1.0, 0.9, 0.7], [0.9, 1.0, 0.9], [0.7, 0.9, 1.0]]

    assert grouped(alike, 0.6) == [[1, 0, 2]]


def test_words_count_in_any_form_and_everyday_ones_only_where_there_are_no_others():
    alike = alike_by_words(["Do you sell pizzas?", "selling pizza", "who are you", "who are they"])

    assert alike[0][1] == 1.0
    assert alike[0][2] == 0.0
    assert alike[2][3] == 0.5


async def test_without_a_model_questions_with_the_same_words_stand_together():
    assert await Grouping().together("site", QUESTIONS) == [["q1", "q3"], ["q2"], ["q4"], ["q5"]]
    assert await Grouping().together("site", {}) == []


async def test_with_a_model_questions_that_mean_the_same_do(meaning: Meaning):
    together = await Grouping(meaning).together("site", QUESTIONS)

    assert [sorted(group) for group in together] == [["q2", "q4", "q5"], ["q1", "q3"]]


async def test_what_was_computed_is_kept_until_it_is_asked_for_no_more(meaning: Meaning, model: Counting):
    grouping = Grouping(meaning)
    await grouping.together("site", QUESTIONS)
    await grouping.together("site", QUESTIONS | {"q6": "Where is the exit?"})
    assert model.asked == [*QUESTIONS.values(), "Where is the exit?"]

    await grouping.together("site", {"q1": QUESTIONS["q1"], "q2": "(changed)"})
    await grouping.together("site", {"q2": QUESTIONS["q2"]})
    assert model.asked[-2:] == ["(changed)", QUESTIONS["q2"]]


async def test_a_model_that_cannot_tell_leaves_the_words(database: Database):
    meaning = Meaning(database, Broken())
    together = await Grouping(meaning).together("site", {"q1": "Do you sell pizza?", "q2": "Do you sell pizzas?"})
    await meaning.close()

    assert together == [["q1", "q2"]]
