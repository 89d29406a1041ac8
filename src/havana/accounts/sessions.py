"""Agents' sessions: opened by password or one-time link, carried by a cookie, kept alive by use.

Of the cookie's random token, of a link's and of a live token only SHA-256 is stored: whoever reads the database
cannot come in with it. A live token is for one hello on the live channel, and ends with its session.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable

import msgspec

from havana.accounts.limits import Limits
from havana.accounts.passwords import Passwords, WeakPassword
from havana.accounts.tokens import BadToken, TokenExpired
from havana.chat.changes import InvitationFollowed, PasswordChanged, PasswordReset
from havana.chat.errors import BadRequest, Busy, Forbidden, Unauthorised
from havana.chat.people import Agent
from havana.storage import audit, people, profiles, staff
from havana.storage.database import Connection, Database
from havana.storage.people import Person, Used

COOKIE = "havana_session"
CHOOSE_PASSWORD = "/console/sign-in#password="  # noqa: S105 - a path
"""What a token comes after in a link by which somebody chooses a password. It is a fragment, so that no log of any
server or proxy ever holds it.
"""
LIFE = dt.timedelta(days=30)
LINK_LIFE = dt.timedelta(hours=24)
INVITATION_LIFE = dt.timedelta(days=7)
FORGOTTEN_LIFE = dt.timedelta(hours=1)
LIVE_TOKEN_LIFE = dt.timedelta(seconds=60)
# Known for longer than good: who comes late is told to get a fresh one, instead of to go away.
_LATE = dt.timedelta(hours=1)
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


class Welcomed(msgspec.Struct, frozen=True):
    """Who has just followed a link, and what it did."""

    opened: NewSession
    used: Used


_LINK_OVER = "This link has been used or has expired. Ask an admin for a new one."


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
        try:
            known = await self._database.read(lambda conn: staff.credentials(conn, email))
            right = await self._passwords.matches(known.password_hash if known else None, password)
        except Busy:
            self._limits.sign_in_not_tried(address, email)
            raise
        if known is None or not right:
            raise Unauthorised("E-mail or password is wrong.")
        self._limits.signed_in(address, email)
        return await self._database.write(lambda conn: self._open(conn, known.agent))

    async def sign_in_by_link(self, token: str, address: str) -> NewSession:
        """By one-time link: the session and the use of the link are one commit."""
        self._limits.check_link(address)
        try:
            opened = await self._database.write(lambda conn: self._use_link(conn, token))
        except Busy:
            self._limits.forgive_link(address)
            raise
        if opened is None:
            raise Unauthorised("This sign-in link has been used or has expired. Ask an admin for a new one.")
        self._limits.forgive_link(address)
        return opened

    async def behind_link(self, token: str, address: str) -> Person:
        """Who may choose a password by this link, which is not used by asking."""
        self._limits.check_link(address)
        found = await self._database.read(lambda conn: people.behind_link(conn, digest(token), self._clock()))
        if found is None:
            raise Unauthorised(_LINK_OVER)
        self._limits.forgive_link(address)
        return found

    async def set_password_by_link(self, token: str, password: str, address: str) -> Welcomed:
        """Signs in whom the link is for, with the password they choose; whoever was invited is on the team now."""
        await self.behind_link(token, address)
        try:
            hashed = await self._passwords.hash(password)
        except WeakPassword as error:
            raise BadRequest(str(error)) from None

        def work(conn: Connection) -> Welcomed | None:
            used = people.use_password_link(conn, digest(token), hashed, self._clock())
            if used is None:
                return None
            audit.record(conn, used.agent, InvitationFollowed() if used.joined else PasswordReset(), self._clock())
            return Welcomed(self._open(conn, used.agent), used)

        welcomed = await self._database.write(work)
        if welcomed is None:
            raise Unauthorised(_LINK_OVER)
        return welcomed

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

    async def live_token(self, session: str) -> tuple[str, dt.datetime]:
        """A token for one hello, and when it expires."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        expires = now + LIVE_TOKEN_LIFE
        made = await self._database.write(
            lambda conn: staff.add_live_token(conn, digest(token), session, expires, forgotten=now - _LATE)
        )
        if not made:
            raise Unauthorised("Please sign in again.")
        return token, expires

    async def by_live_token(self, token: str) -> SignedIn:
        """Whose token this is. It is used up, whatever comes of it."""
        used = await self._database.write(lambda conn: staff.use_live_token(conn, digest(token)))
        if used is None:
            raise BadToken("That token is not valid, or has been used.")
        if used.expires_at <= self._clock():
            raise TokenExpired("That token has expired. Get a fresh one.")
        return await self.of(used.session)

    async def change_password(self, signed_in: SignedIn, current: str, new: str, address: str) -> list[str]:
        """The agent's other sessions, which end by it. Whoever has no password yet sets one without a current one.

        A wrong current password counts as a failure to sign in: a session that was left open must not help to guess it.
        """
        agent, email = signed_in.agent, signed_in.agent.email
        self._limits.check_sign_in(address, email)
        try:
            stored = await self._database.read(lambda conn: profiles.password_hash(conn, agent.id))
            right = stored is None or await self._passwords.matches(stored, current)
            hashed = await self._passwords.hash(new) if right else ""
        except (Busy, WeakPassword) as error:
            self._limits.sign_in_not_tried(address, email)
            if isinstance(error, WeakPassword):
                raise BadRequest(str(error)) from None
            raise
        if not right:
            raise Forbidden("The current password is wrong.")
        self._limits.signed_in(address, email)

        def work(conn: Connection) -> list[str] | None:
            ended = profiles.change_password(conn, agent.id, stored, hashed, keep=signed_in.session)
            if ended is not None:
                audit.record(conn, agent, PasswordChanged(), self._clock())
            return ended

        ended = await self._database.write(work)
        if ended is None:
            raise Forbidden("The current password is wrong. It has just been changed.")
        return ended

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


def new_password_link(conn: Connection, agent: str, now: dt.datetime, *, invited: bool) -> str | None:
    """The token of a link by which somebody chooses a password, once; None if they are not to have one."""
    token, life = secrets.token_urlsafe(24), INVITATION_LIFE if invited else LINK_LIFE
    return token if people.add_password_link(conn, digest(token), agent, now, now + life) else None


def mailed_link(conn: Connection, agent: str, now: dt.datetime, life: dt.timedelta) -> str:
    """The same for a letter to somebody who is on the team or invited; it ends no other."""
    token = secrets.token_urlsafe(24)
    people.add_mailed_link(conn, digest(token), agent, now, now + life)
    return token


def digest(token: str) -> str:
    # Without salt or stretching: the tokens are 192 random bits or more, there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()
