"""The checker finds each kind of broken promise where one is planted, and nothing where there is none."""

import datetime as dt
import json
from collections.abc import Callable

import msgspec
import pytest
from tests.chat import story as s

from havana.chat import events as e
from havana.chat import views
from havana.chat.fold import Fold

from . import checker as c
from . import records as r

CHAT = "c1"
LATER = s.NOON + dt.timedelta(hours=1)
KEY, REPLY_KEY, NOTE_KEY = "key-0001", "key-0002", "key-0003"


class World:
    """A visitor asks, Ana takes over in the middle of an answer, writes, and hands back: all of it as it should be."""

    def __init__(self) -> None:
        story = s.answering("It costs")
        story.does(lambda chat: chat.claim(s.ANA))
        story.does(lambda chat: chat.note(s.ANA, "A note", NOTE_KEY))
        story.does(lambda chat: chat.reply(s.ANA, "It costs $8,400.", REPLY_KEY))
        story.does(lambda chat: chat.hand_back(s.ANA))
        self.stored = story.fold
        self.events = story.events
        self.drafts: list[str] = []
        self.others: dict[str, c.Story] = {}
        self.jobs = [c.Left("idle", CHAT, LATER + dt.timedelta(days=1), None)]
        self.visitor = r.History("a visitor", "visitor", s.VISITOR.id)
        self.visitor.records = [r.Connected(), *self.pushed(public=True)]
        self.say(self.visitor, KEY, "What does welding cost?", 1)
        self.agent = r.History("an agent", "agent", s.ANA.id)
        self.agent.records = [r.Connected(), *self.followed()]
        self.say(self.agent, REPLY_KEY, "It costs $8,400.", 7)

    def pushed(self, *, public: bool) -> list[r.Record]:
        """Every event as a push, with the words of the answer after its start."""
        records: list[r.Record] = []
        for wire in self.wires(public=public):
            records += [r.Pushed(CHAT, wire), r.Shown(CHAT, wire)]
            if wire["kind"] == "answer_started":
                records.append(r.Words(CHAT, "answer-1"))
        return records

    def followed(self) -> list[r.Record]:
        """All but the last event in the answer to a follow, and the last as a push."""
        *before, last = self.wires(public=False)
        state = {"control": "human", "agent": {"id": "a1", "name": "Ana"}, "since": 4, "open_answer": None}
        shown = [r.Shown(CHAT, wire) for wire in before]
        return [
            r.Emptied(CHAT),
            *shown,
            r.Followed(CHAT, before[-1]["seq"], state, None),
            r.Pushed(CHAT, last),
            r.Shown(CHAT, last),
        ]

    def wires(self, *, public: bool) -> list[r.Wire]:
        told = [views.for_visitor(event) if public else views.for_agent(event) for event in self.events]
        return json.loads(msgspec.json.encode([wire for wire in told if wire is not None]))

    def say(self, history: r.History, key: str, text: str, seq: int) -> None:
        ok = {"conversation": CHAT, "log": "l1", "seq": seq, "repeated": False}
        history.records.append(r.Acknowledged("post", key, text, ok))

    def shown_at(self, history: r.History, seq: int) -> int:
        """Where in the records an event was shown."""
        return next(n for n, one in enumerate(history.records) if isinstance(one, r.Shown) and one.event["seq"] == seq)

    def change(self, seq: int, fact: e.AnyFact, **fields: object) -> None:
        """Another fact stands in the log in this place."""
        self.events[seq - 1] = msgspec.structs.replace(self.events[seq - 1], fact=fact, **fields)

    def violations(self) -> list[str]:
        stories = {CHAT: c.Story(self.stored, self.events, self.drafts)} | self.others
        return c.violations([self.visitor, self.agent], stories, self.jobs, LATER)


PLANTED: list[tuple[str, str, Callable[[World], object]]] = []
Plant = Callable[[World], object]


def planted(promise: str) -> Callable[[Plant], Plant]:
    def plant(change: Plant) -> Plant:
        PLANTED.append((promise, change.__name__, change))
        return change

    return plant


@planted(c.STORED)
def an_acknowledged_message_is_not_in_the_log(world: World) -> None:
    world.say(world.visitor, "key-0009", "Lost", 40)


