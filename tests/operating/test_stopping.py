"""A server that is told to stop: nobody new is sent to it, and what it has begun it finishes."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.ports import free_port
from tests.stories.test_restart import arrives, serving

from havana.storage.sqlite import FILE

pytestmark = pytest.mark.slow


async def test_a_server_that_is_stopped_is_not_ready_while_it_finishes_what_it_has_begun(tmp_path: Path):
    port = free_port()
    async with serving(tmp_path, port) as server, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        visitor = await arrives(port)
        assert (await http.get("/readyz")).status_code == 200
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
            # The post must wait for this one, and so stopping must.
            other.execute("BEGIN IMMEDIATE")
            posting = asyncio.create_task(visitor.post("Is it stored?"))
            await asyncio.sleep(0)
            await http.get("/healthz")
            server.send_signal(signal.SIGTERM)
            async with asyncio.timeout(4):
                while (answer := await http.get("/readyz")).status_code == 200:
                    await asyncio.sleep(0.02)
            refused, alive = answer.json()["error"]["message"], (await http.get("/healthz")).status_code
            other.execute("ROLLBACK")

        assert (refused, alive) == ("The server is shutting down.", 200)
        assert (await posting)["seq"] == 1
        assert await visitor.sees(lambda frame: "closed" in frame) == {"closed": 4000}
        await server.wait()
