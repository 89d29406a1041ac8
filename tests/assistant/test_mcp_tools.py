"""MCP servers over HTTP, spoken to as they are."""

from collections.abc import AsyncIterator

import pytest
from tests.assistant.mcp_shop import McpShop, an_mcp_shop

from havana.assistant.tools.mcp_tools import McpTools, NotListed
from havana.assistant.tools.outcome import OnBehalf, Outcome
from havana.chat.site_tools import McpServer

SECRET = "s3cret-0123456789"
ON_BEHALF = OnBehalf("demo", "visitor-1", "conversation-1", "call-1")


@pytest.fixture
async def shop() -> AsyncIterator[McpShop]:
    async with an_mcp_shop() as shop:
        yield shop


@pytest.fixture
def mcp() -> McpTools:
    return McpTools({"TOOL_SHOP": SECRET}.get)


def server(shop: McpShop, **more) -> McpServer:
    return McpServer("shop", shop.url, **{"secret": "TOOL_SHOP", "timeout_s": 20} | more)


async def test_a_server_tells_which_tools_it_has(shop: McpShop, mcp: McpTools):
    listed = {tool.name: tool for tool in await mcp.listed(server(shop))}

    assert set(listed) == {"cancel", "find", "fails", "big", "slow"}
    assert listed["find"].description == "Finds an order."
    assert listed["find"].schema["properties"]["query"]["type"] == "string"


async def test_a_call_carries_the_credentials_and_the_visitor(shop: McpShop, mcp: McpTools):
    outcome = await mcp.call(server(shop), "find", {"query": "mug"}, ON_BEHALF, changes=False)

    assert outcome == Outcome("done", '{"order":"17","query":"mug"}')
    assert shop.called == [("find", {"query": "mug"})]
    sent = shop.headers[-1]
    assert (sent["authorization"], sent["x-havana-visitor"]) == (f"Bearer {SECRET}", "visitor-1")
    assert sent["idempotency-key"] == "call-1"


@pytest.mark.parametrize(
    ("tool", "arguments", "outcome"),
    [
        ("fails", {}, "failed"),
        ("none", {}, "failed"),
        ("find", {"wrong": 1}, "failed"),
        ("big", {}, "unknown"),
        ("slow", {}, "unknown"),
    ],
)
async def test_what_goes_wrong_is_told_apart(shop: McpShop, mcp: McpTools, tool: str, arguments: dict, outcome: str):
    # Only who never answers is given up soon: how long the others take is the machine's business.
    hurried = {"timeout_s": 1} if tool == "slow" else {}
    found = await mcp.call(server(shop, **hurried), tool, arguments, ON_BEHALF, changes=True)

    assert found.outcome == outcome
    assert "stack trace" not in found.text
    assert shop.called.count(("slow", {})) <= 1


async def test_a_redirect_is_not_followed_though_the_library_would(shop: McpShop, mcp: McpTools):
    shop.redirects = ""
    found = await mcp.call(server(shop), "cancel", {"order": "17"}, ON_BEHALF, changes=True)

    assert found == Outcome("failed", "Its server answered with a redirect, which is not followed.")
    assert shop.called == []


async def test_of_a_call_that_is_answered_with_a_redirect_nobody_knows_whether_it_was_made(
    shop: McpShop, mcp: McpTools
):
    shop.redirects = "tools/call"
    found = await mcp.call(server(shop), "cancel", {"order": "17"}, ON_BEHALF, changes=True)

    assert found == Outcome("unknown", "Its server answered with a redirect, which is not followed.")


async def test_a_server_that_is_not_there_has_no_tools_and_was_asked_for_nothing(mcp: McpTools):
    nowhere = McpServer("shop", "http://127.0.0.1:1/mcp")

    with pytest.raises(NotListed):
        await mcp.listed(nowhere)
    assert (await mcp.call(nowhere, "cancel", {}, ON_BEHALF, changes=True)).outcome == "failed"


async def test_missing_credentials_are_said_without_their_name(shop: McpShop, mcp: McpTools):
    found = await mcp.call(server(shop, secret="TOOL_OTHER"), "cancel", {}, ON_BEHALF, changes=True)

    assert found == Outcome("failed", "Its credentials are not set on the server.")
    assert shop.headers == []
