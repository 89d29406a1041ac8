"""Arguments and their schemas: what is declared goes out, and nothing else."""

import pytest

from havana.assistant.tools.schemas import arguments_problem, declared, schema_problem

ORDER = {
    "type": "object",
    "properties": {
        "order": {"type": "string", "pattern": "^[0-9]+$"},
        "items": {
            "type": "array",
            "items": {"type": "object", "properties": {"sku": {"type": "string"}}},
        },
        "to": {"$ref": "#/$defs/address"},
        "free": {"type": "object", "additionalProperties": True},
    },
    "required": ["order"],
    "$defs": {
        "address": {
            "anyOf": [
                {"type": "object", "properties": {"city": {"type": "string"}}},
                {"type": "object", "properties": {"street": {"type": "string"}, "at": {"$ref": "#/$defs/address"}}},
            ]
        }
    },
}


def test_what_no_schema_names_is_dropped_at_any_depth():
    arguments = {
        "order": "17",
        "visitor_id": "somebody-else",
        "items": [{"sku": "a", "price": 0}, "odd"],
        "to": {"city": "Rome", "street": "Via", "secret": 1, "at": {"city": "x", "y": 2}},
        "free": {"anything": {"at": "all"}},
    }

    assert declared(ORDER, arguments) == {
        "order": "17",
        "items": [{"sku": "a"}, "odd"],
        "to": {"city": "Rome", "street": "Via", "at": {"city": "x"}},
        "free": {"anything": {"at": "all"}},
    }


def test_an_object_that_declares_nothing_lets_nothing_out():
    assert declared({"type": "object"}, {"a": 1}) == {}
    assert declared({"type": "object", "properties": {"a": {}}}, {"a": [{"b": 1}]}) == {"a": [{}]}


def test_a_schema_that_refers_to_itself_ends():
    looping = {"type": "object", "$ref": "#"}

    assert declared(looping, {"a": 1}) == {}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "'order' is a required property"),
        ({"order": "x"}, "does not match"),
        ({"order": 17}, "is not of type 'string' at $.order"),
        ({"order": "1", "items": [{"sku": 2}]}, "at $.items[0].sku"),
    ],
)
def test_arguments_that_do_not_fit_are_named(arguments, says):
    assert says in (arguments_problem(ORDER, arguments) or "")


def test_arguments_that_fit_have_no_problem():
    assert arguments_problem(ORDER, {"order": "17", "to": {"city": "Rome"}}) is None


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "string"}, "must be the schema of an object"),
        ({"type": "object", "properties": {"a": {"type": "weird"}}}, "weird"),
        ({"type": "object", "properties": {"a": True}}, "a schema of its own"),
        ({"type": "object", "properties": {"a": {"$ref": "http://10.0.0.1/x"}}}, "http://10.0.0.1/x"),
    ],
)
def test_a_schema_that_no_model_can_be_given_is_named(schema, says):
    assert says in (schema_problem(schema) or "")


def test_a_reference_that_leads_nowhere_is_said_and_not_fetched():
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/none"}}}
    assert schema_problem(schema) is None

    assert "refers to something" in (arguments_problem(schema, {"a": 1}) or "")
