"""Keep legal holds, how a request was confirmed, and which complaints are forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.models import Id, UtcDateTime

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", Id, primary_key=True, autoincrement=True),
        sa.Column("reference", sa.String(40), nullable=True),
        sa.Column("person", sa.String(32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(64), nullable=True),
        sa.Column("lifted_why", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_legal_holds_reference", "legal_holds", ["reference"])
    op.create_index("ix_legal_holds_person", "legal_holds", ["person"])
    op.add_column("complaints", sa.Column("forgotten_at", UtcDateTime(), nullable=True))
    op.add_column("data_requests", sa.Column("confirmed_by", sa.String(32), nullable=True))
    op.add_column("data_requests", sa.Column("confirmed_at", UtcDateTime(), nullable=True))
    op.add_column("data_requests", sa.Column("confirmed_how", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for column in ("confirmed_how", "confirmed_at", "confirmed_by"):
        op.drop_column("data_requests", column)
    op.drop_column("complaints", "forgotten_at")
    op.drop_index("ix_legal_holds_person", "legal_holds")
    op.drop_index("ix_legal_holds_reference", "legal_holds")
    op.drop_table("legal_holds")
