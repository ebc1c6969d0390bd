"""Keep the days that an administrator published, and how far a change of the calendar has been carried through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OPEN = sa.text("status NOT IN ('closed', 'invalid', 'withdrawn', 'merged')")


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("calendar", "day", name="pk_calendar_days"),
    )
    op.create_table(
        "calendar_years",
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("calendar", "year", name="pk_calendar_years"),
    )
    op.create_table(
        "reckonings",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("calendars", sa.String(64), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(40), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.Column("earlier", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_reckonings"),
    )
    op.add_column("complaints", sa.Column("hold_asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_complaints_hold_asked", "complaints", ["hold_asked"])
    op.create_index("ix_complaints_open", "complaints", ["reference"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_index("ix_complaints_open", table_name="complaints")
    op.drop_index("ix_complaints_hold_asked", table_name="complaints")
    op.drop_column("complaints", "hold_asked")
    op.drop_table("reckonings")
    op.drop_table("calendar_years")
    op.drop_table("calendar_days")
