"""One connection to `/live`: answers go to who asked, pushes to the page, both in the order in which they came."""

import asyncio
import contextlib
import json
from collections.abc import Callable

import websockets

from .records import Wire

PATIENCE_S = 6.0
"""Who has no answer by then tries elsewhere; a time-out is not a failure."""
Then = Callable[[Wire], None]


class Gone(Exception):
    """The connection ended, or went quiet, before the answer came."""


class Refused(Exception):
    """`error` is the wire's."""

    def __init__(self, error: Wire) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.error = error


class Connection:
    """`on_push` and each `then` are called while the frame is read, before the next one is."""

    def __init__(self, socket: websockets.ClientConnection, on_frame: Callable[[str], None], on_push: Then) -> None:
        self.code = 1006
        self.reason = ""
        self._socket = socket
        self._on_frame = on_frame
        self._on_push = on_push
        self._last_id = 0
        self._asked: dict[int, tuple[asyncio.Future[Wire], Then | None]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, url: str, on_frame: Callable[[str], None], on_push: Then) -> "Connection":
        async with asyncio.timeout(PATIENCE_S):
            socket = await websockets.connect(
                url.replace("http", "ws") + "/live",
                subprotocols=[websockets.Subprotocol("chat.v1")],
                origin=None,
                proxy=None,
                close_timeout=1,
                ping_interval=None,
            )
        return cls(socket, on_frame, on_push)

    async def ask(self, do: str, then: Then | None = None, **fields: object) -> Wire:
        """The `ok` of a command; raises `Refused` or `Gone`."""
        if self._reading.done():
            raise Gone
        self._last_id += 1
        answer: asyncio.Future[Wire] = asyncio.get_running_loop().create_future()
        self._asked[self._last_id] = (answer, then)
        frame = json.dumps({"id": self._last_id, "do": do} | fields)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._socket.send(frame)
                return await answer
        except (TimeoutError, websockets.ConnectionClosed):
            raise Gone from None
        finally:
            if answer.done() and not answer.cancelled():
                answer.exception()  # looked at, also where nobody waited for it any more

    async def gone(self) -> None:
        """Raises `Gone` at the end, or what went wrong in the page."""
        await asyncio.shield(self._reading)
        raise Gone

    async def close(self) -> None:
        """Raises what went wrong in the page, which may have looked like an end of the connection."""
        with contextlib.suppress(Exception):
            await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                self._on_frame(str(text))
                for line in str(text).split("\n"):
                    await self._take(json.loads(line))
        except websockets.ConnectionClosed as closed:
            if closed.rcvd is not None:
                self.code, self.reason = closed.rcvd.code, closed.rcvd.reason
        finally:
            for answer, _ in self._asked.values():
                if not answer.done():
                    answer.set_exception(Gone())
                    answer.exception()

    async def _take(self, frame: Wire) -> None:
        if not frame:
            await self._socket.send("{}")
        elif "push" in frame:
            self._on_push(frame)
        else:
            answer, then = self._asked.pop(frame["id"])
            if "error" in frame:
                if not answer.done():
                    answer.set_exception(Refused(frame["error"]))
                return
            if then is not None:
                then(frame["ok"])
            if not answer.done():
                answer.set_result(frame["ok"])
