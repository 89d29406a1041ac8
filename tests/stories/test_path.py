"""The whole path: a visitor asks, the assistant answers, a person takes over and hands back."""

from pathlib import Path

from .house import a_house


async def test_the_whole_path(tmp_path: Path, database_url: str | None):
    async with a_house(tmp_path, database_url=database_url) as house:
        visitor, ana = await house.visitor(), await house.agent("Ana")
        assert visitor.welcome["current"] is None
        await ana.do("follow_inbox")

        begun = await visitor.post("I would like to talk to somebody about welding")
        chat = begun["conversation"]
        assert begun["seq"] == 1
        await visitor.sees_event("answer_finished")

        asked = await visitor.do("request_human", conversation=chat)
        assert asked["state"]["control"] == "pending"
        summary = await ana.sees(
            lambda f: f.get("push") == "inbox" and any(c["state"]["control"] == "pending" for c in f["changed"])
        )
        assert summary["changed"][0]["conversation"] == chat

        claimed = await ana.do("claim", conversation=chat)
        assert claimed["state"]["control"] == "human"
        assert (await visitor.sees_event("claimed"))["agent"]["name"] == "Ana"

        await ana.do("follow", conversation=chat)
        await ana.post("Hello, this is Ana.", chat)
        assert (await visitor.sees_event("message_posted", text="Hello, this is Ana."))["author"]["name"] == "Ana"
        await visitor.post("Hello Ana.", chat)
        await ana.sees_event("message_posted", text="Hello Ana.")

        await ana.do("hand_back", conversation=chat)
        await visitor.sees_event("handed_back")
        before = len(visitor.received)
        await visitor.post("What about HVAC?", chat)
        await visitor.sees(lambda f: f.get("event", {}).get("kind") == "answer_finished", since=before)
        await ana.do("close", conversation=chat)
        await visitor.sees_event("closed")

        seqs = [event["seq"] for event in visitor.events(chat)]
        assert seqs == list(range(1, len(seqs) + 1))
