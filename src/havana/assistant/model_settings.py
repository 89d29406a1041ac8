"""Which model writes the answers, and how patient we are with it."""

import msgspec

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
