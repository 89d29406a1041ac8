import json
from collections.abc import Sequence
from typing import Any

import pytest

from havana.assistant import builtin
from havana.assistant.builtin import BuiltinModel
from havana.assistant.interface import AnswerEnded, Prompt, Tool, Turn, note

WELDING = {"title": "Welding", "heading": "Cost", "url": None, "text": "Welding costs $8,400.\nBooks are extra."}
HVAC = {"title": "HVAC", "heading": "Cost", "url": None, "text": "You need:\n\n- $9,600\n- gloves"}
LENGTH = {"title": "Welding", "heading": "Length", "url": None, "text": "Welding takes nine months."}


class Site:
    """A site with a few passages, and a record of what the assistant called."""

    def __init__(self, *, call: bool = True) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.found: dict[str, list[tuple[dict[str, Any], float]]] = {}
        self._numbers: list[dict[str, Any]] = []
        names = ["search_knowledge", "escalate_to_human", *(["book_call"] if call else [])]
        self.tools = [Tool(name, "", {}, self._caller(name)) for name in names]

    def _caller(self, name: str) -> Any:
        async def call(arguments: dict[str, Any]) -> str:
            self.calls.append((name, arguments))
            if name == "escalate_to_human":
                raise AnswerEnded
            return json.dumps(self._search(arguments["query"])) if name == "search_knowledge" else '"shown"'

        return call

    def _search(self, query: str) -> list[dict[str, Any]]:
        hits = []
        for passage, score in self.found.get(query, []):
            if passage not in self._numbers:
                self._numbers.append(passage)
            hits.append({"source": self._numbers.index(passage) + 1, "score": score, **passage})
        return hits

    async def pieces(self, *turns: str) -> list[str]:
        """The answer to turns that alternate, the visitor's first and last."""
        roles: Sequence[Any] = ("visitor", "assistant")
        prompt = Prompt("", [Turn(roles[i % 2], text) for i, text in enumerate(turns)])
        return [piece async for piece in BuiltinModel(pause=0).answer(prompt, self.tools)]

    async def says(self, *turns: str) -> str:
        return "".join(await self.pieces(*turns))

    @property
    def queries(self) -> list[str]:
        return [arguments["query"] for name, arguments in self.calls if name == "search_knowledge"]


async def test_the_passage_that_answers_is_quoted_with_its_source() -> None:
    site = Site()
    site.found["How much is welding?"] = [(WELDING, 0.8), (LENGTH, 0.79)]

    assert await site.says("How much is welding?") == ("Welding costs $8,400.\nBooks are extra. [1]")


async def test_a_second_article_that_answers_as_well_is_quoted_too() -> None:
    site = Site()
    site.found["costs?"] = [(WELDING, 0.8), (LENGTH, 0.79), (HVAC, 0.78)]

    assert await site.says("costs?") == (
        "Welding costs $8,400.\nBooks are extra. [1]\n\nYou need [3]:\n\n- $9,600\n- gloves"
    )


async def test_the_answer_comes_word_by_word() -> None:
    site = Site()
    site.found["How long?"] = [(LENGTH, 0.8)]

    assert await site.pieces("How long?") == ["Welding", " takes", " nine", " months.", " [1]"]


async def test_what_no_article_answers_is_said_to_be_unknown_and_a_person_offered_in_words() -> None:
    site = Site()
    site.found["Do you sell pizza?"] = [(WELDING, builtin.ENOUGH - 0.01)]
    first = await site.says("Do you sell pizza?")
    second = await site.says("Do you sell pizza?", first, "Or burgers, or anything else to eat?")

    assert first == builtin.UNKNOWN
    assert second == builtin.STILL_UNKNOWN
    assert {name for name, _ in site.calls} == {"search_knowledge"}


async def test_a_wish_that_was_dealt_with_is_not_heard_again() -> None:
    site = Site()
    notes = f"{note('The visitor asked for a person to join.')}\n\n{note('The visitor chose to go on.')}"

    assert await site.says(f"I want to talk to a person\n\n{notes}") == builtin.BACK
    assert site.calls == []


async def test_where_what_was_asked_is_removed_nothing_is_looked_up() -> None:
    site = Site()

    assert await site.says(note("A message of the visitor was removed.")) == builtin.ASK
    assert site.calls == []


