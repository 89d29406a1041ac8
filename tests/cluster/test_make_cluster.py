"""`make cluster`: what it prints can be opened, a node that is killed comes back, and nothing of it stays behind."""

import asyncio
import os
import re
import signal
import socket
import sys
from pathlib import Path

import pytest
from tests.stories.house import Person

from .people import visitor_token

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parent.parent.parent / "scripts" / "cluster.py"


async def says(stream: asyncio.StreamReader, last: str) -> str:
    """What is printed, up to the line that has `last` in it."""
    said = ""
    async with asyncio.timeout(90):
        while last not in said:
            line = await stream.readline()
            assert line, said
            said += line.decode()
    return said


async def test_the_cluster_that_anybody_can_start_survives_a_killed_node_and_ends_without_a_trace(tmp_path: Path):
    command = (sys.executable, str(SCRIPT), "--port", "0", "--folder", str(tmp_path / "cluster"))
    script = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert script.stdout is not None
    said = await says(script.stdout, "Ctrl-C")
    (url,) = re.findall(r"Visitor's page +(\S+)/\n", said)
    url = url.replace("localhost", "127.0.0.1")
    nodes = [int(number) for number in re.findall(r"node-\d .* process (\d+)", said)]
    assert "/console/sign-in#" in said
    assert len(nodes) == 2
    token = await visitor_token(url)
    visitor = await Person.hello(url, token)
    chat = (await visitor.post("What does welding cost?"))["conversation"]
    await visitor.sees_event("answer_finished", outcome="complete")
    await visitor.leave()
    os.kill(nodes[0], signal.SIGKILL)
    # Whichever it was, the other is there.
    await says(script.stdout, "has ended")
    visitor = await Person.hello(url, token)
    assert (await visitor.do("follow", conversation=chat))["mode"] == "snapshot"
    await visitor.leave()
    said = await says(script.stdout, "is back")
    nodes += [int(number) for number in re.findall(r"process (\d+)", said)]
    script.send_signal(signal.SIGINT)

    assert await script.wait() == 0
    for node in nodes:
        with pytest.raises(ProcessLookupError):
            os.kill(node, 0)


async def test_a_node_that_cannot_come_back_ends_the_cluster_with_what_it_said(tmp_path: Path):
    command = (sys.executable, str(SCRIPT), "--port", "0", "--folder", str(tmp_path / "cluster"))
    pipe = asyncio.subprocess.PIPE
    script = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    assert script.stdout is not None
    said = await says(script.stdout, "Ctrl-C")
    nodes = [(int(port), int(number)) for port, number in re.findall(r"node-\d .*:(\d+) +process (\d+)", said)]
    assert len(nodes) == 2
    port, process = nodes[0]
    os.kill(process, signal.SIGKILL)
    await says(script.stdout, "has ended")
    with socket.create_server(("127.0.0.1", port)):
        _, complaint = await asyncio.wait_for(script.communicate(), 90)

    assert script.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in complaint.decode()
    assert "Traceback" not in complaint.decode()
    for _, number in nodes:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
