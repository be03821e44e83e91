"""The first library: shows, episodes, documents, passages, names, derivations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "shows",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("feed_url", sa.Text),
    )
    op.create_table(
        "episodes",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("show_id", sa.String(64), sa.ForeignKey("shows.id"), nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("published", sa.Date),
        sa.Column("duration", sa.Float),
        sa.Column("link", sa.Text),
        sa.Column("audio_url", sa.Text),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("audio", sa.String(64)),
        sa.Column("playback", sa.String(64)),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "people",
        _episode(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
    )
    op.create_table(
        "chapters",
        _episode(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("start", sa.Float, nullable=False),
        sa.Column("end", sa.Float),
    )
    op.create_table(
        "documents",
        _episode(),
        sa.Column("tier", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    _passages_and_derived()


def _passages_and_derived() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.String(180), primary_key=True),
        _episode(primary_key=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("tier", sa.String(16), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("start", sa.Float),
        sa.Column("end", sa.Float),
        sa.Column("exact", sa.Boolean, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("speaker", sa.Text),
        sa.Column("line", sa.Integer),
        sa.Index("passages_in_order", "episode_id", "position"),
    )
    op.create_table(
        "names",
        _episode(),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "derivations",
        sa.Column("recipe", sa.Text, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )


def _episode(*, primary_key: bool = True) -> sa.Column[str]:
    return sa.Column(
        "episode_id",
        sa.String(120),
        sa.ForeignKey("episodes.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )
