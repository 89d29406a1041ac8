"""Sends the letters that wait (`storage/mails.py`), as jobs: again and again for a day, each after another while.

A letter is made when it is sent. So links in it are made then as well, and their tokens stand in no table; and what has
become untrue meanwhile is not sent at all.
"""

import asyncio
import datetime as dt
from collections.abc import Callable

import msgspec
import structlog

from havana.accounts.sessions import CHOOSE_PASSWORD, FORGOTTEN_LIFE, INVITATION_LIFE, digest, mailed_link
from havana.chat.people import Agent
from havana.jobs import Worker
from havana.mail import letters
from havana.mail.message import Letter, NotSent, Send, message
from havana.storage import history, mails, people, staff
from havana.storage.database import Connection, Database
from havana.storage.jobs import Job
from havana.storage.mails import Mail
from havana.storage.trouble import patiently
from havana.unseen import WAITING, Cause

TRIED_FOR = dt.timedelta(days=1)
SENT_WITHIN_S = 60
"""Shorter than `mails.HELD`, for after that another server may begin."""
ARRIVES_WITHIN_S = 5
"""What is on its way when the server stops is let arrive for so long."""

log = structlog.get_logger()


class Outgoing(msgspec.Struct, frozen=True):
    """`sender` is whom letters are from, `base` where their links lead to, without a slash."""

    sender: str
    base: str
    send: Send


class Prepared(msgspec.Struct, frozen=True):
    """`link` is the token of a link that was made for it."""

    letter: Letter
    link: str | None = None


class Post:
    """Of a server that has a mail server; others leave the letters to it."""

    def __init__(
        self, database: Database, worker: Worker, clock: Callable[[], dt.datetime], outgoing: Outgoing
    ) -> None:
        self._database = database
        self._worker = worker
        self._clock = clock
        self._outgoing = outgoing
        self._kinds: dict[str, Callable[[Connection, Mail], Prepared | None]] = {
            people.INVITATION: self._invitation,
            people.FORGOTTEN: self._forgotten,
            WAITING: self._waiting,
        }

    def register(self) -> None:
        self._worker.register(mails.SEND, self.deliver)

    async def deliver(self, job: Job) -> None:
        """Sends a letter, if it has yet to be sent and is still true. Raises `NotSent`, to be tried again later."""
        mail = await self._database.read(lambda conn: mails.waiting(conn, job.subject))
        if mail is None:
            return
        if mail.kind not in self._kinds:
            raise NotSent("a letter that only a newer release can write")
        sending = asyncio.ensure_future(self._deliver(mail, job))
        try:
            await asyncio.shield(sending)
        except asyncio.CancelledError:
            # What the mail server has taken is written down, else it would be sent again.
            await asyncio.wait([sending], timeout=ARRIVES_WITHIN_S)
            sending.cancel()
            raise

    async def _deliver(self, mail: Mail, job: Job) -> None:
        now = self._clock()
        if not await self._database.write(lambda conn: mails.begin(conn, mail.id, now)):
            # Another server does, or did until it died.
            await self._worker.want(job.kind, job.subject, mails.HELD.total_seconds())
            return
        prepared = await self._database.write(lambda conn: self._prepare(conn, mail))
        if prepared is None:
            return
        try:
            await self._hand_over(mail, prepared.letter)
        except NotSent as failure:
            await self._keep_failure(mail, prepared, failure)
            return
        await patiently(lambda: self._database.write(lambda conn: mails.sent(conn, mail.id, self._clock())))
        log.info("mail sent", kind=mail.kind, mail=mail.id)

    def _prepare(self, conn: Connection, mail: Mail) -> Prepared | None:
        """What is to be sent; None, and no letter is left, if that is nothing any more."""
        prepared = self._kinds[mail.kind](conn, mail)
        if prepared is None:
            mails.drop(conn, mail.id)
        return prepared

    async def _hand_over(self, mail: Mail, letter: Letter) -> None:
        sender, to = self._outgoing.sender, mail.recipient
        made = message(letter, id=mail.id, sender=sender, to=to, at=mail.created_at)
        try:
            async with asyncio.timeout(SENT_WITHIN_S):
                await self._outgoing.send(made)
        except TimeoutError:
            raise NotSent(f"the mail server took more than {SENT_WITHIN_S} seconds") from None

    async def _keep_failure(self, mail: Mail, prepared: Prepared, failure: NotSent) -> None:
        now = self._clock()
        given_up = failure.final or now - mail.created_at >= TRIED_FOR

        def work(conn: Connection) -> None:
            mails.failed(conn, mail.id, failure.reason, now if given_up else None)
            if prepared.link is not None:
                people.drop_link(conn, digest(prepared.link))

        await self._database.write(work)
        if not given_up:
            raise failure
        log.warning("mail given up", kind=mail.kind, mail=mail.id, reason=failure.reason)

    def _invitation(self, conn: Connection, mail: Mail) -> Prepared | None:
        """To who is invited and has not come yet."""
        person = people.find(conn, mail.agent or "", self._clock())
        if person is None or person.state != "invited":
            return None
        token, url = self._link(conn, person.agent, INVITATION_LIFE)
        return Prepared(letters.invitation(person.agent.name, mail.cause["by"], url), token)

    def _forgotten(self, conn: Connection, mail: Mail) -> Prepared | None:
        """To whoever on the team has this address."""
        known = staff.credentials(conn, mail.recipient)
        if known is None:
            return None
        token, url = self._link(conn, known.agent, FORGOTTEN_LIFE)
        return Prepared(letters.forgotten(known.agent.name, self._outgoing.base, url), token)

    def _waiting(self, conn: Connection, mail: Mail) -> Prepared | None:
        """To who wants to know that somebody waits, if they still do and nobody has come."""
        cause = msgspec.convert(mail.cause, Cause)
        fold = history.fold(conn, cause.conversation)
        agent = staff.agent_by_id(conn, mail.agent or "")
        if fold is None or agent is None or (fold.control, fold.since) != ("pending", cause.since):
            return None
        minutes = int((mail.created_at - cause.waiting_since).total_seconds() // 60)
        return Prepared(letters.waiting(agent.name, cause.site, minutes, self._outgoing.base, cause.conversation))

    def _link(self, conn: Connection, agent: Agent, life: dt.timedelta) -> tuple[str, str]:
        """Its token, and where it leads."""
        token = mailed_link(conn, agent.id, self._clock(), life)
        return token, self._outgoing.base + CHOOSE_PASSWORD + token
