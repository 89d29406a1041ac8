"""What agents change about themselves."""

import pytest
from tests.api.conftest import ORIGIN, PASSWORD, Client, hire, now, open_client, signed_in

from havana.api.services import Services
from havana.bus import PEOPLE, AgentChanged, Message, SessionsEnded
from havana.chat.people import Agent
from havana.storage import staff

CHOSEN = {
    "sound_on": False,
    "sound": "bell",
    "volume": 30,
    "desktop": True,
    "quiet": {"from": "22:00", "until": "07:30", "timezone": "Europe/Berlin"},
    "mail": True,
    "mail_after_m": 15,
}
USUAL = {
    "sound_on": True,
    "sound": "chime",
    "volume": 60,
    "desktop": False,
    "quiet": None,
    "mail": False,
    "mail_after_m": 5,
}
NEW = "a better horse"


async def sign_in(client: Client, agent: Agent, password: str) -> int:
    answer = await client.post("/api/session", json={"email": agent.email, "password": password})
    return answer.status_code


async def test_a_profile_tells_what_there_is_before_anything_was_chosen(agent: Client, ana: Agent) -> None:
    assert (await agent.get("/api/profile")).json() == {
        "id": ana.id,
        "name": "Ana",
        "email": ana.email,
        "role": "admin",
        "away": False,
        "has_password": True,
        "notifications": USUAL,
    }


class TestDuty:
    async def test_each_goes_away_for_themselves_and_the_team_sees_it(self, agent: Client, ana: Agent) -> None:
        answer = await agent.put(f"/api/agents/{ana.id}/duty", json={"on_duty": False})

        assert (answer.status_code, answer.json()) == (200, {"away": True})
        assert (await agent.get("/api/profile")).json()["away"] is True
        (only,) = (await agent.get("/api/agents")).json()["agents"]
        assert (only["away"], only["on_duty"]) == (True, False)

    async def test_an_admin_sends_others_away_and_an_agent_does_not(
        self, agent: Client, ana: Agent, services: Services, password_hash: str
    ) -> None:
        ben = await services.database.write(
            lambda conn: staff.add_agent(
                conn, "ben@example.com", "Ben", "agent", password_hash=password_hash, now=now()
            )
        )
        assert (await agent.put(f"/api/agents/{ben.id}/duty", json={"on_duty": False})).json() == {"away": True}
        async with signed_in(services, ben) as browser:
            refused = await browser.put(f"/api/agents/{ana.id}/duty", json={"on_duty": False})
            back = await browser.put(f"/api/agents/{ben.id}/duty", json={"on_duty": True})

        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
        assert back.json() == {"away": False}
        assert (await agent.get("/api/profile")).json()["away"] is False

    async def test_nobody_is_sent_away_who_is_not_there(self, agent: Client) -> None:
        assert (await agent.put("/api/agents/nobody/duty", json={"on_duty": False})).status_code == 404


class TestName:
    async def test_a_new_name_is_told_to_everybody(self, agent: Client, ana: Agent, services: Services) -> None:
        heard: list[Message] = []
        services.bus.subscribe(PEOPLE, heard.append)
        answer = await agent.put("/api/profile", json={"name": "  Ana\n  Maria "})

        assert answer.json()["name"] == "Ana Maria"
        assert (await agent.get("/api/session")).json()["agent"]["name"] == "Ana Maria"
        assert heard == [AgentChanged(ana.id, "Ana Maria", away=False)]

    @pytest.mark.parametrize("name", ["", "  ", "\u200b", "x" * 201])
    async def test_a_name_can_be_seen_and_is_not_endless(self, agent: Client, name: str) -> None:
        assert (await agent.put("/api/profile", json={"name": name})).status_code == 400
        assert (await agent.get("/api/profile")).json()["name"] == "Ana"


