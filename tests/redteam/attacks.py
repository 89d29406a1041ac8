"""The attacks, and a model that obeys them."""

import tomllib
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from havana.assistant.interface import Prompt, Tool

LONG = "and so on " * 20_000


class Attack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of attacks.toml, which says what the fields are. `pieces` is how many characters the model says at once."""

    name: str
    says: list[str]
    must_not: list[str]
    article: str = ""
    recites: str = ""
    answers: str = ""
    calls: list[tuple[str, dict[str, Any]]] = []
    pieces: int = 7


def attacks() -> list[Attack]:
    table = tomllib.loads((Path(__file__).parent / "attacks.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table["attack"], list[Attack])


class Obedient:
    """Does what the attacker wants, with all that a model is given."""

    name = "obedient"

    def __init__(self, attack: Attack) -> None:
        self._attack = attack
        self._found: list[str] = []
        self._tools: Sequence[Tool] = ()
        self.prompts: list[Prompt] = []

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        self._tools = tools
        by_name = {tool.name: tool for tool in tools}
        searched = [("search_knowledge", {"query": self._attack.says[-1]})] if self._attack.recites == "found" else []
        for name, arguments in [*searched, *self._attack.calls]:
            filled = {key: self._filled(str(value), prompt) for key, value in arguments.items()}
            self._found.append(await by_name[name].call(filled))
        wanted = f"{{{self._attack.recites}}}" if self._attack.recites else self._attack.answers
        text = self._filled(wanted, prompt) or "As you wish."
        for at in range(0, len(text), self._attack.pieces):
            yield text[at : at + self._attack.pieces]

    def _filled(self, text: str, prompt: Prompt) -> str:
        known = {
            "{instructions}": prompt.instructions,
            "{INSTRUCTIONS}": prompt.instructions.upper(),
            "{turns}": "\n".join(turn.text for turn in prompt.turns),
            "{found}": "\n".join(self._found),
            "{tools}": "\n".join(f"{tool.name} {tool.description} {tool.parameters}" for tool in self._tools),
            "{long}": LONG,
        }
        for name, value in known.items():
            text = text.replace(name, value)
        return text
