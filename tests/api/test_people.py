"""Who comes to the team and who leaves it, over REST."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.api.conftest import ORIGIN, PASSWORD, Client, now, open_client, replaced, signed_in

from havana.api.services import Services
from havana.bus import PEOPLE, AgentChanged, Message, SessionsEnded
from havana.chat.people import Agent
from havana.jobs import Worker
from havana.people import People
from havana.storage import mails, staff
from havana.storage.database import Connection

NEW = "a better horse"


@pytest.fixture
async def ben(services: Services, password_hash: str) -> Agent:
    return await services.database.write(
        lambda conn: staff.add_agent(conn, "ben@example.com", "Ben", "agent", password_hash=password_hash, now=now())
    )


@pytest.fixture
async def elsewhere(services: Services) -> AsyncIterator[Client]:
    """Another browser, with nobody signed in."""
    async with open_client(services) as browser:
        browser.headers["Origin"] = ORIGIN
        yield browser


async def invite(agent: Client, email: str = "cleo@example.com", role: str = "agent") -> tuple[str, str]:
    """The id of whom is invited, and the token of the link."""
    answer = await agent.post("/api/people", json={"email": email, "name": " Cleo\n", "role": role})
    assert answer.status_code == 201, answer.text
    link: str = answer.json()["link"]
    assert link.startswith("/console/sign-in#password=")
    return answer.json()["person"]["id"], link.partition("=")[2]


async def states(agent: Client) -> dict[str, tuple[str, str]]:
    return {one["name"]: (one["state"], one["role"]) for one in (await agent.get("/api/people")).json()["people"]}


async def changes(agent: Client) -> list[tuple[str | None, str, dict[str, Any]]]:
    """What the list of changes says, without the ids of whom it is about."""
    entries = (await agent.get("/api/audit")).json()["entries"]
    for entry in entries:
        entry["details"].pop("agent", None)
    return [(one["by"] and one["by"]["name"], one["kind"], one["details"]) for one in entries]


class TestInviting:
    async def test_whoever_follows_the_link_chooses_a_password_and_is_on_the_team(
        self, agent: Client, elsewhere: Client, services: Services
    ) -> None:
        _, token = await invite(agent)
        assert await states(agent) == {"Ana": ("active", "admin"), "Cleo": ("invited", "agent")}
        assert len((await agent.get("/api/agents")).json()["agents"]) == 1
        shown = await elsewhere.post("/api/links", json={"link": token})
        assert shown.json() == {"name": "Cleo", "email": "cleo@example.com", "invited": True}

        heard: list[Message] = []
        services.bus.subscribe(PEOPLE, heard.append)
        followed = await elsewhere.post("/api/links/follow", json={"link": token, "password": NEW})
        assert followed.status_code == 200
        cleo = followed.json()["agent"]
        assert (await elsewhere.get("/api/session")).json()["agent"] == cleo
        assert heard == [AgentChanged(cleo["id"], "Cleo", away=False)]
        assert (await states(agent))["Cleo"] == ("active", "agent")
        assert await changes(agent) == [
            ("Cleo", "invitation_followed", {}),
            ("Ana", "agent_invited", {"name": "Cleo", "role": "agent"}),
        ]

    async def test_a_link_is_good_once(self, agent: Client, elsewhere: Client) -> None:
        _, token = await invite(agent)
        again = [await elsewhere.post("/api/links/follow", json={"link": token, "password": NEW}) for _ in range(2)]

        assert [answer.status_code for answer in again] == [200, 401]

    async def test_a_weak_password_leaves_the_link_as_it_is(self, agent: Client, elsewhere: Client) -> None:
        _, token = await invite(agent)
        weak = await elsewhere.post("/api/links/follow", json={"link": token, "password": "short"})

        assert weak.status_code == 400
        assert (await elsewhere.post("/api/links", json={"link": token})).status_code == 200

    async def test_an_invitation_that_is_taken_back_lets_nobody_in(self, agent: Client, elsewhere: Client) -> None:
        cleo, token = await invite(agent)
        assert (await agent.delete(f"/api/people/{cleo}")).status_code == 204
        followed = await elsewhere.post("/api/links/follow", json={"link": token, "password": NEW})

        assert followed.status_code == 401
        assert await states(agent) == {"Ana": ("active", "admin")}

    async def test_who_is_on_the_team_already_is_not_invited_and_not_uninvited(
        self, agent: Client, ana: Agent, ben: Agent
    ) -> None:
        for email in (ana.email, "BEN@example.com"):
            answer = await agent.post("/api/people", json={"email": email, "name": "Somebody"})
            assert answer.status_code == 400
        assert (await agent.delete(f"/api/people/{ben.id}")).status_code == 400
        assert (await states(agent))["Ben"] == ("active", "agent")

    async def test_guessing_links_has_its_limit(self, elsewhere: Client) -> None:
        asked = [await elsewhere.post("/api/links", json={"link": f"guess-{number}"}) for number in range(51)]

        assert {answer.status_code for answer in asked[:50]} == {401}
        assert asked[50].status_code == 429


class TestLinks:
    async def test_who_forgot_their_password_chooses_another_and_is_signed_out_elsewhere(
        self, agent: Client, ben: Agent, elsewhere: Client, services: Services
    ) -> None:
        made = (await agent.post(f"/api/people/{ben.id}/link")).json()
        token = made["link"].partition("=")[2]
        async with signed_in(services, ben) as old:
            heard: list[Message] = []
            services.bus.subscribe(PEOPLE, heard.append)
            assert (await elsewhere.post("/api/links", json={"link": token})).json()["invited"] is False
            assert (await elsewhere.post("/api/links/follow", json={"link": token, "password": NEW})).status_code == 200
            assert (await old.get("/api/session")).status_code == 401
        assert [type(message) for message in heard] == [SessionsEnded]
        assert await changes(agent) == [("Ben", "password_reset", {}), ("Ana", "link_made", {"name": "Ben"})]

    async def test_no_token_and_no_password_stands_in_the_list_of_changes(
        self, agent: Client, ben: Agent, elsewhere: Client, services: Services
    ) -> None:
        _, token = await invite(agent)
        await elsewhere.post("/api/links/follow", json={"link": token, "password": NEW})
        await agent.post(f"/api/people/{ben.id}/link")
        await agent.put("/api/profile/password", json={"current": PASSWORD, "new": NEW})

        stored = await services.database.read(
            lambda conn: str(conn.exec_driver_sql("SELECT agent_name, kind, details FROM audit").all())
        )
        for secret in (token, NEW, PASSWORD, "argon2"):
            assert secret not in stored


class TestRoles:
    async def test_an_admin_makes_another_who_may_then_make_them_none(
        self, agent: Client, ana: Agent, ben: Agent, services: Services
    ) -> None:
        heard: list[Message] = []
        services.bus.subscribe(PEOPLE, heard.append)
        last = await agent.put(f"/api/people/{ana.id}/role", json={"role": "agent"})
        assert last.status_code == 400
        assert "last admin" in last.json()["error"]["message"]
        made = await agent.put(f"/api/people/{ben.id}/role", json={"role": "admin"})
        assert made.json()["role"] == "admin"
        async with signed_in(services, ben) as other:
            assert (await other.put(f"/api/people/{ana.id}/role", json={"role": "agent"})).status_code == 200
        assert (await agent.get("/api/people")).status_code == 403

        assert heard == [
            AgentChanged(ben.id, "Ben", away=False, admin=True),
            AgentChanged(ana.id, "Ana", away=False, admin=False),
        ]

    async def test_what_changes_nothing_is_not_told_of(self, agent: Client, ben: Agent) -> None:
        assert (await agent.put(f"/api/people/{ben.id}/role", json={"role": "agent"})).status_code == 200
        assert (await agent.post(f"/api/people/{ben.id}/reactivate")).status_code == 200

        assert await changes(agent) == []


class TestDeactivating:
    async def test_they_are_out_at_once_and_come_back_with_their_password(
        self, agent: Client, ben: Agent, services: Services
    ) -> None:
        heard: list[Message] = []
        services.bus.subscribe(PEOPLE, heard.append)
        async with signed_in(services, ben) as browser:
            gone = await agent.post(f"/api/people/{ben.id}/deactivate")
            assert gone.json()["state"] == "deactivated"
            assert (await browser.get("/api/session")).status_code == 401
            again = await browser.post("/api/session", json={"email": ben.email, "password": PASSWORD})
            assert again.status_code == 401
        assert SessionsEnded(agent=ben.id) in heard
        assert len((await agent.get("/api/agents")).json()["agents"]) == 1
        assert (await agent.post(f"/api/people/{ben.id}/link")).status_code == 400

        assert (await agent.post(f"/api/people/{ben.id}/reactivate")).json()["state"] == "active"
        async with signed_in(services, ben):
            pass
        told = [(kind, details["name"]) for _, kind, details in await changes(agent)]
        assert told == [("agent_reactivated", "Ben"), ("agent_deactivated", "Ben")]

    async def test_the_last_admin_is_not_deactivated(self, agent: Client, ana: Agent) -> None:
        assert (await agent.post(f"/api/people/{ana.id}/deactivate")).status_code == 400
        assert (await agent.get("/api/session")).status_code == 200


async def test_whoever_is_no_admin_neither_reads_nor_changes_any_of_it(
    agent: Client, ana: Agent, ben: Agent, services: Services, client: Client
) -> None:
    asked = [
        ("GET", "/api/people"),
        ("GET", "/api/audit"),
        ("POST", "/api/people"),
        ("DELETE", f"/api/people/{ana.id}"),
        ("PUT", f"/api/people/{ana.id}/role"),
        *(("POST", f"/api/people/{ana.id}/{what}") for what in ("link", "deactivate", "reactivate")),
    ]
    body = {"email": "eve@example.com", "name": "Eve", "role": "agent"}
    async with signed_in(services, ben) as browser:
        for method, path in asked:
            sent = None if method == "GET" else body
            assert (await browser.request(method, path, json=sent)).status_code == 403, path
            assert (await client.request(method, path, json=sent)).status_code == 401, path

    assert await states(agent) == {"Ana": ("active", "admin"), "Ben": ("active", "agent")}


@pytest.mark.parametrize("what", ["link", "deactivate", "reactivate"])
async def test_nobody_is_changed_who_is_not_there(agent: Client, what: str) -> None:
    assert (await agent.post(f"/api/people/nobody/{what}")).status_code == 404


class TestByMail:
    @pytest.fixture
    def services(self, services: Services) -> Services:
        worker = Worker(services.database, now)
        return replaced(services, people=People(services.database, services.bus, worker, now, mails=True))

    async def mailed(self, agent: Client) -> dict[str, Any]:
        return {one["name"]: one["mailed"] for one in (await agent.get("/api/people")).json()["people"]}

    async def letters(self, services: Services) -> list[tuple[str, str]]:
        return await services.database.read(
            lambda conn: [tuple(row) for row in conn.exec_driver_sql("SELECT kind, recipient FROM mails").all()]
        )

    async def test_who_is_invited_is_written_to_and_admins_see_what_became_of_it(
        self, agent: Client, services: Services
    ) -> None:
        cleo, _ = await invite(agent)
        assert await self.letters(services) == [("invitation", "cleo@example.com")]
        assert await self.mailed(agent) == {"Ana": None, "Cleo": {"state": "sending", "error": None}}

        def fail(conn: Connection) -> None:
            [mail] = conn.exec_driver_sql("SELECT id FROM mails").scalars()
            mails.failed(conn, mail, "no such user", now())

        await services.database.write(fail)
        assert (await self.mailed(agent))["Cleo"] == {"state": "failed", "error": "no such user"}
        again = (await agent.post(f"/api/people/{cleo}/link")).json()
        assert again["person"]["mailed"] == {"state": "sending", "error": None}
        assert len(await self.letters(services)) == 2

    async def test_a_link_for_who_is_on_the_team_is_handed_on_by_the_admin(
        self, agent: Client, ben: Agent, services: Services
    ) -> None:
        made = (await agent.post(f"/api/people/{ben.id}/link")).json()

        assert made["person"]["mailed"] is None
        assert await self.letters(services) == []

    async def test_what_is_written_down_holds_no_token(self, agent: Client, services: Services) -> None:
        _, token = await invite(agent)
        stored = await services.database.read(lambda conn: str(conn.exec_driver_sql("SELECT * FROM mails").all()))

        assert token not in stored

    async def test_an_invitation_that_is_taken_back_leaves_no_address(self, agent: Client, services: Services) -> None:
        cleo, _ = await invite(agent)
        await agent.delete(f"/api/people/{cleo}")

        assert await self.letters(services) == []


async def test_without_a_mail_server_nobody_is_written_to(agent: Client, services: Services) -> None:
    await invite(agent)
    letters = await services.database.read(lambda conn: conn.exec_driver_sql("SELECT id FROM mails").all())

    assert letters == []


async def test_how_many_conversations_somebody_is_given_is_said_by_admins_and_told(agent: Client) -> None:
    [ana] = (await agent.get("/api/people")).json()["people"]
    path = f"/api/people/{ana['id']}/capacity"
    said = [(await agent.put(path, json={"capacity": capacity})).json()["capacity"] for capacity in (6, 6, 0, None)]
    refused = await agent.put(path, json={"capacity": -1})
    entries = (await agent.get("/api/audit")).json()["entries"]

    assert (ana["capacity"], said, refused.status_code) == (None, [6, 6, 0, None], 400)
    assert [(one["kind"], one["details"]["capacity"]) for one in entries] == [
        ("capacity_changed", 4),
        ("capacity_changed", 0),
        ("capacity_changed", 6),
    ]
