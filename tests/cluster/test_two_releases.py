"""A rolling upgrade: a node of this release and one of the next serve the same people at the same time."""

import asyncio
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
import sqlalchemy as sa
from tests.assistant.openai_server import OpenAIServer, ends, reply, says
from tests.stories.house import Person, Refused

from havana.storage.tables import jobs, sites

from . import next_release
from .nodes import Cluster, Node, a_cluster
from .people import AgentsToken, visitor_token

pytestmark = pytest.mark.slow

ANSWER = "Nine to five."


async def agent_on(node: Node, name: str) -> Person:
    return await Person.hello(node.url, await AgentsToken(node.url, f"{name.lower()}@example.com")())


def paint(cluster: Cluster) -> None:
    """The site gets a setting that only the next release knows."""

    def work(conn: sa.Connection) -> None:
        settings = msgspec.json.decode(conn.execute(sa.select(sites.c.settings)).scalar_one())
        conn.execute(sites.update().values(settings=msgspec.json.encode(settings | {"theme": "dark"}).decode()))

    cluster.database.write_now(work)


async def until_no_job_waits(cluster: Cluster, kind: str) -> None:
    count = sa.select(sa.func.count()).select_from(jobs).where(jobs.c.kind == kind)
    while cluster.database.read_now(lambda conn: conn.execute(count).scalar_one()):
        await asyncio.sleep(0.05)


class People(NamedTuple):
    """A visitor with a tab on the node of each release, and an agent on each."""

    old_tab: Person
    new_tab: Person
    ana: Person
    ben: Person


async def test_both_serve_one_conversation_and_neither_harms_the_other(
    tmp_path: Path, postgres_url: str, redis_server: Any
):
    newer = next_release.build(tmp_path)
    async with (
        OpenAIServer(reply(*says(ANSWER), *ends())) as model,
        a_cluster(tmp_path, postgres_url, redis_server.url, model, nodes=2, next_release=newer) as cluster,
    ):
        here, there = cluster.nodes
        paint(cluster)
        token = await visitor_token(here.url)
        tabs = await Person.hello(here.url, token), await Person.hello(there.url, token)
        people = People(*tabs, await agent_on(here, "Ana"), await agent_on(there, "Ben"))
        chat = await what_is_not_known_is_heard_at_once_without_its_words(people)
        await who_is_in_charge_is_known_though_not_how_that_came(people, chat)
        await only_who_can_read_it_redacts(people, chat)
        logs = [(await tab.do("history", conversation=chat, limit=100))["events"] for tab in tabs]
        await until_no_job_waits(cluster, "translate")
        for person in people:
            await person.leave()

        assert [event["seq"] for event in logs[0]] == [*range(1, len(logs[0]) + 1)]
        assert [event["id"] for event in logs[0]] == [event["id"] for event in logs[1]]
        assert [node.name for node in cluster.nodes if node.has_fallen_over] == []


async def what_is_not_known_is_heard_at_once_without_its_words(people: People) -> str:
    chat: str = (await people.new_tab.post("When are you open?"))["conversation"]
    for agent in (people.ana, people.ben):
        await agent.do("follow", conversation=chat)
    assert (await people.new_tab.sees_event("translated"))["text"] == "When are you open?!"
    assert "text" not in await people.old_tab.sees_event("unknown", seq=2)
    assert (await people.old_tab.sees_event("message_posted", seq=1))["offers"] == ["ring"]
    for tab in (people.old_tab, people.new_tab):
        await tab.sees_event("answer_finished", text=ANSWER, outcome="complete")
    await people.old_tab.post("And on Sunday?", chat)
    await people.new_tab.sees_event("message_posted", text="And on Sunday?")
    return chat


async def who_is_in_charge_is_known_though_not_how_that_came(people: People, chat: str) -> None:
    await people.new_tab.do("request_human", conversation=chat)
    called = await people.new_tab.sees_event("team_called")
    await people.old_tab.sees_event("unknown", seq=called["seq"])
    assert (await people.ana.do("claim", conversation=chat))["state"]["agent"]["name"] == "Ana"
    for tab in (people.old_tab, people.new_tab):
        assert (await tab.sees_event("claimed"))["agent"]["name"] == "Ana"


async def only_who_can_read_it_redacts(people: People, chat: str) -> None:
    """On the old node it would leave behind what repeats the words."""
    first = (await people.ben.do("history", conversation=chat, after=0, limit=1))["events"][0]["id"]
    with pytest.raises(Refused, match="busy"):
        await people.ana.do("redact", conversation=chat, event=first)
    await people.ben.do("redact", conversation=chat, event=first)
    emptied = (await people.ben.do("history", conversation=chat, after=0, limit=2))["events"]
    assert [event["text"] for event in emptied] == ["", ""]
