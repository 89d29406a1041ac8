"""How much is too much."""

import re
from pathlib import Path

import pytest

from havana.accounts import limits
from havana.accounts.limits import Limit, Limiter, Limits
from havana.accounts.passwords import MOST_WAITING
from havana.chat.errors import RateLimited


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_the_whole_amount_at_once_and_then_evenly_refilled() -> None:
    clock = Clock()
    limiter = Limiter(Limit(20, 10), clock)

    for _ in range(20):
        assert limiter.wait("ana") == 0
        limiter.count("ana")
    assert limiter.wait("ana") == pytest.approx(0.5)
    assert limiter.wait("ben") == 0

    clock.now += 0.5
    assert limiter.wait("ana") == 0


def test_five_posts_in_every_second_of_a_minute_are_never_refused() -> None:
    clock = Clock()
    guard = Limits(clock=clock)

    for _ in range(60):
        for _ in range(5):
            guard.check_post("ana")
        clock.now += 1


def test_a_flood_is_refused_with_the_time_to_wait() -> None:
    guard = Limits(clock=Clock())
    for _ in range(60):
        guard.check_post("ana")

    with pytest.raises(RateLimited) as refused:
        guard.check_post("ana")

    assert refused.value.retry_ms == pytest.approx(167, abs=1)
    guard.check_post("ben")


def test_whoever_has_written_too_much_can_still_ask_for_a_person() -> None:
    guard = Limits(clock=Clock())
    for _ in range(60):
        guard.check_post("ana")

    guard.check_command("ana")


def test_an_hour_of_steady_writing_meets_the_long_limit() -> None:
    clock = Clock()
    guard = Limits(clock=clock)

    for _ in range(719):
        clock.now += 1
        guard.check_post("ana")

    with pytest.raises(RateLimited) as refused:
        guard.check_post("ana")
    assert refused.value.retry_ms is not None
    assert 0 < refused.value.retry_ms <= 6_000


def test_a_hasty_reader_goes_back_thirty_thousand_events_at_once_and_then_slower() -> None:
    clock = Clock()
    guard = Limits(clock=clock)
    for _ in range(300):
        guard.check_read("ana")

    with pytest.raises(RateLimited) as refused:
        guard.check_read("ana")
    assert refused.value.retry_ms == pytest.approx(200, abs=1)
    guard.check_read("ben")
    guard.check_post("ana")
    clock.now += 0.2
    guard.check_read("ana")


def test_limits_can_be_lifted_for_load_tests_but_never_those_of_signing_in() -> None:
    guard = Limits(on=False, clock=Clock())
    for _ in range(1000):
        guard.check_post("ana")
        guard.check_read("ana")
        guard.check_new_visitor("10.0.0.1")

    for _ in range(10):
        guard.check_sign_in("10.0.0.1", "ana@example.com")
    with pytest.raises(RateLimited):
        guard.check_sign_in("10.0.0.1", "ana@example.com")


def test_signing_in_rightly_is_never_counted() -> None:
    guard = Limits(clock=Clock())
    for _ in range(100):
        guard.check_sign_in("10.0.0.1", "ana@example.com")
        guard.signed_in("10.0.0.1", "ana@example.com")


def test_who_signs_in_does_not_clear_the_guesses_of_their_neighbours() -> None:
    guard = Limits(clock=Clock())
    for number in range(49):
        guard.check_sign_in("10.0.0.1", f"a{number}@example.com")
    guard.check_sign_in("10.0.0.1", "ana@example.com")
    guard.signed_in("10.0.0.1", "ana@example.com")

    guard.check_sign_in("10.0.0.1", "ben@example.com")
    with pytest.raises(RateLimited):
        guard.check_sign_in("10.0.0.1", "eve@example.com")


def test_an_attempt_that_was_not_carried_out_counts_for_nobody() -> None:
    guard = Limits(clock=Clock())
    for _ in range(9):
        guard.check_sign_in("10.0.0.1", "ana@example.com")
    for _ in range(100):
        guard.check_sign_in("10.0.0.1", "ana@example.com")
        guard.sign_in_not_tried("10.0.0.1", "ana@example.com")

    guard.check_sign_in("10.0.0.1", "ana@example.com")
    with pytest.raises(RateLimited):
        guard.check_sign_in("10.0.0.1", "ana@example.com")


def test_trying_many_accounts_from_one_address_is_stopped() -> None:
    guard = Limits(clock=Clock())
    for number in range(50):
        guard.check_sign_in("10.0.0.1", f"a{number}@example.com")

    with pytest.raises(RateLimited):
        guard.check_sign_in("10.0.0.1", "ana@example.com")
    guard.check_sign_in("10.0.0.2", "ana@example.com")
    guard.check_link("10.0.0.1")


def test_a_good_link_is_never_counted() -> None:
    guard = Limits(clock=Clock())
    for _ in range(100):
        guard.check_link("10.0.0.1")
        guard.forgive_link("10.0.0.1")


def test_however_much_is_counted_a_period_later_all_is_forgotten() -> None:
    clock = Clock()
    limiter = Limiter(Limit(10, 600), clock)
    for _ in range(1000):
        limiter.count("ana")

    assert limiter.wait("ana") == pytest.approx(60)
    clock.now += 600
    for _ in range(10):
        assert limiter.wait("ana") == 0
        limiter.count("ana")


def test_keys_that_have_recovered_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_SWEEP_EVERY", 100)
    clock = Clock()
    limiter = Limiter(Limit(1, 10), clock)
    for number in range(99):
        limiter.count(str(number))

    clock.now += 11
    limiter.count("last")

    assert len(limiter._arrivals) == 1


def test_the_docs_name_the_limits() -> None:
    docs = (Path(__file__).parent.parent.parent / "docs" / "configuration.md").read_text()
    burst, hour = limits.POSTS

    assert f"messages of one visitor | {burst.amount} in {burst.seconds} seconds, {hour.amount} in an hour" in docs
    quick, slow = limits.COMMANDS
    assert f"{quick.amount} in {quick.seconds} seconds, {slow.amount} in an hour" in docs
    assert re.search(rf"reads of one visitor .* \| {limits.READS.amount} in a minute", docs)
    assert re.search(rf"new visitors .* \| {limits.NEW_VISITORS.amount} in a minute", docs)
    assert re.search(rf"for one e-mail address \| {limits.SIGN_IN_FAILURES_OF_EMAIL.amount} in 10 minutes", docs)
    assert re.search(rf"sign-ins from one address \| {limits.SIGN_IN_FAILURES_OF_ADDRESS.amount} in 10 minutes", docs)
    assert re.search(rf"links .* from one address \| {limits.LINK_FAILURES_OF_ADDRESS.amount} in 10 minutes", docs)
    assert f"more than {MOST_WAITING} sign-ins wait" in docs
