"""No assistant word after a takeover: proved on the frames that clients received, at 200 random moments."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.assistant.openai_server import OpenAIServer, Reply, calls, ends, reply, says

from .house import Frame, House, Person, Refused, a_house

MOMENTS, MOMENTS_ON_POSTGRESQL = 200, 40
AT_ONCE = 8
WORDS = 200


def answering(model: OpenAIServer) -> dict[str, str]:
    """The settings of a house whose assistant is this model."""
    return {"model": "openai:test", "openai_api_key": "key", "openai_base_url": model.url}


async def talkative(dice: random.Random) -> AsyncIterator[bytes]:
    """A model that goes on and on, at an uneven pace."""
    for number in range(WORDS):
        await asyncio.sleep(dice.choice((0, 0, 0.001, 0.004)))
        yield says(f"word{number} ")[0]
    for step in ends():
        yield step


def is_assistants(frame: Frame, chat: str) -> bool:
    """Assistant text in any form: a piece, a draft, or an event by the assistant that speaks."""
    if frame.get("conversation") != chat:
        return False
    event = frame.get("event", {})
    return frame.get("push") in ("delta", "draft") or event.get("kind") in ("answer_started", "answer_finished")


def shown(reader: Person, chat: str) -> int:
    """How many pieces of the assistant's words a reader has received."""
    return sum(is_assistants(frame, chat) for frame in reader.received)


def ended(reader: Person, chat: str) -> bool:
    return any(event["kind"] == "answer_finished" for event in reader.events(chat))


def check(reader: Person, chat: str, change: str, draft: str) -> None:
    """After the change of control there is no assistant text, and what is kept of the answer is what was shown.

    `draft` is what a reader who came late was given of it.
    """
    mine = [frame for frame in reader.received if frame.get("conversation") == chat]
    at = next(n for n, frame in enumerate(mine) if frame.get("event", {}).get("kind") == change)
    late = [frame for frame in mine[at:] if is_assistants(frame, chat)]
    assert late == []
    words = draft
    for frame in mine[:at]:
        if frame.get("push") == "delta":
            words += frame["text"]
        elif frame.get("push") == "draft":
            words = frame["text"]
    ends_of = [f["event"] for f in mine[:at] if f.get("event", {}).get("kind") == "answer_finished"]
    for event in ends_of:
        if event["outcome"] == "interrupted":
            assert words.startswith(event["text"]) or event["text"].startswith(words)
    seqs = [event["seq"] for event in reader.events(chat)]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


async def one_moment(house: House, agents: tuple[Person, Person], dice: random.Random) -> None:
    """A visitor with two tabs asks; somewhere in the answer control changes; all four readers are checked."""
    visitor = await house.visitor()
    tab = await house.visitor(visitor.token)
    chat = (await visitor.post("Tell me everything"))["conversation"]
    drafts = {visitor: "", tab: ""}
    for agent in agents:
        followed = await agent.do("follow", conversation=chat)
        drafts[agent] = (followed["draft"] or {}).get("text", "")
    pieces = dice.randrange(6)
    await visitor.sees(lambda _: ended(visitor, chat) or shown(visitor, chat) >= pieces)
    change = await take_over(dice, visitor, agents[0], chat)
    readers = (visitor, tab, *agents)
    for reader in readers:
        await reader.sees(lambda f: f.get("conversation") == chat and f.get("event", {}).get("kind") == change)
    # One more event through the same channel: whatever was in flight before it has arrived by then.
    key = (await visitor.post("And now?", chat))["seq"]
    for reader in (visitor, tab):
        await reader.sees(lambda f: f.get("conversation") == chat and f.get("event", {}).get("seq") == key)
    for reader in readers:
        check(reader, chat, change, drafts[reader])
    for agent in agents:
        await agent.do("unfollow", conversation=chat)
    for tab_of_visitor in (visitor, tab):
        await tab_of_visitor.leave()


async def take_over(dice: random.Random, visitor: Person, agent: Person, chat: str) -> str:
    """Control changes in one of the ways there are; tells the event that says so."""
    match dice.choice(("claim", "reply", "button")):
        case "claim":
            await agent.do("claim", conversation=chat)
            return "claimed"
        case "reply":
            await agent.post("I am here.", chat)
            return "claimed"
        case _:
            await visitor.do("request_human", conversation=chat)
            return "human_requested"


