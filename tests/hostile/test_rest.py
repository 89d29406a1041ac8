"""REST under fuzzing: every route, with anything in its path, query, headers and body. No 500, no hang."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args
from unittest import mock
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.house import PATIENCE_S

from havana import reading
from havana.api.errors import STATUS
from havana.api.routes import ROUTES
from havana.chat.commands import COMMANDS
from havana.chat.wire import ErrorCode

from . import canaries, odd
from .canaries import Canaries, found_in
from .odd import examples
from .watched import Watched, a_watched_house, nothing_goes_wrong

pytestmark = pytest.mark.slow

PARAMETER = re.compile(r"\{\w+:\w+\}")
"""As the routes write it: `{conversation:str}`."""


class Stage(NamedTuple):
    runner: asyncio.Runner
    watched: Watched
    headers: dict[str, dict[str, str]]
    """By who asks: a visitor, an agent (with the own Origin), nobody, and one with a wrong token."""
    ids: list[str]
    canaries: Canaries
    agents_heard: set[str]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        house = a_watched_house(tmp_path_factory.mktemp("house"))
        with canaries.dictated():
            watched = runner.run(house.__aenter__())
        try:
            yield runner.run(prepared(runner, watched))
        finally:
            runner.run(house.__aexit__(None, None, None))


async def prepared(runner: asyncio.Runner, watched: Watched) -> Stage:
    house = watched.house
    planted = await canaries.plant(watched)
    headers = {
        "visitor": {"Authorization": f"Bearer {planted.token}"},
        "agent": await canaries.signed_in(house),
        "nobody": {},
        "stranger": {"Authorization": "Bearer nonsense", "Cookie": "havana=nonsense"},
    }
    visitor = watched.bystander.welcome["you"]["id"]
    return Stage(runner, watched, headers, [*planted.conversations, visitor], planted, set())


@pytest.fixture
def stage(opened: Stage) -> Iterator[Stage]:
    with nothing_goes_wrong():
        yield opened
        opened.runner.run(opened.watched.settles())


def routes() -> list[tuple[str, str]]:
    """Every method and path of `api/routes.py`, apart from signing out, which would leave nobody to ask."""
    every = [(method, path) for route in ROUTES for path in route.paths for method in route.http_methods]
    return sorted({(str(m), p) for m, p in every if (str(m), p) != ("DELETE", "/api/session")})


async def asks(stage: Stage, method: str, url: str, who: str, kind: str, body: bytes) -> httpx.Response:
    headers = stage.headers[who] | {"Content-Type": kind}
    async with asyncio.timeout(PATIENCE_S):
        answer = await stage.watched.house.http.request(method, url, headers=headers, content=body)
    assert answer.status_code < 500, (method, url, headers, body, answer.text)
    if answer.status_code >= 400:
        error = answer.json()["error"]
        assert error.keys() - {"problems"} == {"code", "message", "retry_ms", "state"}
        assert error["code"] in get_args(ErrorCode)
        assert error["message"]
    heard = found_in([answer.text, str(answer.headers)])
    if who == "agent":
        stage.agents_heard.update(heard)
    else:
        assert heard == set(), (method, url, who, body, answer.text)
    return answer


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
    known = odd.plausible(stage.ids, stage.canaries.agent)
    anything = st.one_of(st.text(max_size=20), st.integers().map(str), st.sampled_from([*stage.ids, odd.NOWHERE, "%"]))
    names = "before after until limit control agent site cursor odd conversation version text"
    words = st.sampled_from(names.split())
    query = st.just([]) | st.lists(st.tuples(words, anything), max_size=3)
    # What reads comes more often: there are few such routes, and they say the most.
    readers = [route for route in routes() if route[0] == "GET" and "{conversation" in route[1]]
    assert len(readers) == 3
    route = st.sampled_from([*routes(), *4 * readers])
    content = st.sampled_from(["application/json", "application/json; charset=x", "text/plain", "multipart/form-data"])

    @examples(400)
    @given(route, st.sampled_from(sorted(stage.headers)), query, content, bodies(known), st.data())
    def fuzz(
        route: tuple[str, str], who: str, query: list[tuple[str, str]], kind: str, body: bytes, data: st.DataObject
    ) -> None:
        method, path = route
        for named in PARAMETER.findall(path):
            likely = sorted(COMMANDS) if "command" in named else stage.ids
            path = path.replace(named, _segment(data, likely, anything), 1)
        if path == f"/api/visitors/{stage.ids[-1]}/block":
            # An agent may: then nobody would be left to see that others are served.
            return
        url = path + ("?" + urlencode(query, errors="replace") if query else "")
        stage.runner.run(asks(stage, method, url, who, kind, body))

    fuzz()
    stage.runner.run(stage.watched.serves())

    # An agent came across what nobody else did, so it was there to be found.
    assert stage.agents_heard


async def everything_of(stage: Stage, who: str, conversation: str) -> dict[str, httpx.Response]:
    """All that can be asked about one conversation, with sound fields."""
    body = odd.written(canaries.plain(stage.canaries.agent)).encode()
    about = f"/api/conversations/{conversation}"
    asked = [("GET", about), ("GET", f"{about}/events?after=0"), ("GET", f"{about}/events?limit=100")]
    asked += [("POST", f"{about}/{command}") for command in sorted(COMMANDS)]
    return {
        f"{method} {url}": await asks(stage, method, url, who, "application/json", body if method == "POST" else b"")
        for method, url in asked
    }


@pytest.mark.parametrize(("who", "refused"), [("visitor", {403, 404}), ("nobody", {401}), ("stranger", {401})])
def test_nobody_gets_anything_of_a_conversation_that_is_not_theirs(stage: Stage, who: str, refused: set[int]):
    for conversation in (stage.canaries.theirs, stage.canaries.held):
        answers = stage.runner.run(everything_of(stage, who, conversation))

        assert {answer.status_code for answer in answers.values()} <= refused, answers


def test_what_is_for_the_staff_is_not_for_the_visitor_whose_conversation_it_is(stage: Stage):
    answers = stage.runner.run(everything_of(stage, "visitor", stage.canaries.mine))

    assert {200, 403} <= {answer.status_code for answer in answers.values()}


def test_a_reader_whom_nobody_checks_is_found(stage: Stage):
    """That the two above can fail."""
    for conversation in (stage.canaries.theirs, stage.canaries.held):
        with mock.patch.object(reading, "_of", lambda _who, fold: fold), pytest.raises(AssertionError, match="canary"):
            stage.runner.run(everything_of(stage, "visitor", conversation))


def _segment(data: st.DataObject, likely: list[str], anything: st.SearchStrategy[str]) -> str:
    drawn = data.draw(st.one_of(st.sampled_from(likely), st.sampled_from(likely), anything))
    return quote(drawn, safe="", errors="replace")


def test_every_code_of_an_error_has_its_status():
    assert STATUS.keys() == set(get_args(ErrorCode))
