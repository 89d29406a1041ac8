"""How much one visitor, or somebody trying passwords, may do. `docs/configuration.md` has the same table.

Each limit is a leaky bucket (GCRA: one number per key, the theoretical arrival time): `amount` at once, refilled
evenly over `seconds`. Not the `limits` library: its async memory walks over all keys at every hit. A restart
forgets, which errs on the visitor's side.
"""

import time
from collections.abc import Callable

import msgspec

from havana.chat.errors import RateLimited


class Limit(msgspec.Struct, frozen=True):
    """`amount` within `seconds`."""

    amount: int
    seconds: float


# A visitor who types fast, or a widget that empties its outbox after a tunnel, stays far below these.
POSTS = (Limit(60, 10), Limit(600, 3600))
# The buttons: their own limit, so that nobody has to wait for a person because of having written.
COMMANDS = (Limit(20, 10), Limit(200, 3600))
# A page reads once for each conversation when it connects, and once for every hundred events that are scrolled back.
READS = Limit(300, 60)
# Everybody behind one office address may open the page in the same minute.
NEW_VISITORS = Limit(60, 60)
# Failures only: signing in rightly is never counted against anybody.
SIGN_IN_FAILURES_OF_EMAIL = Limit(10, 600)
SIGN_IN_FAILURES_OF_ADDRESS = Limit(50, 600)
# Their own limit: a link is the way in when somebody nearby has guessed too many passwords.
LINK_FAILURES_OF_ADDRESS = Limit(50, 600)

_SWEEP_EVERY = 4096
# Sums of floats: the last of `amount` must not be refused for a nanosecond.
_ROUNDING = 1e-6


class Limiter:
    """One limit for many keys. Constant time per call; recovered keys are forgotten now and then."""

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._period = limit.seconds
        self._interval = limit.seconds / limit.amount
        self._burst = limit.seconds - self._interval
        self._clock = clock
        self._arrivals: dict[str, float] = {}
        self._calls = 0

    def wait(self, key: str) -> float:
        """Seconds until `key` may go on; 0 for now. Counts nothing."""
        now = self._clock()
        wait = self._arrivals.get(key, now) - now - self._burst
        return wait if wait > _ROUNDING else 0.0

    def count(self, key: str) -> None:
        """Once more. However much is counted, all is forgotten one period later."""
        now = self._clock()
        arrival = max(self._arrivals.get(key, now), now) + self._interval
        self._arrivals[key] = min(arrival, now + self._period)
        self._calls += 1
        if self._calls % _SWEEP_EVERY == 0:
            self._arrivals = {key: arrival for key, arrival in self._arrivals.items() if arrival > now}

    def take_back(self, key: str) -> None:
        """Once less."""
        arrival = self._arrivals.get(key, 0.0) - self._interval
        if arrival > self._clock() + _ROUNDING:
            self._arrivals[key] = arrival
        else:
            self.forget(key)

    def forget(self, key: str) -> None:
        self._arrivals.pop(key, None)


class Limits:
    """Asked before something is done; refuses with `rate` and the time to wait.

    `on=False` lifts the visitors' limits, never those of signing in.
    """

    def __init__(self, *, on: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._on = on
        self._posts = tuple(Limiter(limit, clock) for limit in POSTS)
        self._commands = tuple(Limiter(limit, clock) for limit in COMMANDS)
        self._reads = Limiter(READS, clock)
        self._new_visitors = Limiter(NEW_VISITORS, clock)
        self._failures_of_email = Limiter(SIGN_IN_FAILURES_OF_EMAIL, clock)
        self._failures_of_address = Limiter(SIGN_IN_FAILURES_OF_ADDRESS, clock)
        self._failures_of_links = Limiter(LINK_FAILURES_OF_ADDRESS, clock)

    def check_post(self, visitor: str) -> None:
        """A visitor's messages. Five in a second are never refused."""
        if self._on:
            _pass("You are writing very fast. Wait a moment, then send it again.", visitor, *self._posts)

    def check_command(self, visitor: str) -> None:
        """Everything else that a visitor asks for."""
        if self._on:
            _pass("That was a lot at once. Wait a moment, then try again.", visitor, *self._commands)

    def check_read(self, visitor: str) -> None:
        """Conversations and pages of their history."""
        if self._on:
            _pass("That was a lot to read at once. Wait a moment, then go on.", visitor, self._reads)

    def check_new_visitor(self, address: str) -> None:
        if self._on:
            _pass(
                "Too many new conversations from your network. Try again in a minute.",
                address,
                self._new_visitors,
            )

    def check_link(self, address: str) -> None:
        """Ask before looking for a sign-in link. Counts as a failure until it is forgiven."""
        _pass("Too many attempts to sign in. Wait a few minutes, then try again.", address, self._failures_of_links)

    def forgive_link(self, address: str) -> None:
        """The link was good, or could not be looked for."""
        self._failures_of_links.take_back(address)

    def check_sign_in(self, address: str, email: str) -> None:
        """Ask before looking at the password.

        The attempt counts as a failure until `signed_in` says otherwise, so that many at the same time cannot
        slip through between the question and the answer.
        """
        wait = max(self._failures_of_email.wait(email), self._failures_of_address.wait(address))
        if wait:
            raise _refused(
                "Too many attempts to sign in. Wait a few minutes, or ask an admin for a sign-in link.", wait
            )
        self._failures_of_email.count(email)
        self._failures_of_address.count(address)

    def signed_in(self, address: str, email: str) -> None:
        """It was no failure, and clears those of the e-mail; others may be guessing at the same address."""
        self._failures_of_email.forget(email)
        self._failures_of_address.take_back(address)

    def sign_in_not_tried(self, address: str, email: str) -> None:
        """The password was not looked at after all."""
        self._failures_of_email.take_back(email)
        self._failures_of_address.take_back(address)


def _pass(message: str, key: str, *limiters: Limiter) -> None:
    """Counts against all limiters, or, if one is exhausted, against none."""
    wait = max(limiter.wait(key) for limiter in limiters)
    if wait:
        raise _refused(message, wait)
    for limiter in limiters:
        limiter.count(key)


def _refused(message: str, wait: float) -> RateLimited:
    return RateLimited(message, retry_ms=int(wait * 1000) + 1)
