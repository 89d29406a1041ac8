"""How OpenAI's API and the servers that imitate it are reached."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import cached_property
from typing import Any, Literal

from openai import AsyncOpenAI, omit
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_chunk import ChoiceDelta, ChoiceDeltaToolCall, ChoiceDeltaToolCallFunction
from pydantic_ai.models import Model as LibraryModel
from pydantic_ai.models.openai import (
    OpenAIChatModel,
    OpenAIResponsesModel,
    OpenAIResponsesModelSettings,
    OpenAIStreamedResponse,
)
from pydantic_ai.profiles import ModelProfile, merge_profile
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings as RequestSettings

from havana.assistant.models.settings import ModelSettings
from havana.assistant.models.toolcalls import CallSorter

_AFTER_FINISH_S = 1.0  # for the usage figures that follow the end of an answer; some servers never close the stream
_NO_TAG = "\0"

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "function_call"]
_FINISH_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "tool_calls": "tool_calls",
    "function_call": "function_call",
    "content_filter": "content_filter",
    "safety": "content_filter",
}


def open_client(settings: ModelSettings) -> AsyncOpenAI:
    # Retries are ours: only we know whether the visitor has read a word already.
    return _Client(
        api_key=settings.api_key or "none",
        base_url=settings.base_url or "https://api.openai.com/v1",
        max_retries=0,
        timeout=settings.turn_s,
    )


def open_library_model(settings: ModelSettings, client: AsyncOpenAI) -> LibraryModel:
    name = settings.full_name.partition(":")[2]
    provider = (
        OpenAICompatibleProvider("openai-compatible", openai_client=client)
        if settings.base_url
        else OpenAIProvider(openai_client=client)
    )
    if settings.api == "responses":
        return OpenAIResponsesModel(name, provider=provider)
    # Most servers of another make know the older of the two names that a limit has.
    known = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=not settings.base_url)
    return ChatModel(name, provider=provider, profile=chat_profile(settings, known))


def chat_profile(settings: ModelSettings, known: ModelProfile | None) -> ModelProfile:
    ours = OpenAIModelProfile(
        openai_chat_streaming_requires_finish_reason=settings.requires_finish_reason,
        # The library knows a tag only as a chunk of its own, and loses the answer after one that is not.
        thinking_tags=(_NO_TAG, _NO_TAG),
    )
    return merge_profile(known, ours)


def request_settings(settings: ModelSettings) -> RequestSettings:
    if settings.base_url:
        return RequestSettings()  # what a server of another make understands is not known
    # A visitor waits: little thinking. And the visitor's words are not OpenAI's to keep.
    if settings.api == "responses":
        return OpenAIResponsesModelSettings(thinking="low", openai_store=False)
    return RequestSettings(thinking="low")


class _Completions(AsyncCompletions):
    """Says the conversation and the tools as they stand.

    The client would look at every field of them for names that are written differently in Python, of which there are
    none: a tenth of a millisecond for each message, before the request leaves.
    """

    async def create(self, *, messages: Any, tools: Any = omit, extra_body: Any = None, **more: Any) -> Any:
        said = {**(extra_body or {}), "messages": messages}
        if tools:
            said["tools"] = tools
        return await super().create(messages=(), extra_body=said, **more)


class _Chat(AsyncChat):
    @cached_property
    def completions(self) -> AsyncCompletions:
        return _Completions(self._client)


class _Client(AsyncOpenAI):
    @cached_property
    def chat(self) -> AsyncChat:
        return _Chat(self)


class _ChatStream(OpenAIStreamedResponse):
    """Puts right what servers do differently, before the library reads it."""

    async def _validate_response(self) -> AsyncIterator[ChatCompletionChunk]:
        sorter = CallSorter({tool.name for tool in self.model_request_parameters.function_tools})
        chunks = aiter(self._response)
        finished = False
        while True:
            try:
                async with asyncio.timeout(_AFTER_FINISH_S if finished else None):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except Exception:
                if finished:
                    return  # all words are here, however the connection ended
                raise
            for choice in chunk.choices or []:
                choice.finish_reason = _finish_reason(choice.finish_reason)
                finished = finished or bool(choice.finish_reason)
                delta: ChoiceDelta | None = choice.delta  # some servers send null
                if delta is not None and delta.tool_calls:
                    delta.tool_calls = [_sorted(call, sorter) for call in delta.tool_calls]
            yield chunk


def _finish_reason(said: str | None) -> FinishReason | None:
    """Servers have words of their own for having finished, and two for having failed."""
    if not said or said in ("error", "abort"):
        return None
    return _FINISH_REASONS.get(said, "stop")


def _sorted(call: ChoiceDeltaToolCall, sorter: CallSorter) -> ChoiceDeltaToolCall:
    function = call.function
    # The client does not check types, so anything may stand here.
    raw: object = function.arguments if function else None
    arguments = raw if isinstance(raw, str) else "" if raw is None else json.dumps(raw)
    number, call_id, name = sorter.place(call.index, call.id, function.name if function else None, arguments)
    return ChoiceDeltaToolCall(
        index=number,
        id=call_id,
        type="function",
        function=ChoiceDeltaToolCallFunction(name=name, arguments=arguments),
    )


class ChatModel(OpenAIChatModel):
    @property
    def _streamed_response_cls(self) -> type[OpenAIStreamedResponse]:
        return _ChatStream
