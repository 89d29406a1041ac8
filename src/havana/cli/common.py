"""What the commands share."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from havana.config import Settings, load
from havana.storage.database import Database
from havana.storage.opening import open_database

ADDRESS = "address"
"""The file in the data folder in which a server leaves where it can be found, for commands that print links."""


class Failed(Exception):
    """What was asked for cannot be done; the message is one line."""


data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder with everything that Havana keeps (HAVANA_DATA).",
)


def settings_with(**overrides: Any) -> Settings:
    """The settings of this process; what was said on the command line wins."""
    return load(os.environ, Path.cwd(), overrides)


@contextmanager
def opened(data: Path | None, *, serving: bool = False) -> Iterator[tuple[Settings, Database]]:
    """The settings and the database, created and migrated if need be.

    A running server is in the way only of a command that is `serving`, which changes what a server keeps in mind.
    """
    settings = settings_with(data=data)
    database = open_database(settings.data, settings.database_url, serving=serving)
    try:
        yield settings, database
    finally:
        database.close_now()


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def base_url(settings: Settings, port: int | None = None) -> str:
    """Where a browser finds the server; without `port`, where the one that serves this folder said that it is."""
    if settings.public_url:
        return settings.public_url
    said = settings.data / ADDRESS
    if port is None and said.exists():
        return said.read_text(encoding="utf-8").strip()
    host = settings.host
    if host in ("127.0.0.1", "0.0.0.0", "::", "::1"):  # noqa: S104 - compared with, not bound to
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port if port is None else port}"


def sign_in_url(base: str, token: str) -> str:
    """The token is a fragment, so that no log of any server or proxy ever holds it."""
    return f"{base}/console/sign-in#{token}"
