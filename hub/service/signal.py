"""How an alert comes to be, and how it rises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from hub.core import alert as rules
from hub.service import ladder, number
from hub.store.alert import Alert
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.service.place import Place
    from wire.message import Event


@dataclass(frozen=True, slots=True)
class Signal:
    """What is known of every alert, whoever raises it."""

    kind: str
    severity: int
    key: str
    place: Place
    at: datetime
    reason: str | None = None


def make(s: Session, market: str, signal: Signal, now: datetime) -> Alert:
    """A new alert that is the open group of its key from now on; added, not yet flushed."""
    where = signal.place
    alert = Alert(
        id=new_id(),
        market=market,
        number=f"A-{number.following(s, market, 'alert', now)}",
        kind=signal.kind,
        severity=signal.severity,
        state=rules.State.NEW,
        grid=where.grid,
        group=where.group,
        place_zh=where.words.zh,
        place_en=where.words.en,
        x=where.x,
        y=where.y,
        first_at=signal.at,
        last_at=signal.at,
        received_at=now,
        reason=signal.reason,
        key=signal.key,
        count=1,
        score=1.0,
        trust="normal",
        boxes=[],
        drill=False,
        ack_run=1,
        version=1,
    )
    ladder.start_ack(s, alert, now)
    release_key(s, signal.key)
    alert.open_key = signal.key
    s.add(alert)
    return alert


def release_key(s: Session, key: str) -> None:
    """Let the key's stored open group go, so that another can be it."""
    s.execute(update(Alert).where(Alert.open_key == key).values(open_key=None))


def raise_to(s: Session, alert: Alert, severity: int, now: datetime) -> None:
    """Make an open alert graver: it is new again, and everybody is told again."""
    alert.severity = severity
    alert.state = rules.move(rules.State(alert.state), rules.Act.RAISE)
    alert.lease_person = alert.lease_until = None
    alert.ack_run += 1
    ladder.start_ack(s, alert, now)


def boxes_of(event: Event) -> list[dict[str, Any]]:
    """The event's boxes in 0..1 of the picture; none where the size of the picture is not told."""
    if event.picture is None or 0 in event.picture:
        return []
    wide, high = event.picture
    return [
        {
            "left": box.left / wide,
            "top": box.top / high,
            "width": box.width / wide,
            "height": box.height / high,
            "label": box.label,
            "score": box.score,
            "track": box.track,
        }
        for box in event.boxes
    ]


def told(alert: Alert) -> dict[str, Any]:
    """What a ledger line says of an alert."""
    return {
        "number": alert.number,
        "kind": alert.kind,
        "severity": alert.severity,
        "state": alert.state,
        "count": alert.count,
        "camera": alert.camera,
        "version": alert.version,
    }
