"""What is drawn on cameras' pictures, as edges have it in force, and what was tried on recordings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scene",
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_scene_camera_camera")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_scene_market_market")),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_scene")),
    )
    op.create_index(op.f("ix_scene_market"), "scene", ["market"])
    op.create_table(
        "replay",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("begin", Moment(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("heard_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_replay_camera_camera")),
        sa.ForeignKeyConstraint(["id"], ["command.id"], name=op.f("fk_replay_id_command")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_replay_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_replay_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay")),
    )
    op.create_index(op.f("ix_replay_camera_made_at"), "replay", ["camera", "made_at"])
    op.create_index(op.f("ix_replay_market"), "replay", ["market"])
