"""The settings of a site over REST: for admins, with versions, and what they must not tell or lose."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests.api.conftest import Client, hire, now, signed_in

from havana.api.services import Services
from havana.bus import SITES, Message, SiteChanged
from havana.chat.site import Site, Words
from havana.chat.site_tools import HttpTool, McpServer
from havana.storage import sites, staff
from havana.storage.tables import sites as stored_sites

Json = dict[str, Any]
HERE = "/api/sites/school/settings"
SAVED = ("key", "own_words", "tools", "updated_at", "by")
"""What is told, and not saved."""

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
async def ben(services: Services, site: Site, password_hash: str) -> AsyncIterator[Client]:
    async with signed_in(services, await hire(services, "ben@example.com", "Ben", password_hash)) as browser:
        yield browser


async def read(admin: Client) -> Json:
    answer = await admin.get(HERE)
    assert answer.status_code == 200, answer.text
    settings: Json = answer.json()
    return settings


async def save(admin: Client, before: Json, **changes: object) -> Json:
    answer = await admin.put(HERE, json=as_saved(before) | changes)
    assert answer.status_code == 200, answer.text
    settings: Json = answer.json()
    return settings


def as_saved(told: Json) -> Json:
    return {name: value for name, value in told.items() if name not in SAVED}


async def stored(services: Services) -> Json:
    chosen = sa.select(stored_sites.c.settings).where(stored_sites.c.key == "school")
    text = await services.database.read(lambda conn: conn.execute(chosen).scalar_one())
    settings: Json = msgspec.json.decode(text)
    return settings


async def changes(admin: Client) -> list[tuple[str, Json]]:
    """The newest first."""
    return [(one["kind"], one["details"]) for one in (await admin.get("/api/audit")).json()["entries"]]


async def test_what_is_saved_is_told_and_holds_at_once(agent: Client, services: Services, site: Site):
    desk = services.requests._desk
    assert (await desk.site(site.id)).greeting == "Hello"
    first = await read(agent)
    assert (first["greeting"], first["words"], first["hours"], first["by"]) == ("Hello", {}, {}, None)
    assert first["own_words"]["joined"] == "{agent} has joined the conversation."

    saved = await save(
        agent,
        first,
        greeting="  Good day\n",
        hours={"mon": ["09:00-12:30"], "sun": []},
        words={"joined": "Here is {agent}.", "closed": " "},
        wait_target_s=60,
        assign="round_robin",
        tells_page=False,
    )

    assert saved["by"] == "Ana"
    assert (saved["greeting"], saved["hours"], saved["words"]) == (
        "Good day",
        {"mon": ["09:00-12:30"]},
        {"joined": "Here is {agent}."},
    )
    assert await read(agent) == saved
    # Within the second for which the desk keeps what it has read.
    held = await desk.site(site.id)
    assert (held.words.joined, held.assign, held.tells_page) == ("Here is {agent}.", "round_robin", False)
    assert (await agent.get("/api/sites")).json()["sites"][0]["wait_target_s"] == 60
    assert (await agent.get("/api/sites/school")).json()["greeting"] == "Good day"


async def test_every_node_is_told(agent: Client, services: Services, site: Site):
    heard: list[Message] = []
    services.bus.subscribe(SITES, heard.append)
    await save(agent, await read(agent), greeting="Good day")

    assert heard == [SiteChanged(site.id)]


async def test_the_list_of_changes_names_the_settings_once_and_not_what_they_say(agent: Client):
    first = await read(agent)
    for _ in range(2):
        await save(agent, first, greeting="Good day", words={"joined": "Here is {agent}."})

    assert await changes(agent) == [("site_saved", {"site": "The School", "fields": ["greeting", "words"]})]


async def test_what_a_file_says_with_a_line_to_spare_is_not_changed_by_saving(
    agent: Client, services: Services, site: Site
):
    lines = msgspec.structs.replace(site, persona="You are warm.\n", greeting="Hello\n")
    await services.database.write(lambda conn: sites.store(conn, lines, now()))
    first = await read(agent)

    assert await save(agent, first, persona="You are warm.") == first
    assert await changes(agent) == []


async def test_nobody_writes_over_what_they_have_not_seen(agent: Client, ben: Client):
    first = await read(agent)
    second = await save(ben, first, greeting="From Ben")
    at = f"{second['updated_at'][:10]} at {second['updated_at'][11:16]} UTC"
    refused = await agent.put(HERE, json=as_saved(first) | {"greeting": "From Ana"})

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stale")
    assert refused.json()["error"]["message"] == (
        f"Ben saved this website's settings on {at}. Read it again, then say its version."
    )
    assert (await read(agent))["greeting"] == "From Ben"


async def test_what_a_command_sets_is_another_version(agent: Client, services: Services, site: Site):
    first = await save(agent, await read(agent), greeting="From Ana")
    applied = msgspec.structs.replace(site, greeting="From a file")
    await services.database.write(lambda conn: sites.store(conn, applied, now()))
    told = await read(agent)

    assert (told["greeting"], told["by"]) == ("From a file", None)
    assert told["updated_at"] > first["updated_at"]
    assert (await agent.put(HERE, json=as_saved(first))).status_code == 409


async def test_all_that_is_wrong_is_told_with_its_field(agent: Client):
    first = await read(agent)
    wrong = {"name": " ", "call_url": "ftp://x", "hours": {"mon": ["9-5"]}, "words": {"joind": "Hi"}}
    refused = await agent.put(HERE, json=as_saved(first) | wrong)

    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "bad_request"
    assert refused.json()["error"]["problems"] == [
        {"field": "name", "message": "must not be empty"},
        {"field": "call_url", "message": "must begin with https://, not 'ftp://x'"},
        {"field": "hours.mon", "message": "must have spans like 09:00-17:00, not '9-5'"},
        {"field": "words.joind", "message": "is no word of Havana's"},
    ]
    assert refused.json()["error"]["message"].startswith("name must not be empty; call_url must begin with")
    assert await read(agent) == first


async def test_tools_are_listed_without_what_may_be_secret_and_stay_as_they_are(
    agent: Client, services: Services, site: Site
):
    track = HttpTool("track", "Where it is", "https://shop.example/track?token=SECRET", changes=False, secret="TOOL_A")
    tools = (track, HttpTool("refund", "Pays back", "https://shop.example/refund"))
    mcp = (McpServer("crm", "https://crm.example/mcp?key=SECRET"),)
    with_tools = msgspec.structs.replace(site, tools=tools, mcp=mcp)
    await services.database.write(lambda conn: sites.store(conn, with_tools, now()))
    before = await stored(services)
    saved = await save(agent, await read(agent), greeting="Good day")
    after = await stored(services)

    assert saved["tools"] == [
        {"kind": "http", "name": "track", "address": "https://shop.example/track", "permission": "read"},
        {"kind": "http", "name": "refund", "address": "https://shop.example/refund", "permission": "ask"},
        {"kind": "mcp", "name": "crm", "address": "https://crm.example/mcp", "permission": None},
    ]
    assert "SECRET" not in str(saved)
    assert "TOOL_A" not in str(saved)
    assert after == before | {"greeting": "Good day"}


async def test_what_a_newer_release_has_set_stays(agent: Client, services: Services):
    newer = await stored(services) | {
        "theme": {"colour": "#204060"},
        "words": {"welcome_back": "Welcome back."},
        "tools": [{"name": "look", "description": "Looks", "url": "https://shop.example/look", "method": "QUERY"}],
    }
    text = msgspec.json.encode(newer).decode()
    await services.database.write(lambda conn: conn.execute(stored_sites.update().values(settings=text)))
    saved = await save(agent, await read(agent), words={"joined": "Here is {agent}."})

    assert saved["tools"] == []
    assert await stored(services) == newer | {"words": {"welcome_back": "Welcome back.", "joined": "Here is {agent}."}}


async def test_a_site_is_made_with_a_key_of_its_own(agent: Client):
    made = await agent.post("/api/sites", json={"key": "shop", "name": " The  Shop "})
    again = await agent.post("/api/sites", json={"key": "shop", "name": "Another"})
    wrong = await agent.post("/api/sites", json={"key": "The Shop", "name": ""})

    assert made.status_code == 201
    assert (made.json()["key"], made.json()["name"], made.json()["by"]) == ("shop", "The Shop", "Ana")
    assert again.json()["error"]["problems"] == [
        {"field": "key", "message": "must be another one: there is a website with this one"}
    ]
    assert [problem["field"] for problem in wrong.json()["error"]["problems"]] == ["key", "name"]
    assert [one["key"] for one in (await agent.get("/api/sites")).json()["sites"]] == ["school", "shop"]
    assert await changes(agent) == [("site_added", {"site": "The Shop"})]


async def test_they_are_for_admins_alone(
    visitor: Client, client: Client, services: Services, password_hash: str, agent: Client
):
    body = as_saved(await read(agent))
    eva = await services.database.write(
        lambda conn: staff.add_agent(conn, "eva@example.com", "Eva", "agent", password_hash=password_hash, now=now())
    )
    async with signed_in(services, eva) as no_admin:
        for somebody, status in ((visitor, 401), (client, 401), (no_admin, 403)):
            assert (await somebody.get(HERE)).status_code == status
            assert (await somebody.put(HERE, json=body)).status_code == status
            assert (await somebody.post("/api/sites", json={"key": "a", "name": "A"})).status_code == status
    assert (await agent.get("/api/sites/nowhere/settings")).status_code == 404
    assert (await agent.put("/api/sites/nowhere/settings", json=body)).status_code == 404


async def test_every_setting_but_the_tools_can_be_set(agent: Client):
    told = await read(agent)

    assert {*Site.__struct_fields__} - {*as_saved(told)} == {"id", "key", "tools", "mcp"}
    assert {*told["own_words"]} == {*Words.__struct_fields__}
