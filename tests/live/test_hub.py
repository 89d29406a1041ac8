"""Who gets what: clients over the real hub and bus, and a log that is read while things happen."""

from tests.chat.story import ANA
from tests.live.doing import FOLLOW, claims, notes, posts

from havana.bus import INBOX, PEOPLE, Read, conversation_topic
from havana.live.outbox import CAP


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

    async def test_a_mark_that_moves_while_the_log_is_read_is_shown_after_it(self, world):
        world.has()
        moved = Read("c1", "agent", ANA.id, 1, 1)
        world.after_read = lambda: world.bus.publish(conversation_topic("c1"), moved)
        visitor = await world.greeted("visitor")
        reply = await visitor.asks("follow", **FOLLOW)

        [push] = visitor.pushes("read")
        assert (push["role"], push["seq"]) == ("agent", 1)
        assert visitor.received.index(reply) < visitor.received.index(push)

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

    async def test_what_is_read_for_somebody_who_unfollows_meanwhile_is_not_shown(self, world):
        world.has()
        ana = await world.greeted("ana", FOLLOW)

        async def follows_anew():
            await ana.asks("unfollow", **FOLLOW)
            ana.says("follow", **FOLLOW)

        world.after_history = follows_anew
        world.does(posts("lost"), lost=True)
        world.does(posts("heard", 3))
        followed = await ana.reply(3)
        world.does(posts("later", 4))

        assert followed["ok"]["top"] == 3
        assert ana.seqs() == [4]

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
        assert world.bus._handlers.keys() == {PEOPLE, INBOX}
