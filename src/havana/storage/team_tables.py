"""The tables of the teams into which agents may be sorted."""

import sqlalchemy as sa

from havana.storage.report_tables import Id, metadata
from havana.storage.times import UtcTime

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("assign", sa.String(16), nullable=False, server_default="off", comment="chat.assigning.Assign"),
    sa.Column("answer_within_s", sa.Integer, nullable=False, server_default="180"),
    sa.Column("digest", sa.String(64), nullable=False, comment="of what was chosen, to notice whoever came first"),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("written_by", Id, comment="the admin who made or changed it last"),
)

team_members = sa.Table(
    "team_members",
    metadata,
    sa.Column("team_id", Id, sa.ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("agent_id", Id, sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True, index=True),
)
