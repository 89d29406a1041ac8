"""The reports over REST."""

import datetime as dt
from typing import Any

import pytest
from tests.api.conftest import Client, arrive, begin, hire, now, open_client, signed_in

from havana.api.services import Services
from havana.chat.people import Agent
from havana.chat.site import Site
from havana.ids import new_id
from havana.storage import sites, staff

Json = dict[str, Any]
TODAY = {"from": f"{now():%Y-%m-%d}", "to": f"{now() + dt.timedelta(days=1):%Y-%m-%d}"}
"""And tomorrow, for it may be midnight before the test is over."""
LIST = "/api/reports/conversations"


async def read(somebody: Client, path: str = "/api/reports", **params: Any) -> Json:
    answer = await somebody.get(path, params=TODAY | params)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
async def chat(visitor: Client, agent: Client) -> str:
    """A visitor wanted a person, Ana came, and was rated."""
    conversation = await begin(visitor)
    for somebody, command, fields in (
        (visitor, "request_human", {}),
        (agent, "claim", {}),
        (agent, "post", {"text": "Hello", "key": new_id()}),
        (visitor, "rate", {"score": 4}),
    ):
        answer = await somebody.post(f"/api/conversations/{conversation}/{command}", json=fields)
        assert answer.status_code == 200, answer.text
    return conversation


async def test_what_has_just_happened_is_in_the_report(agent: Client, chat: str, ana: Agent):
    report = await read(agent)

    figures = report["figures"]["now"]
    assert (figures["conversations"], figures["person"], figures["handovers"]) == (1, 1, 1)
    assert (figures["claim"]["count"], figures["words"]["count"], figures["unanswered"]) == (1, 1, 0)
    assert figures["ratings"] == report["satisfaction"]["people"] == {"count": 1, "mean": 4.0}
    assert report["figures"]["before"]["conversations"] == 0
    assert report["reasons"] == [{"name": "asked", "now": 1, "before": 0}]
    assert [site["site"] for site in report["sites"]] == ["school"]
    assert [(one["agent"], one["name"], one["handovers"]) for one in report["agents"]] == [(ana.id, "Ana", 1)]
    assert sum(day["conversations"] for day in report["days"]) == 1
    assert sum(hour["now"] for hour in report["hours"]) == 1
    assert report["counted_until"] is None


async def test_each_figure_tells_its_conversations(agent: Client, chat: str, ana: Agent):
    [behind] = (await read(agent, LIST, figure="claims", agent=ana.id))["conversations"]
    assert (behind["conversation"], behind["site"], behind["control"]) == (chat, "school", "human")
    assert 0 <= behind["value"] < 60

    assert len((await read(agent, LIST, figure="ratings"))["conversations"]) == 1
    assert (await read(agent, LIST, figure="ratings", assistant=True))["conversations"] == []
    assert (await read(agent, LIST, figure="handovers", reason="policy"))["conversations"] == []
    assert (await read(agent, LIST, figure="solved")) == {"conversations": [], "next": None}


async def test_a_long_list_comes_in_pages(agent: Client, services: Services, site: Site):
    for _ in range(51):
        async with open_client(services) as page:
            await arrive(page, site)
            await begin(page)
    await read(agent)

    first = await read(agent, LIST, figure="conversations")
    last = await read(agent, LIST, figure="conversations", skip=first["next"])
    assert (len(first["conversations"]), first["next"]) == (50, 50)
    assert (len(last["conversations"]), last["next"]) == (1, None)


async def test_a_site_has_a_report_of_its_own(agent: Client, chat: str, services: Services):
    shop = Site(id=new_id(), key="shop", name="The Shop")
    await services.database.write(lambda conn: sites.store(conn, shop, now()))

    assert (await read(agent, site="shop"))["figures"]["now"]["conversations"] == 0
    assert (await read(agent, site="school"))["figures"]["now"]["conversations"] == 1
    assert (await agent.get("/api/reports", params=TODAY | {"site": "nowhere"})).status_code == 404


async def test_the_figures_of_an_agent_are_for_them_and_for_admins(
    agent: Client, chat: str, ana: Agent, services: Services, password_hash: str
):
    eva = await services.database.write(
        lambda conn: staff.add_agent(conn, "eva@example.com", "Eva", "agent", password_hash=password_hash, now=now())
    )
    async with signed_in(services, eva) as browser:
        report = await read(browser)
        assert report["figures"]["now"]["handovers"] == 1
        assert report["agents"] == []
        assert (await read(browser, agent=eva.id))["figures"]["now"]["handovers"] == 0
        for path in ("/api/reports", LIST):
            refused = await browser.get(path, params=TODAY | {"agent": ana.id, "figure": "claims"})
            assert refused.status_code == 403
    async with signed_in(services, await hire(services, "ben@example.com", "Ben", password_hash)) as admin:
        assert (await read(admin, agent=ana.id))["figures"]["now"]["handovers"] == 1


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"from": "2026-01-02", "to": "2026-01-01"}, "`from` must not be after `to`, nor before 2000-01-01."),
        ({"from": "0001-01-01", "to": "0001-01-01"}, "`from` must not be after `to`, nor before 2000-01-01."),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "`from` must not be after `to`, nor before 2000-01-01."),
        ({"from": "2020-01-01", "to": "2026-01-01"}, "A report covers at most 366 days."),
        ({"zone": "Mars/Base"}, "There is no time zone 'Mars/Base'. One is Europe/Berlin."),
        ({"zone": "../etc"}, "There is no time zone '../etc'. One is Europe/Berlin."),
    ],
)
async def test_what_is_no_period_is_refused_with_why(agent: Client, params: Json, why: str):
    refused = await agent.get("/api/reports", params=TODAY | params)

    assert (refused.status_code, refused.json()["error"]["message"]) == (400, why)


async def test_what_is_not_asked_for_rightly_is_refused(agent: Client):
    for wrong in ({"from": "yesterday"}, {"figure": "love"}, {"hour": "24"}, {"skip": "-1"}):
        assert (await agent.get(LIST, params=TODAY | {"figure": "claims"} | wrong)).status_code == 400


async def test_they_are_for_agents_alone(visitor: Client, client: Client):
    for somebody in (visitor, client):
        for path in ("/api/reports", LIST):
            assert (await somebody.get(path, params=TODAY | {"figure": "claims"})).status_code == 401
