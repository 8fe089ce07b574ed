"""Since when a camera stands otherwise than it was filed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.base import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("camera", sa.Column("unfiled_since", Moment(), nullable=True))
