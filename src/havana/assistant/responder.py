"""Runs one answer: claim the turn, ask the model, show its words as they come, end with one event.

Everything goes through the desk under the answer's id, which is the fence: once somebody else has closed the
answer (a claim, the person button, a newer message), nothing of ours is accepted, and we cancel ourselves.
"""

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Coroutine
from contextlib import aclosing, suppress

import msgspec
import structlog

from havana.assistant import prompt
from havana.assistant.interface import AnswerEnded, Model, ModelFailed
from havana.assistant.tools import tools_for
from havana.assistant.writing import Writing
from havana.bus import Appended, Bus, DraftWanted, Message, conversation_topic
from havana.chat import events as e
from havana.chat.errors import Busy
from havana.chat.fold import Fold
from havana.chat.site import Site
from havana.desk import Desk, Request
from havana.drafts import Drafts
from havana.duty import Duty
from havana.ids import new_id
from havana.knowledge.search import Knowledge, Passage
from havana.storage import history
from havana.storage.database import Database
from havana.storage.jobs import Job
from havana.storage.trouble import patiently

FIRST_WORD_S = 40.0
"""No visitor waits longer without a word, whatever the model is busy with."""
LAST_CHANCE_S = 2.0
LONGEST_ANSWER = 16_000
"""Characters; a model that cannot stop is stopped."""
LONGEST_QUOTE = 500
EVENTS_READ = 400
CITATION = re.compile(r"\[(\d{1,2})\](?!\()")

log = structlog.get_logger()


class Parts(msgspec.Struct, frozen=True):
    """What an answer is made with."""

    desk: Desk
    database: Database
    bus: Bus
    drafts: Drafts
    duty: Duty
    knowledge: Knowledge
    model: Model
    clock: Callable[[], dt.datetime]


