"""`havana spending`."""

import datetime as dt
from pathlib import Path

import click

from havana.cli.common import data_option, now, opened
from havana.storage import spending as stored

MICROS = 1_000_000


@click.command()
@click.option("--days", type=click.IntRange(1), default=7, show_default=True, help="So many days back, today included.")
@data_option
def spending(*, days: int, data: Path | None) -> None:
    """Show what the assistant's answers cost, by day (in UTC) and site."""
    first = now().date() - dt.timedelta(days=days - 1)
    with opened(data) as (_, database):
        found = database.read_now(lambda conn: stored.since(conn, first))
    if not found:
        click.echo("No model has been paid for an answer in this time.")
        return
    click.echo(f"{'day':12}{'site':20}{'answers':>10}{'tokens in':>12}{'out':>10}{'dollars':>12}")
    for key, day in found:
        numbers = f"{day.answers:>10,}{day.input_tokens:>12,}{day.output_tokens:>10,}{day.micros / MICROS:>12,.4f}"
        click.echo(f"{day.day.isoformat():12}{key:20}{numbers}{' *' if day.unpriced_tokens else ''}")
    if unpriced := sum(day.unpriced_tokens for _, day in found):
        click.echo(
            f"\n* Incomplete: {unpriced:,} tokens are of a model whose price was not known, and count as 0 dollars.\n"
            "  Set HAVANA_MODEL_PRICES; havana doctor names the model."
        )
