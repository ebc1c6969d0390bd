"""Keep what the desk works with: drills apart, the soonest limit, canned words, what a form has been told so far."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from bot.storage.models import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OPEN = sa.text("status NOT IN ('closed', 'invalid', 'withdrawn', 'merged')")
_WAITING = sa.text("status IN ('new', 'under_review', 'accepted')")
_PAGE = 500


def upgrade() -> None:
    op.create_index("ix_outbox_lane_notice_id", "outbox", ["lane", "notice", "id"])
    op.add_column("complaints", sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("complaints", sa.Column("due_at", UtcDateTime(), nullable=True))
    op.add_column("tasks", sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index("ix_tasks_open_assignee", "tasks")
    op.create_index("ix_tasks_open_assignee_drill", "tasks", ["open", "assignee", "drill"])
    op.add_column("addresses", sa.Column("tools", sa.Text(), nullable=False, server_default=""))
    _reckon_due()
    for name, columns, where in (
        ("ix_complaints_queue", ["severity", "received_at", "reference"], _OPEN),
        ("ix_complaints_queue_site", ["site", "severity", "received_at", "reference"], _OPEN),
        ("ix_complaints_queue_due", ["due_at", "reference"], _OPEN),
        ("ix_complaints_waiting", ["severity", "received_at", "reference"], _WAITING),
    ):
        op.create_index(name, "complaints", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "phrases",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(32), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_phrases"),
        sa.UniqueConstraint("title", name="uq_phrases_title"),
    )


def _reckon_due() -> None:
    """Write the soonest running limit of every open complaint beside its record."""
    connection, after = op.get_bind(), ""
    complaints = sa.table(
        "complaints",
        sa.column("reference", sa.String),
        sa.column("status", sa.String),
        sa.column("record", sa.LargeBinary),
        sa.column("due_at", UtcDateTime()),
    )
    while True:
        query = sa.select(complaints.c.reference, complaints.c.record).where(_OPEN, complaints.c.reference > after)
        rows = connection.execute(query.order_by(complaints.c.reference).limit(_PAGE)).all()
        for reference, record in rows:
            due = _soonest(record)
            if due is not None:
                one = sa.update(complaints).where(complaints.c.reference == reference)
                connection.execute(one.values(due_at=due))
        if len(rows) < _PAGE:
            return
        after = rows[-1].reference


def _soonest(record: bytes) -> datetime | None:
    """Return the soonest limit that runs; None where none does, or the record is damaged."""
    try:
        told = json.loads(record)
        since = told.get("resolved_at") if told["status"] == "resolved" else None
        running = [
            datetime.fromisoformat(each["due_at"])
            for each in told.get("deadlines", ())
            if not each.get("met_at")
            and not each.get("ended_at")
            and each["round"] == told.get("round", 1)
            and (since is None or each["started_at"] >= since)
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return min(running, default=None)


def downgrade() -> None:
    op.drop_index("ix_outbox_lane_notice_id", "outbox")
    op.drop_table("phrases")
    for name in ("ix_complaints_waiting", "ix_complaints_queue_due", "ix_complaints_queue_site", "ix_complaints_queue"):
        op.drop_index(name, "complaints")
    op.drop_column("addresses", "tools")
    op.drop_index("ix_tasks_open_assignee_drill", "tasks")
    op.create_index("ix_tasks_open_assignee", "tasks", ["open", "assignee"])
    op.drop_column("tasks", "drill")
    op.drop_column("complaints", "due_at")
    op.drop_column("complaints", "drill")
