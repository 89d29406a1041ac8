"""What a misspelt word may mean: a stem of the index that is one slip away, or two in a long word."""

import re
from collections.abc import Iterable

SHORTEST = 4
"""Letters: shorter words have too many neighbours."""
LONG = 9
"""Letters from which on two slips are forgiven."""

_ENDING = re.compile(r"(e?s|e?d|ing|e?r|al|ion|ions|ment|ly|ity|y|e|ation|ance|ence|ship|ships|hip)?$")


def meant(word: str, stems: Iterable[str]) -> str | None:
    """The stem that the word most likely means; none if nothing is near. Numbers mean themselves."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    forgiven = 2 if len(word) >= LONG else 1
    slips, _, stem = min(((_slips(word, stem, forgiven), -len(stem), stem) for stem in stems), default=(9, 0, ""))
    return stem if slips <= forgiven else None


def _slips(word: str, stem: str, most: int) -> int:
    """The least slips between the stem and a beginning of the word after which only an ending follows."""
    if len(stem) < SHORTEST:
        return most + 1
    lengths = range(max(1, len(stem) - most), min(len(word), len(stem) + most) + 1)
    # The index ends "apply" and its forms in an i.
    beginnings = [form for n in lengths if _ENDING.fullmatch(word[n:]) for form in _forms(word[:n])]
    return min((distance(beginning, stem, most) for beginning in beginnings), default=most + 1)


def _forms(beginning: str) -> tuple[str, ...]:
    return (beginning, beginning[:-1] + "i") if beginning.endswith("y") else (beginning,)


def distance(a: str, b: str, most: int) -> int:
    """Letters to add, drop, change or swap with a neighbour to get from one to the other; `most` + 1 if
    more.
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
