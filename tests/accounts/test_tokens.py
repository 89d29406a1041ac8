"""Tokens, and who somebody is by them."""

import asyncio
import hashlib

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from tests.accounts.conftest import Clock

from havana.accounts.identity import Blocked, Identity, new_visitor
from havana.accounts.sessions import Sessions, SignedIn, new_link
from havana.accounts.tokens import BadToken, TokenExpired, Tokens
from havana.chat.errors import Unauthorised
from havana.chat.people import Agent, Visitor
from havana.chat.site import Site
from havana.storage import sites, staff, tables, visitors
from havana.storage.database import Database


@pytest.fixture
def identity(database: Database, tokens: Tokens, sessions: Sessions) -> Identity:
    return Identity(database, tokens, sessions)


@pytest.fixture
async def site(database: Database, clock: Clock) -> Site:
    return await database.write(lambda conn: sites.ensure_default(conn, clock()))


async def test_a_visitor_is_who_the_token_says_and_nothing_is_stored_for_it(
    identity: Identity, tokens: Tokens, database: Database, site: Site
) -> None:
    visitor = await new_visitor(database, tokens, site.key)
    assert visitor is not None

    assert await identity.visitor(tokens.for_visitor(visitor)) == visitor
    assert await database.read(lambda conn: conn.execute(tables.visitors.select()).all()) == []


async def test_there_are_no_visitors_of_an_unknown_site(tokens: Tokens, database: Database) -> None:
    assert await new_visitor(database, tokens, "nowhere") is None


async def test_a_restart_keeps_tokens_good(database: Database, clock: Clock) -> None:
    visitor = Visitor("v", "s", "Coral Heron")
    token = Tokens.open(database, clock).for_visitor(visitor)

    assert Tokens.open(database, clock).visitor(token) == visitor


async def test_an_expired_token_is_good_for_a_fresh_one_only(tokens: Tokens, clock: Clock) -> None:
    visitor = Visitor("v", "s", "Coral Heron")
    token = tokens.for_visitor(visitor)
    clock.move(days=30)

    with pytest.raises(TokenExpired):
        tokens.visitor(token)
    assert tokens.visitor(token, renewing=True) == visitor


async def test_a_token_is_not_renewed_after_another_year(tokens: Tokens, clock: Clock) -> None:
    token = tokens.for_visitor(Visitor("v", "s", "Coral Heron"))
    clock.move(days=30 + 365)

    with pytest.raises(TokenExpired):
        tokens.visitor(token, renewing=True)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "nonsense",
        "a.b.c",
        "ü.ü.ü",
        # A token that says of itself that it needs no signature:
        "eyJhbGciOiJub25lIn0.eyJ1c2UiOiJ2aXNpdG9yIiwic3ViIjoidiIsInNpdGUiOiJzIiwibmFtZSI6IngiLCJleHAiOjk5OTk5OTk5OTl9.",
        jwt.encode(
            {"alg": "HS256"},
            {"use": "visitor", "sub": "v", "site": "s", "name": "x", "exp": 9999999999},
            OctKey.import_key(b"somebody else's secret, 32 bytes"),
        ),
    ],
)
async def test_forged_tokens_are_refused(forged: str, identity: Identity) -> None:
    with pytest.raises(BadToken):
        await identity.visitor(forged)
    with pytest.raises(BadToken):
        await identity.live(forged)


async def test_an_agents_live_token_is_not_a_visitors(
    *, identity: Identity, sessions: Sessions, database: Database, ana: Agent, clock: Clock
) -> None:
    token, _ = await sessions.live_token((await _signed_in(sessions, database, ana, clock)).session)

    with pytest.raises(BadToken):
        await identity.visitor(token)


