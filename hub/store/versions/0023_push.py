"""Which log-in a browser's push belongs to: it ends with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel", sa.Column("session", sa.String(), nullable=True))
