"""Guards' rosters with covers and loans, days off, the handover book, attendance, tasks and equipment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _roster()
    _roster_cell()
    _roster_read()
    _cover()
    _loan()
    _days_off()
    _handover()
    _attendance()
    _task()
    _asset()
    _asset_move()
    _duty()


def _roster() -> None:
    op.create_table(
        "roster",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("job", sa.JSON(), nullable=True),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state = 'draft' OR published_by IS NOT NULL", name=op.f("ck_roster_signed")),
        sa.CheckConstraint("state IN ('draft', 'published', 'replaced')", name=op.f("ck_roster_state")),
        sa.CheckConstraint("ends >= begins", name=op.f("ck_roster_span")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_roster_grid_grid")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_roster_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_roster_market_market")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_roster_published_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
    )
    op.create_index(
        "ix_roster_draft",
        "roster",
        ["grid", "begins"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        "ix_roster_holds",
        "roster",
        ["grid", "begins"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index(op.f("ix_roster_market_begins"), "roster", ["market", "begins"])


def _roster_cell() -> None:
    op.create_table(
        "roster_cell",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("roster", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.Column("covers", sa.String(), nullable=True),
        sa.CheckConstraint("covers IS NULL OR covers <> person", name=op.f("ck_roster_cell_apart")),
        sa.ForeignKeyConstraint(["covers"], ["person.id"], name=op.f("fk_roster_cell_covers_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_roster_cell_person_person")),
        sa.ForeignKeyConstraint(["roster"], ["roster.id"], name=op.f("fk_roster_cell_roster_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_cell")),
        sa.UniqueConstraint("roster", "person", "day", name=op.f("uq_roster_cell_roster_person_day")),
    )
    op.create_index(op.f("ix_roster_cell_person"), "roster_cell", ["person"])


def _roster_read() -> None:
    op.create_table(
        "roster_read",
        sa.Column("roster", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_roster_read_person_person")),
        sa.ForeignKeyConstraint(["roster"], ["roster.id"], name=op.f("fk_roster_read_roster_roster")),
        sa.PrimaryKeyConstraint("roster", "person", name=op.f("pk_roster_read")),
    )


def _cover() -> None:
    op.create_table(
        "cover",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("roster", sa.String(), nullable=False),
        sa.Column("absent", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("consents", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'agreed', 'declined', 'withdrawn', 'lapsed')", name=op.f("ck_cover_state")
        ),
        sa.ForeignKeyConstraint(["absent"], ["person.id"], name=op.f("fk_cover_absent_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_cover_asked_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_cover_market_market")),
        sa.ForeignKeyConstraint(["roster"], ["roster.id"], name=op.f("fk_cover_roster_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index(op.f("ix_cover_market"), "cover", ["market"])
    op.create_index(op.f("ix_cover_roster_day"), "cover", ["roster", "day"])


def _loan() -> None:
    op.create_table(
        "loan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("grid_from", sa.String(), nullable=False),
        sa.Column("grid_to", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("lent_by", sa.String(), nullable=True),
        sa.Column("lent_at", Moment(), nullable=True),
        sa.Column("agreed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'declined', 'ended')", name=op.f("ck_loan_state")),
        sa.CheckConstraint("ends >= begins", name=op.f("ck_loan_span")),
        sa.CheckConstraint("grid_from <> grid_to", name=op.f("ck_loan_apart")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_loan_asked_by_person")),
        sa.ForeignKeyConstraint(["grid_from"], ["grid.id"], name=op.f("fk_loan_grid_from_grid")),
        sa.ForeignKeyConstraint(["grid_to"], ["grid.id"], name=op.f("fk_loan_grid_to_grid")),
        sa.ForeignKeyConstraint(["lent_by"], ["person.id"], name=op.f("fk_loan_lent_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_loan_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_loan_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
    )
    op.create_index(op.f("ix_loan_market_ends"), "loan", ["market", "ends"])
    op.create_index(op.f("ix_loan_person"), "loan", ["person"])


def _days_off() -> None:
    op.create_table(
        "days_off",
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("put_by", sa.String(), nullable=False),
        sa.Column("put_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_days_off_market_market")),
        sa.ForeignKeyConstraint(["put_by"], ["person.id"], name=op.f("fk_days_off_put_by_person")),
        sa.PrimaryKeyConstraint("market", "year", name=op.f("pk_days_off")),
    )


def _handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("matters", sa.JSON(), nullable=False),
        sa.Column("kit", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=True),
        sa.Column("given_at", Moment(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("taken_by IS NULL OR given_by IS NOT NULL", name=op.f("ck_handover_given")),
        sa.CheckConstraint("taken_by IS NULL OR taken_by <> given_by", name=op.f("ck_handover_apart")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_handover_given_by_person")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_handover_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_handover_market_market")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_handover_taken_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("grid", "at", name=op.f("uq_handover_grid_at")),
    )
    op.create_index(op.f("ix_handover_market"), "handover", ["market"])


def _attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("begins", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.Column("armband", sa.String(), nullable=True),
        sa.Column("in_at", Moment(), nullable=True),
        sa.Column("out_at", Moment(), nullable=True),
        sa.Column("told_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_attendance_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_attendance_person_person")),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_market_begins"), "attendance", ["market", "begins"])
    op.create_index(op.f("ix_attendance_person_begins"), "attendance", ["person", "begins"])


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("certificate", sa.String(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("took_part", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('drill', 'training', 'certificate', 'other')", name=op.f("ck_task_kind")
        ),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name=op.f("ck_task_done")),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.id"], name=op.f("fk_task_certificate_certificate")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_task_done_by_person")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_task_grid_grid")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_task_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_task_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_task_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("certificate", name=op.f("uq_task_certificate")),
    )
    op.create_index(op.f("ix_task_market_due"), "task", ["market", "due"])


def _asset() -> None:
    op.create_table(
        "asset",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.CheckConstraint("(state = 'out') = (person IS NOT NULL)", name=op.f("ck_asset_holder")),
        sa.CheckConstraint("state IN ('in', 'out', 'repair', 'retired')", name=op.f("ck_asset_state")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_asset_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_asset_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_asset_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("market", "label", name=op.f("uq_asset_market_label")),
    )
    op.create_index(op.f("ix_asset_grid"), "asset", ["grid"])


def _asset_move() -> None:
    op.create_table(
        "asset_move",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("asset", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('in', 'out', 'repair', 'retired')", name=op.f("ck_asset_move_state")),
        sa.ForeignKeyConstraint(["asset"], ["asset.id"], name=op.f("fk_asset_move_asset_asset")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_asset_move_by_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_asset_move_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_move")),
    )
    op.create_index(op.f("ix_asset_move_asset_at"), "asset_move", ["asset", "at"])


def _duty() -> None:
    """Whose roster a duty stands in; SQLite adds a reference in place, a batch would build the table anew."""
    name = "fk_duty_roster_roster"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE duty ADD COLUMN roster VARCHAR CONSTRAINT {name} REFERENCES roster (id)")
    else:
        op.add_column("duty", sa.Column("roster", sa.String(), nullable=True))
        op.create_foreign_key(op.f(name), "duty", "roster", ["roster"], ["id"])
    op.create_index(op.f("ix_duty_roster"), "duty", ["roster"])
