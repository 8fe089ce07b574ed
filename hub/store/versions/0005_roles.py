"""What the hub's processes share: who runs, the latest pictures, and word of new ledger lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("well", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
    )
    op.create_index(op.f("ix_process_seen_at"), "process", ["seen_at"], unique=False)
    postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "live_still",
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_live_still_camera_camera")),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_live_still")),
        prefixes=["UNLOGGED"] if postgres else [],
    )
    if postgres:
        # A JPEG does not get smaller by being packed again.
        op.execute("ALTER TABLE live_still ALTER data SET STORAGE EXTERNAL")
        announce_lines()


def announce_lines() -> None:
    """Tell whoever listens, at the commit, which markets have new lines."""
    op.execute(
        "CREATE FUNCTION line_announce() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_notify('line', market) FROM (SELECT DISTINCT market FROM fresh) told; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER line_announce AFTER INSERT ON line REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION line_announce()"
    )