async def test_a_question_to_a_person_who_left_is_answered() -> None:
    site = Site()
    site.found["How long is welding?"] = [(LENGTH, 0.8)]
    left = note("Ana has left the chat; the assistant is in charge again.")
    said = note("Ana of the team wrote to the visitor: Hello.\n\nI am Ana.")

    assert (await site.says(f"a human please\n\n{said}\n\nHow long is welding?\n\n{left}")).startswith("Welding takes")


async def test_asked_whether_it_is_human_it_says_what_it_is() -> None:
    site = Site()

    assert (await site.says("Are you a human?")).startswith("I am an AI assistant, not a person.")
    assert site.calls == []


async def test_the_booking_link_is_shown_when_a_call_is_wanted() -> None:
    site = Site()

    assert await site.says("I'd like to book a call") == builtin.CALL
    assert site.calls == [("book_call", {})]


async def test_without_a_booking_link_the_team_is_named_for_calls() -> None:
    site = Site(call=False)

    assert await site.says("I'd like to book a call") == builtin.NO_CALL
    assert site.calls == []


@pytest.mark.parametrize(
    ("message", "words"),
    [("Hello", "Hello. What"), ("thanks a lot", "You are welcome."), ("bye", "Goodbye.")],
)
async def test_kind_words_are_answered_in_kind(message: str, words: str) -> None:
    site = Site()

    assert (await site.says(message)).startswith(words)
    assert site.calls == []


async def test_a_greeting_before_a_question_is_no_hindrance() -> None:
    site = Site()
    site.found["How long is welding?"] = [(LENGTH, 0.8)]

    assert (await site.says("hi\n\nHow long is welding?")).startswith("Welding takes nine months. [1]")


async def test_it_means_what_was_asked_about_before() -> None:
    site = Site()
    site.found["how long does it take?"] = [(HVAC, 0.9)]
    site.found["How much is welding? how long does it take?"] = [(LENGTH, 0.7)]

    assert (await site.says("How much is welding?", "…", "how long does it take?")).startswith("Welding takes")


async def test_a_follow_up_asks_the_same_of_something_else() -> None:
    site = Site()
    site.found["and for HVAC?"] = [({**HVAC, "heading": "Length", "text": "HVAC lasts."}, 0.9), (HVAC, 0.8)]
    site.found["How much is welding? and for HVAC?"] = [(WELDING, 0.8), (HVAC, 0.75)]

    assert (await site.says("How much is welding?", "…", "and for HVAC?")).startswith("You need [2]:")


async def test_a_follow_up_about_something_unknown_does_not_repeat_the_answer_before() -> None:
    site = Site()
    site.found["and for pizza?"] = [(HVAC, 0.1)]
    site.found["How much is welding? and for pizza?"] = [(WELDING, 0.6)]

    assert await site.says("How much is welding?", "…", "and for pizza?") == builtin.UNKNOWN


async def test_a_table_keeps_its_shape() -> None:
    site = Site()
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    site.found["table"] = [({**LENGTH, "text": table}, 0.9)]

    assert await site.says("table") == f"{table}\n\n[1]"


async def test_a_question_that_drowns_among_other_messages_is_looked_up_alone() -> None:
    site = Site()
    site.found["How much is welding?"] = [(WELDING, 0.8)]

    said = await site.says("My address is a very long one\n\nHow much is welding?")

    assert said == "Welding costs $8,400.\nBooks are extra. [1]"


@pytest.mark.parametrize(
    "turns",
    [
        ["How much is welding?"],
        ["How much is welding?", "I have found no answer.", note("Ana of the team took over.")],
        ["How much is welding?", "I have found no answer.", f"I want a human\n\n{note('Ana of the team took over.')}"],
    ],
    ids=["alone", "before somebody took over", "before the wish for a person"],
)
async def test_for_an_agent_the_last_question_is_looked_up_whatever_has_come_since(turns: list[str]) -> None:
    site = Site()
    site.found["How much is welding?"] = [(WELDING, 0.8)]
    said = [Turn("visitor" if i % 2 == 0 else "assistant", text) for i, text in enumerate(turns)]

    assert await builtin.passages_for(said, site.tools) == "Welding costs $8,400.\nBooks are extra. [1]"


async def test_for_an_agent_nothing_is_quoted_where_nothing_was_asked() -> None:
    assert await builtin.passages_for([Turn("visitor", "Hello")], Site().tools) == ""
