"""The only file that touches a WebSocket: who may connect, reading, writing, and life and death."""

import asyncio
import contextlib
import datetime as dt
import itertools
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

import structlog

from havana.accounts.origin import is_own
from havana.chat.devices import device_of
from havana.live import frames as f
from havana.live.arrivals import Arrivals
from havana.live.closing import Close
from havana.live.connection import Connection
from havana.live.hub import Hub
from havana.live.ports import Authenticate, Copilot, Duty, Reading, Requests
from havana.live.services import Services
from havana.live.serving import Serving

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = structlog.get_logger()

DIRECT = "havana.frames"
"""The extension of ASGI by which our server offers its `Direct`."""
TICK_S = 1.0
STUCK_S = 5.0
"""How long a close may take to be written; then the connection is let go."""
GONE_WITHIN_S = 1.0
"""How long a refused request may take to be gone."""
DRAIN_SLICE = 100
DRAIN_PAUSE_S = 0.05
RETRY_MS = (500, 5000)


class Direct(Protocol):
    """The short way out: whole frames, written at once. The long one is ASGI's `send`, which may have to wait."""

    @property
    def takes_frames(self) -> bool:
        """Whether a frame can be written now: the connection is open and the peer keeps up."""

    def write_frames(self, frames: bytes) -> None: ...


