"""Words in any of their forms, as both databases keep them."""

from havana.storage.stems import stems_of


def test_each_stem_comes_once_and_without_accents():
    assert stems_of("Technologies, a technology; Crème brûlée — parent's 24/7") == [
        "24",
        "7",
        "a",
        "brule",
        "creme",
        "parent",
        "s",
        "technolog",
    ]


def test_nothing_of_what_was_asked_before_remains():
    stems_of("welding")

    assert stems_of("hopping") == ["hop"]


def test_what_is_no_word_has_no_stem():
    assert stems_of("… — !") == []
    assert stems_of("x" * 3000) == []
