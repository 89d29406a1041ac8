"""`havana site …`, `havana migrate` and `havana rebuild`."""

import tomllib
from pathlib import Path

import click
import msgspec

from havana.assistant.tools.mcp_tools import is_installed
from havana.assistant.tools.schemas import schema_problem
from havana.chat import site_checks, site_tools
from havana.chat.changes import SiteApplied
from havana.chat.errors import Misfilled
from havana.chat.site import Site
from havana.cli.common import data_option, now, opened
from havana.storage import audit, history, sites
from havana.storage.database import Connection


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

        def work(conn: Connection) -> Site:
            settled = sites.settle(conn, wanted, now())
            audit.record(conn, None, SiteApplied(settled.name), now())
            return settled

        settled = database.write_now(work)
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
        rebuilt = database.write_now(history.rebuild)
    mended, left = len(rebuilt.mended), len(rebuilt.left)
    click.echo(f"{mended} conversations were different." if mended else "Every conversation is as its log says.")
    if left:
        click.echo(f"{left} were left as they are: a newer release has written in them. Run this again with that one.")


def read_site(file: Path) -> Site:
    """The settings in a site's file; the id is not its business. `UsageError` names what is wrong."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        if "id" in table:
            raise click.UsageError(f"{file}: a site is known by its key; id cannot be set.")
        found = msgspec.convert({"id": "", **table}, Site)
    except ValueError as error:
        raise click.UsageError(f"{file}: {error}") from None
    if wrong := site_checks.problems(found):
        raise click.UsageError(f"{file}: {Misfilled(wrong).message}")
    if (problem := _tools_problem(found)) is not None:
        raise click.UsageError(f"{file}: {problem}.")
    return found


def _tools_problem(site: Site) -> str | None:
    """What is wrong with the site's tools, in a line that names the field."""
    if (problem := site_tools.problem(site.tools, site.mcp)) is not None:
        return problem
    if site.mcp and not is_installed():
        return "mcp needs a package: pip install 'havana[mcp]'"
    for tool in site.tools:
        if (wrong := schema_problem(tool.parameters)) is not None:
            return f"tools.{tool.name}: parameters: {wrong}"
    return None
