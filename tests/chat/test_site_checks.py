"""What is wrong with the settings of a site: all of it, and each with its field."""

import msgspec
import pytest

from havana.chat.site import Site, Words
from havana.chat.site_checks import problems

PLAIN = Site(id="", key="shop", name="The Shop")


def said(**changes: object) -> list[str]:
    return [problem.said for problem in problems(msgspec.structs.replace(PLAIN, **changes))]


def test_nothing_is_wrong_with_what_havana_sets_itself():
    assert said() == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"key": "The Shop"}, "key must be lower-case letters, digits and dashes, up to 64, not 'The Shop'"),
        ({"name": " "}, "name must not be empty"),
        ({"name": "a" * 201}, "name must have up to 200 characters, not 201"),
        ({"greeting": ""}, "greeting must not be empty"),
        ({"persona": "a" * 20_001}, "persona must have up to 20000 characters, not 20001"),
        ({"suggestions": ("Hi", " ")}, "suggestions must each have up to 200 characters, and at least one"),
        ({"suggestions": ("Hi",) * 13}, "suggestions must be up to 12, not 13"),
        ({"call_url": "javascript:alert(1)"}, "call_url must begin with https://, not 'javascript:alert(1)'"),
        ({"call_url": "https://"}, "call_url must begin with https://, not 'https://'"),
        ({"call_url": "https://[x"}, "call_url must begin with https://, not 'https://[x'"),
        ({"wait_target_s": 5}, "wait_target_s must be from 10 to 86400 seconds, not 5"),
        ({"remind_after_s": 0}, "remind_after_s must be from 1 to 86400 seconds, not 0"),
        ({"answer_tokens": 15}, "answer_tokens must be at least 16, not 15"),
        ({"answers_per_hour": 0}, "answers_per_hour must be at least 1, not 0"),
        ({"money_per_day": -1.5}, "money_per_day must be a sum of US dollars, not -1.5"),
        ({"money_per_day": float("nan")}, "money_per_day must be a sum of US dollars, not nan"),
        ({"words": Words(joined="a" * 1001)}, "words.joined must have up to 1000 characters, not 1001"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(changes: dict[str, object], what: str):
    assert said(**changes) == [what]


def test_all_of_it_is_told_in_the_order_of_the_settings():
    wrong = {"money_per_day": -1.0, "timezone": "Mars", "name": "", "hours": {"tue": ("5-9",)}, "key": "ß"}
    fields = [problem.field for problem in problems(msgspec.structs.replace(PLAIN, **wrong))]

    assert fields == ["key", "name", "timezone", "hours.tue", "money_per_day"]
