"""`havana backup` and `havana restore`."""

import datetime as dt
from pathlib import Path

import click

from havana.cli.common import Failed, data_option, now, settings_with
from havana.storage import backup as backups

FILE = click.Path(path_type=Path, dir_okay=False)
EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@data_option
def backup(*, file: Path, force: bool, data: Path | None) -> None:
    """Save everything to FILE, also while the server runs."""
    saved = backups.backup(_folder(data, "pg_dump"), file, force=force)
    click.echo(f"Saved {_size(saved.size)} to {file}; {_newest(saved.newest)}.")


@click.command()
@click.argument("file", type=EXISTING)
@click.option("--force", is_flag=True, help="Replace the database that is there; it is kept under another name.")
@data_option
def restore(*, file: Path, force: bool, data: Path | None) -> None:
    """Put a backup into a data folder that no server is using. Everybody signs in again."""
    folder = _folder(data, "pg_restore")
    saved = backups.restore(file, folder, now(), force=force)
    click.echo(f"Restored {_size(saved.size)} to {folder}; {_newest(saved.newest)}.")
    if saved.kept is not None:
        click.echo(f"What was there is kept as {saved.kept}")


def _folder(data: Path | None, instead: str) -> Path:
    """The data folder, if the database is in it."""
    settings = settings_with(data=data)
    if settings.database_url is not None:
        raise Failed(f"The database is on a PostgreSQL server (HAVANA_DATABASE_URL). Use {instead} there.")
    return settings.data


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _newest(at: dt.datetime | None) -> str:
    return "there is no message in it yet" if at is None else f"its newest message is of {at:%Y-%m-%d %H:%M} UTC"
