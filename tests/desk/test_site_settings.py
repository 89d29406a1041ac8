"""The desk's copy of a site's settings: not read for each request, and never older than what somebody was told."""

import asyncio

import msgspec

from havana.bus import SITES, SiteChanged
from havana.storage import sites

from .conftest import Office


async def test_settings_that_were_being_read_while_they_changed_are_not_kept(office: Office, monkeypatch):
    """The clock stands still here, so what is kept is kept for ever."""
    read, goes_on = asyncio.Event(), asyncio.Event()
    database = office.database
    really = database.read

    async def slowly(work):
        found = await really(work)
        read.set()
        await goes_on.wait()
        return found

    monkeypatch.setattr(database, "read", slowly)
    reading = asyncio.create_task(office.desk.site(office.site.id))
    await read.wait()
    changed = msgspec.structs.replace(office.site, greeting="Good day")
    await database.write(lambda conn: sites.store(conn, changed, office.clock()))
    office.bus.publish(SITES, SiteChanged(office.site.id))
    goes_on.set()
    before = await reading

    assert before.greeting == office.site.greeting
    assert (await office.desk.site(office.site.id)).greeting == "Good day"


async def test_settings_are_kept_until_somebody_says_that_they_changed(office: Office):
    kept = await office.desk.site(office.site.id)
    changed = msgspec.structs.replace(office.site, greeting="Good day")
    await office.database.write(lambda conn: sites.store(conn, changed, office.clock()))

    assert await office.desk.site(office.site.id) is kept

    office.bus.publish(SITES, SiteChanged("another"))
    assert await office.desk.site(office.site.id) is kept

    office.bus.publish(SITES, SiteChanged(office.site.id))
    assert (await office.desk.site(office.site.id)).greeting == "Good day"
