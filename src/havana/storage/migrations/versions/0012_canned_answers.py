"""Canned answers of the team, and which labels are in use."""

import sqlalchemy as sa
from alembic import op

from havana.storage import labels
from havana.storage.times import UtcTime

revision = "0012"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=True, comment="null: for all sites"),
        sa.Column("name", sa.Text(), nullable=False, comment="by which agents find it"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="of the three above, to notice whoever came first"
        ),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("written_by", sa.String(length=36), nullable=True, comment="the agent who wrote or changed it last"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    labels.create(op.get_bind())
