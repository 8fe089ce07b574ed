"""What is watched for in a camera's picture: masks, and zones with their rules.

The same values stand in an edge's own file and in what its hub desires of it. Descriptions here are what an
editor shows from the schema.
"""

from __future__ import annotations

import math
from typing import Annotated

from msgspec import Meta

from wire.message import Share, Slug
from wire.rule import AnyRule, CrowdRule, LineRule, RuleConfig
from wire.value import Value

LEAST_AREA = 1e-5
LEAST_LENGTH = 0.01
MOST_CORNERS = 64
MOST_OUTLINES = 32

Point = tuple[Share, Share]
Polygon = Annotated[
    tuple[Point, ...],
    Meta(min_length=3, max_length=MOST_CORNERS, description="corners [x, y] as shares 0..1 of the picture"),
]
Line = Annotated[
    tuple[Point, Point],
    Meta(description="two ends [x, y] as shares 0..1 of the picture; its direction counts"),
]


class ZoneConfig(Value, frozen=True, kw_only=True):
    """A polygon or a line in a camera's picture, and the rules that hold there."""

    id: Slug
    polygon: Polygon | None = None
    line: Line | None = None
    area: Annotated[
        Annotated[float, Meta(gt=0, le=1e6)] | None,
        Meta(description="square metres of ground that the polygon covers"),
    ] = None
    rules: Annotated[tuple[AnyRule, ...], Meta(min_length=1, max_length=8)]

    def __post_init__(self) -> None:
        if (self.polygon is None) == (self.line is None):
            raise ValueError("a zone is either a polygon or a line: give one of them")
        if self.polygon is not None:
            refuse_flat(self.polygon)
        if self.line is not None:
            _refuse_short(self.line)
        for rule in self.rules:
            self._refuse_misfit(rule)

    def _refuse_misfit(self, rule: RuleConfig) -> None:
        if isinstance(rule, LineRule) == (self.line is None):
            here, other = ("polygon", "line") if self.line is None else ("line", "polygon")
            kind = rule.__struct_config__.tag
            raise ValueError(f"the rule `{kind}` needs a {other}, and this zone is a {here}")
        if isinstance(rule, CrowdRule) and rule.density is not None and self.area is None:
            raise ValueError("density needs the zone's area: give its square metres")


Pace = Annotated[float, Meta(ge=0.2, le=25, description="pictures a second that are looked at")]
StillEvery = Annotated[float, Meta(ge=0.2, le=600, description="seconds between live stills")]
Masks = Annotated[
    tuple[Polygon, ...],
    Meta(max_length=MOST_OUTLINES, description="made black before anything is kept or shown"),
]
Zones = Annotated[tuple[ZoneConfig, ...], Meta(max_length=MOST_OUTLINES)]


def refuse_flat(polygon: tuple[Point, ...]) -> None:
    """A polygon without area holds nobody, and whoever drew it does not know."""
    ends = (*polygon[1:], polygon[0])
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(polygon, ends, strict=True)) / 2
    if abs(area) < LEAST_AREA:
        raise ValueError("the polygon has no area; give its corners in order, as shares 0..1 of the picture")


def _refuse_short(line: tuple[Point, Point]) -> None:
    """A line without length has no sides."""
    (x1, y1), (x2, y2) = line
    if math.hypot(x2 - x1, y2 - y1) < LEAST_LENGTH:
        raise ValueError("the line has no length; give its two ends, as shares 0..1 of the picture")


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
