"""Passwords as argon2id hashes. A check takes tens of milliseconds and 64 MiB: on a thread, two at a time."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from havana.chat.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")

MIN_LENGTH = 8
MAX_LENGTH = 1024
MOST_WAITING = 20


class WeakPassword(Exception):
    """Why a password cannot be taken, as one sentence."""


def hash_password(password: str) -> str:
    """The argon2id hash of a new password, or `WeakPassword`. Blocks: for the command line."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters.")
    return PasswordHasher().hash(password)


class Passwords:
    """Checks passwords. At most two at once, so that a flood of sign-ins cannot take the memory.

    Few wait for their turn, so that nobody waits for long; the others are refused with `Busy`.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turn = asyncio.Semaphore(2)
        self._waiting = 0
        self._decoy: str | None = None

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one that was hashed.

        Without a stored hash (an unknown e-mail) a decoy is checked, so that the time taken tells nothing.
        """
        return await self._in_turn(self._matches, stored, password[: MAX_LENGTH + 1])

    async def hash(self, password: str) -> str:
        """As `hash_password`, without blocking."""
        return await self._in_turn(hash_password, password)

    async def _in_turn(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        if self._waiting >= MOST_WAITING:
            raise Busy("Too many people are signing in right now. Try again in a moment.", retry_ms=2000)
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            return await asyncio.to_thread(work, *arguments, **named)
        finally:
            self._turn.release()

    def _matches(self, stored: str | None, password: str) -> bool:
        if self._decoy is None:
            self._decoy = self._hasher.hash("nobody has this password")
        try:
            self._hasher.verify(stored or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None
