"""Reads labelled cases: what a visitor writes, and what should come of it. `docs/evaluating.md` has the format."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from havana.assistant.interface import Turn

Expected = Literal["answer", "escalate", "offer", "unknown"]
COLUMNS = ("text", "turns", "expect", "article")


class BadCase(ValueError):
    """A line that is no case; the message names file, line and what is wrong."""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`turns` are what was said before `text`, `article` the title or the path of the article that answers it."""

    text: str
    expect: Expected
    turns: tuple[Turn, ...] = ()
    article: str | None = None


class Placed(msgspec.Struct, frozen=True):
    """A case and where it stands."""

    where: str
    case: Case


def read(files: Sequence[Path]) -> list[Placed]:
    """All cases of the files, `.csv` or else one JSON object a line. The first bad line raises `BadCase`."""
    return [placed for file in files for placed in _of_file(file)]


def _of_file(file: Path) -> Iterator[Placed]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadCase(f"{file}: not text in UTF-8") from None
    rows = _csv_rows(file, text) if file.suffix.lower() == ".csv" else _json_rows(file, text)
    found = False
    for where, row in rows:
        found = True
        yield Placed(where, _case(where, row))
    if not found:
        raise BadCase(f"{file}: there is no case in it")


def _json_rows(file: Path, text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            where = f"{file}:{number}"
            yield where, _json(where, line)


def _csv_rows(file: Path, text: str) -> Iterator[tuple[str, Any]]:
    """A column of turns holds them as JSON; what is empty is not given."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    wrong = [name for name in reader.fieldnames or () if name not in COLUMNS]
    if wrong or not {"text", "expect"} <= set(reader.fieldnames or ()):
        raise BadCase(f"{file}:1: the first line must name the columns text, expect and, if wanted, turns and article")
    for row in reader:
        where = f"{file}:{reader.line_num}"
        if None in row:
            raise BadCase(f"{where}: more fields than the first line has columns")
        given = {name: value for name, value in row.items() if value or name == "text"}
        if "turns" in given:
            given["turns"] = _json(where, given["turns"])
        yield where, given


def _json(where: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadCase(f"{where}: not JSON: {error}") from None


def _case(where: str, row: Any) -> Case:
    try:
        case = msgspec.convert(row, Case)
    except msgspec.ValidationError as error:
        raise BadCase(f"{where}: {error}") from None
    if not case.text.strip():
        raise BadCase(f"{where}: the text is empty")
    return case
