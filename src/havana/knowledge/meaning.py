"""Which rows of the knowledge mean what a question means, whatever their words are.

    stored rows ──learn──▶ a vector each ──held in memory, by site──▶ compared with the question's

The model computes in a thread of its own and the event loop waits for nothing. Rows without a vector (another process
stored them, or another model was in use) are found by their words until they have one.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar

import msgspec
import structlog

from havana.chat.errors import Busy
from havana.knowledge.minilm import MiniLM, is_installed
from havana.storage import vectors
from havana.storage.database import Connection, Database
from havana.storage.vectors import Stamp

NEAREST = 100
"""Rows that a question is compared with further."""
AT_ONCE = 32
"""Rows that are learnt in one go."""
T = TypeVar("T")

log = structlog.get_logger()


class NotLearnt(Exception):
    """The model cannot say what a text means; the message says why."""


class Model(Protocol):
    """`vectors` is a float32 array with a row of length 1 for each text; it is called in threads."""

    @property
    def name(self) -> str: ...

    def vectors(self, texts: Sequence[str]) -> Any: ...


class _Held(msgspec.Struct, frozen=True):
    """What is known of a site: rows, and a matrix with a vector for each."""

    stamp: Stamp
    rows: list[int]
    matrix: Any


def installed() -> Model | None:
    """The model of the extra `embed`, if that is installed."""
    return MiniLM() if is_installed() else None


def learn(database: Database, model: Model, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Gives a vector to every row that has none. Not in the event loop. `NotLearnt` if the model cannot.

    `progress` is told how many are done, and of how many.
    """
    total, done = database.read_now(partial(vectors.count_missing, model=model.name)), 0
    while rows := database.read_now(partial(vectors.missing, model=model.name, limit=AT_ONCE)):
        database.write_now(partial(vectors.store, model=model.name, made=_made(model, rows)))
        done += len(rows)
        progress(done, max(done, total))


def _made(model: Model, rows: Sequence[tuple[int, str]]) -> list[tuple[int, bytes]]:
    try:
        made = model.vectors([words for _, words in rows])
    except Exception as error:
        raise NotLearnt(str(error)) from error
    return [(row, vector.tobytes()) for (row, _), vector in zip(rows, made, strict=True)]


class Meaning:
    def __init__(self, database: Database, model: Model) -> None:
        self._database = database
        self._model = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="meaning")
        self._held: dict[str, _Held] = {}
        self._learning: asyncio.Task[None] | None = None

    def learn_soon(self) -> None:
        if self._learning is None or self._learning.done():
            self._learning = asyncio.create_task(self._learn(), name="learn meanings")

    async def close(self) -> None:
        if self._learning is not None:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def alike(self, site: str, text: str) -> Mapping[int, float]:
        """The rows that mean most nearly the same, with the cosine of the angle between: 1 is the same.

        None of them if the model cannot tell: then words have to do.
        """
        held = await self._of(site)
        try:
            return await self._computed(partial(self._nearest, held, text)) if held.rows else {}
        except Exception:
            log.exception("could not tell what a question means", model=self._model.name)
            return {}

    async def _of(self, site: str) -> _Held:
        known = self._held.get(site)

        def work(conn: Connection) -> tuple[Stamp, list[tuple[int, bytes]] | None]:
            stamp = vectors.stamp(conn, site)
            same = known is not None and known.stamp == stamp
            return stamp, None if same else vectors.of_site(conn, site, self._model.name)

        stamp, found = await self._database.read(work)
        if known is not None and found is None:
            return known
        held = await self._computed(partial(_held, stamp, found or []))
        self._held[site] = held
        self.learn_soon()
        return held

    def _nearest(self, held: _Held, text: str) -> dict[int, float]:
        import numpy as np

        cosines = held.matrix @ self._model.vectors([text])[0]
        first = np.argpartition(cosines, -NEAREST)[-NEAREST:] if len(cosines) > NEAREST else range(len(cosines))
        return {held.rows[place]: float(cosines[place]) for place in first}

    async def _learn(self) -> None:
        name = self._model.name
        try:
            while rows := await self._database.read(partial(vectors.missing, model=name, limit=AT_ONCE)):
                made = await self._computed(partial(_made, self._model, rows))
                await self._database.write(partial(vectors.store, model=name, made=made))
        except Busy:
            pass  # the database has said why; whatever is stored next begins it anew
        except Exception:
            log.exception("could not learn what articles mean")

    async def _computed(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _held(stamp: Stamp, found: Sequence[tuple[int, bytes]]) -> _Held:
    import numpy as np

    joined = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f4")
    return _Held(stamp, [row for row, _ in found], joined.reshape(len(found), -1) if found else joined)
