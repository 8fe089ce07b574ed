"""Coverage as values: what each camera's field of view reaches, past the walls and shops in its way.

Metres; bearings in degrees, 0 up on the plan, clockwise; pixel density in pixels per metre at the distance
(IEC 62676-4:2025). Plan view only: what is piled up or hangs down is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.core.ground import Ground, Point, Ring  # noqa: TC001 - the child reads what it is asked by these types


@dataclass(frozen=True, slots=True)
class Level:
    """A level of detail and the least pixels per metre it needs."""

    name: str
    density: float


IEC_2025 = tuple(
    Level(name, density)
    for name, density in (
        ("overview", 20.0),
        ("outline", 40.0),
        ("discern", 80.0),
        ("perceive", 125.0),
        ("characterise", 250.0),
        ("validate", 500.0),
        ("scrutinise", 1500.0),
    )
)
"""IEC 62676-4:2025."""
DORI = tuple(
    Level(name, density)
    for name, density in (("detect", 25.0), ("observe", 62.5), ("recognise", 125.0), ("identify", 250.0))
)
"""IEC 62676-4:2014."""
SCALES = {"iec2025": IEC_2025, "dori": DORI}


@dataclass(frozen=True, slots=True)
class Lens:
    """Where a camera stands and how it looks; `blind` while it does not see."""

    id: str
    at: Point
    bearing: float
    fov: float
    range_m: float
    height_m: float
    width_px: int
    """Pixels across the picture."""
    blind: bool = False
    measured: Ring | None = None
    """The view as somebody walked it, instead of the computed one."""


@dataclass(frozen=True, slots=True)
class CoverAsked:
    """Everything at once."""

    ground: Ground
    lenses: tuple[Lens, ...]
    scale: str = "iec2025"
    level: str = "discern"
    """The level by which seen and blind are told."""
    grid_of: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What one camera sees at the asked level; rings with holes: the first is the outline."""

    id: str
    rings: tuple[tuple[Ring, ...], ...]
    area_m2: float
    alone_m2: float
    """What nobody sees without it; of one that is blind: what nobody sees because it is."""


@dataclass(frozen=True, slots=True)
class Blind:
    """A stretch of ground to walk on that no camera sees."""

    rings: tuple[Ring, ...]
    area_m2: float
    at: Point
    street: str | None
    grid: str | None
    cause: str
    """none: no camera reaches it; hidden: something stands before it; dark: its camera does not see now."""


@dataclass(frozen=True, slots=True)
class CoverMade:
    """The state of sight of a market; shares are of the ground one walks on, 0 to 1."""

    ground_m2: float
    seen: float
    """At the asked level, past what stands in the way."""
    sectors: float
    """What fields of view would claim if nothing stood in the way."""
    by_level: dict[str, float]
    by_grid: dict[str, float]
    twice: float
    """Seen by two cameras or more."""
    views: tuple[View, ...]
    blind: tuple[Blind, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a camera could be put, and what it would add."""

    at: Point
    bearing: float
    gain_m2: float
    street: str | None
    rings: tuple[tuple[Ring, ...], ...] = ()
    """What it would see, as of a View."""


@dataclass(frozen=True, slots=True)
class NextAsked:
    """The best places for `count` more cameras like `pattern`."""

    cover: CoverAsked
    count: int
    pattern: Lens
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class NextMade:
    """The places, best first, with what they reach together and what no choice could exceed."""

    mounts: tuple[Mount, ...]
    gain_m2: float
    bound_m2: float
    greedy_m2: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Zone:
    """Where no camera may look: a fitting room, a toilet or a dormitory."""

    id: str
    ring: Ring


@dataclass(frozen=True, slots=True)
class LensAsked:
    """What `lens` would see among the others of `cover`, in whose place it stands if it has the id of one."""

    cover: CoverAsked
    lens: Lens
    zones: tuple[Zone, ...] = ()


@dataclass(frozen=True, slots=True)
class LensMade:
    """One camera as it is tried, and the market's figures with it."""

    view: View
    sector: Ring
    """What it would claim if nothing stood in the way; empty where it reaches no ground so well."""
    near_m: float
    """Nothing nearer to it is in its picture."""
    reach_m: float
    """How far the asked level reaches."""
    seen: float
    gain_m2: float
    """What is seen more with it than as it is now; less than 0: less."""
    enters: tuple[str, ...]
    """Zones that it looks into."""
    seconds: float


@dataclass(frozen=True, slots=True)
class ZonesAsked:
    """Which lenses look into which zones; a shop that a zone lies in counts as open to all sides."""

    ground: Ground
    lenses: tuple[Lens, ...]
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class ZonesMade:
    """Pairs of a lens and a zone that it looks into."""

    enters: tuple[tuple[str, str], ...]
