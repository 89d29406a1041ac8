"""Two who want the same thing at once, each on another node: one wins, and nobody is told two stories."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from tests.assistant.openai_server import Fault, OpenAIServer, Reply, Request, Step, says
from tests.stories.house import Person, Refused
from tests.stories.test_takeover import check

from havana.chat import events as e
from havana.storage import history

from .nodes import Cluster, Node, a_cluster
from .people import AgentsToken, visitor_token

# One cluster serves them all, so they are not spread over several runs side by side.
pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("races")]

RACES = int(os.environ.get("HAVANA_TEST_RACES", "24"))
"""How many of each kind; `make soak` asks for 500."""
AT_ONCE = 8
LEAST_WORDS = 4
"""Of an answer."""
MOVES: Sequence[tuple[str, tuple[str, str], tuple[str, str], str]] = (
    # What both nodes know, who does what on the one, who does what on the other right after it, what it leads to.
    ("pending", ("Ana", "claim"), ("Ana", "hand_back"), "ai"),
    ("pending", ("Ana", "claim"), ("Ana", "return_to_queue"), "pending"),
    ("pending", ("Ana", "claim"), ("Ana", "close"), "closed"),
    ("pending", ("Ana", "claim"), ("Ana", "transfer"), "human"),
    ("pending", ("Ana", "close"), ("Ben", "reopen"), "ai"),
    ("held by Ana", ("Ana", "hand_back"), ("Ben", "claim"), "human"),
    ("held by Ana", ("Ana", "return_to_queue"), ("Ben", "claim"), "human"),
    ("held by Ana", ("Ana", "transfer"), ("Ben", "hand_back"), "ai"),
    ("held by Ana", ("Ana", "close"), ("Ben", "reopen"), "ai"),
    ("closed", ("Ana", "reopen"), ("Ben", "claim"), "human"),
)


class Endless:
    """A model that does not stop by itself: it talks on, or has said enough and holds the line."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice

    async def __aiter__(self) -> AsyncIterator[Step]:
        dice = Random(self._dice.random())
        stalls = dice.random() < 0.5
        for number in range(dice.randint(LEAST_WORDS, 12) if stalls else 100_000):
            yield says(f"word-{number} ")[0]
            await asyncio.sleep(dice.choice((0, 0.01, 0.04)))
        yield Fault.STALL


class House(NamedTuple):
    cluster: Cluster
    model: OpenAIServer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Any, redis_server: Any
) -> AsyncIterator[House]:
    """Three nodes whose model nobody loses patience with: only a client that goes away ends an answer."""
    patient = dict.fromkeys(("HAVANA_MODEL_NEXT_TOKEN_S", "HAVANA_MODEL_TURN_S"), "3600")
    url, folder = postgres_server.database(), tmp_path_factory.mktemp("races")
    async with OpenAIServer(Reply(Endless(Random(3)))) as model:
        async with a_cluster(folder, url, redis_server.url, model, **patient) as cluster:
            yield House(cluster, model)
    postgres_server.give_back(url)


async def visitor_on(node: Node, token: str | None = None) -> Person:
    return await Person.hello(node.url, token or await visitor_token(node.url))


async def agent_on(node: Node, name: str) -> Person:
    return await Person.hello(node.url, await AgentsToken(node.url, f"{name.lower()}@example.com")())


async def leave(*people: Person) -> None:
    for person in people:
        await person.leave()


def log_of(cluster: Cluster, chat: str) -> Sequence[e.Event]:
    return cluster.database.read_now(lambda conn: history.all_events(conn, chat))


def batches(number: int) -> list[int]:
    return [min(AT_ONCE, number - begun) for begun in range(0, number, AT_ONCE)]


async def test_of_two_agents_on_two_nodes_one_wins_and_the_other_reads_who_did(house: House):
    nodes = house.cluster.nodes
    for batch in batches(RACES):
        ana, ben = await agent_on(nodes[0], "Ana"), await agent_on(nodes[1], "Ben")
        await asyncio.gather(*(one_claim(house.cluster, ana, ben) for _ in range(batch)))
        await leave(ana, ben)


async def one_claim(cluster: Cluster, ana: Person, ben: Person) -> None:
    visitor = await visitor_on(cluster.nodes[2])
    chat = (await visitor.do("request_human"))["conversation"]
    await asyncio.gather(*(agent.do("follow", conversation=chat) for agent in (ana, ben)))
    results = await asyncio.gather(
        ana.do("claim", conversation=chat), ben.do("claim", conversation=chat), return_exceptions=True
    )
    (refused,) = [result for result in results if isinstance(result, BaseException)]
    assert isinstance(refused, Refused), refused
    winner = "Ben" if refused is results[0] else "Ana"
    # One more event: whatever there was to see before it has been seen by then.
    fence = (await visitor.post("There you are", chat))["seq"]
    for person in (ana, ben, visitor):
        await person.sees(lambda f: f.get("conversation") == chat and f.get("event", {}).get("seq") == fence)

    assert refused.error["code"] == "already_claimed"
    assert refused.error["state"]["agent"]["name"] == winner
    for person in (ana, ben, visitor):
        claims = [event["agent"]["name"] for event in person.events(chat) if event["kind"] == "claimed"]
        assert claims == [winner]
    await leave(visitor)


