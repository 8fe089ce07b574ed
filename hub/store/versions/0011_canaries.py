"""Commands that the hub gives by itself, and how each camera's daily canary went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("command") as command:
        command.alter_column("made_by", existing_type=sa.String(), nullable=True)
    op.create_table(
        "canary",
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("ordered_at", Moment(), nullable=False),
        sa.Column("good_at", Moment(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_canary_camera_camera")),
        sa.ForeignKeyConstraint(["command"], ["command.id"], name=op.f("fk_canary_command_command")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_canary_market_market")),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_canary")),
    )
    op.create_index(op.f("ix_canary_market"), "canary", ["market"])
