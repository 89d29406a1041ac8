"""The table of how far the words of conversations can be searched; `searching.py` fills it and the index."""

import sqlalchemy as sa

from havana.storage import report_tables

metadata, Id = report_tables.metadata, report_tables.Id

searched = sa.Table(
    "searched",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, comment="up to which the log is in the index; 0 for not at all"),
)
