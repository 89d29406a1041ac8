"""Text as the numbers that MiniLM was taught: words cut into the pieces of its vocabulary, as BERT does it.

The vocabulary is that of BERT's uncased English model, by Google (Apache License 2.0). The library that usually does
this brings a client for downloads along.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 100
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def numbers(text: str, most: int) -> list[int]:
    """At most so many, the marks for the beginning and the end among them."""
    known = _vocabulary()
    pieces = [known[BEGIN]]
    for word in _words(text):
        pieces += _pieces(word, known)
        if len(pieces) >= most:
            break
    return [*pieces[: most - 1], known[END]]


def is_word(word: str) -> bool:
    """Whether the vocabulary holds it whole, in small letters: English words that are not rare, and many names."""
    return word in _vocabulary()


def _words(text: str) -> Iterator[str]:
    """Words and marks, each by itself, in small letters without accents."""
    for part in _folded(text).split():
        word = ""
        for letter in part:
            if _is_mark(letter):
                if word:
                    yield word
                yield letter
                word = ""
            else:
                word += letter
        if word:
            yield word


def _folded(text: str) -> str:
    clean = "".join(_kept(letter) for letter in text)
    bare = (letter for letter in unicodedata.normalize("NFD", clean) if unicodedata.category(letter) != "Mn")
    # Letter by letter: a sigma at the end of a word is like any other.
    return "".join(letter.lower() for letter in bare)


def _kept(letter: str) -> str:
    if letter in "\t\n\r":
        return " "
    if letter in "\0\ufffd" or unicodedata.category(letter).startswith("C"):
        return ""
    if any(first <= ord(letter) <= last for first, last in _IDEOGRAPHS):
        return f" {letter} "
    return letter


def _is_mark(letter: str) -> bool:
    return letter in "$+<=>^`|~" or unicodedata.category(letter).startswith("P")


def _pieces(word: str, known: dict[str, int]) -> list[int]:
    """The longest beginning that is known, then the longest that goes on; all or nothing."""
    found: list[int] = []
    at = 0
    while at < len(word) <= LONGEST_WORD:
        mark = "##" if at else ""
        end = next((end for end in range(len(word), at, -1) if mark + word[at:end] in known), None)
        if end is None:
            break
        found.append(known[mark + word[at:end]])
        at = end
    return found if at == len(word) else [known[UNKNOWN]]


@cache
def _vocabulary() -> dict[str, int]:
    lines = Path(__file__).with_name("vocabulary.txt").read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(lines) if piece}
