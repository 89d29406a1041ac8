"""Where a server of a test can listen, and whether it does."""

import socket
import subprocess
import time

PATIENCE_S = 30


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def listens_soon(port: int, process: "subprocess.Popen[bytes]") -> bool:
    """Waits until a process listens there; False if it ends before that, or takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
