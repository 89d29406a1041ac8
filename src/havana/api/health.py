"""For whoever watches the process."""

from litestar import get

from havana.api.guards import Provided


@get("/healthz", tags=["Health"])
async def healthz() -> dict[str, str]:
    """The process answers, and it is a Havana."""
    return {"status": "ok", "service": "havana"}


@get("/readyz", tags=["Health"])
async def readyz(services: Provided) -> dict[str, str]:
    """Visitors may be sent here: the process is not about to stop, and its database takes a commit; else 503.

    Unlike `/healthz`, a no is no reason to restart it. `bus` is `away` while other servers are not reached: what
    happens there shows a second later.
    """
    await services.readiness.check()
    return {"status": "ok", "database": "ok", "bus": services.readiness.bus}
