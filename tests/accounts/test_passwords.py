"""Passwords."""

import asyncio

import pytest

from havana.accounts.passwords import MOST_WAITING, Passwords, WeakPassword, hash_password
from havana.chat.errors import Busy


async def test_only_the_right_password_matches_its_hash() -> None:
    stored = hash_password("correct horse")
    passwords = Passwords()

    assert stored.startswith("$argon2id$")
    assert await passwords.matches(stored, "correct horse")
    assert not await passwords.matches(stored, "correct horsE")


async def test_without_a_stored_hash_nothing_matches_not_even_the_decoy() -> None:
    passwords = Passwords()

    assert not await passwords.matches(None, "nobody has this password")
    assert not await passwords.matches("not a hash", "x")


async def test_a_few_wait_for_their_turn_and_the_others_are_refused() -> None:
    passwords = Passwords()
    checks = (passwords.matches(None, "x") for _ in range(30))

    outcomes = await asyncio.gather(*checks, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [bool] * (2 + MOST_WAITING) + [Busy] * (28 - MOST_WAITING)
    assert not await passwords.matches(None, "x")


@pytest.mark.parametrize("password", ["short", "x" * 1025])
def test_a_password_has_a_sensible_length(password: str) -> None:
    with pytest.raises(WeakPassword, match="8 to 1024 characters"):
        hash_password(password)
