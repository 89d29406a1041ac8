"""The tables of what the team knows of visitors besides their words. All of it goes with the visitor's row."""

import sqlalchemy as sa

from havana.storage import report_tables
from havana.storage.times import UtcTime

metadata, Id = report_tables.metadata, report_tables.Id


def _of_visitor() -> "sa.Column[str]":
    return sa.Column("visitor_id", Id, sa.ForeignKey("visitors.id", ondelete="CASCADE"), primary_key=True)


visitor_contexts = sa.Table(
    "visitor_contexts",
    metadata,
    _of_visitor(),
    sa.Column("path", sa.Text, comment="of the page; null where the site does not ask for it"),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("referrer", sa.Text, nullable=False),
    sa.Column("language", sa.String(64), nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("device", sa.String(64), nullable=False),
    sa.Column("since", UtcTime, nullable=False, comment="on this page"),
    sa.Column("seen_at", UtcTime, nullable=False, index=True),
)

visitor_details = sa.Table(
    "visitor_details",
    metadata,
    _of_visitor(),
    sa.Column("field", sa.String(64), primary_key=True, comment="name, email, notes, or the team's own word"),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, comment="of the value, to notice whoever came first"),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("written_by", Id, comment="the agent who wrote or changed it last"),
)
