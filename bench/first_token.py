"""Measures what Havana adds before a model's first token reaches the visitor.

    python bench/first_token.py [--answers 300] [--visitors 1 16]

A real `havana serve`, a model that a script plays over HTTP (Chat Completions), and visitors on the live channel. Of
each answer two times are taken, both by the clock of this process, which plays the model and the visitors:

- asked: from the visitor's post until the model's server has the whole request. Storing the message, the job, the
  prompt and the model's client lie in between.
- shown: from the model's first token until the visitor's socket has it. Reading the stream, the stored draft and
  the live channel lie in between.

Their sum is what Havana adds: the model thinks between the two. Each visitor asks ten times, a moment after the answer
before has ended, and another one comes; of several at once the answers overlap.
"""

import argparse
import asyncio
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import httpx
import msgspec
import uvloop

from dialects import Chat
from havana.ids import new_id
from serving import machine, pinned, serving

SERVER_CORE, OWN_CORE = 0, 1
THINKS_S = 0.05
"""Between the request and the first token, so that whatever the post has set off is over."""
READS_S = 0.05
"""Between an answer and the next question. Nobody writes within the millisecond in which the answer's job is filed."""
WARM_UP = 20
QUESTIONS = 10
"""Of one conversation."""
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
CHUNK = '{"id":"c1","object":"chat.completion.chunk","created":1,"model":"bench","choices":[{"index":0,%s}]}'
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
QUESTION = re.compile(rb"question (\d+)")
CONVERSATION = re.compile(rb'"conversation":"([^"]+)"')
WORD = re.compile(rb'"push":"delta".*word(\d+)')


class Times(msgspec.Struct):
    """Of one answer, on the clock of `time.perf_counter`."""

    posted: float = 0
    arrived: float = 0
    spoken: float = 0
    shown: float = 0


class Model(asyncio.Protocol):
    """One connection of Havana's to the model; a request asks `question N`, and its answer is `wordN` and an end."""

    def __init__(self, times: list[Times]) -> None:
        self._times = times
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not end or len(body) < (int(length[1]) if length else 0):
            return
        number = int(QUESTION.findall(body)[-1])
        self._times[number].arrived = time.perf_counter()
        self._received = b""
        asyncio.get_running_loop().call_later(THINKS_S, self._say, number)

    def _say(self, number: int) -> None:
        self._times[number].spoken = time.perf_counter()
        self._transport.write(HEAD + _event(CHUNK % f'"delta":{{"content":"word{number}"}},"finish_reason":null'))
        end = _event(CHUNK % '"delta":{},"finish_reason":"stop"') + _event("[DONE]")
        self._transport.write(end + b"0\r\n\r\n")


async def visitors(chat: Chat, browser: httpx.AsyncClient, numbers: Sequence[int], times: list[Times]) -> None:
    """One after the other, each with as many questions as a conversation has."""
    for start in range(0, len(numbers), QUESTIONS):
        arrived = await browser.post("/api/visitors", json={"site": "default"})
        await visitor(chat, arrived.raise_for_status().json()["token"], numbers[start : start + QUESTIONS], times)


async def visitor(chat: Chat, token: str, numbers: Sequence[int], times: list[Times]) -> None:
    client = await chat.hello(token)
    place: dict[str, str] = {}
    for frame, number in enumerate(numbers, 2):
        asked = {"key": new_id(), "text": f"Will it rain? This is question {number}."}
        post = {"id": frame, "do": "post", **asked, **place}
        ended = asyncio.get_running_loop().create_future()

        def take(line: bytes, number: int = number, ended: asyncio.Future[None] = ended) -> None:
            if not times[number].shown and (word := WORD.search(line)) and int(word[1]) == number:
                times[number].shown = time.perf_counter()
            if not place and (begun := CONVERSATION.search(line)):
                # As the page does: from its first acknowledgement on it says where it writes.
                place["conversation"] = begun[1].decode()
            if b'"kind":"answer_finished"' in line and not ended.done():
                ended.set_result(None)

        client.take = take
        times[number].posted = time.perf_counter()
        client.send(msgspec.json.encode(post))
        await ended
        await asyncio.sleep(READS_S)
    client.leave()


async def measure(folder: Path, at_once: int, answers: int) -> list[Times]:
    times = [Times() for _ in range(at_once * answers)]
    model = await asyncio.get_running_loop().create_server(lambda: Model(times), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{model.sockets[0].getsockname()[1]}/v1"
    settings = {"HAVANA_MODEL": "openai:bench", "OPENAI_BASE_URL": address, "HAVANA_RATE_LIMITS": "off"}
    with serving(folder, core=SERVER_CORE, **settings) as server:
        chat = Chat(server.url)
        async with httpx.AsyncClient(base_url=server.url) as browser:
            shares = [range(one * answers, (one + 1) * answers) for one in range(at_once)]
            await asyncio.gather(*(visitors(chat, browser, share, times) for share in shares))
    model.close()
    return [one for share in shares for one in times[share.start + WARM_UP : share.stop]]


def line(name: str, seconds: Sequence[float]) -> str:
    parts = statistics.quantiles(seconds, n=100)
    return f"{name:8}" + "".join(f"{1000 * parts[share - 1]:9.1f} ms" for share in (10, 50, 95))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=300, help="of each that is at once")
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 16], help="at once")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="havana-bench-") as folder, pinned(OWN_CORE):
        for at_once in options.visitors:
            times = await measure(Path(folder) / f"data-{at_once}", at_once, options.answers)
            print(f"\n{at_once} at once, {len(times)} answers{'p10':>6}{'p50':>12}{'p95':>12}")
            print(line("asked", [one.arrived - one.posted for one in times]))
            print(line("shown", [one.shown - one.spoken for one in times]))
            print(line("added", [one.arrived - one.posted + one.shown - one.spoken for one in times]))


def _event(data: str) -> bytes:
    event = f"data: {data}\n\n".encode()
    return b"%x\r\n%b\r\n" % (len(event), event)


if __name__ == "__main__":
    uvloop.run(main())
