"""Conversations that wait for a team, from the command to the lists; teams that are gone leave nothing broken."""

import pytest

from havana.accounts.limits import Limits
from havana.chat import commands as c
from havana.chat.errors import BadRequest
from havana.chat.people import TeamName
from havana.drafts import Drafts
from havana.duty import Duty
from havana.reading import Reading
from havana.requests import Requests
from havana.storage import teams
from havana.storage.inbox import Filter

from .conftest import ANA, Office


@pytest.fixture
def requests(office: Office) -> Requests:
    return Requests(office.desk, Duty(office.clock), office.database, Limits(on=False))


@pytest.fixture
def reading(office: Office) -> Reading:
    return Reading(office.database, office.desk, Drafts(), office.bus, Limits(on=False))


async def make(office: Office, id: str, name: str) -> teams.Team:
    return await office.database.write(
        lambda conn: teams.save(conn, id, teams.Chosen(name), agent=ANA.id, now=office.clock(), version=None)
    )


async def waiting(office: Office) -> str:
    visitor = office.visitor()
    begun = await office.posts(visitor)
    await office.desk.perform(begun.fold.id, lambda chat: chat.request_human(visitor, on_duty=True))
    return begun.fold.id


async def test_it_stands_in_the_list_of_the_team_until_somebody_claims_it(
    office: Office, requests: Requests, reading: Reading
):
    await make(office, "sales", "Sales")
    chat, other = await waiting(office), await waiting(office)
    reply = await requests.perform(ANA, chat, c.Route("sales", " Look at the invoice "))
    both = (await reading.inbox(ANA, Filter(waiting=True)))["conversations"]
    ours = await reading.inbox(ANA, Filter(waiting=True, teams=("sales", "tours")))

    assert reply["repeated"] is False
    assert [event.fact.kind for event in (await office.log(chat))[-2:]] == ["note_posted", "routed"]
    assert {one["conversation"]: one["team"] for one in both} == {chat: {"id": "sales", "name": "Sales"}, other: None}
    assert [one["conversation"] for one in ours["conversations"]] == [chat]
    await requests.perform(ANA, chat, c.Claim())
    assert (await reading.inbox(ANA, Filter(teams=("sales",))))["conversations"] == []
    assert (await office.stored(chat)).team is None


async def test_a_team_that_was_deleted_cannot_be_chosen_and_what_waits_for_it_goes_on(
    office: Office, requests: Requests, reading: Reading
):
    made = await make(office, "sales", "Sales")
    chat = await waiting(office)
    await requests.perform(ANA, chat, c.Route("sales"))
    await office.database.write(lambda conn: teams.remove(conn, "sales", made.version))
    with pytest.raises(BadRequest, match="There is no such team"):
        await requests.perform(ANA, await waiting(office), c.Route("sales"))

    assert (await office.stored(chat)).team == TeamName("sales", "Sales")
    assert (await reading.inbox(ANA, Filter(waiting=True)))["conversations"][-1]["team"]["name"] == "Sales"
    await requests.perform(ANA, chat, c.Route(None))
    await requests.perform(ANA, chat, c.Claim())
    assert (await office.stored(chat)).control == "human"
