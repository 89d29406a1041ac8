"""What a visitor may see of a conversation, and what they may not."""

import msgspec
import pytest

from havana.chat import events as e
from havana.chat import views
from havana.chat.people import Author, Person, TeamName

from .story import ANA, NOON, VISITOR, answering, begun, held, pending

SECRET = "words-for-the-staff-only"
STAFF_ONLY = [
    e.HandoverNoted("frustrated", SECRET),
    e.Summarised(1, SECRET, SECRET, SECRET, SECRET, "calm", "en", "model"),
    e.NotePosted(SECRET),
    e.Labelled((SECRET,)),
    e.Routed(TeamName("t1", SECRET)),
    e.ToolRequested("call-1", "answer-1", SECRET, {SECRET: SECRET}, NOON),
    e.ToolAllowed("call-1", SECRET),
    e.ToolRefused("call-1", SECRET, "refused"),
    e.ToolStarted("call-1", SECRET, NOON),
    e.ToolFinished("call-1", SECRET, "done", SECRET),
    e.Redacted("e1", public=False),
]
STAFF_ONLY_FIELDS = [e.ReturnedToQueue("agent_gone"), e.Closed("blocked")]


def placed(fact, author=ANA.author, key=None):
    return e.Event(7, 5 if views.is_public(fact) else None, "e7", NOON, author, key, fact)


@pytest.mark.parametrize("fact", STAFF_ONLY, ids=lambda fact: fact.kind)
def test_a_staff_only_fact_is_nothing_to_a_visitor(fact):
    assert not views.is_public(fact)
    assert views.for_visitor(placed(fact)) is None


@pytest.mark.parametrize("fact", STAFF_ONLY_FIELDS, ids=lambda fact: fact.kind)
def test_a_reason_for_the_staff_is_left_out(fact):
    seen = views.for_visitor(placed(fact))

    assert "reason" not in seen
    assert views.for_agent(placed(fact))["reason"] == fact.reason


def test_every_public_fact_names_its_fields_and_every_field_exists():
    for fact, fields in views.VISITOR_FIELDS.items():
        names = {field.encode_name for field in msgspec.structs.fields(fact)}
        assert set(fields) <= names, fact


def test_a_visitor_reads_their_own_numbering():
    seen = views.for_visitor(placed(e.MessagePosted("Hello")))

    assert seen == {
        "seq": 5,
        "id": "e7",
        "at": NOON,
        "author": {"role": "agent", "id": "a1", "name": "Ana"},
        "kind": "message_posted",
        "text": "Hello",
        "offers": (),
    }


def test_keys_go_back_to_their_sender_only():
    agents = placed(e.MessagePosted("Hello"), key="key-agent")
    visitors = placed(e.MessagePosted("Hello"), author=VISITOR.author, key="key-visitor")

    assert "key" not in views.for_visitor(agents)
    assert views.for_visitor(visitors)["key"] == "key-visitor"
    assert views.for_agent(agents)["key"] == "key-agent"


def test_public_numbers_have_no_gaps_over_staff_only_facts():
    story = answering(shown="Let me")
    story.does(lambda c: c.escalate("answer-1", text="Let me ask.", reason="asked", summary=SECRET, on_duty=True))
    story.does(lambda c: c.note(ANA, SECRET))
    story.does(lambda c: c.claim(ANA))

    seen = [seen for event in story.events if (seen := views.for_visitor(event))]
    assert [event["seq"] for event in seen] == list(range(1, len(seen) + 1))
    assert SECRET not in str(seen)
    assert story.fold.public_seq == len(seen)


def test_a_redaction_inherits_its_targets_audience():
    story = begun()
    story.does(lambda c: c.note(ANA, SECRET))
    note = story.events[-1]
    first = story.events[0]

    story.does(lambda c: c.redact(ANA, note))
    assert story.events[-1].public_seq is None
    story.does(lambda c: c.redact(ANA, first))
    assert story.events[-1].public_seq == 2


def test_the_state_of_a_visitor_counts_in_public_numbers():
    story = begun()
    story.does(lambda c: c.note(ANA, SECRET))
    story.does(lambda c: c.claim(ANA))

    assert views.state_of(story.fold, public=True) == {
        "control": "human",
        "agent": {"id": "a1", "name": "Ana"},
        "since": 2,
        "open_answer": None,
    }
    assert views.state_of(story.fold, public=False)["since"] == 3


def test_a_summary_has_the_labels_for_the_staff_alone():
    story = begun()
    story.does(lambda c: c.label(ANA, ("refund", SECRET)))

    assert views.summary_of(story.fold, public=False, unread=0)["labels"] == ("refund", SECRET)
    assert "labels" not in views.summary_of(story.fold, public=True, unread=0)


def test_a_summary_has_the_team_that_it_waits_for_for_the_staff_alone():
    story = pending()
    story.does(lambda c: c.route(ANA, TeamName("t1", SECRET), on_duty=True))
    left_there = msgspec.structs.replace(story.fold, control="human", agent=ANA.person)

    assert views.summary_of(story.fold, public=False, unread=0)["team"] == {"id": "t1", "name": SECRET}
    assert "team" not in views.summary_of(story.fold, public=True, unread=0)
    # By a node of the release before, which knows no teams.
    assert views.summary_of(left_there, public=False, unread=0)["team"] is None


def test_a_summary_names_its_site_to_the_staff_alone():
    fold = begun().fold

    assert views.summary_of(fold, public=False, unread=0)["site"] == fold.site
    assert "site" not in views.summary_of(fold, public=True, unread=0)


def test_notes_never_become_the_preview():
    story = held()
    story.does(lambda c: c.note(ANA, SECRET))

    assert story.fold.preview == "What does welding cost?"


def test_a_transfer_keeps_the_wires_field_names():
    fact = e.Transferred(Person("a1", "Ana"), Person("a2", "Ben"))

    seen = views.for_visitor(placed(fact, Author("agent", "a1", "Ana")))
    assert (seen["from"], seen["to"]) == ({"id": "a1", "name": "Ana"}, {"id": "a2", "name": "Ben"})
