"""`havana mail …`."""

import asyncio
import datetime as dt
from pathlib import Path

import click

from havana.chat.commands import clean_email
from havana.chat.errors import BadRequest
from havana.cli.common import Failed, base_url, data_option, settings_with
from havana.config import check_mail
from havana.ids import new_id
from havana.mail import letters
from havana.mail.message import NotSent, message


@click.group()
def mail() -> None:
    """What is written to the team."""


@mail.command("test")
@click.argument("address")
@data_option
def trial(*, address: str, data: Path | None) -> None:
    """Send a letter to ADDRESS, to see that mail arrives."""
    # Imported here: the other commands need no mail server.
    from havana.mail.smtp import Server

    try:
        to = clean_email(address)
    except BadRequest as error:
        raise click.UsageError(error.message) from None
    settings = settings_with(data=data)
    check_mail(settings)
    if settings.smtp_url is None or settings.mail_from is None:
        raise Failed("No mail server is set. See HAVANA_SMTP_URL in docs/configuration.md.")
    server = Server.at(settings.smtp_url)
    letter = letters.trial(base_url(settings))
    try:
        made = message(letter, id=new_id(), sender=settings.mail_from, to=to, at=dt.datetime.now(dt.UTC))
        asyncio.run(server.send(made))
    except NotSent as failure:
        raise Failed(f"Not sent: {failure.reason}.") from None
    click.echo(f"{server.host}:{server.port} has taken a letter to {to}.")
