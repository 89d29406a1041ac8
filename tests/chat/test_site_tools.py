"""What a site may set about its tools."""

import pytest

from havana.chat.site_tools import HttpTool, McpServer, problem

GOOD = {"name": "track", "description": "Tells where an order is.", "url": "https://shop.example.com/track"}


def wrong(**fields) -> str | None:
    return problem([HttpTool(**(GOOD | fields))], [])


def test_a_tool_that_changes_something_asks_unless_the_site_says_otherwise():
    assert HttpTool(**GOOD).permission == "ask"
    assert HttpTool(**GOOD, allowed=True).permission == "allowed"
    assert HttpTool(**GOOD, changes=False).permission == "read"


def test_a_servers_tool_that_nobody_has_listed_asks():
    server = McpServer("shop", "https://mcp.example.com/mcp", reads=("find",), allowed=("note",))

    assert [server.permission(tool) for tool in ("find", "note", "delete")] == ["read", "allowed", "ask"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "with space"}, "name must be"),
        ({"name": "escalate_to_human"}, "has a tool of that name"),
        ({"name": "leave_contact"}, "has a tool of that name"),
        ({"description": " "}, "description is empty"),
        ({"url": "http://shop.example.com/track"}, "url must begin with https"),
        ({"url": "https://user:word@shop.example.com/"}, "url must begin with https"),
        ({"url": "ftp://shop.example.com/"}, "url must begin with https"),
        ({"url": "https://[oops/"}, "url must begin with https"),
        ({"secret": "SHOP_TOKEN"}, "begins with TOOL_"),
        ({"secret": "OPENAI_API_KEY"}, "begins with TOOL_"),
        ({"timeout_s": 0}, "timeout_s must be"),
        ({"timeout_s": 61}, "timeout_s must be"),
        ({"allowed": True, "changes": False}, "allowed is for"),
        ({"parameters": {"type": "object", "properties": {"visitor_id": {"type": "string"}}}}, "visitor_id"),
    ],
)
def test_what_is_wrong_is_named(fields, why):
    said = wrong(**fields)

    assert said is not None
    assert said.startswith("tools.")
    assert why in said


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://10.1.2.3/x", "http://shop:8080/x", "http://[::1]/x"])
def test_within_ones_own_network_a_tool_needs_no_tls(url):
    assert wrong(url=url) is None


def test_two_of_a_name_and_a_tool_in_two_lists_are_refused():
    server = McpServer("track", "https://mcp.example.com/mcp")
    assert problem([HttpTool(**GOOD)], [server]) == "mcp.track: there are two of that name"

    server = McpServer("shop", "https://mcp.example.com/mcp", reads=("find",), hidden=("find",))
    assert problem([], [server]) == "mcp.shop: find is in two of reads, allowed and hidden"
