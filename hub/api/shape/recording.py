"""Recordings: what there is of a camera, and pieces of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from hub.api.shape.base import Given, Pair, Shown, When, Words, spoken

Stream = Literal["main", "sub"]
Codec = Literal["h264", "hevc"]


class RecordedCamera(Shown):
    """One camera that this person may play, and how it is recorded."""

    id: str
    name: Pair
    place: Pair
    online: bool
    """Whether the edge that keeps its recordings is there."""
    recorded: bool
    """Whether it was ever recorded; without it all below is empty."""
    runs: bool
    """Whether recording goes on now."""
    until: When | None
    kept_from: When | None
    days: float | None
    """For how many days the edge has room."""
    cores: float | None
    """CPU seconds a second that recording it takes."""
    codec: Codec | None
    stream: Stream | None
    masked: bool | None


class Stretch(Shown):
    """Time that is recorded without a break."""

    began: When
    ended: When
    stream: Stream
    codec: Codec


class Missing(Shown):
    """Time that is not recorded."""

    began: When
    ended: When
    reason: Literal["start", "camera", "disk", "quota", "late", "clock"]
    detail: str | None


class KindName(Pair):
    """A kind of alert."""

    id: str


class AlertMark(Shown):
    """An alert of the camera."""

    id: str
    number: str
    kind: KindName
    severity: int
    began: When
    ended: When


class Timeline(Shown):
    """What there is of a camera between two moments."""

    camera: RecordedCamera
    begin: When
    end: When
    stretches: list[Stretch]
    holes: list[Missing]
    alerts: list[AlertMark]


class Asking(Given):
    """A piece that somebody wants to see, and why: the register keeps it."""

    begin: AwareDatetime
    seconds: Annotated[float, Field(ge=1, le=60)] = 10.0
    purpose: Annotated[Words, AfterValidator(spoken), Field(min_length=2, max_length=200)]
    hevc: bool = False
    """This browser plays H.265: nothing is coded anew for it."""


class Piece(Shown):
    """What became of a piece."""

    id: str
    state: Literal["asked", "cut", "ready", "failed"]
    """asked of the edge; cut, its bytes are on their way; ready to be played; failed for `reason`."""
    reason: str | None
    media: str | None
    """Where it is played from."""
    began: When | None
    ended: When | None
    size: int | None
    received: int | None
    """Bytes that the hub has."""
    cpu_s: float | None
    """CPU seconds that coding it anew took at the edge; null where packets were copied."""
