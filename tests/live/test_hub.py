"""Who gets what: clients over the real hub and bus, and a log that is read while things happen."""

import asyncio
import json

import pytest
from tests.chat.story import ANA, BEN, VISITOR

from havana.bus import PEOPLE, Delta, SessionsEnded, conversation_topic
from havana.live.hub import CONNECTIONS_PER_VISITOR
from havana.live.outbox import CAP
from havana.live.serving import BUSY_LIMIT, WAITING_LIMIT

FOLLOW = {"conversation": "c1"}


def posts(text, number=2):
    return lambda chat: chat.post(VISITOR, text, f"key-{number:04}")


def starts(answer="answer-1"):
    return lambda chat: chat.start_answer(answer)


def finishes(text, answer="answer-1"):
    return lambda chat: chat.finish_answer(answer, text)


def claims(chat):
    return chat.claim(ANA)


def notes(chat):
    return chat.note(ANA, "a secret")


def kinds(client):
    return [push["event"]["kind"] for push in client.pushes("event")]


class TestFollowing:
    async def test_a_follower_gets_the_log_and_then_each_event_once(self, world):
        world.has()
        ben = await world.greeted("ben", FOLLOW)
        world.does(claims)

        [followed] = ben.received[0]["ok"]["following"]
        assert (followed["mode"], followed["top"]) == ("snapshot", 1)
        assert ben.seqs() == [2, 3]

    async def test_what_happens_while_the_log_is_read_is_neither_lost_nor_doubled(self, world):
        world.has()
        world.before_read = lambda: world.does(posts("before the read"))
        world.after_read = lambda: world.does(posts("after the read", 3))
        visitor = await world.greeted("visitor")
        reply = await visitor.asks("follow", **FOLLOW)

        assert [event["seq"] for event in reply["ok"]["events"]] == [1, 2]
        assert visitor.seqs() == [3]
        assert visitor.received.index(reply) < visitor.received.index(visitor.pushes("event")[0])

    async def test_staff_notes_never_reach_a_visitor_and_leave_no_gap_in_their_numbers(self, world):
        world.has()
        visitor, ana = await world.greeted("visitor", FOLLOW), await world.greeted("ana", FOLLOW)
        world.does(notes, claims)

        assert kinds(visitor) == ["claimed", "message_posted"]
        assert visitor.seqs() == [2, 3]
        assert kinds(ana) == ["note_posted", "claimed", "message_posted"]
        assert ana.seqs() == [2, 3, 4]

    async def test_somebody_elses_conversation_and_an_unknown_one_are_alike(self, world):
        world.has()
        stranger = await world.greeted("stranger", FOLLOW, {"conversation": "nowhere"})
        reply = await stranger.asks("follow", **FOLLOW)
        world.does(claims)

        theirs, unknown = stranger.received[0]["ok"]["following"]
        assert theirs == {"conversation": "c1", "error": reply["error"]}
        assert unknown == {"conversation": "nowhere", "error": reply["error"]}
        assert reply["error"]["code"] == "not_found"
        assert stranger.pushes("event") == []

    async def test_after_unfollow_nothing_comes(self, world):
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        await visitor.asks("unfollow", **FOLLOW)
        world.does(claims)

        assert visitor.pushes("event") == []
        assert world.hub.room("c1") is None

    async def test_an_event_that_the_bus_lost_is_read_from_the_log(self, world):
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(posts("lost"), lost=True)
        world.does(posts("arrives", 3))
        await visitor.gets(lambda frame: frame.get("push") == "event" and frame["event"]["seq"] == 3)

        assert visitor.seqs() == [2, 3]

    async def test_positions_reveal_a_tail_that_was_lost(self, world):
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(claims)
        visitor.connection.ping()

        assert visitor.received[-2:] == [{}, {"push": "position", "conversation": "c1", "seq": 3}]

    async def test_the_first_post_opens_a_conversation_on_all_connections_of_the_visitor(self, world):
        visitor, second_tab, stranger = [await world.greeted(token) for token in ("visitor", "visitor", "stranger")]
        reply = await visitor.asks("post", key="key-0001", text="Hello")

        assert reply["ok"]["conversation"] == "c1"
        for tab in (visitor, second_tab):
            [push] = tab.pushes("event")
            assert (push["event"]["seq"], push["event"]["text"], push["event"]["key"]) == (1, "Hello", "key-0001")
        assert stranger.pushes("event") == []

    async def test_a_conversation_opened_during_the_hello_comes_after_the_welcome(self, world):
        world.has(id="c9")
        first = await world.greeted("visitor")
        second = world.client()
        asked = second.says("hello", v=1, token="visitor", following=[{"conversation": "c9"}])
        await first.asks("post", key="key-0002", text="Hello")
        await second.reply(asked)
        await second.gets(lambda frame: frame.get("push") == "event")

        assert second.received[0]["id"] == asked
        assert second.seqs() == [1]


