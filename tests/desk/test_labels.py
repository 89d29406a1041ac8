"""Which labels are in use."""

from havana.storage import labels

from .conftest import ANA, Office


async def test_labels_in_use_are_told_with_the_most_frequent_first(office: Office):
    for given in (("refund",), ("refund", "urgent"), ("Late",), (), ("urgent", "refund")):
        begun = await office.posts(office.visitor())
        await office.desk.perform(begun.fold.id, lambda c, some=given: c.label(ANA, some))

    here = await office.database.read(lambda conn: labels.in_use(conn, office.site.id))
    assert here == [("refund", 3), ("urgent", 2), ("Late", 1)]
    assert await office.database.read(labels.in_use) == here
    assert await office.database.read(lambda conn: labels.in_use(conn, "another site")) == []


async def test_as_many_labels_as_are_allowed_are_stored_however_long_they_are(office: Office):
    most = tuple(f"{number:02}{chr(0x1F600 + number) * 38}" for number in range(20))
    begun = await office.posts(office.visitor())
    await office.desk.perform(begun.fold.id, lambda c: c.label(ANA, most))

    assert dict(await office.database.read(labels.in_use)) == dict.fromkeys(most, 1)
