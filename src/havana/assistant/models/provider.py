"""Runs one turn with a provider's model: streams its words, makes its calls, keeps the time, tries again."""

import asyncio
import itertools
import random
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import Literal

from openai import AsyncOpenAI
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings as RequestSettings
from pydantic_ai.tools import ToolDefinition

from havana.assistant.interface import AnswerEnded, ModelFailed, Prompt, Tool
from havana.assistant.models import library, openai_client
from havana.assistant.models.prices import Price, counted
from havana.assistant.models.settings import OPENAI, ModelSettings
from havana.assistant.models.toolcalls import BadCall, arguments_of
from havana.assistant.models.turn import Reply, Turn

_REQUESTS = 5  # of one turn, each but the first carrying the results of calls
_ESCALATION = "escalate_to_human"
_WORTH_ANOTHER_TRY = (ModelRateLimitError, ModelServerError, ModelUnavailableError, ModelConnectionError)
# None of them is about what this one visitor asked, so the next one would hear the same.
_OUTAGES = (*_WORTH_ANOTHER_TRY, ModelQuotaExceededError, ModelAuthenticationError, ModelNotFoundError)
_FEWEST_TOKENS = 16
_KEY = re.compile(r"\b(?:sk|key)-[\w*.-]{4,}")


class ProviderModel:
    """A model behind HTTP. `answer` is to be closed (`contextlib.aclosing`) by whoever stops reading it."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._client: AsyncOpenAI | None = None
        if settings.full_name.partition(":")[0] in OPENAI:
            self._client = openai_client.open_client(settings)
            self._model = openai_client.open_library_model(settings, self._client)
            self._request_settings = openai_client.request_settings(settings)
        else:
            self._model = library.open_library_model(settings)
            self._request_settings = library.request_settings(settings)
        self._price = Price(settings)

    @property
    def has_price(self) -> bool:
        return self._price.is_known

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            return
        # The library closes what a provider holds when it is left.
        async with self._model:
            pass

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        turn = Turn(self._settings, prompt)
        history = _history(prompt)
        mistakes = 0
        for _ in range(_REQUESTS):
            reply = Reply({tool.name for tool in tools})
            async with aclosing(self._request(history, tools, reply, turn)) as pieces:
                async for piece in pieces:
                    yield piece
            if reply.whole and not reply.calls and not reply.names_no_call:
                reply.check(turn)
                return
            results, problems = await _carry_out(reply, tools, turn)
            mistakes += bool(problems)
            if mistakes > 1 or any(name == _ESCALATION for name, _ in problems):
                wants_person = any(name == _ESCALATION for name, _ in problems)
                raise ModelFailed("tool_failure", "; ".join(problem for _, problem in problems), final=wants_person)
            if results:
                history += [reply.message(), ModelRequest(parts=results, instructions=prompt.instructions)]
            turn.begin_paragraph()
        raise ModelFailed("tool_failure", f"the model called tools in {_REQUESTS} replies running")

    async def _request(
        self, history: list[ModelMessage], tools: Sequence[Tool], reply: Reply, turn: Turn
    ) -> AsyncGenerator[str, None]:
        """One reply of the model. Before the visitor has read a word, what may pass is tried again."""
        outage = True
        for attempt in range(1, self._settings.tries + 1):
            try:
                async with aclosing(self._stream(history, tools, reply, turn)) as pieces:
                    async for piece in pieces:
                        yield piece
            except TimeoutError:
                reason = "the turn took too long" if turn.over else "the model fell silent"
            except Exception as error:  # noqa: BLE001 - on odd streams the library raises anything
                reason, outage = self._described(error), isinstance(error, _OUTAGES)
                pause = self._pause(error, attempt)
                if pause is not None and not turn.shown and not reply.calls and turn.has(pause):
                    await asyncio.sleep(pause)
                    continue
                if reply.calls and not turn.shown:
                    return  # half a call: counted as the model's mistake
            else:
                return
            # Without the cause: the provider's own message may repeat the key.
            wants_person = any(call.tool_name == _ESCALATION for call in reply.calls)
            kind: Literal["model_failure", "tool_failure"] = "tool_failure" if reply.calls else "model_failure"
            raise ModelFailed(kind, reason, outage=outage, final=wants_person) from None

    async def _stream(
        self, history: list[ModelMessage], tools: Sequence[Tool], reply: Reply, turn: Turn
    ) -> AsyncGenerator[str, None]:
        # The clocks stand around each wait, never around a `yield`: our reader's time is not the model's.
        first = turn.within(self._settings.first_token_s)
        reply.begin()
        async with AsyncExitStack() as stack:
            async with asyncio.timeout_at(first):
                stream = await stack.enter_async_context(
                    model_request_stream(
                        self._model,
                        history,
                        model_settings=self._limited(turn),
                        model_request_parameters=ModelRequestParameters(function_tools=[_offer(t) for t in tools]),
                    )
                )
            events, until = aiter(stream), first
            try:
                while True:
                    async with asyncio.timeout_at(until):
                        event = await anext(events)
                    until = turn.within(self._settings.next_token_s)
                    if shown := turn.show(reply.read(_text(event))):
                        yield shown
            except StopAsyncIteration:
                reply.whole = True
            finally:
                reply.received(stream.get())
                self._count(stream.get(), history, reply, turn)
            if not reply.whole:
                raise EOFError("the stream ended before the answer did")
            if shown := turn.show(reply.rest()):
                yield shown

    def _limited(self, turn: Turn) -> RequestSettings:
        """With what is left of the tokens that the answer may have."""
        if turn.prompt.answer_tokens is None:
            return self._request_settings
        left = max(turn.prompt.answer_tokens - turn.written, _FEWEST_TOKENS)
        return RequestSettings(**(self._request_settings | {"max_tokens": left}))

    def _count(self, response: ModelResponse, history: list[ModelMessage], reply: Reply, turn: Turn) -> None:
        usage = counted(response, history, whole=reply.whole)
        turn.written += usage.output_tokens
        turn.prompt.spent.add(
            self._settings.full_name, usage.input_tokens, usage.output_tokens, self._price.micros(usage)
        )

    def _pause(self, error: Exception, attempt: int) -> float | None:
        """Seconds to wait before another try, or None where it would be of no use."""
        if attempt == self._settings.tries or isinstance(error, ModelTimeoutError):
            return None
        if not isinstance(error, _WORTH_ANOTHER_TRY):
            return None
        retry_after: float | None = error.retry_after
        if retry_after is not None:
            return max(retry_after, 0.0)
        # Spread, so that the visitors of one outage do not come back together.
        spread = random.uniform(0.5, 1.5)  # noqa: S311 - nobody gains by guessing it
        return float(self._settings.retry_s * 2 ** (attempt - 1) * spread)

    def _described(self, error: Exception) -> str:
        words = f"{type(error).__name__.removeprefix('_')}: {error}"
        if isinstance(error, ModelHTTPError):
            words = f"HTTP {error.status_code} {error.provider_error_code or ''} {error.body or ''}"
        elif isinstance(error, ModelAPIError):
            words = error.message
        for secret in self._settings.secrets:
            words = words.replace(secret, "[key]")
        return _KEY.sub("[key]", words)[:300]


async def _carry_out(
    reply: Reply, tools: Sequence[Tool], turn: Turn
) -> tuple[list[ToolReturnPart], list[tuple[str, str]]]:
    """The results for the model, and the calls (name, problem) that could not be made."""
    if not reply.whole:
        return [], [(call.tool_name, f"half a call of {call.tool_name}") for call in reply.calls]
    if not reply.calls:
        return [], [("", "a call without a name")]
    results, problems = [], []
    for call in reply.calls:
        try:
            tool, arguments = arguments_of(call.tool_name, call.args, tools)
            result = await _called(tool, arguments, turn)
        except BadCall as error:
            result = str(error)
            problems.append((call.tool_name, result))
        results.append(ToolReturnPart(call.tool_name, result, call.tool_call_id))
    return results, problems


async def _called(tool: Tool, arguments: dict[str, object], turn: Turn) -> str:
    try:
        async with asyncio.timeout_at(turn.within(float("inf"))):
            return await tool.call(arguments)
    except (AnswerEnded, ModelFailed):
        raise
    except Exception as error:
        raise ModelFailed("tool_failure", f"{tool.name}: {error!r}", final=True) from error


def _text(event: object) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""


def _offer(tool: Tool) -> ToolDefinition:
    return ToolDefinition(name=tool.name, description=tool.description, parameters_json_schema=tool.parameters)


def _history(prompt: Prompt) -> list[ModelMessage]:
    """The turns as messages. Neighbours of one side become one: some templates refuse two in a row."""
    messages: list[ModelMessage] = []
    turns = (turn for turn in prompt.turns if turn.text.strip())
    for role, group in itertools.groupby(turns, key=lambda turn: turn.role):
        text = "\n\n".join(turn.text for turn in group)
        if role == "visitor":
            messages.append(ModelRequest(parts=[UserPromptPart(text)], instructions=prompt.instructions))
        else:
            messages.append(ModelResponse(parts=[TextPart(text)]))
    return messages
