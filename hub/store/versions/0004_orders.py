"""What devices are told to do and to be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desired",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        *_referring("desired"),
        sa.UniqueConstraint("device", "version", name="uq_desired_device_version"),
    )
    op.create_index("ix_desired_state_next_at", "desired", ["state", "next_at"])
    op.create_table(
        "command",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        *_referring("command"),
        sa.UniqueConstraint("device", "counter", name="uq_command_device_counter"),
    )
    op.create_index("ix_command_state_next_at", "command", ["state", "next_at"])
    op.create_index("ix_command_device_id", "command", ["device", "id"])
    op.create_table(
        "twin",
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("firmware", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("epoch", sa.String(), nullable=True),
        sa.Column("clock_source", sa.String(), nullable=True),
        sa.Column("clock_offset_ms", sa.Double(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name="fk_twin_device_device"),
        sa.PrimaryKeyConstraint("device", name="pk_twin"),
    )
    op.create_table(
        "order_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_key"),
    )


def _referring(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=f"fk_{table}_market_market"),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=f"fk_{table}_device_device"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=f"fk_{table}_made_by_person"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
