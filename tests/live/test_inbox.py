"""The agents' inbox."""

from structlog.testing import capture_logs
from tests.chat.story import ANA, VISITOR
from tests.live.doing import FOLLOW, claims, posts

from havana.live.frames import LISTS_LIMIT


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

    async def test_while_the_database_takes_nothing_it_tries_again_and_leaves_the_servers_log_alone(
        self, world, monkeypatch
    ):
        monkeypatch.setattr("havana.live.inbox.BATCH_S", 0.01)
        world.has()
        ana = await world.greeted("ana")
        await ana.asks("follow_inbox")
        world.busy = 3
        with capture_logs() as logs:
            world.does(claims)
            push = await ana.gets(lambda frame: frame.get("push") == "inbox")

        assert [summary["conversation"] for summary in push["changed"]] == ["c1"]
        assert (world.busy, logs) == (0, [])

    async def test_after_unfollow_nothing_comes(self, world):
        world.has()
        ana = await world.greeted("ana")
        await ana.asks("follow_inbox")
        await ana.asks("unfollow_inbox")
        world.does(claims)
        await ana.asks("unfollow_inbox")

        assert ana.pushes("inbox") == []

    async def test_more_than_a_push_holds_comes_in_several_and_whoever_waits_comes_first(self, world, monkeypatch):
        monkeypatch.setattr("havana.live.inbox.MOST_AT_ONCE", 3)
        for number in range(8):
            world.has(id=f"c{number}")
        ana = await world.greeted("ana")
        await ana.asks("follow_inbox")
        ana.slow = True
        for number in range(7):
            world.does(posts("again"), id=f"c{number}")
        world.does(lambda chat: chat.request_human(VISITOR, on_duty=True), id="c7")
        ana.slow = False
        await ana.gets(lambda _: sum(len(push["changed"]) for push in ana.pushes("inbox")) >= 8)

        pushes = [[summary["conversation"] for summary in push["changed"]] for push in ana.pushes("inbox")]
        assert max(len(push) for push in pushes) == 3
        assert "c7" in next(push for push in pushes if len(push) == 3)
        assert {chat for push in pushes for chat in push} == {f"c{number}" for number in range(8)}
        assert [push["removed"] for push in ana.pushes("inbox")] == [[]] * len(pushes)

    async def test_lists_of_different_names_are_kept_side_by_side(self, world):
        world.has()
        world.has(id="c2")
        ana = await world.greeted("ana")
        await ana.asks("follow_inbox", name="mine", filter={"agent": ANA.id})
        await ana.asks("follow_inbox", name="waiting", filter={"waiting": True})
        world.does(claims)
        world.does(lambda chat: chat.request_human(VISITOR, on_duty=True), id="c2")
        mine = await ana.gets(lambda frame: frame.get("push") == "inbox" and frame["name"] == "mine")
        waiting = await ana.gets(lambda frame: frame.get("push") == "inbox" and frame["name"] == "waiting")

        assert [summary["conversation"] for summary in mine["changed"]] == ["c1"]
        assert [summary["conversation"] for summary in waiting["changed"]] == ["c2"]
        assert {push["revision"] for push in ana.pushes("inbox")} == {2}

    async def test_what_a_list_neither_shows_nor_wants_costs_it_nothing(self, world):
        world.has()
        world.has(claims, id="c2")
        ana = await world.greeted("ana")
        await ana.asks("follow_inbox", filter={"waiting": True})
        reads = world.reads
        world.does(posts("for the assistant"))
        world.does(posts("for Ana"), id="c2")
        world.does(lambda chat: chat.request_human(VISITOR, on_duty=True))
        await ana.gets(lambda frame: frame.get("push") == "inbox")

        assert world.reads - reads <= 1
        assert [push["removed"] for push in ana.pushes("inbox")] == [[]]

    async def test_a_later_page_is_kept_up_to_date_too(self, world):
        world.page = 2
        for number in range(5):
            world.has(id=f"c{number}")
        ana = await world.greeted("ana")
        first = await ana.asks("follow_inbox", filter={"control": ["ai"]})
        second = await ana.asks("more_inbox", cursor=first["ok"]["next"])
        world.does(claims, id="c3")
        world.does(claims, id="c4")
        push = await ana.gets(lambda frame: frame.get("push") == "inbox")

        assert [summary["conversation"] for summary in second["ok"]["conversations"]] == ["c2", "c3"]
        assert second["ok"]["next"] == "c3"
        # Nobody was shown c4.
        assert (push["changed"], push["removed"]) == ([], ["c3"])

    async def test_what_changes_while_a_page_is_read_is_not_missed(self, world):
        world.has()
        ana = await world.greeted("ana")
        world.after_listing = lambda: world.does(claims)
        page = await ana.asks("follow_inbox", filter={"control": ["ai"]})
        push = await ana.gets(lambda frame: frame.get("push") == "inbox")

        assert [summary["conversation"] for summary in page["ok"]["conversations"]] == ["c1"]
        assert push["removed"] == ["c1"]

    async def test_a_page_of_a_list_that_is_not_followed_is_not_found(self, world):
        ana = await world.greeted("ana")
        reply = await ana.asks("more_inbox", name="other", cursor="c1")

        assert reply["error"]["code"] == "not_found"

    async def test_a_connection_follows_so_many_lists_and_no_more(self, world):
        ana = await world.greeted("ana")
        replies = [await ana.asks("follow_inbox", name=str(number)) for number in range(LISTS_LIMIT + 1)]
        again = await ana.asks("follow_inbox", name="0")
        await ana.asks("unfollow_inbox", name="0")
        other = await ana.asks("follow_inbox", name="other")

        assert [reply.get("error", {}).get("code") for reply in replies] == [*[None] * LISTS_LIMIT, "limit"]
        assert "ok" in again
        assert "ok" in other
