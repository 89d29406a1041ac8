"""Runs one answer: claim the turn, write it (`turn.py`), end it as soon as somebody else has.

Everything goes through the desk under the answer's id, which is the fence: once somebody else has closed the
answer (a claim, the person button, a newer message), nothing of ours is accepted, and we cancel ourselves.
"""

import asyncio
from collections.abc import Coroutine
from functools import partial

from havana.assistant.allowance import Allowance
from havana.assistant.turn import Parts, Turn
from havana.bus import Appended, DraftWanted, Message, conversation_topic
from havana.chat import events as e
from havana.chat.fold import Fold
from havana.ids import new_id
from havana.storage.jobs import Job

FIRST_WORD_S = 40.0
"""No visitor waits longer without a word, whatever the model is busy with."""
LAST_CHANCE_S = 2.0


class Responder:
    """The handler of `answer` jobs."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._started_at = parts.clock()
        self._allowance = Allowance(parts.database, parts.limits, parts.clock)

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
            on_duty = self._parts.duty.anybody()
            done = await self._parts.desk.perform(conversation, lambda c: c.start_answer(answer, on_duty=on_duty))
            if done.repeated or done.fold.open_answer != answer:
                return
            site = await self._parts.desk.site(done.fold.site)
            visitor = done.fold.visitor.id
            may_ask = partial(self._allowance.model_for, site, visitor, self._parts.model)
            turn = Turn(self._parts, conversation, answer, site, self._patience(done.fold), may_ask)
            try:
                await _until(closed, turn.run())
            finally:
                await self._allowance.spend(site, visitor, turn.spent, said=turn.said)
        finally:
            unsubscribe()

    def _patience(self, fold: Fold) -> float:
        """Seconds until the visitor must have read a word: they may have waited through answers that were superseded.

        A change of control came with words, and while the server was down nobody could say any.
        """
        since = (fold.unanswered_since, fold.since_at, self._started_at)
        waited = self._parts.clock() - max(at for at in since if at is not None)
        return max(FIRST_WORD_S - waited.total_seconds(), LAST_CHANCE_S)


def _closes(event: e.Event, answer: str) -> bool:
    return isinstance(event.fact, e.AnswerFinished) and event.fact.answer == answer


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
