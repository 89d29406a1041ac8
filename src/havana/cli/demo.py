"""The first run of a demo: a site with its articles, and somebody to sign in as."""

from pathlib import Path

import click

from havana.accounts.sessions import new_link
from havana.chat.site import Site
from havana.cli.common import now
from havana.cli.content import read_site
from havana.config import Settings
from havana.knowledge import ingest
from havana.storage import nodes, sites, staff
from havana.storage.database import Connection
from havana.storage.opening import open_database

ADMIN = "admin@example.com"


def prepare(settings: Settings, folder: Path) -> str | None:
    """Fills an empty data folder from `folder` (site.toml, articles/); never touches one that has a site.

    Tells a one-time sign-in token for the demo's admin, if there is one: at every start, so that a demo can always
    be entered.
    """
    wanted = read_site(folder / "site.toml")
    database = open_database(settings.data, settings.database_url)
    try:
        if (site := database.write_now(lambda conn: _settle(conn, wanted))) is not None:
            report = ingest.add(database, site.id, [folder / "articles"])
            click.echo(f"{site.name} is set up, with {len(report.added)} articles.")
        admin = database.read_now(lambda conn: staff.credentials(conn, ADMIN))
        if admin is None:
            return None
        return database.write_now(lambda conn: new_link(conn, admin.agent.id, now()))
    finally:
        database.close_now()


def _settle(conn: Connection, wanted: Site) -> Site | None:
    """The site, with somebody to sign in as; None if there is one already. Of several who start at once one does it."""
    nodes.queue(conn)
    if sites.default(conn) is not None:
        return None
    if staff.team(conn) == []:
        staff.add_agent(conn, ADMIN, "Admin", "admin", now=now())
    return sites.settle(conn, wanted, now())
