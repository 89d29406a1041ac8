"""A load balancer as small as can be: TCP, in turns, without a memory of who went where."""

import asyncio
import contextlib
from collections.abc import Sequence
from types import TracebackType
from typing import Self

CONNECTS_WITHIN_S = 1.0


class Proxy:
    """Between `async with` and its end. A node that takes no connection is passed over."""

    def __init__(self, nodes: Sequence[int], port: int = 0) -> None:
        self.port = port
        self._nodes = nodes
        self._turn = 0
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        node = await self._connected()
        if node is None:
            writer.transport.abort()
            return
        to_reader, to_writer = node
        ways = {
            asyncio.create_task(_pass_on(reader, to_writer)),
            asyncio.create_task(_pass_on(to_reader, writer)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # What one side has said is passed on before the other end is closed.
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.close()
            to_writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self._nodes:
            port = self._nodes[self._turn % len(self._nodes)]
            self._turn += 1
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECTS_WITHIN_S):
                    return await asyncio.open_connection("127.0.0.1", port)
        return None


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
