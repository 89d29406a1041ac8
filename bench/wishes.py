"""Measures how well a wish for a person is heard, on public chats.

    python bench/wishes.py --nlupp nlupp_banking.json --questions banking77_train.csv

NLU++ (PolyAI, CC BY 4.0) marks wishes for a person as `handoff`, in twenty folds; the patterns were written with the
first ten in sight. `--questions` are files of questions (text in the first column) among which hardly any is a wish:
those that are taken for one are printed. None of the sets is part of this project.
"""

import argparse
import csv
import json
import time
from collections.abc import Sequence
from pathlib import Path

from havana.assistant.understanding.wishes import wish_of
from havana.evaluate.metrics import Figure, detection


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nlupp", type=Path, help="NLU++: a JSON list of text, intents and fold")
    parser.add_argument("--questions", type=Path, nargs="*", default=[], help="CSV files with a line of names")
    options = parser.parse_args()
    if options.nlupp:
        rows = json.loads(options.nlupp.read_text())
        for name, folds in (("folds 0-9", range(10)), ("folds 10-19", range(10, 20)), ("all", range(20))):
            show(name, [(row["text"], "handoff" in row["intents"]) for row in rows if row["fold"] in folds])
    for path in options.questions:
        texts = [row[0] for row in list(csv.reader(path.open(newline="")))[1:]]
        started = time.perf_counter()
        taken = [text for text in texts if wish_of(text) == "person"]
        each = (time.perf_counter() - started) / len(texts) * 1e6
        print(
            f"{path.name}: {len(taken)} of {len(texts)} taken for a wish, {each:.0f} µs a message", *taken, sep="\n  "
        )


def show(name: str, labelled: Sequence[tuple[str, bool]]) -> None:
    found = detection([(wanted, wish_of(text) == "person") for text, wanted in labelled])
    print(f"{name:12} precision {shown(found.precision)}  recall {shown(found.recall)}  F1 {shown(found.f1)}")


def shown(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}…{figure.high:.3f})"


if __name__ == "__main__":
    main()
