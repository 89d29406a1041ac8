"""Agents' sessions: opened by password or one-time link, carried by a cookie, kept alive by use.

Only SHA-256 of the cookie's random token is stored. It names the session, and whoever reads the database cannot
sign in with it.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable

import msgspec

from havana.accounts.limits import Limits
from havana.accounts.passwords import Passwords
from havana.chat.errors import Unauthorised
from havana.chat.people import Agent
from havana.storage import staff
from havana.storage.database import Connection, Database

COOKIE = "havana_session"
LIFE = dt.timedelta(days=30)
LINK_LIFE = dt.timedelta(hours=24)
# Sliding the end at every request would make every read a write.
_EXTEND_AFTER = dt.timedelta(days=1)

Clock = Callable[[], dt.datetime]


class SignedIn(msgspec.Struct, frozen=True):
    """An agent and the session through which they came."""

    agent: Agent
    session: str


class NewSession(msgspec.Struct, frozen=True):
    """`token` is for the cookie and is known nowhere else."""

    agent: Agent
    token: str


class Sessions:
    """Opens, recognises and ends sessions. `Unauthorised` says no more than it must."""

    def __init__(self, database: Database, limits: Limits, clock: Clock = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock
        self._passwords = Passwords()

    async def sign_in(self, email: str, password: str, address: str) -> NewSession:
        """By password. Takes as long for an unknown e-mail as for a wrong password, and says the same."""
        email = staff.folded(email)
        self._limits.check_sign_in(address, email)
        known = await self._database.read(lambda conn: staff.credentials(conn, email))
        right = await self._passwords.matches(known.password_hash if known else None, password)
        if known is None or not right:
            self._limits.sign_in_failed(address)
            raise Unauthorised("E-mail or password is wrong.")
        self._limits.signed_in(email)
        return await self._database.write(lambda conn: self._open(conn, known.agent))

    async def sign_in_by_link(self, token: str, address: str) -> NewSession:
        """By one-time link: the session and the use of the link are one commit."""
        self._limits.check_link(address)
        opened = await self._database.write(lambda conn: self._use_link(conn, token))
        if opened is None:
            self._limits.sign_in_failed(address)
            raise Unauthorised("This sign-in link has been used or has expired. Ask an admin for a new one.")
        return opened

    async def who(self, token: str | None) -> SignedIn:
        """Whose cookie this is; its session then lives for another thirty days."""
        if not token:
            raise Unauthorised("Please sign in.")
        return await self.of(digest(token))

    async def of(self, session: str) -> SignedIn:
        """Who is in this session, if it has not ended."""
        now = self._clock()
        found = await self._database.read(lambda conn: staff.session(conn, session, now))
        if found is None:
            raise Unauthorised("Please sign in again.")
        if found.expires_at < now + LIFE - _EXTEND_AFTER:
            await self._database.write(lambda conn: staff.extend_session(conn, session, now + LIFE))
        return SignedIn(found.agent, session)

    async def sign_out(self, session: str) -> None:
        await self._database.write(lambda conn: staff.end_session(conn, session))

    def _open(self, conn: Connection, agent: Agent) -> NewSession:
        token = secrets.token_urlsafe(32)
        now = self._clock()
        staff.add_session(conn, digest(token), agent.id, now, now + LIFE)
        return NewSession(agent, token)

    def _use_link(self, conn: Connection, token: str) -> NewSession | None:
        agent = staff.use_link(conn, digest(token), self._clock())
        return self._open(conn, agent) if agent else None


def new_link(conn: Connection, agent: str, now: dt.datetime) -> str:
    """The token of a fresh one-time sign-in link, good for a day."""
    token = secrets.token_urlsafe(24)
    staff.add_link(conn, digest(token), agent, now, now + LINK_LIFE)
    return token


def digest(token: str) -> str:
    # Without salt or stretching: the tokens are 192 random bits or more, there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()
