"""What says how near two texts are in meaning: a model of the extra `embed`, or a provider's."""

from collections.abc import Sequence
from typing import Any, Protocol


class NotLearnt(Exception):
    """The model cannot say what a text means; the message says why."""


class Model(Protocol):
    """Called in threads. Vectors are float32 and of length 1; `NotLearnt` where there is none."""

    @property
    def name(self) -> str:
        """Vectors of another name mean nothing to it."""

    def vectors(self, texts: Sequence[str]) -> Any:
        """An array with a row for each text of an article."""

    def question(self, text: str) -> Any:
        """A vector to compare with those, soon: somebody waits for the answer."""

    def close(self) -> None: ...
