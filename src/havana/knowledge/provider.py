"""A provider's embeddings in place of the extra's model: `openai:text-embedding-3-small`, say.

What articles say and what visitors ask then goes to the provider. While that is away, articles are found by their
words: a question waits for it once, and then not again for a while.
"""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from havana.knowledge.model import NotLearnt

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from pydantic_ai.embeddings import EmbeddingModel

QUESTION_S, LEARNING_S = 3.0, 30.0
"""A visitor waits for the former; the latter is for `meaning.AT_ONCE` rows."""
REST_S = 30.0
"""For which no question is asked after one that failed."""
LONGEST = 8000
"""Letters; models take some 8,000 tokens, and refuse what is longer."""
OPENAI = "https://api.openai.com/v1"


class Provider:
    """From any thread. The library is imported with the first text: 2 s and 70 MB, if no model has it already."""

    def __init__(self, name: str, api_key: str | None, base_url: str | None, clock: Any = time.monotonic) -> None:
        self.name = name
        self._api_key = api_key
        self._base_url = base_url
        self._clock = clock
        self._opening = Lock()
        self._model: EmbeddingModel | None = None
        self._client: AsyncOpenAI | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None
        self._rests_until = 0.0

    def vectors(self, texts: Sequence[str]) -> Any:
        return self._asked(texts, "document", LEARNING_S)

    def question(self, text: str) -> Any:
        if self._clock() < self._rests_until:
            raise NotLearnt(f"{self.name} did not answer a moment ago")
        try:
            return self._asked([text], "query", QUESTION_S)[0]
        except NotLearnt:
            self._rests_until = self._clock() + REST_S
            raise

    def close(self) -> None:
        with self._opening:
            loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        if self._client is not None:
            asyncio.run_coroutine_threadsafe(self._client.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join()
        loop.close()

    def _asked(self, texts: Sequence[str], kind: Any, seconds: float) -> Any:
        """A float32 array with a row of length 1 for each text; `NotLearnt` says what is wrong."""
        try:
            with self._opening:
                model, loop = self._opened()
            found = asyncio.run_coroutine_threadsafe(_embedded(model, texts, kind, seconds), loop).result()
        except TimeoutError:
            raise NotLearnt(f"{self.name} takes longer than {seconds:g} seconds") from None
        except Exception as error:
            raise NotLearnt(f"{self.name}: {_said(error)}") from error
        return _of_length_1(found, len(texts), self.name)

    def _opened(self) -> "tuple[EmbeddingModel, asyncio.AbstractEventLoop]":
        """Its connections stay open between questions, so they have an event loop of their own to live in."""
        if self._model is None:
            self._model = self._open()
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = Thread(target=self._loop.run_forever, name="embeddings", daemon=True)
            self._thread.start()
        return self._model, self._loop

    def _open(self) -> "EmbeddingModel":
        from pydantic_ai.embeddings import infer_embedding_model

        prefix, _, name = self.name.partition(":")
        if prefix != "openai":
            return infer_embedding_model(self.name)
        from openai import AsyncOpenAI
        from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
        from pydantic_ai.providers.openai import OpenAIProvider

        self._client = AsyncOpenAI(api_key=self._api_key or "none", base_url=self._base_url or OPENAI)
        return OpenAIEmbeddingModel(name, provider=OpenAIProvider(openai_client=self._client))


def _embedded(
    model: "EmbeddingModel", texts: Sequence[str], kind: Any, seconds: float
) -> Coroutine[Any, Any, Sequence[Sequence[float]]]:
    async def ask() -> Sequence[Sequence[float]]:
        async with asyncio.timeout(seconds):
            asked = [text[:LONGEST] or " " for text in texts]
            return (await model.embed(asked, input_type=kind)).embeddings

    return ask()


def _of_length_1(found: Sequence[Sequence[float]], count: int, name: str) -> Any:
    import numpy as np

    try:
        rows = np.array(found, dtype="<f4")
    except ValueError:
        rows = np.empty(0, dtype="<f4")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True) if rows.ndim == 2 else np.zeros(1)
    if len(rows) != count or not np.isfinite(lengths).all() or not lengths.all():
        raise NotLearnt(f"{name} does not answer with a vector for each text")
    return rows / lengths


def _said(error: Exception) -> str:
    """In one line, and without what the server repeats of the request."""
    status = getattr(error, "status_code", None)
    return f"it answers {status}" if status else " ".join(str(error).split())[:200] or type(error).__name__
