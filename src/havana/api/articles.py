"""Articles that are written in the console, and what the assistant would find for a question."""

import datetime as dt
from typing import Annotated

import msgspec
import structlog
from litestar import Response, delete, get, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.api.unanswered import Id, site_of
from havana.api.versions import ID, VERSION, check_id, unless_outdated
from havana.chat.changes import ArticleDeleted, ArticleSaved
from havana.chat.commands import clean_text
from havana.chat.errors import BadRequest, NotFound
from havana.chat.sureness import is_unsure
from havana.knowledge import written
from havana.knowledge.search import Passage
from havana.knowledge.written import Draft
from havana.storage import audit, sites
from havana.storage import written as stored
from havana.storage.database import Connection
from havana.storage.written import Written
from havana.unanswered import NEWEST

TITLE, TEXT, QUESTION, QUESTIONS, URL = 200, 50_000, 500, 50, 2000

Question = Annotated[str, msgspec.Meta(max_length=QUESTION)]

log = structlog.get_logger()


class ArticleToSave(msgspec.Struct, frozen=True):
    """`text` is Markdown, `questions` are other ways to ask for it, `answers` the ids of questions that it answers.

    `site` is the key of the site that a new article is for; the first one if it is not said. `version` is that of the
    article that was changed into this, and null for a new one.
    """

    title: Annotated[str, msgspec.Meta(max_length=TITLE)]
    text: Annotated[str, msgspec.Meta(max_length=TEXT)]
    questions: Annotated[list[Question], msgspec.Meta(max_length=QUESTIONS)] = []
    url: Annotated[str, msgspec.Meta(max_length=URL)] | None = None
    site: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    answers: Annotated[list[Id], msgspec.Meta(max_length=NEWEST)] = []
    version: Annotated[str, msgspec.Meta(max_length=VERSION)] | None = None


class ArticleListed(msgspec.Struct, frozen=True):
    """`version` is another one after each change; `by` is the name of the agent who made the last."""

    id: str
    site: str
    title: str
    url: str | None
    version: str
    updated_at: dt.datetime
    by: str | None


class Article(ArticleListed, frozen=True):
    text: str
    questions: list[str]


class Articles(msgspec.Struct, frozen=True):
    """What was changed last comes first. `sites` are the names of all sites by their keys."""

    articles: list[ArticleListed]
    sites: dict[str, str]


class PassageFound(msgspec.Struct, frozen=True):
    title: str
    heading: str
    url: str | None
    text: str
    score: float


class Found(msgspec.Struct, frozen=True):
    """Best first. `answers` tells whether the best is good enough for the assistant to answer from."""

    passages: list[PassageFound]
    answers: bool


@get("/api/articles", tags=["Articles"], security=BY_AGENT)
async def written_here(
    signed_in: AgentAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
) -> Articles:
    """The articles that were written in the console, of all sites."""
    every, found = await services.database.read(lambda conn: (sites.every(conn), stored.every(conn)))
    keys = {site.id: site.key for site in every}
    return Articles([_listed(article, keys[article.site]) for article in found], {one.key: one.name for one in every})


@get("/api/articles/{article:str}", tags=["Articles"], security=BY_AGENT)
async def read_article(
    article: FromPath[str],
    signed_in: AgentAsking,  # noqa: ARG001 - as above
    services: Provided,
) -> Article:
    """An article that was written in the console."""
    return await services.database.read(lambda conn: _article(conn, _known(conn, article)))


@put("/api/articles/{article:str}", status_code=200, tags=["Articles"], security=BY_AGENT)
async def save_article(
    article: FromPath[str], data: JSONBody[ArticleToSave], signed_in: AgentAsking, services: Provided
) -> Article:
    """Stores an article. The id is yours to choose, so that asking twice makes one; a known one is replaced.

    If somebody else has changed or deleted it since the `version` that you say, nothing is stored, and the code is
    `stale`. Saving what it says already is never refused.
    """
    draft, agent, now = _draft(data), signed_in.agent, dt.datetime.now(dt.UTC)
    check_id(article, "an article")

    def work(conn: Connection) -> Article:
        known = stored.find(conn, article)
        every = sites.every(conn)
        site = next(one for one in every if one.id == known.site) if known else site_of(every, data.site)
        try:
            with unless_outdated("article"):
                saved = written.save(conn, site.id, article, draft, data.answers, agent.id, now, data.version)
        except ValueError as error:
            raise BadRequest(f"The article cannot be saved: {error}.") from None
        if known is None or known.version != saved.version:
            audit.record(conn, agent, ArticleSaved(draft.title, site.name), now)
        return _article(conn, saved)

    saved = await services.database.write(work)
    services.knowledge.learn_soon()
    log.info("article written", article=article, agent=agent.id)
    return saved


@delete("/api/articles/{article:str}", status_code=204, tags=["Articles"], security=BY_AGENT)
async def remove_article(
    *,
    article: FromPath[str],
    signed_in: AgentAsking,
    services: Provided,
    version: Annotated[str, QueryParameter(max_length=VERSION)] = "",
) -> Response[None]:
    """The assistant does not know this any more. If it is not of this `version` now, it stays: the code is `stale`."""

    def work(conn: Connection) -> None:
        with unless_outdated("article"):
            known = _known(conn, article)
            written.remove(conn, known, version)
        audit.record(conn, signed_in.agent, ArticleDeleted(known.title), dt.datetime.now(dt.UTC))

    await services.database.write(work)
    log.info("article removed", article=article, agent=signed_in.agent.id)
    return Response(None, status_code=204)


@get("/api/knowledge", tags=["Articles"], security=BY_AGENT)
async def search(
    *,
    signed_in: AgentAsking,  # noqa: ARG001 - as above
    services: Provided,
    question: Annotated[str, QueryParameter(max_length=QUESTION)] = "",
    site: FromQuery[str | None] = None,
) -> Found:
    """What the assistant would find for this question now."""
    every = await services.database.read(sites.every)
    found = await services.knowledge.search(site_of(every, site).id, question)
    best = max((passage.score for passage in found), default=0.0)
    return Found([_passage(passage) for passage in found], answers=not is_unsure(best))


def _draft(data: ArticleToSave) -> Draft:
    asked = [_line(question, "One of the questions", QUESTION) for question in data.questions if question.strip()]
    return Draft(
        title=_line(data.title, "The title", TITLE),
        text=_cleaned(data.text, "The text", TEXT),
        questions=list(dict.fromkeys(asked)),
        url=_line(data.url, "The address", URL) if data.url and data.url.strip() else None,
    )


def _line(text: str, what: str, limit: int) -> str:
    return " ".join(_cleaned(text, what, limit).split())


def _cleaned(text: str, what: str, limit: int) -> str:
    try:
        return clean_text(text, limit)
    except BadRequest:
        raise BadRequest(f"{what} is empty.") from None


def _known(conn: Connection, article: str) -> Written:
    found = stored.find(conn, article) if ID.fullmatch(article) else None
    if found is None:
        raise NotFound("There is no such article.")
    return found


def _article(conn: Connection, article: Written) -> Article:
    draft = written.take_apart(article.source)
    key = next(site.key for site in sites.every(conn) if site.id == article.site)
    listed = msgspec.structs.asdict(_listed(article, key)) | {"title": draft.title}
    return Article(**listed, text=draft.text, questions=list(draft.questions))


def _listed(article: Written, key: str) -> ArticleListed:
    return ArticleListed(article.id, key, article.title, article.url, article.version, article.updated_at, article.by)


def _passage(passage: Passage) -> PassageFound:
    return PassageFound(passage.title, passage.heading, passage.url, passage.text, passage.score)
