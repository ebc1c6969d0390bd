"""Give each list of the desk an index of its own, instead of one on the status that serves none of them well."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TO_PHONE = sa.text("status IN ('resolved', 'proposed')")


def upgrade() -> None:
    op.drop_index("ix_complaints_status", "complaints")
    op.create_index("ix_complaints_closed_at", "complaints", ["closed_at"])
    op.create_index(
        "ix_complaints_to_phone",
        "complaints",
        ["status", "received_at"],
        sqlite_where=_TO_PHONE,
        postgresql_where=_TO_PHONE,
    )


def downgrade() -> None:
    op.drop_index("ix_complaints_to_phone", "complaints")
    op.drop_index("ix_complaints_closed_at", "complaints")
    op.create_index("ix_complaints_status", "complaints", ["status"])
