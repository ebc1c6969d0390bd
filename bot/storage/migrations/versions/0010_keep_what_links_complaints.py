"""Keep what links complaints of the same matter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("first", sa.String(40), nullable=False),
        sa.Column("second", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("first", "second", name="pk_links"),
    )
    op.create_index("ix_links_second", "links", ["second"])
    op.create_index("ix_complaints_matter", "complaints", ["site", "category", "received_at"])


def downgrade() -> None:
    op.drop_index("ix_complaints_matter", "complaints")
    op.drop_index("ix_links_second", "links")
    op.drop_table("links")
