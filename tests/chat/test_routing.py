"""Which team a conversation waits for, and what becomes of that."""

import pytest

from havana.chat import events as e
from havana.chat.errors import AlreadyClaimed, ConversationClosed, Stale
from havana.chat.people import TeamName

from .story import ADA, ANA, BEN, SITE, VISITOR, begun, closed, held, pending

SALES, TOURS = TeamName("t1", "Sales"), TeamName("t2", "Tours")


def test_who_waits_is_directed_to_a_team_by_anybody_and_the_note_comes_first():
    story = pending()

    assert story.does(lambda c: c.route(BEN, SALES, "He pays by invoice", on_duty=True)) == ["note_posted", "routed"]
    assert story.last == e.Routed(SALES)
    assert (story.fold.control, story.fold.team) == ("pending", SALES)
    assert story.events[-1].author == BEN.author


def test_directing_it_where_it_is_changes_nothing():
    story = pending()
    story.does(lambda c: c.route(ANA, SALES, on_duty=True))

    assert story.does(lambda c: c.route(BEN, SALES, "again", on_duty=True)) == []
    assert story.does(lambda c: c.route(BEN, TOURS, on_duty=True)) == ["routed"]
    assert story.does(lambda c: c.route(BEN, None, on_duty=True)) == ["routed"]
    assert story.does(lambda c: c.route(BEN, None, on_duty=True)) == []
    assert story.fold.team is None


def test_what_somebody_holds_goes_back_to_the_queue_for_the_team_and_the_visitor_reads_why():
    story = held()
    since = story.fold.seq

    told = story.does(lambda c: c.route(ANA, SALES, "Look at the invoice", on_duty=True))
    assert told == ["note_posted", "returned_to_queue", "words", "routed"]
    assert story.events[since + 2].fact == e.MessagePosted(SITE.words.directed.replace("{agent}", "Ana"))
    assert (story.fold.control, story.fold.agent, story.fold.team) == ("pending", None, SALES)
    assert story.fold.waiting_since == story.events[-1].at


def test_where_nobody_is_on_duty_the_visitor_is_told_so():
    story = held()
    story.does(lambda c: c.route(ANA, SALES, on_duty=False))

    assert story.fact(e.MessagePosted) == e.MessagePosted(SITE.words.nobody, ("leave_contact", "withdraw_request"))


def test_to_everybody_is_the_queue():
    assert held().does(lambda c: c.route(ANA, None, "Mind the dog", on_duty=True)) == [
        "note_posted",
        "returned_to_queue",
        "words",
    ]


def test_only_the_holder_and_admins_direct_what_is_held():
    with pytest.raises(AlreadyClaimed, match="Ana is in charge"):
        held().does(lambda c: c.route(BEN, SALES, on_duty=True))
    assert held().does(lambda c: c.route(ADA, SALES, on_duty=True))[-1] == "routed"


def test_what_the_assistant_has_or_what_is_closed_waits_for_no_team():
    with pytest.raises(Stale):
        begun().does(lambda c: c.route(ANA, SALES, on_duty=True))
    with pytest.raises(ConversationClosed):
        closed().does(lambda c: c.route(ANA, SALES, on_duty=True))


@pytest.mark.parametrize(
    "leave",
    [
        lambda c: c.claim(BEN),
        lambda c: c.hand_back(BEN),
        lambda c: c.withdraw_request(VISITOR),
        lambda c: c.close(BEN.author),
    ],
    ids=["claimed", "handed back", "withdrawn", "closed"],
)
def test_whoever_waits_no_more_waits_for_no_team(leave):
    story = pending()
    story.does(lambda c: c.route(ANA, SALES, on_duty=True))
    story.does(leave)

    assert story.fold.team is None


def test_what_comes_back_to_the_queue_waits_for_everybody():
    story = pending()
    story.does(lambda c: c.route(ANA, SALES, on_duty=True))
    story.does(lambda c: c.claim(BEN))
    story.does(lambda c: c.return_to_queue(BEN, on_duty=True))

    assert (story.fold.control, story.fold.team) == ("pending", None)
