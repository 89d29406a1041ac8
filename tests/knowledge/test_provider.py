"""A provider's embeddings over real HTTP, from a server that speaks OpenAI's format."""

import asyncio
import base64
import json
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.knowledge.web import HERE

from havana.cli import run
from havana.knowledge import ingest, meaning
from havana.knowledge.meaning import Meaning
from havana.knowledge.model import NotLearnt
from havana.knowledge.provider import Provider
from havana.knowledge.search import Knowledge
from havana.storage import vectors
from havana.storage.database import Database

NAME = "openai:small"
MEALS = "# Canteen\n\nLunch is served from noon to two.\n"
PARKING = "# Parking\n\nLeave your car behind the workshop, free of charge.\n"
ABOUT = {"lunch": 0, "eat": 0, "canteen": 0, "car": 1, "vehicles": 1, "parking": 1}


def means(text: str) -> list[float]:
    """Not of length 1, as some servers have them."""
    vector = [0.0, 0.0, 0.1]
    for word, place in ABOUT.items():
        vector[place] += 2.0 * (word in text.lower())
    return vector


class Embeddings:
    """`status` and `silent` are its faults; `asked` is what it was asked, `answers` overrides what it says."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.status = 200
        self.answers: list[list[float]] | None = None
        self.silent = False
        self.ended = threading.Event()
        self.url = ""

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        made = self.answers if self.answers is not None else [means(text) for text in asked["input"]]
        if asked.get("encoding_format") == "base64":
            shown: list[Any] = [base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode() for row in made]
        else:
            shown = list(made)
        data = [{"object": "embedding", "index": number, "embedding": row} for number, row in enumerate(shown)]
        return {
            "object": "list",
            "data": data,
            "model": asked["model"],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }


@pytest.fixture
def server() -> Iterator[Embeddings]:
    server = Embeddings()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(asked)
            server.keys.append(self.headers["Authorization"])
            if server.silent:
                server.ended.wait(30)
            body = json.dumps(server.answer(asked) if server.status == 200 else {"error": {"message": "sk-secret"}})
            self.send_response(server.status if self.path == "/v1/embeddings" else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that has gone is no news."""

    listening = Server((HERE, 0), Handler)
    server.url = f"http://{HERE}:{listening.server_port}/v1"
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.ended.set()
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def model(server: Embeddings) -> Iterator[Provider]:
    model = Provider(NAME, "sk-secret", server.url)
    yield model
    model.close()


def test_each_text_is_a_vector_of_length_1(model: Provider, server: Embeddings) -> None:
    made = model.vectors(["Lunch", "cars", "x" * 20_000])

    assert made.dtype == np.dtype("<f4")
    assert np.allclose(np.linalg.norm(made, axis=1), 1)
    assert (server.asked[0]["model"], [len(text) for text in server.asked[0]["input"]]) == ("small", [5, 4, 8000])
    assert server.keys == ["Bearer sk-secret"]


async def test_articles_are_found_by_what_a_provider_says_they_mean(
    database: Database, site: str, model: Provider
) -> None:
    for path, text in (("meals", MEALS), ("parking", PARKING)):
        database.write_now(lambda conn, path=path, text=text: ingest.put(conn, site, path, text))
    meaning.learn(database, model)
    meant = Meaning(database, model)

    assert (await Knowledge(database, meant).search(site, "Can I eat something?"))[0].title == "Canteen"
    assert (await Knowledge(database, meant).search(site, "Any space for vehicles?"))[0].title == "Parking"
    await meant.close()


async def test_another_model_learns_everything_anew(database: Database, site: str, model: Provider) -> None:
    database.write_now(lambda conn: ingest.put(conn, site, "meals", MEALS))
    (row, _), *_ = database.read_now(lambda conn: vectors.missing(conn, "an older model", 100))
    database.write_now(lambda conn: vectors.store(conn, "an older model", [(row, b"of another length")]))
    meaning.learn(database, model)

    assert database.read_now(lambda conn: vectors.missing(conn, NAME, 100)) == []
    assert database.read_now(lambda conn: vectors.of_site(conn, site, "an older model")) == []


