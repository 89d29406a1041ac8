"""A web server on this machine whose pages a test writes, and rules that let it be read."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

from havana.knowledge import pages
from havana.knowledge.pages import Rules

HERE = "127.0.0.1"


class Answer(msgspec.Struct):
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = {}
    kind: str | None = "text/html; charset=utf-8"


class Web:
    """`pages` by path: an answer, or what writes to the connection itself. `asked` are the requests' headers."""

    def __init__(self, port: int, scheme: str) -> None:
        self.port = port
        self.base = f"{scheme}://localhost:{port}"
        self.pages: dict[str, Answer | Callable[[Any], None]] = {}
        self.asked: list[dict[str, str]] = []
        self.ended = threading.Event()

    def put(self, path: str, html: str, **headers: str) -> str:
        self.pages[path] = Answer(
            html.encode(), headers={name.replace("_", "-"): said for name, said in headers.items()}
        )
        return self.base + path

    def rules(self, **changes: Any) -> Rules:
        return msgspec.structs.replace(Rules(allowed=lambda address: address == HERE, ports=(self.port,)), **changes)

    def fetch(self, url: str, etag: str | None, modified: str | None) -> pages.Page | None:
        """For `ingest.add` and `syncing.sync`."""
        return read(url, self.rules(), etag, modified)


def read(url: str, rules: Rules, etag: str | None = None, modified: str | None = None) -> pages.Page | None:
    return asyncio.run(pages.fetch(url, etag, modified, rules))


def names(table: dict[str, list[list[str]]]) -> Callable[[str, int], Awaitable[list[str]]]:
    """A resolver that answers each question about a name with the next of its answers, and then with the last."""

    async def resolve(host: str, port: int) -> list[str]:
        return table[host].pop(0) if len(table[host]) > 1 else table[host][0]

    return resolve


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    web: Web

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append({"path": self.path, **{name.lower(): said for name, said in self.headers.items()}})
            answer = web.pages.get(self.path, Answer(status=404))
            if not isinstance(answer, Answer):
                answer(self)
                return
            if answer.headers.get("ETag") and answer.headers["ETag"] == self.headers.get("If-None-Match"):
                answer = Answer(status=304)
            self.send_response(answer.status)
            for name, said in answer.headers.items():
                self.send_header(name, said)
            if answer.kind:
                self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A reader who has gone is no news."""

    server = Server((HERE, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    web = Web(server.server_port, "https" if tls is not None else "http")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield web
    finally:
        web.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
