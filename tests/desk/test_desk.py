"""The one way to write: once per key, in one order, won by whoever got there first."""

import asyncio

import pytest

from havana.chat import events as e
from havana.chat.errors import AlreadyClaimed, ConversationClosed, Forbidden, NotFound, Stale
from havana.ids import new_id
from havana.storage import history, visitors
from havana.storage.tables import conversations

from .conftest import ANA, BEN, Office


async def test_the_first_message_creates_the_conversation_with_seq_1(office: Office):
    done = await office.posts(office.visitor(), "What does welding cost?", "key-0001")

    assert done.event is not None
    assert (done.event.seq, done.event.public_seq, done.repeated) == (1, 1, False)
    assert office.published == [done.event]
    assert await office.log(done.fold.id) == [done.event]


async def test_the_same_key_gets_the_same_answer_whatever_the_text_says_by_then(office: Office):
    visitor = office.visitor()
    first = await office.posts(visitor, "Hello", "key-0001")

    again = await office.posts(visitor, "Something else", "key-0001")
    assert again.repeated
    assert again.event == first.event
    assert await office.kinds(first.fold.id) == ["message_posted"]


async def test_a_retry_gets_its_first_answer_even_if_control_has_moved_on(office: Office):
    visitor = office.visitor()
    conversation = (await office.posts(visitor)).fold.id
    said = await office.desk.perform(
        conversation, lambda c: c.reply(ANA, "Hi", "key-ana1"), role="agent", key="key-ana1"
    )
    await office.desk.perform(conversation, lambda c: c.transfer(ANA, BEN))

    again = await office.desk.perform(
        conversation, lambda c: c.reply(ANA, "Hi", "key-ana1"), role="agent", key="key-ana1"
    )
    assert again.repeated
    assert again.event == said.event


async def test_twenty_tabs_that_post_first_at_the_same_time_open_one_conversation(office: Office):
    visitor = office.visitor()

    done = await asyncio.gather(*(office.posts(visitor, f"Tab {n}") for n in range(20)))
    conversations = {each.fold.id for each in done}
    assert len(conversations) == 1
    log = await office.log(conversations.pop())
    assert [event.seq for event in log] == list(range(1, 21))
    assert {event.fact.text for event in log} == {f"Tab {n}" for n in range(20)}


async def test_the_same_first_message_sent_twice_at_once_stands_once(office: Office):
    visitor = office.visitor()

    done = await asyncio.gather(*(office.posts(visitor, "Hello", "key-0001") for _ in range(10)))
    assert len({each.fold.id for each in done}) == 1
    assert sum(not each.repeated for each in done) == 1
    assert await office.kinds(done[0].fold.id) == ["message_posted"]


async def test_of_two_agents_who_claim_at_once_one_wins_and_the_other_reads_who_did(office: Office):
    conversation = (await office.posts(office.visitor())).fold.id
    desks = (office.desk, office.another_desk())

    results = await asyncio.gather(
        desks[0].perform(conversation, lambda c: c.claim(ANA)),
        desks[1].perform(conversation, lambda c: c.claim(BEN)),
        return_exceptions=True,
    )
    refusal = next(result for result in results if isinstance(result, AlreadyClaimed))
    holder = (await office.stored(conversation)).agent
    assert holder is not None
    assert holder.name in refusal.message
    assert refusal.fold is not None
    assert refusal.fold.agent == holder
    assert (await office.kinds(conversation)).count("claimed") == 1


async def test_a_desk_with_an_old_view_asks_the_newer_conversation_again(office: Office):
    conversation = (await office.posts(office.visitor())).fold.id
    other = office.another_desk()
    await other.load(conversation)
    await office.desk.perform(conversation, lambda c: c.close(ANA.author))

    with pytest.raises(ConversationClosed):
        await other.perform(conversation, lambda c: c.claim(BEN))


