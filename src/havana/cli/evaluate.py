"""`havana evaluate`."""

import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from havana.assistant.builtin import BuiltinModel
from havana.assistant.interface import Model
from havana.assistant.models import opening as models
from havana.chat.site import Site
from havana.cli.common import Failed, data_option, now, opened, settings_with
from havana.cli.knowledge import learn
from havana.config import Settings, SettingsError
from havana.evaluate.cases import BadCase, Placed, read
from havana.evaluate.report import Report, report, table, without_article, wrong
from havana.evaluate.results import Result
from havana.evaluate.run import Setting, run
from havana.ids import new_id
from havana.knowledge import ingest, meaning
from havana.knowledge.meaning import Meaning
from havana.knowledge.model import Model as SentenceModel
from havana.knowledge.search import Knowledge
from havana.storage import articles, sites
from havana.storage.database import Database
from havana.storage.opening import open_database

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
EXISTING = click.Path(path_type=Path, exists=True)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…")
@click.option(
    "--articles", "sources", multiple=True, type=EXISTING, metavar="PATH", help="Articles in place of the site's."
)
@click.option("--site", "key", metavar="KEY", help="The site whose articles are searched; the first one if not said.")
@click.option("--model", metavar="MODEL", help="The model that answers (HAVANA_MODEL).")
@click.option(
    "--json", "to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write all of it there."
)
@click.option("--wrong", "listed", is_flag=True, help="Print each case that did not come out as expected.")
@data_option
def evaluate(
    *,
    files: tuple[Path, ...],
    sources: tuple[Path, ...],
    key: str | None,
    model: str | None,
    to: Path | None,
    listed: bool,
    data: Path | None,
) -> None:
    """Measure the assistant on files of labelled cases. Nothing is stored, nobody is called."""
    try:
        cases = read(files)
    except BadCase as error:
        raise Failed(str(error)) from None
    settings = settings_with(data=data, model=model)
    with _knowing(sources, key, data) as (database, site):
        names = database.read_now(lambda conn: articles.names(conn, site.id))
        if (lost := without_article(cases, names)) is not None:
            raise Failed(f"{lost.where}: there is no article {lost.case.article!r}.")
        opened_model = _model(settings)
        learn(settings, database)
        sentences = meaning.open_model(settings.embeddings, settings.openai_api_key, settings.openai_base_url)
        results = asyncio.run(_results(cases, database, site, opened_model, sentences))
    found = report(opened_model.name, results, names)
    for line in filter(None, (wrong(result, names) for result in results if listed)):
        click.echo(line)
    for line in table(found):
        click.echo(line)
    if to is not None:
        _write(found, to)


@contextmanager
def _knowing(sources: Sequence[Path], key: str | None, data: Path | None) -> Iterator[tuple[Database, Site]]:
    """The articles of the data folder's site, or those of `sources` in a database of their own."""
    if not sources:
        with opened(data) as (_, database):
            yield database, _site(database, key)
        return
    with tempfile.TemporaryDirectory(prefix="havana-evaluate-") as folder:
        database = open_database(Path(folder), None)
        try:
            site = Site(id=new_id(), key="evaluate", name="the website")
            database.write_now(lambda conn: sites.store(conn, site, now()))
            for skipped in ingest.add(database, site.id, sources).skipped:
                click.echo(f"havana: {skipped.path}: {skipped.reason}", err=True)
            yield database, site
        finally:
            database.close_now()


def _site(database: Database, key: str | None) -> Site:
    found = database.read_now(lambda conn: sites.default(conn) if key is None else sites.by_key(conn, key))
    if found is None:
        raise Failed(
            f"There is no site {key}." if key else "There are no articles yet: add some, or say --articles PATH."
        )
    return found


def _model(settings: Settings) -> Model:
    # Imported here: the other commands must not wait for a web framework.
    from havana.app import model_settings

    try:
        model = models.open_model(model_settings(settings))
    except ValueError as error:
        raise SettingsError(f"HAVANA_MODEL: {error}.") from None
    # Nobody reads along.
    return BuiltinModel(pause=0) if isinstance(model, BuiltinModel) else model


async def _results(
    cases: Sequence[Placed], database: Database, site: Site, model: Model, sentences: SentenceModel | None
) -> list[Result]:
    meant = Meaning(database, sentences) if sentences is not None else None
    knowledge = Knowledge(database, meant)
    setting = Setting(model, site, lambda query: knowledge.search(site.id, query))
    try:
        # What is loaded with the first question is no part of its time.
        await models.warm(model)
        await knowledge.search(site.id, cases[0].case.text)
        results: list[Result] = []
        with click.progressbar(
            length=len(cases), label="Asking", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            async for result in run(cases, setting):
                results.append(result)
                bar.update(1)
        return results
    finally:
        await models.close(model)
        if meant is not None:
            await meant.close()


def _write(found: Report, to: Path) -> None:
    to.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
