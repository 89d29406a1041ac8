"""To whom a conversation is given by itself, and what becomes of it."""

import datetime as dt

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from havana.chat import events as e
from havana.chat.assigning import Candidate, choose, have_had
from havana.chat.consequences import EVERYBODY, Wanted, consequences
from havana.chat.people import TeamName
from havana.chat.views import summary_of

from .story import ANA, BEN, NOON, SITE, VISITOR, Story, begun, held, pending

SALES = TeamName("t1", "Sales")
TO_BEN = e.Assignment("least_busy", 180, SALES)
HOW = st.sampled_from(["round_robin", "least_busy"])
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.sampled_from("abcdef"),
        name=st.just("Somebody"),
        held=st.integers(0, 6),
        assigned_at=st.none() | st.integers(0, 5).map(lambda minutes: NOON + dt.timedelta(minutes=minutes)),
        capacity=st.integers(0, 5),
    ),
    unique_by=lambda one: one.id,
)
HAD = st.frozensets(st.sampled_from("abcdef"))


@given(HOW, CANDIDATES, HAD)
def test_somebody_is_chosen_exactly_if_somebody_is_free_and_only_who_is(how, candidates, had):
    free = [one for one in candidates if one.held < one.capacity and one.id not in had]
    chosen = choose(how, candidates, had)

    assert (chosen is None) == (not free)
    assert chosen is None or chosen in free


@given(HOW, CANDIDATES, HAD, st.randoms())
def test_the_order_in_which_they_are_told_says_nothing(how, candidates, had, random):
    shuffled = list(candidates)
    random.shuffle(shuffled)

    assert choose(how, shuffled, had) == choose(how, candidates, had)


@given(CANDIDATES, HAD)
def test_the_least_busy_holds_as_few_as_anybody_who_is_free(candidates, had):
    chosen = choose("least_busy", candidates, had)

    assert chosen is None or all(
        chosen.held <= one.held for one in candidates if one.held < one.capacity and one.id not in had
    )


@given(st.integers(1, 5), st.integers(1, 20))
def test_in_turn_everybody_gets_as_many_as_the_others(people, conversations):
    team = {str(number): Candidate(str(number), "Somebody", 0, capacity=100) for number in range(people)}
    for number in range(conversations):
        chosen = choose("round_robin", team.values(), ())
        assert chosen
        at = NOON + dt.timedelta(seconds=number)
        team[chosen.id] = Candidate(chosen.id, chosen.name, chosen.held + 1, at, 100)

    counts = [one.held for one in team.values()]
    assert max(counts) - min(counts) <= 1


def given_to_ben() -> Story:
    story = pending()
    story.does(lambda c: c.route(ANA, SALES, on_duty=True))
    story.does(lambda c: c.assign(BEN, TO_BEN, story.fold.since))
    return story


def test_it_is_a_claim_by_nobody_which_says_why_and_the_visitor_reads_who_will_answer():
    story = pending()
    since = story.fold.since

    assert story.does(lambda c: c.assign(BEN, TO_BEN, since)) == ["claimed", "words"]
    assert story.events[-2].fact == e.Claimed(BEN.person, TO_BEN)
    assert story.events[-2].author == SITE.system_author
    assert story.last == e.MessagePosted(SITE.words.assigned.replace("{agent}", "Ben"))
    assert (story.fold.control, story.fold.agent) == ("human", BEN.person)


def test_it_is_given_once_and_not_if_anything_has_happened():
    story = pending()
    since = story.fold.since
    story.does(lambda c: c.assign(BEN, TO_BEN, since))

    assert story.asks(lambda c: c.assign(ANA, TO_BEN, since)) == []
    assert pending().asks(lambda c: c.assign(ANA, TO_BEN, since + 1)) == []
    assert begun().asks(lambda c: c.assign(ANA, TO_BEN, 0)) == []


def test_who_does_not_answer_in_time_loses_it_to_the_queue_of_the_same_team():
    story = given_to_ben()
    since = story.fold.since

    assert story.does(lambda c: c.take_back(since, SALES, on_duty=True)) == ["returned_to_queue", "words", "routed"]
    assert story.events[-3].fact == e.ReturnedToQueue("not_answered")
    assert (story.fold.control, story.fold.team) == ("pending", SALES)
    assert have_had(story.events) == {BEN.id}
    assert story.asks(lambda c: c.take_back(since, SALES, on_duty=True)) == []


def test_who_has_answered_keeps_it():
    story = given_to_ben()
    since = story.fold.since
    story.does(lambda c: c.reply(BEN, "Hello", "key-0007"))

    assert story.asks(lambda c: c.take_back(since, SALES, on_duty=True)) == []


def test_the_team_is_told_how_long_they_have_until_they_have_answered():
    story = given_to_ben()
    until = summary_of(story.fold, public=False, unread=0)["answer_until"]
    story.does(lambda c: c.note(BEN, "I must look"))
    noted = story.fold.answer_until
    story.does(lambda c: c.reply(BEN, "Hello", "key-0007"))

    assert until == story.events[-4].at + dt.timedelta(seconds=180)
    assert noted == until
    assert story.fold.answer_until is None
    assert "answer_until" not in summary_of(given_to_ben().fold, public=True, unread=0)


def test_whoever_has_had_it_is_known_until_the_visitor_asks_anew():
    story = held()
    story.does(lambda c: c.return_to_queue(ANA, on_duty=True))
    before = have_had(story.events)
    story.does(lambda c: c.withdraw_request(VISITOR))
    story.does(lambda c: c.request_human(VISITOR, on_duty=True))

    assert before == {ANA.id}
    assert have_had(story.events) == frozenset()


def caused(story: Story, request) -> list[Wanted]:
    before = len(story.events)
    story.does(request)
    return consequences(story.events[before:], story.fold, story.site)


def test_who_waits_for_a_team_is_given_to_somebody_by_a_job_of_the_same_commit():
    story = pending()

    assert caused(story, lambda c: c.route(ANA, SALES, on_duty=True)) == [Wanted("assign", subject=EVERYBODY)]
    wanted = caused(story, lambda c: c.assign(BEN, TO_BEN, story.fold.since))
    assert Wanted("assigned", 180, story.fold.since) in wanted


def test_who_waits_for_nobody_in_particular_is_given_to_somebody_where_the_site_says_so():
    story = begun()
    plain = caused(begun(), lambda c: c.request_human(VISITOR, on_duty=True))
    story.site = msgspec.structs.replace(SITE, assign="round_robin")

    assert "assign" not in [job.kind for job in plain]
    assert Wanted("assign", subject=EVERYBODY) in caused(story, lambda c: c.request_human(VISITOR, on_duty=True))
