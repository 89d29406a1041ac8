"""What the responder and a model agree on: the only seam between Havana and whatever writes the words."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, Literal, Protocol

import msgspec


class Tool(msgspec.Struct, frozen=True):
    """A function that a model may call while it answers.

    `parameters` is a JSON Schema of an object; `call` takes such an object and answers with JSON text. What `changes`
    something outside does so for good: whoever made such a call has to tell of it, or a person does.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    call: Callable[[dict[str, Any]], Awaitable[str]]
    changes: bool = False


_OPENS, _CLOSES = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}", "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"
NOTE = re.compile(f"{_OPENS}(.*?){_CLOSES}", re.DOTALL)
"""What happened, between a visitor's words. Nobody can write one: `plain` takes these brackets from what people say."""
CITATION = re.compile(r"\[(\d{1,2})\](?!\()")
"""How an answer names the passage that it rests on. A link's text is none."""


def note(text: str) -> str:
    return f"{_OPENS}{plain(text)}{_CLOSES}"


def plain(text: str) -> str:
    return text.replace(_OPENS, "[").replace(_CLOSES, "]")


class Turn(msgspec.Struct, frozen=True):
    """One side's words, as the model shall see them."""

    role: Literal["visitor", "assistant"]
    text: str


class Spent(msgspec.Struct):
    """What an answer has cost so far: tokens, millionths of a US dollar, and the models that were asked.

    `unpriced` are the tokens of models whose price nobody knows, by their names: `micros` is without them.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    micros: int = 0
    models: list[str] = []
    unpriced: dict[str, int] = {}

    def add(self, model: str, input_tokens: int, output_tokens: int, micros: int | None) -> None:
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens
        if micros is None:
            self.unpriced[model] = self.unpriced.get(model, 0) + input_tokens + output_tokens
        else:
            self.micros += micros
        if model not in self.models:
            self.models.append(model)


class Prompt(msgspec.Struct, frozen=True):
    """Everything a model knows about the conversation. The last turn is the visitor's.

    `answer_tokens` is the most that may be written; `spent` is told what asking costs.
    """

    instructions: str
    turns: list[Turn]
    answer_tokens: int | None = None
    spent: Spent = msgspec.field(default_factory=Spent)


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
    """The model cannot go on. The reason becomes the reason of the handover.

    `outage` says that others who ask it now will fail as well, `final` that a person is wanted and not another model.
    """

    def __init__(
        self,
        reason: Literal["model_failure", "tool_failure"],
        detail: str = "",
        *,
        outage: bool = False,
        final: bool = False,
    ) -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail
        self.outage = outage
        self.final = final


class CutShort(ModelFailed):
    """The model had more to say than it may. What it said so far can be read, and there was something."""


class AnswerEnded(Exception):
    """A tool's effect closed the answer (an escalation, say): whatever the model still has to say is
    unheard.
    """
