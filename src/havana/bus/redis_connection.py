"""One connection to Redis: commands go out, answers come in, and every waiting has an end.

The client library's own pool and its subscriptions try again by themselves, in silence. The bus must know of every
loss, so it takes the bare connection, and all that can go wrong with it is `Gone`.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import msgspec
import structlog
from redis.asyncio.connection import Connection, parse_url
from redis.exceptions import RedisError

Command = tuple[str | bytes | int, ...]
GOODBYE_S = 0.2

log = structlog.get_logger()


class Gone(Exception):
    """Redis cannot be reached, does not answer, or refuses; the message says which."""


class Pace(msgspec.Struct, frozen=True):
    """Times in seconds."""

    answer_s: float = 2
    """Whoever has not answered after this is gone: for connecting, and for each journey there and back."""
    ping_s: float = 1
    """A connection that is silent for so long is asked whether it lives."""
    shortest_pause_s: float = 0.1
    longest_pause_s: float = 2
    """Between two attempts to connect."""
    known_s: float = 5
    """So long after a loss the bus is not whole, so that whoever looks now and then gets to know of it."""
    flush_s: float = 1
    """At the end, for what still waits."""
    gather_s: float = 0.05
    """What the limits count within it goes out together."""


class Address:
    """Where Redis is. As text it is host and port only: addresses end up in logs, passwords must not."""

    def __init__(self, url: str) -> None:
        try:
            given: dict[str, Any] = dict(parse_url(url))
            self._kind = given.pop("connection_class", Connection)
            # Answers are taken as they come, and whatever waits does so by the clock of who asked.
            self._given = given | {"protocol": 2, "socket_timeout": None, "health_check_interval": 0}
            self._text = f"{given.get('host', 'localhost')}:{given.get('port', 6379)}"
            self.connection()
        except (RedisError, TypeError, ValueError):
            # Not from it: what cannot be read may hold a part of the password.
            raise ValueError("the address of Redis cannot be read") from None

    def __str__(self) -> str:
        return self._text

    def connection(self) -> Connection:
        connection: Connection = self._kind(**self._given)
        return connection


class RedisConnection:
    def __init__(self, connection: Connection, answer_s: float) -> None:
        self._connection = connection
        self._answer_s = answer_s

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """Their answers, for all of them in one journey. One refusal is a refusal of everything."""
        with plainly():
            async with asyncio.timeout(self._answer_s):
                await self._send(commands)
                return [await self._connection.read_response() for _ in commands]

    async def send(self, command: Command) -> None:
        """Its answer comes by `read`."""
        with plainly():
            async with asyncio.timeout(self._answer_s):
                await self._send([command])

    async def read(self) -> Any:
        """What comes next, whenever that is."""
        with plainly():
            return await self._connection.read_response()

    async def _send(self, commands: Sequence[Command]) -> None:
        # By itself it would connect anew, to a Redis that knows nothing of what was subscribed.
        if not self._connection.is_connected:
            raise Gone("the connection was lost")
        await self._connection.send_packed_command(self._connection.pack_commands(commands))


@asynccontextmanager
async def connected(address: Address, answer_s: float) -> AsyncIterator[RedisConnection]:
    connection = address.connection()
    try:
        with plainly():
            async with asyncio.timeout(answer_s):
                await connection.connect()  # type: ignore[no-untyped-call]
        yield RedisConnection(connection, answer_s)
    finally:
        # An encrypted one says good-bye, and waits for the answer, but not for long.
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await connection.disconnect()


@contextmanager
def plainly() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise Gone("no answer") from error
    except (RedisError, OSError) as error:
        raise Gone(str(error) or type(error).__name__) from error


async def for_ever(serve: Callable[[], Awaitable[None]], is_gone: Callable[[str], None], pace: Pace) -> None:
    """Serves again after every loss, of which `is_gone` hears the reason. Ends when `serve` returns.

    Between attempts are pauses, each twice as long as the one before, and never the same on two nodes.
    """
    pause_s = pace.shortest_pause_s
    while True:
        began = time.monotonic()
        try:
            await serve()
        except* Gone as gone:
            is_gone(str(gone.exceptions[0]))
        except* Exception:
            # Whatever it was, the next attempt may go better, and without this task the nodes would never meet again.
            log.exception("stumbled over what redis said")
            is_gone("an error on this side")
        else:
            return
        # Not for a connection that is lost as soon as it is made.
        if time.monotonic() - began > pace.longest_pause_s:
            pause_s = pace.shortest_pause_s
        await asyncio.sleep(random.uniform(pause_s / 2, pause_s))  # noqa: S311 - spreads load, guards nothing
        pause_s = min(2 * pause_s, pace.longest_pause_s)
