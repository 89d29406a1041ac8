"""A database server that goes away under a real server: refused is not lost, and it goes on by itself."""

import asyncio
import time
from pathlib import Path

import pytest
from tests.line import line_to
from tests.postgres import Server
from tests.stories.house import House, Person, Refused, a_house

from havana.ids import new_id

MOMENT_S = 5.0
"""Nobody waits longer for a refusal."""


async def refusal(person: Person, command: str, **fields: object) -> str:
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        await person.do(command, **fields)
    assert time.monotonic() - began < MOMENT_S
    return refused.value.error["code"]


async def until_ready(house: House, *, ready: bool) -> None:
    """A yes may be a second old."""
    async with asyncio.timeout(20):
        while ((await house.http.get("/readyz")).status_code == 200) is not ready:
            await asyncio.sleep(0.05)


async def test_while_the_database_is_away_everything_is_refused_and_later_it_flows_again(
    tmp_path: Path, postgres_url: str
):
    with line_to(postgres_url) as (line, url):
        async with a_house(tmp_path, database_url=url) as house:
            visitor, ana = await house.visitor(), await house.agent("Ana")
            said = await visitor.post("One")
            chat, key = said["conversation"], new_id()
            await visitor.sees_event("answer_finished")
            top = visitor.events(chat)[-1]["seq"]
            line.cut()

            assert await refusal(visitor, "post", conversation=chat, key=key, text="Two") == "busy"
            assert await refusal(ana, "claim", conversation=chat) == "busy"
            assert await refusal(visitor, "follow", conversation=chat) == "busy"
            rest = await house.http.get(
                f"/api/conversations/{chat}", headers={"Authorization": f"Bearer {visitor.token}"}
            )
            assert (rest.status_code, rest.json()["error"]["code"]) == (503, "busy")
            await until_ready(house, ready=False)
            assert (await house.http.get("/healthz")).status_code == 200

            line.open()
            before = len(visitor.received)
            assert (await visitor.post("Two", chat, key))["seq"] == top + 1
            await visitor.sees(lambda frame: frame.get("event", {}).get("kind") == "answer_finished", since=before)
            await until_ready(house, ready=True)
            seqs = [event["seq"] for event in visitor.events(chat)]
            assert seqs == list(range(1, len(seqs) + 1))


async def test_a_restart_of_the_database_is_a_pause(tmp_path: Path, postgres_server: Server, postgres_url: str):
    async with a_house(tmp_path, database_url=postgres_url) as house:
        visitor = await house.visitor()
        chat, key = (await visitor.post("One"))["conversation"], new_id()
        await visitor.sees_event("answer_finished")
        await asyncio.to_thread(postgres_server.stop)
        try:
            assert await refusal(visitor, "post", conversation=chat, key=key, text="Two") == "busy"
        finally:
            await asyncio.to_thread(postgres_server.start)

        before = len(visitor.received)
        again = await visitor.post("Two", chat, key)
        assert again["repeated"] is False
        await visitor.sees(lambda frame: frame.get("event", {}).get("kind") == "answer_finished", since=before)
        seqs = [event["seq"] for event in visitor.events(chat)]
        assert seqs == list(range(1, len(seqs) + 1))


async def test_a_message_whose_commit_nobody_heard_of_is_refused_and_stored_once(tmp_path: Path, postgres_url: str):
    with line_to(postgres_url) as (line, url):
        async with a_house(tmp_path, database_url=url) as house:
            visitor, key = await house.visitor(), new_id()
            said = await visitor.post("One")
            chat = said["conversation"]
            await visitor.sees_event("answer_finished")
            line.cut_after = (b"A word that is easy to find", b"COMMIT")

            post = {"conversation": chat, "key": key, "text": "A word that is easy to find"}
            assert await refusal(visitor, "post", **post) == "busy"
            line.open()
            again = await visitor.do("post", **post)
            assert again["repeated"] is True
            followed = await visitor.do("follow", conversation=chat, log=said["log"], seq=0)
            mine = [event["text"] for event in followed["events"] if event["author"]["role"] == "visitor"]
            assert mine == ["One", "A word that is easy to find"]
