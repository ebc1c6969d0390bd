"""Find people by their phone number and mail address: one person writes on several channels."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_people_phone", "people", ["phone"])
    op.create_index("ix_people_email", "people", ["email"])


def downgrade() -> None:
    op.drop_index("ix_people_email", "people")
    op.drop_index("ix_people_phone", "people")
