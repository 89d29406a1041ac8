"""`havana serve`."""

import contextlib
import gc
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import click
import uvicorn

from havana.cli import demo as demonstration
from havana.cli import logs
from havana.cli.common import ADDRESS, Failed, base_url, data_option, settings_with, sign_in_url
from havana.config import Settings, tool_secrets
from havana.storage import staff
from havana.storage.opening import open_database

LARGEST_FRAME = 64 * 1024
DRAIN_SECONDS = 10
DEAD_PEER_MS = 30_000
COLLECT = (20_000, 20, 20)
"""So many more new than freed objects make the garbage collector look at the youngest; and how often at the others."""


@click.command()
@click.option("--host", metavar="ADDRESS", help="The address to listen on (HAVANA_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 for any that is free (HAVANA_PORT).")
@data_option
@click.option(
    "--demo",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="On the first run, fill an empty data folder from this one (site.toml, articles/).",
)
def serve(*, host: str | None, port: int | None, data: Path | None, demo: Path | None) -> None:
    """Run the server."""
    settings = settings_with(host=host, port=port, data=data)
    logs.configure(settings.log_level)
    listening = _listen(settings)
    link = demonstration.prepare(settings, demo) if demo else None

    # Imported here: the other commands must not wait for a web framework.
    from havana.app import build

    base = base_url(settings, listening.getsockname()[1])
    try:
        app = build(settings, tool_secrets(os.environ, Path.cwd()))
    except BaseException:
        listening.close()
        raise
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (settings.data / ADDRESS).write_text(base, encoding="utf-8")
    server = _Server(server_config(app), lambda: _announce(settings, base, link), app.drain)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    if not server.started:
        raise Failed("The server could not start; the lines above say why.")


class _Server(uvicorn.Server):
    """Says what to open once there is something to open, and drains the live channel before it goes."""

    def __init__(
        self, config: uvicorn.Config, announce: Callable[[], None], drain: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._drain = drain

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            _settle_in()
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # First, for uvicorn would close every WebSocket at once, and all clients would come back at once.
        await self._drain()
        await super().shutdown(sockets=sockets)


def server_config(app: Any) -> uvicorn.Config:
    """The server stack: what speaks HTTP and WebSocket for `app`."""
    # Imported here: the other commands must not wait for the live channel.
    from havana.cli.protocols import HttpProtocol, WebSocketProtocol

    return uvicorn.Config(
        app,
        loop="uvloop",
        http=HttpProtocol,
        ws=WebSocketProtocol,
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        # The live channel has pings of its own, by one timer for all.
        ws_ping_interval=None,
        lifespan="on",
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def _settle_in() -> None:
    """What was loaded stays: the garbage collector need not walk over it again, nor after every 700 new objects.

    Nearly everything that a message makes is freed by its last reference; without this a fifth of the processor's time
    went into looking for cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


def _listen(settings: Settings) -> socket.socket:
    """Taken before anything else is done: a port that is in use is the commonest mistake."""
    try:
        family, *_, place = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(place[:2], family=family, backlog=2048)
    except socket.gaierror as error:
        raise Failed(f"Cannot listen on {settings.host}: {error.strerror}.") from None
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise Failed(f"Cannot listen on {settings.host}:{settings.port}: {why}. Choose another with --port.") from None
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # A peer that has vanished takes its socket along after this, not after the kernel's quarter of an hour.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_PEER_MS)
    return listening


def _announce(settings: Settings, base: str, link: str | None) -> None:
    click.echo(f"\n  Visitor's page   {base}/\n  Console          {base}/console")
    if link:
        click.echo(f"  Sign in (once)   {sign_in_url(base, link)}")
    elif not _has_agents(settings):
        click.echo("  No agent yet     havana agent add YOU@EXAMPLE.COM --name YOU --role admin")
    click.echo()


def _has_agents(settings: Settings) -> bool:
    database = open_database(settings.data, settings.database_url)
    try:
        return bool(database.read_now(staff.team))
    finally:
        database.close_now()
