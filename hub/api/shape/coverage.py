"""Shapes of coverage: what cameras see, what is blind, where the next would do most.

Metres, y down; bearings in degrees, 0 up on the plan, clockwise; shares 0 to 1. A ring is flat: x, y, x, y …;
an area is a list of polygons, each a list of rings of which the first is the outline and the rest are holes.
"""

from __future__ import annotations

from typing import Literal

from hub.api.shape.base import Pair, Shown, When

Flat = list[float]
Area = list[list[Flat]]
Scale = Literal["iec2025", "dori"]
LevelName = Literal[
    "overview",
    "outline",
    "discern",
    "perceive",
    "characterise",
    "validate",
    "scrutinise",
    "detect",
    "observe",
    "recognise",
    "identify",
]
Cause = Literal["none", "hidden", "dark"]
"""none: no camera reaches it · hidden: something stands in the way · dark: its camera does not see now."""


class Level(Shown):
    """A level of detail: the least pixels per metre it needs, and the share of the ground seen so well."""

    name: str
    density: float
    seen: float


class GridSeen(Shown):
    """A grid's own share."""

    id: str
    name: Pair
    seen: float


class CameraSeen(Shown):
    """A camera and what it sees at the asked level; `alone_m2`: what nobody sees without it."""

    id: str
    name: Pair
    place: Pair
    grid: str | None
    x: float
    y: float
    bearing: float
    fov: float
    range_m: float
    height_m: float
    width_px: int
    critical: bool
    state: str
    since: When | None
    measured: bool
    """Whether somebody walked its view."""
    area: Area
    area_m2: float
    alone_m2: float
    enters: list[str]
    """Forbidden zones that it looks into and no mask is stated to cover."""
    may: bool
    """Whether this person may move it."""


class Blind(Shown):
    """A stretch of ground that no camera sees; `x`, `y` lies inside it, `place` names what is near."""

    area: Area
    area_m2: float
    x: float
    y: float
    street: str | None
    grid: str | None
    place: Pair
    cause: Cause


class Coverage(Shown):
    """The state of sight of the market as its cameras are meant to see: all of them work.

    `sectors` is what fields of view claim if nothing stands in the way; `sectors_more_m2` how much too much.
    `blind` holds what is larger than `least_m2`, largest first; `blind_m2` is all of it.
    """

    scale: Scale
    level: LevelName
    ground_m2: float
    seen: float
    sectors: float
    sectors_more_m2: float
    twice: float
    blind_m2: float
    least_m2: float
    levels: list[Level]
    grids: list[GridSeen]
    cameras: list[CameraSeen]
    blind: list[Blind]
    seconds: float
    """How long it took to reckon."""


class TriedSeen(Shown):
    """One camera as it is tried.

    `area`: what it sees of the ground · `sector`: flat ring of what it would claim · `near_m`: nothing nearer
    is in its picture · `reach_m`: how far the level reaches · `seen`: the market's share with it ·
    `gain_m2`: more seen than now, or less · `enters`: forbidden zones it looks into.
    """

    area: Area
    sector: Flat
    near_m: float
    reach_m: float
    area_m2: float
    alone_m2: float
    seen: float
    gain_m2: float
    enters: list[str]
    seconds: float


class Mount(Shown):
    """Where a camera could be put; `gain_m2` is what it adds to those before it in the list."""

    x: float
    y: float
    bearing: float
    street: str | None
    place: Pair
    facing: Pair
    """北, North …"""
    gain_m2: float
    area: Area
    """What it would see."""


class Next(Shown):
    """The best places, best first; no choice of as many could gain more than `bound_m2`.

    `proved`: the bound is reached · `greedy_m2`: what taking the best one by one would gain · `seen_then`:
    the market's share with all of them.
    """

    mounts: list[Mount]
    gain_m2: float
    bound_m2: float
    greedy_m2: float
    proved: bool
    seen: float
    seen_then: float
    seconds: float


class DarkCamera(Shown):
    """A camera that does not see now; `lost_m2`: what nobody sees because of it."""

    id: str
    name: Pair
    state: str
    reason: str | None
    since: When | None
    lost_m2: float
    critical: bool


class GridNow(Shown):
    """A grid now; `seen` with all cameras, `now` with those that see, `since` when the first went dark."""

    id: str
    name: Pair
    seen: float
    now: float
    lost_m2: float
    since: When | None
    cameras: list[DarkCamera]


class BlindNow(Shown):
    """What is blind now and would not be if every camera saw; `blind` holds only what is dark."""

    at: When
    scale: Scale
    level: LevelName
    seen: float
    now: float
    lost_m2: float
    grids: list[GridNow]
    blind: list[Blind]


class Without(Shown):
    """What a camera takes away when it fails: `seen` with it, `then` and `blind` without it."""

    id: str
    seen: float
    then: float
    lost_m2: float
    blind: list[Blind]


class SavedLens(Shown):
    """A camera's place as it now is."""

    id: str
    x: float
    y: float
    bearing: float
    fov: float
    range_m: float
    height_m: float
    width_px: int
