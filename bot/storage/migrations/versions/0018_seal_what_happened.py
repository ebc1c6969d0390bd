"""Seal what happened: digests of events, acts upon the desk, and the chain over them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.models import Id, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty for what is there, and for what a process of the version before still writes: sealed, it is given both.
    op.add_column("events", sa.Column("seed", sa.LargeBinary(), nullable=True))
    op.add_column("events", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.create_table(
        "acts",
        sa.Column("id", Id, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
    )
    op.create_table(
        "seals",
        sa.Column("number", Id, primary_key=True, autoincrement=False),
        sa.Column("series", sa.String(16), nullable=False),
        sa.Column("first", Id, nullable=False),
        sa.Column("last", Id, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_seals_series_last", "seals", ["series", "last"])
