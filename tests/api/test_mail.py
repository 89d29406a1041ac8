"""What of mail is asked for before anybody is signed in."""

from collections.abc import AsyncIterator

import pytest
from tests.api.conftest import ORIGIN, Client, now, open_client, replaced

from havana.api.services import Services
from havana.chat.people import Agent
from havana.jobs import Worker
from havana.people import People


async def test_anybody_may_know_whether_letters_can_be_sent(client: Client, services: Services) -> None:
    without = await client.get("/api/mail")
    async with open_client(replaced(services, sends_mail=True)) as other:
        having = await other.get("/api/mail")

    assert (without.json(), having.json()) == ({"configured": False}, {"configured": True})


class TestForgotten:
    @pytest.fixture
    async def door(self, services: Services) -> AsyncIterator[Client]:
        """The sign-in page of a server that sends mail."""
        worker = Worker(services.database, now)
        mailing = People(services.database, services.bus, worker, now, mails=True)
        async with open_client(replaced(services, people=mailing)) as browser:
            browser.headers["Origin"] = ORIGIN
            yield browser

    async def letters(self, services: Services) -> list[tuple[str, str, str | None]]:
        chosen = "SELECT kind, recipient, agent_id FROM mails ORDER BY id"
        return await services.database.read(lambda conn: [tuple(row) for row in conn.exec_driver_sql(chosen).all()])

    async def test_the_answer_and_what_is_done_for_it_are_the_same_for_everybody(
        self, door: Client, ana: Agent, services: Services
    ) -> None:
        asked = [
            await door.post("/api/links/forgotten", json={"email": email})
            for email in (" Ana@Example.com", "nobody@example.com")
        ]

        assert [(answer.status_code, answer.content) for answer in asked] == [(204, b""), (204, b"")]
        assert await self.letters(services) == [
            ("forgotten", "ana@example.com", None),
            ("forgotten", "nobody@example.com", None),
        ]

    async def test_three_letters_an_hour_for_one_e_mail_however_it_is_written(
        self, door: Client, services: Services
    ) -> None:
        asked = [
            await door.post("/api/links/forgotten", json={"email": email})
            for email in ("a@example.com", "A@example.com", "a@EXAMPLE.com", "a@example.com ", "b@example.com")
        ]

        assert [answer.status_code for answer in asked] == [204, 204, 204, 429, 204]
        assert int(asked[3].headers["Retry-After"]) > 1000
        assert len(await self.letters(services)) == 4

    async def test_twenty_an_hour_from_one_address(self, door: Client) -> None:
        asked = [
            await door.post("/api/links/forgotten", json={"email": f"a{number}@example.com"}) for number in range(21)
        ]

        assert [answer.status_code for answer in asked] == [204] * 20 + [429]

    async def test_another_site_s_page_does_not_ask_for_letters(self, door: Client, services: Services) -> None:
        foreign = {"Origin": "https://evil.example"}
        answer = await door.post("/api/links/forgotten", json={"email": "ana@example.com"}, headers=foreign)

        assert answer.status_code == 403
        assert await self.letters(services) == []

    async def test_what_is_no_address_is_said(self, door: Client, services: Services) -> None:
        for email in ("ana", "ana@example.com\nBcc: all@example.com", ""):
            assert (await door.post("/api/links/forgotten", json={"email": email})).status_code == 400
        assert await self.letters(services) == []

    async def test_without_a_mail_server_it_is_said_whom_to_ask(self, client: Client, services: Services) -> None:
        answer = await client.post("/api/links/forgotten", json={"email": "ana@example.com"})

        assert answer.status_code == 400
        assert "Ask an admin for a link" in answer.json()["error"]["message"]
        assert await self.letters(services) == []
