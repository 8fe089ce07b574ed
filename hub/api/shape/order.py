"""Devices and what they are told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from hub.api.shape.base import Given, Id, Pair, Shown, Slug, When
from wire.order import Op


class Ordering(Given):
    """One operation; which of the others it needs depends on it."""

    op: Op
    camera: Id | None = None
    """All but restart."""
    zone: Slug | None = None
    """arm, disarm, timetable: one of the camera's zones; left out: all of them."""
    until: AwareDatetime | None = None
    """arm, disarm: when its timetable holds again, at most seven days from now."""
    seconds: Annotated[float, Field(ge=1, le=120)] | None = None
    """clip: the last so many, up to 30; relay.start: for so long."""
    fps: Annotated[float, Field(ge=0.2, le=5)] | None = None
    """relay.start: pictures a second."""


class Config(Shown):
    """One version of what a device shall be."""

    id: str
    version: int
    digest: str
    fields: dict[str, Any]
    state: Literal["queued", "sent", "applied", "rejected", "rolled-back", "replaced"]
    reason: str | None
    by: Pair
    at: When
    sent_at: When | None
    ended_at: When | None


class Reported(Shown):
    """What a device says of itself."""

    version: int
    """Of the configuration that it has; 0 is its own file alone."""
    digest: str | None
    firmware: str | None
    error: str | None
    epoch: str | None
    at: When


class DeviceCamera(Shown):
    """One of its cameras."""

    id: str
    name: Pair
    place: Pair
    state: str
    since: When | None
    reason: str | None


class ByHand(Shown):
    """A zone, or all of a camera, that goes by no timetable until a time."""

    camera: str
    zone: str | None
    armed: bool
    until: When


class Device(Shown):
    """An edge box or other device."""

    id: str
    status: Literal["planned", "enrolled", "active", "suspended", "revoked"]
    online: bool
    seen_at: When | None
    queued: int
    """Messages that wait in its outbox."""
    dropped: int
    clock_offset_ms: float
    clock_source: str | None
    cameras: list[DeviceCamera]
    desired: Config | None
    reported: Reported | None
    by_hand: list[ByHand]
    """What is armed or disarmed by hand now, as the device has answered."""
    may: list[Literal["device.look", "device.command", "device.arm", "device.configure"]]
    """What this person may do with it."""


class Command(Shown):
    """One thing that a device was told to do."""

    id: str
    device: str
    op: Op
    args: dict[str, Any]
    state: Literal["queued", "sent", "done", "refused", "expired"]
    reason: str | None
    by: Pair
    at: When
    expires_at: When
    tries: int
    sent_at: When | None
    ended_at: When | None
    media: list[str]
    """Opaque ids of stills and clips that came of it."""
