"""Who is here, on whichever node."""

import datetime as dt

from tests.chat.story import NOON

from havana.duty import Duty, Said


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


def on_duty() -> tuple[Duty, Clock, list[str]]:
    clock, left = Clock(), list[str]()
    duty = Duty(clock)
    duty.on_leave = left.append
    return duty, clock, left


def test_somebody_with_two_consoles_leaves_with_the_last_wherever_it_was():
    duty, _, left = on_duty()
    duty.arrived("ana")
    duty.heard("other", Said(1, ("ana",)))
    duty.left("ana")
    assert (duty.is_on_duty("ana"), left) == (True, [])

    duty.heard("other", Said(2, ()))
    assert (duty.is_on_duty("ana"), duty.anybody(), left) == (False, False, ["ana"])


def test_what_a_node_said_before_does_not_undo_what_it_said_after():
    duty, _, left = on_duty()
    duty.heard("other", Said(2, ("ana",)))
    duty.heard("other", Said(1, ()))
    duty.others({"other": Said(2, ())})

    assert (duty.is_on_duty("ana"), left) == (True, [])


def test_a_node_that_is_gone_takes_its_agents_along():
    duty, _, left = on_duty()
    duty.others({"one": Said(1, ("ana", "ben")), "two": Said(1, ("ben",))})
    duty.others({"two": Said(2, ("ben",))})

    assert (duty.is_on_duty("ana"), duty.is_on_duty("ben"), left) == (False, True, ["ana"])


def test_absence_begins_when_the_last_console_was_seen_to_go():
    duty, clock, _ = on_duty()
    clock.now += dt.timedelta(minutes=5)
    assert duty.absent_for("ana") == dt.timedelta(minutes=5)  # never seen: since we began to look

    duty.heard("other", Said(1, ("ana",)))
    assert duty.absent_for("ana") == dt.timedelta()
    duty.others({})
    clock.now += dt.timedelta(seconds=30)
    assert duty.absent_for("ana") == dt.timedelta(seconds=30)


def test_others_are_told_when_somebody_comes_or_goes_and_not_of_every_console():
    duty, _, _ = on_duty()
    said = list[tuple[str, ...]]()
    duty.say = said.append
    for step in (duty.arrived, duty.arrived, duty.left, duty.left):
        step("ana")

    assert said == [("ana",), ()]


def test_who_is_away_is_here_and_not_on_duty_on_whichever_node():
    duty, clock, left = on_duty()
    duty.arrived("ana")
    duty.heard("other", Said(1, ("ben",)))
    duty.away(frozenset({"ana"}))
    assert (duty.is_here("ana"), duty.is_on_duty("ana"), duty.anybody()) == (True, False, True)

    duty.away(frozenset({"ana", "ben"}))
    assert (duty.is_here("ben"), duty.is_on_duty("ben"), duty.anybody()) == (True, False, False)
    clock.now += dt.timedelta(minutes=5)
    assert (duty.absent_for("ana"), left) == (dt.timedelta(), [])

    duty.away(frozenset())
    assert (duty.is_on_duty("ana"), duty.anybody()) == (True, True)


def test_whoever_comes_or_goes_is_told_once_wherever_it_was():
    duty, _, _ = on_duty()
    moved: list[str] = []
    duty.on_change = moved.append
    duty.arrived("ana")
    duty.arrived("ana")
    duty.heard("other", Said(1, ("ana", "ben")))
    came = list(moved)
    duty.left("ana")
    duty.left("ana")
    assert (came, moved) == (["ana", "ben"], ["ana", "ben"])

    duty.others({})
    assert sorted(moved[2:]) == ["ana", "ben"]
