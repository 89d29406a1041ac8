"""The dialogue with one client: what a command asks for, and what is wrong with it."""

import json

import pytest
from tests.chat.story import ANA, NOON, VISITOR, held

from havana.chat import commands as c
from havana.chat import wire as w
from havana.chat.errors import AlreadyClaimed, BadRequest, Forbidden, LimitReached, NotFound, Refusal, UnknownCommand
from havana.live import frames as f
from havana.live.closing import Close, Hangup
from havana.live.decoding import Command
from havana.live.following import Draft, live_event
from havana.live.identity import Identity
from havana.live.session import Perform, Session


def says(session, do, now=0.0, **fields):
    return session.start(Command(1, do, {"id": 1, "do": do} | fields), now)


def session_of(who):
    session = Session("s1")
    session.identified(Identity(who))
    return session


@pytest.fixture
def visitor():
    return session_of(VISITOR)


@pytest.fixture
def agent():
    return session_of(ANA)


def followed(top=3, **changes):
    state = {"control": "ai", "agent": None, "since": 0, "open_answer": None}
    return {"conversation": "c1", "top": top, "state": state, "draft": None, "events": []} | changes


class TestHello:
    def test_comes_first(self):
        with pytest.raises(Hangup) as hangup:
            says(Session("s1"), "post", key="key-0001", text="Hello")

        assert hangup.value.code is Close.NO_HELLO

    def test_names_the_version_one(self):
        with pytest.raises(Hangup) as hangup:
            says(Session("s1"), "hello", v=2, token="t")

        assert hangup.value.code is Close.VERSION

    def test_says_what_is_followed_already(self):
        asked = says(Session("s1"), "hello", v=1, token="t", following=[{"conversation": "c1", "log": "l", "seq": 4}])

        assert asked == f.Hello(v=1, token="t", following=(f.Position("c1", "l", 4),))

    def test_with_wrong_fields_may_be_said_again(self):
        session = Session("s1")

        with pytest.raises(BadRequest):
            says(session, "hello", v=1)
        assert isinstance(says(session, "hello", v=1, token="t"), f.Hello)

    def test_is_said_once(self, visitor):
        with pytest.raises(BadRequest):
            says(visitor, "hello", v=1, token="t")

    def test_is_answered_with_who_you_are_and_the_limits(self, visitor):
        frame = visitor.welcome(7, VISITOR, now=NOON, current=None, following=[])

        assert json.loads(frame.text) == {
            "id": 7,
            "ok": {
                "v": 1,
                "session": "s1",
                "you": {"role": "visitor", "id": "v1", "name": "Coral Heron"},
                "now": "2026-01-01T12:00:00Z",
                "ping_ms": 25000,
                "limits": {"text": 8000, "frame": 65536, "following": 100, "page": 100, "typing_ms": 3000},
                "current": None,
                "following": [],
            },
        }


