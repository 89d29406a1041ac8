"""Signing in and out."""

import asyncio
import hashlib
from pathlib import Path

import pytest
from tests.accounts.conftest import Clock

from havana.accounts.passwords import hash_password
from havana.accounts.sessions import Sessions, new_link
from havana.chat.errors import Busy, RateLimited, Unauthorised
from havana.chat.people import Agent
from havana.storage import staff
from havana.storage.database import Database


@pytest.fixture
async def ben(database: Database, clock: Clock) -> Agent:
    stored = hash_password("correct horse")
    return await database.write(
        lambda conn: staff.add_agent(conn, "ben@example.com", "Ben", "admin", password_hash=stored, now=clock())
    )


async def test_the_right_password_opens_a_session_however_the_e_mail_is_written(sessions: Sessions, ben: Agent) -> None:
    opened = await sessions.sign_in(" BEN@example.com", "correct horse", "10.0.0.1")

    assert opened.agent == ben
    assert (await sessions.who(opened.token)).agent == ben


async def test_a_wrong_password_and_an_unknown_e_mail_are_refused_alike(sessions: Sessions, ben: Agent) -> None:
    with pytest.raises(Unauthorised) as wrong:
        await sessions.sign_in("ben@example.com", "wrong horse", "10.0.0.1")
    with pytest.raises(Unauthorised) as unknown:
        await sessions.sign_in("eve@example.com", "correct horse", "10.0.0.1")

    assert wrong.value.message == unknown.value.message


async def test_an_agent_without_a_password_cannot_sign_in_with_an_empty_one(sessions: Sessions, ana: Agent) -> None:
    with pytest.raises(Unauthorised):
        await sessions.sign_in(ana.email, "", "10.0.0.1")


async def test_guessing_is_stopped_even_when_all_guesses_come_at_once(sessions: Sessions, ben: Agent) -> None:
    guesses = [sessions.sign_in(ben.email, f"guess {number}", "10.0.0.1") for number in range(12)]

    outcomes = await asyncio.gather(*guesses, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes].count(RateLimited) == 2
    with pytest.raises(RateLimited):
        await sessions.sign_in(ben.email, "correct horse", "10.0.0.1")


async def test_a_flood_of_guesses_from_one_address_does_not_shut_out_who_knows_the_password(
    sessions: Sessions, ben: Agent
) -> None:
    guesses = [sessions.sign_in(f"a{number}@example.com", "guess", "10.0.0.1") for number in range(300)]

    outcomes = await asyncio.gather(*guesses, return_exceptions=True)

    kinds = [type(outcome) for outcome in outcomes]
    assert kinds.count(RateLimited) >= 250
    assert kinds.count(Unauthorised) + kinds.count(Busy) + kinds.count(RateLimited) == 300
    assert (await sessions.sign_in(ben.email, "correct horse", "10.0.0.1")).agent == ben


async def test_a_link_lets_in_once_even_when_used_twice_at_the_same_moment(
    sessions: Sessions, database: Database, ana: Agent, clock: Clock
) -> None:
    link = await database.write(lambda conn: new_link(conn, ana.id, clock()))

    outcomes = await asyncio.gather(
        *(sessions.sign_in_by_link(link, "10.0.0.1") for _ in range(5)), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NewSession"] + ["Unauthorised"] * 4


async def test_a_link_is_good_for_a_day(sessions: Sessions, database: Database, ana: Agent, clock: Clock) -> None:
    link = await database.write(lambda conn: new_link(conn, ana.id, clock()))
    clock.move(hours=24)

    with pytest.raises(Unauthorised):
        await sessions.sign_in_by_link(link, "10.0.0.1")


async def test_a_session_lives_thirty_days_from_its_last_use(sessions: Sessions, ben: Agent, clock: Clock) -> None:
    opened = await sessions.sign_in(ben.email, "correct horse", "10.0.0.1")
    clock.move(days=29)
    await sessions.who(opened.token)
    clock.move(days=29)
    await sessions.who(opened.token)
    clock.move(days=30)

    with pytest.raises(Unauthorised):
        await sessions.who(opened.token)


async def test_a_session_ends_when_its_agent_signs_out(sessions: Sessions, ben: Agent) -> None:
    here = await sessions.sign_in(ben.email, "correct horse", "10.0.0.1")
    elsewhere = await sessions.sign_in(ben.email, "correct horse", "10.0.0.2")

    await sessions.sign_out((await sessions.who(here.token)).session)

    with pytest.raises(Unauthorised):
        await sessions.who(here.token)
    assert (await sessions.who(elsewhere.token)).agent == ben


@pytest.mark.parametrize("cookie", [None, "", "made up"])
async def test_without_a_good_cookie_nobody_is_signed_in(sessions: Sessions, cookie: str | None) -> None:
    with pytest.raises(Unauthorised):
        await sessions.who(cookie)


async def test_neither_cookies_nor_tokens_nor_links_nor_passwords_are_in_the_data_folder(
    sessions: Sessions, database: Database, ben: Agent, clock: Clock, tmp_path: Path
) -> None:
    link = await database.write(lambda conn: new_link(conn, ben.id, clock()))
    opened = await sessions.sign_in(ben.email, "correct horse", "10.0.0.1")
    live, _ = await sessions.live_token((await sessions.who(opened.token)).session)

    stored = _contents(tmp_path)

    assert hashlib.sha256(opened.token.encode()).hexdigest().encode() in stored
    for secret in (opened.token, link, live, "correct horse"):
        assert secret.encode() not in stored


def _contents(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("havana.db*"))
