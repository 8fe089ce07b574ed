"""What is watched for in a camera's picture: masks, zones and their rules.

The same values stand in an edge's own file and in what its hub desires of it. Descriptions here are what an
editor shows from the schema.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from wire.hours import Span, read_span
from wire.message import Share, Slug

LEAST_AREA = 1e-5

Point = tuple[Share, Share]
Polygon = Annotated[
    tuple[Point, ...],
    Meta(min_length=3, max_length=64, description="corners [x, y] as shares 0..1 of the picture"),
]
Label = Annotated[str, Meta(min_length=1, max_length=32)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Immutable, and no key in it that is not known."""


class Hours(Value, frozen=True):
    """Days and hours by the market's own clock; past midnight when `to` is before `from`."""

    begin: Annotated[str, Meta(description="such as 22:00")] = msgspec.field(name="from")
    end: Annotated[str, Meta(description="such as 06:00, or 24:00")] = msgspec.field(name="to")
    days: Annotated[str, Meta(description="such as mon-fri or sat,sun")] = "mon-sun"

    def __post_init__(self) -> None:
        self.span()

    def span(self) -> Span:
        """The same as a rule reads it; raises ValueError with a sentence."""
        return read_span(self.days, self.begin, self.end)


class RuleConfig(Value, frozen=True, tag_field="kind"):
    """What every rule of a zone may be told."""

    labels: Annotated[tuple[Label, ...], Meta(min_length=1, max_length=16, description="what counts")] = (
        "person",
    )
    armed: Annotated[tuple[Hours, ...], Meta(max_length=32, description="when; left out: always")] = ()
    cooldown: Annotated[Seconds, Meta(description="seconds from the end of an event to the next")] = 60.0


class IntrusionRule(RuleConfig, frozen=True, tag="intrusion"):
    """Somebody where and when nobody may be."""

    dwell: Annotated[Seconds, Meta(description="seconds inside before it counts")] = 0.6
    move: Annotated[
        float, Meta(ge=0, le=10, description="moved at least this share of its height: parked things are not")
    ] = 0.25
    grace: Annotated[Seconds, Meta(description="seconds with nobody seen before it is over")] = 3.0


class LingerRule(RuleConfig, frozen=True, tag="linger"):
    """Somebody who stays too long."""

    seconds: Annotated[float, Meta(ge=1, le=86_400, description="how long one may stay")] = 20.0
    grace: Annotated[Seconds, Meta(description="an absence no longer than this does not end a stay")] = 2.0


class CrowdRule(RuleConfig, frozen=True, tag="crowd"):
    """Too many in one place."""

    count: Annotated[int, Meta(ge=2, le=10_000, description="from this many on it is a crowd")] = 6
    clear: Annotated[int, Meta(ge=0, le=10_000, description="at this many or fewer it is over")] = 4
    seconds: Annotated[Seconds, Meta(description="how long either must hold")] = 3.0

    def __post_init__(self) -> None:
        if self.clear >= self.count:
            raise ValueError(f"clear is {self.clear} and must be less than count, which is {self.count}")


class ZoneConfig(Value, frozen=True):
    """A polygon of a camera's picture and the rules that hold in it."""

    id: Slug
    polygon: Polygon
    rules: Annotated[tuple[IntrusionRule | LingerRule | CrowdRule, ...], Meta(min_length=1, max_length=8)]

    def __post_init__(self) -> None:
        refuse_flat(self.polygon)


Pace = Annotated[float, Meta(ge=0.2, le=25, description="pictures a second that are looked at")]
StillEvery = Annotated[float, Meta(ge=0.2, le=600, description="seconds between live stills")]
Masks = Annotated[
    tuple[Polygon, ...], Meta(max_length=32, description="made black before anything is kept or shown")
]
Zones = Annotated[tuple[ZoneConfig, ...], Meta(max_length=32)]


def refuse_flat(polygon: tuple[Point, ...]) -> None:
    """A polygon without area holds nobody, and whoever drew it does not know."""
    ends = (*polygon[1:], polygon[0])
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(polygon, ends, strict=True)) / 2
    if abs(area) < LEAST_AREA:
        raise ValueError("the polygon has no area; give its corners in order, as shares 0..1 of the picture")


def refuse_scene(masks: tuple[Polygon, ...], zones: tuple[ZoneConfig, ...]) -> None:
    """Refuse a mask without area and two zones of one name; raises ValueError with a sentence."""
    for mask in masks:
        refuse_flat(mask)
    refuse_twice("zone", [zone.id for zone in zones])


def refuse_twice(what: str, names: list[str]) -> None:
    """Refuse a name that is there twice; raises ValueError with a sentence."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what} {twice[0]!r} is there twice; give each {what} an id of its own")
