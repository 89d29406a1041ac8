"""`havana copy-to`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from havana.cli.common import Failed, data_option
from havana.config import load, variable
from havana.storage import copying
from havana.storage.sqlite import FILE, SqliteDatabase
from havana.storage.trouble import DatabaseInUse

URL = variable("database_url")
SHARES = 10
"""Where nobody watches a line that changes, one is written after each tenth."""


@click.command("copy-to")
@click.argument("url", required=False, metavar="[postgresql://USER@HOST/NAME]")
@data_option
def copy_to(*, url: str | None, data: Path | None) -> None:
    """Copy everything from the data folder to an empty PostgreSQL database.

    The server must be stopped. Either all arrives, compared row by row, or nothing; the folder stays as it is.

    Others on this machine can read the command line, so a password belongs into HAVANA_DATABASE_URL, which counts
    when no address is given, or into ~/.pgpass.
    """
    folder, address = _asked(url, data)
    with _stopped(folder) as source:
        target = copying.open_target(address)
        try:
            copied = copying.move(source, target, _Progress())
        finally:
            target.close_now()
    click.echo(
        f"Copied {copied.rows:,} rows, {copied.conversations:,} conversations among them, to {target.where}, and "
        f"compared them all.\nNext: set {URL} to this address and start the server. Keep {folder} until you are "
        "satisfied; without the setting a server would go on there, where nothing new arrives."
    )


def _asked(url: str | None, data: Path | None) -> tuple[Path, str]:
    """From which folder to which address, which is looked at like that of the settings."""
    settings = load(os.environ | ({URL: url} if url else {}), Path.cwd(), {"data": data})
    if settings.database_url is None:
        raise click.UsageError(f"Say where to copy to: havana copy-to postgresql://USER@HOST/NAME, or set {URL}.")
    return settings.data, settings.database_url


@contextmanager
def _stopped(data: Path) -> Iterator[SqliteDatabase]:
    """The database of the folder, which no server can take until this ends."""
    if not (data / FILE).is_file():
        raise Failed(f"There is no database in {data}. Name the folder with --data.")
    try:
        database = SqliteDatabase.open(data, serving=True)
    except DatabaseInUse:
        raise Failed(
            f"A havana serve is using {data}. Stop it first: what it stores meanwhile would stay behind."
        ) from None
    try:
        yield database
    finally:
        database.close_now()


class _Progress:
    """One line that changes on a terminal; plain lines elsewhere."""

    def __init__(self) -> None:
        self._said: tuple[str, int] | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        text = f"{what}: {done:,} of {total:,} rows"
        ended = done == total
        if sys.stderr.isatty():
            click.echo(f"\r{text}\x1b[K", err=True, nl=ended)
        elif self._said != (said := (what, done * SHARES // total)):
            self._said = said
            click.echo(text, err=True)
