"""The questions that no article answered: for the team to write the articles that are missing."""

import datetime as dt
from typing import Annotated

import msgspec
import structlog
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.chat.changes import QuestionsDismissed, QuestionsReopened
from havana.chat.errors import NotFound
from havana.chat.site import Site
from havana.storage import audit, questions, sites
from havana.storage.database import Connection
from havana.unanswered import NEWEST, Asked

Id = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z-]{1,36}$")]
EXAMPLES = 20
"""Questions of a group that are told in words."""

log = structlog.get_logger()


class Group(msgspec.Struct, frozen=True):
    """What asks for the same. `text` stands for all of it; `questions` are the ids, `examples` the first of them."""

    site: str
    text: str
    count: int
    newest: dt.datetime
    questions: list[str]
    examples: list[Asked]


class Groups(msgspec.Struct, frozen=True):
    """The largest first. `sites` are the names of all sites by their keys."""

    groups: list[Group]
    sites: dict[str, str]


class Open(msgspec.Struct, frozen=True):
    count: int


class OfConversation(msgspec.Struct, frozen=True):
    questions: list[Asked]


class Some(msgspec.Struct, frozen=True):
    """The ids of questions."""

    questions: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=NEWEST)]


class Changed(msgspec.Struct, frozen=True):
    """How many of them were as they had to be for that. What somebody else has settled stays as it is."""

    changed: int


@get("/api/unanswered", tags=["Unanswered questions"], security=BY_AGENT)
async def groups(
    signed_in: AgentAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
    site: FromQuery[str | None] = None,
) -> Groups:
    """Questions that no article answered, grouped by what they ask; of the site with this key, or of all."""
    every = await services.database.read(sites.every)
    chosen = every if site is None else [site_of(every, site)]
    keys = {one.id: one.key for one in every}
    found = await services.unanswered.groups(chosen)
    return Groups(
        [
            Group(
                site=keys[group.site],
                text=group.questions[0].text,
                count=len(group.questions),
                newest=group.newest,
                questions=[asked.id for asked in group.questions],
                examples=group.questions[:EXAMPLES],
            )
            for group in found
        ],
        {one.key: one.name for one in every},
    )


@get("/api/unanswered/count", tags=["Unanswered questions"], security=BY_AGENT)
async def count(
    signed_in: AgentAsking,  # noqa: ARG001 - as above
    services: Provided,
) -> Open:
    """How many questions are open."""
    return Open(await services.database.read(questions.count))


@get("/api/conversations/{conversation:str}/unanswered", tags=["Unanswered questions"], security=BY_AGENT)
async def of_conversation(conversation: FromPath[str], signed_in: AgentAsking, services: Provided) -> OfConversation:
    """The open questions of a conversation, in their order."""
    fold = await services.requests.allowed(signed_in.agent, conversation)
    return OfConversation(await services.unanswered.in_conversation(fold.id))


@post("/api/unanswered/dismiss", status_code=200, tags=["Unanswered questions"], security=BY_AGENT)
async def dismiss(data: JSONBody[Some], signed_in: AgentAsking, services: Provided) -> Changed:
    """These need no article."""
    agent, now = signed_in.agent, dt.datetime.now(dt.UTC)

    def work(conn: Connection) -> int:
        changed = questions.settle(conn, data.questions, "dismissed", agent.id, now)
        if changed:
            audit.record(conn, agent, QuestionsDismissed(changed), now)
        return changed

    changed = await services.database.write(work)
    log.info("questions dismissed", questions=changed, agent=agent.id)
    return Changed(changed)


@post("/api/unanswered/reopen", status_code=200, tags=["Unanswered questions"], security=BY_AGENT)
async def reopen(data: JSONBody[Some], signed_in: AgentAsking, services: Provided) -> Changed:
    """Takes a dismissal back."""

    def work(conn: Connection) -> int:
        changed = questions.reopen(conn, data.questions)
        if changed:
            audit.record(conn, signed_in.agent, QuestionsReopened(changed), dt.datetime.now(dt.UTC))
        return changed

    changed = await services.database.write(work)
    log.info("questions reopened", questions=changed, agent=signed_in.agent.id)
    return Changed(changed)


def site_of(every: list[Site], key: str | None) -> Site:
    """The site with this key, or the first."""
    found = next((site for site in every if key in (None, site.key)), None)
    if found is None:
        raise NotFound("There is no site with this key.")
    return found
