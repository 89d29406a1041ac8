"""What the responder and a model agree on: the only seam between Havana and whatever writes the words."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, Literal, Protocol

import msgspec


class Tool(msgspec.Struct, frozen=True):
    """A function that a model may call while it answers.

    `parameters` is a JSON Schema of an object; `call` takes such an object and answers with JSON text.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    call: Callable[[dict[str, Any]], Awaitable[str]]


class Turn(msgspec.Struct, frozen=True):
    """One side's words, as the model shall see them."""

    role: Literal["visitor", "assistant"]
    text: str


class Prompt(msgspec.Struct, frozen=True):
    """Everything a model knows about the conversation. The last turn is the visitor's."""

    instructions: str
    turns: list[Turn]


class Model(Protocol):
    """Writes an answer piece by piece and calls tools itself while it does."""

    @property
    def name(self) -> str: ...

    def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        """Yield pieces of text that together are the answer.

        Raises `ModelFailed` when no further word can be had. A tool may raise `AnswerEnded`; it passes
        through.
        """
        ...


class ModelFailed(Exception):
    """The model cannot go on. The reason becomes the reason of the handover."""

    def __init__(self, reason: Literal["model_failure", "tool_failure"], detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


class AnswerEnded(Exception):
    """A tool's effect closed the answer (an escalation, say): whatever the model still has to say is
    unheard.
    """
