"""Read marks, as the stored log knows them and as others hear of them."""

import asyncio

from tests.api.conftest import Client, begin, hire

from havana.accounts.limits import READS
from havana.api.services import Services
from havana.bus import Message, Read, conversation_topic
from havana.chat.people import Agent


async def test_only_the_furthest_of_a_role_moves_what_others_see_as_read(
    services: Services, visitor: Client, ana: Agent, password_hash: str
) -> None:
    bob = await hire(services, "bob@example.com", "Bob", password_hash)
    conversation = await begin(visitor, "1")
    for text in "23":
        await begin(visitor, text)
    heard: list[Message] = []
    services.bus.subscribe(conversation_topic(conversation), heard.append)

    for who, seq in ((ana, 2), (bob, 1), (bob, 2), (bob, 3), (ana, 3), (ana, 1)):
        await services.reading.mark_read(who, conversation, seq)

    marks = [(read.reader, read.seq, read.furthest) for read in heard if isinstance(read, Read)]
    assert marks == [
        (ana.id, 2, True),
        (bob.id, 1, False),
        (bob.id, 2, False),
        (bob.id, 3, True),
        (ana.id, 3, False),
    ]
    followed = (await visitor.get(f"/api/conversations/{conversation}")).json()
    assert {"role": "agent", "seq": 3} in followed["read"]


async def test_a_mark_on_a_note_moves_nothing_for_the_visitor(
    services: Services, visitor: Client, agent: Client
) -> None:
    conversation = await begin(visitor)
    heard: list[Message] = []
    services.bus.subscribe(conversation_topic(conversation), heard.append)
    ana = (await agent.get("/api/session")).json()["agent"]
    who = Agent(ana["id"], ana["name"])
    await services.reading.mark_read(who, conversation, 1)
    await agent.post(f"/api/conversations/{conversation}/note", json={"text": "A note"})
    await services.reading.mark_read(who, conversation, 2)

    assert [(r.seq, r.furthest, r.furthest_public) for r in heard if isinstance(r, Read)] == [
        (1, True, True),
        (2, True, False),
    ]


async def test_a_visitor_who_reads_without_end_is_told_when_to_go_on_and_can_still_write(
    visitor: Client, agent: Client
) -> None:
    conversation = await begin(visitor)
    addresses = (f"/api/conversations/{conversation}", f"/api/conversations/{conversation}/events")
    answers = await asyncio.gather(*(visitor.get(addresses[n % 2]) for n in range(READS.amount + 50)))
    refused = next(answer for answer in answers if answer.status_code != 200)

    assert sum(answer.status_code == 200 for answer in answers) >= READS.amount
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate")
    assert 0 < refused.json()["error"]["retry_ms"] <= 201
    assert await begin(visitor, "Still here") == conversation
    assert (await agent.get(addresses[0])).status_code == 200
