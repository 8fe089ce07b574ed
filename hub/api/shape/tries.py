"""Rules tried on recordings and on what a camera shows now."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from hub.api.shape.base import Given, Shown, When, Words, spoken
from wire.replay import LONGEST_REPLAY


class Trying(Given):
    """A recorded time to run through what is drawn, and why: the register keeps it."""

    begin: AwareDatetime
    seconds: Annotated[float, Field(ge=1, le=LONGEST_REPLAY)]
    purpose: Annotated[Words, AfterValidator(spoken), Field(min_length=2, max_length=200)]
    drawn: dict[str, Any]
    """Masks and zones, saved or not."""


class Testing(Shown):
    """Rules are being tried."""

    until: When


class WouldFire(Shown):
    """What would have been an event."""

    kind: str
    zone: str
    began: When
    at: When
    ended: When | None
    """Null: it went on at the end."""
    score: float
    count: int | None
    seconds: float | None
    reason: str | None


class Replay(Shown):
    """How far a replay is, and what would have fired."""

    id: str
    camera: str
    begin: When
    seconds: float
    state: Literal["asked", "running", "done", "failed", "stopped"]
    reason: str | None
    share: float
    pictures: int
    shown: float
    """Seconds of recording that were looked at."""
    took: float
    """Seconds that this took."""
    fired: list[WouldFire]
    more: bool
