"""What the responder and a model agree on: the only seam between Havana and whatever writes the words."""

import re
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


_OPENS, _CLOSES = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}", "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"
NOTE = re.compile(f"{_OPENS}(.*?){_CLOSES}", re.DOTALL)
"""What happened, between a visitor's words. Nobody can write one: `plain` takes these brackets from what people say."""


def note(text: str) -> str:
    return f"{_OPENS}{plain(text)}{_CLOSES}"


def plain(text: str) -> str:
    return text.replace(_OPENS, "[").replace(_CLOSES, "]")


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
