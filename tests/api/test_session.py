"""Signing in, and who may ask for what."""

import pytest
from tests.api.conftest import ORIGIN, PASSWORD, Client, begin, now, open_client, replaced

from havana.accounts.sessions import new_link
from havana.accounts.tokens import BadToken
from havana.api.guards import network
from havana.api.services import Services
from havana.bus import PEOPLE, Message, SessionsEnded
from havana.chat.people import Agent
from havana.chat.site import Site

ONLY_AGENTS = [
    ("GET", "/api/session"),
    ("DELETE", "/api/session"),
    ("POST", "/api/live-token"),
    ("GET", "/api/agents"),
    ("GET", "/api/sites"),
    ("PUT", "/api/agents/x/duty"),
    ("GET", "/api/profile"),
    ("PUT", "/api/profile"),
    ("PUT", "/api/profile/password"),
    ("PUT", "/api/profile/notifications"),
    ("POST", "/api/visitors/x/block"),
    ("POST", "/api/visitors/x/unblock"),
]
VISITORS_TOO = [
    ("GET", "/api/conversations"),
    ("POST", "/api/conversations"),
    ("GET", "/api/conversations/x"),
    ("GET", "/api/conversations/x/events"),
    ("POST", "/api/conversations/x/post"),
]


@pytest.mark.parametrize(("method", "address"), ONLY_AGENTS + VISITORS_TOO)
async def test_nobody_gets_in_without_credentials(method: str, address: str, client: Client) -> None:
    answer = await client.request(method, address, headers={"Origin": ORIGIN})

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorised")


@pytest.mark.parametrize(("method", "address"), ONLY_AGENTS)
async def test_a_visitors_token_opens_nothing_of_the_teams(method: str, address: str, visitor: Client) -> None:
    assert (await visitor.request(method, address)).status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
async def test_a_bad_token_is_not_let_in(token: str, client: Client) -> None:
    answer = await client.get("/api/conversations", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "https://havana.test"])
@pytest.mark.parametrize(
    ("method", "address"),
    [("POST", "/api/live-token"), ("DELETE", "/api/session"), ("POST", "/api/conversations/x/claim")],
)
async def test_an_agents_cookie_writes_only_from_our_own_pages(
    method: str, address: str, origin: str | None, agent: Client
) -> None:
    del agent.headers["Origin"]

    answer = await agent.request(method, address, headers={"Origin": origin} if origin else {})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


async def test_our_own_pages_are_those_of_the_public_address_if_there_is_one(services: Services, ana: Agent) -> None:
    async with open_client(replaced(services, public_url="https://chat.example.com")) as browser:
        browser.headers["Origin"] = "https://chat.example.com"
        answer = await browser.post("/api/session", json={"email": ana.email, "password": PASSWORD})
        assert answer.status_code == 200
        # A secure cookie does not travel over the test's plain HTTP by itself.
        cookie = answer.headers["set-cookie"].split(";")[0]

        assert (await browser.post("/api/live-token", headers={"Cookie": cookie})).status_code == 200
        foreign = {"Cookie": cookie, "Origin": ORIGIN}
        assert (await browser.post("/api/live-token", headers=foreign)).status_code == 403


async def test_another_sites_page_cannot_sign_somebody_in(client: Client, ana: Agent) -> None:
    answer = await client.post(
        "/api/session",
        json={"email": ana.email, "password": PASSWORD},
        headers={"Origin": "https://evil.example"},
    )

    assert answer.status_code == 403


async def test_signing_in_tells_who_one_is_and_sets_a_careful_cookie(client: Client, ana: Agent) -> None:
    answer = await client.post("/api/session", json={"email": "ANA@example.com", "password": PASSWORD})

    me = {"agent": {"id": ana.id, "name": "Ana", "email": "ana@example.com", "role": "admin"}}
    assert answer.json() == me
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("havana_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert (await client.get("/api/session")).json() == me


async def test_over_https_the_cookie_is_secure(services: Services, ana: Agent) -> None:
    async with open_client(replaced(services, public_url="https://chat.example.com")) as browser:
        answer = await browser.post("/api/session", json={"email": ana.email, "password": PASSWORD})

    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "ana@example.com", "password": "wrong horse"}, 401),
        ({"email": "nobody@example.com", "password": PASSWORD}, 401),
        ({"link": "made up"}, 401),
        ({"email": "ana@example.com"}, 400),
        ({}, 400),
        ({"email": 5, "password": []}, 400),
    ],
)
async def test_a_wrong_sign_in_is_refused(body: dict[str, object], status: int, client: Client, ana: Agent) -> None:
    answer = await client.post("/api/session", json=body)

    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


