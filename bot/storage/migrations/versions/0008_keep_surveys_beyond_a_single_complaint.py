"""Keep surveys beyond a single complaint."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("people", sa.Column("tester", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "campaigns",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("questionnaire", sa.String(64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        sa.UniqueConstraint("name", name="uq_campaigns_name"),
    )
    op.create_table(
        "surveyed",
        sa.Column("campaign", _ID, nullable=False, autoincrement=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("detail", sa.String(40), nullable=False),
        sa.Column("asked", sa.String(40), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("campaign", "person", name="pk_surveyed"),
    )
    op.create_index("ix_surveyed_state_campaign", "surveyed", ["state", "campaign"])
    op.create_index("ix_surveyed_person", "surveyed", ["person"])


def downgrade() -> None:
    op.drop_table("surveyed")
    op.drop_table("campaigns")
    op.drop_column("people", "tester")