async def test_a_refusal_of_an_old_view_is_asked_of_the_stored_conversation(office: Office):
    conversation = (await office.posts(office.visitor())).fold.id
    other = office.another_desk()
    await other.perform(conversation, lambda c: c.claim(BEN))
    await office.desk.perform(conversation, lambda c: c.hand_back(BEN))

    assert not (await other.perform(conversation, lambda c: c.claim(ANA))).repeated


async def test_first_words_shown_while_a_message_comes_in_keep_the_answer_from_being_superseded(office: Office):
    """The draft row is written between the loading of the conversation and the append of the message."""
    visitor = office.visitor()
    conversation = (await office.posts(visitor)).fold.id
    await office.desk.perform(conversation, lambda c: c.start_answer("answer-1"))
    asked = 0

    def post(c):
        nonlocal asked
        asked += 1
        if asked == 1:
            office.database.write_now(lambda conn: history.save_draft(conn, conversation, "answer-1", "Weld"))
        return c.post(visitor, "And HVAC?", "key-0002")

    await office.desk.perform(conversation, post)
    assert asked == 2
    assert await office.kinds(conversation) == ["message_posted", "answer_started", "message_posted"]


async def test_a_claim_keeps_what_was_shown_and_closes_the_fence_for_drafts(office: Office):
    conversation = (await office.posts(office.visitor())).fold.id
    await office.desk.perform(conversation, lambda c: c.start_answer("answer-1"))
    await office.database.write(lambda conn: history.save_draft(conn, conversation, "answer-1", "Welding"))
    await office.desk.perform(conversation, lambda c: c.claim(ANA))

    finished = next(event.fact for event in await office.log(conversation) if isinstance(event.fact, e.AnswerFinished))
    assert (finished.outcome, finished.text) == ("interrupted", "Welding")
    late = await office.database.write(lambda conn: history.save_draft(conn, conversation, "answer-1", "Welding costs"))
    assert late is False


async def test_the_stored_fold_is_the_replayed_log(office: Office):
    visitor = office.visitor()
    conversation = (await office.posts(visitor, "My password is hunter2")).fold.id
    first = (await office.log(conversation))[0]
    for request in (
        lambda c: c.start_answer("answer-1"),
        lambda c: c.escalate("answer-1", text="One moment.", reason="asked", summary="hunter2", on_duty=True),
        lambda c: c.reply(ANA, "Hi", "key-0002"),
        lambda c: c.note(ANA, "A note"),
        lambda c: c.label(ANA, ("welding",)),
        lambda c: c.redact(ANA, first),
        lambda c: c.hand_back(ANA),
        lambda c: c.post(visitor, "And HVAC?", "key-0003"),
        lambda c: c.start_answer("answer-2"),
        lambda c: c.finish_answer("answer-2", "It takes nine months."),
        lambda c: c.close(visitor.author),
    ):
        await office.desk.perform(conversation, request)

    log = await office.log(conversation)
    stored = await office.stored(conversation)
    assert history.replay(stored, log) == stored
    assert [event.seq for event in log] == list(range(1, len(log) + 1))
    public = [event.public_seq for event in log if event.public_seq is not None]
    assert public == list(range(1, len(public) + 1))


async def test_a_redaction_leaves_nothing_of_the_words_in_the_database(office: Office, tmp_path):
    visitor = office.visitor()
    conversation = (await office.posts(visitor, "My password is hunter2")).fold.id
    await office.desk.perform(conversation, lambda c: c.start_answer("answer-1"))
    await office.desk.perform(
        conversation,
        lambda c: c.escalate("answer-1", text="", reason="asked", summary="Their password is hunter2", on_duty=True),
    )
    first = (await office.log(conversation))[0]
    await office.desk.perform(conversation, lambda c: c.redact(ANA, first))

    assert not any("hunter2" in str(event) for event in await office.log(conversation))
    assert "hunter2" not in str(await office.stored(conversation))
    assert (await office.log(conversation))[0].fact == e.MessagePosted("", redacted=True)


