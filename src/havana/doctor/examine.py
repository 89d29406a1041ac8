"""Every finding in the order in which they help: what is missing below explains what fails above."""

import datetime as dt
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from havana.assistant.models import opening as models
from havana.assistant.models.settings import ModelSettings
from havana.doctor import findings, probes, reaching, web
from havana.doctor.findings import Finding, Stored
from havana.storage import migrations
from havana.storage.looking import is_served


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What to look at. `url` is where to find the server even if none runs here, `local` where it said that it is."""

    data: Path
    database_url: str | None = None
    redis_url: str | None = None
    smtp_url: str | None = None
    mail_from: str | None = None
    static: Path
    model: ModelSettings
    public_url: str | None = None
    url: str | None = None
    local: str | None = None


def examine(case: Case) -> Iterator[Finding]:
    day, steady = time.time(), time.monotonic()
    if case.database_url is None:
        stored, served = probes.stored(case.data), is_served(case.data)
        yield from _on_this_disk(case.data, stored)
    else:
        stored = probes.stored_on_server(case.database_url)
        served = stored.is_served
        yield findings.database_server(stored, migrations.HEAD)
    if case.redis_url is not None:
        yield findings.redis(*probes.redis(case.redis_url))
    yield findings.pages(probes.missing_pages(case.static))
    for one in case.model.chain:
        name, error = probes.model(one)
        has_price = error is not None or not models.unpriced(one)
        yield findings.model(name, error, has_price=has_price, limited=stored.limited if stored else ())
    if case.smtp_url is not None:
        missing = [] if case.mail_from else ["HAVANA_MAIL_FROM"]
        missing += [] if case.public_url else ["HAVANA_PUBLIC_URL"]
        yield findings.mail(*probes.mail(case.smtp_url), missing=missing)
    yield findings.server(is_served=served)
    yield from _reached(case, served=served)
    # Last, so that there was time to see it jump.
    jumped_s = (time.time() - day) - (time.monotonic() - steady)
    newest, kept = stored.newest if stored else None, probes.clock_is_kept()
    yield findings.clock(dt.datetime.now(dt.UTC), newest, jumped_s, kept=kept)


def _on_this_disk(data: Path, stored: Stored | None) -> Iterator[Finding]:
    folder = probes.folder(data)
    yield findings.file_system(folder)
    yield findings.writing(folder)
    yield findings.free_disk(folder)
    yield findings.sqlite(sqlite3.sqlite_version_info, full_text=probes.has_full_text())
    yield findings.database(stored, migrations.HEAD)


def _reached(case: Case, *, served: bool) -> Iterator[Finding]:
    url = case.url or (case.public_url or case.local if served else None)
    if url is None:
        return
    answer = web.get(f"{url}/healthz")
    health = reaching.public_url(url, answer)
    yield health
    if answer.error is not None:
        return
    if health.level != "problem":
        yield reaching.readiness(web.get(f"{url}/readyz"))
    # Also where pages do not come through: proxies have rules of their own for WebSockets.
    yield reaching.web_sockets(url, web.shake_hands(url), case.public_url)
