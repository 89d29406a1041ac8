"""The function calls that an assistant has, as a model sees them. What they do is the responder's: `Effects`."""

from typing import Any, Protocol

import msgspec

from havana.assistant.interface import Tool
from havana.chat.events import Reason
from havana.knowledge.search import Passage

SUMMARY_LIMIT = 1000
REASONS: tuple[Reason, ...] = ("asked", "cannot_answer", "frustrated", "policy")


class Searches(Protocol):
    async def search(self, query: str) -> list[tuple[int, Passage]]:
        """Passages with the numbers by which what is being written may cite them."""
        ...


class Effects(Searches, Protocol):
    """What a call does to the conversation, under the id of the answer that calls it."""

    async def escalate(self, reason: Reason, summary: str) -> None:
        """Hands over and ends the answer (`AnswerEnded`)."""
        ...

    async def offer_human(self) -> None:
        """Asks the visitor, below the answer, whether they would rather talk to a person."""
        ...

    async def book_call(self) -> None: ...

    async def leave_contact(self, name: str, email: str) -> bool:
        """Whether the address was taken; if it is not the visitor's own writing, they are shown a form."""
        ...


def tools_for(effects: Effects, *, call: bool) -> list[Tool]:
    """`call` tells whether the site has a booking link."""
    tools = [search_tool(effects), _escalate(effects), _offer(effects), _contact(effects)]
    return [*tools, _book(effects)] if call else tools


def search_tool(effects: Searches) -> Tool:
    """The one that reads and does nothing."""

    async def search_knowledge(arguments: dict[str, Any]) -> str:
        found = await effects.search(str(arguments.get("query", "")))
        passages = [
            {
                "source": number,
                "title": passage.title,
                "heading": passage.heading,
                "url": passage.url,
                "text": passage.text,
                "score": round(passage.score, 3),
            }
            for number, passage in found
        ]
        return msgspec.json.encode(passages).decode()

    return Tool(
        name="search_knowledge",
        description="Searches the website's articles. Returns passages with their source numbers, best first.",
        parameters=_object({"query": {"type": "string", "description": "What to look for, in a few words."}}),
        call=search_knowledge,
    )


def _escalate(effects: Effects) -> Tool:
    async def escalate_to_human(arguments: dict[str, Any]) -> str:
        summary = str(arguments.get("summary", ""))[:SUMMARY_LIMIT]
        # A reason of the model's own making is no reason to leave the visitor without a person.
        known = (reason for reason in REASONS if reason == arguments.get("reason"))
        await effects.escalate(next(known, "cannot_answer"), summary)
        return '"The conversation was handed over."'

    return Tool(
        name="escalate_to_human",
        description="Hands the conversation over to a person of the team. It ends your turn.",
        parameters=_object(
            {
                "reason": {"type": "string", "enum": list(REASONS)},
                "summary": {
                    "type": "string",
                    "description": "For the team: what the visitor wants and what was tried, in two sentences.",
                },
            }
        ),
        call=escalate_to_human,
    )


def _offer(effects: Effects) -> Tool:
    async def offer_human(_arguments: dict[str, Any]) -> str:
        await effects.offer_human()
        return '"The visitor is asked below your words, with two buttons. Do not ask it yourself."'

    return Tool(
        name="offer_human",
        description="Asks the visitor whether they would rather talk to a person, with two buttons below your answer.",
        parameters=_object({}),
        call=offer_human,
    )


def _contact(effects: Effects) -> Tool:
    async def leave_contact(arguments: dict[str, Any]) -> str:
        taken = await effects.leave_contact(str(arguments.get("name", "")), str(arguments.get("email", "")))
        said = (
            "The team has the address and will write. Tell the visitor so."
            if taken
            else "The visitor is shown a form for name and e-mail. Do not ask for them yourself."
        )
        return msgspec.json.encode({"taken": taken, "what": said}).decode()

    return Tool(
        name="leave_contact",
        description=(
            "Notes the visitor's name and e-mail, for an answer by the team later. Without an e-mail that the visitor "
            "has written, it shows them a form."
        ),
        parameters=_object({"name": {"type": "string"}, "email": {"type": "string"}}),
        call=leave_contact,
    )


def _book(effects: Effects) -> Tool:
    async def book_call(_arguments: dict[str, Any]) -> str:
        await effects.book_call()
        return '"The booking link is shown to the visitor below your words. Do not repeat it."'

    return Tool(
        name="book_call",
        description="Shows the visitor the link at which they can pick a time for a call with the team.",
        parameters=_object({}),
        call=book_call,
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
