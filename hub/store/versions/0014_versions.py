"""The market from day to day: premises, grids and groups with dates, plans, businesses and tenancies.

What stood before has stood always; from then on a day changes only what is said of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ALWAYS = sa.text("'1970-01-01'")
NOTHING = sa.text("''")
LASTING = sa.text("ends IS NULL")
UNDER_WAY = sa.text("state IN ('submitted', 'approved')")


def upgrade() -> None:
    _ground()
    _plan()
    _placement()
    _business()
    op.execute(
        'INSERT INTO placement (shop, begins, market, grid, "group") '
        "SELECT id, '1970-01-01', market, grid, \"group\" FROM shop"
    )
    op.execute(
        'INSERT INTO centre ("group", begins, shop) '
        "SELECT g.id, '1970-01-01', g.centre FROM shop_group g JOIN shop s ON s.id = g.centre"
    )


def _ground() -> None:
    op.add_column("street", sa.Column("line", sa.JSON(), nullable=True))
    op.add_column("street", sa.Column("width", sa.Double(), nullable=True))
    _refer("street", "hall", "hall")
    op.add_column("grid", sa.Column("centre", sa.String(), nullable=True))
    for table in ("grid", "shop_group", "shop"):
        op.add_column(table, sa.Column("begins", sa.Date(), nullable=False, server_default=ALWAYS))
        op.add_column(table, sa.Column("ends", sa.Date(), nullable=True))
    _refer("shop", "street", "street")
    op.add_column("shop", sa.Column("work", sa.Double(), nullable=False, server_default=sa.text("1")))
    for name in ("trade", "fire_class", "hours"):
        op.add_column("shop", sa.Column(name, sa.String(), nullable=False, server_default=NOTHING))
    op.add_column("shop", sa.Column("verified_at", Moment(), nullable=True))


def _refer(table: str, column: str, other: str) -> None:
    """Add a reference; SQLite adds it in place, while a batch would build the table anew."""
    name = f"fk_{table}_{column}_{other}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR CONSTRAINT {name} REFERENCES {other} (id)"
        )
    else:
        op.add_column(table, sa.Column(column, sa.String(), nullable=True))
        op.create_foreign_key(op.f(name), table, other, [column], ["id"])


def _plan() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("submitted_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("job", sa.JSON(), nullable=True),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('grids', 'groups', 'hand')", name=op.f("ck_plan_kind")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'applied', 'withdrawn', 'rejected', 'undone')",
            name=op.f("ck_plan_state"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR (decided_by <> made_by AND decided_by <> submitted_by)",
            name=op.f("ck_plan_apart"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'applied', 'rejected', 'undone') OR decided_by IS NOT NULL",
            name=op.f("ck_plan_decided"),
        ),
        sa.CheckConstraint("state = 'draft' OR submitted_by IS NOT NULL", name=op.f("ck_plan_handed")),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_plan_{column}_person"))
            for column in ("made_by", "submitted_by", "decided_by", "undone_by")
        ),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_plan_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_plan_market_number")),
    )
    op.create_index(op.f("ix_plan_market"), "plan", ["market"])
    op.create_index(
        "ix_plan_under_way",
        "plan",
        ["market"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    op.create_table(
        "plan_change",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("grid_from", sa.String(), nullable=False),
        sa.Column("grid_to", sa.String(), nullable=False),
        sa.Column("group_from", sa.String(), nullable=True),
        sa.Column("group_to", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("walk_from", sa.Double(), nullable=True),
        sa.Column("walk_to", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_plan_change_plan_plan")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_plan_change_shop_shop")),
        sa.PrimaryKeyConstraint("plan", "shop", name=op.f("pk_plan_change")),
    )


def _placement() -> None:
    op.create_table(
        "placement",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.CheckConstraint("ends IS NULL OR ends > begins", name=op.f("ck_placement_span")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_placement_shop_shop")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_placement_market_market")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_placement_grid_grid")),
        sa.ForeignKeyConstraint(["group"], ["shop_group.id"], name=op.f("fk_placement_group_shop_group")),
        sa.ForeignKeyConstraint(["version"], ["plan.id"], name=op.f("fk_placement_version_plan")),
        sa.PrimaryKeyConstraint("shop", "begins", name=op.f("pk_placement")),
    )
    _lasting("placement", "shop")
    for first in ("market", "grid", "group"):
        op.create_index(op.f(f"ix_placement_{first}_begins"), "placement", [first, "begins"])
    op.create_table(
        "centre",
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=True),
        sa.CheckConstraint("ends IS NULL OR ends > begins", name=op.f("ck_centre_span")),
        sa.ForeignKeyConstraint(["group"], ["shop_group.id"], name=op.f("fk_centre_group_shop_group")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_centre_shop_shop")),
        sa.ForeignKeyConstraint(["version"], ["plan.id"], name=op.f("fk_centre_version_plan")),
        sa.PrimaryKeyConstraint("group", "begins", name=op.f("pk_centre")),
    )
    _lasting("centre", "group")


def _business() -> None:
    op.create_table(
        "business",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("primary_shop", sa.String(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_business_market_market")),
        sa.ForeignKeyConstraint(["primary_shop"], ["shop.id"], name=op.f("fk_business_primary_shop_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business")),
    )
    op.create_index(op.f("ix_business_market"), "business", ["market"])
    op.create_table(
        "tenancy",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("business", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.CheckConstraint("ends IS NULL OR ends > begins", name=op.f("ck_tenancy_span")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_tenancy_market_market")),
        sa.ForeignKeyConstraint(["business"], ["business.id"], name=op.f("fk_tenancy_business_business")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_tenancy_shop_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy")),
    )
    _lasting("tenancy", "shop")
    op.create_index(op.f("ix_tenancy_business"), "tenancy", ["business"])
    op.create_index(op.f("ix_tenancy_market_shop"), "tenancy", ["market", "shop"])


def _lasting(table: str, key: str) -> None:
    """One interval without an end for each."""
    op.create_index(
        f"ix_{table}_lasting", table, [key], unique=True, sqlite_where=LASTING, postgresql_where=LASTING
    )
