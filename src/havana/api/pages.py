"""The built web parts: the visitor's page, the console, and their assets.

static/widget/index.html    -> /            (with the default site's key put in)
                               /chat/{key}  (with that of another)
static/console/index.html   -> /console and everything below
static/**/assets/*          -> /assets/*    (their names carry a hash, so they never change)
"""

import asyncio
import gzip
import mimetypes
from pathlib import Path

import msgspec
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response import Redirect

from havana.api.guards import AnyRequest, Provided
from havana.chat.errors import NotFound
from havana.storage import sites

MISSING = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Havana</title>
<h1>The pages are not built yet</h1>
<p>This server runs, but its web parts are missing. Run <code>make setup</code>, then reload this page.</p>
"""
_COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")
# What the system's own list of types says differs from machine to machine.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


class Asset(msgspec.Struct, frozen=True):
    media_type: str
    body: bytes
    zipped: bytes | None


class Assets:
    """Files by name, read once. Only what was found under the folder can be asked for, so no name leads out."""

    def __init__(self, static: Path) -> None:
        self._static = static
        self._paths: dict[str, Path] = {}
        self._read: dict[str, Asset] = {}

    def get(self, name: str) -> Asset | None:
        if name not in self._paths:
            # Looked for again, because a build beside the running server brings new names.
            self._paths = {
                path.relative_to(folder).as_posix(): path
                for folder in self._static.rglob("assets")
                for path in folder.rglob("*")
                if path.is_file()
            }
        path = self._paths.get(name)
        if path is None:
            return None
        if name not in self._read:
            self._read[name] = _asset(path)
        return self._read[name]


def _asset(path: Path) -> Asset:
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    body = path.read_bytes()
    zipped = gzip.compress(body, mtime=0) if kind.startswith(_COMPRESSIBLE) else None
    return Asset(kind, body, zipped)


@get("/", include_in_schema=False)
async def visitors_page(services: Provided) -> Response[str]:
    """The chat of the default site, on a page of its own."""
    site = await services.database.read(sites.default)
    return await _page(services.static / "widget" / "index.html", site_key=site.key if site else "")


@get("/chat/{key:str}", include_in_schema=False)
async def page_of_site(key: FromPath[str], services: Provided) -> Response[str]:
    """The chat of a site, on a page of its own."""
    site = await services.database.read(lambda conn: sites.by_key(conn, key))
    if site is None:
        raise NotFound("There is no website with this key.")
    return await _page(services.static / "widget" / "index.html", site_key=site.key)


@get(["/console", "/console/{below:path}"], include_in_schema=False)
async def console(services: Provided) -> Response[str]:
    """The agents' workplace; which of its views is shown, its own router decides."""
    return await _page(services.static / "console" / "index.html")


@get("/admin", include_in_schema=False)
async def admin() -> Redirect:
    """Where people look first."""
    return Redirect("/console", status_code=307)


@get("/assets/{name:path}", include_in_schema=False)
async def asset(
    name: FromPath[Path], request: AnyRequest, assets: NamedDependency[SkipValidation[Assets]]
) -> Response[bytes]:
    """A built file. A new build has new names, so a browser may keep this one for ever."""
    found = await asyncio.to_thread(assets.get, name.as_posix().lstrip("/"))
    if found is None:
        raise NotFound("There is no such file. Reload the page.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if found.zipped is None or "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found.body, media_type=found.media_type, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(found.zipped, media_type=found.media_type, headers=headers)


async def _page(path: Path, *, site_key: str = "") -> Response[str]:
    headers = {"Cache-Control": "no-cache"}
    try:
        html = await asyncio.to_thread(path.read_text, encoding="utf-8")
    except FileNotFoundError:
        return Response(MISSING, media_type=MediaType.HTML, status_code=503, headers=headers)
    return Response(html.replace("__SITE_KEY__", site_key), media_type=MediaType.HTML, headers=headers)
