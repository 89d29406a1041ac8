"""How much one visitor, or somebody trying passwords, may do. `docs/configuration.md` has the same table.

Each limit is a leaky bucket (GCRA: one number per key, the theoretical arrival time): `amount` at once, refilled
evenly over `seconds`. Not the `limits` library: its async memory walks over all keys at every hit. A restart
forgets, which errs on the visitor's side.

Several nodes count together (`Together`), each deciding at once by what it knows: what was done on another within the
last moment may come on top.
"""

import time
from collections.abc import Callable
from typing import Protocol

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
# Of an agent: each costs what an answer does, and nobody reads more.
SUGGESTIONS = Limit(30, 60)
# Failures only: signing in rightly is never counted against anybody.
SIGN_IN_FAILURES_OF_EMAIL = Limit(10, 600)
SIGN_IN_FAILURES_OF_ADDRESS = Limit(50, 600)
# Their own limit: a link is the way in when somebody nearby has guessed too many passwords.
LINK_FAILURES_OF_ADDRESS = Limit(50, 600)
# Each is a letter to somebody who may not have asked for it.
FORGOTTEN_OF_EMAIL = Limit(3, 3600)
FORGOTTEN_OF_ADDRESS = Limit(20, 3600)

_SWEEP_EVERY = 4096
# Sums of floats: the last of `amount` must not be refused for a nanosecond.
_ROUNDING = 1e-6


class Together(Protocol):
    """Adds up what several nodes count. Never waits and never fails; corrects a node's own number later, or never.

    A number says how many seconds a key's arrival time lies ahead; `limit` is the name of a limit.
    """

    def join(
        self, limit: str, period: float, ahead: Callable[[str], float], correct: Callable[[str, float], None]
    ) -> None:
        """Before the first key: `ahead` gives a node's own number of a key, `correct` sets it."""

    def add(self, limit: str, key: str, seconds: float) -> None:
        """So much was counted here; less than 0 takes back, 0 only asks."""

    def forget(self, limit: str, key: str) -> None: ...


class Alone:
    """For the only node."""

    def join(
        self, limit: str, period: float, ahead: Callable[[str], float], correct: Callable[[str, float], None]
    ) -> None: ...

    def add(self, limit: str, key: str, seconds: float) -> None: ...

    def forget(self, limit: str, key: str) -> None: ...


class Limiter:
    """One limit for many keys. Constant time per call; recovered keys are forgotten now and then."""

    def __init__(
        self,
        limit: Limit,
        clock: Callable[[], float],
        name: str = "",
        together: Together = Alone(),  # noqa: B008 - it holds nothing
    ) -> None:
        self._period = limit.seconds
        self._interval = limit.seconds / limit.amount
        self._burst = limit.seconds - self._interval
        self._clock = clock
        self._arrivals: dict[str, float] = {}
        self._calls = 0
        # Two limits may have one subject: what somebody does in ten seconds and in an hour.
        self._name = f"{name}:{limit.seconds:g}"
        self._together = together
        together.join(self._name, self._period, self.ahead, self.correct)

    def wait(self, key: str) -> float:
        """Seconds until `key` may go on; 0 for now. Counts nothing."""
        now = self._clock()
        wait = self._arrivals.get(key, now) - now - self._burst
        if wait <= _ROUNDING:
            return 0.0
        # Another node may have taken something back, of which this one hears when it asks.
        self._together.add(self._name, key, 0)
        return wait

    def count(self, key: str) -> None:
        """Once more. However much is counted, all is forgotten one period later."""
        now = self._clock()
        arrival = max(self._arrivals.get(key, now), now) + self._interval
        self._arrivals[key] = min(arrival, now + self._period)
        self._together.add(self._name, key, self._interval)
        self._calls += 1
        if self._calls % _SWEEP_EVERY == 0:
            self._arrivals = {key: arrival for key, arrival in self._arrivals.items() if arrival > now}

    def take_back(self, key: str) -> None:
        """Once less."""
        self.correct(key, self.ahead(key) - self._interval)
        self._together.add(self._name, key, -self._interval)

    def forget(self, key: str) -> None:
        self._arrivals.pop(key, None)
        self._together.forget(self._name, key)

    def ahead(self, key: str) -> float:
        """Seconds until nothing is left of what was counted."""
        now = self._clock()
        return max(self._arrivals.get(key, now) - now, 0.0)

    def correct(self, key: str, ahead: float) -> None:
        if ahead > _ROUNDING:
            self._arrivals[key] = self._clock() + ahead
        else:
            self._arrivals.pop(key, None)


