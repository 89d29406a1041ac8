"""What is found by which words: the words of a text, what somebody looks for, and where a text has it.

A word is a run of letters and digits, without its accents and in lower case; of scripts that put no spaces between
words each letter is one. Both databases index these very words, so both find the same.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import msgspec

from havana.chat import events as e

LONGEST_QUERY = 200
"""Code points."""
MOST_WORDS = 12
"""Of a query; what comes after is not looked for."""
LONGEST_WORD = 64
"""Code points; of a longer word so much counts."""


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word of a text, and where in the text it stands."""

    text: str
    begin: int
    end: int


class Phrase(msgspec.Struct, frozen=True):
    """Words that must stand side by side. With `begun`, the last one may go on."""

    words: tuple[str, ...]
    begun: bool = False


Query = tuple[Phrase, ...]
"""All of them must occur."""


def words_of(text: str) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        if word := _folded(found[0]):
            yield Word(word, *found.span())


def query_of(text: str) -> Query:
    """What somebody looks for: words, and phrases in quotes. The last word may be the beginning of one.

    Whatever is typed is a query; of what has no word in it nothing is found.
    """
    text = text[:LONGEST_QUERY].translate(_QUOTES)
    parts = enumerate(text.split('"'))
    chunks = (chunk for place, part in parts for chunk in ([part] if place % 2 else part.split()))
    kept = _first([Phrase(tuple(word.text for word in words_of(chunk))) for chunk in chunks], MOST_WORDS)
    if kept and not text.rstrip().endswith('"'):
        kept[-1] = Phrase(kept[-1].words, begun=True)
    return tuple(kept)


def found_in(text: str, query: Query) -> list[tuple[int, int]]:
    """Where a text has what is looked for, in order and each place once; none unless it has all of it."""
    said = list(words_of(text))
    places: set[tuple[int, int]] = set()
    for phrase in query:
        here = [(said[at].begin, said[at + len(phrase.words) - 1].end) for at in _places(said, phrase)]
        if not here:
            return []
        places.update(here)
    return _joined(sorted(places))


def said_in(fact: e.AnyFact, role: str) -> str:
    """The words by which an event is found, as people read them; "" where there are none."""
    match fact:
        case e.MessagePosted(text=text):
            # What the page says by itself is the same everywhere.
            return "" if role == "system" else text if role == "visitor" else plain(text)
        case e.AnswerFinished(outcome=outcome, text=text):
            return "" if outcome == "superseded" else plain(text)
        case e.NotePosted(text=text):
            return plain(text)
        case e.ContactLeft(name=name, email=email):
            return ", ".join(part for part in (name, email) if part)
        case e.Rated(text=text):
            return text
        case _:
            return ""


def plain(text: str) -> str:
    """Markdown as it is read: the words without its marks."""
    for mark, instead in _MARKS:
        text = mark.sub(instead, text)
    return text


FOUND: tuple[type[e.Fact], ...] = (e.MessagePosted, e.AnswerFinished, e.NotePosted, e.ContactLeft, e.Rated)
"""The facts that have words to be found by."""

_QUOTES = str.maketrans("“”„«»", '"' * 5)
# Marks that belong to the letter before them are no `\w`.
_MARK = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0963\u0966-\u0dff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
# Thai, Lao, Burmese, Khmer, kana and ideographs are written without spaces.
_ALONE = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_ALONE}][{_MARK}]*|(?:(?![{_ALONE}])[^\W_][{_MARK}]*)+")

_MARKS = [
    (re.compile(pattern, re.MULTILINE), instead)
    for pattern, instead in (
        (r"^[ \t]*```[^\n]*\n?", ""),
        (r"!?\[([^\]\n]*)\]\(<?[^)\s]*>?[^)\n]*\)", r"\1"),
        (r"[ \t]*\[\d{1,2}\]", ""),
        (r"\*\*|__|~~|`+", ""),
        (r"(?:(?<=[\s(\"“])|^)[*_](?=[^\s*_])", ""),
        (r"(?<=[^\s*_])[*_](?=[\s.,;:?!)\"”]|$)", ""),
        (r"^[ \t]*(?:[-*+]|#{1,6}|>+)[ \t]+", ""),
    )
]


def _folded(word: str) -> str:
    """Without accents: whoever types `Muller` or `müller` finds Müller."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    letters = unicodedata.normalize("NFKD", word).casefold()
    return "".join(letter for letter in letters if letter.isalnum())[:LONGEST_WORD]


def _first(phrases: Sequence[Phrase], most: int) -> list[Phrase]:
    kept: list[Phrase] = []
    for phrase in phrases:
        if words := phrase.words[:most]:
            kept.append(Phrase(words))
        most -= len(words)
    return kept


def _places(said: Sequence[Word], phrase: Phrase) -> Iterator[int]:
    """At which of the words the phrase begins."""
    last = len(phrase.words) - 1
    for at in range(len(said) - last):
        here = (said[at + place].text for place in range(last + 1))
        if all(
            word.startswith(wanted) if phrase.begun and place == last else word == wanted
            for place, (word, wanted) in enumerate(zip(here, phrase.words, strict=True))
        ):
            yield at


def _joined(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that overlap as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in places:
        if joined and begin < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined
