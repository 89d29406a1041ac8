"""The server's protocols: uvicorn's, with an end to what a peer can leave unfinished."""

import asyncio
import contextlib
import socket
import struct

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

GONE_WITHIN_S = 12.0
"""How long a WebSocket may outlive the application's interest in it: uvicorn gives the peer ten seconds to answer
its close, and whoever reads slowly has as long to read what was said before it."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Ends connections. uvicorn (0.54) calls `close()`, which waits until all is written, and so for ever for a
    peer that does not read, or that reads just enough to be taken for alive.
    """

    _end: asyncio.TimerHandle | None = None

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        if not self.disconnected:
            self._end = self.loop.call_later(GONE_WITHIN_S, _reset, self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)


def _reset(transport: asyncio.Transport) -> None:
    """Drops what was not read, in the kernel too, which would go on offering it to the peer."""
    with contextlib.suppress(OSError):
        wire = transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
