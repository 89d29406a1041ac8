"""One answer of one conversation: what it decides, writes and calls, and the one event that ends it."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress

import msgspec
import structlog

from havana.accounts.limits import Limits
from havana.assistant import prompt
from havana.assistant.allowance import Exhausted
from havana.assistant.builtin import summary_of
from havana.assistant.citing import Citing
from havana.assistant.interface import AnswerEnded, CutShort, Model, ModelFailed, Spent, Tool
from havana.assistant.tools.answer_tools import AnswerTools
from havana.assistant.tools.own import tools_for
from havana.assistant.tools.site_tools import SiteTools
from havana.assistant.understanding.asked import asked
from havana.assistant.understanding.decision import Decision, decide
from havana.assistant.understanding.promises import promise_in
from havana.assistant.withholding import Withholding
from havana.assistant.writing import Writing
from havana.bus import Bus
from havana.chat import events as e
from havana.chat.commands import EMAIL, clean_email
from havana.chat.errors import BadRequest, Busy
from havana.chat.saying import Saying
from havana.chat.site import Site
from havana.chat.sureness import is_unsure
from havana.desk import Desk, Request
from havana.drafts import Drafts
from havana.duty import Duty
from havana.knowledge.search import Knowledge, Passage
from havana.storage import history
from havana.storage.database import Database
from havana.storage.trouble import patiently

LONGEST_ANSWER = 16_000
"""Characters; a model that cannot stop is stopped."""
EVENTS_READ = 400

log = structlog.get_logger()


class Parts(msgspec.Struct, frozen=True):
    """What an answer is made with."""

    desk: Desk
    database: Database
    bus: Bus
    drafts: Drafts
    duty: Duty
    knowledge: Knowledge
    model: Model
    clock: Callable[[], dt.datetime]
    limits: Limits = msgspec.field(default_factory=lambda: Limits(on=False))
    site_tools: SiteTools | None = None


class Turn:
    """One answer; also the effects of its tools.

    `patience` is the time in seconds until a word must be read, `may_ask` tells the model that may be asked (or raises
    `Exhausted`), `spent` what it has cost.
    """

    def __init__(
        self,
        parts: Parts,
        conversation: str,
        answer: str,
        site: Site,
        patience: float,
        may_ask: Callable[[], Awaitable[Model]],
    ) -> None:
        self._parts = parts
        self._conversation = conversation
        self._answer = answer
        self._site = site
        self._patience = patience
        self._may_ask = may_ask
        self.spent = Spent()
        self._events: list[e.Event] = []
        self._citing = Citing()
        self._offered = False
        self._has_shown = False
        self._withheld_from: int | None = None
        self._cut_short = False
        self._writing = Writing(conversation, answer, parts.database, parts.bus, parts.drafts)

    @property
    def said(self) -> bool:
        return bool(self._writing.text)

    def repeat(self) -> None:
        self._writing.repeat()

    async def run(self) -> None:
        # Whatever we come to, somebody else may have closed the answer first: then there is nothing left to do.
        with suppress(AnswerEnded):
            await self._run()

    async def _run(self) -> None:
        try:
            self._events = await self._parts.database.read(
                lambda conn: history.page(conn, self._conversation, public=False, limit=EVENTS_READ)
            )
            await self._carry_out(decide(self._events))
        except (AnswerEnded, Busy):
            # Nobody can be told that the database does not answer: the job tries again when it does.
            raise
        except Exhausted as limit:
            await self._fail("policy", str(limit))
        except ModelFailed as failure:
            if self._has_shown and not self._writing.text:
                # What a tool showed is the answer; some models then have nothing to add.
                await self._finish("", (), None, offers=self._offered)
            else:
                await self._fail(failure.reason, failure.detail)
        except Exception:
            log.exception("answer failed", conversation=self._conversation, model=self._parts.model.name)
            await self._fail("model_failure", "Something unexpected went wrong; the server's log has it.")
        finally:
            self._writing.end()

    async def _carry_out(self, decision: Decision) -> None:
        match decision.step:
            case "escalate":
                # With nobody here, the words that follow say so, and "of course" would sound like a promise.
                if Saying(self._site, self._parts.clock()).is_attended(self._parts.duty.anybody()):
                    await self._writing.say(self._site.words.certainly)
                await self.escalate("asked", summary_of(prompt.turns_of(self._events)))
            case "offer":
                await self._finish("", (), None, offers=True)
            case "answer":
                await self._write(await self._may_ask())
                await self._end(decision)

    async def _end(self, decision: Decision) -> None:
        said = self._said
        promise = promise_in(said)
        if promise == "handover":
            await self.escalate("cannot_answer", "The assistant told the visitor that a person would help.")
        text, sources = self._citing.cited(said)
        sureness = self._citing.sureness(said)
        if not sources and (decision.is_angry or not asked(self._events)):
            sureness = None  # neither an insult nor a greeting is a question that an article could answer
        unsure_again = decision.unsure_before and is_unsure(sureness)
        offers = decision.offers or self._offered or unsure_again or promise == "offer"
        await self._finish(text, sources, sureness, offers=offers)

    async def _finish(self, text: str, sources: tuple[e.Source, ...], sureness: float | None, *, offers: bool) -> None:
        self._writing.end()
        cut = self._cut_short
        await self._perform(
            lambda c: c.finish_answer(self._answer, text, sources, sureness=sureness, offers=offers, cut_short=cut)
        )

    # The effects of its tools

    async def escalate(self, reason: e.Reason, summary: str) -> None:
        text, sources = self._citing.cited(self._said)
        sureness = self._citing.sureness(self._said)
        self._writing.end()
        on_duty = self._parts.duty.anybody()
        await self._perform(
            lambda c: c.escalate(
                self._answer,
                text=text,
                reason=reason,
                summary=summary,
                on_duty=on_duty,
                sources=sources,
                sureness=sureness,
            )
        )
        raise AnswerEnded

    async def offer_human(self) -> None:
        self._offered = self._has_shown = True

    async def book_call(self) -> None:
        author = self._site.assistant_author
        # Once an answer, however often the model, or a database that may have stored it, makes us ask.
        await self._perform(lambda c: c.offer_call(author, f"call:{self._answer}", answer=self._answer))
        self._has_shown = True

    async def leave_contact(self, name: str, email: str) -> bool:
        """Whether it was taken: only what the visitor has written themselves is, else they are shown the form."""
        said = "\n".join(_said_by_visitor(self._events)).casefold()
        try:
            email = clean_email(email)
        except BadRequest:
            email = ""
        taken = email.casefold() in {address[0].rstrip(".!?") for address in EMAIL.finditer(said)}
        if taken:
            known = name.strip() if name.strip().casefold() in said else ""
            await self._perform(lambda c: c.take_contact(self._answer, known or c.fold.visitor.name, email))
        else:
            await self._perform(lambda c: c.ask_contact(self._answer))
        self._has_shown = True
        return taken

    async def search(self, query: str) -> list[tuple[int, Passage]]:
        return self._citing.number(await self._parts.knowledge.search(self._site.id, query))

    # Parts of the above

    @property
    def _said(self) -> str:
        """The words of the answer, without instructions that it began to recite."""
        if self._withheld_from is None:
            return self._writing.text
        return f"{self._writing.text[: self._withheld_from].rstrip()}\n\n{self._site.words.withheld}".lstrip()

    async def _write(self, model: Model) -> None:
        attended = self._parts.duty.anybody()
        built = prompt.build(self._site, self._events, on_duty=attended, now=self._parts.clock())
        built = msgspec.structs.replace(built, answer_tokens=self._site.answer_tokens, spent=self.spent)
        tools = tools_for(self, call=self._site.call_url is not None)
        withholding = Withholding(prompt.RULES, self._site.persona)
        try:
            async with asyncio.timeout(self._patience) as patience:
                tools += await self._tools_of_site(tools)
                async with aclosing(model.answer(built, tools)) as pieces:
                    async for piece in pieces:
                        piece = piece[: LONGEST_ANSWER - len(self._writing.text)]  # noqa: PLW2901 - it is cut
                        if (at := withholding.begins(self._writing.text, piece)) is not None:
                            self._withheld_from = min(at, len(self._writing.text))
                            return
                        await self._writing.say(piece)
                        if self._writing.text:
                            patience.reschedule(None)
                        if len(self._writing.text) >= LONGEST_ANSWER:
                            self._cut_short = True
                            return
        except CutShort:
            self._cut_short = True
        except TimeoutError:
            raise ModelFailed("model_failure", "No word came in time.") from None
        if not self._writing.text.strip():
            raise ModelFailed("model_failure", "The model's answer was empty.")

    async def _tools_of_site(self, taken: list[Tool]) -> list[Tool]:
        parts, site = self._parts, self._site
        if parts.site_tools is None or not (site.tools or site.mcp):
            return []
        visitor = (await parts.desk.load(self._conversation)).visitor
        hands = AnswerTools(parts.site_tools, parts.desk, parts.duty, self._conversation, self._answer, site)
        return await hands.offered(visitor, taken)

    async def _fail(self, reason: e.Reason, detail: str) -> None:
        log.warning("not answered", conversation=self._conversation, reason=reason, detail=detail)
        self._writing.end()
        text, on_duty = self._writing.text, self._parts.duty.anybody()
        await self._perform(
            lambda c: c.fail_answer(self._answer, text=text, reason=reason, summary=detail, on_duty=on_duty)
        )

    async def _perform(self, request: Request) -> None:
        # What was said is in our hands only, so a database that takes nothing now is waited for (the job may run long).
        done = await patiently(lambda: self._parts.desk.perform(self._conversation, request))
        # Nothing was to be done: somebody else has ended the answer. What is known by its key is ours.
        if done.repeated and done.event is None:
            raise AnswerEnded


def _said_by_visitor(events: list[e.Event]) -> list[str]:
    return [
        event.fact.text
        for event in events
        if isinstance(event.fact, e.MessagePosted) and event.author.role == "visitor"
    ]
