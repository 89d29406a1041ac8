"""Letters to the team."""

import sqlalchemy as sa
from alembic import op

from havana.storage.times import UtcTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    whose = "whose address that is; null for one that has yet to be looked up"
    same = "also the letter's Message-ID, so that a repeated one is the same"
    begun = "when a server began to send it; null again when that failed"
    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=36), nullable=False, comment=same),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False, comment="an address, in lower case"),
        sa.Column("agent_id", sa.String(length=36), nullable=True, comment=whose),
        sa.Column("cause", sa.Text(), nullable=False, comment="JSON, what the letter is made of; no secrets"),
        sa.Column("key", sa.String(length=160), nullable=True, comment="of two letters with the same one there is one"),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=True, comment=begun),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column("given_up_at", UtcTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True, comment="of the last attempt; without addresses"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_mails_agent_id"), "mails", ["agent_id"])
    op.create_index(op.f("ix_mails_created_at"), "mails", ["created_at"])
