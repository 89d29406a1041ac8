"""Beside a newer release on the same database: what it writes harms nobody here, and is not lost."""

from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests import newer

from havana.accounts.limits import Limits
from havana.bus.memory import MemoryBus
from havana.chat import events as e
from havana.chat.encoding import encode_fact
from havana.chat.errors import Busy
from havana.chat.fold import Fold, apply
from havana.drafts import Drafts
from havana.reading import Reading
from havana.storage import history, inbox
from havana.storage.inbox import Filter

from .conftest import ANA, Office

TRANSLATED = {"kind": "message_translated", "message": "e1", "text": "Bonjour", "by": {"model": "m"}}


def reading(office: Office) -> Reading:
    return Reading(office.database, office.desk, Drafts(), MemoryBus(), Limits(on=False))


async def talk(office: Office, *facts: dict[str, Any], **fold: object) -> Fold:
    """A conversation in which the visitor has spoken here, and somebody else on a newer node."""
    done = await office.posts(office.visitor())

    def work(conn: sa.Connection) -> None:
        for fact in facts:
            newer.append(conn, done.fold.id, fact, **fold)

    await office.database.write(work)
    return done.fold


# Events


async def test_an_event_of_a_kind_that_is_not_known_has_its_place_and_tells_nothing(office: Office):
    fold = await talk(office, TRANSLATED)
    visitor = (await reading(office).followed(visitor_of(office, fold), fold.id))["events"]
    agent = (await reading(office).history(ANA, fold.id))["events"]

    assert [event["seq"] for event in visitor] == [event["seq"] for event in agent] == [1, 2]
    assert visitor[1].keys() == agent[1].keys() == {"seq", "id", "at", "author", "kind"}
    assert visitor[1]["kind"] == agent[1]["kind"] == "unknown"


async def test_staffs_business_of_a_kind_that_is_not_known_is_not_the_visitors(office: Office):
    fold = await talk(office)
    await office.database.write(lambda conn: newer.append(conn, fold.id, TRANSLATED, public=False))
    seen = await reading(office).history(visitor_of(office, fold), fold.id)

    assert [event["kind"] for event in seen["events"]] == ["message_posted"]


async def test_the_conversation_goes_on_after_it_and_it_stays_as_it_was(office: Office):
    fold = await talk(office, TRANSLATED)
    visitor = visitor_of(office, fold)
    done = await office.desk.perform(fold.id, lambda c: c.post(visitor, "And then?", "key-0002"))
    await office.desk.perform(fold.id, lambda c: c.claim(ANA))

    assert done.event is not None
    assert done.event.seq == 3
    assert (await office.database.read(lambda conn: newer.payloads(conn, fold.id)))[1] == TRANSLATED
    assert await office.kinds(fold.id) == ["message_posted", "unknown", "message_posted", "claimed", "message_posted"]


async def test_an_event_of_a_known_kind_keeps_what_is_known_of_it(office: Office):
    new_word = {"kind": "closed", "reason": "spam", "until": "2027-01-01"}
    new_field = {
        "kind": "message_posted",
        "text": "See below",
        "offers": ["call_me", "leave_contact"],
        "language": "en",
    }
    fold = await talk(office, new_field, new_word)
    log = await office.log(fold.id)

    assert log[1].fact == e.MessagePosted("See below", offers=("call_me", "leave_contact"))  # type: ignore[arg-type] # a newer release's word
    assert log[2].fact == e.Closed("spam")  # type: ignore[arg-type] # a newer release's word


async def test_an_event_of_a_known_kind_that_cannot_be_read_is_as_one_of_no_known_kind(office: Office):
    fold = await talk(office, {"kind": "claimed", "team": "sales"}, {"kind": "rated", "score": "good"})

    assert await office.kinds(fold.id) == ["message_posted", "unknown", "unknown"]


async def test_what_cannot_be_read_is_never_written(office: Office):
    with pytest.raises(TypeError, match="unknown"):
        encode_fact(e.Unknown())


# Who is in charge


async def test_who_is_in_charge_is_as_the_newer_node_says_whatever_it_wrote_in_the_log(office: Office):
    """The log alone would say that the assistant is."""
    fold = await talk(office, {"kind": "claimed_by_team", "team": "sales"}, control="pending", since=2, public_since=2)
    visitor = visitor_of(office, fold)
    done = await office.desk.perform(fold.id, lambda c: c.post(visitor, "Anybody?", "key-0002"))

    assert done.fold.control == "pending"
    assert not (await office.desk.perform(fold.id, lambda c: c.start_answer("answer-1"))).event