@pytest.mark.slow
async def test_nothing_of_the_assistant_after_a_change_of_control_at_random_moments(
    tmp_path: Path, database_url: str | None
):
    dice, moments = random.Random(20), MOMENTS_ON_POSTGRESQL if database_url else MOMENTS
    replies = (Reply(talkative(random.Random(n))) for n in range(moments + 1))
    async with OpenAIServer(*replies, aside=reply(*says("No summary."), *ends())) as model:
        async with a_house(tmp_path, database_url=database_url, **answering(model)) as house:
            agents = (await house.agent("Ana"), await house.agent("Ben"))
            for _ in range(moments // AT_ONCE):
                rolls = [random.Random(dice.random()) for _ in range(AT_ONCE)]
                await asyncio.gather(*(one_moment(house, agents, roll) for roll in rolls))


async def test_of_two_agents_who_take_over_together_one_wins_and_the_other_reads_who_did(
    tmp_path: Path, database_url: str | None
):
    async with a_house(tmp_path, database_url=database_url) as house:
        visitor, ana, ben = await house.visitor(), await house.agent("Ana"), await house.agent("Ben")
        for _ in range(10):
            chat = (await visitor.do("request_human", key=None))["conversation"]
            results = await asyncio.gather(
                ana.do("claim", conversation=chat), ben.do("claim", conversation=chat), return_exceptions=True
            )

            refused = [result for result in results if isinstance(result, Refused)]
            assert len(refused) == 1
            winner = "Ben" if isinstance(results[0], Refused) else "Ana"
            assert refused[0].error["code"] == "already_claimed"
            assert winner in refused[0].error["message"]
            assert refused[0].error["state"]["agent"]["name"] == winner
            assert [event["agent"]["name"] for event in visitor.events(chat) if event["kind"] == "claimed"][
                -1
            ] == winner
            await (ana if winner == "Ana" else ben).do("close", conversation=chat)
            await visitor.post("Once more", chat)


async def test_the_person_button_works_with_the_model_down(tmp_path: Path, database_url: str | None):
    async with OpenAIServer(reply(status=500)) as model:
        async with a_house(tmp_path, database_url=database_url, **answering(model)) as house:
            visitor = await house.visitor()
            asked = await visitor.do("request_human")

            assert asked["state"]["control"] == "pending"
            assert model.requests == []


async def test_the_models_escalation_after_the_button_changes_nothing(tmp_path: Path, database_url: str | None):
    gate = asyncio.Event()
    script = reply(
        *says("One moment"),
        gate,
        *calls("escalate_to_human", '{"reason": "asked", "summary": "late"}'),
        *ends("tool_calls"),
    )
    async with OpenAIServer(script) as model:
        async with a_house(tmp_path, database_url=database_url, **answering(model)) as house:
            visitor, ana = await house.visitor(), await house.agent("Ana")
            chat = (await visitor.post("Help"))["conversation"]
            await visitor.sees(lambda f: f.get("push") == "delta")
            await visitor.do("request_human", conversation=chat)
            gate.set()
            await (await model.request(0)).left.wait()

            log = (await ana.do("follow", conversation=chat))["events"]
            assert [event["kind"] for event in log].count("human_requested") == 1
            assert "handover_noted" not in [event["kind"] for event in log]


async def test_the_models_escalation_is_a_handover_with_a_reason_for_the_staff_only(
    tmp_path: Path, database_url: str | None
):
    script = reply(
        *says("Let me get somebody."),
        *calls("escalate_to_human", '{"reason": "frust', 'rated", "summary": "Third try."}'),
        *ends("tool_calls"),
    )
    async with OpenAIServer(script) as model:
        async with a_house(tmp_path, database_url=database_url, **answering(model)) as house:
            visitor, ana = await house.visitor(), await house.agent("Ana")
            chat = (await visitor.post("This is the third time"))["conversation"]
            await visitor.sees_event("human_requested", by="assistant")

            log = (await ana.do("follow", conversation=chat))["events"]
            noted = next(event for event in log if event["kind"] == "handover_noted")
            assert (noted["reason"], noted["summary"]) == ("frustrated", "Third try.")
            assert "Third try." not in str(visitor.received)
