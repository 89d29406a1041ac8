"""Who comes to the team and who leaves it, as admins say: stored with who said so, and told to every node."""

import datetime as dt
from collections.abc import Callable

import msgspec

from havana.accounts.sessions import new_password_link
from havana.bus import PEOPLE, AgentChanged, Bus, SessionsEnded
from havana.chat import changes
from havana.chat.assigning import CAPACITY
from havana.chat.changes import Change, Role
from havana.chat.errors import BadRequest, NotFound
from havana.chat.people import Agent
from havana.jobs import Worker
from havana.storage import audit, people
from havana.storage.database import Connection, Database
from havana.storage.people import LastAdmin, Person
from havana.storage.staff import EmailTaken


class Link(msgspec.Struct, frozen=True):
    """By which `person` chooses a password. The token is known nowhere else."""

    person: Person
    token: str


class People:
    """`mails`: whether who is invited gets their link by mail, too."""

    def __init__(
        self, database: Database, bus: Bus, worker: Worker, clock: Callable[[], dt.datetime], *, mails: bool = False
    ) -> None:
        self._database = database
        self._bus = bus
        self._worker = worker
        self._clock = clock
        self._mails = mails

    async def everybody(self) -> list[Person]:
        return await self._database.read(lambda conn: people.everybody(conn, self._clock()))

    async def invite(self, by: Agent, email: str, name: str, role: Role) -> Link:
        """Somebody new, who is on the team when they have followed the link."""

        def work(conn: Connection) -> Link:
            agent = people.invite(conn, email, name, role, self._clock())
            audit.record(conn, by, changes.AgentInvited(agent.id, name, role), self._clock())
            return self._link(conn, by, agent.id)

        try:
            link = await self._database.write(work)
        except EmailTaken:
            raise BadRequest("Somebody with this e-mail address is invited, on the team or deactivated.") from None
        self._worker.wake(is_due=True)
        return link

    async def link(self, by: Agent, agent: str) -> Link:
        """Another way in; earlier links are good for nothing. Who is invited gets their invitation anew."""

        def work(conn: Connection) -> Link:
            link = self._link(conn, by, agent)
            audit.record(conn, by, changes.LinkMade(agent, link.person.agent.name), self._clock())
            return link

        made = await self._database.write(work)
        self._worker.wake(is_due=True)
        return made

    async def forgot(self, email: str) -> None:
        """Writes to whoever on the team has this address, if anybody. `BadRequest` where no letters can be sent."""
        if not self._mails:
            raise BadRequest("This server sends no mail. Ask an admin for a link.")
        await self._database.write(lambda conn: people.mail_forgotten(conn, email, self._clock()))
        self._worker.wake(is_due=True)

    async def withdraw(self, by: Agent, agent: str) -> None:
        """Takes an invitation back that was not followed yet."""

        def work(conn: Connection) -> None:
            known = self._known(conn, agent).agent
            if not people.withdraw(conn, agent):
                raise BadRequest(f"{known.name} is not invited any more, but on the team.")
            audit.record(conn, by, changes.InvitationWithdrawn(agent, known.name), self._clock())

        await self._database.write(work)

    async def set_role(self, by: Agent, agent: str, role: Role) -> Person:
        """Counts at once, on connections that are open too."""
        return await self._change(
            by,
            agent,
            lambda conn: people.set_role(conn, agent, role),
            lambda name: changes.RoleChanged(agent, name, role),
        )

    async def set_capacity(self, by: Agent, agent: str, capacity: int | None) -> Person:
        """How many conversations at once are given to somebody; None: as many as to everybody."""
        return await self._change(
            by,
            agent,
            lambda conn: people.set_capacity(conn, agent, capacity),
            lambda name: changes.CapacityChanged(agent, name, CAPACITY if capacity is None else capacity),
        )

    async def deactivate(self, by: Agent, agent: str) -> Person:
        """Signed out everywhere at once; who waits for them waits for the others."""
        person = await self._change(
            by,
            agent,
            lambda conn: people.deactivate(conn, agent, self._clock()),
            lambda name: changes.AgentDeactivated(agent, name),
        )
        # The job says it as well, but for that it has to be taken up first.
        self._bus.publish(PEOPLE, SessionsEnded(agent=agent))
        self._worker.wake(is_due=True)
        return person

    async def reactivate(self, by: Agent, agent: str) -> Person:
        return await self._change(
            by, agent, lambda conn: people.reactivate(conn, agent), lambda name: changes.AgentReactivated(agent, name)
        )

    async def _change(
        self, by: Agent, agent: str, do: Callable[[Connection], bool], told: Callable[[str], Change]
    ) -> Person:
        """What changes nothing is not told of again."""

        def work(conn: Connection) -> tuple[Person, bool]:
            name = self._known(conn, agent).agent.name
            if changed := do(conn):
                audit.record(conn, by, told(name), self._clock())
            return self._known(conn, agent), changed

        try:
            person, changed = await self._database.write(work)
        except LastAdmin:
            raise BadRequest("This is the last admin. Make somebody else an admin first.") from None
        if changed:
            who = person.agent
            self._bus.publish(PEOPLE, AgentChanged(who.id, who.name, person.away, admin=who.admin))
        return person

    def _link(self, conn: Connection, by: Agent, agent: str) -> Link:
        person = self._known(conn, agent)
        token = new_password_link(conn, agent, self._clock(), invited=person.state == "invited")
        if token is None:
            raise BadRequest(f"{person.agent.name} is deactivated. Reactivate them first.")
        if self._mails and person.state == "invited":
            people.mail_invitation(conn, person.agent, by.name, self._clock())
        return Link(self._known(conn, agent), token)

    def _known(self, conn: Connection, agent: str) -> Person:
        found = people.find(conn, agent, self._clock())
        if found is None:
            raise NotFound("There is no such person.")
        return found
