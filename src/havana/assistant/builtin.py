"""The assistant that needs no key: it finds the passage that answers, quotes it with its source, and is honest.

It speaks the same interface and calls the same tools as any other model, by name.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

import msgspec

from havana.assistant.interface import Prompt, Tool, Turn
from havana.assistant.understanding.reading import Reading, read
from havana.assistant.understanding.wishes import Wish, is_angry
from havana.chat import sureness
from havana.chat.commands import EMAIL

PARTS = 3
"""How many of the messages that came in together are looked up alone."""
ENOUGH = sureness.ENOUGH
"""From this score on a passage is quoted; `bench/knowledge.py` prints what that answers, and what it should not."""
AS_GOOD = 0.93
"""Share of the best score at which a passage of another article is quoted as well."""
OF_ITS_OWN = 0.15
"""What a follow-up ("and for pizza?") must itself find: the question before it would answer anything."""
LONGEST_SUMMARY = 300

CALL = "Here is the link for a call. Pick a time that suits you."
NO_CALL = "I cannot arrange a call myself. You can press *Talk to a person*, and the team will."
UNKNOWN = "I have found no answer to that. You can press *Talk to a person*, and the team will help you."
SORRY = "I am sorry that this is not going well."
NOTED = "Thank you. The team has your address and will write to you."
FORM = "You can leave your name and e-mail below."
STILL_UNKNOWN = (
    "I have found nothing on that either. A person will know more: press *Talk to a person*, "
    "and the team sees what you have asked."
)
ASK = "Ask me anything, or press *Talk to a person* when you want the team."
BACK = f"You are with the assistant again. {ASK}"
KIND_WORDS: Mapping[Wish, str] = {
    "greeting": "Hello. What would you like to know?",
    "thanks": "You are welcome. Ask whenever something else comes up.",
    "goodbye": "Goodbye. Write again whenever you like.",
    "nature": (
        "I am an AI assistant, not a person. I answer from the articles of this website. "
        "If you would rather talk with a person, press *Talk to a person*."
    ),
}

_PIECES = re.compile(r"\s*\S+")
_LIST_OR_TABLE = re.compile(r"\s*(?:[-*+]|\d+[.)]|\|)\s?")


class Hit(msgspec.Struct, frozen=True):
    """A passage as `search_knowledge` returns it."""

    source: int
    title: str
    heading: str
    text: str
    score: float
    url: str | None = None


class Contact(msgspec.Struct, frozen=True):
    """What `leave_contact` returns."""

    taken: bool


class BuiltinModel:
    """`pause` is the time between two words in seconds: quick to read along, slow enough to be seen as it is
    written.
    """

    name = "builtin"

    def __init__(self, pause: float = 0.02) -> None:
        self._pause = pause

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        """Yields the answer word by word."""
        reading = read(prompt.turns)
        by_name = {tool.name: tool for tool in tools}
        async for piece in self._spoken(await _words(reading, by_name)):
            yield piece

    async def _spoken(self, text: str) -> AsyncGenerator[str, None]:
        for piece in _PIECES.findall(text):
            yield piece
            await asyncio.sleep(self._pause)


async def _words(reading: Reading, tools: Mapping[str, Tool]) -> str:
    """What to say; the booking link is offered on the way if it is wanted."""
    if reading.wish == "person":
        # Heard already, for otherwise nobody would have asked us (`decision.py`).
        return BACK
    if reading.wish == "call":
        if reading.dealt_with:
            return BACK
        if "book_call" not in tools:
            return NO_CALL
        await tools["book_call"].call({})
        return CALL
    if reading.wish:
        return KIND_WORDS[reading.wish]
    if not reading.question:
        # What was asked has been removed.
        return ASK
    if (email := EMAIL.search(reading.question)) and "leave_contact" in tools:
        answer = await tools["leave_contact"].call({"name": "", "email": email[0].rstrip(".!?")})
        return NOTED if msgspec.json.decode(answer, type=Contact).taken else FORM
    hits = await _search(reading, tools["search_knowledge"]) if "search_knowledge" in tools else []
    if hits:
        return "\n\n".join(quoted(hit) for hit in hits)
    if is_angry(reading.question):
        return SORRY
    return STILL_UNKNOWN if reading.last_answer in (UNKNOWN, STILL_UNKNOWN) else UNKNOWN


async def passages_for(turns: Sequence[Turn], tools: Sequence[Tool]) -> str:
    """The passages that answer the visitor's last question, quoted with their marks; "" if none does."""
    [tool] = [tool for tool in tools if tool.name == "search_knowledge"]
    asked = list(turns)
    while asked and (asked[-1].role == "assistant" or not read(asked).question):
        asked.pop()
    return "\n\n".join(quoted(hit) for hit in await _search(read(asked), tool)) if asked else ""


async def _search(reading: Reading, tool: Tool) -> list[Hit]:
    """The passages worth quoting: one, or two where a second article answers about as well."""
    alone = await _ask(tool, reading.question)
    ranked = alone
    if reading.follows_up:
        together = await _ask(tool, f"{reading.before} {reading.question}")
        ranked = together if reading.points_back else _merged(alone, together)
    good = [hit for hit in ranked if hit.score >= ENOUGH]
    if not good and len(reading.parts) > 1:
        # Among several messages one may be a question that drowns in the others; the newest counts most.
        for part in reading.parts[: -PARTS - 1 : -1]:
            good = good or [hit for hit in await _ask(tool, part) if hit.score >= ENOUGH]
    also = [hit for hit in good[1:] if hit.title != good[0].title and hit.score >= AS_GOOD * good[0].score]
    return good[:1] + also[:1]


async def _ask(tool: Tool, query: str) -> list[Hit]:
    arguments: dict[str, Any] = {"query": query}
    return msgspec.json.decode(await tool.call(arguments), type=list[Hit])


def _merged(alone: list[Hit], together: list[Hit]) -> list[Hit]:
    """For "and for welding?": what answers the new words and the question before them at once comes first."""
    if not alone or alone[0].score < OF_ITS_OWN:
        return []
    best: dict[tuple[str, str, str], Hit] = {}
    for hit in (*alone, *together):
        place = (hit.title, hit.heading, hit.text)
        known = best[place].score if place in best else 0.0
        best[place] = msgspec.structs.replace(hit, score=known + hit.score / 2)
    return sorted(best.values(), key=lambda hit: hit.score, reverse=True)


def quoted(hit: Hit) -> str:
    """The passage with its source mark, where it does not break a list or a table."""
    mark = f"[{hit.source}]"
    first, newline, rest = hit.text.partition("\n")
    if rest and first.endswith(":"):
        return f"{first[:-1]} {mark}:{newline}{rest}"
    last = hit.text.rstrip().rpartition("\n")[2]
    if _LIST_OR_TABLE.match(last) or last.startswith(("```", "~~~")):
        return f"{hit.text.rstrip()}\n\n{mark}"
    return f"{hit.text.rstrip()} {mark}"


def summary_of(turns: Sequence[Turn]) -> str:
    """For the team: the visitor's last questions, in a line or two."""
    reading = read(turns)
    asked = " / ".join(reading.questions[-3:])
    if not asked:
        return "The visitor asked for a person."
    text = f"Asked for a person. Before that: {asked}"
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1].rstrip() + "…"
