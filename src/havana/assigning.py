"""Gives those who wait to somebody who is on duty and free, where a team or a site has that on.

One job looks at all of them, so that two nodes never count on the same room of an agent; should a second one run all
the same, because the first one stood still for longer than its lease, the compare-and-swap at the desk lets one of
them win. While somebody waits whom nobody is free for, it looks again every few seconds: somebody may have come, or
have time again.
"""

import datetime as dt
from collections.abc import Callable, Collection

import msgspec
import structlog

from havana.chat.assigning import Candidate, choose, have_had
from havana.chat.consequences import EVERYBODY
from havana.chat.errors import Refusal
from havana.chat.events import Assignment, Claimed, How
from havana.chat.fold import Fold
from havana.chat.people import Agent
from havana.desk import Desk
from havana.duty import Duty
from havana.jobs import Worker
from havana.storage import assigning, history, teams
from havana.storage.database import Connection, Database
from havana.storage.jobs import Job

AGAIN_S = 3.0

log = structlog.get_logger()


class Rule(msgspec.Struct, frozen=True):
    """`members` is None for everybody."""

    how: How
    within_s: int
    members: Collection[str] | None


class Assigning:
    def __init__(
        self, desk: Desk, duty: Duty, worker: Worker, database: Database, clock: Callable[[], dt.datetime]
    ) -> None:
        self._desk = desk
        self._duty = duty
        self._worker = worker
        self._database = database
        self._clock = clock

    def register(self) -> None:
        self._worker.register("assign", self.assign)
        self._worker.register("assigned", self.look_back)

    async def assign(self, _job: Job) -> None:
        """Everybody who waits, the longest wait first."""
        left = False
        for fold in await self._database.read(assigning.waiting):
            rule = await self._rule(fold)
            if rule is None:
                continue
            try:
                left = not await self._give(fold, rule) or left
            except Refusal as refusal:
                # One that this node cannot change must not keep the others waiting.
                log.warning("could not assign", conversation=fold.id, code=refusal.code)
                left = True
        if left:
            await self._worker.want("assign", EVERYBODY, AGAIN_S)

    async def look_back(self, job: Job) -> None:
        """Somebody was given a conversation a while ago: if they have not answered, it is for the next."""
        claims = await self._database.read(lambda conn: history.of_kind(conn, job.subject, "claimed"))
        fact = next((claim.fact for claim in claims if claim.seq == job.seq), None)
        team = fact.assigned.team if isinstance(fact, Claimed) and fact.assigned else None
        on_duty = self._duty.anybody()
        await self._desk.perform(job.subject, lambda c: c.take_back(job.seq, team, on_duty=on_duty))

    async def _rule(self, fold: Fold) -> Rule | None:
        """The team's; of who waits for none, or for one that is gone, the site's."""
        waits_for = fold.team
        if waits_for is not None:
            team = await self._database.read(lambda conn: teams.find(conn, waits_for.id))
            if team is not None:
                return None if team.assign == "off" else Rule(team.assign, team.answer_within_s, team.members)
        site = await self._desk.site(fold.site)
        return None if site.assign == "off" else Rule(site.assign, site.answer_within_s, None)

    async def _give(self, fold: Fold, rule: Rule) -> bool:
        """Whether it waits no more."""

        def read(conn: Connection) -> tuple[list[Candidate], Collection[str]]:
            return assigning.candidates(conn), have_had(assigning.hands(conn, fold.id))

        everybody, had = await self._database.read(read)
        here = [one for one in everybody if self._duty.is_on_duty(one.id)]
        chosen = choose(rule.how, [one for one in here if rule.members is None or one.id in rule.members], had)
        if chosen is None:
            return False
        agent, assigned = Agent(chosen.id, chosen.name), Assignment(rule.how, rule.within_s, fold.team)
        done = await self._desk.perform(fold.id, lambda c: c.assign(agent, assigned, fold.since))
        if not done.repeated:
            now = self._clock()
            await self._database.write(lambda conn: assigning.assigned(conn, agent.id, now))
            log.info("assigned", conversation=fold.id, agent=agent.id, how=rule.how)
        return True
