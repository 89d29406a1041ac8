"""The server is killed while a call of a tool is being made: it is not made again, and people are told."""

import asyncio
import datetime as dt
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.assistant.openai_server import OpenAIServer, calls, ends, reply, says
from tests.assistant.shop import Shop
from tests.browser.server import a_server

from havana.chat.site_tools import HttpTool
from havana.storage import history, sites
from havana.storage.database import Connection
from havana.storage.opening import open_database

pytestmark = pytest.mark.slow


async def test_a_kill_in_the_middle_of_a_call_leaves_it_undone_twice_and_told(tmp_path: Path):
    wants = reply(*calls("cancel_order", "{}"), *ends("tool_calls"))
    async with Shop() as shop, OpenAIServer(wants, reply(*says("I try again."), *ends())) as model:
        settings = {"HAVANA_MODEL": "openai:test", "OPENAI_API_KEY": "key", "OPENAI_BASE_URL": model.url}
        async with a_server(tmp_path, **settings) as server:
            database = open_database(tmp_path, None)
            slow = HttpTool("cancel_order", "Cancels.", shop.url("/slow"), allowed=True, timeout_s=30)

            def set_tools(conn: Connection) -> None:
                site = sites.default(conn)
                assert site
                sites.store(conn, msgspec.structs.replace(site, tools=(slow,)), dt.datetime.now(dt.UTC))

            await database.write(set_tools)
            async with httpx.AsyncClient(base_url=server.url) as browser:
                token = (await browser.post("/api/visitors", json={"site": "demo"})).json()["token"]
                said = {"do": "post", "key": "key-00000001", "text": "Cancel it"}
                posted = await browser.post(
                    "/api/conversations", json=said, headers={"Authorization": f"Bearer {token}"}
                )
                chat = posted.json()["conversation"]
            await shop.asked()
            await server.kill()
            await server.start()

            async def log() -> list[str]:
                found = await database.read(lambda conn: history.all_events(conn, chat))
                return [event.fact.kind for event in found]

            async with asyncio.timeout(40):
                while "human_requested" not in (kinds := await log()):
                    await asyncio.sleep(0.05)
            await database.close()

    assert len(shop.requests) == 1
    assert len(model.requests) == 1
    assert kinds == [
        "message_posted",
        "answer_started",
        "tool_started",
        "answer_finished",
        "human_requested",
        "handover_noted",
        "message_posted",
    ]
