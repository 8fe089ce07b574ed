"""The hub's own processes, as each tells of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Process(Base):
    """One running process; its row goes when it ends, or some time after it was killed."""

    __tablename__ = "process"
    id: Mapped[str] = mapped_column(primary_key=True)
    """Drawn anew at every start."""
    role: Mapped[str]
    """serve, api, ingest or timer."""
    market: Mapped[str]
    """As its setting says; it is no reference, since a process may begin before its market is there."""
    host: Mapped[str]
    pid: Mapped[int]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    well: Mapped[dict[str, Any]]
    """What it leans on, by name, and whether that worked when it was last seen."""
