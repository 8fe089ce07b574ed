"""How a market stands at this moment, in numbers for whoever watches the hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select

from hub.core import alert as alerts
from hub.core import case as cases
from hub.store.alert import Alert
from hub.store.camera import Camera
from hub.store.case import Case
from hub.store.device import DeadLetter, Device
from hub.store.order import Canary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    """One device, as it last told of itself."""

    id: str
    online: bool
    queued: int
    """Rows of its outbox without a receipt."""
    dropped: int
    clock_offset_ms: float
    silent_s: float | None
    """Seconds since it was last heard; None when it never was."""


@dataclass(frozen=True, slots=True)
class CanaryFigures:
    """Drill alarms that the hub orders of cameras by itself."""

    sent: int
    failed: int
    """Of all that were ever sent."""
    oldest_s: float | None
    """Since the last good one of the live camera that has waited longest; None where none was sent."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one market."""

    alerts: Mapping[int, int]
    """Severity → open alerts; every severity is there."""
    cases: Mapping[str, int]
    """Stage → open cases; every stage that counts as open is there."""
    cameras: Mapping[str, int]
    """State → cameras."""
    letters: int
    """Messages set aside that nobody has seen to."""
    devices: tuple[DeviceFigures, ...]
    canaries: CanaryFigures


def figures(s: Session, market: str, now: datetime) -> Figures:
    """Count; a handful of queries that have their indexes."""
    return Figures(
        dict.fromkeys(range(4), 0)
        | _counted(s, Alert.severity, Alert.market == market, Alert.state.in_(alerts.OPEN)),
        {str(stage): 0 for stage in cases.OPEN}
        | _counted(s, Case.stage, Case.market == market, Case.stage.in_(cases.OPEN)),
        _counted(s, Camera.state, Camera.market == market),
        _letters(s, market),
        tuple(_device(row, now) for row in s.scalars(select(Device).where(Device.market == market))),
        _canaries(s, market, now),
    )


def _canaries(s: Session, market: str, now: datetime) -> CanaryFigures:
    total = select(func.sum(Canary.sent), func.sum(Canary.failed)).where(Canary.market == market)
    sent, failed = s.execute(total).one()
    good = func.coalesce(Canary.good_at, Canary.ordered_at)
    query = select(func.min(good)).join(Camera, Camera.id == Canary.camera)
    oldest = s.scalar(query.where(Canary.market == market, Camera.state == "live"))
    return CanaryFigures(sent or 0, failed or 0, (now - oldest).total_seconds() if oldest else None)


def _letters(s: Session, market: str) -> int:
    where = (DeadLetter.state == "open", DeadLetter.market == market)
    return s.scalar(select(func.count()).select_from(DeadLetter).where(*where)) or 0


def _counted(s: Session, by: InstrumentedAttribute[K], *where: ColumnElement[bool]) -> dict[K, int]:
    """Rows by the value of one column."""
    query = select(by, func.count()).where(*where).group_by(by)
    return {row[0]: row[1] for row in s.execute(query)}


def _device(row: Device, now: datetime) -> DeviceFigures:
    silent = (now - row.seen_at).total_seconds() if row.seen_at else None
    return DeviceFigures(row.id, row.online, row.queued, row.dropped, row.clock_offset_ms, silent)
