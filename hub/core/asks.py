"""What a solver can be asked: the name of each question, and the values that go in and come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from hub.core.checked import CheckAsked, CheckMade
from hub.core.cover import (
    CoverAsked,
    CoverMade,
    LensAsked,
    LensMade,
    NextAsked,
    NextMade,
    ZonesAsked,
    ZonesMade,
)
from hub.core.drawn import DrawAsked, DrawMade
from hub.core.placed import PlaceAsked, PlaceMade
from hub.core.planned import (
    EditAsked,
    EditMade,
    GridsAsked,
    GridsMade,
    GroupsAsked,
    GroupsMade,
    WaysAsked,
    WaysMade,
)
from hub.core.roster import GuardsAsked, GuardsMade, RosterCheckAsked, RosterChecked, SickAsked, SickMade
from hub.core.rotation import RotationAsked, RotationMade
from hub.core.rounds import MixAsked, MixMade, RouteAsked, RouteMade

A = TypeVar("A")
M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Ask(Generic[A, M]):
    """A question; `seconds` is how long its answer may take where what is asked names no time of its own."""

    name: str
    asked: type[A]
    made: type[M]
    seconds: float = 60.0


GRIDS = Ask("grids", GridsAsked, GridsMade, 300.0)
GROUPS = Ask("groups", GroupsAsked, GroupsMade, 300.0)
COVER = Ask("cover", CoverAsked, CoverMade)
NEXT = Ask("next", NextAsked, NextMade)
LENS = Ask("lens", LensAsked, LensMade)
ZONES = Ask("zones", ZonesAsked, ZonesMade)
EDIT = Ask("edit", EditAsked, EditMade)
WAYS = Ask("ways", WaysAsked, WaysMade)
CHECK = Ask("check", CheckAsked, CheckMade)
PLACE = Ask("place", PlaceAsked, PlaceMade)
DRAW = Ask("draw", DrawAsked, DrawMade)
ROUTE = Ask("route", RouteAsked, RouteMade)
MIX = Ask("mix", MixAsked, MixMade)
ROTATION = Ask("rotation", RotationAsked, RotationMade, 120.0)
GUARDS = Ask("guards", GuardsAsked, GuardsMade, 120.0)
SICK = Ask("sick", SickAsked, SickMade)
ROSTER_CHECK = Ask("roster-check", RosterCheckAsked, RosterChecked)
_ROSTERS = (ROTATION, GUARDS, SICK, ROSTER_CHECK)
_ALL = (GRIDS, GROUPS, COVER, NEXT, LENS, ZONES, EDIT, WAYS, CHECK, PLACE, DRAW, ROUTE, MIX, *_ROSTERS)
EVERY: dict[str, Ask[object, object]] = {ask.name: ask for ask in _ALL}  # type: ignore[misc]
