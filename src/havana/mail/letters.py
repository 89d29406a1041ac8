"""What Havana writes to the team. Pure; names and addresses are put in as they are."""

from havana.mail.message import Letter


def invitation(name: str, by: str, url: str) -> Letter:
    """To `name`, from the admin `by`; `url` is where they choose a password."""
    return Letter(
        f"{by} invites you to the team",
        f"""Hello {name},

{by} invites you to answer visitors with Havana. Choose your password here:

{url}

The link works once, and for seven days. If it has run out, ask {by} for another one.
If you did not expect this letter, do nothing: without the link nothing happens.
""",
    )


def forgotten(name: str, base: str, url: str) -> Letter:
    """To `name`, or whoever knows their address; `url` is where they choose a password."""
    return Letter(
        "Choose a new password",
        f"""Hello {name},

Somebody, probably you, has asked for a new password for Havana at {base}. Choose it here:

{url}

The link works once, and for an hour. With the new password you are signed out everywhere else.
If it was not you, do nothing: your password stays as it is.
""",
    )


def trial(base: str) -> Letter:
    """To see that mail arrives. `base` is where Havana is found."""
    return Letter(
        "Mail from Havana arrives",
        f"This is a test: Havana at {base} can send you mail.\n\nYou need not do anything.\n",
    )
