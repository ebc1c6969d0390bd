"""Name each claim of a message, so that nobody takes another's claim for their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("claim", sa.String(16), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("outbox", "claim")
