"""`havana agent …`."""

import sys
from functools import partial
from pathlib import Path

import click

from havana.accounts.passwords import WeakPassword, hash_password
from havana.accounts.sessions import new_link
from havana.chat.changes import AgentAdded, AgentRemoved, LinkMade
from havana.chat.commands import clean_email
from havana.chat.errors import BadRequest
from havana.chat.people import Agent
from havana.cli.common import Failed, base_url, data_option, now, opened, sign_in_url
from havana.storage import audit, people, staff
from havana.storage.database import Connection


@click.group()
def agent() -> None:
    """The people who answer."""


@agent.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As visitors read it.")
@click.option("--role", type=click.Choice(["admin", "agent"]), default="agent", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@data_option
def add(*, email: str, name: str, role: staff.AgentRole, password_stdin: bool, data: Path | None) -> None:
    """Add somebody to the team."""
    try:
        email = staff.folded(clean_email(email))
    except BadRequest as error:
        raise click.UsageError(error.message) from None
    if not name.strip():
        raise click.UsageError("The name is empty.")
    with opened(data) as (settings, database):
        if database.read_now(lambda conn: staff.credentials(conn, email)) is not None:
            raise _taken(email)
        password_hash = _hashed(_password(from_stdin=password_stdin))
        try:
            added = database.write_now(partial(_add, email=email, name=name, role=role, password_hash=password_hash))
        except staff.EmailTaken:
            raise _taken(email) from None
        click.echo(f"Added {added.name} ({added.email}, {role}). Sign in at {base_url(settings)}/console")


@agent.command("sign-in-link")
@click.argument("email")
@data_option
def sign_in_link(email: str, data: Path | None) -> None:
    """Print a link that signs an agent in, once, within a day."""
    with opened(data) as (settings, database):
        known = database.read_now(lambda conn: staff.credentials(conn, email))
        if known is None:
            raise Failed(f"There is no agent {staff.folded(email)}. Add one with: havana agent add")

        def work(conn: Connection) -> str:
            audit.record(conn, None, LinkMade(known.agent.id, known.agent.name), now())
            return new_link(conn, known.agent.id, now())

        token = database.write_now(work)
        click.echo(sign_in_url(base_url(settings), token))


@agent.command("remove")
@click.argument("email")
@data_option
def remove(email: str, data: Path | None) -> None:
    """Take somebody off the team: signed out at once, and their waiting visitors go to the others."""
    with opened(data) as (_, database):
        known = database.read_now(lambda conn: staff.credentials(conn, email))
        if known is None:
            raise Failed(f"There is no agent {staff.folded(email)}.")
        try:
            database.write_now(partial(_remove, agent=known.agent))
        except people.LastAdmin:
            raise Failed(f"{known.agent.name} is the last admin. Add another one first.") from None
        click.echo(f"Removed {known.agent.name} ({known.agent.email}).")


def _add(conn: Connection, email: str, name: str, role: staff.AgentRole, password_hash: str) -> Agent:
    added = staff.add_agent(conn, email, name, role, password_hash=password_hash, now=now())
    audit.record(conn, None, AgentAdded(added.id, added.name, role), now())
    return added


def _remove(conn: Connection, agent: Agent) -> None:
    people.keep_an_admin(conn, without=agent.id)
    staff.remove_agent(conn, agent.id, now())
    audit.record(conn, None, AgentRemoved(agent.id, agent.name), now())


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for a password on. Use --password-stdin.")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="Again", err=True)
    return password


def _hashed(password: str) -> str:
    try:
        return hash_password(password)
    except WeakPassword as error:
        raise click.UsageError(str(error)) from None


def _taken(email: str) -> Failed:
    return Failed(f"There already is an agent {email}. For a way in: havana agent sign-in-link {email}")
