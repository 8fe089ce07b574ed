"""The hub's own processes: each tells every few seconds that it is there and whether all is well with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from hub.store.process import Process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

SILENT = timedelta(seconds=15)
"""A process that has not been seen for so long is not there: three of its beats."""
FORGOTTEN = timedelta(hours=1)
"""So long the row of one that was killed is kept."""
DOES = {
    "ingest": (("serve", "ingest"), ("database", "broker", "ingest")),
    "timer": (("serve", "timer"), ("database", "timer")),
}
"""Door that every market needs → roles that are one, and what has to work for it."""
PAGES = ("serve", "api")


@dataclass(frozen=True, slots=True)
class Me:
    """A process as it names itself; `market` names those it serves, with commas; empty is every one."""

    id: str
    role: str
    market: str
    host: str
    pid: int
    began_at: datetime


def tell(s: Session, me: Me, well: Mapping[str, bool], now: datetime) -> None:
    """Note that the process is there, and what works of what it leans on."""
    row = s.get(Process, me.id)
    if row is None:
        row = Process(
            id=me.id, role=me.role, market=me.market, host=me.host, pid=me.pid, began_at=me.began_at
        )
        s.add(row)
    row.seen_at, row.well = now, dict(well)


def leave(s: Session, me: Me) -> None:
    """Note that the process ended as it should."""
    s.execute(delete(Process).where(Process.id == me.id))


def there(s: Session, market: str, now: datetime) -> Sequence[Process]:
    """The processes that serve this market and were seen lately, the longest-running first."""
    query = select(Process).where(Process.seen_at > now - SILENT).order_by(Process.began_at, Process.id)
    return [row for row in s.scalars(query) if not row.market or market in row.market.split(",")]


def shows(s: Session, now: datetime) -> int:
    """How many processes with pages were seen lately."""
    query = select(func.count()).where(Process.seen_at > now - SILENT, Process.role.in_(PAGES))
    return s.scalar(query) or 0


def working(rows: Sequence[Process]) -> dict[str, bool]:
    """Each door that a market needs, and whether a process is there that does it and is well."""
    return {door: any(_does(row, *how) for row in rows) for door, how in DOES.items()}


def forget(s: Session, now: datetime) -> None:
    """Delete the rows of processes that were killed."""
    s.execute(delete(Process).where(Process.seen_at < now - FORGOTTEN))


def _does(row: Process, roles: tuple[str, ...], needs: tuple[str, ...]) -> bool:
    return row.role in roles and all(row.well.get(part, True) for part in needs)
