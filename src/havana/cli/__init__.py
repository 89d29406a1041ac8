"""The command line: arguments in, one line out when something is wrong.

Exit codes: 0 done, 1 could not be done, 2 asked wrongly (usage or settings).
"""

import sys
from collections.abc import Sequence

import click

from havana import __version__
from havana.chat.errors import Refusal
from havana.cli.agents import agent
from havana.cli.backups import backup, restore
from havana.cli.common import Failed
from havana.cli.content import migrate, rebuild, site
from havana.cli.doctor import doctor
from havana.cli.evaluate import evaluate
from havana.cli.knowledge import knowledge
from havana.cli.mail import mail
from havana.cli.moving import copy_to
from havana.cli.serve import serve
from havana.cli.spending import spending
from havana.config import SettingsError
from havana.storage.trouble import Unusable


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="havana")
def havana() -> None:
    """Website chat in which an assistant answers and a person can take over at any moment."""


COMMANDS = (serve, agent, knowledge, site, mail, backup, restore, copy_to, doctor, spending, evaluate, migrate, rebuild)
for command in COMMANDS:
    havana.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """What the `havana` script runs."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Carries out one command line; tells the exit code."""
    try:
        havana.main(arguments, prog_name="havana", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        return _complain(error.format_message(), error.exit_code)
    except SettingsError as error:
        return _complain(str(error), 2)
    except Refusal as error:
        return _complain(error.message, 1)
    except (Failed, Unusable) as error:
        return _complain(str(error), 1)
    except OSError as error:
        return _complain(f"{error.filename or 'The system'}: {error.strerror or error}", 1)
    except (click.Abort, KeyboardInterrupt):
        return 130
    return 0


def _complain(message: str, code: int) -> int:
    click.echo(f"havana: {' '.join(message.split())}", err=True)
    return code
