"""Make procrastinate's tables, on PostgreSQL, and find what waits in a conversation without looking through all that waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

_STORED = sa.text("state = 'stored'")


def upgrade() -> None:
    op.create_index(
        "ix_inbox_lanes",
        "inbox",
        ["channel", "conversation", "id"],
        sqlite_where=_STORED,
        postgresql_where=_STORED,
    )
    if op.get_bind().dialect.name == "postgresql":
        from procrastinate.schema import SchemaManager

        _run(SchemaManager.get_schema())


def downgrade() -> None:
    op.drop_index("ix_inbox_lanes", "inbox")
    if op.get_bind().dialect.name == "postgresql":
        _run(
            "DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers;"
            "DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type CASCADE;"
        )


def _run(statements: str) -> None:
    """Run several statements as they are: the driver takes more than one only where there are no parameters."""
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(statements)
    finally:
        cursor.close()
