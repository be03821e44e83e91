"""The arena: contestants, what they made, battles, votes, verdicts and exclusions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "contestants",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.String(12), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("registered", sa.Float, nullable=False),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "pieces",
        sa.Column("item_id", sa.Text, sa.ForeignKey("items.id"), primary_key=True),
        sa.Column("contestant", sa.Text, sa.ForeignKey("contestants.name"), primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("frozen", sa.Float, nullable=False),
    )
    _votes()


def _votes() -> None:
    op.create_table(
        "battles",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("item_id", sa.Text, sa.ForeignKey("items.id"), nullable=False, index=True),
        sa.Column("a", sa.Text, sa.ForeignKey("contestants.name"), nullable=False),
        sa.Column("b", sa.Text, sa.ForeignKey("contestants.name"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("repeats", sa.Text, nullable=False),
        sa.Column("shuffled", sa.String(1), nullable=False),
        sa.Column("planted", sa.Text, nullable=False),
        sa.Column("style", sa.JSON, nullable=False),
        sa.Column("propensity", sa.Float, nullable=False),
        sa.Column("voter", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer),
        sa.Column("drawn", sa.Float, nullable=False),
        sa.UniqueConstraint("voter", "turn"),
    )
    op.create_table(
        "votes",
        sa.Column("voter", sa.Text, primary_key=True),
        sa.Column("battle_id", sa.Text, sa.ForeignKey("battles.id"), primary_key=True),
        sa.Column("choice", sa.String(16), nullable=False),
        sa.Column("reading", sa.String(16)),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("objections", sa.JSON, nullable=False),
        sa.Column("seconds", sa.Float),
        sa.Column("cast", sa.Float, nullable=False),
    )
    op.create_table(
        "verdicts",
        sa.Column("judge", sa.Text, primary_key=True),
        sa.Column("battle_id", sa.Text, sa.ForeignKey("battles.id"), primary_key=True),
        sa.Column("straight", sa.String(16), nullable=False),
        sa.Column("crossed", sa.String(16), nullable=False),
        sa.Column("given", sa.Float, nullable=False),
    )
    op.create_table(
        "exclusions",
        sa.Column("voter", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("excluded", sa.Boolean, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("noted", sa.Float, nullable=False),
    )
