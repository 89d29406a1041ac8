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


def waiting(name: str, site: str, minutes: int, base: str, conversation: str) -> Letter:
    """To the agent `name`: somebody has waited on a site for so long, and nobody is there."""
    return Letter(
        f"Somebody waits on {site}",
        f"""Hello {name},

on {site} somebody has waited for a person for {_spoken(minutes)}, and nobody of the team is on duty.

{base}/console/c/{conversation}

You get one such letter for each visitor who waits. Whether and when, you choose here:

{base}/console/settings/notifications
""",
    )


def _spoken(minutes: int) -> str:
    if minutes < 120:
        return "a minute" if minutes <= 1 else f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"


def trial(base: str) -> Letter:
    """To see that mail arrives. `base` is where Havana is found."""
    return Letter(
        "Mail from Havana arrives",
        f"This is a test: Havana at {base} can send you mail.\n\nYou need not do anything.\n",
    )
