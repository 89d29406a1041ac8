"""The table of the letters to the team; `mails.py` reads and writes it."""

import sqlalchemy as sa

from havana.storage.report_tables import Id, metadata
from havana.storage.times import UtcTime

mails = sa.Table(
    "mails",
    metadata,
    sa.Column("id", Id, primary_key=True, comment="also the letter's Message-ID, so that a repeated one is the same"),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("recipient", sa.String(320), nullable=False, comment="an address, in lower case"),
    sa.Column("agent_id", Id, index=True, comment="whose address that is; null for one that has yet to be looked up"),
    sa.Column("cause", sa.Text, nullable=False, comment="JSON, what the letter is made of; no secrets"),
    sa.Column("key", sa.String(160), unique=True, comment="of two letters with the same one there is one"),
    sa.Column("created_at", UtcTime, nullable=False, index=True),
    sa.Column("begun_at", UtcTime, comment="when a server began to send it; null again when that failed"),
    sa.Column("sent_at", UtcTime),
    sa.Column("given_up_at", UtcTime),
    sa.Column("error", sa.Text, comment="of the last attempt; without addresses"),
)
