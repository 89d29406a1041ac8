"""The handlers of timers: each asks the conversation, which does nothing if control has moved on."""

import asyncio
import datetime as dt
from collections.abc import Callable

from havana.assigning import Assigning
from havana.bus import PEOPLE, Bus, SessionsEnded
from havana.chat.errors import NotFound
from havana.chat.visiting import KEPT_DAYS
from havana.desk import Desk
from havana.duty import Duty
from havana.jobs import Worker
from havana.storage import contexts, inbox, mails, staff
from havana.storage.contexts import FORGET_EVERY_S
from havana.storage.database import Database
from havana.storage.jobs import Job
from havana.storage.trouble import patiently

Clock = Callable[[], dt.datetime]


class Timers:
    def __init__(self, desk: Desk, duty: Duty, worker: Worker, database: Database, bus: Bus, clock: Clock) -> None:
        self._desk = desk
        self._bus = bus
        self._duty = duty
        self._worker = worker
        self._database = database
        self._clock = clock
        self._leaving: set[asyncio.Task[None]] = set()

    def register(self) -> None:
        Assigning(self._desk, self._duty, self._worker, self._database, self._clock).register()
        self._worker.register("remind", self.remind)
        self._worker.register("agent_gone", self.agent_gone)
        self._worker.register("agent_left", self.agent_left)
        self._worker.register("agent_removed", self.agent_removed)
        self._worker.register("idle", self.idle)
        self._worker.register(mails.FORGET, self.forget_mails)
        self._worker.register("forget", self.forget)

    def agent_has_left(self, agent: str) -> None:
        """An agent's last connection is gone: if they do not come back in time, look at what they hold."""
        task = asyncio.create_task(self._note_leave(agent))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _note_leave(self, agent: str) -> None:
        # Nobody else would: without this job their visitors wait until the next start.
        await patiently(lambda: self._worker.want("agent_left", agent, 0))

    async def remind(self, job: Job) -> None:
        """Nobody has claimed for two minutes: words, and a way out."""
        await self._desk.perform(job.subject, lambda c: c.remind(job.seq, on_duty=self._duty.anybody()))

    async def agent_gone(self, job: Job) -> None:
        """A visitor wrote to an agent a while ago. If that agent is not here, somebody else must see it."""
        fold = await self._desk.stored(job.subject)
        if fold.agent is None or not fold.unanswered:
            return
        site = await self._desk.site(fold.site)
        holder = fold.agent.id
        if self._duty.is_here(holder):
            return  # away or not: `agent_left` looks again should they go
        if await self._database.read(lambda conn: staff.agent_by_id(conn, holder)) is not None:
            # Somebody who was given this without being here has as long to come as somebody who left.
            gone = min(self._duty.absent_for(holder), self._clock() - (fold.since_at or self._clock()))
            missing = site.agent_gone_after_s - gone.total_seconds()
            if missing > 0:
                await self._worker.want("agent_gone", job.subject, missing)
                return
        await self._return_from(holder, job.subject)

    async def _return_from(self, agent: str, conversation: str) -> None:
        on_duty = self._duty.anybody()
        await self._desk.perform(conversation, lambda c: c.return_from(agent, on_duty=on_duty))

    async def agent_left(self, job: Job) -> None:
        """An agent's last connection is gone (or the server started anew): look at what they hold."""
        for conversation in await self._database.read(lambda conn: inbox.held_by(conn, job.subject)):
            await self._worker.want("agent_gone", conversation, 0)

    async def agent_removed(self, job: Job) -> None:
        """An agent was removed by a command: their connections end, and whoever waits for them waits no longer."""
        self._bus.publish(PEOPLE, SessionsEnded(agent=job.subject))
        for conversation in await self._database.read(lambda conn: inbox.held_by(conn, job.subject)):
            await self._return_from(job.subject, conversation)

    async def forget(self, job: Job) -> None:
        """What pages told of visitors is kept for a month after they were last seen."""
        before = self._clock() - dt.timedelta(days=KEPT_DAYS)
        if await self._database.write(lambda conn: contexts.forget(conn, before)):
            await self._worker.want("forget", job.subject, FORGET_EVERY_S)

    async def at_start(self) -> None:
        """Nobody is connected yet: whoever does not come back in time must not leave a visitor waiting."""
        for agent in await self._database.read(inbox.holders):
            await self._worker.want("agent_left", agent, 0)

    async def idle(self, job: Job) -> None:
        """An AI conversation without a word for a day closes itself."""
        try:
            fold = await self._desk.stored(job.subject)
        except NotFound:
            return
        if fold.control != "ai" or fold.at is None:
            return
        site = await self._desk.site(fold.site)
        quiet = (self._clock() - fold.at).total_seconds()
        if quiet < site.idle_close_after_s:
            await self._worker.want("idle", job.subject, site.idle_close_after_s - quiet)
            return
        await self._desk.perform(job.subject, lambda c: c.close_idle(fold.seq))

    async def forget_mails(self, job: Job) -> None:
        """Letters are kept for a while, and with them the addresses that they went to."""
        following = await self._database.write(lambda conn: mails.forget_old(conn, self._clock()))
        if following is not None:
            await self._worker.want(job.kind, job.subject, max((following - self._clock()).total_seconds(), 0))
