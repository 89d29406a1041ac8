"""Who is asking: agents by cookie, visitors by bearer token. Handlers take the answer as an argument."""

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from havana.accounts.origin import is_own
from havana.accounts.sessions import COOKIE, SignedIn
from havana.api.services import Services, Who
from havana.chat.errors import Forbidden, Unauthorised

AnyRequest = Request[Any, Any, Any]

# Made by the functions below, so there is nothing left to validate.
AgentAsking = NamedDependency[SkipValidation[SignedIn]]
AdminAsking = NamedDependency[SkipValidation[SignedIn]]
Asking = NamedDependency[SkipValidation[Who]]
Provided = NamedDependency[SkipValidation[Services]]

# What a handler that asks for one of these says of itself in `/api/docs`; the schemes are in `schema.py`.
BY_AGENT: list[dict[str, list[str]]] = [{"agent": []}]
BY_VISITOR: list[dict[str, list[str]]] = [{"visitor": []}]
BY_EITHER = BY_VISITOR + BY_AGENT

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def agent_asking(request: AnyRequest, services: Provided) -> SignedIn:
    """The agent whose cookie came along. A browser sends it from any page, so a write must come from ours."""
    signed_in = await services.sessions.who(request.cookies.get(COOKIE))
    request.state["staff"] = True
    if request.method not in _SAFE:
        refuse_foreign(request, services, strict=True)
    return signed_in


async def admin_asking(signed_in: AgentAsking) -> SignedIn:
    """The same, of an admin."""
    if not signed_in.agent.admin:
        raise Forbidden("Only an admin can do this.")
    return signed_in


async def asking(request: AnyRequest, services: Provided) -> Who:
    """A visitor if there is a bearer token, else an agent."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return await services.identity.visitor(token.strip())
    if COOKIE not in request.cookies:
        raise Unauthorised("Please sign in, or send your token.")
    return (await agent_asking(request, services)).agent


def refuse_foreign(request: AnyRequest, services: Services, *, strict: bool) -> None:
    """Refuses what another site's page sends; `strict` also what does not say where it is from."""
    origin = request.headers.get("origin")
    if origin is None and not strict:
        return
    host = request.headers.get("host", "")
    if origin is None or not is_own(origin, services.public_url, request.url.scheme, host):
        raise Forbidden("This request does not come from a page of this server.")


def address(request: AnyRequest) -> str:
    """Where the request comes from; behind a proxy, what uvicorn took from the proxy's headers.

    Of an IPv6 address the /64: everybody has a whole one, and would have a limit for each of its addresses.
    """
    return network(request.client.host) if request.client else ""


def network(host: str) -> str:
    """What counts as one address in the limits."""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if not isinstance(found, IPv6Address):
        return str(found)
    # What a socket for both kinds calls an IPv4 address: all of those are in one /64.
    return str(found.ipv4_mapped or IPv6Network((int(found), 64), strict=False))
