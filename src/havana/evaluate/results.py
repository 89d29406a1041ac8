"""What came of a case."""

from typing import Literal

import msgspec

from havana.evaluate.cases import Case, Placed

Did = Literal["answer", "escalate", "offer", "unknown", "failed"]


class Result(msgspec.Struct, frozen=True):
    """What came of a case.

    `did` is `answer` if the reply names a source, `unknown` if it names none. `found` are articles (ids): those that
    the reply names, then what else was found for it, best first. `score` is the best that was found. Times are in
    seconds; None where no word was said.
    """

    placed: Placed
    did: Did
    text: str
    found: list[str]
    score: float
    first_word_s: float | None
    input_tokens: int | None = None
    output_tokens: int | None = None
    problem: str = ""

    @property
    def case(self) -> Case:
        return self.placed.case
