"""A disk without room under a real server: refused is not lost, acknowledged is stored, and it goes on by itself.

The kernel's limit on the size of a file, set on the running process, makes each write fail that would let the
database's log grow. That needs no rights and no disk of one's own.
"""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.assistant.openai_server import OpenAIServer, ends, reply, says
from tests.ports import free_port
from tests.stories.house import Person, Refused
from tests.stories.test_restart import arrives, serving

from havana.ids import new_id
from havana.storage.sqlite import FILE

pytestmark = pytest.mark.slow


@contextmanager
def no_room(server: asyncio.subprocess.Process, data: Path) -> Iterator[None]:
    log = data / f"{FILE}-wal"
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)


async def refusal(person: Person, text: str, conversation: str, key: str) -> tuple[str, int]:
    with pytest.raises(Refused) as refused:
        await person.post(text, conversation, key)
    return refused.value.error["code"], refused.value.error["retry_ms"]


async def test_on_a_full_disk_posts_are_refused_as_busy_and_later_stored_once(tmp_path: Path):
    port, key, other_key = free_port(), new_id(), new_id()
    async with serving(tmp_path, port) as server, _http(port) as http:
        visitor = await arrives(port)
        said = await visitor.post("One")
        conversation = said["conversation"]
        await visitor.sees_event("answer_finished")
        top = visitor.events(conversation)[-1]["seq"]
        over_rest = {
            "headers": {"Authorization": f"Bearer {visitor.token}"},
            "json": {"key": other_key, "text": "Three"},
        }
        assert (await http.get("/readyz")).status_code == 200
        with no_room(server, tmp_path):
            assert await refusal(visitor, "Two", conversation, key) == ("busy", 2000)
            rest = await http.post(f"/api/conversations/{conversation}/post", **over_rest)
            assert (rest.status_code, rest.json()["error"]["code"], rest.headers["retry-after"]) == (503, "busy", "2")
            await _until_ready(http, ready=False)
            assert (await http.get("/healthz")).status_code == 200
            # Reading goes on.
            followed = await visitor.do("follow", conversation=conversation, log=said["log"], seq=0)
            assert followed["events"][-1]["seq"] == top
            # A stranger is refused in the same way: nothing of a conversation that could not be begun remains.
            stranger = await arrives(port)
            with pytest.raises(Refused, match="busy"):
                await stranger.post("Hello")

        assert (await visitor.post("Two", conversation, key))["seq"] == top + 1
        rest = await http.post(f"/api/conversations/{conversation}/post", **over_rest)
        assert rest.status_code == 200
        await _until_ready(http, ready=True)
        await visitor.sees_event("answer_finished", outcome="complete")
        assert (await stranger.post("Hello"))["seq"] == 1
        server.kill()

    async with serving(tmp_path, port):
        again = await Person.hello(f"http://127.0.0.1:{port}", visitor.token)
        repeated = await again.post("Two", conversation, key)
        followed = await again.do("follow", conversation=conversation, log=said["log"], seq=0)
        mine = [event["text"] for event in followed["events"] if event["author"]["role"] == "visitor"]

        assert (repeated["seq"], repeated["repeated"]) == (top + 1, True)
        assert mine == ["One", "Two", "Three"]
        assert [event["seq"] for event in followed["events"]] == list(range(1, len(followed["events"]) + 1))
        await again.leave()


async def test_an_answer_that_met_a_full_disk_is_stored_whole_when_there_is_room(tmp_path: Path):
    port, full = free_port(), asyncio.Event()
    async with OpenAIServer(reply(*says("Welding"), full, *says(" costs $8,400."), *ends())) as model:
        async with serving(tmp_path, port, model.url) as server, _http(port) as http:
            visitor = await arrives(port)
            conversation = (await visitor.post("What does welding cost?"))["conversation"]
            await visitor.sees(lambda frame: frame.get("push") == "delta")
            with no_room(server, tmp_path):
                full.set()
                while model.requests[0].steps_sent < 4:
                    await asyncio.sleep(0.01)
                await _until_ready(http, ready=False)
            ended = await visitor.sees_event("answer_finished", outcome="complete")

            events = visitor.events(conversation)
            assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
            assert ended["text"] == "Welding costs $8,400."
            # What the disk does is not the model's failure: nobody is called, and nothing is answered twice.
            assert [event["kind"] for event in events] == ["message_posted", "answer_started", "answer_finished"]
            assert len(model.requests) == 1


def _http(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}")


async def _until_ready(http: httpx.AsyncClient, *, ready: bool) -> None:
    """A yes may be a second old."""
    async with asyncio.timeout(20):
        while ((await http.get("/readyz")).status_code == 200) is not ready:
            await asyncio.sleep(0.05)
