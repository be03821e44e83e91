"""What analysts make: corrections, drafts, theses, marked predictions; and tokens of the API."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("heard", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("episode_id", sa.String(120), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("noted", sa.Float, nullable=False),
    )
    op.create_table(
        "relabellings",
        sa.Column(
            "episode_id",
            sa.String(120),
            sa.ForeignKey("episodes.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("speaker", sa.Text),
        sa.Column("start", sa.Float),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("noted", sa.Float, nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("updated", sa.Float, nullable=False),
    )
    _analysis()


def _analysis() -> None:
    op.create_table(
        "theses",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("searched", sa.Integer, nullable=False),
    )
    op.create_table(
        "attachments",
        sa.Column("thesis_id", sa.String(80), sa.ForeignKey("theses.id"), primary_key=True),
        sa.Column("passage_id", sa.String(180), primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("stance", sa.String(16), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("noted", sa.Float, nullable=False),
    )
    op.create_table(
        "outcomes",
        sa.Column("statement_id", sa.String(80), primary_key=True),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("noted", sa.Float, nullable=False),
    )
    op.create_table(
        "tokens",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("revoked", sa.Float),
    )
