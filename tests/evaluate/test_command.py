"""`havana evaluate`, as a newcomer runs it."""

import json
from pathlib import Path

import pytest

from havana.cli import run

DEMO = Path(__file__).parents[2] / "demo"
CASES = """\
{"text": "How much is tuition?", "expect": "answer", "article": "Fees"}
{"text": "Who won the super bowl?", "expect": "unknown"}
{"text": "I want to talk to a human", "expect": "escalate"}
{"text": "Where can I get lunch?", "expect": "answer", "article": "fees.md"}
"""


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fees.md").write_text("# Fees\n\nTuition is $8,400.\n")
    Path("meals.md").write_text("# Meals\n\nThe canteen serves lunch from noon.\n")
    Path("cases.jsonl").write_text(CASES)


def test_the_demo_is_measured_and_comes_out_well(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    to = tmp_path / "figures.json"
    command = ["evaluate", str(DEMO / "cases.jsonl"), "--articles", str(DEMO / "articles"), "--json", str(to)]

    assert run(command) == 0
    figures = {named["name"]: named["figure"] for named in json.loads(to.read_text())["figures"]}
    printed = capsys.readouterr().out
    assert all(name in printed for name in figures)
    assert figures["escalation, recall"]["value"] == 1
    assert figures["right article first"]["value"] >= 0.9
    assert figures["known from unknown (AUROC)"]["value"] >= 0.95
    assert not (tmp_path / "data").exists()


def test_what_came_of_each_case_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "cases.jsonl", "--articles", "fees.md", "--articles", "meals.md", "--wrong"]) == 0

    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "cases.jsonl:4: found Meals before fees.md: Where can I get lunch?"
    assert second == "builtin: 4 cases, 2 articles"


def test_the_articles_of_the_data_folder_are_searched_if_no_others_are_named() -> None:
    run(["knowledge", "add", "fees.md", "meals.md", "--data", "data"])

    assert run(["evaluate", "cases.jsonl", "--data", "data", "--json", "out.json"]) == 0
    out = json.loads(Path("out.json").read_text())
    assert [result["did"] for result in out["results"]] == ["answer", "unknown", "escalate", "answer"]
    assert [result["found"][:1] for result in out["results"]][::3] == [["Fees"], ["Meals"]]
    assert (out["articles"], out["failed"], out["tokens"]) == (2, 0, None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bad.jsonl", "--articles", "fees.md"], "bad.jsonl:1: Object missing required field `expect`"),
        (["cases.jsonl", "--articles", "meals.md"], "cases.jsonl:1: there is no article 'Fees'."),
        (["cases.jsonl", "--data", "empty"], "There are no articles yet: add some, or say --articles PATH."),
        (["cases.jsonl", "--articles", "fees.md", "--articles", "meals.md", "--model", "nobody:x"], "HAVANA_MODEL: "),
    ],
)
def test_what_is_wrong_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.jsonl").write_text('{"text": "a"}\n')

    assert run(["evaluate", *arguments]) != 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"havana: {said}")
    assert captured.err.count("\n") == 1
