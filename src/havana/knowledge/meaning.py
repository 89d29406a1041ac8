"""Which rows of the knowledge mean what a question means, whatever their words are.

    stored rows ──learn──▶ a vector each ──held in memory, by site──▶ compared with the question's

The model computes in a thread of its own and the event loop waits for nothing. Rows without a vector (another process
stored them, or another model was in use) are found by their words until they have one.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from typing import Any, TypeVar

import msgspec
import structlog

from havana.chat.errors import Busy
from havana.knowledge.minilm import MiniLM, is_installed
from havana.knowledge.model import Model, NotLearnt
from havana.knowledge.nearness import Rows, arranged, nearest
from havana.knowledge.provider import Provider
from havana.storage import articles, vectors
from havana.storage.articles import Version
from havana.storage.database import Connection, Database

AT_ONCE = 32
"""Rows that are learnt in one go."""
LONGEST_NAME = 64
"""Letters of a model's name: each stored vector has it beside it."""
OFF = "off"
ASKING = 8
"""Questions that a provider may have at a time; a model of our own takes them one by one."""
WORTH_WAITING_S = 5.0
"""So long after learning has begun a question waits for its end: a few hundred new rows are learnt by then."""
AGAIN_S = 60.0
"""After which learning that failed is tried again, with the next question."""
FEW = 4
"""Texts for which a visitor's question may have to wait."""
T = TypeVar("T")

log = structlog.get_logger()


class _Held(msgspec.Struct, frozen=True):
    """What is known of a site's articles in one version; no rows as long as one of them is still to be learnt.

    Beside what was learnt, what is yet to be would seem to mean nothing: then words have to do for all of it.
    """

    version: Version
    rows: Rows
    is_whole: bool


def installed() -> Model | None:
    """The model of the extra `embed`, if that is installed."""
    return MiniLM() if is_installed() else None


def open_model(name: str | None, api_key: str | None, base_url: str | None) -> Model | None:
    """A provider's model by its name; without one what is `installed`, and none if the name is `off`.

    ValueError says in the middle of a sentence what is wrong with it.
    """
    if name is None:
        return installed()
    if name == OFF:
        return None
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the name of a model has at most {LONGEST_NAME} characters")
    if name.startswith("openai:") and not api_key and not base_url:
        raise ValueError(f"the model {name} needs an API key")
    if find_spec("numpy") is None:
        raise ValueError(f"the model {name} needs the package numpy")
    return Provider(name, api_key, base_url)


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
    except NotLearnt:
        raise
    except Exception as error:
        raise NotLearnt(str(error)) from error
    return [(row, vector.tobytes()) for (row, _), vector in zip(rows, made, strict=True)]


class Meaning:
    def __init__(self, database: Database, model: Model) -> None:
        self._database = database
        self._model = model
        # Apart, for what is learnt may take long, and nobody waits for it.
        self._asking = ThreadPoolExecutor(ASKING, thread_name_prefix="meaning")
        self._studying = ThreadPoolExecutor(1, thread_name_prefix="learning")
        self._held: dict[str, _Held] = {}
        self._learning: asyncio.Task[None] | None = None
        self._worth_waiting_until = 0.0
        self._again_at: float | None = None
        self._is_away = False

    def learn_soon(self) -> None:
        if self._learning is None or self._learning.done():
            self._worth_waiting_until = asyncio.get_running_loop().time() + WORTH_WAITING_S
            self._learning = asyncio.create_task(self._learn(), name="learn meanings")

    async def close(self) -> None:
        if self._learning is not None:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
        for threads in (self._asking, self._studying):
            threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._model.close)

    async def asked(self, site: str, text: str) -> Any | None:
        """What a question to the site means, for `alike`; None if the model cannot tell: then words have to do."""
        await self._settled()
        loop = asyncio.get_running_loop()
        if self._again_at is not None and loop.time() >= self._again_at:
            self.learn_soon()
        held = self._held.get(site)
        if held is None or not held.rows.ids:
            # Where there is nothing to compare with, the model need not be asked.
            held = await self._database.read(lambda conn: self._of(conn, site, articles.version(conn, site)))
            self.keep_up(site)
        try:
            vector = await _computed(self._asking, partial(self._model.question, text)) if held.rows.ids else None
        except NotLearnt as error:
            # Once, and not for every question until it is back.
            if not self._is_away:
                log.warning("what questions mean cannot be told; words have to do", reason=str(error))
            self._is_away = True
            return None
        except Exception:
            log.exception("could not tell what a question means", model=self._model.name)
            return None
        self._is_away = False
        return vector

    def alike(self, conn: Connection, site: str, version: Version, asked: Any) -> Mapping[int, float]:
        """The rows of the site that mean most nearly what was asked, each with how nearly. In a read."""
        rows = self._of(conn, site, version).rows
        return nearest(rows, asked) if rows.ids else {}

    def keep_up(self, site: str) -> None:
        """What another process has stored is learnt by whoever notices it."""
        held = self._held.get(site)
        if held is not None and not held.is_whole:
            self.learn_soon()

    async def _settled(self) -> None:
        """Right after a start, or a new article, words alone would answer worse than a moment later."""
        left = self._worth_waiting_until - asyncio.get_running_loop().time()
        if self._learning is not None and not self._learning.done() and left > 0:
            await asyncio.wait({self._learning}, timeout=left)

    async def vectors(self, texts: Sequence[str]) -> list[Any]:
        """A vector of length 1 for each; none of them if the model cannot tell.

        A few at a time, so that a visitor's question need not wait for all of them.
        """
        made: list[Any] = []
        try:
            for place in range(0, len(texts), FEW):
                few = partial(self._model.vectors, texts[place : place + FEW])
                made.extend(await _computed(self._studying, few))
        except NotLearnt as error:
            log.warning("what questions mean cannot be told; words have to do", reason=str(error))
            return []
        except Exception:
            log.exception("could not tell what questions mean", model=self._model.name)
            return []
        return made

    def _of(self, conn: Connection, site: str, version: Version) -> _Held:
        held = self._held.get(site)
        if held is None or held.version != version or not held.is_whole:
            is_whole = vectors.is_whole(conn, site, self._model.name)
            rows = arranged(vectors.of_site(conn, site, self._model.name) if is_whole else [])
            # Other threads may do the same, and would put the same in.
            self._held[site] = held = _Held(version, rows, is_whole)
        return held

    async def _learn(self) -> None:
        name = self._model.name
        self._again_at = None
        try:
            while rows := await self._database.read(partial(vectors.missing, model=name, limit=AT_ONCE)):
                made = await _computed(self._studying, partial(_made, self._model, rows))
                await self._database.write(partial(vectors.store, model=name, made=made))
        except Busy:
            pass  # the database has said why; whatever is stored next begins it anew
        except NotLearnt as error:
            log.warning("what articles mean cannot be learnt now", reason=str(error))
            self._again_at = asyncio.get_running_loop().time() + AGAIN_S
        except Exception:
            log.exception("could not learn what articles mean")


async def _computed(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, work)