class TestAnswers:
    async def test_words_come_as_deltas_between_start_and_end(self, world):
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(starts())
        world.writes("Welding ")
        world.writes("costs")
        await visitor.gets(lambda frame: frame.get("push") == "delta" and frame["offset"] == 8)
        world.does(finishes("Welding costs 900."))
        world.writes(" too late")
        await visitor.asks("unfollow", **FOLLOW)

        assert visitor.words() == "Welding costs"
        assert [frame["push"] for frame in visitor.received if "push" in frame] == ["event", "delta", "delta", "event"]

    async def test_the_first_words_come_at_once_and_the_next_ones_together(self, world):
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(starts())
        for word in ("a", "b", "c", "d"):
            world.writes(word)
        await visitor.gets(lambda frame: frame.get("push") == "delta" and frame["offset"] == 1)

        assert [push["text"] for push in visitor.pushes("delta")] == ["a", "bcd"]

    async def test_a_claim_takes_the_waiting_words_out_of_every_outbox(self, world):
        world.has()
        readers = [await world.greeted("visitor", FOLLOW), await world.greeted("ben", FOLLOW)]
        world.does(starts())
        for reader in readers:
            reader.slow = True
        world.writes("Welding costs")
        world.does(claims)
        world.writes(" nothing")
        for reader in readers:
            reader.reads()

            assert kinds(reader) == ["answer_started", "answer_finished", "claimed", "message_posted"]
            assert reader.pushes("delta") == []

    async def test_a_latecomer_gets_the_draft_and_then_what_is_new(self, world):
        world.has()
        first = await world.greeted("visitor", FOLLOW)
        world.does(starts())
        world.writes("Weld")
        late = await world.greeted("ana", FOLLOW)
        world.writes("ing")
        await late.gets(lambda frame: frame.get("push") == "delta")
        await first.gets(lambda frame: frame.get("push") == "delta" and frame["offset"] == 4)

        [followed] = late.received[0]["ok"]["following"]
        assert followed["draft"] == {"answer": "answer-1", "text": "Weld"}
        assert [(push["offset"], push["text"]) for push in late.pushes("delta")] == [(4, "ing")]

    async def test_words_written_while_the_log_is_read_are_not_lost(self, world):
        world.has(starts())
        world.writes("Wel")
        world.before_read = lambda: world.writes("d")
        world.after_read = lambda: world.writes("ing")
        late = await world.greeted("ana", FOLLOW)
        await late.gets(lambda frame: frame.get("push") == "delta")

        assert late.received[0]["ok"]["following"][0]["draft"]["text"] == "Weld"
        assert [(push["offset"], push["text"]) for push in late.pushes("delta")] == [(4, "ing")]

    async def test_words_that_the_bus_lost_are_read(self, world, monkeypatch):
        monkeypatch.setattr("havana.live.hub.MEND_AFTER_S", 0.0)
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(starts())
        world.writes("Weld", lost=True)
        world.writes("ing")
        await visitor.gets(lambda frame: frame.get("push") == "delta")

        assert visitor.words() == "Welding"

    async def test_late_words_of_an_ended_answer_do_not_disturb_the_next(self, world, monkeypatch):
        monkeypatch.setattr("havana.live.hub.MEND_AFTER_S", 3600.0)
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(starts(), finishes(""), posts("again"), starts("answer-2"))
        world.writes("Yes", "answer-2")
        world.bus.publish(conversation_topic("c1"), Delta("c1", "answer-1", 0, "No"))
        world.writes(" and", "answer-2")
        await visitor.gets(lambda frame: frame.get("push") == "delta" and frame["offset"] == 3)

        assert visitor.words() == "Yes and"

    async def test_an_answer_that_ends_while_the_log_is_read_does_not_disturb_the_next(self, world):
        world.has(starts())
        world.writes("No")

        def goes_on():
            world.does(finishes("No."), posts("again"), starts("answer-2"))
            world.writes("Yes", "answer-2")

        world.after_read = goes_on
        late = await world.greeted("ana", FOLLOW)
        await late.gets(lambda frame: frame.get("push") == "delta")

        assert late.words() == "Yes"

    async def test_words_whose_start_the_bus_lost_come_after_it_was_read(self, world):
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(starts(), lost=True)
        world.writes("Welding")
        await visitor.asks("read", conversation="c1", seq=1)
        world.does(posts("And CNC?"))
        await visitor.gets(lambda frame: frame.get("push") == "delta")

        assert visitor.words() == "Welding"
        assert visitor.seqs() == [2, 3]

    async def test_a_reader_who_fell_behind_gets_a_whole_draft(self, world):
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(starts())
        world.writes("Weld")
        visitor.slow = True
        for number in range(10):
            world.does(posts("x" * 60_000, number + 10))
        world.writes("ing")
        await asyncio.sleep(0.05)
        visitor.reads()

        assert len(visitor.seqs()) == 11
        assert visitor.received[-1] == {
            "push": "draft",
            "conversation": "c1",
            "answer": "answer-1",
            "text": "Welding",
        }


