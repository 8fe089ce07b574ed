"""Where a market's plan lies on the earth."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("lon", "lat", "turn"):
        op.add_column("market", sa.Column(name, sa.Double(), nullable=True))
