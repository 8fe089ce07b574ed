"""Shape of the wall."""

from __future__ import annotations

from hub.api.shape.alert import Alert
from hub.api.shape.base import Pair, Shown, When


class CameraState(Shown):
    """What a camera is doing, and when its latest picture was taken."""

    id: str
    state: str
    since: When | None
    reason: str | None
    still_at: When | None


class Duty(Shown):
    """Who is on duty."""

    on: int
    of: int
    lead: Pair | None
    desk: list[Pair]
    handover_at: When | None


class Crew(Shown):
    """A crew on duty; `round` is points done and points in all; `place`, x and y where it scanned last."""

    number: int
    people: list[Pair]
    grid: str | None
    place: Pair | None
    round: tuple[int, int] | None
    gap_min: float | None
    x: float | None
    y: float | None


class Blind(Shown):
    """Cameras that see nothing now."""

    cameras: int
    critical: list[str]


class Tonight(Shown):
    """Alerts in each ten minutes since the evening began, against the limit for those on duty."""

    buckets: list[int]
    limit: int
    confirmed: int
    dismissed: int
    ack_p50_s: float | None


class Selftest(Shown):
    """The last test of the way from a camera to the wall."""

    passed: int
    of: int
    at: When


class Edges(Shown):
    """Edge boxes, and the largest offset of their clocks."""

    online: int
    of: int
    offset_ms: float | None


class Wall(Shown):
    """Everything on the wall; the feed goes on after `seq`."""

    now: When
    seq: int
    alerts: list[Alert]
    cameras: list[CameraState]
    duty: Duty
    crews: list[Crew]
    blind: Blind
    tonight: Tonight
    selftest: Selftest | None
    edges: Edges
