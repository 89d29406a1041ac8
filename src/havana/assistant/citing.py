"""Which passages an answer may cite, which it does, and how sure it may be of itself for that."""

import re
from collections.abc import Sequence

from havana.assistant.interface import CITATION
from havana.chat.events import Source
from havana.knowledge.search import Passage

LONGEST_QUOTE = 500


class Citing:
    """The passages that were found for one answer, by the numbers that it may cite them by."""

    def __init__(self) -> None:
        self._found: list[Passage] = []
        self._looked = False

    def number(self, passages: Sequence[Passage]) -> list[tuple[int, Passage]]:
        """What a search has found, each with its number: the same passage has the same in every search."""
        self._looked = True
        numbered = []
        for passage in passages:
            known = next((n for n, found in enumerate(self._found) if _same(found, passage)), None)
            if known is None:
                known = len(self._found)
                self._found.append(passage)
            elif passage.score > self._found[known].score:
                self._found[known] = passage
            numbered.append((known + 1, passage))
        return numbered

    def cited(self, text: str) -> tuple[str, tuple[Source, ...]]:
        """The text with its citations numbered from 1, and their sources. Invented numbers are dropped."""
        order: list[int] = []

        def renumber(match: re.Match[str]) -> str:
            number = int(match[1])
            if not 1 <= number <= len(self._found):
                return ""
            if number not in order:
                order.append(number)
            return f"[{order.index(number) + 1}]"

        renumbered = CITATION.sub(renumber, text).strip()
        return renumbered, tuple(_source(self._found[number - 1]) for number in order)

    def sureness(self, text: str) -> float | None:
        """The best score among the passages that the text cites; 0 if it cites none, None if nothing was looked up."""
        if not self._looked:
            return None
        numbers = {int(number) for number in CITATION.findall(text)}
        return max((found.score for n, found in enumerate(self._found, 1) if n in numbers), default=0.0)


def _same(one: Passage, other: Passage) -> bool:
    return (one.article, one.heading, one.text) == (other.article, other.heading, other.text)


def _source(passage: Passage) -> Source:
    return Source(passage.title, passage.url, _quote(passage.text), passage.heading)


def _quote(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
