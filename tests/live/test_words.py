"""An answer while it is written: whose words reach whom, and when they must not."""

import asyncio

from tests.live.doing import FOLLOW, claims, finishes, posts, starts

from havana.bus import Delta, DraftWanted, conversation_topic


def kinds(client):
    return [push["event"]["kind"] for push in client.pushes("event")]


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
        monkeypatch.setattr("havana.live.mending.MEND_AFTER_S", 0.0)
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        world.does(starts())
        world.writes("Weld", lost=True)
        world.writes("ing")
        await visitor.gets(lambda frame: frame.get("push") == "delta")

        assert visitor.words() == "Welding"

    async def test_whoever_writes_the_answer_is_asked_at_once_for_words_that_are_missing(self, world, monkeypatch):
        monkeypatch.setattr("havana.live.mending.MEND_AFTER_S", 3600.0)
        world.has()
        visitor = await world.greeted("visitor", FOLLOW)
        asked = []

        def writes(message):
            if isinstance(message, DraftWanted):
                asked.append(message)
                world.bus.publish(conversation_topic("c1"), Delta("c1", "answer-1", 0, "Welding"))

        world.bus.subscribe(conversation_topic("c1"), writes)
        world.does(starts())
        world.writes("Weld", lost=True)
        world.writes("ing")
        world.writes(" costs")
        await visitor.gets(lambda frame: frame.get("push") == "delta" and frame["offset"] == 7)

        assert (visitor.words(), asked) == ("Welding costs", [DraftWanted("c1", "answer-1")])

    async def test_late_words_of_an_ended_answer_do_not_disturb_the_next(self, world, monkeypatch):
        monkeypatch.setattr("havana.live.mending.MEND_AFTER_S", 3600.0)
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
