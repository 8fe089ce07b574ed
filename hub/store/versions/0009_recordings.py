"""What edges have recorded, and what coding a clip anew has cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("began", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("torn", sa.Boolean(), nullable=False),
        sa.Column("hole_since", Moment(), nullable=True),
        sa.Column("hole_reason", sa.String(), nullable=True),
        sa.Column("hole_detail", sa.String(), nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_segment_camera_camera")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_segment_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("camera", "sha256", name=op.f("uq_segment_camera_sha256")),
    )
    op.create_index(op.f("ix_segment_camera_began"), "segment", ["camera", "began"])
    op.create_table(
        "recording",
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("kept_from", Moment(), nullable=True),
        sa.Column("days", sa.Double(), nullable=True),
        sa.Column("cores", sa.Double(), nullable=False),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_recording_camera_camera")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_recording_market_market")),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_market"), "recording", ["market"])
    op.add_column("media", sa.Column("cpu_s", sa.Double(), nullable=True))
