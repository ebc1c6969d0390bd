"""Say why a message waits, which message carried it, and who keeps us out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waits", sa.String(length=12), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("joined_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.drop_index("ix_outbox_state_due_at")
        batch_op.create_index("ix_outbox_state_due_at_id", ["state", "due_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state_due_at_id")
        batch_op.create_index("ix_outbox_state_due_at", ["state", "due_at"], unique=False)
        batch_op.drop_column("joined_to")
        batch_op.drop_column("waits")
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.drop_column("blocked_at")
