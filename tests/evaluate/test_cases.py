"""What labelled cases may look like, and what is said of those that do not."""

from pathlib import Path

import pytest

from havana.assistant.interface import Turn
from havana.evaluate.cases import BadCase, Case, Placed, read

TURNS = '[{"role": "visitor", "text": "Hi"}, {"role": "assistant", "text": "Hello."}]'
EARLIER = (Turn("visitor", "Hi"), Turn("assistant", "Hello."))


def test_lines_of_json_are_cases(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(
        '{"text": "How much?", "expect": "answer", "article": "Fees", "turns": ' + TURNS + "}\n\n"
        '{"text": "agent?", "expect": "offer"}\n'
    )

    assert read([file]) == [
        Placed(f"{file}:1", Case("How much?", "answer", EARLIER, "Fees")),
        Placed(f"{file}:3", Case("agent?", "offer")),
    ]


def test_a_table_has_cases_as_well_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    quoted = TURNS.replace('"', '""')
    file.write_text(
        f'expect,text,turns,article\nanswer,"How much, and when?","{quoted}",Fees\nunknown,"Who\nare you?",,\n',
        encoding="utf-8-sig",
    )

    assert [placed.case for placed in read([file])] == [
        Case("How much, and when?", "answer", EARLIER, "Fees"),
        Case("Who\nare you?", "unknown"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"text": "a", "expect": "answer"}\n{"text": "b"}\n', ":2: Object missing required field `expect`"),
        ("a.jsonl", "how much?\n", ":1: not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("a.jsonl", '{"text": "a", "expect": "maybe"}\n', ":1: Invalid enum value 'maybe' - at `$.expect`"),
        ("a.jsonl", '{"text": "a", "expect": "offer", "url": "x"}\n', ":1: Object contains unknown field `url`"),
        ("a.jsonl", '{"text": " ", "expect": "offer"}\n', ":1: the text is empty"),
        ("a.jsonl", '["text"]\n', ":1: Expected `object`, got `array`"),
        (
            "a.jsonl",
            '{"text": "a", "expect": "offer", "turns": [{"role": "agent", "text": "x"}]}\n',
            ":1: Invalid enum",
        ),
        ("a.jsonl", "\n\n", ": there is no case in it"),
        ("a.csv", "text,expect\n", ": there is no case in it"),
        ("a.csv", "text,label\na,offer\n", ":1: the first line must name the columns text, expect"),
        ("a.csv", "text,expect\na,offer,b\n", ":2: more fields than the first line has columns"),
        ("a.csv", "text,expect,turns\na,offer,hello\n", ":2: not JSON"),
        ("a.csv", "text,expect\n,offer\n", ":2: the text is empty"),
    ],
)
def test_the_first_bad_line_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(text)

    with pytest.raises(BadCase) as error:
        read([file])
    assert str(error.value).startswith(f"{file}{said}")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadCase, match=r"cases\.jsonl: not text in UTF-8"):
        read([file])
