"""Calls of a site's tools that wait for the team, or are being made."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    calls: sa.Column[str] = sa.Column(
        "calls", sa.Text(), comment="JSON list of the calls of tools that are not over; null for none"
    )
    op.add_column("conversations", calls)
