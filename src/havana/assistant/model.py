"""Opens a model by name.

Nothing here imports the model library, which takes 2 s and 70 MB, before a named model is about to be used.
"""

import asyncio
import importlib.util
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

import msgspec

from havana.assistant.builtin import BuiltinModel
from havana.assistant.interface import Model, Prompt, Tool

if TYPE_CHECKING:
    from havana.assistant.model_provider import ProviderModel

DEFAULT_MODEL = "openai:gpt-6-luna"  # the least expensive of OpenAI's current models that calls tools
BUILTIN = "builtin"


class ModelSettings(msgspec.Struct, frozen=True):
    """Which model writes the answers, and how patient we are with it (in seconds).

    `name` is `openai:NAME` (OpenAI's Responses API, or Chat Completions where `base_url` is set),
    `openai-chat:NAME` or `openai-responses:NAME` to choose the API, or `builtin`. Without a name: the default
    model if there is a key, else the built-in one. `requires_finish_reason` is false for servers that never
    say that they have finished.
    """

    name: str | None = None
    api_key: str | None = None
    base_url: str | None = None
    first_token_s: float = 20
    next_token_s: float = 15
    turn_s: float = 90
    retry_s: float = 0.5
    requires_finish_reason: bool = True

    @property
    def full_name(self) -> str:
        return self.name or (DEFAULT_MODEL if self.api_key else BUILTIN)

    @property
    def api(self) -> str:
        """`chat` or `responses`."""
        prefix = self.full_name.partition(":")[0]
        if prefix == "openai":
            # Few of the servers that speak like OpenAI have its newer API.
            return "chat" if self.base_url else "responses"
        return prefix.removeprefix("openai-")


def open_model(settings: ModelSettings) -> Model:
    """The model that the settings name. A `ValueError` says in one line what is wrong with them."""
    if settings.full_name == BUILTIN:
        return BuiltinModel()
    prefix, _, name = settings.full_name.partition(":")
    if prefix not in ("openai", "openai-chat", "openai-responses") or not name:
        raise ValueError(f"unknown model {settings.full_name!r}: say openai:NAME, or {BUILTIN}")
    if not settings.api_key and not settings.base_url:
        raise ValueError(f"the model {settings.full_name} needs an API key")
    if importlib.util.find_spec("pydantic_ai") is None:
        raise ValueError(f"the model {settings.full_name} needs the package pydantic-ai-slim[openai]")
    return _NamedModel(settings)


async def warm(model: Model) -> None:
    """Does beforehand, on a thread, what would keep the first visitor waiting."""
    if isinstance(model, _NamedModel):
        await model.provider()


async def close(model: Model) -> None:
    """Closes the connections that the model keeps open."""
    if isinstance(model, _NamedModel):
        await model.close()


class _NamedModel:
    """A provider's model, whose library is imported by whoever needs it first."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._opening = asyncio.Lock()
        self._provider: ProviderModel | None = None

    @property
    def name(self) -> str:
        return self._settings.full_name

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        provider = await self.provider()
        async with aclosing(provider.answer(prompt, tools)) as pieces:
            async for piece in pieces:
                yield piece

    async def provider(self) -> "ProviderModel":
        async with self._opening:
            if self._provider is None:
                self._provider = await asyncio.to_thread(_open_provider, self._settings)
            return self._provider

    async def close(self) -> None:
        if self._provider is not None:
            await self._provider.close()


def _open_provider(settings: ModelSettings) -> "ProviderModel":
    # On a thread, because it takes two seconds that neither the start nor the event loop can spare.
    from havana.assistant.model_provider import ProviderModel

    return ProviderModel(settings)
