"""Statements for many rows that come so often that binding them by name would cost more than storing them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa


class _Form(NamedTuple):
    """A statement as one dialect writes it: the names of its places, and what some of them are converted by."""

    text: str
    names: Sequence[str]
    conversions: Sequence[tuple[int, Callable[[Any], Any]]]


class Prepared:
    """Compiled once for each dialect. An `insert` without values is given all columns."""

    def __init__(self, statement: sa.Insert | sa.Update | sa.Delete) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def execute(self, conn: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Runs the statement for each row; tells how many rows of the table that touched."""
        form = self._forms.get(conn.dialect.name) or self._form(conn.dialect)
        return conn.exec_driver_sql(form.text, [_bound(form, row) for row in rows]).rowcount

    def _form(self, dialect: sa.Dialect) -> _Form:
        compiled = self._statement.compile(dialect=dialect)
        names = compiled.positiontup or ()
        types = [compiled.binds[name].type.dialect_impl(dialect) for name in names]
        converted = ((place, kind.bind_processor(dialect)) for place, kind in enumerate(types))
        form = _Form(str(compiled), names, [(place, convert) for place, convert in converted if convert is not None])
        self._forms[dialect.name] = form
        return form


def _bound(form: _Form, row: Mapping[str, Any]) -> tuple[Any, ...]:
    values = [row[name] for name in form.names]
    for place, convert in form.conversions:
        values[place] = convert(values[place])
    return tuple(values)
