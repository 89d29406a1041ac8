"""Two nodes, one store, a link, people at their screens, and the dice that decide what happens next."""

import datetime as dt
import json
import sys
import traceback
import types
from collections.abc import Callable
from functools import partial
from random import Random
from typing import NoReturn
from unittest import mock

import msgspec
import structlog
from tests.bus.faulty import Link, Weather

from havana.chat import views
from havana.chat.errors import Busy
from havana.chat.site import Site
from havana.storage import history

from . import promises as p
from . import replies
from .loop import Time
from .node import ANA, BEN, Clock, Node
from .store import NodeDatabase, Reading, Store
from .tab import Post, Tab
from .tools import SET, Outside
from .view import View, Wire, same

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
SITE = Site(
    id="site",
    key="demo",
    name="Havana Tech",
    call_url="https://calendar.example.com/call",
    approval_s=60,
    tools=SET,
)
CAST = (("vera", 2), ("victor", 2), ("ana", 1), ("ben", 1))
"""Who is there, and with how many tabs."""
PATIENCE_S = 400.0
"""By when everything must be at rest once nothing goes wrong any more: leases, reminders and sweeps included."""
HANDLES = (1, 2, 3, 1_000)
PACE = 0.3
DECIDES = 0.1
NEVER_SEEN = "05af"
"""What the ids of such calls end with."""


