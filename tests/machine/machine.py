"""What can happen, as rules; after each the scheduler takes some steps and every promise is looked at."""

import sys

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.bus.faulty import Weather

from .model import STAFF, TEAM
from .tab import Post, Tab
from .view import View
from .world import World

SEEDS = st.integers(0, 2**32)
STEPS = st.integers(0, 30)
TABS = st.integers(0, 5)
VISITORS_TABS = st.sampled_from((0, 0, 1, 1, 2, 3))
AGENTS_TABS = st.integers(4, 5)
ANY = st.integers(0, 2**16)
CHANCES = st.sampled_from((0.0, 0.0, 0.1, 0.5))
VISITORS_DO = st.sampled_from(
    ("request_human", "request_human", "withdraw_request", "offer_call", "leave_contact", "rate", "close")
)
OFTEN = ("claim", "claim", "claim", "post", "post", "hand_back", "hand_back", "hand_back", "return_to_queue")
DECIDE = ("allow", "allow", "allow", "refuse")
AGENTS_DO = st.sampled_from(
    (*OFTEN, *DECIDE, "close", "reopen", "note", "label", "transfer", "route", "redact", "offer_call")
)


class Machine(RuleBasedStateMachine):
    world: World

    @initialize(seed=SEEDS, loss=CHANCES, doubling=CHANCES, reordering=CHANCES, disk=st.sampled_from((0.0, 0.0, 0.05)))
    def begins(self, seed: int, loss: float, doubling: float, reordering: float, disk: float) -> None:
        self.world = World(seed, Weather(loss, doubling, reordering, disk))
        self.said = 0

    @invariant()
    def keeps_its_promises(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        try:
            # What is broken already would only break something else that hides it.
            if sys.exc_info()[0] is None:
                self.world.settles()
        finally:
            self.world.close()

    # The world

    @rule(seconds=st.sampled_from((0.0, 0.0, 0.04, 0.3, 1.0, 5.0, 30.0, 130.0)), steps=st.integers(0, 60))
    def time_passes(self, seconds: float, steps: int) -> None:
        self.world.passes(seconds)
        self.world.runs(steps)

    @rule(node=st.integers(0, 1), steps=STEPS)
    def a_node_crashes_or_comes_back(self, node: int, steps: int) -> None:
        if self.world.nodes[node] is None:
            self.world.starts(node)
        else:
            self.world.crashes(node)
        self.world.runs(steps)

    @rule(
        tab=TABS,
        what=st.sampled_from(("breaks", "breaks", "stalls", "is pinged", "follows", "follows", "unfollows")),
        which=ANY,
    )
    def something_happens_to_a_connection(self, tab: int, what: str, which: int) -> None:
        chosen = self.world.tabs[tab]
        view = _one(chosen, which)
        if not chosen.is_connected:
            self.world.returns(chosen)
        elif what == "breaks":
            chosen.breaks()
        elif what == "stalls":
            chosen.stalled = not chosen.stalled
        elif what == "is pinged":
            chosen.pinged()
        elif view is not None and what == "follows":
            chosen.follows(view.conversation)
        elif view is not None and not chosen.public:
            chosen.unfollows(view.conversation)

    # People

    @rule(tab=VISITORS_TABS, named=st.booleans(), twice=st.booleans(), steps=STEPS)
    def a_visitor_writes(self, tab: int, named: bool, twice: bool, steps: int) -> None:
        chosen = self.world.tabs[tab]
        self.said += 1
        text = f"question-{self.said} of-{chosen.token}"
        chosen.posts(Post(self.world.new_key(), text, chosen.current if named else None))
        if twice:
            chosen.tries(twice=True)
        self.world.runs(steps)

    @rule(tab=TABS, which=ANY, steps=STEPS)
    def somebody_tries_again(self, tab: int, which: int, steps: int) -> None:
        self.world.tabs[tab].commands_again(which)
        self.world.runs(steps)

    @rule(tab=VISITORS_TABS, do=VISITORS_DO, twice=st.booleans(), steps=STEPS)
    def a_visitor_acts(self, tab: int, do: str, twice: bool, steps: int) -> None:
        chosen = self.world.tabs[tab]
        fields = {"rate": {"score": 5}, "leave_contact": {"name": "V", "email": "v@example.com"}}.get(do, {})
        if chosen.current is not None or do not in ("withdraw_request", "rate", "close"):
            named = {"conversation": chosen.current} if chosen.current else {}
            chosen.commands(do, **named, **fields)
            if twice:
                chosen.commands_again(-1)
        self.world.runs(steps)

    @rule(tab=AGENTS_TABS, which=ANY, do=AGENTS_DO, steps=STEPS)
    def an_agent_acts(self, tab: int, which: int, do: str, steps: int) -> None:
        chosen = self.world.tabs[tab]
        view = _one(chosen, which)
        if view is not None:
            self._acts(chosen, view, do, which)
        self.world.runs(steps)

    def _acts(self, tab: Tab, view: View, do: str, which: int) -> None:
        self.said += 1
        if waiting := view.undecided:
            # Few conversations come this far, so whoever has a card before them mostly decides.
            do = (*DECIDE, do)[which % (len(DECIDE) + 1)]
        if do in DECIDE:
            asked = waiting or [event["call"] for event in view.events.values() if event["kind"] == "tool_requested"]
            if asked:
                tab.commands(do, conversation=view.conversation, call=asked[which % len(asked)])
            return
        if do == "post":
            tab.posts(Post(self.world.new_key(), f"reply-{self.said}", view.conversation))
            return
        fields = {
            "note": {"text": f"{STAFF} note-{self.said}"},
            "label": {"labels": [f"{STAFF}-{self.said}"]},
            "transfer": {
                "to": "agent-ben" if tab.token == "ana" else "agent-ana",
                "note": f"{STAFF} note-{self.said}" if which % 2 else "",
            },
            "route": {"team": TEAM, "note": f"{STAFF} note-{self.said}" if which % 2 else ""},
        }.get(do, {})
        if do == "redact":
            said = [event for event in view.events.values() if event.get("text")]
            if not said:
                return
            fields = {"event": said[which % len(said)]["id"]}
        tab.commands(do, conversation=view.conversation, **fields)


class StormyMachine(Machine):
    """On the worst of days, so that bugs are found sooner."""

    @initialize(seed=SEEDS)
    def begins(self, seed: int) -> None:
        self.world = World(seed, Weather(loss=0.4, doubling=0.2, reordering=0.4))
        self.said = 0


def _one(tab: Tab, which: int) -> View | None:
    return list(tab.views.values())[which % len(tab.views)] if tab.views else None