async def test_a_claim_on_one_node_silences_the_answer_on_another_at_once(house: House):
    dice, nodes = Random(11), house.cluster.nodes
    for batch in batches(RACES):
        ana, ben = await agent_on(nodes[0], "Ana"), await agent_on(nodes[2], "Ben")
        rolls = [Random(dice.random()) for _ in range(batch)]
        await asyncio.gather(*(one_takeover(house, ana, ben, roll) for roll in rolls))
        await leave(ana, ben)


async def one_takeover(house: House, ana: Person, ben: Person, dice: Random) -> None:
    """The visitor, and so the answer, on one node; the claim on another; readers on all of them."""
    cluster, model = house
    visitor = await visitor_on(cluster.nodes[1])
    tab = await visitor_on(cluster.nodes[2], visitor.token)
    question = f"Tell me everything {dice.random()}"
    chat = (await visitor.post(question))["conversation"]
    drafts = {visitor: "", tab: ""}
    for agent in (ana, ben):
        followed = await agent.do("follow", conversation=chat)
        drafts[agent] = (followed["draft"] or {}).get("text", "")
    words = dice.randint(1, LEAST_WORDS)
    await visitor.sees(lambda _: read(visitor, chat).count("word") >= words)
    await ana.do("claim", conversation=chat)
    asked = await request_of(model, question)
    async with asyncio.timeout(20):
        await asked.left.wait()
    await visitor.sees(lambda f: f.get("conversation") == chat and f.get("event", {}).get("kind") == "claimed")
    fence = (await visitor.post("And now?", chat))["at"]
    readers = (visitor, tab, ana, ben)
    for reader in readers:
        await reader.sees(lambda f: f.get("conversation") == chat and f.get("event", {}).get("at") == fence)

    for reader in readers:
        check(reader, chat, "claimed", drafts[reader])
    cut, claimed, said = log_of(cluster, chat)[2:5]
    assert isinstance(cut.fact, e.AnswerFinished)
    assert cut.fact.outcome == "interrupted"
    assert (type(claimed.fact), type(said.fact)) == (e.Claimed, e.MessagePosted)
    assert cut.at == claimed.at == said.at
    await ana.do("close", conversation=chat)
    await leave(visitor, tab)


def read(reader: Person, chat: str) -> str:
    """What a reader was shown of an answer as it was written."""
    pushed = [f for f in reader.received if f.get("conversation") == chat and f.get("push") in ("delta", "draft")]
    return "".join(frame["text"] for frame in pushed)


async def request_of(model: OpenAIServer, question: str) -> Request:
    """The call of the model in which it was asked this."""
    async with asyncio.timeout(20):
        number = 0
        while question not in str((request := await model.request(number)).body):
            number += 1
    return request


@pytest.mark.parametrize("bus", ["there", "away"])
async def test_what_a_node_remembers_never_refuses_wrongly(house: House, bus: str):
    nodes = house.cluster.nodes
    lines = [node.to_redis for node in nodes if node.to_redis is not None and bus == "away"]
    for line in lines:
        line.cut()
    people = {(node, name): await agent_on(nodes[node], name) for node in (0, 1) for name in ("Ana", "Ben")}
    try:
        for number in range(max(len(MOVES), RACES)):
            here = number // len(MOVES) % 2
            await one_move(house.cluster, people, MOVES[number % len(MOVES)], here)
    finally:
        await leave(*people.values())
        for line in lines:
            line.open()
    await house.cluster.is_whole()


async def one_move(
    cluster: Cluster,
    people: dict[tuple[int, str], Person],
    move: tuple[str, tuple[str, str], tuple[str, str], str],
    here: int,
) -> None:
    """An agent acts on node `here`; once that is acknowledged, what only it makes possible is done on the other."""
    before, first, then, after = move
    there = 1 - here
    visitor = await visitor_on(cluster.nodes[2])
    chat = (await visitor.do("request_human"))["conversation"]
    if before == "held by Ana":
        await people[here, "Ana"].do("claim", conversation=chat)
    elif before == "closed":
        await people[here, "Ana"].do("close", conversation=chat)
    # Now the other node remembers it as it was.
    await people[there, "Ben"].do("note", conversation=chat, text="What was")

    async def act(node: int, who: str, do: str) -> Any:
        named = {"to": cluster.agents["Ben"]} if do == "transfer" else {}
        return await people[node, who].do(do, conversation=chat, **named)

    done = await act(here, *first)
    assert not done["repeated"], (move, done)
    done = await act(there, *then)
    assert not done["repeated"], (move, done)
    assert done["state"]["control"] == after
    await leave(visitor)
