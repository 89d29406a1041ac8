"""`havana knowledge …`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from havana.chat.site import Site
from havana.cli.common import Failed, data_option, now, opened
from havana.cli.progress import shown
from havana.config import Settings, SettingsError
from havana.knowledge import ingest, meaning, syncing
from havana.knowledge.ingest import Report, is_address
from havana.knowledge.model import NotLearnt
from havana.storage import articles, sites, written
from havana.storage.articles import Listed
from havana.storage.database import Database

site_option = click.option("--site", "key", metavar="KEY", help="The site that it is about; the first one if not said.")
WRITTEN_HERE = "written here"


class _Place(click.ParamType[Path | str]):
    """A path that exists, or the address of a page."""

    name = "place"
    _existing = click.Path(path_type=Path, exists=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        if is_address(value):
            return str(value)
        if "://" in value:
            self.fail(f"{value}: pages have addresses that begin with https:// or http://.", param, ctx)
        found: Path = self._existing.convert(value, param, ctx)
        return found


@click.group()
def knowledge() -> None:
    """What the assistant knows."""


@knowledge.command("add")
@click.argument("places", nargs=-1, required=True, type=_Place(), metavar="PATH-or-URL…")
@site_option
@data_option
def add(places: tuple[Path | str, ...], key: str | None, data: Path | None) -> None:
    """Add articles: files of Markdown, text or HTML, folders of them, and single pages of the web.

    What has changed since it was added replaces what it said before.
    """
    with opened(data) as (settings, database):
        site = _site(database, key)
        with shown("Reading") as progress:
            report = ingest.add(database, site.id, places, progress)
        learn(settings, database)
    _tell(site, report)


@knowledge.command("sync")
@site_option
@data_option
def sync(key: str | None, data: Path | None) -> None:
    """Read everything anew that was added: what changed, what is new in the folders, what is gone, and each page."""
    with opened(data) as (settings, database):
        site = _site(database, key)
        with shown("Reading") as progress:
            report = syncing.sync(database, site.id, progress)
        learn(settings, database)
    _tell(site, report)


@knowledge.command("remove")
@click.argument("places", nargs=-1, required=True, metavar="PATH-or-URL…")
@site_option
@data_option
def remove(places: tuple[str, ...], key: str | None, data: Path | None) -> None:
    """Remove articles: by the file or page that they came from, or all that came from a folder."""
    with opened(data) as (_, database):
        site = _site(database, key)
        try:
            removed = syncing.remove(database, site.id, places)
        except syncing.NothingThere as error:
            raise Failed(f"No article came from {error}. See all with: havana knowledge list") from None
        except ValueError as error:
            raise Failed(f"The page is not known: {error}.") from None
    for path, folder in removed.coming_back:
        click.echo(f"havana: {path} is still in {folder}, which was added: the next sync brings it again.", err=True)
    click.echo(f"{site.name}: {len(removed.paths)} removed.")


@knowledge.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@site_option
@data_option
def list_articles(*, as_json: bool, key: str | None, data: Path | None) -> None:
    """List the articles: title, where each comes from, how many passages it has, and when it was updated."""
    with opened(data) as (_, database):
        site = _site(database, key)
        found = database.read_now(lambda conn: articles.listed(conn, site.id))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode([_row(each) for each in found])))
    elif not found:
        click.echo(f"{site.name} has no articles. Add some with: havana knowledge add PATH-or-URL…")
    else:
        click.echo(_table(found))


def _row(article: Listed) -> dict[str, Any]:
    return {
        "title": article.title,
        "from": _origin(article),
        "url": article.url,
        "passages": article.passages,
        "updated_at": article.updated_at,
    }


def _origin(article: Listed) -> str:
    return WRITTEN_HERE if article.path.startswith(written.PATH) else article.path


def _table(found: Sequence[Listed]) -> str:
    rows = [("TITLE", "FROM", "PASSAGES", "UPDATED")]
    for each in found:
        at = each.updated_at.astimezone().strftime("%Y-%m-%d %H:%M")
        rows.append((_short(each.title), _origin(each), str(each.passages), at))
    title, origin, passages, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join(f"{row[0]:<{title}}  {row[1]:<{origin}}  {row[2]:>{passages}}  {row[3]}" for row in rows)


def _short(title: str, most: int = 50) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in title)
    return shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}…"


def _tell(site: Site, report: Report) -> None:
    """What was done, on one line; before it what was not, one by one."""
    for skipped in report.skipped:
        click.echo(f"havana: {skipped.path}: {skipped.reason}", err=True)
    counts = f"{len(report.added)} added, {len(report.updated)} updated, {len(report.unchanged)} unchanged"
    removed = f", {len(report.removed)} removed" if report.removed else ""
    click.echo(f"{site.name}: {counts}{removed}.")
    if report.skipped:
        raise Failed(f"{len(report.skipped)} of them could not be used.")


def learn(settings: Settings, database: Database) -> None:
    """What the articles mean, where there is a model for it."""
    try:
        model = meaning.open_model(settings.embeddings, settings.openai_api_key, settings.openai_base_url)
    except ValueError as error:
        raise SettingsError(f"HAVANA_EMBEDDINGS: {error}.") from None
    if model is None:
        return
    try:
        with shown("Learning what they mean") as progress:
            meaning.learn(database, model, progress)
    except NotLearnt as error:
        click.echo(f"havana: what articles mean cannot be learnt: {error}. They are found by their words.", err=True)
    finally:
        model.close()


def _site(database: Database, key: str | None) -> Site:
    if key is None:
        return database.write_now(lambda conn: sites.ensure_default(conn, now()))
    found = database.read_now(lambda conn: sites.by_key(conn, key))
    if found is None:
        raise Failed(f"There is no site {key}. Make one with: havana site apply FILE.toml")
    return found
