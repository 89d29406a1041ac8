"""The numbers are those that the model's own tokenizer makes of the same texts."""

import pytest

from havana.knowledge.wordpiece import numbers


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("Where's the workshop?", [2073, 1005, 1055, 1996, 8395, 1029]),
        (
            "\u00dcn\u00efc\u00f6d\u00e9 \u2014 \u201cquotes\u201d \u2026 \u4e2d\u6587\u5b57",
            [27260, 1517, 1523, 16614, 1524, 1529, 1746, 1861, 100],
        ),
        ("emoji \U0001f600 zero\u200bwidth", [7861, 29147, 2072, 100, 5717, 9148, 11927, 2232]),
        ("$9.99+tax=<ok>", [1002, 1023, 1012, 5585, 1009, 4171, 1027, 1026, 7929, 1028]),
        ("\u03a3\u0399\u03a3\u03a5\u03a6\u039f\u03a3", [1173, 18199, 29733, 29735, 29736, 29730, 29733]),
        ("uncharacteristically", [4895, 7507, 22648, 3334, 6553, 3973]),
        ("a" * 150, [100]),
    ],
)
def test_a_text_becomes_the_pieces_that_the_model_was_taught(text: str, pieces: list[int]) -> None:
    assert numbers(text, 128) == [101, *pieces, 102]


def test_a_long_text_ends_where_there_is_no_more_room() -> None:
    found = numbers("word " * 1000, 16)

    assert (len(found), found[0], found[-1]) == (16, 101, 102)
