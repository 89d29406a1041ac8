"""Opens a model by name, or a chain of them.

Nothing here imports the model library, which takes 2 s and 70 MB, before a named model is about to be used.
"""

import asyncio
import difflib
import importlib.util
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

import structlog

from havana.assistant.builtin import BuiltinModel
from havana.assistant.interface import Model, ModelFailed, Prompt, Tool
from havana.assistant.models.chain import Chain
from havana.assistant.models.settings import BUILTIN, OPENAI, ModelSettings
from havana.providers import ALIASES, PROVIDERS, missing

if TYPE_CHECKING:
    from havana.assistant.models.provider import ProviderModel

log = structlog.get_logger()


def open_model(settings: ModelSettings) -> Model:
    """The model that the settings name. A `ValueError` says in one line what is wrong with them."""
    models = [_open_one(one) for one in settings.chain]
    return models[0] if len(models) == 1 else Chain(models)


def members(model: Model) -> Sequence[Model]:
    """The models of a chain, or the one that it is."""
    return model.models if isinstance(model, Chain) else [model]


def writing(model: Model) -> Model | None:
    """What of it can write for the team: the built-in one can only answer visitors. None if there is nothing else."""
    named = [one for one in members(model) if one.name != BUILTIN]
    return named[0] if len(named) == 1 else Chain(named) if named else None


async def warm(model: Model) -> list[str]:
    """Does beforehand, on a thread, what would keep the first visitor waiting. Tells the models without a price."""
    unpriced = []
    for one in members(model):
        if isinstance(one, _NamedModel):
            try:
                if not (await one.provider()).has_price:
                    unpriced.append(one.name)
            except ModelFailed as failure:
                log.warning("model cannot be used", model=one.name, detail=failure.detail)
    return unpriced


def unpriced(settings: ModelSettings) -> list[str]:
    """The models of which nobody knows what they cost. Imports the model library."""
    # Imported here, because it takes long.
    from havana.assistant.models.prices import Price

    return [one.full_name for one in settings.chain if one.full_name != BUILTIN and not Price(one).is_known]


async def close(model: Model) -> None:
    """Closes the connections that the model keeps open."""
    for one in members(model):
        if isinstance(one, _NamedModel):
            await one.close()


def _open_one(settings: ModelSettings) -> Model:
    if settings.full_name == BUILTIN:
        return BuiltinModel()
    prefix, _, name = settings.full_name.partition(":")
    if not name or (prefix not in OPENAI and settings.provider not in PROVIDERS):
        raise ValueError(f"unknown model {settings.full_name!r}: {_suggested(prefix, name)}")
    if prefix in OPENAI:
        if not settings.api_key and not settings.base_url:
            raise ValueError(f"the model {settings.full_name} needs an API key: set OPENAI_API_KEY")
    else:
        _check_provider(settings)
    if importlib.util.find_spec("pydantic_ai") is None:
        raise ValueError(f"the model {settings.full_name} needs the package pydantic-ai-slim[openai]")
    return _NamedModel(settings)


def _check_provider(settings: ModelSettings) -> None:
    provider = PROVIDERS[settings.provider]
    if provider.package is not None and not _is_installed(provider.package):
        raise ValueError(f"the model {settings.full_name} needs a package: pip install 'havana[{provider.extra}]'")
    if unset := missing(provider, settings.variables):
        what = "an address" if all(name.endswith(("_URL", "_ENDPOINT")) for name in unset) else "an API key"
        raise ValueError(f"the model {settings.full_name} needs {what}: set {' and '.join(unset)}")


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False  # the folder above it is missing


def _suggested(prefix: str, name: str) -> str:
    known = [*OPENAI, *PROVIDERS, *ALIASES, BUILTIN]
    close = difflib.get_close_matches(prefix, known, n=1)
    if close and close[0] != prefix:
        meant = BUILTIN if close[0] == BUILTIN else f"{close[0]}:{name or 'NAME'}"
        return f"did you mean {meant}?"
    return f"say PROVIDER:NAME (openai, anthropic, google, ollama …), or {BUILTIN}"


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
        """`ModelFailed` if the library does not take what it is told."""
        async with self._opening:
            if self._provider is None:
                try:
                    self._provider = await asyncio.to_thread(_open_provider, self._settings)
                except Exception as error:  # noqa: BLE001 - each provider's client has its own
                    raise ModelFailed("model_failure", f"{type(error).__name__}: {error}"[:300], outage=True) from None
            return self._provider

    async def close(self) -> None:
        if self._provider is not None:
            await self._provider.close()


def _open_provider(settings: ModelSettings) -> "ProviderModel":
    # On a thread, because it takes two seconds that neither the start nor the event loop can spare.
    from havana.assistant.models.provider import ProviderModel

    return ProviderModel(settings)
