"""Turns of shop groups, what is done on them, leave, closed days, swaps, and calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turn_hours",
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("confirm_by", sa.Time(), nullable=False),
        sa.Column("enter_by", sa.Time(), nullable=False),
        sa.Column("opening_by", sa.Time(), nullable=False),
        sa.Column("noon_by", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("apart", sa.Integer(), nullable=False),
        sa.CheckConstraint("apart >= 1", name=op.f("ck_turn_hours_apart")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_turn_hours_market_market")),
        sa.PrimaryKeyConstraint("market", name=op.f("pk_turn_hours")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('group', 'shop', 'person')", name=op.f("ck_calendar_feed_kind")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_calendar_feed_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_calendar_feed_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_made_by"), "calendar_feed", ["made_by"])
    op.create_table(
        "rotation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("job", sa.JSON(), nullable=True),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'published', 'discarded')", name=op.f("ck_rotation_state")),
        sa.CheckConstraint("last >= first", name=op.f("ck_rotation_span")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_rotation_decided_by_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_rotation_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_rotation_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation")),
    )
    op.create_index(op.f("ix_rotation_market_made_at"), "rotation", ["market", "made_at"])
    op.create_table(
        "swap",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("taken", sa.String(), nullable=True),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('turn', 'cell')", name=op.f("ck_swap_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'agreed', 'refused', 'withdrawn', 'lapsed')", name=op.f("ck_swap_state")
        ),
        sa.CheckConstraint("asker <> asked", name=op.f("ck_swap_two")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_swap_asked_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_swap_decided_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_swap_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap")),
    )
    op.create_index(op.f("ix_swap_market_state"), "swap", ["market", "state"])
    op.create_index(
        "ix_swap_open",
        "swap",
        ["given"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(op.f("ix_swap_taken"), "swap", ["taken"])
    op.create_table(
        "closed_day",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["shop_group.id"], name=op.f("fk_closed_day_group_shop_group")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_closed_day_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_closed_day_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_day")),
        sa.UniqueConstraint("market", "group", "day", name=op.f("uq_closed_day_market_group_day")),
    )
    op.create_index(op.f("ix_closed_day_market_day"), "closed_day", ["market", "day"])
    op.create_table(
        "leave",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("shift", sa.String(), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('leave', 'wanted', 'unwanted')", name=op.f("ck_leave_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f("ck_leave_state")
        ),
        sa.CheckConstraint("(shop IS NULL) <> (person IS NULL)", name=op.f("ck_leave_whose")),
        sa.CheckConstraint("last >= first", name=op.f("ck_leave_span")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_leave_asked_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_leave_decided_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_leave_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_leave_person_person")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_leave_shop_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index(op.f("ix_leave_market_last"), "leave", ["market", "last"])
    op.create_index(op.f("ix_leave_person_last"), "leave", ["person", "last"])
    op.create_index(op.f("ix_leave_shop_last"), "leave", ["shop", "last"])
    op.create_table(
        "turn",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shop", sa.String(), nullable=True),
        sa.Column("buddy", sa.String(), nullable=True),
        sa.Column("why_zh", sa.String(), nullable=False),
        sa.Column("why_en", sa.String(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("rotation", sa.String(), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.Column("missed_at", Moment(), nullable=True),
        sa.CheckConstraint("shop IS NOT NULL OR why_en <> ''", name=op.f("ck_turn_explained")),
        sa.CheckConstraint("buddy IS NULL OR buddy <> shop", name=op.f("ck_turn_buddy")),
        sa.ForeignKeyConstraint(["buddy"], ["shop.id"], name=op.f("fk_turn_buddy_shop")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_turn_confirmed_by_person")),
        sa.ForeignKeyConstraint(["group"], ["shop_group.id"], name=op.f("fk_turn_group_shop_group")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_turn_market_market")),
        sa.ForeignKeyConstraint(["rotation"], ["rotation.id"], name=op.f("fk_turn_rotation_rotation")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_turn_shop_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("group", "day", name=op.f("uq_turn_group_day")),
    )
    op.create_index(op.f("ix_turn_buddy_day"), "turn", ["buddy", "day"])
    op.create_index(op.f("ix_turn_market_day"), "turn", ["market", "day"])
    op.create_index(op.f("ix_turn_shop_day"), "turn", ["shop", "day"])
    op.create_table(
        "turn_check",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("turn", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "item IN ('opening', 'noon', 'closing', 'buddy')", name=op.f("ck_turn_check_item")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_turn_check_by_person")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_turn_check_shop_shop")),
        sa.ForeignKeyConstraint(["turn"], ["turn.id"], name=op.f("fk_turn_check_turn_turn")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_check")),
        sa.UniqueConstraint("turn", "item", name=op.f("uq_turn_check_turn_item")),
    )
    op.create_table(
        "turn_past",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("turn", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_turn_past_shop_shop")),
        sa.ForeignKeyConstraint(["turn"], ["turn.id"], name=op.f("fk_turn_past_turn_turn")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_past")),
    )
    op.create_index(op.f("ix_turn_past_shop"), "turn_past", ["shop"])
    op.create_index(op.f("ix_turn_past_turn"), "turn_past", ["turn"])
