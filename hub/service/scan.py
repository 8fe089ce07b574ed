"""Patrol scans of devices: kept as the facts that they are, and made visits where they are good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.service.patrol import visit
from hub.store import bulk
from hub.store.device import ScanRecord
from wire.message import Scan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from wire.message import Envelope

SCANS: Table = ScanRecord.__table__  # type: ignore[assignment]


def keep(s: Session, market: str, said: Sequence[Envelope], now: datetime) -> None:
    """Keep these scans, each once, and take those at our checkpoints as visits."""
    rows = [
        {
            "id": one.id,
            "market": market,
            "device": one.device,
            "checkpoint": one.body.checkpoint or "",
            "by": one.body.by,
            "round": one.body.round,
            "at": one.at,
            "received_at": now,
            "clock_source": one.clock.source,
            "clock_offset_ms": one.clock.offset_ms,
        }
        for one in said
        if isinstance(one.body, Scan)
    ]
    bulk.pour(s.connection(), SCANS, rows, or_skip=True)
    visit.heard(s, market, said, now)
