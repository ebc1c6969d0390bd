"""Remember which menu a chat shows, and in the log of the web chat from which line on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("addresses", sa.Column("menu", sa.Text(), nullable=False, server_default=""))
    op.add_column("chat_lines", sa.Column("menu", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("chat_lines", "menu")
    op.drop_column("addresses", "menu")
