"""Keep sites, the rota and who is away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


_OF_STAFF = ("sites", "stages", "channels")


def upgrade() -> None:
    for name in _OF_STAFF:
        op.add_column("people", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("people", sa.Column("given_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rooms", sa.Column("site", sa.String(40), nullable=False, server_default=""))
    op.add_column("complaints", sa.Column("nobody_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_complaints_nobody_since", "complaints", ["nobody_since"])
    op.create_table(
        "sites",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("head", sa.String(32), nullable=True),
        sa.Column("duty", sa.String(32), nullable=True),
        sa.Column("duty_role", sa.String(16), nullable=False),
        sa.Column("backup", sa.String(32), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_sites"),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("starts", sa.String(5), nullable=False),
        sa.Column("ends", sa.String(5), nullable=False),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(32), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shifts"),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stand_in", sa.String(32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("decided_by", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_state_start", "absences", ["state", "start"])
    op.create_index("ix_absences_person", "absences", ["person"])


def downgrade() -> None:
    for table in ("absences", "shifts", "sites"):
        op.drop_table(table)
    op.drop_index("ix_complaints_nobody_since", "complaints")
    op.drop_column("complaints", "nobody_since")
    op.drop_column("rooms", "site")
    for name in ("given_at", *_OF_STAFF):
        op.drop_column("people", name)
