"""REST under fuzzing: every route, with anything in its path, query, headers and body. No 500, no hang."""

import asyncio
import string
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.house import PASSWORD, PATIENCE_S

from havana.api.errors import STATUS
from havana.api.routes import ROUTES
from havana.chat.commands import COMMANDS
from havana.chat.wire import ErrorCode

from . import odd
from .odd import examples
from .watched import Watched, a_watched_house, nothing_goes_wrong

pytestmark = pytest.mark.slow


class Stage(NamedTuple):
    runner: asyncio.Runner
    watched: Watched
    headers: dict[str, dict[str, str]]
    """By who asks: a visitor, an agent (with the own Origin), nobody, and one with a wrong token."""
    ids: list[str]
    agent: str


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        house = a_watched_house(tmp_path_factory.mktemp("house"))
        watched = runner.run(house.__aenter__())
        try:
            yield runner.run(prepared(runner, watched))
        finally:
            runner.run(house.__aexit__(None, None, None))


async def prepared(runner: asyncio.Runner, watched: Watched) -> Stage:
    house = watched.house
    mine, ana = await house.visitor(), await house.agent("Ana")
    theirs = await watched.bystander.post("Theirs")
    ids = [(await mine.post("Mine"))["conversation"], theirs["conversation"], mine.welcome["you"]["id"]]
    await mine.leave()
    await ana.leave()
    signed_in = await house.http.post("/api/session", json={"email": "ana@example.com", "password": PASSWORD})
    cookie = "; ".join(f"{name}={value}" for name, value in signed_in.cookies.items())
    house.http.cookies.clear()
    headers = {
        "visitor": {"Authorization": f"Bearer {mine.token}"},
        "agent": {"Cookie": cookie, "Origin": house.url},
        "nobody": {},
        "stranger": {"Authorization": "Bearer nonsense", "Cookie": "havana=nonsense"},
    }
    await watched.settles()
    return Stage(runner, watched, headers, ids, ana.welcome["you"]["id"])


@pytest.fixture
def stage(opened: Stage) -> Iterator[Stage]:
    with nothing_goes_wrong():
        yield opened
        opened.runner.run(opened.watched.settles())


def routes() -> list[tuple[str, str]]:
    """Every method and path of `api/routes.py`, apart from signing out, which would leave nobody to ask."""
    every = [(method, path) for route in ROUTES for path in route.paths for method in route.http_methods]
    return sorted({(str(m), p) for m, p in every if (str(m), p) != ("DELETE", "/api/session")})


async def asks(stage: Stage, method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    async with asyncio.timeout(PATIENCE_S):
        answer = await stage.watched.house.http.request(method, url, headers=headers, content=body)
    assert answer.status_code < 500, (method, url, headers, body, answer.text)
    if answer.status_code >= 400:
        error = answer.json()["error"]
        assert error.keys() == {"code", "message", "retry_ms", "state"}
        assert error["code"] in get_args(ErrorCode)
        assert error["message"]


def bodies(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[bytes]:
    command = st.sampled_from(sorted(COMMANDS)).flatmap(lambda do: odd.fields_of(COMMANDS[do], known))
    sound = st.one_of(command, odd.ODD, st.fixed_dictionaries({"site": odd.ODD, "token": odd.ODD}))
    text = sound.map(odd.written)
    return st.one_of(
        st.just(b""),
        text.map(str.encode),
        text.map(lambda whole: whole[:2000]).flatmap(odd.damaged).map(lambda torn: torn.encode("utf-8", "replace")),
        st.binary(max_size=60),
    )


def test_whatever_is_asked_is_answered_and_never_with_an_error_of_ours(stage: Stage):
    known = odd.plausible(stage.ids, stage.agent)
    anything = st.one_of(st.text(max_size=20), st.integers().map(str), st.sampled_from([*stage.ids, odd.NOWHERE, "%"]))
    words = st.sampled_from(["before", "after", "until", "limit", "control", "agent", "site", "cursor", "odd"])
    query = st.lists(st.tuples(words, anything), max_size=3)
    content = st.sampled_from(["application/json", "application/json; charset=x", "text/plain", "multipart/form-data"])

    @examples(400)
    @given(st.sampled_from(routes()), st.sampled_from(sorted(stage.headers)), query, content, bodies(known), st.data())
    def fuzz(
        route: tuple[str, str], who: str, query: list[tuple[str, str]], kind: str, body: bytes, data: st.DataObject
    ) -> None:
        method, path = route
        for name in [name for _, name, _, _ in string.Formatter().parse(path) if name]:
            likely = sorted(COMMANDS) if name == "command" else stage.ids
            path = path.replace(f"{{{name}}}", "{}").replace("{}", _segment(data, likely, anything), 1)
        url = path + ("?" + urlencode(query, errors="replace") if query else "")
        headers = stage.headers[who] | {"Content-Type": kind}
        stage.runner.run(asks(stage, method, url, headers, body))

    fuzz()
    stage.runner.run(stage.watched.serves())


def _segment(data: st.DataObject, likely: list[str], anything: st.SearchStrategy[str]) -> str:
    drawn = data.draw(st.one_of(st.sampled_from(likely), st.sampled_from(likely), anything))
    return quote(drawn, safe="", errors="replace")


def test_every_code_of_an_error_has_its_status():
    assert STATUS.keys() == set(get_args(ErrorCode))