async def test_nothing_that_the_database_holds_makes_an_agent(
    *, identity: Identity, sessions: Sessions, database: Database, ana: Agent, clock: Clock
) -> None:
    session = (await _signed_in(sessions, database, ana, clock)).session
    token, _ = await sessions.live_token(session)
    key = bytes.fromhex(await database.read(lambda conn: staff.secret(conn, "tokens", "")))
    claims = {"use": "live", "sub": ana.id, "session": session, "exp": 9999999999}

    [stored] = await database.read(lambda conn: conn.execute(tables.live_tokens.select()).all())
    assert stored.id == hashlib.sha256(token.encode()).hexdigest()
    for forged in (stored.id, session, jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))):
        with pytest.raises(BadToken):
            await identity.live(forged)


async def test_an_agent_says_hello_with_a_live_token_within_a_minute(
    *, identity: Identity, sessions: Sessions, database: Database, ana: Agent, clock: Clock
) -> None:
    signed_in = await _signed_in(sessions, database, ana, clock)
    token, expires_at = await sessions.live_token(signed_in.session)
    late, _ = await sessions.live_token(signed_in.session)

    assert (expires_at - clock()).total_seconds() == 60
    clock.move(seconds=59)
    assert await identity.live(token) == signed_in
    clock.move(seconds=1)
    # Others come meanwhile: whoever is late must still be told to get a fresh one.
    await sessions.live_token(signed_in.session)
    with pytest.raises(TokenExpired):
        await identity.live(late)


async def test_a_live_token_lets_in_once_even_when_used_twice_at_the_same_moment(
    *, identity: Identity, sessions: Sessions, database: Database, ana: Agent, clock: Clock
) -> None:
    token, _ = await sessions.live_token((await _signed_in(sessions, database, ana, clock)).session)

    outcomes = await asyncio.gather(*(identity.live(token) for _ in range(5)), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BadToken"] * 4 + ["SignedIn"]


async def test_live_tokens_that_nobody_used_are_forgotten(
    *, sessions: Sessions, database: Database, ana: Agent, clock: Clock
) -> None:
    session = (await _signed_in(sessions, database, ana, clock)).session
    for _ in range(3):
        await sessions.live_token(session)
    clock.move(hours=2)

    await sessions.live_token(session)

    assert len(await database.read(lambda conn: conn.execute(tables.live_tokens.select()).all())) == 1


async def test_a_live_token_dies_with_its_session(
    *, identity: Identity, sessions: Sessions, database: Database, ana: Agent, clock: Clock
) -> None:
    signed_in = await _signed_in(sessions, database, ana, clock)
    token, _ = await sessions.live_token(signed_in.session)

    await sessions.sign_out(signed_in.session)

    with pytest.raises(BadToken):
        await identity.live(token)
    assert await database.read(lambda conn: conn.execute(tables.live_tokens.select()).all()) == []
    with pytest.raises(Unauthorised):
        await sessions.live_token(signed_in.session)


async def test_the_live_tokens_of_somebody_who_left_the_team_are_gone(
    *, identity: Identity, sessions: Sessions, database: Database, ana: Agent, clock: Clock
) -> None:
    token, _ = await sessions.live_token((await _signed_in(sessions, database, ana, clock)).session)

    await database.write(lambda conn: staff.remove_agent(conn, ana.id, clock()))

    with pytest.raises(BadToken):
        await identity.live(token)


async def test_a_blocked_visitor_is_refused_everywhere_until_unblocked(
    identity: Identity, tokens: Tokens, database: Database, site: Site, clock: Clock
) -> None:
    visitor = tokens.new_visitor(site.id)
    token = tokens.for_visitor(visitor)
    await database.write(lambda conn: visitors.ensure(conn, visitor, clock()))

    assert await database.write(lambda conn: visitors.set_blocked(conn, visitor.id, clock()))
    for welcome in (identity.visitor, identity.live, identity.renewing):
        with pytest.raises(Blocked):
            await welcome(token)

    await database.write(lambda conn: visitors.set_blocked(conn, visitor.id, None))
    assert await identity.visitor(token) == visitor


async def _signed_in(sessions: Sessions, database: Database, agent: Agent, clock: Clock) -> SignedIn:
    link = await database.write(lambda conn: new_link(conn, agent.id, clock()))
    return await sessions.who((await sessions.sign_in_by_link(link, "10.0.0.1")).token)
