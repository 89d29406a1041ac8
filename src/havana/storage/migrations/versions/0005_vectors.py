"""What passages mean, as a sentence model puts it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "vectors",
        sa.Column("chunk_id", sa.Integer(), nullable=False),
        sa.Column(
            "model", sa.String(length=64), nullable=False, comment="that made it; another one's mean nothing to it"
        ),
        sa.Column("vector", sa.LargeBinary(), nullable=False, comment="float32, little-endian, of length 1"),
        sa.ForeignKeyConstraint(["chunk_id"], ["chunks.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chunk_id"),
    )
