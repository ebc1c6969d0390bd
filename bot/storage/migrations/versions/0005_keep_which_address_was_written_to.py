"""Keep which of our addresses a message was written to, or came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("own_address", sa.String(length=320), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "own_address")
