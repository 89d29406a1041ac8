"""Which model writes the answers, and how patient we are with it."""

from collections.abc import Mapping

import msgspec

from havana.providers import ALIASES, PROVIDERS, TokenPrice, arguments_of

DEFAULT_MODEL = "openai:gpt-6-luna"  # the least expensive of OpenAI's current models that calls tools
BUILTIN = "builtin"
OPENAI = ("openai", "openai-chat", "openai-responses")


class ModelSettings(msgspec.Struct, frozen=True):
    """Which model writes the answers, and how patient we are with it (in seconds).

    `name` is `openai:NAME` (OpenAI's Responses API, or Chat Completions where `base_url` is set),
    `openai-chat:NAME` or `openai-responses:NAME` to choose the API, `PROVIDER:NAME` of any other provider, `builtin`,
    or several of them with commas between: when one fails the next one answers. Without a name: the default model if
    there is a key, else the built-in one. `variables` hold the other providers' keys and addresses, under the names
    that they have in an environment. `prices` are those that somebody told, by the models' names. `tries` is how often
    one request is made. `requires_finish_reason` is false for servers that never say that they have finished.
    """

    name: str | None = None
    api_key: str | None = None
    base_url: str | None = None
    variables: Mapping[str, str] = {}
    prices: Mapping[str, TokenPrice] = {}
    first_token_s: float = 20
    next_token_s: float = 15
    turn_s: float = 90
    retry_s: float = 0.5
    tries: int = 3
    requires_finish_reason: bool = True

    @property
    def full_name(self) -> str:
        return self.name or (DEFAULT_MODEL if self.api_key else BUILTIN)

    @property
    def chain(self) -> list["ModelSettings"]:
        """Settings of one model each, in the order in which they are asked."""
        names = [name.strip() for name in self.full_name.split(",")]
        *before, last = (msgspec.structs.replace(self, name=name) for name in names)
        # Whoever has somebody to fall back on is given up on sooner: all of them share the time that a visitor has.
        sooner = self.first_token_s / len(names)
        return [*(msgspec.structs.replace(one, first_token_s=sooner, tries=2) for one in before), last]

    @property
    def api(self) -> str:
        """`chat` or `responses`, of OpenAI."""
        prefix = self.full_name.partition(":")[0]
        if prefix == "openai":
            # Few of the servers that speak like OpenAI have its newer API.
            return "chat" if self.base_url else "responses"
        return prefix.removeprefix("openai-")

    @property
    def provider(self) -> str:
        """By the name that the model library has for it now."""
        prefix = self.full_name.partition(":")[0]
        return ALIASES.get(prefix, prefix)

    @property
    def price(self) -> TokenPrice | None:
        """What somebody told of it; it counts before any public list."""
        return self.prices.get(self.full_name)

    @property
    def secrets(self) -> list[str]:
        """What no message may repeat. Addresses are among them, for some have a password inside."""
        told = arguments_of(PROVIDERS[self.provider], self.variables) if self.provider in PROVIDERS else {}
        return [secret for secret in (self.api_key, *told.values()) if secret]
