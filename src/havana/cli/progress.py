"""How far something is that takes long, on standard error: a bar on a terminal, else a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

EVERY_S = 5.0
"""Between two lines, and before the first: what is done by then needs none."""

Progress = Callable[[int, int], None]


@contextmanager
def shown(what: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Progress]:
    """Is to be told how many are done, and of how many; the number there are may grow."""
    if not sys.stderr.isatty():
        yield _Lines(what, clock)
        return
    bar = _Bar(what)
    try:
        yield bar
    finally:
        bar.end()


class _Bar:
    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None and total > 1:
            self._bar = click.progressbar(length=total, label=self._what, show_pos=True, file=sys.stderr)
            self._bar.__enter__()
        if self._bar is not None:
            self._bar.length = total
            self._bar.update(done - self._bar.pos)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


class _Lines:
    def __init__(self, what: str, clock: Callable[[], float]) -> None:
        self._what = what
        self._clock = clock
        self._said = clock()

    def __call__(self, done: int, total: int) -> None:
        if self._clock() - self._said >= EVERY_S:
            self._said = self._clock()
            click.echo(f"{self._what}: {done:,} of {total:,}", err=True)
