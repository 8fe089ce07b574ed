"""The rules of a zone as they are written: one shape a kind of event.

Descriptions here are what an editor shows from the schema.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from wire.calendar import Armed, Spans
from wire.message import Share
from wire.value import Label, Seconds, Value

PEOPLE = ("person",)
VEHICLES = ("car", "truck", "bus", "motorcycle")

Labels = Annotated[tuple[Label, ...], Meta(min_length=1, max_length=16, description="what counts")]
Least = Annotated[Share, Meta(description="smallest area that counts, as a share of the picture's")]
Most = Annotated[Share, Meta(description="largest area that counts, as a share of the picture's")]


class RuleConfig(Value, frozen=True, tag_field="kind"):
    """What every rule of a zone may be told."""

    armed: Armed = ()
    holidays: Annotated[
        Spans | None, Meta(description="when on holidays; left out: as on other days; empty: never")
    ] = None
    cooldown: Annotated[Seconds, Meta(description="seconds from the end of an event to the next")] = 60.0

    def __post_init__(self) -> None:
        if isinstance(self.armed, str) and self.holidays is not None:
            raise ValueError(
                f"holidays goes with hours of the rule's own; `{self.armed}` follows the market's calendar"
            )


class IntrusionRule(RuleConfig, frozen=True, tag="intrusion"):
    """Somebody where and when nobody may be."""

    labels: Labels = PEOPLE
    dwell: Annotated[Seconds, Meta(description="seconds inside before it counts")] = 0.6
    move: Annotated[
        float, Meta(ge=0, le=10, description="moved at least this share of its height: parked things are not")
    ] = 0.15
    grace: Annotated[Seconds, Meta(description="seconds with nobody seen before it is over")] = 3.0


class LingerRule(RuleConfig, frozen=True, tag="linger"):
    """Somebody who stays too long."""

    labels: Labels = PEOPLE
    seconds: Annotated[float, Meta(ge=1, le=86_400, description="how long one may stay")] = 20.0
    grace: Annotated[Seconds, Meta(description="an absence no longer than this does not end a stay")] = 2.0


class CrowdRule(RuleConfig, frozen=True, tag="crowd"):
    """Too many in one place, by count, or by density where that is given."""

    labels: Labels = PEOPLE
    count: Annotated[int, Meta(ge=2, le=10_000, description="from this many on it is a crowd")] = 6
    clear: Annotated[int, Meta(ge=0, le=10_000, description="at this many or fewer it is over")] = 4
    density: Annotated[
        Annotated[float, Meta(gt=0, le=20)] | None,
        Meta(description="people a square metre of the zone, instead of count and clear; needs its area"),
    ] = None
    seconds: Annotated[Seconds, Meta(description="how long either must hold")] = 3.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.density is None and self.clear >= self.count:
            raise ValueError(f"clear is {self.clear} and must be less than count, which is {self.count}")


class LineRule(RuleConfig, frozen=True, tag="line"):
    """Somebody crosses a line; counted for each direction."""

    labels: Labels = PEOPLE
    fires: Annotated[
        Literal["in", "out", "both"],
        Meta(description="in: from the left hand to the right of one who walks along it from its first end"),
    ] = "both"
    margin: Annotated[
        float,
        Meta(gt=0, le=5, description="must be clear of the line by this share of its own height"),
    ] = 0.2
    quiet: Annotated[Seconds, Meta(description="seconds without a crossing before it is over")] = 5.0
    cooldown: Annotated[Seconds, Meta(description="seconds from the end of an event to the next")] = 0.0


class VehicleRule(RuleConfig, frozen=True, tag="vehicle"):
    """A vehicle where and when none may be."""

    labels: Labels = VEHICLES
    by: Annotated[
        Literal["detector", "motion"],
        Meta(description="motion: for views from straight above, which no detector knows; low trust"),
    ] = "detector"
    dwell: Annotated[Seconds, Meta(description="seconds inside before it counts")] = 1.0
    move: Annotated[
        float, Meta(ge=0, le=10, description="moved at least this share of its height: parked ones are not")
    ] = 0.25
    grace: Annotated[Seconds, Meta(description="seconds with none seen before it is over")] = 3.0
    least: Annotated[Share, Meta(description="by motion: smallest area, as a share of the picture's")] = 0.01


class LeftRule(RuleConfig, frozen=True, tag="left"):
    """Something stands there that nobody attends to; what it is, nobody says."""

    seconds: Annotated[float, Meta(ge=5, le=86_400, description="unattended so long before it counts")] = 30.0
    near: Annotated[
        float, Meta(ge=0, le=10, description="who is within this many of their own heights attends to it")
    ] = 1.0
    least: Least = 0.0003
    most: Most = 0.05


class RemovedRule(RuleConfig, frozen=True, tag="removed"):
    """Something that stood there is gone."""

    seconds: Annotated[float, Meta(ge=5, le=86_400, description="gone so long before it counts")] = 30.0
    least: Least = 0.0003
    most: Most = 0.2


class BlockedRule(RuleConfig, frozen=True, tag="blocked"):
    """Something stands where the way must be free."""

    seconds: Annotated[float, Meta(ge=5, le=86_400, description="stands so long before it counts")] = 180.0
    share: Annotated[
        float, Meta(gt=0, le=1, description="least share of the zone that what stands there covers")
    ] = 0.1


class FireRule(RuleConfig, frozen=True, tag="fire"):
    """Flames: low trust by colour and flicker, more by an owner's model that knows these labels."""

    labels: Labels = ("fire",)
    seconds: Annotated[Seconds, Meta(description="seen so long before it counts")] = 3.0
    score: Annotated[float, Meta(gt=0, lt=1, description="least score that counts")] = 0.5


class SmokeRule(RuleConfig, frozen=True, tag="smoke"):
    """Smoke: low trust by its look and growth, more by an owner's model that knows these labels."""

    labels: Labels = ("smoke",)
    seconds: Annotated[Seconds, Meta(description="seen so long before it counts")] = 5.0
    score: Annotated[float, Meta(gt=0, lt=1, description="least score that counts")] = 0.5


AreaRule = (
    IntrusionRule
    | LingerRule
    | CrowdRule
    | VehicleRule
    | LeftRule
    | RemovedRule
    | BlockedRule
    | FireRule
    | SmokeRule
)
"""What may hold in a polygon."""
AnyRule = AreaRule | LineRule
