"""Cases through the built-in model on a real database, and through a model behind a scripted server."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.assistant.asking import settings
from tests.assistant.openai_server import OpenAIServer, Reply, calls, ends, refuses, reply, says

from havana.assistant.builtin import BuiltinModel
from havana.assistant.interface import Model, Turn
from havana.assistant.models.opening import close, open_model
from havana.chat.site import Site
from havana.evaluate.cases import Case, Expected, Placed
from havana.evaluate.results import Result
from havana.evaluate.run import Setting, run
from havana.ids import new_id
from havana.knowledge import ingest
from havana.knowledge.search import Knowledge
from havana.storage import articles, sites
from havana.storage.database import Database
from havana.storage.opening import open_database

FEES = "# Fees\n\nTuition is $8,400, and parking is free.\n"
MEALS = "# Meals\n\nThe canteen serves lunch from noon.\n"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = open_database(tmp_path / "data", None)
    yield database
    await database.close()


@pytest.fixture
def site(database: Database) -> Site:
    site = Site(id=new_id(), key="site", name="Site")
    database.write_now(lambda conn: sites.store(conn, site, dt.datetime.now(dt.UTC)))
    for path, text in (("fees", FEES), ("meals", MEALS)):
        database.write_now(lambda conn, path=path, text=text: ingest.put(conn, site.id, path, text))
    return site


def setting(database: Database, site: Site, model: Model) -> Setting:
    knowledge = Knowledge(database)
    return Setting(model, site, lambda query: knowledge.search(site.id, query))


async def came_of(setting: Setting, *cases: Case) -> list[Result]:
    return [result async for result in run([Placed(f"cases:{n}", case) for n, case in enumerate(cases, 1)], setting)]


async def test_the_built_in_assistant_answers_escalates_and_does_not_know(database: Database, site: Site) -> None:
    asked = (
        Case("what is the tuition?", "answer"),
        Case("who won the super bowl?", "unknown"),
        Case("talk to a human", "escalate"),
    )
    results = await came_of(setting(database, site, BuiltinModel(pause=0)), *asked)
    titles = database.read_now(lambda conn: articles.names(conn, site.id))

    assert [result.did for result in results] == ["answer", "unknown", "escalate"]
    assert [[titles[id_] for id_ in result.found[:1]] for result in results[::2]] == [[("Fees", "fees")], []]
    assert results[0].score > 0.3 > results[1].score
    assert [result.first_word_s is not None and result.first_word_s < 10 for result in results] == [True, True, False]


async def test_earlier_turns_belong_to_the_question(database: Database, site: Site) -> None:
    before = (Turn("visitor", "When does the canteen serve lunch?"), Turn("assistant", "From noon."))
    (result,) = await came_of(setting(database, site, BuiltinModel(pause=0)), Case("is it on noon?", "answer", before))

    assert result.did == "answer"


@pytest.mark.parametrize(("text", "did"), [("agent?", "offer"), ("human please", "escalate")])
async def test_what_is_decided_beforehand_reaches_no_model(
    database: Database, site: Site, text: str, did: Expected
) -> None:
    async with OpenAIServer(refuses(500)) as server:
        model = open_model(settings(server))
        (result,) = await came_of(setting(database, site, model), Case(text, did))
        await close(model)

        assert (result.did, result.text, server.requests) == (did, "", [])


async def test_an_answer_may_come_with_an_offer(database: Database, site: Site) -> None:
    asked = (Case("Is parking free? Is tuition $8,400? This sucks", "answer"), Case("WTF is this", "offer"))
    results = await came_of(setting(database, site, BuiltinModel(pause=0)), *asked)

    assert [(result.did, result.offered) for result in results] == [("answer", True), ("offer", True)]


@pytest.mark.parametrize(
    ("replies", "did", "text"),
    [
        (
            [reply(*calls("escalate_to_human", '{"reason": "asked", "summary": "s"}'), *ends("tool_calls"))],
            "escalate",
            "",
        ),
        (
            [
                reply(*calls("search_knowledge", '{"query": "tuition"}'), *ends("tool_calls")),
                reply(*says("It is ", "$8,400 [1]."), *ends()),
            ],
            "answer",
            "It is $8,400 [1].",
        ),
        ([reply(*says("I do not know [7]."), *ends())], "unknown", "I do not know [7]."),
        ([reply(*calls("offer_human", "{}"), *ends("tool_calls")), reply(*says("I see."), *ends())], "offer", "I see."),
        ([reply(*says("I will connect you to an agent."), *ends())], "escalate", "I will connect you to an agent."),
        ([refuses(400)], "failed", ""),
    ],
)
async def test_a_model_behind_a_server_is_measured_by_what_it_calls_and_cites(
    database: Database, site: Site, replies: list[Reply], did: str, text: str
) -> None:
    async with OpenAIServer(*replies) as server:
        model = open_model(settings(server))
        (result,) = await came_of(setting(database, site, model), Case("how much is tuition?", "answer"))
        await close(model)

    assert (result.did, result.text) == (did, text)
    assert bool(result.problem) == (did == "failed")
