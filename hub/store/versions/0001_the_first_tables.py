"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEPT = ("alarm_record", "line")


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "dead_letter",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letter")),
    )
    op.create_index(op.f("ix_dead_letter_market"), "dead_letter", ["market"], unique=False)
    op.create_index(op.f("ix_dead_letter_received_at"), "dead_letter", ["received_at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("device", "epoch", "seq", name=op.f("pk_inbox")),
    )
    op.create_table(
        "market",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("x0", sa.Double(), nullable=False),
        sa.Column("y0", sa.Double(), nullable=False),
        sa.Column("x1", sa.Double(), nullable=False),
        sa.Column("y1", sa.Double(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market")),
    )
    op.create_table(
        "private_text",
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_private_text")),
    )
    op.create_table(
        "alarm_record",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("camera", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("began", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("clock_source", sa.String(), nullable=False),
        sa.Column("clock_offset_ms", sa.Double(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_alarm_record_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_record")),
    )
    op.create_index(op.f("ix_alarm_record_event"), "alarm_record", ["event"], unique=False)
    op.create_index(op.f("ix_alarm_record_received_at"), "alarm_record", ["received_at"], unique=False)
    op.create_table(
        "counter",
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_counter_market_market")),
        sa.PrimaryKeyConstraint("market", "name", "day", name=op.f("pk_counter")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=True),
        sa.Column("epoch", sa.String(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("clock_offset_ms", sa.Double(), nullable=False),
        sa.Column("queued", sa.BigInteger(), nullable=False),
        sa.Column("dropped", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_device_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_market"), "device", ["market"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("fired_at", Moment(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_escalation_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("subject", "clock", "step", name=op.f("uq_escalation_subject_clock_step")),
    )
    op.create_index(op.f("ix_escalation_market"), "escalation", ["market"], unique=False)
    op.create_table(
        "gate",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_gate_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate")),
    )
    op.create_index(op.f("ix_gate_market"), "gate", ["market"], unique=False)
    op.create_table(
        "hall",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("ring", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_hall_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall")),
    )
    op.create_index(op.f("ix_hall_market"), "hall", ["market"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("armband", sa.String(), nullable=True),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_person_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_index(op.f("ix_person_market"), "person", ["market"], unique=False)
    op.create_table(
        "street",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ring", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_street_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street")),
    )
    op.create_index(op.f("ix_street_market"), "street", ["market"], unique=False)
    op.create_table(
        "grant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_grant_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("person", "role", "node", name=op.f("uq_grant_person_role_node")),
    )
    op.create_index(op.f("ix_grant_person"), "grant", ["person"], unique=False)
    op.create_index(op.f("ix_grant_role"), "grant", ["role"], unique=False)
    op.create_table(
        "grid",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("tint", sa.Integer(), nullable=False),
        sa.Column("leader", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["leader"], ["person.id"], name=op.f("fk_grid_leader_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_grid_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_grid_market_number")),
    )
    op.create_index(op.f("ix_grid_market"), "grid", ["market"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_login_session_person_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_session")),
    )
    op.create_index(op.f("ix_login_session_ends_at"), "login_session", ["ends_at"], unique=False)
    op.create_index(op.f("ix_login_session_person"), "login_session", ["person"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("words_zh", sa.String(), nullable=False),
        sa.Column("words_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_notice_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_notice_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_market"), "notice", ["market"], unique=False)
    op.create_index(op.f("ix_notice_person_at"), "notice", ["person", "at"], unique=False)
    op.create_index(op.f("ix_notice_subject_at"), "notice", ["subject", "at"], unique=False)
    op.create_table(
        "camera",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("place_zh", sa.String(), nullable=False),
        sa.Column("place_en", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=True),
        sa.Column("hall", sa.String(), nullable=True),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("bearing", sa.Double(), nullable=False),
        sa.Column("fov", sa.Double(), nullable=False),
        sa.Column("range_m", sa.Double(), nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", Moment(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_camera_device_device")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_camera_grid_grid")),
        sa.ForeignKeyConstraint(["hall"], ["hall.id"], name=op.f("fk_camera_hall_hall")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_camera_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera")),
    )
    op.create_index(op.f("ix_camera_device"), "camera", ["device"], unique=False)
    op.create_index(op.f("ix_camera_market"), "camera", ["market"], unique=False)
    op.create_table(
        "crew",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_crew_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_crew_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_crew_market_number")),
    )
    op.create_index(op.f("ix_crew_market"), "crew", ["market"], unique=False)
    op.create_table(
        "shop_group",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("centre", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_shop_group_grid_grid")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_shop_group_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_group")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_shop_group_market_number")),
    )
    op.create_index(op.f("ix_shop_group_grid"), "shop_group", ["grid"], unique=False)
    op.create_index(op.f("ix_shop_group_market"), "shop_group", ["market"], unique=False)
    op.create_table(
        "case",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_before", sa.String(), nullable=True),
        sa.Column("grid", sa.String(), nullable=True),
        sa.Column("group", sa.String(), nullable=True),
        sa.Column("place_zh", sa.String(), nullable=False),
        sa.Column("place_en", sa.String(), nullable=False),
        sa.Column("x", sa.Double(), nullable=True),
        sa.Column("y", sa.Double(), nullable=True),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reporter", sa.String(), nullable=True),
        sa.Column("reporter_name", sa.String(), nullable=True),
        sa.Column("tracking_code", sa.String(), nullable=False),
        sa.Column("unit_kind", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("root", sa.String(), nullable=True),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("next_due_at", Moment(), nullable=True),
        sa.Column("shift_ends", Moment(), nullable=False),
        sa.Column("review_at", Moment(), nullable=True),
        sa.Column("asked", sa.JSON(), nullable=True),
        sa.Column("rework", sa.Integer(), nullable=False),
        sa.Column("reopen", sa.Integer(), nullable=False),
        sa.Column("wrong_dispatch", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_case_grid_grid")),
        sa.ForeignKeyConstraint(["group"], ["shop_group.id"], name=op.f("fk_case_group_shop_group")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_case_market_market")),
        sa.ForeignKeyConstraint(["reporter"], ["person.id"], name=op.f("fk_case_reporter_person")),
        sa.ForeignKeyConstraint(["root"], ["case.id"], name=op.f("fk_case_root_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_case_market_number")),
        sa.UniqueConstraint("tracking_code", name=op.f("uq_case_tracking_code")),
    )
    op.create_index(op.f("ix_case_grid"), "case", ["grid"], unique=False)
    op.create_index(op.f("ix_case_market_opened_at"), "case", ["market", "opened_at"], unique=False)
    op.create_index(
        op.f("ix_case_market_stage_opened_at"), "case", ["market", "stage", "opened_at"], unique=False
    )
    op.create_index(op.f("ix_case_next_due_at"), "case", ["next_due_at"], unique=False)
    op.create_index(op.f("ix_case_root"), "case", ["root"], unique=False)
    op.create_table(
        "duty",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("crew", sa.String(), nullable=True),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("begins", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["crew"], ["crew.id"], name=op.f("fk_duty_crew_crew")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_duty_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_duty_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index(op.f("ix_duty_market_ends"), "duty", ["market", "ends"], unique=False)
    op.create_index(op.f("ix_duty_person"), "duty", ["person"], unique=False)
    op.create_table(
        "shop",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=True),
        sa.Column("hall", sa.String(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("ring", sa.JSON(), nullable=False),
        sa.Column("door_x", sa.Double(), nullable=False),
        sa.Column("door_y", sa.Double(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_shop_grid_grid")),
        sa.ForeignKeyConstraint(["group"], ["shop_group.id"], name=op.f("fk_shop_group_shop_group")),
        sa.ForeignKeyConstraint(["hall"], ["hall.id"], name=op.f("fk_shop_hall_hall")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_shop_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop")),
    )
    op.create_index(op.f("ix_shop_grid"), "shop", ["grid"], unique=False)
    op.create_index(op.f("ix_shop_group"), "shop", ["group"], unique=False)
    op.create_index(op.f("ix_shop_market"), "shop", ["market"], unique=False)
    op.create_table(
        "silence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("camera", sa.String(), nullable=True),
        sa.Column("begins", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_silence_camera_camera")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_silence_market_market")),
        sa.ForeignKeyConstraint(["owner"], ["person.id"], name=op.f("fk_silence_owner_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index(op.f("ix_silence_market"), "silence", ["market"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("camera", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("grid", sa.String(), nullable=True),
        sa.Column("group", sa.String(), nullable=True),
        sa.Column("place_zh", sa.String(), nullable=False),
        sa.Column("place_en", sa.String(), nullable=False),
        sa.Column("x", sa.Double(), nullable=True),
        sa.Column("y", sa.Double(), nullable=True),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("trust", sa.String(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("still", sa.String(), nullable=True),
        sa.Column("clip", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("open_key", sa.String(), nullable=True),
        sa.Column("ack_from", Moment(), nullable=False),
        sa.Column("ack_run", sa.Integer(), nullable=False),
        sa.Column("ack_due", Moment(), nullable=True),
        sa.Column("ack_at", Moment(), nullable=True),
        sa.Column("lease_person", sa.String(), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("dismissal", sa.String(), nullable=True),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("next_due_at", Moment(), nullable=True),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_alert_camera_camera")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_alert_case_case")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_alert_decided_by_person")),
        sa.ForeignKeyConstraint(["grid"], ["grid.id"], name=op.f("fk_alert_grid_grid")),
        sa.ForeignKeyConstraint(["group"], ["shop_group.id"], name=op.f("fk_alert_group_shop_group")),
        sa.ForeignKeyConstraint(["lease_person"], ["person.id"], name=op.f("fk_alert_lease_person_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_alert_market_market")),
        sa.ForeignKeyConstraint(["parent"], ["alert.id"], name=op.f("fk_alert_parent_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_alert_market_number")),
        sa.UniqueConstraint("open_key", name=op.f("uq_alert_open_key")),
    )
    op.create_index(op.f("ix_alert_camera"), "alert", ["camera"], unique=False)
    op.create_index(op.f("ix_alert_case"), "alert", ["case"], unique=False)
    op.create_index(
        op.f("ix_alert_market_key_first_at"), "alert", ["market", "key", "first_at"], unique=False
    )
    op.create_index(op.f("ix_alert_market_received_at"), "alert", ["market", "received_at"], unique=False)
    op.create_index(
        op.f("ix_alert_market_state_received_at"), "alert", ["market", "state", "received_at"], unique=False
    )
    op.create_index(op.f("ix_alert_state_next_due_at"), "alert", ["state", "next_due_at"], unique=False)
    op.create_table(
        "case_mark",
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_case_mark_case_case")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_case_mark_person_person")),
        sa.PrimaryKeyConstraint("case", "seq", name=op.f("pk_case_mark")),
    )
    op.create_table(
        "case_part",
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("side IN ('handling', 'supervision')", name=op.f("ck_case_part_side")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_case_part_case_case")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_case_part_person_person")),
        sa.PrimaryKeyConstraint("case", "person", name=op.f("pk_case_part")),
    )
    op.create_table(
        "alert_event",
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_alert_event_alert_alert")),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_alert_event")),
    )
    op.create_index(op.f("ix_alert_event_alert"), "alert_event", ["alert"], unique=False)
    op.create_table(
        "call",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("alert", sa.String(), nullable=True),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_call_alert_alert")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_call_case_case")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_call_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_index(op.f("ix_call_alert"), "call", ["alert"], unique=False)
    op.create_index(op.f("ix_call_case"), "call", ["case"], unique=False)
    op.create_table(
        "case_alert",
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_case_alert_alert_alert")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_case_alert_case_case")),
        sa.PrimaryKeyConstraint("alert", name=op.f("pk_case_alert")),
    )
    op.create_index(op.f("ix_case_alert_case"), "case_alert", ["case"], unique=False)
    op.create_table(
        "line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("alert", sa.String(), nullable=True),
        sa.Column("case_seq", sa.Integer(), nullable=True),
        sa.Column("case_prev", sa.BigInteger(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("clock_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("armband", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("stage_from", sa.String(), nullable=True),
        sa.Column("stage_to", sa.String(), nullable=True),
        sa.Column("public", sa.JSON(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor"], ["person.id"], name=op.f("fk_line_actor_person")),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_line_alert_alert")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_line_case_case")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_line_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("case", "case_seq", name=op.f("uq_line_case_case_seq")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_line_alert"), "line", ["alert"], unique=False)
    op.create_index(op.f("ix_line_market_id"), "line", ["market", "id"], unique=False)
    op.create_table(
        "media",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("camera", sa.String(), nullable=True),
        sa.Column("event", sa.String(), nullable=True),
        sa.Column("alert", sa.String(), nullable=True),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_media_alert_alert")),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_media_camera_camera")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_media_case_case")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_media_market_market")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("event", "sha256", name=op.f("uq_media_event_sha256")),
    )
    op.create_index(op.f("ix_media_alert"), "media", ["alert"], unique=False)
    op.create_index(op.f("ix_media_case"), "media", ["case"], unique=False)
    op.create_index(op.f("ix_media_market"), "media", ["market"], unique=False)
    op.create_index(op.f("ix_media_sha256"), "media", ["sha256"], unique=False)

    for table in KEPT:
        refuse_change(table)


def refuse_change(table: str) -> None:
    """Have the database itself refuse to change or delete a row, whoever asks."""
    words = f"{table} is append only: add a new row instead"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
