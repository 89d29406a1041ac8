"""A server that is stopped or killed: clients are told when to come back, and no answer is left hanging."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from tests.assistant.openai_server import Fault, OpenAIServer, ends, reply, says
from tests.ports import free_port

from .house import PATIENCE_S, Person

pytestmark = pytest.mark.slow


@asynccontextmanager
async def serving(
    data: Path, port: int, model: str | None = None, *, under: tuple[str, ...] = (), **variables: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`havana serve` in a process of its own, ready; `under` a command that runs it."""
    named = {"HAVANA_MODEL": "openai:test", "OPENAI_API_KEY": "key", "OPENAI_BASE_URL": model} if model else {}
    command = (*under, sys.executable, "-m", "havana.cli", "serve", "--data", str(data), "--port", str(port))
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | named | variables, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while b"No agent" not in (line := await process.stdout.readline()):
                assert line, "it has ended"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def on(database_url: str | None) -> dict[str, str]:
    """The variable that says so."""
    return {"HAVANA_DATABASE_URL": database_url} if database_url else {}


async def arrives(port: int) -> Person:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        token = (await http.post("/api/visitors", json={"site": "default"})).json()["token"]
    return await Person.hello(f"http://127.0.0.1:{port}", token)


async def test_a_stopped_server_tells_each_client_when_to_come_back(tmp_path: Path):
    port = free_port()
    async with serving(tmp_path, port) as server:
        people = [await arrives(port) for _ in range(3)]
        server.send_signal(signal.SIGTERM)

        for person in people:
            assert await person.sees(lambda f: "closed" in f) == {"closed": 4000}
            assert 0 < json.loads(person.close_reason)["retry_ms"] <= 20_000
        await server.wait()


async def test_an_answer_cut_by_a_killed_server_is_marked_and_given_anew(tmp_path: Path, database_url: str | None):
    port = free_port()
    async with OpenAIServer(
        reply(*says("Welding costs"), Fault.STALL), reply(*says("It costs $8,400."), *ends())
    ) as model:
        async with serving(tmp_path, port, model.url, **on(database_url)) as server:
            visitor = await arrives(port)
            said = await visitor.post("What does welding cost?")
            await visitor.sees(lambda f: f.get("push") == "delta")
            server.kill()
            await visitor.sees(lambda f: "closed" in f)
        async with serving(tmp_path, port, model.url, **on(database_url)):
            again = await Person.hello(f"http://127.0.0.1:{port}", visitor.token)
            followed = await again.do("follow", conversation=said["conversation"], log=said["log"], seq=0)
            events = {event["seq"]: event for event in followed["events"]}
            if max(events) < 6:
                await again.sees(lambda f: f.get("event", {}).get("seq") == 6)
            events |= {event["seq"]: event for event in again.events(said["conversation"])}

            assert [events[seq]["kind"] for seq in range(1, 7)] == [
                "message_posted",
                "answer_started",
                "answer_finished",
                "message_posted",
                "answer_started",
                "answer_finished",
            ]
            assert (events[3]["outcome"], events[3]["text"]) == ("interrupted", "Welding costs")
            assert events[4]["author"]["role"] == "system"
            assert (events[6]["outcome"], events[6]["text"]) == ("complete", "It costs $8,400.")
            await again.leave()


async def test_an_answer_of_which_nothing_was_shown_is_simply_given_again(tmp_path: Path):
    port = free_port()
    async with OpenAIServer(reply(Fault.STALL), reply(*says("It costs $8,400."), *ends())) as model:
        async with serving(tmp_path, port, model.url) as server:
            visitor = await arrives(port)
            said = await visitor.post("What does welding cost?")
            await model.request(0)
            server.kill()
            await visitor.sees(lambda f: "closed" in f)
        async with serving(tmp_path, port, model.url):
            again = await Person.hello(f"http://127.0.0.1:{port}", visitor.token)
            followed = await again.do("follow", conversation=said["conversation"], log=said["log"], seq=0)
            events = {event["seq"]: event for event in followed["events"]}
            if max(events) < 5:
                await again.sees(lambda f: f.get("event", {}).get("seq") == 5)
            events |= {event["seq"]: event for event in again.events(said["conversation"])}

            assert (events[3]["outcome"], events[3]["text"]) == ("superseded", "")
            assert (events[5]["outcome"], events[5]["text"]) == ("complete", "It costs $8,400.")
            await again.leave()
