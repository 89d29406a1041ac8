"""`havana serve` in a process of its own, which can be killed and comes back at the same place."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.stories.house import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """Filled with the demo. `url` and `sign_in` (the admin's one-time link) are set once it serves."""

    def __init__(self, data: Path, settings: Mapping[str, str]) -> None:
        self._data = data
        self._settings = settings
        self._port = 0
        self._process: asyncio.subprocess.Process | None = None
        self.url = ""
        self.sign_in = ""

    async def start(self) -> None:
        demo = ("--demo", str(ROOT / "demo"))
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "havana.cli", "serve", "--data", str(self._data), "--port", str(self._port), *demo),
            cwd=self._data,
            env=os.environ | self._settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(PATIENCE_S):
            self.url = await self._says(r"Visitor's page +(http://\S+)/\n")
            self.sign_in = await self._says(r"Sign in \(once\) +(http://\S+)\n")
        self._port = int(self.url.rsplit(":", 1)[1])

    async def kill(self) -> None:
        """Without a warning, as a power cut would."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()

    async def _says(self, wanted: str) -> str:
        assert self._process
        assert self._process.stdout
        while line := (await self._process.stdout.readline()).decode():
            if found := re.search(wanted, line):
                return found[1]
        raise AssertionError(f"The server ended without saying {wanted!r}.")


@asynccontextmanager
async def a_server(data: Path, **settings: str) -> AsyncIterator[Server]:
    """`settings` by the names of their environment variables."""
    server = Server(data, settings)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()
