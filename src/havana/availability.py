"""Who of the team is away: stored, and known to every node. And that somebody comes or goes, told to the consoles."""

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import suppress

import structlog

from havana.bus import PEOPLE, AgentChanged, Bus, Message
from havana.chat.changes import SetAway, SetOnDuty
from havana.chat.errors import Busy, NotFound
from havana.chat.people import Agent
from havana.duty import Duty
from havana.storage import audit, profiles
from havana.storage.database import Connection, Database
from havana.storage.profiles import Profile
from havana.storage.trouble import patiently

log = structlog.get_logger()


class Availability:
    def __init__(self, database: Database, bus: Bus, duty: Duty, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._bus = bus
        self._duty = duty
        self._clock = clock
        self._looking: asyncio.Task[None] | None = None
        self._again = False
        self._telling: asyncio.Task[None] | None = None
        self._moved: set[str] = set()

    async def start(self) -> None:
        """Knows it as soon as it returns."""
        self._bus.subscribe(PEOPLE, self._hear)
        await patiently(self._look)

    async def stop(self) -> None:
        running = [task for task in (self._looking, self._telling) if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def set(self, agent: str, *, away: bool, by: Agent) -> Profile:
        """Says that an agent is away, or back; of somebody else the list of changes tells it. Raises `NotFound`."""

        def work(conn: Connection) -> None:
            known = profiles.profile(conn, agent)
            if known is None or known.away == away:
                return
            if away:
                profiles.set_away(conn, agent, self._clock())
            else:
                profiles.set_back(conn, agent)
            if by.id != agent:
                done = SetAway if away else SetOnDuty
                audit.record(conn, by, done(agent, known.agent.name), self._clock())

        return await self.change(agent, work)

    async def change(self, agent: str, work: Callable[[Connection], None]) -> Profile:
        """Changes something of an agent that others see, and tells them. Raises `NotFound`."""

        def both(conn: Connection) -> Profile | None:
            work(conn)
            return profiles.profile(conn, agent)

        changed = await self._database.write(both)
        if changed is None:
            raise NotFound("There is no such agent.")
        self._bus.publish(PEOPLE, AgentChanged(agent, changed.agent.name, changed.away))
        with suppress(Busy):  # it is stored, and looked for again
            await self._look()
        return changed

    def moved(self, agent: str) -> None:
        """Somebody has come or gone, as far as this node knows. Each tells its consoles, which ask it who is here."""
        self._moved.add(agent)
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        """Nothing but what is shown of them is wrong should it not be told: whoever needs to know asks the duty."""
        try:
            while self._moved:
                some, self._moved = self._moved, set()
                for agent in some:
                    known = await self._known(agent)
                    if known is not None:
                        self._bus.publish(PEOPLE, AgentChanged(known.agent.id, known.agent.name, known.away))
        except Busy:
            pass  # the database has said why
        except Exception:
            log.exception("could not tell who has come or gone")
        finally:
            self._telling = None

    async def _known(self, agent: str) -> Profile | None:
        return await self._database.read(lambda conn: profiles.profile(conn, agent))

    def look_soon(self) -> None:
        """Something may have been said of which nobody heard."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_until_told())
        else:
            self._again = True

    def _hear(self, message: Message) -> None:
        # It is read and not taken from the message: of two changes that cross each other the later one counts.
        if isinstance(message, AgentChanged):
            self.look_soon()

    async def _look_until_told(self) -> None:
        try:
            self._again = True
            while self._again:
                self._again = False
                await self._look()
        except Busy:
            pass  # the database has said why, and the next look comes
        except Exception:
            log.exception("could not look who is away")
        finally:
            self._looking = None

    async def _look(self) -> None:
        self._duty.away(await self._database.read(profiles.away))
