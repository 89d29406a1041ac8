"""The stand-in for a visitor's name."""

import re

from havana.accounts.names import stand_in
from havana.ids import new_id


def test_a_visitor_always_has_the_same_two_words() -> None:
    assert stand_in("0190a000-0000-7000-8000-000000000001") == stand_in("0190a000-0000-7000-8000-000000000001")
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", stand_in("a"))


def test_visitors_of_the_same_second_get_different_names() -> None:
    names = {stand_in(new_id()) for _ in range(500)}

    assert len(names) > 400
