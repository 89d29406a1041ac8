"""Tables and figures in the Markdown of the report."""

from collections.abc import Iterable, Sequence

from figures import Spread


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines])


def spread(found: Spread | None, digits: int = 0) -> str:
    """The median, with the least and the most in brackets."""
    if found is None:
        return ""
    if found.least == found.most:
        return number(found.median, digits)
    return f"{number(found.median, digits)} ({number(found.least, digits)} to {number(found.most, digits)})"


def number(value: float | None, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
