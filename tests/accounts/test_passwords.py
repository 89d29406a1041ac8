"""Passwords."""

import pytest

from havana.accounts.passwords import Passwords, WeakPassword, hash_password


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


@pytest.mark.parametrize("password", ["short", "x" * 1025])
def test_a_password_has_a_sensible_length(password: str) -> None:
    with pytest.raises(WeakPassword, match="8 to 1024 characters"):
        hash_password(password)
