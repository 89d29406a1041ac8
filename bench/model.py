"""A model that costs next to nothing: speaks Chat Completions over HTTP and streams 25 words a second, for a while.

python bench/model.py [--words 750]
"""

import argparse
import asyncio
import re
from typing import cast

import uvloop

import ticking

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
CHUNK = '{"id":"c1","object":"chat.completion.chunk","created":1,"model":"bench","choices":[{"index":0,%s}]}'
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Streams:
    """Who is being written to, by slot of the clock."""

    def __init__(self, words: int) -> None:
        self.words = words
        self._slots: list[dict[Answering, int]] = [{} for _ in range(ticking.SLOTS)]
        self._begun = 0

    def begin(self, stream: "Answering") -> None:
        self._slots[self._begun % ticking.SLOTS][stream] = self.words
        self._begun += 1

    def drop(self, stream: "Answering") -> None:
        for streams in self._slots:
            streams.pop(stream, None)

    def slot(self, number: int) -> None:
        streams = self._slots[number]
        for stream, left in tuple(streams.items()):
            if left:
                stream.say(ticking.word())
                streams[stream] = left - 1
            else:
                del streams[stream]
                stream.end()


class Answering(asyncio.Protocol):
    """One connection, one request after the other."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if end and len(body) >= (int(length[1]) if length else 0):
            self._received = b""
            self._transport.write(HEAD)
            self._streams.begin(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature is asyncio's
        self._streams.drop(self)

    def say(self, word: str) -> None:
        self._transport.write(_event(CHUNK % f'"delta":{{"content":"{word}"}},"finish_reason":null'))

    def end(self) -> None:
        last = _event(CHUNK % '"delta":{},"finish_reason":"stop"') + _event("[DONE]")
        self._transport.write(last + b"0\r\n\r\n")


def _event(data: str) -> bytes:
    event = f"data: {data}\n\n".encode()
    return b"%x\r\n%b\r\n" % (len(event), event)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=750, help="of one answer")
    streams = Streams(parser.parse_args().words)
    server = await asyncio.get_running_loop().create_server(lambda: Answering(streams), "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    await ticking.tick(streams.slot)


if __name__ == "__main__":
    uvloop.run(main())
