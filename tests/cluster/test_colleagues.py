"""Agents on different nodes: who looks at what, and who is on duty, is known on all of them."""

import asyncio
import signal
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from tests.stories.house import PATIENCE_S, Person

from .model import a_model
from .nodes import SITE, Cluster, Node, a_cluster
from .people import PASSWORD, AgentsToken, visitor_token

pytestmark = pytest.mark.slow


async def agent_on(node: Node, name: str) -> Person:
    return await Person.hello(node.url, await AgentsToken(node.url, f"{name.lower()}@example.com")())


async def looks(agent: Person, chat: str) -> None:
    await agent.do("follow", conversation=chat)
    await agent.do("look", conversation=chat)


async def sees(agent: Person, *names: str) -> None:
    """The latest that was shown is this."""
    await agent.sees(
        lambda frame: frame.get("push") == "looking" and [one["name"] for one in frame["agents"]] == list(names)
    )


async def test_agents_on_two_nodes_see_each_other_until_one_leaves_or_its_node_is_killed(
    tmp_path: Path, postgres_url: str, redis_server_of_its_own: Any
):
    url = redis_server_of_its_own.url
    async with a_model(Random(1)) as model, a_cluster(tmp_path, postgres_url, url, model, nodes=2) as cluster:
        ana, ben, cleo = await come(cluster)
        visitor = await Person.hello(cluster.nodes[1].url, await visitor_token(cluster.nodes[1].url))
        chat = (await visitor.do("request_human"))["conversation"]
        for agent in (ana, ben, cleo):
            await looks(agent, chat)
        await asyncio.gather(*(sees(agent, "Ana", "Ben", "Cleo") for agent in (ana, ben, cleo)))
        await ben.leave()
        await sees(ana, "Ana", "Cleo")
        await away_is_known_everywhere(cluster, ana)
        cluster.nodes[1].send(signal.SIGKILL)
        await sees(ana, "Ana")

        assert [frame for frame in visitor.received if frame.get("push") == "looking"] == []


async def away_is_known_everywhere(cluster: Cluster, ana: Person) -> None:
    """Ana and Cleo, each on a node of her own, are the only ones here: once both are away nobody is promised."""
    for node, name in zip(cluster.nodes, ("Ana", "Cleo"), strict=True):
        agent = cluster.agents[name]
        await goes_away(node, name, agent)
        shown = {"push": "colleague", "agent": {"id": agent, "name": name}, "away": True}
        await ana.sees(lambda frame, shown=shown: frame == shown)
    for node in cluster.nodes:
        async with asyncio.timeout(PATIENCE_S):
            while SITE.words.nobody not in await told(node):
                pass  # the other node has yet to hear of it


async def goes_away(node: Node, name: str, agent: str) -> None:
    async with httpx.AsyncClient(base_url=node.url, headers={"Origin": node.url}) as http:
        signed_in = {"email": f"{name.lower()}@example.com", "password": PASSWORD}
        (await http.post("/api/session", json=signed_in)).raise_for_status()
        (await http.put(f"/api/agents/{agent}/duty", json={"on_duty": False})).raise_for_status()


async def told(node: Node) -> str:
    """What a visitor who asks for a person is told."""
    visitor = await Person.hello(node.url, await visitor_token(node.url))
    await visitor.do("request_human")
    event = await visitor.sees_event("message_posted")
    await visitor.leave()
    return str(event["text"])


async def come(cluster: Cluster) -> list[Person]:
    """Ana is on the one node, the others on the other."""
    here, there = cluster.nodes
    return [await agent_on(here, "Ana"), await agent_on(there, "Ben"), await agent_on(there, "Cleo")]
