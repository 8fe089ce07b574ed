"""What is kept of messages that were received: scans, letters to be tried again, and how far was heard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store import partition
from hub.store.base import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dead_letter", sa.Column("state", sa.String(), nullable=False, server_default="open"))
    op.add_column("dead_letter", sa.Column("size", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("dead_letter", sa.Column("person", sa.String(), nullable=True))
    op.add_column("dead_letter", sa.Column("decided_at", Moment(), nullable=True))
    op.create_index("ix_dead_letter_state_market", "dead_letter", ["state", "market"])
    op.create_table(
        "inbox_mark",
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("device", "epoch", name=op.f("pk_inbox_mark")),
    )
    op.create_table(
        "inbox_given",
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("device", "epoch", "first", "last", name=op.f("pk_inbox_given")),
    )
    scans()


def scans() -> None:
    whole = op.get_bind().dialect.name != "postgresql"
    op.create_table(
        "scan_record",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("clock_source", sa.String(), nullable=False),
        sa.Column("clock_offset_ms", sa.Double(), nullable=False),
        # A table that is kept by month cannot have a key without its month; the inbox has refused repeats.
        sa.PrimaryKeyConstraint(*(["id"] if whole else ["id", "received_at"]), name=op.f("pk_scan_record")),
        postgresql_partition_by="RANGE (received_at)",
    )
    op.create_index("ix_scan_record_market_received_at_id", "scan_record", ["market", "received_at", "id"])
    if not whole:
        partition.begin(op.get_bind(), "scan_record")
