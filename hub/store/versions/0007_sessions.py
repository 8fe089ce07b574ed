"""How somebody proves who they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("pin_hash", sa.String(), nullable=True))
    op.add_column("person", sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("subject", sa.String(), nullable=True))
    op.create_index("uq_person_subject", "person", ["subject"], unique=True)
    # Whoever is signed in signs in again: an old session does not say what kind it is.
    op.drop_table("login_session")
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owed", sa.JSON(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=True),
        sa.Column("phone_key", sa.String(), nullable=True),
        sa.Column("acting", sa.String(), nullable=True),
        sa.Column("acting_until", Moment(), nullable=True),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_login_session_person_person")),
        sa.ForeignKeyConstraint(["acting"], ["person.id"], name=op.f("fk_login_session_acting_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_session")),
        sa.UniqueConstraint("id", name=op.f("uq_login_session_id")),
    )
    op.create_index(op.f("ix_login_session_person"), "login_session", ["person"])
    op.create_index(op.f("ix_login_session_ends_at"), "login_session", ["ends_at"])
    op.create_table(
        "factor",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_factor_person_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_recovery_code_person_person")),
        sa.PrimaryKeyConstraint("person", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_invitation_person_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_invitation_made_by_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_person"), "invitation", ["person"])
