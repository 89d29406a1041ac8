"""A house whose log, tasks and connections are watched while somebody is hostile."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog
from tests.stories.house import PATIENCE_S, House, Person, a_house

from havana.live.socket import LiveEndpoint


@contextmanager
def nothing_goes_wrong() -> Iterator[None]:
    """Fails if the server, or a library under it, logs an error or any traceback."""
    wrong = _Errors()
    root = logging.getLogger()
    root.addHandler(wrong)
    try:
        with structlog.testing.capture_logs() as logged:
            yield
    finally:
        root.removeHandler(wrong)
    ours = [line for line in logged if line["log_level"] in ("error", "critical") or line.get("exc_info")]
    assert ours == []
    assert wrong.lines == []


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self.lines.append(self.format(record))


class Watched:
    """A house with a bystander, who writes to prove that the server still serves."""

    def __init__(self, house: House, bystander: Person) -> None:
        self.house = house
        self.bystander = bystander
        self._endpoint = the_endpoint()
        self._hub = self._endpoint._services.hub
        self.calm: dict[str, int] = {}
        """How much there is of everything while only the bystander is here."""

    async def serves(self) -> None:
        """The bystander is served as if nobody else were here."""
        said = await self.bystander.post("Hello")
        await self.bystander.sees_event("message_posted", seq=said["seq"])

    async def settles(self) -> None:
        """Everything is as it was before the hostile came. What never ends fails by the time limit."""
        await self.settles_but_for()

    async def settles_but_for(self, *left_out: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while any(n > self.calm[what] for what, n in self.counted().items() if what not in left_out):
                    await asyncio.sleep(0)
        except TimeoutError:
            left = {what: (count, self.calm[what]) for what, count in self.counted().items()}
            raise AssertionError(f"left behind (now, before): {left}\n{asyncio.all_tasks()}") from None

    async def is_calm(self) -> None:
        """Everybody has left but the bystander: what there is now is how it should be after each of the hostile."""
        await self.settles_but_for("tasks")
        # What is only ending is gone within these; work that is meant to last stays.
        counts = [await self._counted_next() for _ in range(1000)]
        self.calm = {what: min(count[what] for count in counts) for what in self.calm}

    async def _counted_next(self) -> dict[str, int]:
        await asyncio.sleep(0)
        return self.counted()

    def counted(self) -> dict[str, int]:
        hub = self._hub
        return {
            "tasks": len(asyncio.all_tasks()),
            "sockets": len(self._endpoint._sockets),
            "members": len(hub._members),
            "visitors": len(hub._visitors),
            "rooms": len(hub._rooms),
            "feeds": len(hub._feeds),
            "subscriptions": len(hub._subscriptions),
            "menders": len(hub._mending),
        }


@asynccontextmanager
async def a_watched_house(data: Path) -> AsyncIterator[Watched]:
    async with a_house(data) as house:
        watched = Watched(house, await house.visitor())
        await watched.serves()
        await watched.bystander.sees_event("answer_finished")
        watched.calm = watched.counted()
        yield watched


def the_endpoint() -> LiveEndpoint:
    """The one that serves somebody: the composition root gives nothing away."""
    (serving,) = (found for found in gc.get_objects() if type(found) is LiveEndpoint and found._sockets)
    return serving
