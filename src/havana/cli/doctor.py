"""`havana doctor`."""

from collections import Counter
from pathlib import Path

import click

from havana.cli.common import ADDRESS, Failed, data_option, settings_with
from havana.doctor.findings import Finding
from havana.urls import web_origin


@click.command()
@click.option("--url", metavar="URL", help="Where browsers find the server (HAVANA_PUBLIC_URL).")
@data_option
def doctor(*, url: str | None, data: Path | None) -> None:
    """Look for what is wrong with this machine, and say what to do. Changes nothing; asks the model one small thing."""
    # Imported here: the other commands must not wait for a web framework.
    from havana.app import STATIC, model_settings
    from havana.doctor.examine import Case, examine

    settings = settings_with(data=data)
    said = settings.data / ADDRESS
    case = Case(
        data=settings.data,
        database_url=settings.database_url,
        redis_url=settings.redis_url,
        smtp_url=settings.smtp_url,
        mail_from=settings.mail_from,
        static=STATIC,
        model=model_settings(settings),
        public_url=settings.public_url,
        url=_origin(url) if url else None,
        local=said.read_text(encoding="utf-8").strip() if said.is_file() else None,
    )
    levels: Counter[str] = Counter()
    for finding in examine(case):
        levels[finding.level] += 1
        click.echo(_shown(finding))
    if levels["problem"]:
        raise Failed(f"{_counted(levels['problem'], 'problem')}, {_counted(levels['warning'], 'warning')}.")
    click.echo(f"No problems, {_counted(levels['warning'], 'warning')}.")


def _shown(finding: Finding) -> str:
    first = f"{finding.level:9}{finding.subject}: {' '.join(finding.text.split())}"
    return f"{first}\n{'':9}{finding.advice}" if finding.advice else first


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _origin(url: str) -> str:
    try:
        return web_origin(url)
    except ValueError:
        raise click.UsageError(f"--url must be an address like https://x.example, without a path, not {url}") from None
