"""How an alert comes to be, and how it rises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from hub.core import alert as rules
from hub.core.alert import Act, State
from hub.service import evidence, ladder, number
from hub.service.evidence import Entry
from hub.store.alert import Alert
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    alert = draft(s, market, signal, now)
    alert.number = f"A-{number.following(s, market, 'alert', now)}"
    release_keys(s, [signal.key])
    s.add(alert)
    return alert


def make_all(s: Session, market: str, drafts: Sequence[Alert], now: datetime) -> None:
    """Number and add what `draft` made; of those with one key, only the last may still hold it."""
    if not drafts:
        return
    for alert, following in zip(drafts, number.several(s, market, "alert", len(drafts), now), strict=True):
        alert.number = f"A-{following}"
    release_keys(s, [alert.key for alert in drafts])
    s.add_all(drafts)


def draft(s: Session, market: str, signal: Signal, now: datetime) -> Alert:
    """A new alert that has no number yet; it is to be the open group of its key."""
    where = signal.place
    alert = Alert(
        id=new_id(),
        market=market,
        number="",
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
        open_key=signal.key,
        count=1,
        score=1.0,
        trust="normal",
        boxes=[],
        drill=False,
        ack_run=1,
        version=1,
    )
    ladder.start_ack(s, alert, now)
    return alert


def release_keys(s: Session, keys: Sequence[str]) -> None:
    """Let the stored open groups of these keys go, so that others can be it."""
    s.execute(update(Alert).where(Alert.open_key.in_(keys)).values(open_key=None))


def raise_to(s: Session, alert: Alert, severity: int, now: datetime) -> None:
    """Make an open alert graver: it is new again, and everybody is told again."""
    alert.severity = severity
    alert.state = rules.move(rules.State(alert.state), rules.Act.RAISE)
    alert.lease_person = alert.lease_until = None
    alert.ack_run += 1
    ladder.start_ack(s, alert, now)


def mend(s: Session, alert: Alert, now: datetime) -> None:
    """What an open alert told of is over: nobody need look any more."""
    alert.state = rules.move(State(alert.state), Act.MEND)
    alert.lease_person = alert.lease_until = alert.next_due_at = alert.open_key = None
    alert.version += 1
    entry = Entry("alert.mend", role="system", alert=alert.id, public=told(alert))
    evidence.append(s, alert.market, entry, now)


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
