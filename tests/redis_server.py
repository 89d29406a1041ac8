"""A real Redis or Valkey server for the tests: there in a moment, forgets everything when it ends."""

import subprocess
import tempfile
from pathlib import Path

from tests.ports import free_port, listens_soon

ROOT = Path(__file__).resolve().parent.parent


class NoServer(Exception):
    pass


class Server:
    """Listens on `port` of this machine and keeps nothing on the disk, so that after `kill` it starts empty."""

    def __init__(self, *, password: str | None = None) -> None:
        found = subprocess.run([ROOT / "scripts" / "find-redis"], check=False, capture_output=True, text=True)
        if found.returncode:
            raise NoServer(found.stderr.strip().splitlines()[-1])
        self._program = found.stdout.strip()
        self._password = password
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://{f':{password}@' if password else ''}127.0.0.1:{self.port}/0"
        self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None, "it was stopped"
        return self._process.pid

    def start(self) -> None:
        """Returns when it listens."""
        settings = {
            "port": self.port,
            "bind": "127.0.0.1",
            "save": "",
            "appendonly": "no",
            "dir": tempfile.gettempdir(),
        }
        if self._password:
            settings["requirepass"] = self._password
        options = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
        self._process = subprocess.Popen([self._program, *options], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        if not listens_soon(self.port, self._process):
            self.kill()
            raise NoServer(f"{self._program} does not listen on port {self.port}")

    def kill(self) -> None:
        """At once and without a word to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """As a package's upgrade does it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None
