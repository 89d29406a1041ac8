"""Commands of one connection, who is let in, and what people see of each other."""

import json

import pytest
from tests.chat.story import ANA, BEN, VISITOR
from tests.live.doing import FOLLOW, claims, notes, posts

from havana.bus import PEOPLE, Read, SessionsEnded, conversation_topic
from havana.chat.errors import Busy
from havana.live.hub import CONNECTIONS_PER_VISITOR
from havana.live.serving import BUSY_LIMIT, WAITING_LIMIT


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

    async def test_a_visitor_who_reads_too_much_is_told_when_to_go_on_and_misses_nothing(self, world):
        world.has()
        visitor, ana = await world.greeted("visitor", FOLLOW), await world.greeted("ana")
        world.patience = 0
        followed = await visitor.asks("follow", **FOLLOW, log="log-c1", seq=0)
        page = await visitor.asks("history", **FOLLOW, after=0)
        world.does(posts("still live"), lost=True)
        world.does(posts("and whole", 3))
        await visitor.gets(lambda frame: frame.get("event", {}).get("seq") == 3)

        assert [(reply["error"]["code"], reply["error"]["retry_ms"]) for reply in (followed, page)] == [
            ("rate", 200)
        ] * 2
        assert [push["event"]["seq"] for push in visitor.pushes("event")] == [2, 3]
        assert "ok" in await ana.asks("follow", **FOLLOW)

    async def test_a_hello_that_would_read_too_much_is_welcome_all_the_same(self, world):
        world.has()
        world.has(id="c2")
        world.patience = 1
        visitor = world.client()
        welcome = await visitor.asks("hello", v=1, token="visitor", following=[FOLLOW, {"conversation": "c2"}])
        one, two = welcome["ok"]["following"]

        assert [event["seq"] for event in one["events"]] == [1]
        assert (two["conversation"], two["error"]["code"], two["error"]["retry_ms"]) == ("c2", "rate", 200)

    @pytest.mark.parametrize(("token", "code"), [("bad", 4500), ("expired", 4005), ("blocked", 4503)])
    async def test_a_token_that_is_no_good_closes(self, world, token, code):
        client = world.client()
        client.says("hello", v=1, token=token)

        assert (await client.is_closed())[0] == code

    async def test_a_failure_during_the_hello_closes_with_4006(self, world):
        client = world.client()
        client.says("hello", v=1, token="nobody expects this one")

        assert await client.is_closed() == (4006, "")

    async def test_a_server_too_busy_for_a_hello_lets_its_sender_come_back(self, world, monkeypatch):
        async def current(visitor):
            raise Busy("The disk is full.", retry_ms=2000)

        monkeypatch.setattr(world, "current", current)
        client = world.client()
        client.says("hello", v=1, token="visitor")

        assert await client.is_closed() == (4006, "busy")

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

    async def test_the_visitor_sees_only_whoever_is_in_charge_type(self, world):
        world.has()
        visitor, ana, ben = [await world.greeted(token, FOLLOW) for token in ("visitor", "ana", "ben")]

        async def seen_by_visitor_and_ben(**said):
            await ana.asks("typing", **FOLLOW)
            seen = (len(visitor.pushes("typing")), len(ben.pushes("typing")))
            ana.connection.session._typed.clear()
            return seen

        assert await seen_by_visitor_and_ben() == (0, 1)
        world.does(claims)
        assert await seen_by_visitor_and_ben() == (1, 2)
        world.does(lambda chat: chat.transfer(ANA, BEN))
        assert await seen_by_visitor_and_ben() == (1, 3)

    async def test_whoever_comes_late_sees_the_one_in_charge_type_too(self, world):
        world.has(claims)
        ana, visitor = [await world.greeted(token, FOLLOW) for token in ("ana", "visitor")]
        await ana.asks("typing", **FOLLOW)

        assert [push["author"]["name"] for push in visitor.pushes("typing")] == ["Ana"]

    async def test_read_marks_come_in_the_readers_own_numbers(self, world):
        world.has(notes, claims)
        visitor, ana = await world.greeted("visitor", FOLLOW), await world.greeted("ana", FOLLOW)
        await ana.asks("read", conversation="c1", seq=4)

        assert visitor.pushes("read") == [{"push": "read", "conversation": "c1", "role": "agent", "seq": 3}]
        assert ana.pushes("read") == [{"push": "read", "conversation": "c1", "role": "agent", "seq": 4}]

    async def test_what_a_colleague_has_read_further_already_is_no_news_but_on_the_readers_other_screens(self, world):
        world.has(notes, claims)
        visitor, ana = await world.greeted("visitor", FOLLOW), await world.greeted("ana", FOLLOW)
        await ana.asks("follow_inbox")
        world.bus.publish(conversation_topic("c1"), Read("c1", "agent", ANA.id, 2, 1, furthest=False))

        assert (await ana.gets(lambda frame: frame.get("push") == "inbox"))["changed"][0]["conversation"] == "c1"
        assert visitor.pushes("read") == ana.pushes("read") == []

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

    @pytest.mark.parametrize(
        ("token", "ended", "again", "code"),
        [
            # A visitor's token is looked up again; an agent's is used up, so they need a fresh one.
            ("visitor", SessionsEnded(visitor=VISITOR.id), ["visitor", "blocked"], 4503),
            ("ana", SessionsEnded(session="session-ana"), ["ana"], 4005),
        ],
    )
    async def test_a_session_that_ends_while_its_token_is_looked_up_does_not_slip_in(
        self, world, token, ended, again, code
    ):
        answers, lookups = iter(again), []

        async def authenticate(token):
            lookups.append(token)
            if len(lookups) == 1:
                world.bus.publish(PEOPLE, ended)
            return await world.authenticate(next(answers))

        object.__setattr__(world.services, "authenticate", authenticate)
        client = world.client()
        client.says("hello", v=1, token=token)

        assert (await client.is_closed())[0] == code
        assert lookups == [token] * len(again)
