"""The index of what was said, and how far it is with each conversation. Filled by the server, in portions."""

import sqlalchemy as sa
from alembic import op

from havana.storage import searching

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "searched",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="up to which the log is in the index; 0 for not at all"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    searching.create(op.get_bind())
