"""Agents on different nodes: who looks at what, and who is on duty, is known on all of them."""

import asyncio
import signal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.stories.house import Person

from .model import a_model
from .nodes import Cluster, Node, a_cluster
from .people import AgentsToken, visitor_token

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
        cluster.nodes[1].send(signal.SIGKILL)
        await sees(ana, "Ana")

        assert [frame for frame in visitor.received if frame.get("push") == "looking"] == []


async def come(cluster: Cluster) -> list[Person]:
    """Ana is on the one node, the others on the other."""
    here, there = cluster.nodes
    return [await agent_on(here, "Ana"), await agent_on(there, "Ben"), await agent_on(there, "Cleo")]
