"""Lets a model answer cases with the real tools, whose effects are written down and not performed.

case ──▶ decide ──▶ model with tools ──▶ did it answer, escalate, offer or not know; what it found; how soon it spoke
"""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import Literal

import msgspec

from havana.assistant.interface import AnswerEnded, Model, ModelFailed, Prompt, Turn
from havana.assistant.tools import tools_for
from havana.chat.events import Reason
from havana.evaluate.cases import Placed
from havana.evaluate.results import Did, Result
from havana.knowledge.search import Passage

Decide = Callable[[Prompt], Literal["escalate", "offer"] | None]
"""What is decided before a model is asked."""
Search = Callable[[str], Awaitable[list[Passage]]]

_CITED = re.compile(r"\[(\d{1,2})\](?!\()")


class Setting(msgspec.Struct, frozen=True):
    """What cases are run in: the model, what it is told, what it finds."""

    model: Model
    instructions: str
    search: Search
    call: bool
    decide: Decide


def undecided(_prompt: Prompt) -> None:
    """The model decides everything."""


async def run(cases: Iterable[Placed], setting: Setting) -> AsyncIterator[Result]:
    """One after the other, so that the times are those of a visitor who is alone."""
    for placed in cases:
        yield await _one(placed, setting)


class Recorder:
    """The effects of an answer's tools, written down."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self.passages: list[Passage] = []
        self.best: dict[str, float] = {}
        self.escalated = False

    async def escalate(self, reason: Reason, summary: str) -> None:  # noqa: ARG002 - only that it was called
        self.escalated = True
        raise AnswerEnded

    async def book_call(self) -> None:
        """The link is shown beside the words, which say what it did."""

    async def search(self, query: str) -> list[tuple[int, Passage]]:
        numbered = []
        for passage in await self._search(query):
            self.passages.append(passage)
            self.best[passage.article] = max(passage.score, self.best.get(passage.article, 0.0))
            numbered.append((len(self.passages), passage))
        return numbered

    def cited(self, text: str) -> list[str]:
        """The articles that a reply names as its sources, in that order."""
        numbers = (int(number) for number in _CITED.findall(text))
        return [self.passages[number - 1].article for number in numbers if 1 <= number <= len(self.passages)]


async def _one(placed: Placed, setting: Setting) -> Result:
    case = placed.case
    prompt = Prompt(setting.instructions, [*case.turns, Turn("visitor", case.text)])
    recorder = Recorder(setting.search)
    started = time.perf_counter()
    if (decided := setting.decide(prompt)) is not None:
        return _result(placed, decided, "", recorder, time.perf_counter() - started, prompt)
    pieces: list[str] = []
    first_word_s, problem = None, ""
    try:
        async with aclosing(setting.model.answer(prompt, tools_for(recorder, call=setting.call))) as answer:
            async for piece in answer:
                if first_word_s is None and piece.strip():
                    first_word_s = time.perf_counter() - started
                pieces.append(piece)
    except AnswerEnded:
        pass
    except ModelFailed as failure:
        problem = failure.detail or failure.reason
    text = "".join(pieces)
    return _result(placed, _did(recorder, text, problem), text, recorder, first_word_s, prompt, problem)


def _did(recorder: Recorder, text: str, problem: str) -> Did:
    if recorder.escalated:
        return "escalate"
    if problem:
        return "failed"
    return "answer" if recorder.cited(text) else "unknown"


def _result(
    placed: Placed,
    did: Did,
    text: str,
    recorder: Recorder,
    first_word_s: float | None,
    prompt: Prompt,
    problem: str = "",
) -> Result:
    by_score = sorted(recorder.best, key=lambda article: recorder.best[article], reverse=True)
    found = list(dict.fromkeys([*recorder.cited(text), *by_score]))
    score = max(recorder.best.values(), default=0.0)
    read, written = _tokens(prompt)
    return Result(placed, did, text, found, score, first_word_s, read, written, problem)


def _tokens(prompt: Prompt) -> tuple[int | None, int | None]:
    """What was read and written, where the model keeps count."""
    spent = getattr(prompt, "spent", None)
    return (spent.input_tokens, spent.output_tokens) if spent is not None and spent.input_tokens else (None, None)
