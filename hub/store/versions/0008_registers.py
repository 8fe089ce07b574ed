"""Staff, armbands, contacts, care, and who looked at what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("barred", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "staff",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_staff_person_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_staff")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_certificate_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("person", "kind", "begins", name=op.f("uq_certificate_person_kind_begins")),
    )
    op.create_index(op.f("ix_certificate_person"), "certificate", ["person"])
    op.create_table(
        "armband",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.CheckConstraint("(state = 'issued') = (person IS NOT NULL)", name=op.f("ck_armband_holder")),
        sa.CheckConstraint("state IN ('stored', 'issued', 'lost', 'retired')", name=op.f("ck_armband_state")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_armband_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_armband_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_armband")),
        sa.UniqueConstraint("market", "number", name=op.f("uq_armband_market_number")),
        sa.UniqueConstraint("person", name=op.f("uq_armband_person")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_contact_made_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_contact_market_market")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_contact_shop_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_market_shop"), "contact", ["market", "shop"])
    op.create_table(
        "care_visit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("consent_at", Moment(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_care_visit_asked_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_care_visit_market_market")),
        sa.ForeignKeyConstraint(["shop"], ["shop.id"], name=op.f("fk_care_visit_shop_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_visit")),
    )
    op.create_index(op.f("ix_care_visit_market_ends"), "care_visit", ["market", "ends"])
    op.create_index(op.f("ix_care_visit_shop"), "care_visit", ["shop"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name=op.f("ck_proposal_apart")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_proposal_decided_by_person")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_proposal_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_proposal_person_person")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_proposal_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_market"), "proposal", ["market"])
    op.create_table(
        "access",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("session", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('live', 'still', 'playback', 'export', 'contact')", name=op.f("ck_access_kind")
        ),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_access_case_case")),
        sa.ForeignKeyConstraint(["market"], ["market.id"], name=op.f("fk_access_market_market")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_access_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    op.create_index(op.f("ix_access_case"), "access", ["case"])
    op.create_index(op.f("ix_access_market_at_id"), "access", ["market", "at", "id"])
    op.create_index(op.f("ix_access_person_kind_subject_at"), "access", ["person", "kind", "subject", "at"])
