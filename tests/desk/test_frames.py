"""What a reader gets at once goes into a frame, however long the words are and in whatever script."""

import pytest

from havana import reading
from havana.accounts.limits import Limits
from havana.drafts import Draft, Drafts
from havana.live.encoding import encode
from havana.live.frames import FRAME_OUT
from havana.reading import Reading
from havana.storage import history
from havana.storage.inbox import Filter

from .conftest import ANA, Office

WIDE = "界" * 4000
"""Twelve thousand bytes."""


async def test_a_snapshot_leaves_room_for_the_answer_that_is_being_written(office: Office):
    drafts = Drafts()
    visitor = office.visitor()
    conversation = (await office.posts(visitor, WIDE)).fold.id
    for _ in range(30):
        await office.posts(visitor, WIDE)
    await office.desk.perform(conversation, lambda c: c.start_answer("answer"))
    words = WIDE * 4
    await office.database.write(lambda conn: history.save_draft(conn, conversation, "answer", words))
    drafts.put(conversation, Draft("answer", words))

    followed = await Reading(office.database, office.desk, drafts, office.bus, Limits()).followed(visitor, conversation)
    assert followed["draft"] == {"answer": "answer", "text": words}
    assert encode({"id": 1, "ok": followed}).size <= FRAME_OUT
    assert followed["events"][-1]["kind"] == "answer_started"
    assert followed["before"] == followed["events"][0]["seq"] > 1


async def test_an_inbox_holds_as_many_conversations_as_go_into_a_frame(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "LARGEST_TAIL", 4000)
    waiting = office.visitor()
    first = (await office.desk.open(waiting, lambda c: c.request_human(waiting, on_duty=True))).fold.id
    for _ in range(20):
        await office.posts(office.visitor(), WIDE)

    shown = Reading(office.database, office.desk, Drafts(), office.bus, Limits())
    page = await shown.inbox(ANA, Filter())
    inbox = page["conversations"]
    assert inbox[0]["conversation"] == first
    assert 1 < len(inbox) < 21
    assert encode(inbox).size <= 4000
    rest = (await shown.list_conversations(ANA, Filter(), cursor=page["next"]))["conversations"]
    assert len({summary["conversation"] for summary in (*inbox, *rest)}) == 21
