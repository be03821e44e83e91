"""Followed feeds, other names and versions of episodes, jobs and workers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("episodes", sa.Column("health", sa.String(8)))
    op.add_column("episodes", sa.Column("withdrawn", sa.Date))
    op.create_table(
        "aliases",
        sa.Column("key", sa.Text, primary_key=True),
        _episode(primary_key=False),
    )
    op.create_table(
        "versions",
        _episode(),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("noted", sa.Float, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
    )
    op.create_table(
        "subscriptions",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("show_id", sa.String(64), nullable=False),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("added", sa.Float, nullable=False),
        sa.Column("checked", sa.Float),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_table(
        "offers",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    _jobs()


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("parcel", sa.String(64), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("fraction", sa.Float),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("hint", sa.Text, nullable=False),
        sa.Column("episode_id", sa.String(120)),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("started", sa.Float),
        sa.Column("updated", sa.Float, nullable=False),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("beat", sa.Integer, nullable=False),
    )


def _episode(*, primary_key: bool = True) -> sa.Column[str]:
    return sa.Column(
        "episode_id",
        sa.String(120),
        sa.ForeignKey("episodes.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )
