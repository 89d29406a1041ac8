"""The server's protocols: uvicorn's, with an end to what a peer can leave unfinished."""

import asyncio
import contextlib
import socket
import struct
from http import HTTPStatus
from typing import cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from havana.live.socket import DIRECT

GONE_WITHIN_S = 12.0
"""How long a WebSocket may outlive the application's interest in it: uvicorn gives the peer ten seconds to answer
its close, and whoever reads slowly has as long to read what was said before it."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Writes frames that were made once for many readers as they are (`live.socket.Wire`), and ends connections.

    uvicorn (0.54) ends them with `close()`, which waits until all is written, and so for ever for a peer that does
    not read, or that reads just enough to be taken for alive.
    """

    _end: asyncio.TimerHandle | None = None

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            # ASGI's types know of extensions that are dictionaries only.
            cast("dict[str, object]", self.scope["extensions"])[DIRECT] = self

    @property
    def takes_frames(self) -> bool:
        return (
            self.handshake_complete
            and not self.close_sent
            and not self.disconnected
            and self.writable.is_set()
            and self.conn.state is State.OPEN
            and not self.transport.is_closing()
        )

    def write_frame(self, frame: bytes) -> None:
        self.transport.write(frame)

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