async def test_a_link_signs_in_once(client: Client, services: Services, ana: Agent) -> None:
    link = await services.database.write(lambda conn: new_link(conn, ana.id, now()))

    assert (await client.post("/api/session", json={"link": link})).json()["agent"]["id"] == ana.id
    assert (await client.post("/api/session", json={"link": link})).status_code == 401


async def test_guessing_is_slowed_down(client: Client, ana: Agent) -> None:
    guess = {"email": ana.email, "password": "wrong horse"}
    statuses = [(await client.post("/api/session", json=guess)).status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]


async def test_guessing_links_is_slowed_down_too(client: Client) -> None:
    statuses = [(await client.post("/api/session", json={"link": "made up"})).status_code for _ in range(51)]

    assert statuses == [401] * 50 + [429]


async def test_a_link_still_lets_in_where_too_many_passwords_were_guessed(
    client: Client, services: Services, ana: Agent
) -> None:
    for number in range(50):
        # The test's client has this address.
        services.limits.check_sign_in("testclient", f"a{number}@example.com")
    link = await services.database.write(lambda conn: new_link(conn, ana.id, now()))

    password = {"email": ana.email, "password": PASSWORD}
    assert (await client.post("/api/session", json=password)).status_code == 429
    assert (await client.post("/api/session", json={"link": link})).status_code == 200


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("somewhere", "somewhere"),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(host: str, counted: str) -> None:
    assert network(host) == counted


async def test_signing_out_ends_the_session_and_tells_the_live_channel(agent: Client, services: Services) -> None:
    heard: list[Message] = []
    services.bus.subscribe(PEOPLE, heard.append)

    answer = await agent.delete("/api/session")

    assert answer.status_code == 204
    [ended] = heard
    assert isinstance(ended, SessionsEnded)
    assert ended.session
    assert (await agent.get("/api/session")).status_code == 401


async def test_a_live_token_says_hello_for_its_agent(agent: Client, services: Services, ana: Agent) -> None:
    token = (await agent.post("/api/live-token")).json()["token"]

    who = await services.identity.live(token)

    assert who.agent == ana  # type: ignore[union-attr]  # a visitor here would fail the test, as it should
    with pytest.raises(BadToken):
        await services.identity.live(token)


async def test_the_team_sees_who_is_there(agent: Client, ana: Agent) -> None:
    answer = await agent.get("/api/agents")

    absent = {"on_duty": False, "here": False, "away": False}
    assert answer.json() == {"agents": [{"id": ana.id, "name": "Ana", "role": "admin"} | absent]}


async def test_the_team_sees_its_sites(agent: Client, site: Site) -> None:
    told = {"id": site.id, "key": site.key, "name": site.name, "wait_target_s": 120}
    assert (await agent.get("/api/sites")).json() == {"sites": [told]}


async def test_a_blocked_visitor_is_shut_out_at_once_and_may_come_back(
    agent: Client, visitor: Client, services: Services
) -> None:
    conversation = await begin(visitor)
    who = (await agent.get(f"/api/conversations/{conversation}")).json()["events"][0]["author"]["id"]
    heard: list[Message] = []
    services.bus.subscribe(PEOPLE, heard.append)

    assert (await agent.post(f"/api/visitors/{who}/block")).status_code == 204
    assert heard == [SessionsEnded(visitor=who)]
    assert (await visitor.get(f"/api/conversations/{conversation}")).status_code == 403

    assert (await agent.post(f"/api/visitors/{who}/unblock")).status_code == 204
    assert (await visitor.get(f"/api/conversations/{conversation}")).status_code == 200


async def test_an_unknown_visitor_cannot_be_blocked(agent: Client) -> None:
    assert (await agent.post("/api/visitors/nobody/block")).status_code == 404
