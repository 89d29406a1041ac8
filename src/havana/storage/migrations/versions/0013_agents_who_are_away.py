"""Who of the team is away, and how each is told of visitors who wait."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    away: sa.Column[object] = sa.Column("away_since", sa.DateTime(timezone=True), comment="null: on duty when here")
    settings: sa.Column[str] = sa.Column("settings", sa.Text(), comment="JSON; null for none chosen")
    op.add_column("agents", away)
    op.add_column("agents", settings)
