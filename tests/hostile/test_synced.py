"""That the disk has a message before its writer hears so, as the kernel saw it.

A killed process does not prove this: what it wrote is in the kernel's hands. A machine that loses its power keeps
only what was synced. So the system calls of a real server are recorded, in their order.
"""

import asyncio
import codecs
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.ports import free_port
from tests.stories.house import PATIENCE_S, Frame, Person
from tests.stories.test_restart import arrives, serving

from havana.storage.sqlite import FILE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
POSTS = 12
FRAME_HEAD = 24
"""Bytes before each page in SQLite's log; its bytes 4 to 8 are not zero in the last frame of a transaction."""
CALLS = "fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg"


LOG = f"{FILE}-wal>"
SOCKET = re.compile(r"\d+<(TCP|socket)")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Step(NamedTuple):
    """What the server did: `logged` bytes, `synced` the log, or `sent` bytes to somebody."""

    did: str
    data: bytes = b""


class Written(NamedTuple):
    text: bytes
    acknowledgement: bytes


async def test_a_message_is_on_the_disk_before_anybody_hears_of_it(tmp_path: Path, strace: str):
    data, trace, port = tmp_path / "data", tmp_path / "trace", free_port()
    # -D: the recorded process stays the child of this one, to be stopped like any other.
    recorded = (strace, "-D", "-f", "-y", "-s", "8000", "-e", f"trace={CALLS}", "-e", "signal=term", "-o", str(trace))
    async with serving(data, port, under=recorded) as server:
        visitor = await arrives(port)
        other = await Person.hello(f"http://127.0.0.1:{port}", visitor.token)
        marks = [f"mark-{number:03}-{visitor.welcome['session']}" for number in range(POSTS)]
        said = [await visitor.post(marks[0])]
        said += await asyncio.gather(*(visitor.post(mark, said[0]["conversation"]) for mark in marks[1:]))
        for mark in marks:
            await other.sees(lambda frame, mark=mark: frame.get("event", {}).get("text") == mark)
        await visitor.leave()
        await other.leave()
        server.terminate()
        await server.wait()
        steps = read_steps(await _whole(trace, server.pid))
    written = [Written(mark.encode(), _acknowledgement(one)) for mark, one in zip(marks, said, strict=True)]

    assert [told_too_early(steps, one) for one in written] == [None] * POSTS
    # A server that never syncs would not have passed, nor one that does it just after it spoke.
    never = [step for step in steps if step.did != "synced"]
    assert all(told_too_early(never, one) for one in written)
    assert any(told_too_early(_with_late_syncs(steps), one) for one in written)


@pytest.fixture(scope="session")
def strace() -> str:
    """The path of an strace. The test fails where there is none."""
    found = subprocess.run([ROOT / "scripts" / "find-packaged", "strace"], check=False, capture_output=True, text=True)
    if found.returncode:
        pytest.fail(found.stderr.strip().splitlines()[-1], pytrace=False)
    return found.stdout.strip()


def told_too_early(steps: list[Step], message: Written) -> str | None:
    """What is wrong with the order in which a message was logged, synced, and sent to anybody; None if nothing is."""

    def first(wanted: Callable[[int], bool], after: int = -1) -> int | None:
        return next((at for at in range(after + 1, len(steps)) if wanted(at)), None)

    logged = first(lambda at: steps[at].did == "logged" and message.text in steps[at].data)
    told = first(lambda at: steps[at].did == "sent" and message.text in steps[at].data)
    acknowledged = first(lambda at: steps[at].did == "sent" and message.acknowledgement in steps[at].data)
    if logged is None or told is None or acknowledged is None:
        return f"not seen at all: {message}: logged {logged}, told {told}, acknowledged {acknowledged}"
    # Its page comes after a head of its own, which may be the one that commits.
    head = max(at for at in range(logged) if len(steps[at].data) == FRAME_HEAD)
    committed = first(lambda at: _commits(steps[at]), head - 1)
    synced = None if committed is None else first(lambda at: steps[at].did == "synced", committed)
    if synced is None or min(told, acknowledged) < synced:
        return f"{message}: logged {logged}, synced {synced}, told {told}, acknowledged {acknowledged}"
    return None


def _commits(step: Step) -> bool:
    """Whether this is the head of the last frame of a transaction; its page follows."""
    return step.did == "logged" and len(step.data) == FRAME_HEAD and step.data[4:8] != bytes(4)


def _acknowledgement(said: Frame) -> bytes:
    place = {name: said[name] for name in ("conversation", "log", "seq")}
    return b'"ok":' + json.dumps(place, separators=(",", ":")).encode()[:-1] + b","


def _with_late_syncs(steps: list[Step]) -> list[Step]:
    """The same story, told by a server that syncs after the next thing it says."""
    told: list[Step] = []
    held: list[Step] = []
    for step in steps:
        if step.did == "synced":
            held.append(step)
            continue
        told.append(step)
        if step.did == "sent":
            told += held
            held.clear()
    return told


async def _whole(trace: Path, pid: int) -> str:
    """The record, once strace has seen the end of the process."""
    end = re.compile(rf"^{pid} +\+\+\+ ", re.MULTILINE)
    async with asyncio.timeout(PATIENCE_S):
        while not end.search(text := await asyncio.to_thread(trace.read_text)):
            await asyncio.sleep(0.01)
    return text


def read_steps(trace: str) -> list[Step]:
    """What of the record matters, in order: a write counts from its beginning, a sync from its end."""
    steps: list[Step] = []
    syncing: set[str] = set()
    for line in trace.splitlines():
        pid, _, call = line.partition(" ")
        name, _, arguments = call.strip().partition("(")
        if name in ("fdatasync", "fsync") and LOG in arguments:
            if "unfinished" in arguments:
                syncing.add(pid)
            elif arguments.endswith("= 0"):
                steps.append(Step("synced"))
        elif "sync resumed>" in call and pid in syncing:
            syncing.discard(pid)
            if call.endswith("= 0"):
                steps.append(Step("synced"))
        elif name == "pwrite64" and LOG in arguments:
            steps.append(Step("logged", _data(arguments)))
        elif name in ("write", "writev", "sendto", "sendmsg") and SOCKET.match(arguments):
            steps.append(Step("sent", _data(arguments)))
    return steps


def _data(arguments: str) -> bytes:
    """All strings of a call, as strace escapes them, one after the other."""
    data = b"".join(codecs.escape_decode(text)[0] for text in STRING.findall(arguments))
    return bytes(data)
