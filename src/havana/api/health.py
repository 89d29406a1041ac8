"""For whoever watches the process."""

from litestar import get

from havana.api.guards import Provided
from havana.storage import sites


@get("/healthz", tags=["Health"])
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/readyz", tags=["Health"])
async def readyz(services: Provided) -> dict[str, str]:
    """The process answers and so does its database; else 503."""
    await services.database.read(sites.default)
    return {"status": "ok"}
