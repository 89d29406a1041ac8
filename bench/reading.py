"""Those who read an answer while it is written, for the load generator: each word says how late it is."""

import ticking
from client import Client
from talking import Window

ASK = b'{"id":3,"do":"post","key":"%b","text":"How much does the welding program cost?"}'
DELTA = b'{"push":"delta"'
TEXT = b'"text":"'


class WordReader:
    """One visitor. `words` counts those that came while the window was open."""

    def __init__(self, window: Window, client: Client) -> None:
        self.words = 0
        self._window = window
        self._client = client
        client.take = self._take
        client.on_lost = window.fail

    def ask(self) -> None:
        self._client.send(ASK % f"bench-{id(self):x}".encode())

    def _take(self, line: bytes) -> None:
        if line.startswith(DELTA) and self._window.open:
            words = line[line.rindex(TEXT) + len(TEXT) : -2].split()
            self.words += len(words)
            self._window.counted.delivered.append(ticking.late_s(words[0]))
