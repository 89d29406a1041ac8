"""How the model library reaches the providers that are not OpenAI, each by its own client."""

from pydantic_ai.models import Model as LibraryModel
from pydantic_ai.models import infer_model
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers import infer_provider_class
from pydantic_ai.settings import ModelSettings as RequestSettings

from havana.assistant.models.openai_client import ChatModel, chat_profile
from havana.assistant.models.settings import ModelSettings
from havana.providers import PROVIDERS, arguments_of


def open_library_model(settings: ModelSettings) -> LibraryModel:
    """The provider is told what our settings say; what they do not, its client looks for in the environment."""
    name = settings.full_name.partition(":")[2]
    told = arguments_of(PROVIDERS[settings.provider], settings.variables)
    provider = infer_provider_class(settings.provider)(**told)
    model = infer_model(f"{settings.provider}:{name}", provider_factory=lambda _: provider)
    if type(model) in (OpenAIChatModel, OllamaModel):
        # What speaks like OpenAI has the same oddities, wherever it runs.
        return ChatModel(name, provider=provider, profile=chat_profile(settings, provider.model_profile(name)))
    return model


def request_settings(settings: ModelSettings) -> RequestSettings:
    # Retries are ours: only we know whether the visitor has read a word already.
    if settings.provider == "google":
        return RequestSettings(thinking="low", max_retries=0)  # a visitor waits
    return RequestSettings(max_retries=0)
