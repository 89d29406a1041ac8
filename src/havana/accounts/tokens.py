"""Visitors' signed tokens (JWT, HS256), for the live channel and for REST.

A visitor's token is all that there is to know about a visitor who has not yet written: nothing is stored for
it. Agents have none of this kind: whoever reads the signing secret must not be able to act as one of them.
The secret is in the database: every node has it, and a restart keeps everybody's token good.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from havana.accounts.names import stand_in
from havana.chat.errors import Unauthorised
from havana.chat.people import Visitor
from havana.ids import new_id
from havana.storage.database import Database
from havana.storage.staff import secret

VISITOR_DAYS = 30
# An expired token still proves who its visitor is; somebody who comes back after the summer gets a fresh one.
RENEWABLE_DAYS = 365

Clock = Callable[[], dt.datetime]


class BadToken(Unauthorised):
    """Not a token of ours, or one of another kind."""


class TokenExpired(BadToken):
    """Was good once: get a fresh one."""


class Tokens:
    """Signs and reads tokens."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = OctKey.import_key(key)
        self._clock = clock

    @classmethod
    def open(cls, database: Database, clock: Clock = lambda: dt.datetime.now(dt.UTC)) -> "Tokens":
        """With the secret of this database, made on first use. Blocks; meant for the start."""
        stored = database.write_now(lambda conn: secret(conn, "tokens", secrets.token_hex(32)))
        return cls(bytes.fromhex(stored), clock)

    def new_visitor(self, site: str) -> Visitor:
        """Somebody who has just opened the page. Nothing is stored."""
        visitor = new_id()
        return Visitor(visitor, site, stand_in(visitor))

    def for_visitor(self, visitor: Visitor) -> str:
        claims = {"use": "visitor", "sub": visitor.id, "site": visitor.site, "name": visitor.name}
        expires = self._clock() + dt.timedelta(days=VISITOR_DAYS)
        return jwt.encode({"alg": "HS256"}, claims | {"exp": int(expires.timestamp())}, self._key)

    def visitor(self, token: str, *, renewing: bool = False) -> Visitor:
        """Whose token this is; `renewing` also takes one that has expired, within reason."""
        grace = dt.timedelta(days=RENEWABLE_DAYS) if renewing else dt.timedelta()
        return _visitor(self._read(token, grace))

    def _read(self, token: str, grace: dt.timedelta) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(token, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError):
            raise BadToken("That token is not valid.") from None
        if claims["exp"] <= (self._clock() - grace).timestamp():
            raise TokenExpired("That token has expired. Get a fresh one.")
        return claims


def _visitor(claims: dict[str, Any]) -> Visitor:
    if claims.get("use") != "visitor":
        raise BadToken("That token is not a visitor's.")
    return Visitor(claims["sub"], claims["site"], claims["name"])