class TestSlowAndBroken:
    async def test_a_reader_over_the_cap_is_closed_and_the_others_never_notice(self, world):
        world.has()
        slow, quick = await world.greeted("visitor", FOLLOW), await world.greeted("ben", FOLLOW)
        slow.slow = True
        size = 8000
        for number in range(CAP // size + 1):
            world.does(posts("x" * size, number + 10))
        slow.reads()

        assert slow.closed == (4002, "read too slowly")
        assert len(quick.seqs()) == CAP // size + 1
        assert quick.closed is None

    async def test_a_failing_connection_ends_alone(self, world):
        world.has()
        broken, fine = await world.greeted("visitor", FOLLOW), await world.greeted("ben", FOLLOW)
        broken.connection.session.following["c1"] = object()
        world.does(claims)

        assert fine.seqs() == [2, 3]
        assert broken.closed == (4006, "")

    async def test_a_client_that_goes_during_its_hello_is_forgotten(self, world):
        world.has()
        world.has(id="c2")
        client = world.client()
        world.before_read = client.hangs_up
        client.says("hello", v=1, token="visitor", following=[FOLLOW, {"conversation": "c2"}])
        await world.greeted("ana")

        assert world.reads == 1
        assert world.hub.room("c1") is world.hub.room("c2") is None

    async def test_a_client_that_is_gone_is_forgotten(self, world):
        world.has()
        gone, ana = await world.greeted("visitor", FOLLOW), await world.greeted("ana", FOLLOW)
        await ana.asks("follow_inbox")
        gone.hangs_up()
        world.does(claims)
        ana.hangs_up()

        assert gone.pushes("event") == []
        assert world.hub.room("c1") is None
        assert world.bus._handlers.keys() == {PEOPLE}


class TestCommands:
    async def test_are_carried_out_in_the_order_they_came(self, world):
        visitor = world.client()
        visitor.sends(
            "\n".join(
                json.dumps({"id": number, "do": do} | fields)
                for number, (do, fields) in enumerate(
                    [
                        ("hello", {"v": 1, "token": "visitor"}),
                        ("post", {"key": "key-0001", "text": "one"}),
                        ("follow", {"conversation": "c1"}),
                        ("post", {"conversation": "c1", "key": "key-0002", "text": "two"}),
                        ("history", {"conversation": "c1", "before": 3}),
                        ("unfollow", {"conversation": "c1"}),
                    ]
                )
            )
        )
        last = await visitor.reply(5)

        assert [frame["id"] for frame in visitor.received if "id" in frame] == [0, 1, 2, 3, 4, 5]
        assert last == {"id": 5, "ok": {}}

    async def test_a_failure_inside_is_internal_and_says_nothing_of_itself(self, world):
        visitor = await world.greeted("visitor")
        reply = await visitor.asks("post", key="key-0001", text="crash")

        assert reply["error"]["code"] == "internal"
        assert "secret" not in json.dumps(visitor.received)
        assert (await visitor.asks("post", key="key-0002", text="still here"))["ok"]["seq"] == 1

    async def test_more_than_can_wait_are_busy_and_a_flood_ends_the_connection(self, world):
        visitor = await world.greeted("visitor")
        frame = "\n".join(json.dumps({"id": number, "do": "unfollow", "conversation": "c"}) for number in range(100))
        visitor.sends(frame)
        await visitor.reply(WAITING_LIMIT - 1)
        busy = [frame["id"] for frame in visitor.received if frame.get("error", {}).get("code") == "busy"]

        assert busy == list(range(WAITING_LIMIT, 100))
        for _ in range(BUSY_LIMIT // 100 + 2):
            visitor.sends(frame)
        assert (await visitor.is_closed())[0] == 4007

    @pytest.mark.parametrize(("token", "code"), [("bad", 4500), ("expired", 4005), ("blocked", 4503)])
    async def test_a_token_that_is_no_good_closes(self, world, token, code):
        client = world.client()
        client.says("hello", v=1, token=token)

        assert (await client.is_closed())[0] == code

    async def test_a_failure_during_the_hello_closes_with_4006(self, world):
        client = world.client()
        client.says("hello", v=1, token="nobody expects this one")

        assert await client.is_closed() == (4006, "")

    async def test_a_visitor_has_at_most_twenty_connections(self, world):
        clients = [await world.greeted("visitor") for _ in range(CONNECTIONS_PER_VISITOR)]
        one_more = world.client()
        one_more.says("hello", v=1, token="visitor")

        assert (await one_more.is_closed())[0] == 4504
        clients[0].hangs_up()
        await world.greeted("visitor")
        assert clients[1].closed is None


class TestPeople:
    async def test_typing_reaches_the_others_who_follow_and_not_the_one_who_types(self, world):
        world.has()
        visitor, tab, ana = [await world.greeted(token, FOLLOW) for token in ("visitor", "visitor", "ana")]
        await visitor.asks("typing", **FOLLOW)

        [push] = ana.pushes("typing")
        assert push["author"] == {"role": "visitor", "id": "v1", "name": "Coral Heron"}
        assert visitor.pushes("typing") == tab.pushes("typing") == []

    async def test_read_marks_come_in_the_readers_own_numbers(self, world):
        world.has(notes, claims)
        visitor, ana = await world.greeted("visitor", FOLLOW), await world.greeted("ana", FOLLOW)
        await ana.asks("read", conversation="c1", seq=4)

        assert visitor.pushes("read") == [{"push": "read", "conversation": "c1", "role": "agent", "seq": 3}]
        assert ana.pushes("read") == [{"push": "read", "conversation": "c1", "role": "agent", "seq": 4}]

    async def test_an_agent_is_on_duty_while_connected(self, world):
        first, second = await world.greeted("ana"), await world.greeted("ana")

        assert world.on_duty == [ANA.id, ANA.id]
        first.hangs_up()
        first.hangs_up()
        assert world.on_duty == [ANA.id]
        second.hangs_up()
        assert world.on_duty == []

    @pytest.mark.parametrize(
        ("ended", "closed"),
        [
            (SessionsEnded(session="session-ana"), {"ana": 4500}),
            (SessionsEnded(agent=BEN.id), {"ben": 4500}),
            (SessionsEnded(visitor=VISITOR.id), {"visitor": 4503}),
        ],
    )
    async def test_who_is_signed_out_deactivated_or_blocked_is_disconnected_at_once(self, world, ended, closed):
        clients = {token: await world.greeted(token) for token in ("ana", "ben", "visitor", "stranger")}
        world.bus.publish(PEOPLE, ended)

        assert {token: client.closed[0] for token, client in clients.items() if client.closed} == closed

    async def test_a_session_that_ends_while_its_token_is_looked_up_does_not_slip_in(self, world):
        lookups = []

        async def authenticate(token):
            lookups.append(token)
            if len(lookups) == 1:
                world.bus.publish(PEOPLE, SessionsEnded(session="session-ana"))
                return await world.authenticate("ana")
            return await world.authenticate("bad")

        object.__setattr__(world.services, "authenticate", authenticate)
        client = world.client()
        client.says("hello", v=1, token="ana")

        assert (await client.is_closed())[0] == 4500


class TestInbox:
    async def test_lists_conversations_and_pushes_what_changed_in_batches(self, world):
        world.has()
        ana = await world.greeted("ana")
        reply = await ana.asks("follow_inbox")
        for number in range(5):
            world.does(posts("again", number + 10))
        await ana.gets(lambda frame: frame.get("push") == "inbox" and frame["changed"][0]["seq"] == 6)

        assert reply["ok"]["revision"] == 1
        assert [summary["conversation"] for summary in reply["ok"]["conversations"]] == ["c1"]
        assert [push["revision"] for push in ana.pushes("inbox")] == list(range(2, 2 + len(ana.pushes("inbox"))))
        assert len(ana.pushes("inbox")) <= 2

    async def test_somebody_who_starts_to_wait_is_pushed_at_once(self, world, monkeypatch):
        monkeypatch.setattr("havana.live.inbox.BATCH_S", 3600.0)
        world.has()
        ana = await world.greeted("ana")
        await ana.asks("follow_inbox")
        world.does(posts("first"))
        await ana.gets(lambda frame: frame.get("push") == "inbox")
        world.does(posts("waits for the next batch", 3))
        world.does(lambda chat: chat.request_human(VISITOR, on_duty=True))
        await ana.gets(
            lambda frame: frame.get("push") == "inbox" and frame["changed"][0]["state"]["control"] == "pending"
        )

        assert len(ana.pushes("inbox")) == 2

    async def test_what_leaves_the_filter_is_removed(self, world):
        world.has()
        ana = await world.greeted("ana")
        await ana.asks("follow_inbox", filter={"control": ["ai"]})
        world.does(claims)
        push = await ana.gets(lambda frame: frame.get("push") == "inbox")

        assert (push["changed"], push["removed"]) == ([], ["c1"])

    async def test_a_filter_that_makes_no_sense_is_a_bad_request(self, world):
        ana = await world.greeted("ana")
        reply = await ana.asks("follow_inbox", filter={"mood": "good"})

        assert reply["error"]["code"] == "bad_request"

    async def test_what_one_screen_of_an_agent_has_read_is_read_on_the_other(self, world):
        world.has()
        list_, thread = await world.greeted("ana"), await world.greeted("ana", FOLLOW)
        await list_.asks("follow_inbox")
        await thread.asks("read", conversation="c1", seq=1)
        push = await list_.gets(lambda frame: frame.get("push") == "inbox")

        assert [summary["conversation"] for summary in push["changed"]] == ["c1"]

    async def test_after_unfollow_nothing_comes(self, world):
        world.has()
        ana = await world.greeted("ana")
        await ana.asks("follow_inbox")
        await ana.asks("unfollow_inbox")
        world.does(claims)
        await ana.asks("unfollow_inbox")

        assert ana.pushes("inbox") == []
