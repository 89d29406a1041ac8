"""A piece of a text around what was found in it, for a row of two narrow lines."""

import msgspec

from havana.chat.searching import Query, found_in

LENGTH = 160
"""Code points of an excerpt."""
AT_THE_BEGINNING = 60
"""Up to here the first mark may end without anything being left out before it: so much is surely seen."""
BEFORE = 24
"""So much stands before the first mark otherwise."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    text: str
    marked: bool = False


def excerpt(text: str, query: Query) -> tuple[Piece, ...]:
    """The piece, cut into what is marked and what is not; none where the text does not have what is looked for."""
    # On one line, before anything is counted.
    text = " ".join(text.split())
    marks = found_in(text, query)
    if not marks:
        return ()
    begin = 0
    if marks[0][1] > AT_THE_BEGINNING:
        begin = _after_space(text, max(marks[0][0] - BEFORE, 0), marks[0][0])
    end = min(begin + LENGTH, len(text))
    pieces: list[Piece] = []
    at = begin
    for first, last in marks:
        if first >= end:
            break
        pieces += [Piece(text[at:first]), Piece(text[first : min(last, end)], marked=True)]
        at = min(last, end)
    pieces.append(Piece(text[at:end]))
    if begin > 0:
        pieces.insert(0, Piece("…"))
    if end < len(text):
        pieces.append(Piece("…"))
    return tuple(piece for piece in pieces if piece.text)


def _after_space(text: str, begin: int, mark: int) -> int:
    """Where the first whole word begins, if one does before the mark."""
    if begin == 0 or text[begin - 1] == " ":
        return begin
    space = text.find(" ", begin, mark)
    return begin if space < 0 else space + 1
