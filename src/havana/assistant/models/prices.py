"""What asking a model costs: as somebody told, else by the public price lists that the model library brings along.

Nothing is fetched.
"""

from collections.abc import Sequence

from genai_prices import calc_price
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.usage import RequestUsage

from havana.assistant.models.settings import OPENAI, ModelSettings

CHARACTERS_A_TOKEN = 4
"""For what a provider does not count, or did not get to: most languages of Europe have about so many."""

MILLION = 1_000_000

_LISTED = {"azure-responses": "azure", "bedrock": "aws", "google-cloud": "google", "xai": "x-ai"}


class Price:
    """Of one model. A server of another make under OpenAI's protocol has OpenAI's price if its model has the name."""

    def __init__(self, settings: ModelSettings) -> None:
        prefix, _, self._model = settings.full_name.partition(":")
        self._provider = "openai" if prefix in OPENAI else _LISTED.get(settings.provider, settings.provider)
        self._told = settings.price
        self.is_known = self._dollars(RequestUsage(input_tokens=1, output_tokens=1)) is not None

    def micros(self, usage: RequestUsage) -> int | None:
        """Millionths of a US dollar, rounded up; None where no price is known."""
        dollars = self._dollars(usage) if self.is_known else None
        return None if dollars is None else -int(-dollars * MILLION // 1)

    def _dollars(self, usage: RequestUsage) -> float | None:
        if self._told is not None:
            # What a provider has read before counts in full: two numbers cannot say what it takes off for that.
            return (self._told.input * usage.input_tokens + self._told.output * usage.output_tokens) / MILLION
        try:
            return float(calc_price(usage, self._model, provider_id=self._provider).total_price)
        except (LookupError, ValueError):
            return None


def counted(response: ModelResponse, history: Sequence[ModelMessage], *, whole: bool) -> RequestUsage:
    """The tokens of one request. What was broken off is counted by its length, for it is paid for all the same."""
    usage = response.usage
    written = 0 if whole and usage.output_tokens else _length(response) // CHARACTERS_A_TOKEN
    told = usage.input_tokens or sum(map(_length, history)) // CHARACTERS_A_TOKEN
    return RequestUsage(
        input_tokens=told,
        output_tokens=max(usage.output_tokens, written),
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
    )


def _length(message: ModelMessage) -> int:
    if isinstance(message, ModelRequest):
        return len(message.instructions or "") + sum(len(str(getattr(part, "content", ""))) for part in message.parts)
    words = sum(len(part.content) for part in message.parts if isinstance(part, TextPart))
    return words + sum(len(part.args_as_json_str()) for part in message.parts if isinstance(part, ToolCallPart))
