"""The product keeps its promises whatever happens, and the machine that says so finds the bugs that break them."""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from .bugs import BUGS, Planted
from .machine import Machine, StormyMachine
from .promises import Broken

EXAMPLES = int(os.environ.get("HAVANA_TEST_EXAMPLES", "200"))
"""How many worlds are played; `make soak` asks for ten thousand."""
UNTIL_FOUND = 4000
"""Worlds. Most bugs show in the first dozen, the shyest in some hundreds, by the dice."""

plain = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    database=None,
    # The same examples every time up to here; a soak looks for new ones.
    derandomize=EXAMPLES <= 200,
    print_blob=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.slow
def test_every_promise_is_kept_whatever_happens():
    run_state_machine_as_test(Machine, settings=plain)


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_the_machine_finds(bug: Callable[[], Planted]):
    searching = settings(plain, max_examples=UNTIL_FOUND, derandomize=True, phases=[Phase.generate])

    with bug(), pytest.raises(Broken) as found:
        run_state_machine_as_test(StormyMachine, settings=searching)

    # Which of them breaks first is a matter of the dice too.
    assert found.value.promise in BUGS[bug]
