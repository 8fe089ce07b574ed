"""The rules that watch, made of those that are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edge.rule.blocked import Blocked
from edge.rule.crowd import Crowd, dense
from edge.rule.fire import Fire
from edge.rule.hand import HandFirst, Hands
from edge.rule.intrusion import Intrusion
from edge.rule.left import Left
from edge.rule.line import Line
from edge.rule.linger import Linger
from edge.rule.removed import Removed
from edge.rule.scope import Scope
from edge.rule.timetable import timetable
from edge.rule.vehicle import Vehicle
from edge.rule.zone import Zone
from wire.message import new_id
from wire.rule import (
    PEOPLE,
    BlockedRule,
    CrowdRule,
    FireRule,
    IntrusionRule,
    LeftRule,
    LineRule,
    LingerRule,
    RemovedRule,
    RuleConfig,
    SmokeRule,
    VehicleRule,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge.config import CameraConfig, EdgeConfig, ZoneConfig
    from edge.rule.change import Rule

FREE = Hands()
"""Nothing by hand."""
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
"""Where a zone is a line, its things may be anywhere."""


def rules_of(
    camera: CameraConfig, edge: EdgeConfig, size: tuple[int, int], hands: Hands = FREE
) -> Iterator[Rule]:
    """The rules of a camera whose analysed pictures are `size`, width and height in pixels.

    `hands` tells what is armed and disarmed by hand.
    """
    clock = edge.clock()
    for zone in camera.zones:
        area = Zone(zone.id, zone.polygon or WHOLE, size)
        for rule in zone.rules:
            armed = HandFirst(timetable(rule, edge.calendar, clock), hands, camera.id, zone.id)
            labels = frozenset(getattr(rule, "labels", PEOPLE))
            yield _rule(rule, zone, Scope(area, labels, armed, rule.cooldown, new_id))


def _rule(rule: RuleConfig, zone: ZoneConfig, scope: Scope) -> Rule:
    made = MADE.get(type(rule))
    if made is None:
        raise TypeError(f"no rule is made of {type(rule).__name__}")
    own = {name: getattr(rule, name) for name in rule.__struct_fields__ if name not in SHARED}
    return made(scope, zone, **own)


def _of(made: Callable[..., Rule], **more: object) -> Callable[..., Rule]:
    """What makes a rule that needs nothing of its zone beyond the scope."""
    return lambda scope, _zone, **own: made(scope, **own, **more)


def _line(scope: Scope, zone: ZoneConfig, **own: Any) -> Rule:
    assert zone.line is not None, "a line rule in a polygon is refused where it is read"
    return Line(scope, zone.line, **own)


def _crowd(
    scope: Scope, zone: ZoneConfig, *, count: int, clear: int, density: float | None, seconds: float
) -> Rule:
    if density is not None and zone.area is not None:
        count, clear = dense(density, zone.area)
    return Crowd(scope, count=count, clear=clear, seconds=seconds, area=zone.area)


SHARED = frozenset({*RuleConfig.__struct_fields__, "labels"})
"""What every rule is told, and its scope says."""
MADE: dict[type[RuleConfig], Callable[..., Rule]] = {
    IntrusionRule: _of(Intrusion),
    LingerRule: _of(Linger),
    CrowdRule: _crowd,
    LineRule: _line,
    VehicleRule: _of(Vehicle),
    LeftRule: _of(Left),
    RemovedRule: _of(Removed),
    BlockedRule: _of(Blocked),
    FireRule: _of(Fire, kind="fire"),
    SmokeRule: _of(Fire, kind="smoke"),
}
"""The written rule to what makes the one that watches; its own fields are the maker's arguments."""
