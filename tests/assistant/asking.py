"""Asks a model behind the scripted server: what the tests of the model share."""

from contextlib import aclosing
from typing import Any

import pytest
from tests.assistant.openai_server import (
    OpenAIServer,
    ends,
    reply,
    says,
)

from havana.assistant.interface import AnswerEnded, ModelFailed, Prompt, Tool, Turn
from havana.assistant.models.opening import close, open_model
from havana.assistant.models.settings import ModelSettings

KEY = "sk-secret-0123456789"
PROMPT = Prompt("You are kind.", [Turn("visitor", "What does it cost?")])
QUERY = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
SUMMARY = {"type": "object", "properties": {"summary": {"type": "string"}}, "required": ["summary"]}
HELLO = reply(*says("Hello", " there."), *ends())
DONE = reply(*says("It is free."), *ends())


class Desk:
    """Tools that remember what they were called with."""

    def __init__(self) -> None:
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.tools = [
            Tool("search_knowledge", "Finds passages.", QUERY, self._call("search_knowledge")),
            Tool("book_call", "Offers a call.", {"type": "object", "properties": {}}, self._call("book_call")),
            Tool("escalate_to_human", "Asks a person.", SUMMARY, self._escalate),
        ]

    def _call(self, name: str) -> Any:
        async def call(arguments: dict[str, Any]) -> str:
            self.called.append((name, arguments))
            return f"result of {name}"

        return call

    async def _escalate(self, arguments: dict[str, Any]) -> str:
        self.called.append(("escalate_to_human", arguments))
        raise AnswerEnded


def settings(server: OpenAIServer, **more: Any) -> ModelSettings:
    plain = {"name": "openai:test", "api_key": KEY, "base_url": server.url, "retry_s": 0.001}
    return ModelSettings(**{**plain, **more})


async def answer(server: OpenAIServer, desk: Desk, prompt: Prompt = PROMPT, **more: Any) -> list[str]:
    model = open_model(settings(server, **more))
    try:
        async with aclosing(model.answer(prompt, desk.tools)) as pieces:
            return [piece async for piece in pieces]
    finally:
        await close(model)


async def failure(server: OpenAIServer, desk: Desk, **more: Any) -> ModelFailed:
    with pytest.raises(ModelFailed) as failed:
        await answer(server, desk, **more)
    return failed.value


def sent(server: OpenAIServer, number: int) -> list[tuple[str, Any]]:
    return [(message["role"], message.get("content")) for message in server.requests[number].body["messages"]]
