"""The composition root: the only file that knows every part."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from litestar import Litestar

from havana.accounts.identity import Blocked as VisitorBlocked
from havana.accounts.identity import Identity
from havana.accounts.limits import Limits
from havana.accounts.sessions import Sessions, SignedIn
from havana.accounts.tokens import TokenExpired, Tokens
from havana.api.readiness import Readiness
from havana.api.routes import Lifespan, web
from havana.api.services import Services
from havana.assistant.allowance import prepare
from havana.assistant.interface import Model
from havana.assistant.models import opening as models
from havana.assistant.models.settings import ModelSettings
from havana.assistant.responder import Responder
from havana.assistant.team.copilot import Copilot
from havana.assistant.team.summarising import Summaries
from havana.assistant.tools.jobs import ToolJobs
from havana.assistant.tools.site_tools import SiteTools
from havana.assistant.turn import Parts
from havana.assistant.understanding.asked import asked
from havana.availability import Availability
from havana.chat.errors import Unauthorised
from havana.cluster import Cluster, RedisCluster
from havana.config import Settings, SettingsError, check_mail
from havana.counting import Counting
from havana.desk import Desk
from havana.drafts import Drafts
from havana.duty import Duty
from havana.jobs import Worker
from havana.knowledge import meaning
from havana.knowledge.grouping import Grouping
from havana.knowledge.meaning import Meaning
from havana.knowledge.model import Model as SentenceModel
from havana.knowledge.search import Knowledge
from havana.live import identity as hello
from havana.live.hub import Hub
from havana.live.socket import LiveEndpoint, Receive, Scope, Send
from havana.people import People
from havana.post import Outgoing, Post
from havana.providers import prices_of
from havana.reading import Reading
from havana.requests import Requests
from havana.searching import Searching
from havana.storage import sites
from havana.storage.database import Database
from havana.storage.opening import open_database
from havana.timers import Timers
from havana.unanswered import Unanswered
from havana.unseen import Unseen
from havana.visits import Visits

STATIC = Path(__file__).parent / "static"
LIVE = "/live"
Asgi = Callable[[Any, Any, Any], Awaitable[None]]
"""Litestar has types of its own for what it is called with."""


class Application:
    """The ASGI application: the live channel, and beside it everything that is asked over HTTP."""

    def __init__(self, web: Asgi, live: LiveEndpoint, readiness: Readiness, worker: Worker) -> None:
        self._web = web
        self._live = live
        self._readiness = readiness
        self._worker = worker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Not through the web framework: what it wraps around `send` would be paid for with every frame.
        serve = self._live if scope.get("path") == LIVE else self._web
        await serve(scope, receive, send)

    async def drain(self) -> None:
        """What whoever stops the server does first."""
        # In this order: a client that is sent away must not be sent back here.
        self._readiness.leave()
        self._worker.leave()
        await self._live.drain()


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def build(settings: Settings, tool_secrets: Mapping[str, str] = MappingProxyType({})) -> Application:
    """The ASGI application. Opens (creates, migrates) the database; `Unusable` if another server has it, say."""
    # First, for whoever finds that they cannot run must not have taken the database's lease.
    model, sentences, outgoing = _model(settings), _sentences(settings), _outgoing(settings)
    database = _database(settings)
    cluster, drafts, duty = _cluster(settings, database), Drafts(), Duty(clock)
    bus, worker = cluster.bus, Worker(database, clock)
    desk, limits = Desk(database, bus, worker, clock), Limits(on=settings.rate_limits, together=cluster.together)
    reading, requests = Reading(database, desk, drafts, bus, limits), Requests(desk, duty, database, limits)
    meant, site_tools = _meaning(database, sentences), _site_tools(desk, duty, worker, database, tool_secrets)
    knowledge, readiness, counting = Knowledge(database, meant), Readiness(database, bus), Counting(database, clock)
    parts = Parts(desk, database, bus, drafts, duty, knowledge, model, clock, limits, site_tools)
    _register(worker, parts, outgoing, longest_s=settings.model_turn_s + 60)
    timers, availability = Timers(desk, duty, worker, database, bus, clock), Availability(database, bus, duty, clock)
    tokens, sessions = Tokens.open(database, clock), Sessions(database, limits, clock)
    visits, identity = Visits(database, bus, clock), Identity(database, tokens, sessions)
    endpoint = LiveEndpoint(
        hub=Hub(bus, reading, clock, visits),
        requests=requests,
        reading=reading,
        duty=duty,
        authenticate=lambda token: _authenticate(identity, token),
        public_url=settings.public_url,
        clock=clock,
        copilot=Copilot(desk, database, knowledge, model, limits),
    )
    services = Services(
        database=database,
        bus=bus,
        identity=identity,
        sessions=sessions,
        tokens=tokens,
        limits=limits,
        requests=requests,
        reading=reading,
        readiness=readiness,
        unanswered=Unanswered(database, Grouping(meant), asked),
        counting=counting,
        searching=Searching(database, bus),
        knowledge=knowledge,
        availability=availability,
        people=People(database, bus, worker, clock, mails=outgoing is not None),
        visits=visits,
        is_here=duty.is_here,
        public_url=settings.public_url,
        sends_mail=outgoing is not None,
        static=STATIC,
    )
    running = _running(services, timers, duty, worker, model, site_tools, meant, cluster)
    return Application(web(services, running=running), endpoint, readiness, worker)


def _sentences(settings: Settings) -> SentenceModel | None:
    try:
        return meaning.open_model(settings.embeddings, settings.openai_api_key, settings.openai_base_url)
    except ValueError as error:
        raise SettingsError(f"HAVANA_EMBEDDINGS: {error}.") from None


def _outgoing(settings: Settings) -> Outgoing | None:
    check_mail(settings)
    if settings.smtp_url is None or settings.mail_from is None or settings.public_url is None:
        return None
    # Imported here: most send no mail.
    from havana.mail.smtp import Server

    return Outgoing(settings.mail_from, settings.public_url, Server.at(settings.smtp_url).send)


def _register(worker: Worker, parts: Parts, outgoing: Outgoing | None, *, longest_s: float) -> None:
    """What is done for others than timers; an answer takes `longest_s` seconds at most."""
    worker.register("answer", Responder(parts).answer, longest_s=longest_s)
    worker.register("summary", Summaries(parts.desk, parts.database, parts.model).summarise)
    sends_mail = outgoing is not None
    Unseen(parts.desk, parts.duty, worker, parts.database, parts.clock, mails=sends_mail).register()
    if outgoing is not None:
        Post(parts.database, worker, parts.clock, outgoing).register()


def _meaning(database: Database, sentences: SentenceModel | None) -> Meaning | None:
    return Meaning(database, sentences) if sentences is not None else None


def _database(settings: Settings) -> Database:
    joining = settings.redis_url is not None
    if joining and settings.database_url is None:
        raise SettingsError(
            "HAVANA_REDIS_URL joins servers on one PostgreSQL database: HAVANA_DATABASE_URL is not set."
        )
    database = open_database(settings.data, settings.database_url, serving=True, joining=joining)
    database.write_now(lambda conn: sites.ensure_default(conn, clock()))
    return database


def _cluster(settings: Settings, database: Database) -> Cluster:
    if settings.redis_url is None or database.membership is None:
        return Cluster()
    try:
        return RedisCluster(settings.redis_url, database, database.membership)
    except ImportError:
        raise SettingsError("HAVANA_REDIS_URL needs more than one server does: pip install 'havana[redis]'") from None
    except ValueError as error:
        raise SettingsError(f"HAVANA_REDIS_URL: {error}.") from None


def _site_tools(desk: Desk, duty: Duty, worker: Worker, database: Database, secrets: Mapping[str, str]) -> SiteTools:
    """The sites' own tools, with the work that they cause. `secrets` are the credentials that their settings name."""
    tools = SiteTools(desk, duty, clock, secrets.get)
    ToolJobs(tools, desk, duty, worker, database, clock).register()
    return tools


