"""Components, surveys, workrooms, appointments and elections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_limit",
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("stale_days", sa.Integer(), nullable=False),
        sa.Column("gap_days", sa.Integer(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stale_days > 0 AND gap_days > 0 AND term_months > 0", name=op.f("ck_register_limit_above")
        ),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_register_limit_market_market")),
        sa.PrimaryKeyConstraint("market", name=op.f("pk_register_limit")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.CheckConstraint("office IN ('leader', 'deputy')", name=op.f("ck_appointment_office")),
        sa.CheckConstraint("ends IS NULL OR ends >= begins", name=op.f("ck_appointment_span")),
        sa.CheckConstraint("made_by IS NULL OR made_by <> person", name=op.f("ck_appointment_apart")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_appointment_grid_grid")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_appointment_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_appointment_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_appointment_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_appointment_market_number")),
    )
    op.create_index(op.f("ix_appointment_grid"), "appointment", ["grid"])
    op.create_table(
        "workroom",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("spot", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_workroom_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_workroom_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workroom")),
        sa.UniqueConstraint("grid", name=op.f("uq_workroom_grid")),
    )
    op.create_index(op.f("ix_workroom_market"), "workroom", ["market"])
    op.create_table(
        "workroom_item",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workroom", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "item IN ('place', 'sign', 'equipment', 'people', 'rules')", name=op.f("ck_workroom_item_item")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_workroom_item_by_person")),
        sa.ForeignKeyConstraint(
            ["workroom"], ["workroom.id"], name=op.f("fk_workroom_item_workroom_workroom")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workroom_item")),
        sa.UniqueConstraint("workroom", "item", name=op.f("uq_workroom_item_workroom_item")),
    )
    op.create_table(
        "component",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("near", sa.String(), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("spot", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("verified_at", Moment(), nullable=False),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.CheckConstraint("condition IN ('good', 'faulty', 'missing')", name=op.f("ck_component_condition")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_component_market_market")),
        sa.ForeignKeyConstraint(["near"], ["shop.id"], name=op.f("fk_component_near_shop")),
        sa.ForeignKeyConstraint(["verified_by"], ["person.id"], name=op.f("fk_component_verified_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
    )
    op.create_index(op.f("ix_component_market_verified_at_id"), "component", ["market", "verified_at", "id"])
    op.create_index(op.f("ix_component_near"), "component", ["near"])
    op.create_table(
        "election",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("electors", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("by_lot", sa.Boolean(), nullable=False),
        sa.Column("centre", sa.String(), nullable=True),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("called_at", Moment(), nullable=False),
        sa.Column("called_by", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'decided') = (centre IS NOT NULL AND begins IS NOT NULL AND ends IS NOT NULL)",
            name=op.f("ck_election_decided"),
        ),
        sa.CheckConstraint("state IN ('called', 'decided', 'cancelled')", name=op.f("ck_election_state")),
        sa.CheckConstraint("way IN ('secret', 'open')", name=op.f("ck_election_way")),
        sa.CheckConstraint("deputy IS NULL OR deputy <> centre", name=op.f("ck_election_deputy")),
        sa.ForeignKeyConstraint(["called_by"], ["person.id"], name=op.f("fk_election_called_by_person")),
        sa.ForeignKeyConstraint(["centre"], ["shop.id"], name=op.f("fk_election_centre_shop")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_election_decided_by_person")),
        sa.ForeignKeyConstraint(["deputy"], ["shop.id"], name=op.f("fk_election_deputy_shop")),
        sa.ForeignKeyConstraint(["group"], ["shop_group.id"], name=op.f("fk_election_group_shop_group")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_election_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election")),
    )
    op.create_index(op.f("ix_election_group"), "election", ["group"])
    op.create_index(op.f("ix_election_market_state"), "election", ["market", "state"])
    op.create_index(
        "ix_election_open",
        "election",
        ["group"],
        unique=True,
        sqlite_where=sa.text("state = 'called'"),
        postgresql_where=sa.text("state = 'called'"),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_survey_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_survey_market_market")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_survey_shop_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_index(op.f("ix_survey_market"), "survey", ["market"])
    op.create_index(op.f("ix_survey_shop_at"), "survey", ["shop", "at"])
    op.create_table(
        "candidate",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("election", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_candidate_votes")),
        sa.ForeignKeyConstraint(["election"], ["election.id"], name=op.f("fk_candidate_election_election")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_candidate_shop_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("election", "shop", name=op.f("uq_candidate_election_shop")),
    )
    op.create_table(
        "component_check",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=True),
        sa.CheckConstraint(
            "condition IN ('good', 'faulty', 'missing')", name=op.f("ck_component_check_condition")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_component_check_by_person")),
        sa.ForeignKeyConstraint(
            ["component"], ["component.id"], name=op.f("fk_component_check_component_component")
        ),
        sa.ForeignKeyConstraint(["survey"], ["survey.id"], name=op.f("fk_component_check_survey_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_check")),
    )
    op.create_index(op.f("ix_component_check_component_at"), "component_check", ["component", "at"])