class Responder:
    """The handler of `answer` jobs."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._started_at = parts.clock()

    async def answer(self, job: Job) -> None:
        conversation, answer = job.subject, new_id()
        closed = asyncio.Event()
        turn: Turn | None = None

        def watch(message: Message) -> None:
            match message:
                case Appended(events=events) if any(_closes(event, answer) for event in events):
                    closed.set()
                case DraftWanted(answer=wanted) if turn is not None and wanted == answer:
                    turn.repeat()
                case _:
                    pass

        # Before the turn is claimed, for it may be closed before we hear that it is ours.
        unsubscribe = self._parts.bus.subscribe(conversation_topic(conversation), watch)
        try:
            done = await self._parts.desk.perform(conversation, lambda c: c.start_answer(answer))
            if done.repeated:
                return
            site = await self._parts.desk.site(done.fold.site)
            turn = Turn(self._parts, conversation, answer, site, self._patience(done.fold))
            await _until(closed, turn.run())
        finally:
            unsubscribe()

    def _patience(self, fold: Fold) -> float:
        """Seconds until the visitor must have read a word: they may have waited through answers that were superseded.

        A change of control came with words, and while the server was down nobody could say any.
        """
        since = (fold.unanswered_since, fold.since_at, self._started_at)
        waited = self._parts.clock() - max(at for at in since if at is not None)
        return max(FIRST_WORD_S - waited.total_seconds(), LAST_CHANCE_S)


class Turn:
    """One answer of one conversation; also the effects of its tools."""

    def __init__(self, parts: Parts, conversation: str, answer: str, site: Site, patience: float) -> None:
        self._parts = parts
        self._conversation = conversation
        self._answer = answer
        self._site = site
        self._patience = patience
        self._found: list[Passage] = []
        self._offered_call = False
        self._writing = Writing(conversation, answer, parts.database, parts.bus, parts.drafts)

    def repeat(self) -> None:
        self._writing.repeat()

    async def run(self) -> None:
        # Whatever we come to, somebody else may have closed the answer first: then there is nothing left to do.
        with suppress(AnswerEnded):
            await self._run()

    async def _run(self) -> None:
        try:
            await self._write()
            text, sources = self._cited()
            self._writing.end()
            await self._perform(lambda c: c.finish_answer(self._answer, text, sources))
        except (AnswerEnded, Busy):
            # Nobody can be told that the database does not answer: the job tries again when it does.
            raise
        except ModelFailed as failure:
            if self._offered_call and not self._writing.text:
                # The booking link is the answer; some models then have nothing to add.
                await self._perform(lambda c: c.finish_answer(self._answer, ""))
            else:
                await self._fail(failure.reason, failure.detail)
        except Exception:
            log.exception("answer failed", conversation=self._conversation, model=self._parts.model.name)
            await self._fail("model_failure", "Something unexpected went wrong; the server's log has it.")
        finally:
            self._writing.end()

    async def escalate(self, reason: e.Reason, summary: str) -> None:
        text, sources = self._cited()
        self._writing.end()
        on_duty = self._parts.duty.anybody()
        await self._perform(
            lambda c: c.escalate(
                self._answer, text=text, reason=reason, summary=summary, on_duty=on_duty, sources=sources
            )
        )
        raise AnswerEnded

    async def book_call(self) -> None:
        author = self._site.assistant_author
        # Once an answer, however often the model, or a database that may have stored it, makes us ask.
        await self._perform(lambda c: c.offer_call(author, f"call:{self._answer}", answer=self._answer))
        self._offered_call = True

    async def search(self, query: str) -> list[tuple[int, Passage]]:
        numbered: list[tuple[int, Passage]] = []
        for passage in await self._parts.knowledge.search(self._site.id, query):
            # The same passage has another score in another search.
            known = [(found.article, found.heading, found.text) for found in self._found]
            this = (passage.article, passage.heading, passage.text)
            if this not in known:
                self._found.append(passage)
                known.append(this)
            numbered.append((known.index(this) + 1, passage))
        return numbered

    async def _write(self) -> None:
        events = await self._parts.database.read(
            lambda conn: history.page(conn, self._conversation, public=False, limit=EVENTS_READ)
        )
        built = prompt.build(self._site, events)
        tools = tools_for(self, call=self._site.call_url is not None)
        try:
            async with asyncio.timeout(self._patience) as patience:
                async with aclosing(self._parts.model.answer(built, tools)) as pieces:
                    async for piece in pieces:
                        await self._writing.say(piece)
                        if self._writing.text:
                            patience.reschedule(None)
                        if len(self._writing.text) > LONGEST_ANSWER:
                            return
        except TimeoutError:
            raise ModelFailed("model_failure", "No word came in time.") from None
        if not self._writing.text.strip():
            raise ModelFailed("model_failure", "The model's answer was empty.")

    async def _fail(self, reason: e.Reason, detail: str) -> None:
        log.warning("model failed", conversation=self._conversation, reason=reason, detail=detail)
        self._writing.end()
        text, on_duty = self._writing.text, self._parts.duty.anybody()
        await self._perform(
            lambda c: c.fail_answer(self._answer, text=text, reason=reason, summary=detail, on_duty=on_duty)
        )

    def _cited(self) -> tuple[str, tuple[e.Source, ...]]:
        """The text with its citations numbered from 1, and their sources. Invented numbers are dropped."""
        order: list[int] = []

        def renumber(match: re.Match[str]) -> str:
            number = int(match[1])
            if not 1 <= number <= len(self._found):
                return ""
            if number not in order:
                order.append(number)
            return f"[{order.index(number) + 1}]"

        text = CITATION.sub(renumber, self._writing.text).strip()
        passages = (self._found[number - 1] for number in order)
        return text, tuple(e.Source(p.title, p.url, _quote(p.text)) for p in passages)

    async def _perform(self, request: Request) -> None:
        # What was said is in our hands only, so a database that takes nothing now is waited for (the job may run long).
        done = await patiently(lambda: self._parts.desk.perform(self._conversation, request))
        # Nothing was to be done: somebody else has ended the answer. What is known by its key is ours.
        if done.repeated and done.event is None:
            raise AnswerEnded


def _closes(event: e.Event, answer: str) -> bool:
    return isinstance(event.fact, e.AnswerFinished) and event.fact.answer == answer


def _quote(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"


async def _until(closed: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Runs the work, cancelled as soon as `closed` is set."""
    task = asyncio.create_task(work)
    watcher = asyncio.create_task(closed.wait())
    try:
        await asyncio.wait({task, watcher}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watcher.cancel()
        if not task.done():
            task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.result()