class TestCommands:
    def test_a_post_without_a_conversation_is_for_the_current_one(self, visitor):
        asked = says(visitor, "post", key="key-0001", text="Hello")

        assert asked == Perform(None, c.Post(key="key-0001", text="Hello"))

    def test_unknown_fields_are_ignored(self, agent):
        assert says(agent, "claim", conversation="c1", mood="good") == Perform("c1", c.Claim())

    @pytest.mark.parametrize(
        ("do", "fields"),
        [
            ("post", {"text": "no key"}),
            ("post", {"key": "key-0001"}),
            ("post", {"key": "key-0001", "text": 7}),
            ("post", {"key": "no spaces", "text": "Hello"}),
            ("post", {"key": "key-0001", "text": "Hello", "conversation": 7}),
            ("post", {"key": "key-0001", "text": "Hello", "conversation": ""}),
            ("rate", {"conversation": "c1", "score": 6}),
            ("follow", {}),
            ("follow", {"conversation": "c1", "seq": -1}),
            ("follow", {"conversation": "c1", "seq": "4"}),
            ("history", {"conversation": "c1", "limit": 101}),
            ("read", {"conversation": "c1"}),
            (7, {}),
            ({}, {}),
        ],
    )
    def test_wrong_fields_are_a_bad_request(self, visitor, do, fields):
        with pytest.raises(BadRequest):
            says(visitor, do, **fields)

    @pytest.mark.parametrize("do", ["shout", "", "Post", "__class__"])
    def test_an_unknown_command_is_called_that(self, visitor, do):
        with pytest.raises(UnknownCommand):
            says(visitor, do)

    @pytest.mark.parametrize("do", sorted(do for do, kind in c.COMMANDS.items() if kind.who == ("agent",)))
    def test_the_teams_commands_are_forbidden_to_a_visitor_whatever_their_fields(self, visitor, do):
        with pytest.raises(Forbidden):
            says(visitor, do)

    @pytest.mark.parametrize("do", ["follow_inbox", "unfollow_inbox"])
    def test_the_inbox_is_forbidden_to_a_visitor(self, visitor, do):
        with pytest.raises(Forbidden):
            says(visitor, do)

    @pytest.mark.parametrize("do", ["request_human", "withdraw_request", "leave_contact", "rate"])
    def test_the_visitors_commands_are_forbidden_to_an_agent(self, agent, do):
        with pytest.raises(Forbidden):
            says(agent, do)

    def test_a_refusal_shows_how_things_are_instead_in_the_readers_numbers(self, visitor, agent):
        fold = held().fold
        refusal = AlreadyClaimed("Ana is in charge.", fold=fold)

        for session, since in ((agent, fold.since), (visitor, fold.public_since)):
            assert json.loads(session.refuse(3, refusal).text) == {
                "id": 3,
                "error": {
                    "code": "already_claimed",
                    "message": "Ana is in charge.",
                    "retry_ms": None,
                    "state": {
                        "control": "human",
                        "agent": {"id": "a1", "name": "Ana"},
                        "since": since,
                        "open_answer": None,
                    },
                },
            }

    def test_every_refusal_has_a_code_that_the_wire_knows(self):
        known = set(w.ErrorCode.__args__)

        assert {kind.code for kind in [Refusal, *Refusal.__subclasses__()]} <= known


class TestTyping:
    def test_is_passed_on_every_three_seconds(self, visitor):
        visitor.attach("c1")

        passed = [says(visitor, "typing", now=now, conversation="c1") is not None for now in (0.0, 1.0, 2.9, 3.0, 4.0)]

        assert passed == [True, False, False, True, False]

    def test_is_only_for_what_is_followed(self, visitor):
        with pytest.raises(NotFound):
            says(visitor, "typing", conversation="c1")


class TestFollowing:
    def test_live_events_follow_what_was_read(self, visitor):
        visitor.attach("c1")
        events = [live_event("c1", {"seq": seq, "kind": "message_posted"}) for seq in (3, 4)]

        assert visitor.following["c1"].events(events) == []
        assert [json.loads(frame.text)["event"]["seq"] for frame in visitor.attached(followed(top=3))] == [4]

    def test_a_conversation_that_cannot_be_read_is_not_followed(self, visitor):
        visitor.attach("c1")
        visitor.not_attached("c1", gone=True)

        assert visitor.following == {}

    def test_one_that_was_followed_before_still_is_when_reading_it_anew_fails(self, visitor):
        visitor.attach("c1")
        visitor.attached(followed(top=3))
        visitor.attach("c1")
        visitor.not_attached("c1", gone=False)

        assert visitor.is_live("c1")

    def test_a_draft_of_another_answer_than_the_open_one_does_not_count_as_shown(self, visitor):
        visitor.attach("c1")
        state = {"control": "ai", "agent": None, "since": 0, "open_answer": "new"}
        visitor.attached(followed(state=state, draft={"answer": "old", "text": "Hello"}))
        draft = Draft("new")
        draft.add(0, "Hi")

        assert visitor.words("c1", draft) == (0, False)

    def test_a_hundred_conversations_at_most(self, agent):
        for number in range(100):
            agent.attach(f"c{number}")

        agent.attach("c7")
        with pytest.raises(LimitReached):
            agent.attach("one more")
