"""What a newer release has stored of a site: what is known of it counts, and what is not known is not lost."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.knowledge import syncing
from havana.storage import sites, sources
from havana.storage.knowledge_tables import sources as stored_sources
from havana.storage.sources import Source
from havana.storage.tables import sites as stored_sites

from .conftest import Office

SETTINGS = {
    "theme": {"colour": "#204060"},
    "remind_after_s": 60,
    "words": {"joined": "Hi, {agent} here.", "welcome_back": "Welcome back."},
    "tools": [
        {"name": "stock", "description": "What is there", "url": "https://shop.example/stock", "changes": False},
        {"name": "refund", "description": "Pays back", "url": "https://shop.example/refund", "second_opinion": True},
        {"name": "look", "description": "Looks", "url": "https://shop.example/look", "method": "QUERY"},
    ],
    "mcp": [{"name": "crm", "url": "https://crm.example/mcp", "reads": ["find"], "asks_twice": ["sell"]}],
}


async def set_by_newer(office: Office) -> dict[str, Any]:
    settings = {"id": office.site.id, "key": office.site.key, "name": office.site.name, **SETTINGS}
    text = msgspec.json.encode(settings).decode()
    await office.database.write(lambda conn: conn.execute(stored_sites.update().values(settings=text)))
    return settings


async def test_of_a_sites_settings_what_is_known_counts(office: Office):
    await set_by_newer(office)
    site = await office.database.read(lambda conn: sites.by_key(conn, office.site.key))

    assert site is not None
    assert (site.remind_after_s, site.words.joined) == (60, "Hi, {agent} here.")
    assert await office.database.read(sites.every) == [site]


async def test_a_tool_that_is_not_understood_whole_is_not_used(office: Office):
    """What is not understood of it may be what holds it back."""
    await set_by_newer(office)
    site = await office.database.read(lambda conn: sites.by_key(conn, office.site.key))

    assert site is not None
    assert [tool.name for tool in site.tools] == ["stock"]
    assert site.mcp == ()


async def test_storing_a_site_keeps_what_is_not_known_of_its_settings(office: Office):
    await set_by_newer(office)
    applied = msgspec.structs.replace(office.site, greeting="Hello again")
    await office.database.write(lambda conn: sites.settle(conn, applied, office.clock()))
    text = await office.database.read(lambda conn: conn.execute(sa.select(stored_sites.c.settings)).scalar_one())
    stored = msgspec.json.decode(text)

    assert stored["greeting"] == "Hello again"
    assert stored["theme"] == SETTINGS["theme"]
    assert stored["words"] == {"welcome_back": "Welcome back."}
    assert "remind_after_s" not in stored


async def test_a_site_with_settings_of_a_newer_release_is_no_placeholder(office: Office):
    placeholder = {"id": office.site.id, "key": "default", "name": "Havana", "theme": {"colour": "#204060"}}
    text = msgspec.json.encode(placeholder).decode()
    await office.database.write(lambda conn: conn.execute(stored_sites.update().values(settings=text, key="default")))
    other = msgspec.structs.replace(office.site, key="other")
    settled = await office.database.write(lambda conn: sites.settle(conn, other, office.clock()))

    assert settled.id != office.site.id


async def test_a_source_of_a_kind_that_is_not_known_is_left_to_who_knows_it(office: Office, tmp_path: Path):
    place = str(tmp_path / "shelf.zip")

    def remember(conn: sa.Connection) -> None:
        sources.remember(conn, office.site.id, Source("archive", place), office.clock())

    await office.database.write(remember)
    report = await asyncio.to_thread(syncing.sync, office.database, office.site.id)
    left = await office.database.read(lambda conn: conn.execute(sa.select(stored_sources.c.place)).scalars().all())

    assert (report.removed, report.skipped, left) == ([], [], [place])
