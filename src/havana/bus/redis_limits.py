"""What the nodes of an installation count against rate limits, added up in Redis.

Each node decides by its own number and tells Redis a moment later, for all keys of that moment in one call; the answer
corrects the number. While Redis is away each node is by itself. When it is back, it learns of every key that was
counted meanwhile how far that is by the node's own number, so that nothing is lost and nothing is added twice.
"""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import suppress

import msgspec
import structlog

from havana.bus.redis_connection import Address, Command, Pace, connected, for_ever

MOST_CHANGES = 10_000
"""Keys that wait; further ones are counted on this node only."""
AT_ONCE = 500
PERIODS = 2
"""So many a number may lie ahead, and a key may live. With one, two nodes that both let the last one through would
count only one of them; so what came too much is paid back, up to a whole amount."""

SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answers = {}
for i, key in ipairs(KEYS) do
  local at = (i - 1) * 4
  local arrival = now
  if ARGV[at + 1] == '0' then
    arrival = math.max(tonumber(redis.call('GET', key) or now) or now, now)
  end
  arrival = math.max(arrival, now + ARGV[at + 2]) + ARGV[at + 3]
  local ahead = math.min(math.max(arrival - now, 0), tonumber(ARGV[at + 4]))
  if ahead > 0 then
    redis.call('SET', key, string.format('%.0f', now + ahead), 'PX', math.ceil(ahead / 1000))
  else
    redis.call('DEL', key)
  end
  answers[i] = ahead
end
return answers
"""
"""Per key: whether to forget first, at least how far ahead, how much to add, how far ahead at most; in microseconds, by
Redis' clock. Answers how far ahead each is."""

log = structlog.get_logger()


class _Limit(msgspec.Struct, frozen=True):
    period: float
    ahead: Callable[[str], float]
    correct: Callable[[str, float], None]


class _Change(msgspec.Struct):
    """Since the last batch. `is_unsure`: of what was counted, nobody knows how much Redis knows."""

    seconds: float = 0.0
    forget: bool = False
    is_unsure: bool = False


_Place = tuple[str, str]
"""A limit's name and a key."""


class RedisLimits:
    """A `havana.accounts.limits.Together`. Before `start`, and after `close`, this node is by itself."""

    def __init__(self, url: str, *, installation: str, pace: Pace = Pace()) -> None:  # noqa: B008 - it is frozen
        self._address = Address(url)
        self._installation = installation
        self._pace = pace
        self._limits: dict[str, _Limit] = {}
        self._changes: dict[_Place, _Change] = {}
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._said_gone = False

    def join(
        self, limit: str, period: float, ahead: Callable[[str], float], correct: Callable[[str, float], None]
    ) -> None:
        self._limits[limit] = _Limit(period, ahead, correct)

    def add(self, limit: str, key: str, seconds: float) -> None:
        change = self._change(limit, key)
        if change is not None:
            change.seconds += seconds

    def forget(self, limit: str, key: str) -> None:
        change = self._change(limit, key)
        if change is not None:
            change.seconds, change.forget = 0.0, True

    async def start(self) -> None:
        self._task = asyncio.create_task(for_ever(self._serve, self._is_gone, self._pace), name="limits")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def _change(self, limit: str, key: str) -> _Change | None:
        change = self._changes.get((limit, key))
        if change is None and self._task is not None and len(self._changes) < MOST_CHANGES:
            change = self._changes[limit, key] = _Change()
            self._something.set()
        return change

    async def _serve(self) -> None:
        async with connected(self._address, self._pace.answer_s) as connection:
            [script] = await connection.ask([("SCRIPT", "LOAD", SCRIPT)])
            if self._said_gone:
                self._said_gone = False
                log.info("limits are counted together again", server=str(self._address))
            while True:
                await self._something.wait()
                await asyncio.sleep(self._pace.gather_s)
                batch = self._take()
                try:
                    [answers] = await connection.ask([self._call(script, batch)])
                except BaseException:
                    self._put_back(batch)
                    raise
                for place, ahead in zip(batch, answers, strict=True):
                    self._correct(place, ahead / 1e6)

    def _is_gone(self, reason: str) -> None:
        for change in self._changes.values():
            change.is_unsure = True
        if not self._said_gone:
            self._said_gone = True
            log.warning("limits are counted by each node alone", server=str(self._address), reason=reason)

    def _take(self) -> dict[_Place, _Change]:
        places = list(self._changes)[:AT_ONCE]
        batch = {place: self._changes.pop(place) for place in places}
        if not self._changes:
            self._something.clear()
        return batch

    def _put_back(self, batch: dict[_Place, _Change]) -> None:
        for place, change in batch.items():
            later = self._changes.setdefault(place, _Change())
            later.forget |= change.forget
            later.is_unsure = True
        self._something.set()

    def _call(self, script: bytes, batch: dict[_Place, _Change]) -> Command:
        keys: list[str] = []
        arguments: list[int] = []
        for (name, key), change in batch.items():
            limit = self._limits[name]
            least = limit.ahead(key) if change.is_unsure else 0.0
            added = 0.0 if change.is_unsure else change.seconds
            numbers = (least, added, PERIODS * limit.period)
            keys.append(self._key(name, key))
            arguments += [int(change.forget), *(round(seconds * 1e6) for seconds in numbers)]
        return ("EVALSHA", script, len(keys), *keys, *arguments)

    def _key(self, limit: str, key: str) -> str:
        # Addresses and e-mails of people shall not stand in dumps and in what MONITOR shows. Who tries all addresses
        # finds out, so the keys' short lives are what protects them in the end.
        hashed = hashlib.sha256(f"{self._installation}:{limit}:{key}".encode()).hexdigest()[:32]
        return f"{self._installation}:limit:{limit}:{hashed}"

    def _correct(self, place: _Place, ahead: float) -> None:
        """`ahead` is from before what was counted since."""
        limit, key = place
        since = self._changes.get(place, _Change())
        if not since.forget and not since.is_unsure:
            self._limits[limit].correct(key, ahead + since.seconds)
