"""Every table; those of knowledge, letters, reports, search, teams and visitors stand in files of their own.

Ids are UUIDv7 text, times UTC, JSON is text (msgspec's).
"""

import sqlalchemy as sa

from havana.storage import knowledge_tables, mail_tables, report_tables, search_tables, team_tables, visitor_tables
from havana.storage.times import UtcTime

metadata, Id = report_tables.metadata, report_tables.Id
ASIDE = (knowledge_tables, mail_tables, report_tables, search_tables, team_tables, visitor_tables)
"""Whose tables belong to `metadata` as well."""

sites = sa.Table(
    "sites",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("settings", sa.Text, nullable=False, comment="chat.site.Site as JSON"),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("updated_at", UtcTime, comment="when the settings were set last; null: not since there is this column"),
    sa.Column("written_by", Id, comment="the agent who did; null: a command"),
)

secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

agents = sa.Table(
    "agents",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("email", sa.String(320), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(16), nullable=False, comment="admin, agent"),
    sa.Column("password_hash", sa.Text, comment="argon2id; null until a password is set"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("away_since", UtcTime, comment="null: on duty when here"),
    sa.Column("settings", sa.Text, comment="JSON; null for none chosen"),
    sa.Column("invited_at", UtcTime, comment="and has not come yet, so is not active"),
    sa.Column("deactivated_at", UtcTime, comment="and may come back; not active"),
    sa.Column(
        "capacity", sa.Integer, comment="conversations at once that are given to them; null: chat.assigning.CAPACITY"
    ),
    sa.Column("assigned_at", UtcTime, comment="when a conversation was last given to them by itself"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True, comment="SHA-256 of the cookie's token"),
    sa.Column("agent_id", Id, sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True, comment="SHA-256 of the link's token"),
    sa.Column("agent_id", Id, sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("used_at", UtcTime),
    sa.Column("purpose", sa.String(16), comment="password; null: to sign in"),
)

live_tokens = sa.Table(
    "live_tokens",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True, comment="SHA-256 of the token"),
    sa.Column(
        "session_id", sa.String(64), sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("expires_at", UtcTime, nullable=False),
)

visitors = sa.Table(
    "visitors",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("conversation_id", Id, comment="the current one; compare-and-swap keeps it to one"),
    sa.Column("blocked_at", UtcTime),
    sa.Column("created_at", UtcTime, nullable=False),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("log", Id, nullable=False),
    sa.Column("site_id", Id, sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("visitor_id", Id, sa.ForeignKey("visitors.id"), nullable=False, index=True),
    sa.Column("visitor_name", sa.String(200), nullable=False),
    sa.Column("control", sa.String(16), nullable=False),
    sa.Column("agent_id", Id, index=True),
    sa.Column("agent_name", sa.String(200)),
    sa.Column("team_id", Id, comment="for whom it waits, while it does"),
    sa.Column("team_name", sa.Text),
    sa.Column("since", sa.Integer, nullable=False),
    sa.Column("public_since", sa.Integer, nullable=False),
    sa.Column("since_at", UtcTime),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("public_seq", sa.Integer, nullable=False),
    sa.Column("open_answer", Id),
    sa.Column("answer_since", sa.Integer, nullable=False),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("answered", sa.Integer, nullable=False),
    sa.Column("unanswered_since", UtcTime),
    sa.Column("visitor_messages", sa.Integer, nullable=False),
    sa.Column("preview", sa.Text, nullable=False),
    sa.Column("preview_event", Id),
    sa.Column("preview_role", sa.String(16)),
    sa.Column("at", UtcTime),
    sa.Column("waiting_since", UtcTime),
    sa.Column("answer_until", UtcTime),
    sa.Column("closed_at", UtcTime),
    sa.Column("labels", sa.Text, nullable=False, comment="JSON list"),
    sa.Column("calls", sa.Text, comment="JSON list of the calls of tools that are not over; null for none"),
    # Not part of the fold: whether readers were shown anything of the open answer. Appends compare it like seq.
    sa.Column("shown", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("conversations_by_activity", "control", "at"),
    sa.Index("conversations_by_site", "site_id", "control", "at"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("public_seq", sa.Integer),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("author_id", sa.String(64), nullable=False),
    sa.Column("author_name", sa.String(200), nullable=False),
    sa.Column("key", sa.String(64)),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    # The key first: they are made in the order of time, so what is new stands together on a page that is open anyway.
    sa.Index(
        "events_by_key",
        "key",
        "conversation_id",
        "role",
        unique=True,
        sqlite_where=sa.text("key IS NOT NULL"),
    ),
    sa.Index("events_by_public_seq", "conversation_id", "public_seq", unique=True),
    sqlite_with_rowid=False,
)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("answer", Id, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("reader", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False, comment="how many visitor's messages stand up to seq"),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False, comment="the conversation, or the agent"),
    sa.Column("seq", sa.Integer, nullable=False, comment="what a timer belongs to"),
    sa.Column("run_at", UtcTime, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, comment="counts how often it was wanted"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease_until", UtcTime),
    sa.Column("lease", Id, comment="the latest; who held the job before must not end it"),
    sa.UniqueConstraint("kind", "subject", name="one_job_of_a_kind"),
    sa.Index("jobs_by_time", "run_at"),
)

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("event_id", Id, nullable=False, index=True, comment="the visitor's latest message that was answered"),
    sa.Column("answer", Id, nullable=False, unique=True),
    sa.Column("seq", sa.Integer, nullable=False, comment="of the answer's start: what it answers stands before it"),
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, comment="open, written, dismissed"),
    sa.Column("settled_at", UtcTime),
    sa.Column("settled_by", Id, comment="the agent who wrote the article or dismissed it"),
    sa.Index("questions_by_state", "site_id", "state", "asked_at"),
)

canned_answers = sa.Table(
    "canned_answers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("sites.id"), comment="null: for all sites"),
    sa.Column("name", sa.Text, nullable=False, comment="by which agents find it"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, comment="of the three above, to notice whoever came first"),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("written_by", Id, comment="the agent who wrote or changed it last"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("agent_id", Id, comment="null: by a command"),
    sa.Column("agent_name", sa.String(200), comment="as it was then"),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("details", sa.Text, nullable=False, comment="chat.changes.Change as JSON, without its kind"),
)

spending = sa.Table(
    "spending",
    metadata,
    sa.Column("site_id", Id, sa.ForeignKey("sites.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True, comment="in UTC"),
    sa.Column("answers", sa.Integer, nullable=False),
    sa.Column("input_tokens", sa.BigInteger, nullable=False),
    sa.Column("output_tokens", sa.BigInteger, nullable=False),
    sa.Column("micros", sa.BigInteger, nullable=False, comment="millionths of a US dollar"),
    sa.Column(
        "unpriced_tokens",
        sa.BigInteger,
        nullable=False,
        server_default="0",
        comment="of those, not in the sum of money",
    ),
)

nodes = sa.Table(
    "nodes",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, comment="where it runs, for people"),
    sa.Column("renewed", sa.Integer, nullable=False, comment="how often, so that others see it live"),
    sa.Column("lease_until", UtcTime, nullable=False),
    sa.Column("joins", sa.Boolean, nullable=False, server_default=sa.false(), comment="others may work beside it"),
    sa.Column("agents", sa.Text, nullable=False, server_default="[]", comment="whose consoles are open there; JSON"),
)
