"""Runs one turn with a provider's model: streams its words, makes its calls, keeps the time, tries again."""

import asyncio
import itertools
import random
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing

from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelConnectionError,
    ModelHTTPError,
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
from pydantic_ai.tools import ToolDefinition

from havana.assistant.interface import AnswerEnded, ModelFailed, Prompt, Tool
from havana.assistant.model_openai import open_client, open_library_model, request_settings
from havana.assistant.model_settings import ModelSettings
from havana.assistant.model_turn import Reply, Turn
from havana.assistant.toolcalls import BadCall, arguments_of

_REQUESTS = 5  # of one turn, each but the first carrying the results of calls
_TRIES = 3  # of one request
_ESCALATION = "escalate_to_human"
_WORTH_ANOTHER_TRY = (ModelRateLimitError, ModelServerError, ModelUnavailableError, ModelConnectionError)
_KEY = re.compile(r"\b(?:sk|key)-[\w*.-]{4,}")


class ProviderModel:
    """A model behind HTTP. `answer` is to be closed (`contextlib.aclosing`) by whoever stops reading it."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._client = open_client(settings)
        self._model = open_library_model(settings, self._client)
        self._request_settings = request_settings(settings)

    async def close(self) -> None:
        await self._client.close()

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        turn = Turn(self._settings)
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
                raise ModelFailed("tool_failure", "; ".join(problem for _, problem in problems))
            if results:
                history += [reply.message(), ModelRequest(parts=results, instructions=prompt.instructions)]
            turn.begin_paragraph()
        raise ModelFailed("tool_failure", f"the model called tools in {_REQUESTS} replies running")

    async def _request(
        self, history: list[ModelMessage], tools: Sequence[Tool], reply: Reply, turn: Turn
    ) -> AsyncGenerator[str, None]:
        """One reply of the model. Before the visitor has read a word, what may pass is tried again."""
        for attempt in range(1, _TRIES + 1):
            try:
                async with aclosing(self._stream(history, tools, reply, turn)) as pieces:
                    async for piece in pieces:
                        yield piece
            except TimeoutError:
                reason = "the turn took too long" if turn.over else "the model fell silent"
            except Exception as error:  # noqa: BLE001 - on odd streams the library raises anything
                reason = self._described(error)
                pause = self._pause(error, attempt)
                if pause is not None and not turn.shown and not reply.calls and turn.has(pause):
                    await asyncio.sleep(pause)
                    continue
                if reply.calls and not turn.shown:
                    return  # half a call: counted as the model's mistake
            else:
                return
            # Without the cause: the provider's own message may repeat the key.
            raise ModelFailed("tool_failure" if reply.calls else "model_failure", reason) from None

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
                        model_settings=self._request_settings,
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
            if not reply.whole:
                raise EOFError("the stream ended before the answer did")
            if shown := turn.show(reply.rest()):
                yield shown

    def _pause(self, error: Exception, attempt: int) -> float | None:
        """Seconds to wait before another try, or None where it would be of no use."""
        if attempt == _TRIES or isinstance(error, ModelTimeoutError):
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
        if self._settings.api_key:
            words = words.replace(self._settings.api_key, "[key]")
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
        raise ModelFailed("tool_failure", f"{tool.name}: {error!r}") from error


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
