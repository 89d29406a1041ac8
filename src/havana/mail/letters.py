"""What Havana writes to the team. Pure; names and addresses are put in as they are."""

from havana.mail.message import Letter


def trial(base: str) -> Letter:
    """To see that mail arrives. `base` is where Havana is found."""
    return Letter(
        "Mail from Havana arrives",
        f"This is a test: Havana at {base} can send you mail.\n\nYou need not do anything.\n",
    )
