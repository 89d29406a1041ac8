"""Havana with answers that no model writes, 25 words a second each: what streaming costs without a model's client.

    python bench/streaming.py responder|bus --data FOLDER

- responder: the words come from within the process, and all else is as ever: jobs, the responder, stored drafts.
- bus: the words appear on the bus. The live side alone.
"""

import argparse
import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from unittest import mock

import uvicorn

import ticking
from havana import app as composition
from havana.assistant.interface import Prompt, Tool
from havana.assistant.responder import Parts
from havana.bus import Delta, conversation_topic
from havana.cli.serve import server_config
from havana.config import Settings
from havana.ids import new_id
from havana.storage.jobs import Job

WORDS = 750
"""Of one answer: as in `model.py`, half a minute."""


class Talkative:
    """In the place of a model."""

    name = "bench"

    async def answer(self, _prompt: Prompt, _tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        began = time.perf_counter()
        for number in range(WORDS):
            await asyncio.sleep(max(0.0, began + number * ticking.EVERY_S - time.perf_counter()))
            yield ticking.word()


class Stream:
    """An open answer, and how much of it was said."""

    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        self.answer = new_id()
        self.offset = 0


class Streaming:
    """In the place of the responder: opens the answer, and from then on words come."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._slots: list[list[Stream]] = [[] for _ in range(ticking.SLOTS)]
        self._begun = 0
        self._ticking: asyncio.Task[None] | None = None

    async def answer(self, job: Job) -> None:
        stream = Stream(job.subject)
        await self._parts.desk.perform(job.subject, lambda c: c.start_answer(stream.answer))
        self._slots[self._begun % ticking.SLOTS].append(stream)
        self._begun += 1
        if self._ticking is None:
            self._ticking = asyncio.create_task(ticking.tick(self._say))

    def _say(self, slot: int) -> None:
        for stream in self._slots[slot]:
            word = ticking.word()
            delta = Delta(stream.conversation, stream.answer, stream.offset, word)
            stream.offset += len(word)
            self._parts.bus.publish(conversation_topic(stream.conversation), delta)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("responder", "bus"))
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    settings = Settings(data=options.data, rate_limits=False)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    replaced = {"_model": lambda _: Talkative()} if options.what == "responder" else {"Responder": Streaming}
    with mock.patch.multiple(composition, **replaced):
        app = composition.build(settings)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
    uvicorn.Server(server_config(app)).run(sockets=[listening])


if __name__ == "__main__":
    main()
