"""What stands above a market."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('street', 'district')", name=op.f("ck_area_kind")),
        sa.ForeignKeyConstraint(["parent"], ["area.id"], name=op.f("fk_area_parent_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
    )
    # SQLite adds a column with its reference in place; a batch would build the table, and all that refers to
    # it, anew.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE market ADD COLUMN area VARCHAR CONSTRAINT fk_market_area_area REFERENCES area (id)"
        )
    else:
        op.add_column("market", sa.Column("area", sa.String(), nullable=True))
        op.create_foreign_key(op.f("fk_market_area_area"), "market", "area", ["area"], ["id"])
    op.create_index(op.f("ix_market_area"), "market", ["area"])
    number_by_market()


def number_by_market() -> None:
    """Let each market count its alerts and cases for itself.

    A file of SQLite made before keeps its stricter key, which cannot be changed in place; it has one market.
    """
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("alert", "case"):
        op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS uq_{table}_number')
        op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS uq_{table}_market_number')
        op.create_unique_constraint(op.f(f"uq_{table}_market_number"), table, ["market", "number"])
