"""Keeps a model from reciting its instructions, whoever has talked it into that. Pure.

Nothing secret is in them, and a model that translates or paraphrases them cannot be told from one that explains itself.
But they are the site's own words to its assistant, so they are not read out: the answer ends where the recital begins.
"""

import re
from collections.abc import Iterable

RULES_RUN = 9
"""So many words in a row, as they stand in the rules, are no accident."""
PERSONA_RUN = 25
"""A persona may hold a fact that the visitor asks for; this much of it in a row is a recital."""
LONGEST = 400
"""Characters: longer than `PERSONA_RUN` words."""

_WORD = re.compile(r"[^\W_]+")


class Withholding:
    """What an answer must not recite: the rules that every site has, and the site's own persona."""

    def __init__(self, rules: str, persona: str) -> None:
        words = _words(persona)
        self._runs = [(RULES_RUN, _runs(_words(rules), RULES_RUN))]
        if len(words) >= RULES_RUN:
            run = min(PERSONA_RUN, len(words))
            self._runs.append((run, _runs(words, run)))

    def begins(self, text: str, piece: str) -> int | None:
        """Where in the text and the piece after it a recital begins, if the piece is part of one."""
        start = max(0, len(text) - LONGEST)
        words = list(_WORD.finditer(text[start:] + piece))
        folded = [word[0].casefold() for word in words]
        for run, known in self._runs:
            for at, window in enumerate(_windows(folded, run)):
                if window in known:
                    return start + words[at].start()
        return None


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _runs(words: list[str], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(_windows(words, length))


def _windows(words: list[str], length: int) -> Iterable[tuple[str, ...]]:
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))
