"""Whose models can be named, what each provider wants to be told, and in which variables that usually stands.

A table and nothing else, so that the settings know the names and nobody imports the model library for them.
"""

import re
from collections.abc import Mapping

import msgspec


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """`takes` are the library's names of what it wants to be told, each with the variables that may say it.

    `required` of them must be said. `package` is the module without which it cannot be used, `extra` the one of
    Havana's that brings it; without an extra it is what pip calls the package.
    """

    takes: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...] = ("api_key",)
    package: str | None = None
    extra: str | None = None


class TokenPrice(msgspec.Struct, frozen=True):
    """What a million tokens cost in US dollars: those that a model reads, and those that it writes."""

    input: float
    output: float


def _keyed(*variables: str, **more: str) -> Provider:
    """A server that speaks like OpenAI's and wants a key."""
    return Provider(takes={"api_key": variables, **{name: (variable,) for name, variable in more.items()}})


_AWS = {
    "aws_access_key_id": ("AWS_ACCESS_KEY_ID",),
    "aws_secret_access_key": ("AWS_SECRET_ACCESS_KEY",),
    "aws_session_token": ("AWS_SESSION_TOKEN",),
    "region_name": ("AWS_DEFAULT_REGION", "AWS_REGION"),
    "api_key": ("AWS_BEARER_TOKEN_BEDROCK",),
}
_AZURE = Provider(
    takes={
        "azure_endpoint": ("AZURE_OPENAI_ENDPOINT",),
        "api_version": ("OPENAI_API_VERSION",),
        "api_key": ("AZURE_OPENAI_API_KEY",),
    },
    required=("azure_endpoint", "api_key"),
)

PROVIDERS: Mapping[str, Provider] = {
    "alibaba": _keyed("ALIBABA_API_KEY", "DASHSCOPE_API_KEY"),
    "anthropic": Provider(
        takes={"api_key": ("ANTHROPIC_API_KEY",), "base_url": ("ANTHROPIC_BASE_URL",)},
        package="anthropic",
        extra="anthropic",
    ),
    "azure": _AZURE,
    "azure-responses": _AZURE,
    # Its library finds credentials in files and on the machine, too.
    "bedrock": Provider(takes=_AWS, required=(), package="boto3", extra="bedrock"),
    "cerebras": _keyed("CEREBRAS_API_KEY"),
    "cohere": Provider(takes={"api_key": ("CO_API_KEY",)}, package="cohere", extra="cohere"),
    "crusoe": _keyed("CRUSOE_API_KEY"),
    "deepseek": _keyed("DEEPSEEK_API_KEY"),
    "fireworks": _keyed("FIREWORKS_API_KEY"),
    "google": Provider(
        takes={"api_key": ("GOOGLE_API_KEY", "GEMINI_API_KEY"), "base_url": ("GOOGLE_GEMINI_BASE_URL",)},
        package="google.genai",
        extra="google",
    ),
    "google-cloud": Provider(
        takes={"project": ("GOOGLE_CLOUD_PROJECT",), "location": ("GOOGLE_CLOUD_LOCATION",)},
        required=(),
        package="google.genai",
        extra="google",
    ),
    "groq": Provider(
        takes={"api_key": ("GROQ_API_KEY",), "base_url": ("GROQ_BASE_URL",)}, package="groq", extra="groq"
    ),
    "heroku": _keyed("HEROKU_INFERENCE_KEY", base_url="HEROKU_INFERENCE_URL"),
    "huggingface": Provider(takes={"api_key": ("HF_TOKEN",)}, package="huggingface_hub", extra="huggingface"),
    "litellm": Provider(
        takes={"api_key": ("LITELLM_API_KEY",), "api_base": ("LITELLM_BASE_URL",)}, required=("api_base",)
    ),
    "meta": _keyed("META_API_KEY"),
    "mistral": Provider(
        takes={"api_key": ("MISTRAL_API_KEY",), "base_url": ("MISTRAL_BASE_URL",)},
        package="mistralai",
        extra="mistral",
    ),
    "moonshotai": _keyed("MOONSHOTAI_API_KEY", base_url="MOONSHOTAI_BASE_URL"),
    "nebius": _keyed("NEBIUS_API_KEY"),
    "ollama": Provider(
        takes={"base_url": ("OLLAMA_BASE_URL",), "api_key": ("OLLAMA_API_KEY",)}, required=("base_url",)
    ),
    "openrouter": _keyed("OPENROUTER_API_KEY"),
    "ovhcloud": _keyed("OVHCLOUD_API_KEY"),
    "sambanova": _keyed("SAMBANOVA_API_KEY", base_url="SAMBANOVA_BASE_URL"),
    "snowflake": Provider(
        takes={"account": ("SNOWFLAKE_ACCOUNT",), "token": ("SNOWFLAKE_TOKEN",)}, required=("account", "token")
    ),
    "together": _keyed("TOGETHER_API_KEY"),
    "vercel": _keyed("VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"),
    "vllm": Provider(takes={"base_url": ("VLLM_BASE_URL",), "api_key": ("VLLM_API_KEY",)}, required=("base_url",)),
    "xai": Provider(takes={"api_key": ("XAI_API_KEY",)}, package="xai_sdk", extra="xai"),
    "zai": _keyed("ZAI_API_KEY", base_url="ZAI_BASE_URL"),
}
ALIASES: Mapping[str, str] = {"gemini": "google", "google-gla": "google", "google-vertex": "google-cloud"}
"""What the library called some of them before, and people do."""

VARIABLES = frozenset(variable for one in PROVIDERS.values() for names in one.takes.values() for variable in names)


def arguments_of(provider: Provider, variables: Mapping[str, str]) -> dict[str, str]:
    """What of `variables` the provider takes, under the library's names. The first variable that says it wins."""
    told = {}
    for name, known in provider.takes.items():
        said = next((variables[variable] for variable in known if variables.get(variable)), None)
        if said is not None:
            told[name] = said
    return told


def missing(provider: Provider, variables: Mapping[str, str]) -> list[str]:
    """The variables that must be set and are not; one of several names for the same is enough, the first is told."""
    told = arguments_of(provider, variables)
    return [provider.takes[name][0] for name in provider.required if name not in told]


_PRICE = re.compile(r"([a-z0-9-]+:\S+)=(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)")


def prices_of(text: str) -> dict[str, TokenPrice]:
    """Of models by their names: `ollama:qwen3=0/0,openai:mine=0.5/2`. A `ValueError` if it is anything else."""
    prices = {}
    for one in text.split(","):
        found = _PRICE.fullmatch(one.strip())
        if found is None:
            raise ValueError(one)
        name, *numbers = found.groups()
        prices[name] = TokenPrice(*map(float, numbers))
    return prices
