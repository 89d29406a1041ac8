"""Writes to the agents who chose it when somebody waits and nobody is there to see it: one letter a wait to each.

A job looks a minute after somebody has begun to wait, and again when the next letter is due, until nobody waits any
more or everybody has been written to.
"""

import datetime as dt
from collections.abc import Callable

import msgspec

from havana.chat.errors import NotFound
from havana.chat.fold import Fold
from havana.chat.notifications import mail_at
from havana.chat.people import Agent
from havana.chat.site import Site
from havana.desk import Desk
from havana.duty import Duty
from havana.jobs import Worker
from havana.storage import mails, profiles
from havana.storage.database import Connection, Database
from havana.storage.jobs import Job

KIND = "unseen"
"""Of the job; the letters are of the kind `WAITING`."""
WAITING = "waiting"
UNATTENDED_S = 60
"""So long must nobody have been on duty: a console that was reloaded comes back sooner."""
OVER_AFTER = dt.timedelta(days=3)
"""Nobody is written to for the first time after that."""
LONGEST_PAUSE_S = 900
"""Between two looks, whatever they are for: somebody else may begin to wait there while one is being made."""


class Cause(msgspec.Struct, frozen=True):
    """What is written about: which wait of which conversation, and no word of it."""

    conversation: str
    since: int
    waiting_since: dt.datetime
    site: str


class Unseen:
    """`mails`: whether letters can be sent at all."""

    def __init__(
        self,
        desk: Desk,
        duty: Duty,
        worker: Worker,
        database: Database,
        clock: Callable[[], dt.datetime],
        *,
        mails: bool,
    ) -> None:
        self._desk = desk
        self._duty = duty
        self._worker = worker
        self._database = database
        self._clock = clock
        self._mails = mails

    def register(self) -> None:
        self._worker.register(KIND, self.look)

    async def look(self, job: Job) -> None:
        # What counts is how things are now: somebody else may wait there by now.
        try:
            fold = await self._desk.stored(job.subject)
        except NotFound:
            return
        now = self._clock()
        since = fold.waiting_since
        if not self._mails or fold.control != "pending" or since is None or now - since > OVER_AFTER:
            return
        site = await self._desk.site(fold.site)
        attended = self._duty.unattended_for().total_seconds() < UNATTENDED_S
        next_at = await self._database.write(
            lambda conn: _write(conn, fold, site, since, now, attended=attended), of=job.subject
        )
        self._worker.wake(is_due=True)
        if next_at is not None:
            await self._worker.want(KIND, job.subject, self._pause_s(now - since, next_at - now))

    def _pause_s(self, waited: dt.timedelta, until_due: dt.timedelta) -> float:
        """Until the next letter is due; while somebody is on duty the later the longer somebody has waited already."""
        if self._duty.anybody():
            least = max(waited.total_seconds() / 4, UNATTENDED_S)
        else:
            least = UNATTENDED_S - self._duty.unattended_for().total_seconds()
        return min(max(until_due.total_seconds(), least, 0), LONGEST_PAUSE_S)


def _write(
    conn: Connection, fold: Fold, site: Site, since: dt.datetime, now: dt.datetime, *, attended: bool
) -> dt.datetime | None:
    """Writes the letters that are due, unless somebody is there; tells when the next one is, if there is one."""
    later: list[dt.datetime] = []
    cause = msgspec.to_builtins(Cause(fold.id, fold.since, since, site.name))
    wanting = {_key(fold, agent): (agent, chosen) for agent, chosen in profiles.wanting_mail(conn)}
    known = mails.known(conn, wanting)
    for key, (agent, chosen) in wanting.items():
        if key in known:
            continue
        at = mail_at(chosen, since, now)
        if at > now or attended:
            later.append(max(at, now))
        else:
            mails.add(conn, WAITING, agent.email, cause, now, agent=agent.id, key=key)
    return min(later, default=None)


def _key(fold: Fold, agent: Agent) -> str:
    return f"{WAITING}:{fold.id}:{fold.since}:{agent.id}"
