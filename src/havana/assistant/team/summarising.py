"""Makes the summary of a hand-over: by the model if one is named and answers in time, else by rules."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from contextlib import aclosing

import structlog

from havana.assistant.allowance import add_spent, may_write
from havana.assistant.interface import Model, ModelFailed
from havana.assistant.models.opening import writing
from havana.assistant.team import summary
from havana.chat import events as e
from havana.chat.conversation import summary_key
from havana.chat.errors import NotFound
from havana.chat.fold import Fold
from havana.desk import Desk
from havana.storage import history
from havana.storage.database import Database
from havana.storage.jobs import Job

EVENTS_READ = 400
WITHIN_S = 10.0
"""Whoever takes over has begun to read by then; a model that thinks longer comes too late."""
LONGEST_ANSWER = 8_000
ASKS = 2
"""How often a model is asked within one job: something may be redacted while it thinks, or the next hand-over come."""
TRIES = 20
"""How often it is appended again because something else came first; making it anew is seldom needed for that."""

log = structlog.get_logger()


class Overtaken(Exception):
    """Whenever the summary was to be appended, something else had come."""


class Summaries:
    """The handler of `summary` jobs. `within_s` is how long a model may take, however often it is asked."""

    def __init__(self, desk: Desk, database: Database, model: Model, *, within_s: float = WITHIN_S) -> None:
        self._desk = desk
        self._database = database
        self._model = writing(model)
        self._within_s = within_s

    async def summarise(self, job: Job) -> None:
        """Appends the summary of the hand-over that is in force, unless it is there already."""
        try:
            fold = await self._desk.stored(job.subject)
        except NotFound:
            return
        made: e.Summarised | None = None
        seen = 0
        # A job that has failed was paid for already.
        asks = 0 if job.attempts else ASKS
        until = asyncio.get_running_loop().time() + self._within_s
        for _ in range(TRIES):
            events = await self._read(fold.id)
            handover = _wanted(events)
            if handover is None:
                return
            if made is None or made.handover != handover or _removal(events, seen):
                made = await self._made(fold, events, handover, until if asks > 0 else 0)
                asks -= 1
            seen = events[-1].seq
            if await self._append(fold.id, made, seen, _removal(events, handover)):
                return
        raise Overtaken(f"{TRIES} times")

    async def _made(self, fold: Fold, events: Sequence[e.Event], handover: int, until: float) -> e.Summarised:
        """By the model, if it answers `until` then by the loop's clock."""
        by_rules = summary.extracted(events, handover, fold.visitor.name)
        is_late = asyncio.get_running_loop().time() >= until
        if self._model is None or is_late or summary.is_model_down(events, handover):
            return by_rules
        site = await self._desk.site(fold.site)
        if not await may_write(self._database, site, dt.datetime.now(dt.UTC)):
            return by_rules
        prompt = summary.prompt(site.name, events)
        answer = ""
        try:
            async with asyncio.timeout_at(until), aclosing(self._model.answer(prompt, [])) as pieces:
                async for piece in pieces:
                    answer += piece
                    if len(answer) > LONGEST_ANSWER:
                        break
        except TimeoutError:
            log.warning("no summary by the model in time", conversation=fold.id)
        except ModelFailed as failure:
            log.warning("no summary by the model", conversation=fold.id, detail=failure.detail)
        except Exception:
            log.exception("no summary by the model", conversation=fold.id)
        finally:
            await add_spent(self._database, site, dt.datetime.now(dt.UTC), prompt.spent)
        return summary.read_told(answer, by_rules)

    async def _append(self, conversation: str, made: e.Summarised, seen: int, removed: int) -> bool:
        """Whether it is there now, or nobody waits for it; False if something else has come since `seen`."""
        key = summary_key(made.handover, removed)
        done = await self._desk.perform(
            conversation, lambda c: c.summarise(made, seen=seen, removed=removed), role="system", key=key
        )
        return done.event is not None or done.fold.control not in ("pending", "human")

    async def _read(self, conversation: str) -> list[e.Event]:
        return await self._database.read(lambda conn: history.page(conn, conversation, public=False, limit=EVENTS_READ))


def _wanted(events: Sequence[e.Event]) -> int | None:
    """The hand-over that has no summary yet, if there is anything to say about it."""
    handover = summary.handover_of(events)
    if handover is None or not summary.is_worth_it(events):
        return None
    key = summary_key(handover, _removal(events, handover))
    return None if any(event.key == key for event in events) else handover


def _removal(events: Sequence[e.Event], since: int) -> int:
    """The seq of the latest redaction since then; 0 if there was none. Who removes a summary does not want another."""
    own = {event.id for event in events if isinstance(event.fact, e.Summarised)}
    removals = (
        event.seq
        for event in events
        if event.seq > since and isinstance(event.fact, e.Redacted) and event.fact.event not in own
    )
    return max(removals, default=0)
