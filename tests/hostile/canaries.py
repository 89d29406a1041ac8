"""Words that a visitor may never get, put where they belong, so that wherever they turn up is a leak."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from tests.stories.house import PASSWORD, Frame, House, Person

from havana import app
from havana.assistant.builtin import BuiltinModel
from havana.assistant.interface import Prompt, Tool
from havana.storage import staff, teams
from havana.storage.database import Connection

from .watched import Watched

WORDS, NOTE, SUMMARY, LABEL = "canary-words", "canary-note", "canary-summary", "canary-label"
TEAM = "canary-team"
"""In the bystander's conversation."""
DRAFT = "canary-draft"
"""In an answer to somebody else that is being written all the time."""
OWN_NOTE, OWN_SUMMARY, OWN_LABEL = "canary-own-note", "canary-own-summary", "canary-own-label"
"""In the hostile visitor's own conversation, for the staff."""
ALL = {WORDS, NOTE, SUMMARY, LABEL, TEAM, DRAFT, OWN_NOTE, OWN_SUMMARY, OWN_LABEL}
HOLD = "Hold on."
SUMMARIES = {"Do it for me.": OWN_SUMMARY, "Do it for them.": SUMMARY}
"""What the assistant does when it is told so: the summary with which it hands over. No visitor writes a summary."""


class Dictated(BuiltinModel):
    """The assistant without a model, which also does as it is told: leaves an answer open for ever, or hands over."""

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        asked = prompt.turns[-1].text
        if HOLD in asked:
            yield DRAFT
            await asyncio.Event().wait()
        for told, summary in SUMMARIES.items():
            if told in asked:
                (hand_over,) = (tool for tool in tools if tool.name == "escalate_to_human")
                await hand_over.call({"reason": "asked", "summary": summary})
        async for piece in super().answer(prompt, tools):
            yield piece


def dictated() -> AbstractContextManager[Any]:
    """A house that is built within this has such an assistant."""
    return mock.patch.object(app, "_model", return_value=Dictated())


class Canaries:
    """Who may see what. `mine` is the hostile visitor's conversation, whose `token` they have."""

    def __init__(self, token: str, agent: str, mine: str, theirs: str, held: str) -> None:
        self.token = token
        self.agent = agent
        self.mine = mine
        self.theirs = theirs
        self.held = held

    @property
    def conversations(self) -> list[str]:
        return [self.mine, self.theirs, self.held]


def found_in(heard: Iterable[str]) -> set[str]:
    """The canaries that stand in what somebody was sent: frames, bodies, headers, reasons of a close."""
    text = "\n".join(heard)
    return {canary for canary in ALL if canary in text}


async def plant(watched: Watched) -> Canaries:
    """Puts them in while the hostile visitor looks on."""
    house = watched.house
    mine, other, ana = await house.visitor(), await house.visitor(), await house.agent("Ana")
    held = (await other.post(HOLD))["conversation"]
    await other.sees(lambda frame: frame.get("push") in ("delta", "draft") and DRAFT in frame["text"])
    await house.database.write(_make_team)
    own = await _confide(mine, ana, ("Mine", "Do it for me."), OWN_NOTE, OWN_LABEL)
    theirs = await _confide(watched.bystander, ana, (WORDS, "Do it for them."), NOTE, LABEL)
    seen = [json.dumps(await ana.do("follow", conversation=conversation)) for conversation in (own, theirs, held)]
    said = await mine.post("Anything for me?", own)
    await mine.sees_event("message_posted", seq=said["seq"])

    # Whoever may see them does, so the search finds what is there; whoever looked on saw nothing.
    assert found_in([*seen, json.dumps(ana.received)]) == ALL
    assert found_in([json.dumps(mine.received)]) == set()
    for person in (mine, other, ana):
        await person.leave()
    await watched.is_calm()
    return Canaries(mine.token, ana.welcome["you"]["id"], own, theirs, held)


async def _confide(visitor: Person, ana: Person, words: tuple[str, str], note: str, label: str) -> str:
    """Says something, is handed over with a summary, noted down and labelled, and given back to the assistant."""
    conversation: str = (await visitor.post(words[0]))["conversation"]
    await ana.do("follow", conversation=conversation)
    await visitor.post(words[1], conversation)
    await ana.sees_event("handover_noted", summary=SUMMARIES[words[1]])
    await ana.do("note", conversation=conversation, text=note)
    await ana.do("label", conversation=conversation, labels=[label])
    await ana.do("route", conversation=conversation, team=TEAM)
    await ana.post("Done.", conversation)
    await ana.do("hand_back", conversation=conversation)
    return conversation


def _make_team(conn: Connection) -> None:
    [ana] = staff.team(conn)
    teams.save(conn, TEAM, teams.Chosen(TEAM, (ana.id,)), agent=ana.id, now=dt.datetime.now(dt.UTC), version=None)


async def signed_in(house: House) -> dict[str, str]:
    """An agent's headers, which writes need."""
    answer = await house.http.post("/api/session", json={"email": "ana@example.com", "password": PASSWORD})
    house.http.cookies.clear()
    cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    return {"Cookie": cookie, "Origin": house.url}


def plain(agent: str) -> Frame:
    """A value that passes, for each field of any command but `conversation`."""
    return {
        "key": "key-of-a-stranger",
        "text": "Let me see",
        "name": "Eve",
        "email": "eve@example.com",
        "score": 1,
        "to": agent,
        "labels": ["mine"],
        "team": TEAM,
        "event": agent,
        "seq": 0,
        "after": 0,
        "limit": 100,
        "call": agent,
        "writing": "note",
        "how": "shorter",
    }
