"""Every URL on one screen. What a URL does is in the file of its resource.

    GET    /                                       the visitor's page               pages
    GET    /chat/{key}                             that of a site
    GET    /console, /console/…                    the agents' workplace
    GET    /admin                                  leads to /console
    GET    /assets/…                               built files
    POST   /api/visitors                           a token for a visitor            visitors
    GET    /api/visitors/{id}                      what agents know of them
    PUT    /api/visitors/{id}/details              write some of it down
    POST   /api/visitors/{id}/block, …/unblock     agents
    POST   /api/session                            sign in                          session
    GET    /api/session                            who is signed in
    DELETE /api/session                            sign out
    POST   /api/live-token                         a token for the live channel
    POST   /api/links, …/follow, …/forgotten       links to choose a password by   links
    GET    /api/mail                               whether letters can be sent     mail
    GET    /api/conversations                      a list                           conversations
    POST   /api/conversations                      a first command
    GET    /api/conversations/{id}                 state and latest events
    GET    /api/conversations/{id}/events          a page of events
    POST   /api/conversations/{id}/{command}       any command of the live channel
    GET    /api/conversations/{id}/unanswered      its questions without an answer  unanswered
    GET    /api/unanswered, …/count                those of all, grouped
    POST   /api/unanswered/dismiss, …/reopen       what needs no article
    GET    /api/articles                           what was written in the console  articles
    GET    /api/articles/{id}                      one of them
    PUT    /api/articles/{id}                      write or change it
    DELETE /api/articles/{id}                      forget it
    GET    /api/knowledge                          what would be found for a question
    GET    /api/canned                             what is said again and again     canned
    PUT    /api/canned/{id}                        write or change it
    DELETE /api/canned/{id}                        forget it
    GET    /api/labels                             those that conversations have    labels
    GET    /api/search                             what was said                    search
    GET    /api/reports                            figures of some days             reports
    GET    /api/reports/conversations              those behind a figure
    GET    /api/agents                             the team                         agents
    PUT    /api/agents/{id}/duty                   on duty, or away
    GET    /api/people                             also who is invited or gone     people
    POST   /api/people                             invite somebody
    DELETE /api/people/{id}                        take that back
    POST   /api/people/{id}/link                   another way in
    PUT    /api/people/{id}/role                   agent or admin
    PUT    /api/people/{id}/capacity               how many conversations they are given
    POST   /api/people/{id}/deactivate, …/reactivate
    GET    /api/teams                              agents under a name               teams
    PUT    /api/teams/{id}                         make or change it
    DELETE /api/teams/{id}                         forget it
    GET    /api/audit                              who changed what                audit
    GET    /api/profile                            of who asks                      profile
    PUT    /api/profile, …/password                their name, their password
    PUT    /api/profile/notifications              how they are told who waits
    GET    /api/sites                              all of them                      sites
    POST   /api/sites                              make one                         site_settings
    GET    /api/sites/{key}                        a site's public settings
    GET    /api/sites/{key}/settings               all of its settings              site_settings
    PUT    /api/sites/{key}/settings               change them
    GET    /healthz, /readyz                       for whoever watches              health
    GET    /api/docs, /api/docs/openapi.json       this, in full                    docs

The live channel (`/live`) is not HTTP: `live/socket.py`.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from litestar import Litestar
from litestar.di import Provide
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.types import ControllerRouterHandler

from havana.api import (
    agents,
    articles,
    audit,
    canned,
    conversations,
    docs,
    errors,
    health,
    labels,
    links,
    mail,
    pages,
    people,
    profile,
    reports,
    search,
    session,
    site_settings,
    sites,
    teams,
    unanswered,
    visitors,
)
from havana.api.guards import admin_asking, agent_asking, asking
from havana.api.headers import SecurityHeaders
from havana.api.services import Services

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]
LARGEST_BODY = 64 * 1024

ROUTES: tuple[ControllerRouterHandler, ...] = (
    pages.visitors_page,
    pages.page_of_site,
    pages.console,
    pages.admin,
    pages.asset,
    visitors.arrive,
    visitors.known,
    visitors.write_down,
    visitors.block,
    visitors.unblock,
    session.sign_in,
    session.who_am_i,
    session.sign_out,
    session.live_token,
    links.read,
    links.follow,
    links.forgotten,
    mail.mail,
    conversations.list_conversations,
    conversations.begin,
    conversations.snapshot,
    conversations.events,
    conversations.perform,
    unanswered.of_conversation,
    unanswered.groups,
    unanswered.count,
    unanswered.dismiss,
    unanswered.reopen,
    articles.written_here,
    articles.read_article,
    articles.save_article,
    articles.remove_article,
    articles.search,
    canned.canned_answers,
    canned.save_canned,
    canned.remove_canned,
    labels.labels_in_use,
    search.search,
    reports.report,
    reports.behind_a_figure,
    agents.team,
    agents.duty,
    people.everybody,
    people.invite,
    people.withdraw,
    people.link,
    people.role,
    people.capacity,
    people.deactivate,
    people.reactivate,
    teams.teams,
    teams.save_team,
    teams.remove_team,
    audit.changes,
    profile.mine,
    profile.rename,
    profile.change_password,
    profile.notify,
    sites.sites,
    sites.public_site,
    site_settings.add_site,
    site_settings.settings,
    site_settings.save_settings,
    health.healthz,
    health.readyz,
)


class _Litestar(Litestar):
    """Litestar with the plugins that Havana uses."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        # By default everything installed is loaded: here pydantic, for types that occur in no handler of ours
        # (9 MB and a fifth of a start). There is no public switch; tests/test_start.py notices if this one goes.
        return [*plugins, MsgspecDIPlugin()]


def web(services: Services, *, running: Lifespan | None = None) -> Litestar:
    """Everything that is asked over HTTP. `running` is what runs meanwhile."""
    assets = pages.Assets(services.static)
    return _Litestar(
        ROUTES,
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "assets": Provide(lambda: assets, sync_to_thread=False),
            "signed_in": Provide(agent_asking),
            "admin": Provide(admin_asking),
            "who": Provide(asking),
        },
        exception_handlers=errors.HANDLERS,
        before_send=[SecurityHeaders(services.public_url)],
        openapi_config=docs.config(),
        request_max_body_size=LARGEST_BODY,
        lifespan=[running] if running else [],
        # Ours are in `errors`; the framework would configure the root logger behind our back.
        logging_config=None,
    )