@planted(c.STORED)
def an_acknowledged_message_stands_elsewhere(world: World) -> None:
    world.say(world.visitor, KEY, "What does welding cost?", 2)


@planted(c.STORED)
def an_acknowledged_message_has_another_text(world: World) -> None:
    world.say(world.visitor, KEY, "What does it cost?", 1)


@planted(c.STORED)
def an_acknowledged_message_is_somebody_elses(world: World) -> None:
    world.say(world.agent, KEY, "What does welding cost?", 1)


@planted(c.STORED)
def an_acknowledged_button_is_not_in_the_log(world: World) -> None:
    ok = {"conversation": CHAT, "log": "l1", "seq": 2, "repeated": False}
    world.visitor.records.append(r.Acknowledged("request_human", "key-0008", None, ok))


@planted(c.STORED)
def a_claim_was_acknowledged_that_never_was(world: World) -> None:
    state = {"control": "human", "agent": {"id": "a2", "name": "Ben"}, "since": 4, "open_answer": None}
    ok = {"conversation": CHAT, "log": "l1", "seq": 5, "repeated": False, "state": state}
    world.agent.records.append(r.Acknowledged("claim", None, None, ok))


@planted(c.STORED)
def claimed_already_by_nobody(world: World) -> None:
    error = {"code": "already_claimed", "message": "", "state": {"control": "ai", "agent": None}}
    world.agent.records.append(r.Denied("claim", error))


@planted(c.ORDER)
def an_event_is_missing_on_a_screen(world: World) -> None:
    del world.visitor.records[world.shown_at(world.visitor, 3)]


@planted(c.ORDER)
def two_events_are_shown_the_wrong_way_round(world: World) -> None:
    one, other = world.shown_at(world.visitor, 4), world.shown_at(world.visitor, 5)
    records = world.visitor.records
    records[one], records[other] = records[other], records[one]


@planted(c.ORDER)
def a_screen_shows_what_is_not_stored(world: World) -> None:
    place = world.shown_at(world.visitor, 1)
    wire = world.wires(public=True)[0] | {"text": "Something else"}
    world.visitor.records[place] = r.Shown(CHAT, wire)


@planted(c.ORDER)
def the_end_is_missing_on_a_screen(world: World) -> None:
    del world.agent.records[world.shown_at(world.agent, 9) :]


@planted(c.ORDER)
def a_push_is_left_out(world: World) -> None:
    world.visitor.records = [
        one for one in world.visitor.records if not (isinstance(one, r.Pushed) and one.event["seq"] == 3)
    ]


@planted(c.ORDER)
def a_visitor_has_two_open_conversations(world: World) -> None:
    other = Fold(id="c2", log="l2", site=s.SITE.id, visitor=world.stored.visitor)
    world.others["c2"] = c.Story(other, [])


@planted(c.ONCE)
def an_event_is_shown_twice(world: World) -> None:
    place = world.shown_at(world.visitor, 4)
    world.visitor.records.insert(place, world.visitor.records[place])


@planted(c.ONCE)
def an_event_is_pushed_twice(world: World) -> None:
    place = world.shown_at(world.visitor, 4) - 1
    world.visitor.records.insert(place, world.visitor.records[place])


@planted(c.ONCE)
def an_event_of_the_follow_is_pushed_as_well(world: World) -> None:
    place = world.shown_at(world.agent, 9) - 1
    world.agent.records.insert(place, r.Pushed(CHAT, world.wires(public=False)[5]))


@planted(c.ONCE)
def a_key_is_in_the_log_twice(world: World) -> None:
    world.others["c2"] = c.Story(msgspec.structs.replace(world.stored, id="c2", control="closed"), world.events[:1])


@planted(c.TAKEOVER)
def words_come_after_the_claim(world: World) -> None:
    world.visitor.records.append(r.Words(CHAT, "answer-1"))


@planted(c.TAKEOVER)
def words_come_between_the_end_of_the_answer_and_the_claim(world: World) -> None:
    world.visitor.records.insert(world.shown_at(world.visitor, 3) + 1, r.Words(CHAT, "answer-1"))


@planted(c.TAKEOVER)
def words_come_before_the_answer(world: World) -> None:
    world.visitor.records.insert(1, r.Words(CHAT, "answer-1"))


