"""One server process, wired as `havana.app` does it, that can be killed between any two steps."""

import asyncio
import datetime as dt
from collections.abc import Callable
from random import Random

from tests.bus.faulty import Link

from havana.accounts.limits import Limits
from havana.assistant.responder import Parts, Responder
from havana.assistant.team.copilot import Copilot
from havana.assistant.team.summarising import Summaries
from havana.assistant.tools.jobs import ToolJobs
from havana.chat.errors import Busy
from havana.chat.people import Agent, Visitor
from havana.cluster import Presence
from havana.desk import Desk
from havana.drafts import Drafts
from havana.duty import Duty
from havana.ids import new_id
from havana.jobs import Worker
from havana.knowledge.search import Knowledge
from havana.live.hub import Hub
from havana.live.identity import BadToken, Identity
from havana.live.services import Services
from havana.reading import Reading
from havana.requests import Requests
from havana.storage import nodes
from havana.storage.membership import Membership
from havana.timers import Timers
from havana.visits import Visits

from .loop import SteppedLoop, Time
from .model import Dice
from .store import NodeDatabase, Store
from .tools import Outside, Tools

Clock = Callable[[], dt.datetime]
DYING_HANDLES = 100_000
RESTART_S = 1.0
RENEW_EVERY_S = 2.0
ANSWER_S = 150.0


class Node:
    def __init__(
        self,
        store: Store,
        outside: Outside,
        link: Link,
        time: Time,
        clock: Clock,
        random: Random,
        peers: Callable[[], list["Node"]],
    ) -> None:
        self.loop = SteppedLoop(time)
        self.thoughts: list[asyncio.Future[None]] = []
        self._store = store
        self._outside = outside
        self._link = link
        self._clock = clock
        self._database = NodeDatabase(store, self.loop)
        self.bus = link.join()
        self.seat = Seat(self.loop, lambda: tuple(peer.seat.standing.node for peer in peers() if peer is not self))
        with self.loop.entered():
            self.reading, self.services = self._build(random)

    def _build(self, random: Random) -> tuple[Reading, Services]:
        database, bus, clock = self._database, self.bus, self._clock
        drafts, duty = Drafts(), Duty(clock)
        worker = Worker(database, clock)
        desk = Desk(database, bus, worker, clock)
        reading = Reading(database, desk, drafts, bus, Limits(on=False))
        requests = Requests(desk, duty, database, Limits(on=False))
        tools = Tools(self._outside, self._think, random, desk, duty, clock)
        knowledge, dice = Knowledge(database), Dice(random, self._think)
        parts = Parts(desk, database, bus, drafts, duty, knowledge, dice, clock, site_tools=tools)
        worker.register("answer", Responder(parts).answer, longest_s=ANSWER_S)
        copilot = Copilot(desk, database, knowledge, parts.model, Limits(on=False))
        worker.register("summary", Summaries(desk, database, parts.model).summarise)
        timers = Timers(desk, duty, worker, database, bus, clock)
        timers.register()
        ToolJobs(tools, desk, duty, worker, database, clock).register()
        duty.on_leave = timers.agent_has_left
        Presence(duty, self.seat, bus, lambda: None).start()
        self.loop.create_task(self.seat.keep())
        self.loop.create_task(self._start(worker, timers))
        hub = Hub(bus, reading, clock, Visits(database, bus, clock))
        return reading, Services(hub, requests, reading, duty, self._authenticate, clock, copilot)

    async def _start(self, worker: Worker, timers: Timers) -> None:
        """A process whose disk fails at its start ends, and is started again by whoever looks after it."""
        worker.start()
        while True:
            try:
                await timers.at_start()
                break
            except Busy:
                await asyncio.sleep(RESTART_S)

    async def _authenticate(self, token: str) -> Identity:
        who = TOKENS.get(token)
        if who is None:
            raise BadToken
        return Identity(who, f"session-{token}" if isinstance(who, Agent) else None)

    def _think(self) -> "asyncio.Future[None]":
        thought = self.loop.create_future()
        self.thoughts.append(thought)
        return thought

    def kill(self) -> None:
        """Its memory is gone, what it had asked of the store may or may not have been done."""
        self._database.is_dead = True
        self._store.leave(self._database)
        self._link.leave(self.bus)
        self.thoughts.clear()
        # Only for Python's sake, which complains of tasks that never end; nothing they do leaves this object.
        while self.loop.tasks:
            for task in tuple(self.loop.tasks):
                task.cancel()
            self.loop.run(DYING_HANDLES)


class Seat(Membership):
    """A node's lease, which it keeps as long as it lives; the others know of its end when they renew theirs."""

    def __init__(self, loop: SteppedLoop, others: Callable[[], tuple[nodes.Node, ...]]) -> None:
        self.standing = nodes.Standing(nodes.Node(new_id(), "node", joins=True), others())
        self._loop = loop
        self._others = others

    def say(self, agents: tuple[str, ...]) -> None:
        node = self.standing.node
        self._renew(nodes.Node(node.id, node.name, node.renewed + 1, joins=True, agents=agents))

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            self._renew(self.standing.node)

    def _renew(self, node: nodes.Node) -> None:
        self.standing = nodes.Standing(node, self._others())
        self._loop.call_soon(self._hear, self.standing)


ANA = Agent("agent-ana", "Ana", admin=True)
BEN = Agent("agent-ben", "Ben")
VERA = Visitor("visitor-vera", "site", "Coral Heron")
VICTOR = Visitor("visitor-victor", "site", "Amber Fox")
TOKENS: dict[str, Agent | Visitor] = {"ana": ANA, "ben": BEN, "vera": VERA, "victor": VICTOR}
