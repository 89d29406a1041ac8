"""What everybody may rely on, whichever bus it is."""

import pytest
from structlog.testing import capture_logs
from tests.bus.hearing import APPENDED, EVERY_KIND, TALK, Ear, word

from havana.bus import INBOX, Bus, Message, conversation_topic

Nodes = tuple[Bus, Bus]


def test_whoever_is_on_the_same_node_hears_at_once_and_in_order(nodes: Nodes) -> None:
    here, _ = nodes
    first, second = Ear(here), Ear(here)

    for number in range(10):
        here.publish(TALK, word(number))

    assert first.heard == second.heard == [word(number) for number in range(10)]


def test_nobody_hears_of_another_topic(nodes: Nodes) -> None:
    here, _ = nodes
    ear = Ear(here, conversation_topic("c2"))

    here.publish(TALK, word(0))

    assert ear.heard == []


def test_whoever_has_left_hears_nothing_even_when_they_leave_twice(nodes: Nodes) -> None:
    here, _ = nodes
    gone, stays = Ear(here), Ear(here)

    gone.leave()
    gone.leave()
    here.publish(TALK, word(0))

    assert (gone.heard, stays.heard) == ([], [word(0)])


def test_one_may_leave_while_being_told(nodes: Nodes) -> None:
    here, _ = nodes
    told: list[Message] = []

    def once(message: Message) -> None:
        told.append(message)
        leave()

    leave = here.subscribe(TALK, once)
    ear = Ear(here)
    here.publish(TALK, word(0))
    here.publish(TALK, word(1))

    assert told == [word(0)]
    assert ear.heard == [word(0), word(1)]


def test_who_fails_silences_nobody(nodes: Nodes) -> None:
    here, _ = nodes

    def fails(message: Message) -> None:
        raise RuntimeError("a bug")

    here.subscribe(TALK, fails)
    ear = Ear(here)
    with capture_logs() as logs:
        here.publish(TALK, word(0))

    assert ear.heard == [word(0)]
    assert [entry["event"] for entry in logs] == ["bus handler failed"]


async def test_another_node_hears_in_order_and_once(nodes: Nodes) -> None:
    here, there = nodes
    ear = Ear(there)

    for number in range(2000):
        here.publish(TALK, word(number))

    assert await ear.hears(2000) == [word(number) for number in range(2000)]


async def test_what_one_says_oneself_does_not_come_back(nodes: Nodes) -> None:
    here, there = nodes
    own, ear = Ear(here), Ear(there)
    here.publish(TALK, word(0))
    await ear.hears(1)

    # By then the first would have come back, if it did.
    there.publish(TALK, word(1))

    assert await own.hears(2) == [word(0), word(1)]


@pytest.mark.parametrize("message", EVERY_KIND, ids=lambda message: type(message).__name__)
async def test_every_kind_of_message_arrives_as_it_was(nodes: Nodes, message: Message) -> None:
    here, there = nodes
    ear = Ear(there)

    here.publish(TALK, message)

    assert await ear.hears(1) == [message]


async def test_the_same_on_two_topics_is_heard_on_both(nodes: Nodes) -> None:
    here, there = nodes
    talk, inbox, other = Ear(there), Ear(there, INBOX), Ear(there, conversation_topic("c2"))

    here.publish(TALK, APPENDED)
    here.publish(INBOX, APPENDED)
    here.publish(INBOX, word(1))

    assert await inbox.hears(2) == [APPENDED, word(1)]
    assert await talk.hears(1) == [APPENDED]
    assert other.heard == []


async def test_who_fails_on_another_node_silences_nobody(nodes: Nodes) -> None:
    here, there = nodes

    def fails(message: Message) -> None:
        raise RuntimeError("a bug")

    there.subscribe(TALK, fails)
    ear = Ear(there)
    with capture_logs():
        here.publish(TALK, word(0))
        here.publish(TALK, word(1))

        assert await ear.hears(2) == [word(0), word(1)]


async def test_after_the_end_nobody_here_is_told(nodes: Nodes) -> None:
    here, _ = nodes
    ear = Ear(here)

    await here.close()
    here.publish(TALK, word(1))

    assert ear.heard == []
