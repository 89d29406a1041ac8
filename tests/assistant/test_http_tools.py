"""A site's HTTP endpoints: what goes out, what comes back, and what is made of what goes wrong."""

from collections.abc import AsyncIterator

import pytest
from tests.assistant.shop import LOCATIONS, Shop

from havana.assistant.tools.http_tools import HttpTools
from havana.assistant.tools.outcome import OnBehalf, Outcome
from havana.chat.site_tools import HttpTool

SECRET = "s3cret-0123456789"
ON_BEHALF = OnBehalf("demo", "visitor-1", "conversation-1", "call-1")


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


@pytest.fixture
async def http() -> AsyncIterator[HttpTools]:
    tools = HttpTools({"TOOL_SHOP": SECRET}.get)
    yield tools
    await tools.close()


def tool(url: str, **more) -> HttpTool:
    return HttpTool(name="cancel", description="Cancels.", url=url, **more)


def hurried(path: str) -> dict[str, float]:
    """Only who never answers is given up soon: how long the others take is the machine's business."""
    return {"timeout_s": 0.3} if path == "/slow" else {"timeout_s": 20}


async def test_arguments_go_out_as_json_with_the_credentials_and_the_visitor_in_headers(shop: Shop, http: HttpTools):
    outcome = await http.call(tool(shop.url("/cancel"), secret="TOOL_SHOP"), {"order": 17}, ON_BEHALF)

    assert outcome == Outcome("done", '{"cancelled": true}')
    asked = shop.requests[0]
    assert (asked.method, asked.body) == ("POST", {"order": 17})
    sent = {name: asked.headers.get(name) for name in ("authorization", "idempotency-key", "content-type")}
    assert sent == {
        "authorization": f"Bearer {SECRET}",
        "idempotency-key": "call-1",
        "content-type": "application/json",
    }
    who = {name: value for name, value in asked.headers.items() if name.startswith("x-havana-")}
    assert who == {
        "x-havana-site": "demo",
        "x-havana-visitor": "visitor-1",
        "x-havana-conversation": "conversation-1",
    }


async def test_with_get_they_are_the_query_and_an_address_keeps_its_own(shop: Shop, http: HttpTools):
    arguments = {"order": "a&b", "of": ["x", "y"], "deep": {"a": True}, "new": False}
    await http.call(tool(shop.url("/track?shop=2"), method="GET", changes=False), arguments, ON_BEHALF)
    await http.call(tool(shop.url("/track?shop=2"), method="GET", changes=False), {}, ON_BEHALF)

    query = "/track?shop=2&order=a%26b&of=x&of=y&deep=%7B%22a%22%3A+true%7D&new=false"
    assert [asked.path.replace("%20", "+") for asked in shop.requests] == [query, "/track?shop=2"]
    assert shop.requests[0].body is None


@pytest.mark.parametrize(
    ("path", "outcome", "says"),
    [
        ("/unknown-order", "failed", 'refused it (HTTP 404). {"error": "no such order"}'),
        ("/redirect/301/track", "unknown", "redirect (HTTP 301), which is not followed"),
        ("/redirect/302/track", "unknown", "redirect (HTTP 302), which is not followed"),
        ("/redirect/303/track", "unknown", "redirect (HTTP 303), which is not followed"),
        ("/redirect/307/track", "failed", "redirect (HTTP 307), which is not followed"),
        ("/redirect/308/track", "failed", "redirect (HTTP 308), which is not followed"),
        ("/broken", "unknown", "HTTP 500"),
        ("/slow", "unknown", "did not answer within 0.3 s"),
        ("/cut", "unknown", "connection to its server broke"),
        ("/big", "done", "too large"),
        ("/packed", "done", "too large"),
        ("/picture", "done", "no text"),
    ],
)
async def test_what_comes_of_a_call_that_changes_something(
    shop: Shop, http: HttpTools, path: str, outcome: str, says: str
):
    found = await http.call(tool(shop.url(path), **hurried(path)), {}, ON_BEHALF)

    assert found.outcome == outcome
    assert says in found.text
    assert [asked.path for asked in shop.requests] == [path]


@pytest.mark.parametrize("where", [name for name in LOCATIONS if name != "track"])
async def test_wherever_a_redirect_leads_it_is_called_one(shop: Shop, http: HttpTools, where: str):
    for status, outcome in ((303, "unknown"), (308, "failed")):
        found = await http.call(tool(shop.url(f"/redirect/{status}/{where}")), {}, ON_BEHALF)

        said = f"Its server answered with a redirect (HTTP {status}), which is not followed."
        assert found == Outcome(outcome, said)


@pytest.mark.parametrize("path", ["/broken", "/slow", "/cut", "/big", "/packed", "/picture", "/redirect/303/track"])
async def test_what_only_reads_has_failed_whenever_it_was_not_done(shop: Shop, http: HttpTools, path: str):
    found = await http.call(tool(shop.url(path), changes=False, **hurried(path)), {}, ON_BEHALF)

    assert found.outcome == "failed"
    assert "stack trace" not in found.text


async def test_a_server_that_is_not_there_was_asked_for_nothing(http: HttpTools):
    found = await http.call(tool("http://127.0.0.1:1/"), {}, ON_BEHALF)

    assert found == Outcome("failed", "Its server could not be reached.")


async def test_missing_credentials_are_said_without_their_name(shop: Shop, http: HttpTools):
    found = await http.call(tool(shop.url("/cancel"), secret="TOOL_OTHER"), {}, ON_BEHALF)

    assert found == Outcome("failed", "Its credentials are not set on the server.")
    assert shop.requests == []


async def test_a_secret_that_the_other_side_repeats_is_kept_nowhere(shop: Shop, http: HttpTools):
    found = await http.call(tool(shop.url("/echo"), secret="TOOL_SHOP"), {}, ON_BEHALF)

    assert "Bearer [secret]" in found.text
    assert SECRET not in found.text


async def test_a_cookie_does_not_go_out_with_somebody_elses_call(shop: Shop, http: HttpTools):
    for _ in range(2):
        await http.call(tool(shop.url("/cookie")), {}, ON_BEHALF)

    assert ["cookie" in asked.headers for asked in shop.requests] == [False, False]


async def test_of_a_long_answer_the_beginning_is_kept(shop: Shop, http: HttpTools):
    found = await http.call(tool(shop.url("/long")), {}, ON_BEHALF)

    assert found.text == "x" * 4000 + " … (cut)"