class TestNotifications:
    async def test_what_was_chosen_is_there_on_the_next_machine(
        self, agent: Client, ana: Agent, services: Services
    ) -> None:
        assert (await agent.put("/api/profile/notifications", json=CHOSEN)).json() == CHOSEN
        async with signed_in(services, ana) as elsewhere:
            assert (await elsewhere.get("/api/profile")).json()["notifications"] == CHOSEN

    @pytest.mark.parametrize(
        "wrong",
        [
            {"sound": "siren"},
            {"volume": 0},
            {"volume": 101},
            {"mail_after_m": 0},
            {"mail_after_m": 1441},
            {"quiet": {"from": "22:00", "until": "24:00", "timezone": "UTC"}},
            {"quiet": {"from": "22:00", "until": "22:00", "timezone": "UTC"}},
            {"quiet": {"from": "22:00", "until": "07:00", "timezone": "../etc/passwd"}},
            {"quiet": {"from": "22:00", "until": "07:00", "timezone": "Atlantis/Poseidon"}},
        ],
    )
    async def test_what_cannot_be_is_refused(self, agent: Client, wrong: dict[str, object]) -> None:
        assert (await agent.put("/api/profile/notifications", json=wrong)).status_code == 400
        assert (await agent.get("/api/profile")).json()["notifications"] == USUAL

    @pytest.mark.parametrize("stored", ['{"notifications": {"sound": "of a newer release"}}', '{"other": 1}'])
    async def test_settings_of_a_newer_release_count_nothing_and_are_no_error(
        self, agent: Client, ana: Agent, services: Services, stored: str
    ) -> None:
        await services.database.write(lambda conn: conn.exec_driver_sql("UPDATE agents SET settings = ?", (stored,)))

        assert (await agent.get("/api/profile")).json()["notifications"] == USUAL


class TestPassword:
    async def test_a_new_password_ends_all_other_sessions_and_the_old_one_opens_nothing(
        self, agent: Client, ana: Agent, services: Services
    ) -> None:
        heard: list[Message] = []
        services.bus.subscribe(PEOPLE, heard.append)
        async with signed_in(services, ana) as elsewhere:
            changed = await agent.put("/api/profile/password", json={"current": PASSWORD, "new": NEW})
            assert changed.status_code == 204
            assert (await elsewhere.get("/api/profile")).status_code == 401
        assert [type(message) for message in heard] == [SessionsEnded]
        assert (await agent.get("/api/profile")).status_code == 200

        async with open_client(services) as browser:
            browser.headers["Origin"] = ORIGIN
            assert await sign_in(browser, ana, PASSWORD) == 401
            assert await sign_in(browser, ana, NEW) == 200

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ({"current": "wrong horse", "new": NEW}, 403),
            ({"new": NEW}, 403),
            ({"current": PASSWORD, "new": "short"}, 400),
            ({"current": PASSWORD, "new": PASSWORD}, 400),
        ],
    )
    async def test_a_wrong_or_a_weak_one_changes_nothing(
        self, agent: Client, ana: Agent, services: Services, asked: dict[str, str], status: int
    ) -> None:
        assert (await agent.put("/api/profile/password", json=asked)).status_code == status
        async with signed_in(services, ana) as still:
            assert (await still.get("/api/profile")).status_code == 200

    async def test_an_open_session_does_not_help_to_guess_it(self, agent: Client) -> None:
        asked = {"current": "wrong horse", "new": NEW}
        answers = [(await agent.put("/api/profile/password", json=asked)).status_code for _ in range(12)]

        assert answers[0] == 403
        assert answers[-1] == 429

    async def test_whoever_signs_in_by_links_only_sets_a_first_one(
        self, services: Services, agent: Client, ana: Agent
    ) -> None:
        await services.database.write(lambda conn: conn.exec_driver_sql("UPDATE agents SET password_hash = NULL"))
        assert (await agent.get("/api/profile")).json()["has_password"] is False

        assert (await agent.put("/api/profile/password", json={"new": NEW})).status_code == 204
        assert (await agent.get("/api/profile")).json()["has_password"] is True


async def test_hired_people_begin_on_duty(services: Services, password_hash: str, agent: Client) -> None:
    await hire(services, "cleo@example.com", "Cleo", password_hash)

    assert [one["away"] for one in (await agent.get("/api/agents")).json()["agents"]] == [False, False]
