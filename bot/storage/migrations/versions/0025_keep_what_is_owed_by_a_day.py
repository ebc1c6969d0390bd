"""Keep the reports and the chores that are owed by a day, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.models import Id, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chores",
        sa.Column("id", Id, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("period", sa.String(16), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
    )
    op.create_index("uq_chores_kind_name_period_site", "chores", ["kind", "name", "period", "site"], unique=True)
    op.create_index("ix_chores_done_at_due_at", "chores", ["done_at", "due_at"])


def downgrade() -> None:
    op.drop_table("chores")
