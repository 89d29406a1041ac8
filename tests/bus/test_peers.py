"""Whether something that other nodes said did not arrive."""

import msgspec

from havana.bus.envelope import Envelope
from havana.bus.peers import FORGOTTEN_S, SILENT_S, Peers

NOTHING = msgspec.Raw(b"\xc0")


def says(number: int, node: str = "n1") -> Envelope:
    return Envelope(node, number, ("topic",), NOTHING)


def lives(number: int, node: str = "n1", *, leaves: bool = False) -> Envelope:
    return Envelope(node, number, (), NOTHING, leaves)


def test_one_after_the_other_is_all_of_it() -> None:
    peers = Peers()

    assert [peers.hear(heard, 0) for heard in (lives(7), says(8), lives(8), says(9), lives(3, "n2"))] == [True] * 5


def test_a_number_that_was_left_out_is_missed_once() -> None:
    peers = Peers()

    assert [peers.hear(heard, 0) for heard in (says(1), says(3), says(4), lives(5), lives(5))] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_who_has_started_again_counts_anew() -> None:
    peers = Peers()
    peers.hear(says(100), 0)

    assert [peers.hear(heard, 0) for heard in (lives(0), says(1))] == [True, True]


def test_who_is_silent_is_missed_until_they_speak_or_are_forgotten() -> None:
    peers = Peers()
    peers.hear(lives(0), 0)

    assert not peers.is_one_silent(SILENT_S)
    assert peers.is_one_silent(SILENT_S + 1)
    peers.hear(lives(0), SILENT_S + 1)
    assert not peers.is_one_silent(SILENT_S + 2)
    assert peers.is_one_silent(FORGOTTEN_S + SILENT_S + 2)
    assert not peers.is_one_silent(FORGOTTEN_S + SILENT_S + 2)


def test_who_leaves_is_not_missed() -> None:
    peers = Peers()
    peers.hear(lives(0), 0)
    peers.hear(lives(0, leaves=True), 1)

    assert not peers.is_one_silent(SILENT_S + 2)