async def test_a_redacted_answer_folds_the_same_when_replayed(office: Office):
    conversation = (await office.posts(office.visitor())).fold.id
    await office.desk.perform(conversation, lambda c: c.start_answer("answer-1"))
    await office.desk.perform(conversation, lambda c: c.finish_answer("answer-1", "Secret"))
    answer = (await office.log(conversation))[-1]
    await office.desk.perform(conversation, lambda c: c.redact(ANA, answer))

    stored = await office.stored(conversation)
    assert stored.preview == ""
    assert history.replay(stored, await office.log(conversation)) == stored


async def test_within_a_week_a_message_reopens_and_later_it_begins_anew(office: Office):
    visitor = office.visitor()
    first = (await office.posts(visitor)).fold.id
    await office.desk.perform(first, lambda c: c.close(ANA.author))

    office.clock.advance(days=6)
    assert (await office.posts(visitor)).fold.id == first
    await office.desk.perform(first, lambda c: c.close(ANA.author))
    office.clock.advance(days=8)
    later = await office.posts(visitor, "Me again")
    assert later.fold.id != first
    assert later.fold.seq == 1


async def test_a_key_is_remembered_over_the_end_of_its_conversation(office: Office):
    visitor = office.visitor()
    first = await office.posts(visitor, "Hello", "key-0001")
    await office.desk.perform(first.fold.id, lambda c: c.close(ANA.author))
    office.clock.advance(days=8)

    again = await office.posts(visitor, "Hello", "key-0001")
    assert (again.repeated, again.event) == (True, first.event)


async def test_what_does_not_exist_is_not_found(office: Office):
    with pytest.raises(NotFound):
        await office.desk.perform(new_id(), lambda c: c.claim(ANA))


async def test_a_blocked_visitor_opens_nothing(office: Office):
    visitor = office.visitor()
    await office.posts(visitor)
    await office.database.write(lambda conn: visitors.set_blocked(conn, visitor.id, office.clock()))

    with pytest.raises(Forbidden):
        await office.posts(visitor, "Hello again")


async def test_a_visitor_who_is_blocked_while_they_write_is_refused_in_the_commit(office: Office):
    visitor = office.visitor()
    done = await office.posts(visitor)
    await office.database.write(lambda conn: visitors.set_blocked(conn, visitor.id, office.clock()))

    with pytest.raises(Forbidden):
        await office.desk.perform(done.fold.id, lambda c: c.post(visitor, "Hello again", new_id()))
    await office.desk.perform(done.fold.id, lambda c: c.claim(ANA))
    assert await office.kinds(done.fold.id) == ["message_posted", "claimed", "message_posted"]


async def test_an_agent_cannot_reopen_an_old_chat_beside_a_newer_one(office: Office):
    visitor = office.visitor()
    old = (await office.posts(visitor)).fold.id
    await office.desk.perform(old, lambda c: c.close(ANA.author))
    office.clock.advance(days=8)
    new = (await office.posts(visitor, "Me again")).fold.id

    for request in (lambda c: c.reply(ANA, "Hi", "key-ana1"), lambda c: c.reopen(ANA)):
        with pytest.raises(Stale, match="newer"):
            await office.desk.perform(old, request)
    await office.desk.perform(new, lambda c: c.close(ANA.author))
    await office.desk.perform(old, lambda c: c.reopen(ANA))
    assert (await office.posts(visitor, "Where am I?")).fold.id == old


async def test_a_fold_that_was_damaged_is_rebuilt_from_the_log(office: Office):
    healthy = (await office.posts(office.visitor())).fold.id
    damaged = (await office.posts(office.visitor(), "Hello")).fold
    broken = conversations.update().where(conversations.c.id == damaged.id).values(control="closed", preview="Bye")
    office.database.write_now(lambda conn: conn.execute(broken))

    assert office.database.write_now(history.rebuild).mended == [damaged.id]
    assert await office.stored(damaged.id) == damaged
    assert healthy != damaged.id
