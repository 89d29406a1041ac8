import pytest

from havana.knowledge.spelling import distance, meant

STEMS = ["appli", "scholarship", "tuition", "weld", "financi", "hous", "program"]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("aply", "appli"),
        ("scolarships", "scholarship"),
        ("schoalrshp", "scholarship"),
        ("tution", "tuition"),
        ("wleding", "weld"),
        ("finacial", "financi"),
        ("progam", "program"),
    ],
)
def test_a_slip_is_forgiven(word: str, stem: str) -> None:
    assert meant(word, STEMS) == stem


@pytest.mark.parametrize("word", ["hearse", "nursing", "wed", "wilderness", "programmatically", "1234"])
def test_another_word_is_another_word(word: str) -> None:
    assert meant(word, STEMS) is None


def test_distance_counts_slips_up_to_the_most() -> None:
    assert [distance("human", other, 2) for other in ("human", "humann", "hmuan", "hman", "woman", "dolphin")] == [
        0,
        1,
        1,
        1,
        2,
        3,
    ]
