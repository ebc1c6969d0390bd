"""Group chats, files, versions of what was said, and what a conversation was last about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("bind_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("about_in", sa.String(length=320), nullable=True),
        sa.Column("about_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("room", sa.String(length=320), nullable=True),
        sa.Column("room_message", sa.String(length=1024), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("addresses", column)
    op.add_column("messages", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("messages", sa.Column("verb", sa.String(length=24), nullable=False, server_default=""))
    op.add_column("messages", sa.Column("album", sa.String(length=200), nullable=True))
    op.create_index(op.f("ix_messages_album"), "messages", ["album"])

    op.create_table(
        "rooms",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_rooms")),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("inbox_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("room", sa.Boolean(), nullable=False),
        sa.Column("reply_to", sa.String(length=1024), nullable=True),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    for column_names in (["reference"], ["person"], ["state", "due_at"]):
        op.create_index(op.f(f"ix_files_{'_'.join(column_names)}"), "files", column_names)


def downgrade() -> None:
    op.drop_table("files")
    op.drop_table("rooms")
    op.drop_index(op.f("ix_messages_album"), "messages")
    for name in ("album", "verb", "version"):
        op.drop_column("messages", name)
    for name in ("nudged_at", "room_message", "room", "about_at", "about_in", "about", "bind_failed_at"):
        op.drop_column("addresses", name)