class World:
    def __init__(self, seed: int, weather: Weather) -> None:
        self.random = Random(seed)
        self.weather = weather
        self.time = Time()
        self.shown: set[str] = set()
        self.tabs: list[Tab] = []
        self._ids = 0
        self._checked: dict[str, tuple[int, int, str]] = {}
        self._places: dict[tuple[str, bool, int], Wire] = {}
        self._keys: dict[tuple[str, str], tuple[str, int]] = {}
        self._acknowledged: list[tuple[str, str, str]] = []
        self._patches = [mock.patch("havana.ids.uuid_utils", types.SimpleNamespace(uuid7=self._new_id))]
        for patch in self._patches:
            patch.start()
        self._fell: list[str] = []
        structlog.configure(processors=[self._overhear])
        self.store = Store(SITE, [ANA, BEN], NOON)
        self.outside = Outside(self.store)
        self.link = Link(weather)
        self.nodes: list[Node | None] = []
        self.nodes += [self._node(), self._node()]
        for token, count in CAST:
            self.tabs += [Tab(self, token, number) for number in range(count)]
        for tab in self.tabs:
            tab.connects(self.random.choice(self.alive))

    def close(self) -> None:
        for node in self.alive:
            node.kill()
        for patch in self._patches:
            patch.stop()
        structlog.reset_defaults()

    # Who is there

    @property
    def alive(self) -> list[Node]:
        return [node for node in self.nodes if node is not None]

    def crashes(self, place: int) -> None:
        node = self.nodes[place]
        if node is None:
            return
        node.kill()
        self.nodes[place] = None
        for tab in self.tabs:
            if tab.node is node:
                tab.lost()

    def starts(self, place: int) -> None:
        if self.nodes[place] is None:
            self.nodes[place] = self._node()

    def returns(self, tab: Tab) -> None:
        if not tab.is_connected and self.alive:
            tab.connects(self.random.choice(self.alive))

    def clock(self) -> dt.datetime:
        return NOON + dt.timedelta(seconds=self.time.now)

    def tops(self) -> replies.Tops:
        """How far each log goes now."""
        found: replies.Tops = self.store.now(p.tops)
        return found

    def new_key(self) -> str:
        return self._new_id()

    def _node(self) -> Node:
        clock: Clock = self.clock
        return Node(self.store, self.outside, self.link, self.time, clock, self.random, lambda: self.alive)

    def _new_id(self) -> str:
        """Like UUIDv7: the time comes first."""
        self._ids += 1
        millis = int(self.clock().timestamp() * 1000)
        head = f"{millis:012x}"
        return f"{head[:8]}-{head[8:]}-7000-8000-{self._ids:012x}"

    def _overhear(self, _logger: object, _method: str, entry: dict[str, object]) -> NoReturn:
        """What the servers log: no exception should be there but the disk's, and that a job took too long."""
        error = sys.exc_info()[1]
        if entry.get("exc_info") and error is not None and not isinstance(error, Busy | TimeoutError):
            self._fell.append(f"{entry}\n{''.join(traceback.format_exception(error))}")
        raise structlog.DropEvent

    # The scheduler

    def runs(self, steps: int) -> None:
        """So many steps, each of them chosen by the dice from all that could happen next."""
        for _ in range(steps):
            choices = self._choices()
            if not choices:
                return
            self.random.choice(choices)()

    def passes(self, seconds: float) -> None:
        """Time goes by; timers that are due go off when it is their turn."""
        self.time.now += seconds

    def _choices(self) -> list[Callable[[], None]]:
        found: list[Callable[[], None]] = [partial(self._runs, node) for node in self.alive if node.loop.is_ready]
        found += [partial(self._is_done, chosen) for chosen in self.store.choices()]
        found += [partial(self.store.tell, outcome) for outcome in self.store.done]
        if self.link.under_way:
            found.append(self._arrives)
        for tab in self.tabs:
            if tab.has_news:
                found.append(tab.takes)
            elif tab.can_try:
                found.append(tab.tries)
        if not found or self.random.random() < PACE:
            # Models are slow: much else happens between their words.
            found += [partial(self._goes_on, node) for node in self.alive if node.thoughts]
        return found

    def _runs(self, node: Node) -> None:
        node.loop.run(self.random.choice(HANDLES))

    def _goes_on(self, node: Node) -> None:
        thought = node.thoughts.pop(self.random.randrange(len(node.thoughts)))
        if not thought.done():
            thought.set_result(None)

    def _is_done(self, chosen: Reading | NodeDatabase) -> None:
        self.store.carry_out(chosen, self.random, broken=self.random.random() < self.weather.disk)

    def _arrives(self) -> None:
        taken = self.link.take(self.random)
        if taken is not None:
            bus, topic, message = taken
            node = next(node for node in self.alive if node.bus is bus)
            with node.loop.entered():
                bus.arrives(topic, message)

    # What the tabs tell

    def acknowledged(self, tab: Tab, post: Post, ok: Wire) -> None:
        role = "visitor" if tab.public else "agent"
        stored = self.store.now(lambda conn: p.place_of(conn, ok["conversation"], post.key, role))
        p.keep(stored is not None, p.STORED, f"{post.text!r} was acknowledged")
        seq = stored.public_seq if tab.public else stored.seq
        p.keep(ok["log"] == self.store.now(lambda conn: history.fold(conn, ok["conversation"])).log, p.STORED, str(ok))
        p.keep(seq == ok["seq"], p.KEY, f"{post.key} stands at {seq}, {ok['seq']} was acknowledged")
        p.keep(stored.fact.redacted or stored.fact.text == post.text, p.STORED, f"{post.text!r} became {stored.fact}")
        self._stands(tab, post.key, ok["conversation"], seq)

    def answered(self, tab: Tab, asked: replies.Asked, ok: Wire) -> None:
        """A command other than a post was acknowledged."""
        place = self.store.now(lambda conn: replies.check(conn, asked, ok, tab.who))
        if place is not None:
            self._stands(tab, asked.fields["key"], ok["conversation"], place)

    def refused(self, tab: Tab, asked: replies.Asked, error: Wire) -> None:
        self.store.now(lambda conn: replies.check_refusal(conn, asked, error, tab.who))

    def _stands(self, tab: Tab, key: str, conversation: str, seq: int) -> None:
        """A key was acknowledged in this place, and in no other before."""
        known = self._keys.setdefault((tab.token, key), (conversation, seq))
        p.keep(known == (conversation, seq), p.KEY, f"{key} was acknowledged at {known} and at {seq}")
        self._acknowledged.append((conversation, key, "visitor" if tab.public else "agent"))

    def seen(self, tab: Tab, view: View, event: Wire) -> None:
        """Somebody sees an event: it must stand in the log, at that very place."""
        place = (view.conversation, tab.public, event["seq"])
        if place not in self._places:
            found = self.store.now(
                lambda conn: history.page(
                    conn, view.conversation, public=tab.public, after=event["seq"] - 1, until=event["seq"]
                )
            )
            p.keep(found, p.STORED, f"{tab.name} saw {event}, which is not in the log")
            wire = views.for_visitor(found[0]) if tab.public else views.for_agent(found[0])
            self._places[place] = json.loads(msgspec.json.encode(wire))
        stored = self._places[place]
        p.keep(stored["id"] == event["id"], p.ORDER, f"{tab.name} saw {event} in the place of another")
        p.keep(same(stored, event), p.SAME, f"{tab.name} saw {event}, stored is {stored}")

    # Promises

    def check(self) -> None:
        """What must be true after every step."""
        tops = self.store.now(p.tops)
        for conversation, top in tops.items():
            if self._checked.get(conversation) != top:
                self.store.now(lambda conn, c=conversation: p.check_log(conn, c, self.shown))
        if tops.keys() != self._checked.keys():
            self.store.now(p.check_visitors)
        self._checked = tops
        failures = [str(failure) for node in self.alive for failure in node.loop.failures] + self._fell
        p.keep(not failures, p.STANDS, "\n".join(failures))
        p.keep(not self.outside.broken, p.LEAVE, "\n".join(self.outside.broken))

    def settles(self) -> None:
        """Nothing goes wrong any more: in the end everybody has everything and nothing is left undone."""
        self.weather.loss = self.weather.doubling = self.weather.reordering = self.weather.disk = 0.0
        for place in range(len(self.nodes)):
            self.starts(place)
        self._comes_to_rest()
        for conversation in self._checked:
            self.store.now(lambda conn, c=conversation: p.check_log(conn, c, self.shown))
        for conversation, key, role in self._acknowledged:
            stored = self.store.now(lambda conn, c=conversation, k=key, r=role: p.place_of(conn, c, k, r))
            p.keep(stored is not None, p.STORED, f"{key} was acknowledged and is gone")
        self._looks_afresh()

    def _looks_afresh(self) -> None:
        """Somebody comes who has nothing yet, beside those who have seen it all grow."""
        old = list(self.tabs)
        fresh = {token: Tab(self, token, count) for token, count in CAST}
        self.tabs += fresh.values()
        self._comes_to_rest()
        for tab in old:
            for conversation, view in tab.views.items():
                view.equals(fresh[tab.token].views[conversation])

    def _comes_to_rest(self) -> None:
        until = self.time.now + PATIENCE_S
        while True:
            for tab in self.tabs:
                tab.stalled = False
                self.returns(tab)
                for conversation in tab.inbox.keys() - tab.views.keys():
                    tab.follows(conversation)
                self._decides(tab)
            # Something is due every second for ever: what counts is that nothing is left to do at this moment.
            self._calms_down()
            self.check()
            if (missing := self._missing()) is None:
                return
            if self.time.now > until:
                promise, _, what = missing.partition(": ")
                raise p.Broken(promise, what)
            self._tick()

    def _decides(self, tab: Tab) -> None:
        """Agents see to what waits for them, whoever is first; to some of it nobody ever does."""
        for view in tab.views.values():
            for call in view.undecided:
                if call[-1] not in NEVER_SEEN and self.random.random() < DECIDES:
                    do = self.random.choice(("allow", "allow", "refuse"))
                    tab.commands(do, conversation=view.conversation, call=call)

    def _calms_down(self) -> None:
        while choices := self._choices():
            self.random.choice(choices)()

    def _tick(self) -> None:
        """To the next moment at which anything happens, at most a second away."""
        nexts = [at for node in self.alive if (at := node.loop.next_at) is not None]
        self.time.now = max(self.time.now, min([*nexts, self.time.now + 1.0]))

    def _missing(self) -> str | None:
        """What is not at rest, with the promise it would break."""
        for tab in self.tabs:
            if not tab.welcomed or tab.is_waiting:
                return f"{p.WHOLE}: {tab.name} waits"
        if (left := self.store.now(p.unsettled)) is not None:
            return left
        tops, states = self.store.now(p.tops), self.store.now(p.states)
        for tab in self.tabs:
            for conversation, (seq, public_seq, visitor) in tops.items():
                if tab.public and tab.who.id != visitor:
                    continue
                view = tab.views.get(conversation)
                top = public_seq if tab.public else seq
                if view is None or view.last != top:
                    return f"{p.WHOLE}: {tab.name} has {view and view.last} of {top}"
                if not tab.public and tab.inbox.get(conversation, {}).get("seq") != seq:
                    return f"{p.WHOLE}: the inbox of {tab.name} is old"
                if view.state["control"] != states[conversation]:
                    return f"{p.TAIL}: {tab.name} thinks {view.state}"
        return None