@pytest.mark.parametrize("status", [401, 404])
async def test_with_a_provider_that_fails_articles_are_found_by_their_words(
    database: Database, site: str, model: Provider, server: Embeddings, status: int
) -> None:
    database.write_now(lambda conn: ingest.put(conn, site, "meals", MEALS))
    meaning.learn(database, model)
    server.status = status
    meant = Meaning(database, model)

    assert [found.title for found in await Knowledge(database, meant).search(site, "When is lunch?")] == ["Canteen"]
    await meant.close()


def test_after_a_failure_questions_do_not_wait_for_it_for_a_while(server: Embeddings) -> None:
    seconds = iter([0.0, 0.0, 29.0, 31.0])
    model = Provider(NAME, "sk-secret", server.url, lambda: next(seconds))
    server.status = 404
    with pytest.raises(NotLearnt, match="openai:small: it answers 404"):
        model.question("Lunch?")
    with pytest.raises(NotLearnt, match="did not answer a moment ago"):
        model.question("Lunch?")
    assert len(server.asked) == 1
    server.status = 200

    assert model.question("Lunch?").shape == (3,)
    model.close()


def test_a_provider_that_is_silent_is_not_waited_for(
    model: Provider, server: Embeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.question("So that everything is open.")
    monkeypatch.setattr("havana.knowledge.provider.QUESTION_S", 0.2)
    server.silent = True

    with pytest.raises(NotLearnt, match=r"openai:small takes longer than 0\.2 seconds"):
        model.question("Lunch?")


@pytest.mark.parametrize("answers", [[], [[1.0]], [[1.0], [1.0, 2.0]], [[0.0], [1.0]], [[float("nan")], [1.0]]])
def test_an_answer_that_is_no_vector_for_each_text_is_none(
    model: Provider, server: Embeddings, answers: list[list[float]]
) -> None:
    server.answers = answers

    with pytest.raises(NotLearnt):
        model.vectors(["one", "two"])


def test_a_provider_that_the_library_does_not_know_is_named() -> None:
    model = Provider("nobody:small", None, None)

    with pytest.raises(NotLearnt, match="nobody"):
        model.vectors(["one"])


async def test_what_could_not_be_learnt_is_learnt_when_it_is_tried_again(
    database: Database, site: str, model: Provider, server: Embeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "AGAIN_S", 0.0)
    database.write_now(lambda conn: ingest.put(conn, site, "meals", MEALS))
    server.status = 404
    meant = Meaning(database, model)
    async with asyncio.timeout(30):
        await meant.asked(site, "Can I eat something?")
        while not server.asked:
            await asyncio.sleep(0)
        server.status = 200
        while await meant.asked(site, "Can I eat something?") is None:
            pass

    assert database.read_now(lambda conn: vectors.missing(conn, NAME, 100)) == []
    await meant.close()


def test_the_setting_says_whose_model_it_is(
    tmp_path: Path, server: Embeddings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "meals.md").write_text(MEALS)
    monkeypatch.setenv("HAVANA_EMBEDDINGS", NAME)
    command = ["knowledge", "add", str(tmp_path / "meals.md"), "--data", str(tmp_path / "data")]
    assert run(command) == 2
    assert capsys.readouterr().err == "havana: HAVANA_EMBEDDINGS: the model openai:small needs an API key.\n"
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert run(command) == 0
    assert [asked["model"] for asked in server.asked] == ["small"]
    (tmp_path / "meals.md").write_text(PARKING)
    server.status = 401
    assert run(command) == 0

    said = capsys.readouterr().err
    assert said == (
        "havana: what articles mean cannot be learnt: openai:small: it answers 401. They are found by their words.\n"
    )


def test_without_embeddings_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert meaning.open_model("off", "sk-secret", None) is None
    assert meaning.open_model(None, None, None) is not None