def _running(
    services: Services,
    timers: Timers,
    duty: Duty,
    worker: Worker,
    model: Model,
    site_tools: SiteTools,
    meant: Meaning | None,
    cluster: Cluster,
) -> Lifespan:
    """What runs while the application does. The live channel is drained before, by whoever stops the server."""
    timers.register()
    database, availability, beside = services.database, services.availability, (services.counting, services.searching)

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        duty.on_leave = timers.agent_has_left
        await availability.start()
        await cluster.start(duty, availability.look_soon)
        worker.start()
        await timers.at_start()
        for work in beside:
            work.start()
        warming = asyncio.create_task(prepare(model, database))
        if meant is not None:
            meant.learn_soon()
        yield
        warming.cancel()
        await worker.stop()
        for work in beside:
            await work.stop()
        await site_tools.close()
        await models.close(model)
        if meant is not None:
            await meant.close()
        await cluster.stop()
        await availability.stop()
        await database.close()

    return running


async def _authenticate(identity: Identity, token: str) -> hello.Identity:
    """Accounts say who it is and what is wrong; the live channel knows with which code it closes."""
    try:
        found = await identity.live(token)
    except VisitorBlocked as error:
        raise hello.Blocked(error.message) from None
    except TokenExpired as error:
        raise hello.ExpiredToken(error.message) from None
    except Unauthorised as error:
        raise hello.BadToken(error.message) from None
    if isinstance(found, SignedIn):
        return hello.Identity(found.agent, found.session)
    return hello.Identity(found)


def model_settings(settings: Settings) -> ModelSettings:
    """What of the settings is the model's business."""
    return ModelSettings(
        name=settings.model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        variables=settings.providers,
        prices=prices_of(settings.model_prices) if settings.model_prices else {},
        first_token_s=settings.model_first_token_s,
        next_token_s=settings.model_next_token_s,
        turn_s=settings.model_turn_s,
        requires_finish_reason=settings.model_requires_finish_reason,
    )


def _model(settings: Settings) -> Model:
    try:
        return models.open_model(model_settings(settings))
    except ValueError as error:
        said = str(error)
        raise SettingsError(f"HAVANA_MODEL: {said}{'' if said.endswith('?') else '.'}") from None
