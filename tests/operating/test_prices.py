"""A limit of money that cannot hold is said wherever an operator looks: at the start, by the doctor."""

import asyncio
import datetime as dt
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from tests.assistant.asking import HELLO, KEY
from tests.assistant.openai_server import OpenAIServer
from tests.stories.house import SITE

from havana.storage import sites
from havana.storage.opening import open_database

PRICES = "HAVANA_MODEL_PRICES"
Variables = Mapping[str, str]


@pytest.fixture
def variables(tmp_path: Path, database_url: str | None) -> Variables:
    """Of an operator whose site may cost five dollars a day."""
    database = open_database(tmp_path, database_url)
    limited = msgspec.structs.replace(SITE, money_per_day=5.0)
    database.write_now(lambda conn: sites.store(conn, limited, dt.datetime.now(dt.UTC)))
    database.close_now()
    where = {"HAVANA_DATABASE_URL": database_url} if database_url else {}
    return os.environ | where | {"HAVANA_DATA": str(tmp_path), "HAVANA_MODEL": "openai:mine", "OPENAI_API_KEY": KEY}


async def doctor(server: OpenAIServer, variables: Variables) -> str:
    command = sys.executable, "-m", "havana.cli", "doctor"
    env = dict(variables) | {"OPENAI_BASE_URL": server.url}
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=PIPE)
    said, _ = await process.communicate()
    [line] = [line for line in said.decode().splitlines() if " model: " in line]
    return line + said.decode().partition(line)[2].splitlines()[1]


async def test_the_doctor_names_the_model_the_site_and_what_to_set(variables: Variables):
    async with OpenAIServer(HELLO, HELLO) as server:
        said = await doctor(server, variables)
        told = await doctor(server, dict(variables) | {PRICES: "openai:mine=0.5/2"})

    assert said == (
        "warning  model: openai:mine answers, but its price is not known: "
        f"money_per_day of {SITE.key} does not limit it"
        "         Set HAVANA_MODEL_PRICES=openai:mine=INPUT/OUTPUT, in dollars for a million tokens; 0/0 if it costs"
        " nothing."
    )
    assert told.startswith("ok       model: openai:mine answers")
    assert "price" not in told


async def test_the_server_warns_once_when_it_starts(variables: Variables):
    command = sys.executable, "-m", "havana.cli", "serve", "--port", "0"
    env = dict(variables) | {"OPENAI_BASE_URL": "http://127.0.0.1:9"}
    server = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.DEVNULL, stderr=PIPE)
    assert server.stderr is not None
    async with asyncio.timeout(60):
        while b"money_per_day" not in (line := await server.stderr.readline()):
            assert line, "The server has ended."
    server.terminate()
    rest = await server.stderr.read()
    await server.wait()

    words = line.decode()
    assert "[warning" in words
    for said in (f"sites={SITE.key}", "models=openai:mine", "HAVANA_MODEL_PRICES=openai:mine=INPUT/OUTPUT"):
        assert said in words
    assert b"money_per_day" not in rest