class Limits:
    """Asked before something is done; refuses with `rate` and the time to wait.

    `on=False` lifts the visitors' limits, never those of signing in.
    """

    def __init__(
        self,
        *,
        on: bool = True,
        clock: Callable[[], float] = time.monotonic,
        together: Together = Alone(),  # noqa: B008 - it holds nothing
    ) -> None:
        def limiter(name: str, limit: Limit) -> Limiter:
            return Limiter(limit, clock, name, together)

        self._on = on
        # How many is a site's to say, and few of them say it.
        self._answers: dict[int, Limiter] = {}
        self._new_limiter: Callable[[str, Limit], Limiter] = limiter
        self._posts = tuple(limiter("posts", limit) for limit in POSTS)
        self._commands = tuple(limiter("commands", limit) for limit in COMMANDS)
        self._reads = limiter("reads", READS)
        self._suggestions = limiter("suggestions", SUGGESTIONS)
        self._new_visitors = limiter("new_visitors", NEW_VISITORS)
        self._failures_of_email = limiter("failures_of_email", SIGN_IN_FAILURES_OF_EMAIL)
        self._failures_of_address = limiter("failures_of_address", SIGN_IN_FAILURES_OF_ADDRESS)
        self._failures_of_links = limiter("failures_of_links", LINK_FAILURES_OF_ADDRESS)
        self._forgotten_of_email = limiter("forgotten_of_email", FORGOTTEN_OF_EMAIL)
        self._forgotten_of_address = limiter("forgotten_of_address", FORGOTTEN_OF_ADDRESS)

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

    def waits_for_answer(self, visitor: str, per_hour: int) -> bool:
        """Whether the assistant has answered the visitor so often that it must not now."""
        return self._on and self._answers_of(per_hour).wait(visitor) > 0

    def count_answer(self, visitor: str, per_hour: int) -> None:
        if self._on:
            self._answers_of(per_hour).count(visitor)

    def _answers_of(self, per_hour: int) -> Limiter:
        if per_hour not in self._answers:
            self._answers[per_hour] = self._new_limiter(f"answers:{per_hour}", Limit(per_hour, 3600))
        return self._answers[per_hour]

    def check_new_visitor(self, address: str) -> None:
        if self._on:
            _pass(
                "Too many new conversations from your network. Try again in a minute.",
                address,
                self._new_visitors,
            )

    def check_suggestion(self, agent: str) -> None:
        """What an agent has the assistant write for them."""
        if self._on:
            _pass("That was a lot at once. Wait a moment, then ask again.", agent, self._suggestions)

    def check_link(self, address: str) -> None:
        """Ask before looking for a sign-in link. Counts as a failure until it is forgiven."""
        _pass("Too many attempts to sign in. Wait a few minutes, then try again.", address, self._failures_of_links)

    def forgive_link(self, address: str) -> None:
        """The link was good, or could not be looked for."""
        self._failures_of_links.take_back(address)

    def check_forgotten(self, address: str, email: str) -> None:
        """Who asks for a letter because they forgot their password, whether or not anybody has that e-mail."""
        wait = max(self._forgotten_of_email.wait(email), self._forgotten_of_address.wait(address))
        if wait:
            raise _refused("That was asked for several times. Look into your mail, or wait before you ask again.", wait)
        self._forgotten_of_email.count(email)
        self._forgotten_of_address.count(address)

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
