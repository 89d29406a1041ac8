"""Real handshakes: with a real server, through proxies that are set up wrongly, and with others' servers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.ports import free_port
from tests.stories.house import a_house

from havana.doctor import web
from havana.doctor.findings import Finding
from havana.doctor.reaching import Answer, public_url, readiness, web_sockets

Change = Callable[[bytes], bytes]


async def reached(url: str) -> Finding:
    return public_url(url, await asyncio.to_thread(web.get, f"{url}/healthz"))


async def shaken(url: str, public: str | None = None) -> Finding:
    return web_sockets(url, await asyncio.to_thread(web.shake_hands, url), public)


@asynccontextmanager
async def listening(serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]) -> AsyncIterator[str]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)  # type: ignore[arg-type]
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def proxy(url: str, change: Change, *, silent: bool = False):
    """Passes on what it gets, the head of the request changed; if silent, nothing after the answer's head."""
    host, port = url.removeprefix("http://").split(":")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(host, int(port))
        head = await reader.readuntil(b"\r\n\r\n")
        inner_writer.write(change(head))
        writer.write(await inner_reader.readuntil(b"\r\n\r\n"))
        ways = [(reader, inner_writer), (inner_reader, writer)]
        with suppress(ConnectionError):
            await asyncio.gather(*(_pour(origin, None if silent else target) for origin, target in ways))
        for end in (inner_writer, writer):
            end.close()

    return serve


async def _pour(origin: asyncio.StreamReader, target: asyncio.StreamWriter | None) -> None:
    while data := await origin.read(65536):
        if target is not None:
            target.write(data)
    if target is not None:
        target.close()


def without(header: str) -> Change:
    return lambda head: b"\r\n".join(
        line for line in head.split(b"\r\n") if not line.lower().startswith(header.lower().encode() + b":")
    )


def answers(status: str, body: str = "", *headers: str):
    """Another program that says the same to everybody."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", body]
        writer.write("\r\n".join(lines).encode())
        writer.close()

    return serve


async def test_a_server_that_is_reached_as_it_should_be_is_well(tmp_path: Path):
    async with a_house(tmp_path) as house:
        ready = readiness(await asyncio.to_thread(web.get, f"{house.url}/readyz"))

        assert await reached(house.url) == Finding("ok", "public URL", f"{house.url} leads to a Havana")
        assert ready == Finding("ok", "readiness", "messages can be stored")
        assert await shaken(house.url) == Finding("ok", "WebSockets", "pass in both directions")


@pytest.mark.parametrize(
    ("change", "said", "advice"),
    [
        (without("Upgrade"), "arrives as an ordinary one (426)", "proxy_set_header Upgrade"),
        (without("Connection"), "arrives as an ordinary one", "proxy_set_header Connection"),
        (without("Sec-WebSocket-Protocol"), "the subprotocol is lost on the way (400)", "Sec-WebSocket-Protocol"),
        (lambda head: head.replace(b"Host: ", b"Host: inner."), "does not know that this is its address (403)", "Host"),
    ],
)
async def test_a_proxy_that_loses_a_header_is_told_which(tmp_path: Path, change: Change, said: str, advice: str):
    async with a_house(tmp_path) as house, listening(proxy(house.url, change)) as url:
        found = await shaken(url)

    assert found.level == "problem"
    assert said in found.text
    assert advice in found.advice


async def test_a_server_that_is_public_elsewhere_says_where(tmp_path: Path):
    async with a_house(tmp_path, public_url="https://chat.example.com") as house:
        found = await shaken(house.url, "https://chat.example.com")

    assert found.text == "only pages of https://chat.example.com are let in (403)"
    assert found.advice == f"Open the chat there, or set HAVANA_PUBLIC_URL={house.url}"


async def test_a_proxy_through_which_nothing_passes_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web, "PATIENCE_S", 3.0)
    async with a_house(tmp_path) as house, listening(proxy(house.url, bytes, silent=True)) as url:
        found = await shaken(url)

    assert found.text == "a connection opens, but nothing passes through it"


@pytest.mark.parametrize(
    ("status", "page", "live"),
    [
        (
            "502 Bad Gateway",
            "the proxy does not reach the server (502)",
            "does not reach the server, or not for this (502)",
        ),
        ("504 Gateway Timeout", "the proxy does not reach the server (504)", "not for this (504)"),
        ("200 OK", "is answered by something else (200)", "arrives as an ordinary one (200)"),
        ("404 Not Found", "is answered by something else (404)", "/live leads elsewhere (404)"),
        ("403 Forbidden", "is answered by something else (403)", "something before the server refuses them (403)"),
        ("418 I'm a teapot", "is answered by something else (418)", "an answer that none expects (418)"),
    ],
)
async def test_what_another_program_answers_is_a_problem_with_its_number(status: str, page: str, live: str):
    async with listening(answers(status, "<html>")) as url:
        found = await reached(url), await shaken(url)

    assert [finding.level for finding in found] == ["problem", "problem"]
    assert page in found[0].text
    assert live in found[1].text
    assert all(finding.advice for finding in found)


async def test_a_redirection_is_not_followed_but_told():
    async with listening(answers("301 Moved Permanently", "", "Location: https://www.example.com/")) as url:
        found = await reached(url)

    assert found.text == f"{url} redirects to https://www.example.com/ (301)"


async def test_an_address_without_a_server_or_without_tls_says_so():
    nobody = f"http://127.0.0.1:{free_port()}"
    async with listening(answers("200 OK")) as url:
        encrypted = url.replace("http", "https")
        found = await reached(encrypted)

    assert (await reached(nobody)).text == f"{nobody}: nothing listens there"
    assert found.text == f"{encrypted}: no TLS is spoken there"


def test_a_server_that_cannot_store_is_a_problem_in_its_own_words():
    body = '{"error": {"code": "busy", "message": "The server cannot store anything right now."}}'

    found = readiness(Answer(503, body))

    assert (found.level, found.text) == (
        "problem",
        "the server is not ready: The server cannot store anything right now.",
    )


def test_words_that_travel_in_the_clear_are_a_warning_unless_they_stay_on_the_machine():
    ours = Answer(200, '{"status":"ok","service":"havana"}')

    assert public_url("http://chat.example.com", ours).level == "warning"
    assert public_url("http://localhost:8000", ours).level == "ok"
    assert public_url("https://chat.example.com", ours).level == "ok"
