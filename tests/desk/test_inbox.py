"""What an agent's list holds: whoever waits first, whatever else goes on."""

import itertools

import msgspec

from havana.accounts.limits import Limits
from havana.chat.fold import Fold, OpenCall
from havana.chat.people import Person, TeamName
from havana.drafts import Drafts
from havana.ids import new_id
from havana.reading import Reading
from havana.storage import history, inbox
from havana.storage.database import Connection
from havana.storage.inbox import Filter
from havana.storage.tables import conversations, visitors

from .conftest import ANA, BEN, Office


async def test_whoever_waits_is_never_behind_the_limit_of_the_list(office: Office):
    reading = Reading(office.database, office.desk, Drafts(), office.bus, Limits())
    visitor = office.visitor()
    waiting = (await office.desk.open(visitor, lambda c: c.request_human(visitor, on_duty=True))).fold.id
    for _ in range(510):
        await office.posts(office.visitor())

    page = await reading.inbox(ANA, Filter())
    assert len(page["conversations"]) == 500
    assert page["conversations"][0]["conversation"] == waiting
    rest = await reading.list_conversations(ANA, Filter(), cursor=page["next"])
    everybody = [summary["conversation"] for summary in (*page["conversations"], *rest["conversations"])]
    # Whoever waits stands in their own place, too.
    assert (len(everybody), len(set(everybody)), rest["next"]) == (512, 511, None)


async def test_pages_follow_each_other_without_a_gap(office: Office):
    reading = Reading(office.database, office.desk, Drafts(), office.bus, Limits())
    for _ in range(25):
        await office.posts(office.visitor())
    whole = [summary["conversation"] for summary in (await reading.inbox(ANA, Filter()))["conversations"]]

    paged: list[str] = []
    cursor = None
    while True:
        page = await reading.list_conversations(ANA, Filter(), cursor=cursor, limit=10)
        paged += [summary["conversation"] for summary in page["conversations"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == whole


async def test_a_list_in_which_only_people_wait_goes_on_with_the_others(office: Office):
    reading = Reading(office.database, office.desk, Drafts(), office.bus, Limits())
    for _ in range(500):
        visitor = office.visitor()
        await office.desk.open(visitor, lambda c, v=visitor: c.request_human(v, on_duty=True))
    other = (await office.posts(office.visitor())).fold.id

    page = await reading.inbox(ANA, Filter())
    rest = await reading.list_conversations(ANA, Filter(), cursor=page["next"])
    assert {summary["state"]["control"] for summary in page["conversations"]} == {"pending"}
    assert rest["conversations"][0]["conversation"] == other


REGULAR = new_id()
"""A visitor: of the first of `folds`."""
FILTERS = {
    "everything": Filter(),
    "by who speaks": Filter(control=("pending", "human")),
    "nothing": Filter(control=("none",)),
    "held by Ana": Filter(agent=ANA.id),
    "held by nobody": Filter(agent="nobody"),
    "of a site": Filter(site="elsewhere"),
    "with a label": Filter(label="billing"),
    "with a label of many letters": Filter(label='50 % "off"_\\ ü'),
    "with a label that is part of another": Filter(label="bill"),
    "with a label, by who speaks": Filter(label="billing", control=("closed",)),
    "of a visitor": Filter(visitor=REGULAR),
    "of a visitor, by who speaks": Filter(visitor=REGULAR, control=("closed",)),
    "for one of two teams": Filter(teams=("t1", "t3")),
    "for no team of these": Filter(teams=("t3",)),
    "waiting": Filter(waiting=True),
    "waiting, and held by Ana": Filter(waiting=True, agent=ANA.id),
}


def folds(office: Office) -> list[Fold]:
    """Of each kind one, in each state."""
    until = office.clock()
    labels: list[tuple[str, ...]] = [(), ("billing",), ("billing", '50 % "off"_\\ ü'), ("50 X",)]
    calls = [(), (OpenCall("k1", "refund", "started", until),), (OpenCall("k2", "refund", "asked", until),)]
    held = [("ai", None), ("pending", None), ("human", ANA.person), ("human", BEN.person), ("closed", ANA.person)]
    return [
        Fold(
            new_id(),
            "l",
            office.site.id,
            Person(new_id() if at else REGULAR, "Coral"),
            control=control,
            agent=agent,
            labels=named,
            calls=open_,
            team=TeamName("t1", "Sales") if named == ("billing",) else TeamName("t2", "Tours") if open_ else None,
        )
        for at, ((control, agent), named, open_) in enumerate(itertools.product(held, labels, calls))
        # What is over asks for nothing.
        if control != "closed" or open_ != calls[2]
    ]


async def test_each_filter_says_the_same_of_the_list_and_of_one_conversation(office: Office):
    every = [msgspec.structs.replace(fold, seq=1, public_seq=1, at=office.clock()) for fold in folds(office)]

    def store(conn: Connection) -> None:
        for fold in every:
            person = {"id": fold.visitor.id, "site_id": fold.site, "name": "Coral", "created_at": office.clock()}
            conn.execute(visitors.insert().values(**person))
            conn.execute(conversations.insert().values(**history.fold_row(fold)))

    office.database.write_now(store)
    for name, wanted in FILTERS.items():
        found = await office.database.read(lambda conn, f=wanted: inbox.rows(conn, ANA.id, f))
        assert {row.fold.id for row in found} == {fold.id for fold in every if wanted.matches(fold)}, name
    lengths = {name: sum(wanted.matches(fold) for fold in every) for name, wanted in FILTERS.items()}
    assert lengths == {
        "everything": 56,
        "by who speaks": 36,
        "nothing": 0,
        "held by Ana": 12,
        "held by nobody": 0,
        "of a site": 0,
        "with a label": 28,
        "with a label of many letters": 14,
        "with a label that is part of another": 0,
        "with a label, by who speaks": 4,
        "of a visitor": 1,
        "of a visitor, by who speaks": 0,
        "for one of two teams": 3,
        "for no team of these": 0,
        "waiting": 24,
        "waiting, and held by Ana": 4,
    }
