"""What of mail is asked for before anybody is signed in."""

from tests.api.conftest import Client, open_client, replaced

from havana.api.services import Services


async def test_anybody_may_know_whether_letters_can_be_sent(client: Client, services: Services) -> None:
    without = await client.get("/api/mail")
    async with open_client(replaced(services, sends_mail=True)) as other:
        having = await other.get("/api/mail")

    assert (without.json(), having.json()) == ({"configured": False}, {"configured": True})
