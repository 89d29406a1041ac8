"""What is tried until the database takes it."""

import pytest

from havana.chat.errors import Busy, NotFound
from havana.storage.trouble import patiently


async def test_what_must_not_be_lost_is_tried_as_long_as_the_database_is_busy():
    """One millisecond each time, as the refusal says."""
    refusals = [Busy("full", retry_ms=1), Busy("full", retry_ms=1)]

    async def attempt() -> str:
        if refusals:
            raise refusals.pop()
        return "stored"

    assert await patiently(attempt) == "stored"


async def test_every_other_refusal_is_an_answer():
    tries = 0

    async def attempt() -> None:
        nonlocal tries
        tries += 1
        raise NotFound("There is no such conversation.")

    with pytest.raises(NotFound):
        await patiently(attempt)
    assert tries == 1
