"""What a site sets, and that docs/site.md tells all of it as it is."""

import re
import tomllib
from pathlib import Path

import msgspec

from havana.chat.site import Site, Words
from havana.chat.site_checks import problems

DOCS = (Path(__file__).parent.parent.parent / "docs" / "site.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCS, re.MULTILINE))


def test_every_setting_of_a_site_is_told():
    settings = [field.name for field in msgspec.structs.fields(Site) if field.name != "id"]

    assert [name for name in settings if name not in ROWS] == []


def test_every_word_is_told_as_it_is_said():
    words = {field.name: field.default for field in msgspec.structs.fields(Words)}

    assert {name: ROWS.get(name) for name in words} == words


def test_the_example_is_a_site():
    [example] = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    site = msgspec.convert({"id": "", **tomllib.loads(example)}, Site)

    assert problems(site) == []
    assert site.key == "shop"
