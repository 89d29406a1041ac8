"""Who somebody is by what they show: the same answer for REST and for the live channel."""

from havana.accounts.sessions import Sessions, SignedIn
from havana.accounts.tokens import Tokens
from havana.chat.errors import Forbidden
from havana.chat.people import Visitor
from havana.storage import sites, visitors
from havana.storage.database import Database


class Blocked(Forbidden):
    """A visitor whom the team does not want to hear any more."""


class Identity:
    """Reads tokens and looks behind them. Raises `BadToken`, `TokenExpired`, `Blocked`, `Unauthorised`."""

    def __init__(self, database: Database, tokens: Tokens, sessions: Sessions) -> None:
        self._database = database
        self._tokens = tokens
        self._sessions = sessions

    async def visitor(self, token: str) -> Visitor:
        """The visitor with this bearer token."""
        return await self._welcome(self._tokens.visitor(token))

    async def renewing(self, token: str) -> Visitor:
        """The same, also if the token has expired."""
        return await self._welcome(self._tokens.visitor(token, renewing=True))

    async def live(self, token: str) -> Visitor | SignedIn:
        """Who says hello on the live channel. An agent's token is used up by it, and their session must stand."""
        # Only a JWT has dots in it.
        return await (self.visitor(token) if "." in token else self._sessions.by_live_token(token))

    async def _welcome(self, visitor: Visitor) -> Visitor:
        if await self._database.read(lambda conn: visitors.is_blocked(conn, visitor.id)):
            raise Blocked("You cannot write to this site any more.")
        return visitor


async def new_visitor(database: Database, tokens: Tokens, site_key: str) -> Visitor | None:
    """A fresh visitor of the site with this key, or None if there is no such site."""
    site = await database.read(lambda conn: sites.by_key(conn, site_key))
    return tokens.new_visitor(site.id) if site else None
