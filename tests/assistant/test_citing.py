"""What an answer cites, and how sure it is."""

import msgspec

from havana.assistant.citing import Citing
from havana.chat.events import Source
from havana.knowledge.search import Passage

COST = Passage("a", "Welding", "Cost", "https://example.com/welding#cost", "Welding costs $8,400.", 0.8)
DATES = Passage("b", "Dates", "", None, "We start in May.", 0.4)


def test_sources_are_numbered_as_they_are_cited_and_invented_ones_are_dropped():
    citing = Citing()
    assert [number for number, _ in citing.number([COST, DATES])] == [1, 2]

    assert citing.cited("In May [2]. It costs $8,400 [1], really [7] [2].") == (
        "In May [1]. It costs $8,400 [2], really  [1].",
        (
            Source("Dates", None, "We start in May."),
            Source("Welding", "https://example.com/welding#cost", "Welding costs $8,400.", "Cost"),
        ),
    )


def test_a_passage_keeps_its_number_in_another_search_and_the_better_of_its_scores():
    citing = Citing()
    citing.number([DATES])

    assert citing.number([COST, msgspec.structs.replace(DATES, score=0.9)])[1][0] == 1
    assert citing.sureness("In May [1].") == 0.9


def test_an_answer_is_as_sure_as_the_best_passage_that_it_cites():
    citing = Citing()
    assert citing.sureness("Hello.") is None

    citing.number([COST, DATES])
    assert citing.sureness("In May [2].") == 0.4
    assert citing.sureness("In May [2], for $8,400 [1].") == 0.8
    assert citing.sureness("I do not know. [7]") == 0.0


def test_looking_and_finding_nothing_is_not_being_sure():
    citing = Citing()
    citing.number([])

    assert citing.sureness("I do not know.") == 0.0
