"""Alarms of devices below become events here: low trust, one event while the same goes on, never a flood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from edge.clock import moment
from wire.message import Event, EventKind, new_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

QUIET = 30.0
"""Seconds without the same alarm after which its event ends: no device says when it is over."""
MOST_OPEN = 256
GRAVE: frozenset[EventKind] = frozenset({"fire", "smoke", "lost"})
"""What no flood of other alarms may hide; each camera has at most one of each."""
AGAIN = 5.0
"""Seconds between two updates of one event."""
EARLY, LATE = timedelta(days=1), timedelta(minutes=10)
"""How far a device's clock may be off before its time is not believed."""
SCORE = 0.5
"""Of an alarm that nobody here can check."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Open:
    """An event that goes on."""

    event: Event
    heard: float
    """Monotonic second of its last alarm."""
    told: float
    """Of what was last said of it."""
    lasts: bool
    """It ends when it is said to, not by itself."""


class Taken:
    """The events that one device below has under way; from one thread."""

    def __init__(self, put: Callable[[Event], None]) -> None:
        self._put = put
        self._open: dict[tuple[str, EventKind], Open] = {}

    def alarm(
        self,
        camera: str,
        kind: EventKind,
        at: float,
        now: float,
        reason: str,
        *,
        lasts: bool = False,
    ) -> bool:
        """It is told at wall second `at` and monotonic second `now`.

        False where too many go on already; what is grave or lasts is taken even then.
        """
        key = (camera, kind)
        known = self._open.get(key)
        if known:
            event = known.event
            told = known.told
            if now - told >= AGAIN and not lasts:
                told = now
                self._put(_later(event, "update", at))
            self._open[key] = replace(known, heard=now, told=told, lasts=known.lasts or lasts)
            return True
        if len(self._open) >= MOST_OPEN and not lasts and kind not in GRAVE:
            return False
        event = Event(
            event=new_id(),
            phase="new",
            kind=kind,
            camera=camera,
            began=moment(at),
            at=moment(at),
            score=SCORE,
            trust="low",
            reason=reason[:LONGEST] or None,
        )
        self._open[key] = Open(event, now, now, lasts)
        self._put(event)
        return True

    def end(self, camera: str, kind: EventKind, at: float) -> None:
        """It is over, at wall second `at`."""
        if known := self._open.pop((camera, kind), None):
            self._put(_later(known.event, "end", at))

    def close(self, at: float) -> None:
        """End everything."""
        for camera, kind in list(self._open):
            self.end(camera, kind, at)

    def tidy(self, at: float, now: float) -> None:
        """End what has been quiet for long enough."""
        for (camera, kind), known in list(self._open.items()):
            if not known.lasts and now - known.heard >= QUIET:
                self.end(camera, kind, at)


def when(text: str, zone: ZoneInfo, now: float) -> float:
    """Wall second of an AlarmTime, which a device writes in the market's time; `now` where that cannot be."""
    try:
        told = datetime.fromisoformat(text[:32])
    except ValueError:
        return now
    told = told if told.tzinfo else told.replace(tzinfo=zone)
    today = datetime.fromtimestamp(now, zone)
    try:
        return told.timestamp() if today - EARLY <= told <= today + LATE else now
    except (OverflowError, ValueError):
        return now


def _later(event: Event, phase: str, at: float) -> Event:
    began = event.began
    now = max(began, moment(at))
    return Event(
        event=event.event,
        phase="end" if phase == "end" else "update",
        kind=event.kind,
        camera=event.camera,
        began=began,
        at=now,
        score=event.score,
        trust=event.trust,
        seconds=(now - began).total_seconds(),
        reason=event.reason,
    )
