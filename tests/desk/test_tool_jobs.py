"""Calls of tools across servers that stop: what was allowed is made by the next one, and made once."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import msgspec
import pytest
from tests.assistant.shop import Shop

from havana.assistant.tools.jobs import ToolJobs
from havana.assistant.tools.site_tools import SiteTools
from havana.chat import calls
from havana.chat import events as e
from havana.chat.site_tools import HttpTool
from havana.duty import Duty
from havana.storage import jobs, sites
from havana.storage.jobs import Job

from .conftest import ANA, Office

ORDER = {"type": "object", "properties": {"order": {"type": "string"}}}


class Servers:
    """One after the other on the same database, each with a desk that remembers nothing."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tools: list[SiteTools] = []

    def next(self) -> ToolJobs:
        office, duty, desk = self._office, Duty(self._office.clock), self._office.another_desk()
        tools = SiteTools(desk, duty, office.clock, {}.get)
        self._tools.append(tools)
        return ToolJobs(tools, desk, duty, office.worker, office.database, office.clock)

    async def close(self) -> None:
        for tools in self._tools:
            await tools.close()


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


@pytest.fixture
async def servers(office: Office) -> AsyncIterator[Servers]:
    servers = Servers(office)
    yield servers
    await servers.close()


async def set_tools(office: Office, *tools: HttpTool) -> None:
    site = msgspec.structs.replace(office.site, tools=tools)
    await office.database.write(lambda conn: sites.store(conn, site, office.clock()))


async def asked(office: Office, shop: Shop, path: str = "/cancel") -> str:
    """The team was asked to allow `call-1`."""
    await set_tools(office, HttpTool("cancel", "Cancels.", shop.url(path), parameters=ORDER))
    chat = (await office.posts(office.visitor())).fold.id
    until = office.clock() + dt.timedelta(minutes=10)
    call = calls.Made("call-1", "answer-1", "cancel", {"order": "17"})
    await office.desk.perform(chat, lambda c: c.start_answer("answer-1"))
    await office.desk.perform(chat, lambda c: calls.ask(c, call, until, on_duty=True))
    await office.desk.perform(chat, lambda c: c.finish_answer("answer-1", "I have asked."))
    return chat


async def allowed(office: Office, shop: Shop, path: str = "/cancel") -> str:
    chat = await asked(office, shop, path)
    await office.desk.perform(chat, lambda c: calls.allow(c, ANA, "call-1"))
    return chat


def job(chat: str) -> Job:
    return Job("j", "tool", chat, 0, 1, 0)


async def wanted(office: Office, chat: str) -> dict[str, dt.datetime]:
    """When which job of the conversation's is due."""
    rows = await office.database.read(lambda conn: conn.execute(jobs.jobs.select()).all())
    return {row.kind: row.run_at for row in rows if row.subject == chat}


async def finished(office: Office, chat: str) -> list[tuple[str, str]]:
    found = [event.fact for event in await office.log(chat) if isinstance(event.fact, e.ToolFinished)]
    return [(fact.outcome, fact.result) for fact in found]


async def test_what_was_allowed_before_a_restart_is_made_after_it(office: Office, shop: Shop, servers: Servers):
    chat = await allowed(office, shop)
    assert (await wanted(office, chat))["tool_calls"] <= office.clock()
    await servers.next().make(job(chat))
    await servers.next().make(job(chat))

    assert [asked.body for asked in shop.requests] == [{"order": "17"}]
    assert await finished(office, chat) == [("done", '{"cancelled": true}')]


async def test_what_was_begun_before_a_restart_is_not_made_again(office: Office, shop: Shop, servers: Servers):
    chat = await allowed(office, shop)
    until = office.clock() + dt.timedelta(seconds=25)
    await office.desk.perform(chat, lambda c: calls.start(c, "call-1", until))
    await servers.next().make(job(chat))
    await servers.next().watch(job(chat))
    assert await finished(office, chat) == []
    assert (await wanted(office, chat))["tool_watch"] > office.clock()

    office.clock.advance(seconds=26)
    await servers.next().watch(job(chat))
    assert shop.requests == []
    assert [outcome for outcome, _ in await finished(office, chat)] == ["unknown"]
    assert (await office.stored(chat)).control == "pending"


async def test_a_request_expires_when_its_time_is_up_and_not_before(office: Office, shop: Shop, servers: Servers):
    chat = await asked(office, shop)
    office.clock.advance(minutes=9)
    await servers.next().watch(job(chat))
    assert "tool_refused" not in await office.kinds(chat)
    due = (await wanted(office, chat))["tool_watch"] - office.clock()
    assert dt.timedelta(seconds=50) < due < dt.timedelta(seconds=61)

    office.clock.advance(minutes=2)
    await servers.next().watch(job(chat))
    assert (await office.kinds(chat))[-2:] == ["tool_refused", "message_posted"]
    assert "answer" in await wanted(office, chat)


async def test_a_tool_that_is_gone_by_then_is_not_called(office: Office, shop: Shop, servers: Servers):
    chat = await allowed(office, shop)
    await set_tools(office)
    await servers.next().make(job(chat))

    assert shop.requests == []
    assert await finished(office, chat) == [
        ("failed", "Nothing was done: its server is away, or the site has no such tool any more.")
    ]


async def test_what_was_redacted_after_it_was_allowed_does_not_go_out(office: Office, shop: Shop, servers: Servers):
    chat = await allowed(office, shop)
    first = (await office.log(chat))[0]
    await office.desk.perform(chat, lambda c: c.redact(ANA, first))
    await servers.next().make(job(chat))

    assert shop.requests == []
    assert (await office.kinds(chat))[-3:] == ["tool_refused", "message_posted", "redacted"]
    requests = [event.fact for event in await office.log(chat) if isinstance(event.fact, e.ToolRequested)]
    assert [fact.arguments for fact in requests] == [{}]


async def test_what_comes_back_after_a_redaction_is_kept_as_how_it_ended(office: Office, shop: Shop, servers: Servers):
    chat = await allowed(office, shop, "/slow")
    making = asyncio.create_task(servers.next().make(job(chat)))
    await shop.asked()
    first = (await office.log(chat))[0]
    # By a server that did not make the call.
    await office.another_desk().perform(chat, lambda c: c.redact(ANA, first))
    shop.may_answer.set()
    await making

    assert await finished(office, chat) == [("done", "")]
    assert (await office.log(chat))[-1].fact.redacted


async def test_a_server_that_stops_lets_a_call_come_to_its_end(office: Office, shop: Shop, servers: Servers):
    chat = await allowed(office, shop, "/slow")
    task = asyncio.create_task(servers.next().make(job(chat)))
    await shop.asked()
    task.cancel()
    shop.may_answer.set()
    await servers.close()

    assert await finished(office, chat) == [("done", '{"cancelled": true}')]
