"""Find the message that a platform's report speaks of, and those that left as one with it."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_deliveries_external_id"), "deliveries", ["external_id"])
    op.create_index(op.f("ix_outbox_joined_to"), "outbox", ["joined_to"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_joined_to"), "outbox")
    op.drop_index(op.f("ix_deliveries_external_id"), "deliveries")
