"""Nodes, the database and the bus fail in turns while people write: every promise holds, by everybody's own account."""

import asyncio
import datetime as dt
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from tests.machine.promises import unsettled

from havana.storage import history
from havana.storage.tables import conversations, drafts, jobs

from . import checker
from . import records as r
from .faults import LONG, SHORT, Faults
from .model import a_model
from .nodes import AGENTS, Cluster, a_cluster
from .people import Agent, AgentsToken, Visitor, VisitorsTab, visitor_token
from .screen import Screen

pytestmark = pytest.mark.slow

FAULTS = int(os.environ.get("HAVANA_TEST_FAULTS", "7"))
"""How many; `make soak` asks for more, and for longer ones."""
SEED = int(os.environ.get("HAVANA_TEST_SEED", "7"))
VISITORS = 6
"""Each has a second tab open, which only looks on."""
BETWEEN = 12
"""So many messages are acknowledged between two faults."""
REST_S = 90
"""What ends a test in which something never comes to rest."""
IDLE = "idle"
"""A day away."""

log = logging.getLogger(__name__)


class House:
    """Everybody who is there, and what they do in the background until it ends."""

    def __init__(self, cluster: Cluster, dice: Random) -> None:
        self.visitors: list[Visitor] = []
        self.screens: list[Screen] = []
        self._cluster = cluster
        self._dice = dice
        self._staying: set[asyncio.Task[None]] = set()

    async def fills(self) -> None:
        url = self._cluster.proxy.url
        marks = [f"of-visitor-{number}." for number in range(VISITORS)]
        for number, mark in enumerate(marks):
            token = await visitor_token(url)
            others = [other for other in marks if other != mark]

            async def known(token: str = token) -> str:
                return token

            for kind, name in ((Visitor, "writes"), (VisitorsTab, "looks on")):
                made = kind(r.History(f"visitor {number} {name}", "visitor", ""), url, known, self._dies(), others)
                self.screens.append(made)
                if isinstance(made, Visitor):
                    made.mark = mark
                    self.visitors.append(made)
        for name in AGENTS:
            who = self._cluster.agents[name]
            token = AgentsToken(url, f"{name.lower()}@example.com")
            agent = Agent(r.History(f"agent {name}", "agent", who), url, token, self._dies())
            agent.colleagues = list(self._cluster.agents.values())
            self.screens.append(agent)
        self._staying = {asyncio.create_task(screen.stays(), name=screen.history.name) for screen in self.screens}

    def _dies(self) -> Random:
        return Random(self._dice.random())

    def check(self) -> None:
        """Nobody's page has fallen over."""
        for task in self._staying:
            if task.done():
                task.result()

    @property
    def acknowledged(self) -> int:
        """How many messages of visitors."""
        return sum(isinstance(record, r.Acknowledged) for one in self.visitors for record in one.history.records)

    async def writes(self, number: int) -> None:
        """Waits for so many more messages of visitors to be acknowledged."""
        goal = self.acknowledged + number
        await self.until_nothing(lambda: max(goal - self.acknowledged, 0), "messages to be acknowledged")

    async def until_nothing(self, left: Callable[[], object], what: str) -> None:
        """Waits until nothing is left of it."""
        try:
            async with asyncio.timeout(REST_S):
                while left():
                    self.check()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"after {REST_S} s there are still {what}: {left()}") from None

    async def leaves(self) -> None:
        for task in self._staying:
            task.cancel()
        await asyncio.gather(*self._staying, return_exceptions=True)


@asynccontextmanager
async def a_house(cluster: Cluster, dice: Random) -> AsyncIterator[House]:
    house = House(cluster, dice)
    try:
        await house.fills()
        yield house
    finally:
        await house.leaves()


