"""Keep beside a complaint what today's numbers are counted by."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.storage.models import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN = sa.text("status NOT IN ('closed', 'invalid', 'withdrawn', 'merged')")
_PAGE = 500


def upgrade() -> None:
    op.add_column("complaints", sa.Column("mystery", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("complaints", sa.Column("names", sa.Text(), nullable=False, server_default=""))
    op.add_column("complaints", sa.Column("accepted_at", UtcDateTime(), nullable=True))
    op.add_column("complaints", sa.Column("rated_at", UtcDateTime(), nullable=True))
    op.add_column("complaints", sa.Column("satisfied", sa.Boolean(), nullable=True))
    _read_records()
    columns = ["site", "status", "severity", "due_at", "owner", "drill", "mystery", "names"]
    op.create_index("ix_complaints_board", "complaints", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_complaints_accepted_at", "complaints", ["accepted_at"])
    op.create_index("ix_complaints_rated_at", "complaints", ["rated_at"])


def _read_records() -> None:
    connection, after = op.get_bind(), ""
    complaints = sa.table(
        "complaints",
        sa.column("reference", sa.String),
        sa.column("record", sa.LargeBinary),
        sa.column("mystery", sa.Boolean),
        sa.column("names", sa.Text),
        sa.column("accepted_at", UtcDateTime()),
        sa.column("rated_at", UtcDateTime()),
        sa.column("satisfied", sa.Boolean),
    )
    while True:
        query = sa.select(complaints.c.reference, complaints.c.record).where(complaints.c.reference > after)
        rows = connection.execute(query.order_by(complaints.c.reference).limit(_PAGE)).all()
        for reference, record in rows:
            if known := _known(record):
                connection.execute(sa.update(complaints).where(complaints.c.reference == reference).values(known))
        if len(rows) < _PAGE:
            return
        after = rows[-1].reference


def _known(record: bytes) -> dict[str, Any]:
    """Return the columns that differ from their defaults; none where the record is damaged."""
    try:
        told = json.loads(record)
        rated = [each for each in told.get("surveys", ()) if each.get("answered_at") and each.get("rating")]
        known: dict[str, Any] = {
            "mystery": bool(told.get("mystery")),
            "names": "".join(f"{who}," for who in sorted(told.get("respondents", ()))),
            "accepted_at": _moment(told.get("accepted_at")),
        }
        if rated:
            last = rated[-1]
            score = last.get("score")
            good = score >= 4 if score is not None else last["rating"] == "satisfied"
            known |= {"rated_at": _moment(last["answered_at"]), "satisfied": good}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    if known["names"]:
        known["names"] = f",{known['names']}"
    return {name: value for name, value in known.items() if value not in (None, False, "") or name == "satisfied"}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def downgrade() -> None:
    for name in ("ix_complaints_rated_at", "ix_complaints_accepted_at", "ix_complaints_board"):
        op.drop_index(name, "complaints")
    for column in ("satisfied", "rated_at", "accepted_at", "names", "mystery"):
        op.drop_column("complaints", column)
