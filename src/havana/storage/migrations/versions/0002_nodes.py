"""Who serves the database, where a lock on a file cannot tell."""

import sqlalchemy as sa
from alembic import op

from havana.storage.times import UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "nodes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="where it runs, for people"),
        sa.Column("renewed", sa.Integer(), nullable=False, comment="how often, so that others see it live"),
        sa.Column("lease_until", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
