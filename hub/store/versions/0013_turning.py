"""Cameras that can be turned, and who has one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turning",
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("presets", sa.JSON(), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("began", Moment(), nullable=True),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("preset", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_turning_camera_camera")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_turning_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_turning_person_person")),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_turning")),
    )
    op.create_index(op.f("ix_turning_market"), "turning", ["market"])
