"""`havana knowledge …`, `havana site …`, `havana migrate` and `havana rebuild`."""

import re
import tomllib
from pathlib import Path

import click
import msgspec

from havana.chat import hours
from havana.chat.site import Site
from havana.cli.common import Failed, data_option, now, opened
from havana.knowledge import ingest, meaning
from havana.storage import history, sites
from havana.storage.database import Database

EXISTING = click.Path(path_type=Path, exists=True)
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@click.group()
def knowledge() -> None:
    """What the assistant knows."""


@knowledge.command("add")
@click.argument("paths", nargs=-1, required=True, type=EXISTING, metavar="PATH…")
@click.option("--site", "key", metavar="KEY", help="The site that it is for; the first one if not said.")
@data_option
def add(paths: tuple[Path, ...], key: str | None, data: Path | None) -> None:
    """Add articles: Markdown or text files, or folders of them. Changed ones replace what they said before."""
    with opened(data) as (_, database):
        site = _site(database, key)
        report = ingest.add(database, site.id, paths)
        _learn(database)
    for skipped in report.skipped:
        click.echo(f"havana: {skipped.path}: {skipped.reason}", err=True)
    counts = f"{len(report.added)} added, {len(report.updated)} updated, {len(report.unchanged)} unchanged"
    click.echo(f"{site.name}: {counts}.")
    if report.skipped:
        raise Failed(f"{len(report.skipped)} of the files could not be used.")


@click.group()
def site() -> None:
    """The websites that embed Havana."""


@site.command("apply")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
def apply(file: Path, data: Path | None) -> None:
    """Create a site, or replace the settings of the one with the same key, from a TOML file."""
    wanted = read_site(file)
    with opened(data) as (_, database):
        settled = database.write_now(lambda conn: sites.settle(conn, wanted, now()))
    click.echo(f"{settled.name} ({settled.key}) is set.")


@click.command()
@data_option
def migrate(data: Path | None) -> None:
    """Create or update the database. Every other command does so by itself."""
    with opened(data) as (_, database):
        click.echo(f"{database.where} is up to date.")


@click.command()
@data_option
def rebuild(data: Path | None) -> None:
    """Fold every conversation's log anew. Needed only after a repair by hand; the server must be stopped."""
    with opened(data, serving=True) as (_, database):
        mended = database.write_now(history.rebuild)
    click.echo(f"{len(mended)} conversations were different." if mended else "Every conversation is as its log says.")


def read_site(file: Path) -> Site:
    """The settings in a site's file; the id is not its business. `UsageError` names what is wrong."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        if "id" in table:
            raise click.UsageError(f"{file}: a site is known by its key; id cannot be set.")
        found = msgspec.convert({"id": "", **table}, Site)
        hours.check(found.hours, found.timezone)
    except ValueError as error:
        raise click.UsageError(f"{file}: {error}") from None
    if not KEY.fullmatch(found.key):
        raise click.UsageError(f"{file}: key must be lower-case letters, digits and dashes, not {found.key!r}.")
    if found.call_url is not None and not found.call_url.startswith(("https://", "http://")):
        raise click.UsageError(f"{file}: call_url must begin with https://, not {found.call_url!r}.")
    return found


def _learn(database: Database) -> None:
    """What the articles mean, where there is a model for it."""
    if (model := meaning.installed()) is None:
        return
    try:
        meaning.learn(database, model)
    except meaning.NotLearnt as error:
        click.echo(f"havana: what articles mean cannot be learnt: {error}. They are found by their words.", err=True)


def _site(database: Database, key: str | None) -> Site:
    if key is None:
        return database.write_now(lambda conn: sites.ensure_default(conn, now()))
    found = database.read_now(lambda conn: sites.by_key(conn, key))
    if found is None:
        raise Failed(f"There is no site {key}. Make one with: havana site apply FILE.toml")
    return found
