"""Writes for an agent who holds a conversation: a reply that they could send, or their own words in another way.

Nothing that is written here acts or is sent: the model has one tool, which reads the articles, and its words go to the
connection that asked for them. Whether the visitor ever reads a word of it, the agent decides.
"""

import datetime as dt
from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog

from havana.accounts.limits import Limits
from havana.assistant.allowance import add_spent, may_write
from havana.assistant.builtin import passages_for
from havana.assistant.citing import Citing
from havana.assistant.interface import CutShort, Model, ModelFailed, Prompt, Tool
from havana.assistant.models.opening import writing
from havana.assistant.prompt import turns_of
from havana.assistant.team import copilot_prompt as prompts
from havana.assistant.tools.own import search_tool
from havana.chat import commands as c
from havana.chat.errors import AlreadyClaimed, BadRequest, Internal, Stale
from havana.chat.fold import Fold
from havana.chat.people import Agent
from havana.chat.site import Site
from havana.chat.wire import Suggested
from havana.desk import Desk
from havana.knowledge.search import Knowledge, Passage
from havana.storage import history
from havana.storage.database import Database

EVENTS_READ = 400

Words = AsyncGenerator[str | Suggested, None]

log = structlog.get_logger()


class Copilot:
    """Each method authorises before it answers (a `Refusal`); the words come as the answer is read."""

    def __init__(self, desk: Desk, database: Database, knowledge: Knowledge, model: Model, limits: Limits) -> None:
        self._desk = desk
        self._database = database
        self._knowledge = knowledge
        self._model = writing(model)
        self._limits = limits

    async def suggest(self, agent: Agent, conversation: str) -> Words:
        """The reply that the agent could send next, with what it rests on."""
        fold = await self._held(agent, conversation)
        self._limits.check_suggestion(agent.id)
        return self._suggested(agent, fold)

    async def rewrite(self, agent: Agent, conversation: str, text: str, how: prompts.How) -> Words:
        """The agent's own words, said in another way."""
        fold = await self._held(agent, conversation)
        text = c.clean_text(text)
        if self._model is None:
            raise BadRequest("Rewriting needs a language model, and this server has none. An admin can set one.")
        self._limits.check_suggestion(agent.id)
        site = await self._desk.site(fold.site)
        if not await may_write(self._database, site, dt.datetime.now(dt.UTC)):
            raise BadRequest("What the assistant may cost today is spent. An admin can set money_per_day.")
        return self._written(self._model, site, prompts.rewriting(site, text, how), [])

    async def _held(self, agent: Agent, conversation: str) -> Fold:
        """Whoever may speak to the visitor now, and nobody else."""
        fold = await self._desk.stored(conversation)
        if fold.control != "human" or fold.agent is None:
            raise Stale("Nobody holds this conversation. Take it over first.", fold=fold)
        if fold.agent.id != agent.id:
            raise AlreadyClaimed(f"{fold.agent.name} is in charge of this conversation.", fold=fold)
        return fold

    async def _suggested(self, agent: Agent, fold: Fold) -> Words:
        events = await self._database.read(lambda conn: history.page(conn, fold.id, public=False, limit=EVENTS_READ))
        searching = _Searching(self._knowledge, fold.site)
        tools = [search_tool(searching)]
        site, model = await self._desk.site(fold.site), self._model
        if model is None or not await may_write(self._database, site, dt.datetime.now(dt.UTC)):
            text, sources = searching.citing.cited(await passages_for(turns_of(events), tools))
            yield Suggested(text, sources)
            return
        prompt = prompts.suggesting(site, agent, events)
        async with aclosing(self._written(model, site, prompt, tools, searching.citing)) as words:
            async for piece in words:
                yield piece

    async def _written(
        self, model: Model, site: Site, prompt: Prompt, tools: list[Tool], citing: Citing | None = None
    ) -> Words:
        """The model's words as they come, and at last all of them, with their sources."""
        text = ""
        try:
            async with aclosing(model.answer(prompt, tools)) as pieces:
                async for piece in pieces:
                    piece = piece.replace("\0", "")[: c.TEXT_LIMIT - len(text)]  # noqa: PLW2901 - it is cut
                    if not piece:
                        break
                    text += piece
                    yield piece
        except CutShort:
            pass  # what is there is there
        except ModelFailed as failure:
            log.warning("the copilot's model failed", detail=str(failure))
            raise Internal("The assistant cannot write anything right now. Try again in a moment.") from None
        finally:
            await add_spent(self._database, site, dt.datetime.now(dt.UTC), prompt.spent)
        # What an agent wrote is not ours to number.
        yield Suggested(*citing.cited(text)) if citing is not None else Suggested(text, ())


class _Searching:
    """What the one tool does."""

    def __init__(self, knowledge: Knowledge, site: str) -> None:
        self.citing = Citing()
        self._knowledge = knowledge
        self._site = site

    async def search(self, query: str) -> list[tuple[int, Passage]]:
        return self.citing.number(await self._knowledge.search(self._site, query))
