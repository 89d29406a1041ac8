"""What an agent's list holds: whoever waits first, whatever else goes on."""

from havana.accounts.limits import Limits
from havana.drafts import Drafts
from havana.reading import Reading
from havana.storage.inbox import Filter

from .conftest import ANA, Office


async def test_whoever_waits_is_never_behind_the_limit_of_the_list(office: Office):
    reading = Reading(office.database, office.desk, Drafts(), office.bus, Limits())
    visitor = office.visitor()
    waiting = (await office.desk.open(visitor, lambda c: c.request_human(visitor, on_duty=True))).fold.id
    for _ in range(510):
        await office.posts(office.visitor())

    summaries = await reading.inbox(ANA)
    assert len(summaries) == 500
    assert summaries[0]["conversation"] == waiting


async def test_pages_follow_each_other_without_a_gap(office: Office):
    reading = Reading(office.database, office.desk, Drafts(), office.bus, Limits())
    for _ in range(25):
        await office.posts(office.visitor())
    whole = [summary["conversation"] for summary in await reading.inbox(ANA)]

    paged: list[str] = []
    cursor = None
    while True:
        page = await reading.list_conversations(ANA, Filter(), cursor=cursor, limit=10)
        paged += [summary["conversation"] for summary in page["conversations"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == whole
