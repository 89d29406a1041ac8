"""Writes the files that are made from code; with --check only says which are stale.

A generator is a function that answers with the whole text of each of its files, by path from the root.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from havana.live import typescript

ROOT = Path(__file__).resolve().parent.parent
GENERATORS: list[Callable[[Path], Mapping[str, str]]] = [typescript.files]


def main(arguments: list[str]) -> int:
    stale = [
        (path, text)
        for generator in GENERATORS
        for path, text in generator(ROOT).items()
        if not (ROOT / path).exists() or (ROOT / path).read_text(encoding="utf-8") != text
    ]
    if "--check" in arguments:
        for path, _ in stale:
            print(f"{path} is not what its source says: run `python scripts/generate.py`.", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale:
        (ROOT / path).write_text(text, encoding="utf-8")
        print(f"Wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
