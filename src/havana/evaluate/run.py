"""Lets the assistant answer cases: it decides as always, with the real tools, whose effects are written down only.

case ──▶ decide ──▶ model with tools ──▶ did it answer, escalate, offer or not know; what it found; how soon
"""

import datetime as dt
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing

import msgspec

from havana.assistant import prompt
from havana.assistant.citing import Citing
from havana.assistant.interface import CITATION, AnswerEnded, CutShort, Model, ModelFailed, Prompt
from havana.assistant.tools.own import tools_for
from havana.assistant.understanding.decision import Decision, decide
from havana.assistant.understanding.promises import promise_in
from havana.chat import events as e
from havana.chat.people import Author
from havana.chat.site import Site
from havana.chat.sureness import is_unsure
from havana.evaluate.cases import Case, Placed
from havana.evaluate.results import Did, Result
from havana.ids import new_id
from havana.knowledge.search import Passage

Search = Callable[[str], Awaitable[list[Passage]]]
VISITOR = Author("visitor", "visitor", "Visitor")


class Setting(msgspec.Struct, frozen=True):
    """What cases are run in: the model, the site that it speaks for, and what it finds there."""

    model: Model
    site: Site
    search: Search


async def run(cases: Iterable[Placed], setting: Setting) -> AsyncIterator[Result]:
    """One after the other, so that the times are those of a visitor who is alone."""
    for placed in cases:
        yield await _one(placed, setting)


class Recorder:
    """The effects of an answer's tools, written down. Nobody's address is taken."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._article: dict[int, str] = {}
        self.citing = Citing()
        self.best: dict[str, float] = {}
        self.escalated = self.offered = False

    async def escalate(self, reason: e.Reason, summary: str) -> None:  # noqa: ARG002 - only that it was called
        self.escalated = True
        raise AnswerEnded

    async def offer_human(self) -> None:
        self.offered = True

    async def book_call(self) -> None:
        """The link is shown beside the words, which say what it did."""

    async def leave_contact(self, name: str, email: str) -> bool:  # noqa: ARG002 - the visitor is shown the form
        return False

    async def search(self, query: str) -> list[tuple[int, Passage]]:
        numbered = self.citing.number(await self._search(query))
        for number, passage in numbered:
            self._article[number] = passage.article
            self.best[passage.article] = max(passage.score, self.best.get(passage.article, 0.0))
        return numbered

    def cited(self, text: str) -> list[str]:
        """The articles that a reply names as its sources, in that order."""
        numbers = (int(number) for number in CITATION.findall(text))
        return [self._article[number] for number in numbers if number in self._article]


async def _one(placed: Placed, setting: Setting) -> Result:
    started = time.perf_counter()
    events = list(_events(placed.case, setting.site))
    recorder = Recorder(setting.search)
    asked = prompt.build(setting.site, events, on_duty=True, now=dt.datetime.now(dt.UTC))
    text, first_word_s, problem = "", None, ""
    decision = decide(events)
    if decision.step == "answer":
        tools = tools_for(recorder, call=setting.site.call_url is not None)
        try:
            async with aclosing(setting.model.answer(asked, tools)) as pieces:
                async for piece in pieces:
                    text += piece
                    if first_word_s is None and text.strip():
                        first_word_s = time.perf_counter() - started
        except (AnswerEnded, CutShort):
            pass  # what was said stands
        except ModelFailed as failure:
            problem = failure.detail or failure.reason
    did, offered = _outcome(decision, recorder, text, problem)
    by_score = sorted(recorder.best, key=lambda article: recorder.best[article], reverse=True)
    return Result(
        placed=placed,
        did=did,
        offered=offered,
        text=text,
        found=list(dict.fromkeys([*recorder.cited(text), *by_score])),
        score=max(recorder.best.values(), default=0.0),
        first_word_s=first_word_s,
        tokens=_tokens(asked),
        problem=problem,
    )


def _outcome(decision: Decision, recorder: Recorder, text: str, problem: str) -> tuple[Did, bool]:
    """What it came to, as in `assistant/turn.py`, and whether a person was offered."""
    promise = promise_in(text)
    if decision.step == "escalate" or recorder.escalated or promise == "handover":
        return "escalate", False
    if problem:
        return "failed", False
    unsure_again = decision.unsure_before and is_unsure(recorder.citing.sureness(text))
    offered = decision.step == "offer" or decision.offers or recorder.offered or unsure_again or promise == "offer"
    if recorder.cited(text):
        return "answer", offered
    return "offer" if offered else "unknown", offered


def _events(case: Case, site: Site) -> Iterator[e.Event]:
    """The log of a conversation that went so."""
    facts: list[tuple[Author, e.AnyFact]] = []
    for turn in case.turns:
        if turn.role == "visitor":
            facts.append((VISITOR, e.MessagePosted(turn.text)))
        else:
            answer = new_id()
            finished = e.AnswerFinished(answer, "complete", turn.text)
            facts += [(site.assistant_author, e.AnswerStarted(answer)), (site.assistant_author, finished)]
    facts.append((VISITOR, e.MessagePosted(case.text)))
    now = dt.datetime.now(dt.UTC)
    for seq, (author, fact) in enumerate(facts, 1):
        yield e.Event(seq, seq, new_id(), now, author, None, fact)


def _tokens(asked: Prompt) -> tuple[int, int] | None:
    """What was read and written, where the model keeps count."""
    spent = asked.spent
    return (spent.input_tokens, spent.output_tokens) if spent.input_tokens else None