@planted(c.TAKEOVER)
def a_latecomer_is_given_the_draft_of_an_answer_that_has_ended(world: World) -> None:
    state = {"control": "human", "agent": None, "since": 4, "open_answer": None}
    world.agent.records.append(r.Followed(CHAT, 9, state, "answer-1"))


@planted(c.TAKEOVER)
def the_assistant_speaks_while_an_agent_is_in_charge(world: World) -> None:
    world.change(7, e.CallOffered("https://calendar.example.com"), author=s.SITE.assistant_author, key=None)


@planted(c.TAKEOVER)
def an_answer_is_cut_and_nothing_says_why(world: World) -> None:
    world.events[2] = msgspec.structs.replace(world.events[2], at=s.NOON)


@planted(c.LOG)
def an_answer_ends_after_the_claim(world: World) -> None:
    world.events[2], world.events[3] = (
        msgspec.structs.replace(world.events[2], fact=world.events[3].fact),
        msgspec.structs.replace(world.events[3], fact=world.events[2].fact),
    )


@planted(c.LOG)
def a_draft_outlives_its_answer(world: World) -> None:
    world.drafts.append("answer-1")


@planted(c.LOG)
def the_words_that_were_shown_are_gone(world: World) -> None:
    world.change(3, e.AnswerFinished("answer-1", "interrupted", ""))


@planted(c.LOG)
def the_log_has_a_gap(world: World) -> None:
    del world.events[5]


@planted(c.LOG)
def the_public_seqs_have_a_gap(world: World) -> None:
    world.events[8] = msgspec.structs.replace(world.events[8], public_seq=9)


@planted(c.LOG)
def the_stored_fold_is_not_the_logs(world: World) -> None:
    world.stored = msgspec.structs.replace(world.stored, preview="Something else")


@planted(c.STUCK)
def an_answer_stays_open(world: World) -> None:
    world.stored = msgspec.structs.replace(world.stored, open_answer="answer-2")


@planted(c.STUCK)
def a_visitor_has_no_answer(world: World) -> None:
    world.stored = msgspec.structs.replace(world.stored, asked=9)


@planted(c.STUCK)
def a_change_of_control_has_no_words(world: World) -> None:
    world.change(5, e.CallOffered("https://calendar.example.com"))


@planted(c.STUCK)
def a_job_is_overdue(world: World) -> None:
    world.jobs.append(c.Left("remind", CHAT, s.NOON, None))


@planted(c.STUCK)
def a_job_is_still_held(world: World) -> None:
    world.jobs.append(c.Left("remind", CHAT, LATER + dt.timedelta(hours=1), LATER + dt.timedelta(minutes=1)))


@planted(c.PRIVATE)
def a_frame_held_what_is_for_the_staff(world: World) -> None:
    world.visitor.records.append(r.Leaked("a note"))


@planted(c.ORDER)
def a_note_is_on_a_visitors_screen(world: World) -> None:
    world.visitor.records.append(r.Shown(CHAT, world.wires(public=False)[5] | {"seq": 9}))


@planted(c.STANDS)
def a_command_met_an_error_of_the_server(world: World) -> None:
    world.agent.records.append(r.Denied("claim", {"code": "internal", "message": ""}))


@planted(c.STANDS)
def somebody_was_sent_away_for_good(world: World) -> None:
    world.visitor.records.append(r.SentAway(4500, ""))


def test_where_nothing_is_wrong_nothing_is_found():
    assert World().violations() == []


@pytest.mark.parametrize(("promise", "change"), [(p, c) for p, _, c in PLANTED], ids=[name for _, name, _ in PLANTED])
def test_a_planted_violation_is_found(promise: str, change: Plant):
    world = World()
    change(world)

    assert any(found.startswith(promise) for found in world.violations())


def test_a_screen_that_comes_back_goes_on_where_the_follow_ends():
    world = World()
    state = {"control": "ai", "agent": None, "since": 8, "open_answer": None}
    world.agent.records += [r.Connected(), r.Followed(CHAT, 9, state, None)]

    assert world.violations() == []


def test_what_is_not_followed_any_more_may_lack_the_end():
    world = World()
    place = world.shown_at(world.agent, 9) - 1
    world.agent.records[place:] = [r.Unfollowed(CHAT)]

    assert world.violations() == []
