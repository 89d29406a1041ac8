"""Finds what was said, and puts it into the index: soon after it was said, beside everything else."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from functools import partial

import msgspec
import structlog

from havana.bus import INBOX, Appended, Bus, Message
from havana.chat.errors import Busy
from havana.chat.excerpt import Piece, excerpt
from havana.chat.people import Author
from havana.chat.searching import Query, query_of
from havana.ids import time_of
from havana.storage import searching as store
from havana.storage.database import Connection, Database
from havana.storage.searching import Line

log = structlog.get_logger()

SOON_S = 0.4
"""After which what was said is put into the index: by then more may have come, and nobody searches sooner."""
LOOK_EVERY_S = 300.0
"""How often all conversations are looked through for what nobody told of."""
AGAIN_S = 5.0
"""After a failure."""
PAUSE = 2.0
"""So many times as long as a portion took nothing else is put into the index: who writes comes first."""
PAGE = 30
"""Hits of one answer."""
AT_ONCE = PAGE + 1
"""Lines that are read at a time. One more tells whether there is another page."""
MOST = 600
"""Lines that are looked through for one page, should they not say any more what the index has of them."""
INDEX = "search"


class Hit(msgspec.Struct, frozen=True):
    """One thing that was said. `seq` and `author` are null where the visitor's name was found."""

    conversation: str
    visitor: str
    site: str
    control: str
    seq: int | None
    kind: str
    author: Author | None
    at: dt.datetime
    excerpt: tuple[Piece, ...]


class Found(msgspec.Struct, frozen=True):
    """The newest first. `next` is the place of the page after this one; `is_whole` is false while older conversations
    are still being put into the index.
    """

    hits: tuple[Hit, ...]
    next: int | None
    is_whole: bool


class Searching:
    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._told: set[str] = set()
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_whole = False
        bus.subscribe(INBOX, self._hear)

    def start(self) -> None:
        for work in (self._follow(), self._look_through()):
            self._tasks.append(asyncio.create_task(work, name="searching"))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def find(self, text: str, *, site: str | None = None, before: int | None = None) -> Found:
        """A page of what has all words of the text; whatever was typed."""
        query = query_of(text)
        hits, next_ = await self._database.read(
            lambda conn: _page(conn, query, site, store.NEWEST if before is None else before)
        )
        return Found(tuple(hits), next_, self._is_whole)

    async def catch_up(self) -> None:
        """Puts into the index whatever is not there, of all conversations."""
        before: str | None = None
        while some := await self._database.read(partial(store.behind, before=before)):
            await self._index(some)
            before = some[-1]
        self._is_whole = True

    def _hear(self, message: Message) -> None:
        if isinstance(message, Appended):
            self._told.add(message.fold.id)
            self._woken.set()

    async def _follow(self) -> None:
        """What the bus tells of."""
        while True:
            await self._woken.wait()
            await asyncio.sleep(SOON_S)
            self._woken.clear()
            told, self._told = list(self._told), set()
            try:
                for begin in range(0, len(told), store.AT_ONCE):
                    some = told[begin : begin + store.AT_ONCE]
                    # Another node may have been faster.
                    await self._index(await self._database.read(partial(store.behind, some=some)))
            except Busy:
                # The database has said why.
                self._told.update(told)
                self._woken.set()
                await asyncio.sleep(AGAIN_S)
            except Exception:
                log.exception("what was said could not be put into the index")

    async def _look_through(self) -> None:
        while True:
            try:
                await self.catch_up()
            except Busy:
                pass  # the database has said why
            except Exception:
                log.exception("older conversations could not be put into the index")
            await asyncio.sleep(LOOK_EVERY_S if self._is_whole else AGAIN_S)

    async def _index(self, some: Sequence[str]) -> None:
        loop, left = asyncio.get_running_loop(), some
        while left:
            began = loop.time()
            left = await self._database.write(partial(store.index, ids=left), of=INDEX)
            await asyncio.sleep(PAUSE * (loop.time() - began))


def _page(conn: Connection, query: Query, site: str | None, before: int) -> tuple[list[Hit], int | None]:
    """The hits, and where the next page begins."""
    hits: list[Hit] = []
    looked = 0
    while looked < MOST:
        lines = store.find(conn, query, site=site, before=before, most=AT_ONCE)
        for line in lines:
            if len(hits) == PAGE:
                return hits, before
            before = line.place
            if hit := _hit(line, query):
                hits.append(hit)
        looked += len(lines)
        if len(lines) < AT_ONCE:
            return hits, None
    return hits, before


def _hit(line: Line, query: Query) -> Hit | None:
    """None for a line that does not say it any more."""
    pieces = excerpt(line.text, query)
    if not pieces:
        return None
    event = line.event
    return Hit(
        conversation=line.conversation,
        visitor=line.called or line.visitor,
        site=line.site,
        control=line.control,
        seq=event.seq if event else None,
        kind=event.fact.kind if event else "visitor",
        author=event.author if event else None,
        at=event.at if event else time_of(line.conversation),
        excerpt=pieces,
    )
