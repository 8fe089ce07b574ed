"""Ways that reach people who look at no screen, what goes them, and notices that nobody reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("severity", sa.Integer(), nullable=False, server_default="2"))
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("severity", server_default=None)
    op.add_column("notice", sa.Column("unread_due", Moment(), nullable=True))
    op.create_index(op.f("ix_notice_unread_due"), "notice", ["unread_due"], unique=False)
    op.create_index(op.f("ix_notice_person_seen_at"), "notice", ["person", "seen_at"], unique=False)
    op.create_table(
        "channel",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("verified_at", Moment(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("code_until", Moment(), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("good_at", Moment(), nullable=True),
        sa.Column("failed_at", Moment(), nullable=True),
        sa.Column("reason_zh", sa.String(), nullable=True),
        sa.Column("reason_en", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_channel_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_channel_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    op.create_index(op.f("ix_channel_person"), "channel", ["person"], unique=False)
    op.create_table(
        "quiet",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_quiet_person_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_quiet")),
    )
    _delivery()


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("reason_zh", sa.String(), nullable=True),
        sa.Column("reason_en", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel"], ["channel.id"], name=op.f("fk_delivery_channel_channel")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_delivery_market_market")),
        sa.ForeignKeyConstraint(["notice"], ["notice.id"], name=op.f("fk_delivery_notice_notice")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_delivery_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    for column in ("market", "notice", "channel"):
        op.create_index(op.f(f"ix_delivery_{column}"), "delivery", [column], unique=False)
    op.create_index(op.f("ix_delivery_state_next_at"), "delivery", ["state", "next_at"], unique=False)
    op.create_index(op.f("ix_delivery_person_made_at"), "delivery", ["person", "made_at"], unique=False)