async def test_whatever_breaks_nothing_is_lost_doubled_or_said_too_late(
    tmp_path: Path,
    postgres_server: Any,
    postgres_url: str,
    redis_server_of_its_own: Any,
    measured: Callable[[str], None],
):
    dice = Random(SEED)
    redis_url = redis_server_of_its_own.url
    async with a_model(Random(dice.random())) as model, a_cluster(tmp_path, postgres_url, redis_url, model) as cluster:
        lengths = SHORT if FAULTS <= 7 else LONG
        faults = Faults(cluster, postgres_server, redis_server_of_its_own, lengths, dice)
        async with a_house(cluster, dice) as house:
            await goes_through(cluster, faults, house)
            await comes_to_rest(cluster, house)
            measured(summary(house, len(model.requests)))

            wrong = found(cluster, house) + [
                f"{node.name} has fallen over: {node.said}" for node in cluster.nodes if node.has_fallen_over
            ]
            assert wrong == [], "\n".join(wrong[:50])


async def goes_through(cluster: Cluster, faults: Faults, house: House) -> None:
    """One fault after the other, with words between them."""
    say(f"HAVANA_TEST_SEED={SEED}")
    await house.writes(BETWEEN)
    for fault in faults.order(FAULTS):
        say(fault.__name__)
        await fault()
        say("is over")
        await cluster.is_whole()
        await house.writes(BETWEEN)
    say("comes to rest")


def say(what: str) -> None:
    """For whoever reads why it failed; `-o log_cli=true` for whoever cannot wait."""
    log.warning(what)


async def comes_to_rest(cluster: Cluster, house: House) -> None:
    """Nobody says anything new; what was said is acknowledged, answered, and on every screen."""
    for screen in house.screens:
        screen.stopped = True
        screen.happened()
    await house.until_nothing(lambda: [said for screen in house.screens for said in screen.outbox], "words unsent")
    await house.until_nothing(lambda: cluster.database.read_now(still_to_do), "things to do")
    await house.until_nothing(lambda: lacking(cluster, house), "screens behind")


def still_to_do(conn: sa.Connection) -> str | None:
    if (what := unsettled(conn)) is not None:
        return what
    left = conn.execute(sa.select(jobs.c.kind).where(jobs.c.kind != IDLE)).first()
    return None if left is None else f"a job is left: {left.kind}"


def lacking(cluster: Cluster, house: House) -> list[str]:
    """Which screens do not show all of what they follow, and which inboxes are behind."""
    rows = cluster.database.read_now(lambda conn: conn.execute(sa.select(conversations)).all())
    tops = {row.id: (row.seq, row.public_seq) for row in rows}
    threads = [
        f"{screen.history.name} {view.conversation} {view.last} of {tops[view.conversation]}"
        for screen in house.screens
        for view in screen.views.values()
        if view.last != tops[view.conversation][screen.history.public]
    ]
    inboxes = [
        f"{screen.history.name} has {screen.inbox.get(conversation)} in the inbox, stored up to {top}"
        for screen in house.screens
        if isinstance(screen, Agent)
        for conversation, (top, _) in tops.items()
        if screen.inbox.get(conversation, {}).get("seq") != top
    ]
    return threads + inboxes


def found(cluster: Cluster, house: House) -> list[str]:
    stories, left = cluster.database.read_now(everything)
    return checker.violations([screen.history for screen in house.screens], stories, left, dt.datetime.now(dt.UTC))


def everything(conn: sa.Connection) -> tuple[checker.Stories, list[checker.Left]]:
    stories = {}
    for row in conn.execute(sa.select(conversations)).all():
        kept = conn.execute(sa.select(drafts.c.answer).where(drafts.c.conversation_id == row.id)).scalars().all()
        stories[row.id] = checker.Story(history.fold_of(row), history.all_events(conn, row.id), kept)
    rows = conn.execute(sa.select(jobs)).all()
    return stories, [checker.Left(row.kind, row.subject, row.run_at, row.lease_until) for row in rows]


def summary(house: House, answers: int) -> str:
    counted = Counter(type(record).__name__ for screen in house.screens for record in screen.history.records)
    kinds = Counter(
        record.event.get("outcome", record.event["kind"])
        for screen in house.visitors
        for record in screen.history.records
        if isinstance(record, r.Shown)
    )
    return (
        f"{FAULTS} faults, {counted['Acknowledged']} commands acknowledged on {counted['Connected']} connections, "
        f"{counted['Denied']} refused; {answers} calls of the model, {kinds['complete']} answers complete, "
        f"{kinds['interrupted']} cut, {kinds['claimed']} claims, {kinds['human_requested']} hand-overs"
    )