class LiveEndpoint:
    """The ASGI application under `/live`. `public_url` is the origin that browsers know us by, if it is set."""

    def __init__(
        self,
        *,
        hub: Hub,
        requests: Requests,
        reading: Reading,
        duty: Duty,
        authenticate: Authenticate,
        clock: Callable[[], dt.datetime],
        copilot: Copilot,
        public_url: str | None = None,
    ) -> None:
        self._services = Services(hub, requests, reading, duty, authenticate, clock, copilot)
        duty.on_change = Arrivals(hub.consoles).changed
        self._public_url = public_url
        self._sockets: set[Socket] = set()
        self._due: dict[Socket, None] = {}
        self._ticker: asyncio.Task[None] | None = None
        self._draining = False
        self._left = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await _answer(send, "http.response", 426, "This is a WebSocket.")
            return
        await receive()  # websocket.connect
        if (refused := self._refused(scope)) is not None:
            await _refuse(scope, receive, send, *refused)
            return
        device = device_of(" ".join(_header(scope, b"user-agent")))
        await send({"type": "websocket.accept", "subprotocol": f.SUBPROTOCOL})
        socket = Socket(self._services, send, scope.get("extensions", {}).get(DIRECT), self._flush_soon, device)
        self._sockets.add(socket)
        if self._ticker is None:
            self._ticker = asyncio.create_task(self._tick())
        try:
            await socket.read(receive)
        finally:
            self._sockets.discard(socket)
            self._left.set()

    async def drain(self, *, within_s: float = 10.0) -> None:
        """Takes no new connections and closes the others in slices with 4000, each with its own time to come back."""
        self._draining = True
        for place, socket in enumerate(tuple(self._sockets), start=1):
            retry_ms = random.randint(*RETRY_MS)  # noqa: S311 - spreads load, guards nothing
            socket.serving.drain(f'{{"retry_ms":{retry_ms}}}')
            if place % DRAIN_SLICE == 0:
                await asyncio.sleep(DRAIN_PAUSE_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._sockets:
                    self._left.clear()
                    await self._left.wait()
        for socket in self._sockets:
            socket.abandon()

    def _flush_soon(self, socket: "Socket") -> None:
        """One call of the loop's for all that have something to say, in place of a task for each."""
        if not self._due:
            asyncio.get_running_loop().call_soon(self._flush)
        self._due[socket] = None

    def _flush(self) -> None:
        due, self._due = self._due, {}
        for socket in due:
            socket.flush()

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """The HTTP status and words for a request that must not become a connection."""
        if self._draining:
            return 503, "The server is shutting down."
        if f.SUBPROTOCOL not in scope.get("subprotocols", ()):
            return 400, f"The subprotocol {f.SUBPROTOCOL} is required."
        origins = _header(scope, b"origin")
        hosts = _header(scope, b"host")
        if origins and not (
            len(origins) == len(hosts) == 1
            and is_own(origins[0], self._public_url, scope.get("scheme", "ws"), hosts[0])
        ):
            return 403, "Connections are taken from our own pages only."
        return None

    async def _tick(self) -> None:
        """One timer for all connections: pings, and the end of those that are silent."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while self._sockets:
            await asyncio.sleep(TICK_S)
            now = loop.time()
            # After a stall of our own, what they sent has yet to be read: nobody is blamed for it.
            fair = now - last < 2 * TICK_S
            last = now
            for socket in tuple(self._sockets):
                try:
                    socket.tick(now, fair=fair)
                except Exception:
                    log.exception("a connection failed", session=socket.connection.session.id)
                    socket.abandon()
        self._ticker = None


class Socket:
    """One WebSocket. Tasks run only while there is something to do, so that an idle connection costs little."""

    def __init__(
        self,
        services: Services,
        send: Send,
        direct: Direct | None,
        flush_soon: Callable[["Socket"], None],
        device: str = "",
    ) -> None:
        self.connection = Connection(services, self._wake)
        self.serving = Serving(self.connection, services, device)
        self._send = send
        self._direct = direct
        self._flush_soon = flush_soon
        self._loop = asyncio.get_running_loop()
        self._reader = asyncio.current_task()
        self._writer: asyncio.Task[None] | None = None
        self._began_at = self._heard_at = self._loop.time()
        self._ping_at = self._began_at + _ping_after_s()
        self._closing_since: float | None = None
        self._abandoned = False

    async def read(self, receive: Receive) -> None:
        """Until the connection is gone."""
        try:
            while (message := await receive())["type"] == "websocket.receive":
                self._heard_at = self._loop.time()
                if self.connection.closing is None:
                    self._take(message)
        except asyncio.CancelledError:
            if not self._abandoned or self._reader is None:
                raise
            self._reader.uncancel()
        finally:
            self.connection.close(Close.ABNORMAL)
            if self._writer is not None:
                self._writer.cancel()

    def tick(self, now: float, *, fair: bool) -> None:
        if self._closing_since is not None:
            if now - self._closing_since > STUCK_S:
                self.abandon()
            return
        if fair and now - self._heard_at > f.DEAD_AFTER_MS / 1000:
            self.connection.close(Close.NO_PONG)
        elif fair and self.serving.owes_hello and now - self._began_at > f.HELLO_WITHIN_MS / 1000:
            self.connection.close(Close.NO_HELLO, "no hello in time")
        elif now >= self._ping_at:
            self._ping_at = now + _ping_after_s()
            self.connection.ping()

    def abandon(self) -> None:
        """Lets go of a connection that cannot even be told that it ends."""
        if not self._abandoned and self._reader is not None:
            self._abandoned = True
            self._reader.cancel()

    def _take(self, message: MutableMapping[str, Any]) -> None:
        frame = message.get("text")
        if frame is None:
            frame = message.get("bytes") or b""
        if len(frame) > f.FRAME_IN:
            # The server's own limit (in bytes) comes first; this holds if it is set wider.
            self.connection.close(Close.TOO_LARGE)
            return
        try:
            self.serving.receive(frame)
        except Exception:
            log.exception("a connection failed", session=self.connection.session.id)
            self.connection.close(Close.SERVER_ERROR)

    def _wake(self) -> None:
        if self.connection.closing is not None and self._closing_since is None:
            self._closing_since = self._loop.time()
        if self._writer is None:
            self._flush_soon(self)

    def flush(self) -> None:
        """Writes what waits, as far as that goes at once; a task does the rest."""
        if self._writer is not None:
            return
        try:
            while self._direct is not None and self._direct.takes_frames:
                # Often an event of one's own and the reply that it is stored: one call of the kernel for both.
                frames = list(itertools.islice(iter(self.connection.next_frame, None), 2))
                self._direct.write_frames(b"".join([frame.whole for frame in frames]))
                if len(frames) < 2:
                    if self.connection.closing is None:
                        return
                    break
        except Exception:
            log.exception("writing failed", session=self.connection.session.id)
            self.connection.close(Close.SERVER_ERROR)
        self._writer = self._loop.create_task(self._write())

    async def _write(self) -> None:
        """Sends what waits. `send` holds us back while the peer's window is full, and so only this connection."""
        try:
            while (frame := self.connection.next_frame()) is not None:
                await self._send({"type": "websocket.send", "text": frame.text})
            if self.connection.closing is not None:
                code, reason = self.connection.closing
                if code is not Close.ABNORMAL:
                    await self._send({"type": "websocket.close", "code": int(code), "reason": reason})
                return
        except OSError:
            # The peer is gone; the reader hears of it too.
            return
        except Exception:
            log.exception("writing failed", session=self.connection.session.id)
            self.connection.close(Close.SERVER_ERROR)
            self.abandon()
            return
        self._writer = None


def _ping_after_s() -> float:
    return f.PING_MS / 1000 * random.uniform(0.9, 1.0)  # noqa: S311 - spreads load, guards nothing


def _header(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    """Before 101. A server without the extension can only say 403."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    await _answer(send, "websocket.http.response", status, words)
    # uvicorn (0.54, sansio) takes whoever returns before the connection is gone for one who never answered, and
    # logs that as an error. It says `disconnect` once when the answer is written and once more when it is gone.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GONE_WITHIN_S):
            await receive()
            await receive()


async def _answer(send: Send, kind: str, status: int, words: str) -> None:
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": f"{kind}.start", "status": status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})
