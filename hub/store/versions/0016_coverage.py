"""Cameras as lenses and as the law files them; zones where none may look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _camera()
    op.create_table(
        "forbidden_zone",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("ring", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('fitting', 'toilet', 'dormitory')", name=op.f("ck_forbidden_zone_kind")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_forbidden_zone_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forbidden_zone")),
    )
    op.create_index(op.f("ix_forbidden_zone_market"), "forbidden_zone", ["market"])
    op.create_table(
        "zone_mask",
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("lens", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_zone_mask_camera_camera")),
        sa.ForeignKeyConstraint(
            ["zone"], ["forbidden_zone.id"], name=op.f("fk_zone_mask_zone_forbidden_zone")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_zone_mask_person_person")),
        sa.PrimaryKeyConstraint("camera", "zone", name=op.f("pk_zone_mask")),
    )
    op.create_table(
        "filing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_filing_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_filing_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
    )
    op.create_index(op.f("ix_filing_market"), "filing", ["market"])


def _camera() -> None:
    op.add_column("camera", sa.Column("height_m", sa.Double(), nullable=False, server_default=sa.text("3.2")))
    op.add_column(
        "camera", sa.Column("width_px", sa.Integer(), nullable=False, server_default=sa.text("1920"))
    )
    op.add_column("camera", sa.Column("measured", sa.JSON(), nullable=True))
    for name in ("kind", "operator", "legal_basis", "purpose"):
        op.add_column("camera", sa.Column(name, sa.String(), nullable=True))
    _retention()
    op.add_column("camera", sa.Column("sign", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("camera", sa.Column("sign_at", sa.Date(), nullable=True))


def _retention() -> None:
    """SQLite takes a check with its column, while a batch would build the table anew."""
    name, check = "ck_camera_retention", "retention_days >= 30"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE camera ADD COLUMN retention_days INTEGER CONSTRAINT {name} CHECK ({check})")
    else:
        op.add_column("camera", sa.Column("retention_days", sa.Integer(), nullable=True))
        op.create_check_constraint(op.f(name), "camera", check)
