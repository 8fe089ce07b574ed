"""Checkpoints with their codes, plans, rounds, visits, dangers found, who walks alone, what phones said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "said",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("zh", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_said_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_said_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said")),
    )
    op.create_index(op.f("ix_said_person_received_at"), "said", ["person", "received_at"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("key", sa.Boolean(), nullable=False),
        sa.Column("tag", sa.String(), nullable=True),
        sa.Column("fence_m", sa.Double(), nullable=True),
        sa.Column("dwell_s", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_checkpoint_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_checkpoint_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_checkpoint_market_number")),
        sa.UniqueConstraint("market", "tag", name=op.f("uq_checkpoint_market_tag")),
    )
    op.create_index(op.f("ix_checkpoint_grid"), "checkpoint", ["grid"], unique=False)
    op.create_table(
        "patrol_plan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("mix", sa.JSON(), nullable=True),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('round', 'fire', 'sweep', 'key', 'danger')", name=op.f("ck_patrol_plan_kind")
        ),
        sa.CheckConstraint("ends IS NULL OR ends >= begins", name=op.f("ck_patrol_plan_span")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_patrol_plan_grid_grid")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_patrol_plan_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_patrol_plan_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_plan")),
    )
    op.create_index(op.f("ix_patrol_plan_market_grid"), "patrol_plan", ["market", "grid"], unique=False)
    op.create_table(
        "checkpoint_code",
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoint.id"], name=op.f("fk_checkpoint_code_checkpoint_checkpoint")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_checkpoint_code_made_by_person")),
        sa.PrimaryKeyConstraint("checkpoint", "serial", name=op.f("pk_checkpoint_code")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("opens_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("started_by", sa.String(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("judged_at", Moment(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'walking', 'done', 'missed')", name=op.f("ck_round_state")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_round_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_round_market_market")),
        sa.ForeignKeyConstraint(["plan"], ["patrol_plan.id"], name=op.f("fk_round_plan_patrol_plan")),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_round_started_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("plan", "due_at", name=op.f("uq_round_plan_due_at")),
    )
    op.create_index(op.f("ix_round_market_day"), "round", ["market", "day"], unique=False)
    columns = ["market", "grid", "closes_at"]
    op.create_index(op.f("ix_round_judged_at_closes_at"), "round", ["judged_at", "closes_at"], unique=False)
    op.create_index(op.f("ix_round_market_grid_closes_at"), "round", columns, unique=False)
    op.create_index(op.f("ix_round_state_closes_at"), "round", ["state", "closes_at"], unique=False)
    op.create_table(
        "danger_check",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=True),
        sa.Column("checkpoint", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("case", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_danger_check_case_case")),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoint.id"], name=op.f("fk_danger_check_checkpoint_checkpoint")
        ),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_danger_check_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_danger_check_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_danger_check_person_person")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_danger_check_round_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_danger_check")),
    )
    op.create_index(op.f("ix_danger_check_market_at"), "danger_check", ["market", "at"], unique=False)
    op.create_index(op.f("ix_danger_check_round"), "danger_check", ["round"], unique=False)
    op.create_table(
        "lone_watch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("person_on", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=True),
        sa.Column("alert", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_lone_watch_alert_alert")),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoint.id"], name=op.f("fk_lone_watch_checkpoint_checkpoint")
        ),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_lone_watch_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_lone_watch_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_lone_watch_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lone_watch")),
        sa.UniqueConstraint("person_on", name=op.f("uq_lone_watch_person_on")),
    )
    op.create_index(op.f("ix_lone_watch_state_due_at"), "lone_watch", ["state", "due_at"], unique=False)
    op.create_table(
        "round_photo",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=True),
        sa.Column("checkpoint", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoint.id"], name=op.f("fk_round_photo_checkpoint_checkpoint")
        ),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_round_photo_market_market")),
        sa.ForeignKeyConstraint(["media"], ["media.id"], name=op.f("fk_round_photo_media_media")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_round_photo_person_person")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_round_photo_round_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_photo")),
    )
    op.create_index(op.f("ix_round_photo_media"), "round_photo", ["media"], unique=False)
    op.create_index(op.f("ix_round_photo_round"), "round_photo", ["round"], unique=False)
    op.create_table(
        "skip",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("media", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoint.id"], name=op.f("fk_skip_checkpoint_checkpoint")
        ),
        sa.ForeignKeyConstraint(["media"], ["media.id"], name=op.f("fk_skip_media_media")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_skip_person_person")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_skip_round_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skip")),
    )
    op.create_index(op.f("ix_skip_media"), "skip", ["media"], unique=False)
    op.create_index(op.f("ix_skip_round"), "skip", ["round"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=True),
        sa.Column("walker", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("away_m", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("frame", sa.String(), nullable=True),
        sa.Column("media", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoint.id"], name=op.f("fk_visit_checkpoint_checkpoint")
        ),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_visit_market_market")),
        sa.ForeignKeyConstraint(["media"], ["media.id"], name=op.f("fk_visit_media_media")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_visit_round_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_checkpoint_at"), "visit", ["checkpoint", "at"], unique=False)
    op.create_index(op.f("ix_visit_market_at"), "visit", ["market", "at"], unique=False)
    op.create_index(op.f("ix_visit_media"), "visit", ["media"], unique=False)
    op.create_index(op.f("ix_visit_round"), "visit", ["round"], unique=False)
    op.create_index("uq_visit_same", "visit", ["checkpoint", "walker", "at"], unique=True)
