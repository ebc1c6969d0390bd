"""Keep the small files that go out with a line of a web chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat_lines", sa.Column("files", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("chat_lines", "files")
