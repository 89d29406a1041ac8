"""The same replies as other providers' servers stream them: words, a call, an end. One class each, all alike."""

import json
from typing import Any

from tests.assistant import openai_server as openai
from tests.assistant.openai_server import OpenAIServer, Step, sse

from havana.assistant.models.settings import ModelSettings


class Ollama:
    """OpenAI's wire at an address of one's own, and no key."""

    name = "ollama:qwen3"
    secret = "ollama-secret"
    path = "/v1/chat/completions"

    @staticmethod
    def variables(server: OpenAIServer) -> dict[str, str]:
        return {"OLLAMA_BASE_URL": server.url, "OLLAMA_API_KEY": Ollama.secret}

    @staticmethod
    def says(*pieces: str) -> list[Step]:
        return [*openai.says(*pieces)]

    @staticmethod
    def calls(name: str, *pieces: str) -> list[Step]:
        return [*openai.calls(name, *pieces)]

    @staticmethod
    def ends(finish: str = "stop") -> list[Step]:
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        return [openai.chunk({}, finish), sse({"id": "c", "choices": [], "usage": usage}), sse("[DONE]")]

    @staticmethod
    def sent(body: dict[str, Any]) -> str:
        """The visitor's last words."""
        return str(body["messages"][-1]["content"])

    @staticmethod
    def limit(body: dict[str, Any]) -> object:
        return body.get("max_completion_tokens") or body.get("max_tokens")


class Anthropic:
    name = "anthropic:claude-sonnet-5"
    secret = "ant-secret"
    path = "/v1/messages"

    @staticmethod
    def variables(server: OpenAIServer) -> dict[str, str]:
        return {"ANTHROPIC_BASE_URL": server.url.removesuffix("/v1"), "ANTHROPIC_API_KEY": Anthropic.secret}

    @staticmethod
    def _event(kind: str, **fields: Any) -> bytes:
        return sse({"type": kind, **fields}, kind)

    @classmethod
    def _begins(cls) -> bytes:
        message = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "claude-sonnet-5"}
        usage = {"input_tokens": 10, "output_tokens": 1}
        return cls._event("message_start", message=message | {"stop_reason": None, "usage": usage})

    @classmethod
    def says(cls, *pieces: str) -> list[Step]:
        return [
            cls._begins(),
            cls._event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            *(cls._event("content_block_delta", index=0, delta={"type": "text_delta", "text": one}) for one in pieces),
            cls._event("content_block_stop", index=0),
        ]

    @classmethod
    def calls(cls, name: str, *pieces: str) -> list[Step]:
        block = {"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}
        deltas = ({"type": "input_json_delta", "partial_json": piece} for piece in pieces)
        return [
            cls._begins(),
            cls._event("content_block_start", index=0, content_block=block),
            *(cls._event("content_block_delta", index=0, delta=delta) for delta in deltas),
            cls._event("content_block_stop", index=0),
        ]

    @classmethod
    def ends(cls, finish: str = "stop") -> list[Step]:
        said = {"stop": "end_turn", "tool_calls": "tool_use", "length": "max_tokens"}[finish]
        delta = {"stop_reason": said, "stop_sequence": None}
        return [cls._event("message_delta", delta=delta, usage={"output_tokens": 5}), cls._event("message_stop")]

    @staticmethod
    def sent(body: dict[str, Any]) -> str:
        content = body["messages"][-1]["content"]
        return str(content if isinstance(content, str) else content[-1]["text"])

    @staticmethod
    def limit(body: dict[str, Any]) -> object:
        return body["max_tokens"]


class Google:
    name = "google:gemini-2.5-flash"
    secret = "goo-secret"
    path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"

    @staticmethod
    def variables(server: OpenAIServer) -> dict[str, str]:
        return {"GOOGLE_GEMINI_BASE_URL": server.url.removesuffix("/v1"), "GEMINI_API_KEY": Google.secret}

    @staticmethod
    def _chunk(*parts: dict[str, Any], **more: Any) -> bytes:
        candidate = {"content": {"role": "model", "parts": list(parts)}, "index": 0, **more}
        usage = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
        return sse({"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-2.5-flash"})

    @classmethod
    def says(cls, *pieces: str) -> list[Step]:
        return [cls._chunk({"text": piece}) for piece in pieces]

    @classmethod
    def calls(cls, name: str, *pieces: str) -> list[Step]:
        return [cls._chunk({"functionCall": {"name": name, "args": json.loads("".join(pieces) or "{}")}})]

    @classmethod
    def ends(cls, finish: str = "stop") -> list[Step]:
        said = {"stop": "STOP", "tool_calls": "STOP", "length": "MAX_TOKENS"}[finish]
        return [cls._chunk({"text": ""}, finishReason=said)]

    @staticmethod
    def sent(body: dict[str, Any]) -> str:
        return str(body["contents"][-1]["parts"][-1]["text"])

    @staticmethod
    def limit(body: dict[str, Any]) -> object:
        return body["generationConfig"]["maxOutputTokens"]


Dialect = type[Ollama] | type[Anthropic] | type[Google]
DIALECTS: dict[str, Dialect] = {"ollama": Ollama, "anthropic": Anthropic, "google": Google}


def settings_of(dialect: Dialect, server: OpenAIServer, **more: Any) -> ModelSettings:
    plain = {"name": dialect.name, "variables": dialect.variables(server), "retry_s": 0.001}
    return ModelSettings(**{**plain, **more})
