"""Opens a model by name.

Nothing here imports the model library, which takes 2 s and 70 MB, before a named model is about to be used.
"""

import asyncio
import importlib.util
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from havana.assistant.builtin import BuiltinModel
from havana.assistant.interface import Model, Prompt, Tool
from havana.assistant.model_settings import BUILTIN, ModelSettings

if TYPE_CHECKING:
    from havana.assistant.model_provider import ProviderModel


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
