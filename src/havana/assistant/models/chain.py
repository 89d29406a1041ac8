"""Several models in a row: when one fails before the visitor has read a word, the next one answers."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any

import msgspec
import structlog

from havana.assistant.interface import Model, ModelFailed, Prompt, Tool

RESTS_S = 30.0
"""So long a model that was found to be down is passed over; then one answer tries it again."""

log = structlog.get_logger()


class Chain:
    def __init__(self, models: Sequence[Model], clock: Callable[[], float] = time.monotonic) -> None:
        self.models = models
        self._clock = clock
        self._rests_until: dict[int, float] = {}

    @property
    def name(self) -> str:
        return ",".join(model.name for model in self.models)

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        effects = _Effects(tools)
        waiting = self._in_order()
        while waiting:
            number = waiting.pop(0)
            model, spoken = self.models[number], False
            self._try(number)
            try:
                async with aclosing(model.answer(prompt, effects.tools())) as pieces:
                    async for piece in pieces:
                        spoken = spoken or bool(piece.strip())
                        yield piece
            except ModelFailed as failure:
                self._rest(number, failure)
                if spoken or failure.final or effects.changed or not waiting:
                    raise
                following = self.models[waiting[0]].name
                log.warning("model passed over", model=model.name, next=following, detail=failure.detail)
            else:
                self._rests_until.pop(number, None)
                return

    def _in_order(self) -> list[int]:
        """Those that rest come last: when nobody else can answer there is nothing to lose by asking them."""
        now = self._clock()
        return sorted(range(len(self.models)), key=lambda number: self._rests_until.get(number, now) > now)

    def _try(self, number: int) -> None:
        """One that has rested is tried by one answer; until that knows more, the others pass it over."""
        if number in self._rests_until:
            self._rests_until[number] = self._clock() + RESTS_S

    def _rest(self, number: int, failure: ModelFailed) -> None:
        if failure.outage:
            self._rests_until[number] = self._clock() + RESTS_S
        else:
            self._rests_until.pop(number, None)


class _Effects:
    """What tools have done stays done: a model that makes the call of one that failed gets that one's result."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = tools
        self._done: dict[tuple[str, bytes], str] = {}
        self.changed = False
        """Whether something outside was: another model would not know of it, and might do it once more."""

    def tools(self) -> list[Tool]:
        """For the next model."""
        before = dict(self._done)
        return [msgspec.structs.replace(tool, call=self._once(tool, before)) for tool in self._tools]

    def _once(self, tool: Tool, before: dict[tuple[str, bytes], str]) -> Callable[[dict[str, Any]], Awaitable[str]]:
        async def call(arguments: dict[str, Any]) -> str:
            key = tool.name, msgspec.json.encode(arguments, order="sorted")
            if key in before:
                return before[key]
            self.changed = self.changed or tool.changes
            self._done[key] = result = await tool.call(arguments)
            return result

        return call
