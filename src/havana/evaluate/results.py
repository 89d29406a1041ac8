"""What came of a case."""

from typing import Literal

import msgspec

from havana.evaluate.cases import Case, Placed

Did = Literal["answer", "escalate", "offer", "unknown", "failed"]


class Result(msgspec.Struct, frozen=True):
    """What came of a case.

    `did` is `answer` if the reply names a source, else `offer` if a person was `offered`, else `unknown`. `found` are
    articles (ids): those that the reply names, then what else was found for it, best first. `score` is the best that
    was found. Times are in seconds; None where no word was said. `tokens` were read and written; None where nobody
    counts them.
    """

    placed: Placed
    did: Did
    offered: bool
    text: str
    found: list[str]
    score: float
    first_word_s: float | None
    tokens: tuple[int, int] | None = None
    problem: str = ""

    @property
    def case(self) -> Case:
        return self.placed.case
