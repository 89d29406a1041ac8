"""What a canned answer may have in braces."""

import pytest

from havana.chat.canned import check_variables
from havana.chat.errors import BadRequest


@pytest.mark.parametrize(
    "text", ["Hello {visitor}, I am {agent} of {site}.", "{}", 'Send {"a": 1} there.', "{ 1 }", "} {", "No names."]
)
def test_names_that_are_filled_in_may_stand_in_it_and_braces_that_are_no_name(text: str):
    check_variables(text)


@pytest.mark.parametrize("name", ["name", "Visitor", " visitor ", "first name", "visitor.name", "größe"])
def test_a_name_that_nobody_fills_in_is_refused_before_a_visitor_reads_it(name: str):
    with pytest.raises(BadRequest) as refused:
        check_variables(f"Hello {{agent}} and {{{name}}}")

    assert (
        str(refused.value) == f"Nothing is known to put in for {{{name}}}. There are {{visitor}}, {{agent}}, {{site}}."
    )