async def test_what_is_not_known_is_never_folded(office: Office):
    fold = await talk(office, TRANSLATED)
    log = await office.log(fold.id)
    with pytest.raises(Exception, match="unknown cannot happen"):
        apply(msgspec.structs.replace(fold, seq=1), log[1])


@pytest.mark.parametrize("left", ["control", "calls"])
async def test_in_a_state_that_is_not_known_the_conversation_is_read_only(office: Office, left: str):
    call = {"id": "c1", "tool": "refund", "step": "second_opinion", "until": "2027-01-01T00:00:00Z", "answer": None}
    states = {"control": "on_hold", "calls": msgspec.json.encode([call]).decode()}
    fold = await talk(office, TRANSLATED, **{left: states[left]})
    visitor = visitor_of(office, fold)
    for role in (visitor, ANA):
        assert (await reading(office).followed(role, fold.id))["top"] == 2
    with pytest.raises(Busy) as refused:
        await office.desk.perform(fold.id, lambda c: c.post(visitor, "Hello?", "key-0002"))
    with pytest.raises(Busy):
        await office.desk.open(visitor, lambda c: c.post(visitor, "Hello?", "key-0002"))
    with pytest.raises(Busy):
        await office.desk.perform(fold.id, lambda c: c.claim(ANA))

    assert refused.value.retry_ms
    assert (await office.stored(fold.id)).seq == 2


async def test_one_such_conversation_hides_no_other_from_the_lists(office: Office):
    await talk(office, TRANSLATED, calls='[{"id": "c1", "step": "new", "tool": "t", "until": "2027-01-01T00:00:00Z"}]')
    await talk(office, TRANSLATED, control="on_hold")
    other = await talk(office)
    listed = await office.database.read(lambda conn: inbox.rows(conn, ANA.id, Filter()))

    assert other.id in [row.fold.id for row in listed]
    assert len(listed) == 2


# Redaction


async def test_what_may_repeat_removed_words_and_cannot_be_read_is_not_left_behind(office: Office):
    """Neither is it destroyed: whoever can read it empties it properly."""
    fold = await talk(office, TRANSLATED)
    target, unread = await office.log(fold.id)
    for event in (target, unread):
        with pytest.raises(Busy, match="upgraded"):
            await office.desk.perform(fold.id, lambda c, event=event: c.redact(ANA, event))

    stored = await office.database.read(lambda conn: newer.payloads(conn, fold.id))
    assert stored == [{"kind": "message_posted", "text": "Hello", "offers": [], "redacted": False}, TRANSLATED]


async def test_a_redaction_leaves_nothing_of_fields_that_are_not_known(office: Office):
    noted = {"kind": "handover_noted", "reason": "in_a_hurry", "summary": "Wants it now", "quote": "now!"}
    said = {"kind": "message_posted", "text": "Now!", "language": "en"}
    fold = await talk(office, noted, said)
    target = (await office.log(fold.id))[2]
    await office.desk.perform(fold.id, lambda c: c.redact(ANA, target))

    stored = await office.database.read(lambda conn: newer.payloads(conn, fold.id))
    assert stored[1] == {"kind": "handover_noted", "reason": "in_a_hurry", "summary": "", "redacted": True}
    assert stored[2] == {"kind": "message_posted", "text": "", "offers": [], "redacted": True}


# Repair


async def test_a_rebuild_leaves_alone_what_it_cannot_fold(office: Office):
    kept = await talk(office, {"kind": "claimed_by_team", "team": "sales"}, control="pending", since=2)
    word = await talk(office, {"kind": "closed", "reason": "spam"}, preview="as the newer one has it")
    damaged = await talk(office)
    before = [await office.stored(kept.id), await office.stored(word.id)]
    await office.database.write(lambda conn: newer_damage(conn, damaged.id))

    rebuilt = office.database.write_now(history.rebuild)
    assert rebuilt.mended == [damaged.id]
    assert sorted(rebuilt.left) == sorted([kept.id, word.id])
    assert [await office.stored(kept.id), await office.stored(word.id)] == before


def newer_damage(conn: sa.Connection, conversation: str) -> None:
    from havana.storage.tables import conversations

    conn.execute(conversations.update().where(conversations.c.id == conversation).values(preview="damaged"))


def visitor_of(office: Office, fold: Fold) -> Any:
    return msgspec.structs.replace(office.visitor(), id=fold.visitor.id)
