"""The agents' inbox."""

from structlog.testing import capture_logs
from tests.chat.story import VISITOR
from tests.live.doing import FOLLOW, claims, posts


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
