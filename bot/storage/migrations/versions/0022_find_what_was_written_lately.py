"""Find what was decided on for somebody lately: who has twenty thousand messages is written to at no greater cost."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_lane_created_at", "outbox", ["lane", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_lane_created_at", "outbox")
