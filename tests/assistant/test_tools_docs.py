"""`docs/tools.md` is held to the code: what it tells people to copy works, and what it lists is there."""

import re
from pathlib import Path

import msgspec
import pytest

from havana.chat.site import Words
from havana.chat.site_tools import HttpTool
from havana.cli.content import read_site

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "tools.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=["http", "mcp"])
def test_what_is_to_be_copied_is_a_sites_file(example: str, tmp_path: Path):
    file = tmp_path / "site.toml"
    file.write_text(example, encoding="utf-8")
    site = read_site(file)

    assert site.tools or site.mcp


def test_what_the_first_example_may_do(tmp_path: Path):
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLES[0], encoding="utf-8")

    assert [tool.permission for tool in read_site(file).tools] == ["read", "ask"]


def test_the_table_lists_every_field():
    fields = set(re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE))

    assert fields == {field.name for field in msgspec.structs.fields(HttpTool)}


def test_the_words_that_it_names_are_there():
    told = DOCS[DOCS.index("The words that visitors read") :]
    names = set(re.findall(r"`(\w+)`", told)) - {"words"}

    assert names <= {field.name for field in msgspec.structs.fields(Words)}
