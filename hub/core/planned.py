"""What planning is asked and what it answers, as values: grids, ten-shop groups, and what would change.

Metres and minutes of work are floats; a share is 0 to 1. Objectives and bounds are exact: what the solver
proved, in the objective's own unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.core.ground import Ground  # noqa: TC001 - the child reads what it is asked by these types


@dataclass(frozen=True, slots=True)
class Proof:
    """How good a plan is known to be; `bound` is what no plan can fall below."""

    objective: float
    bound: float
    seconds: float
    stopped: bool = False
    """Whether somebody stopped it, or its time was up, before it was proved as far as was asked."""

    @property
    def gap(self) -> float:
        """Share of the objective that is not proved; 0 when it is the best there is."""
        return 0.0 if self.objective <= 0 else max(0.0, (self.objective - self.bound) / self.objective)


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that no plan can avoid, with its reason: `rule` names the rule, `count` says how far."""

    rule: str
    subject: str
    """Id of a street's run, a grid or a shop."""
    count: float


@dataclass(frozen=True, slots=True)
class GridRule:
    """What a plan of grids keeps to."""

    shops_band: float = 0.12
    """Share by which a grid may have more or fewer shops than the mean."""
    work_band: float = 0.05
    cut_price: float = 1500.0
    """Metres of walking that it is worth not to cut a hall once more."""


@dataclass(frozen=True, slots=True)
class GridsAsked:
    """Cut `ground` into grids. Where `held` and `centres` are given, it is a re-plan that moves the least."""

    ground: Ground
    grids: tuple[str, ...]
    """Their ids; as many grids are made."""
    rule: GridRule = field(default_factory=GridRule)
    held: dict[str, str] = field(default_factory=dict)
    """Shop → its grid now; new shops are not in it."""
    centres: dict[str, str] = field(default_factory=dict)
    """Grid → the shop at its centre."""
    seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class GridsMade:
    """A plan of grids and how it compares."""

    grid_of: dict[str, str]
    """Shop → grid; every shop is in it."""
    centres: dict[str, str]
    proof: Proof
    moved: tuple[str, ...]
    """Shops that had another grid."""
    least_moved: int | None
    """The fewest shops that any plan within the rules could move; None where that is not proved."""
    shops: dict[str, int]
    """Grid → its open shops; closed ones need no care."""
    work: dict[str, float]
    halls_cut: int
    runs_cut: int
    apart: int
    """Grids that do not hang together."""
    walk_m: float
    """Metres from every shop to its grid's centre, in sum."""
    oddities: tuple[Oddity, ...] = ()

    @property
    def work_deviation(self) -> float:
        """Largest share by which a grid's work differs from the mean."""
        mean = sum(self.work.values()) / len(self.work)
        return max(abs(work - mean) for work in self.work.values()) / mean


@dataclass(frozen=True, slots=True)
class GroupRule:
    """What a plan of ten-shop groups keeps to."""

    least: int = 8
    most: int = 12
    usual: int = 10
    move_price: float = 60.0
    """Metres of walking that it is worth not to move one shop."""


@dataclass(frozen=True, slots=True)
class GroupsAsked:
    """Cut the shops of each grid into groups of neighbours; with `held`, moving the least."""

    ground: Ground
    grid_of: dict[str, str]
    rule: GroupRule = field(default_factory=GroupRule)
    held: dict[str, str] = field(default_factory=dict)
    """Shop → its group now."""
    centre_of: dict[str, str] = field(default_factory=dict)
    """Group → its centre shop now."""
    only: frozenset[str] = frozenset()
    """Shops that have opened or closed: only groups that they touch may change; empty means all."""
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class GroupMade:
    """A group; `id` is that of the old group that most of its shops come from, else new-1 and so on."""

    id: str
    grid: str
    shops: tuple[str, ...]
    centre: str
    """The shop with the shortest way to all others, or the one that was elected and is still in it."""
    walk_m: float


@dataclass(frozen=True, slots=True)
class GroupsMade:
    """A plan of groups and how it compares."""

    groups: tuple[GroupMade, ...]
    proof: Proof
    free_bound: float
    """Metres that no plan can fall below, not even one with broken groups."""
    moved: tuple[str, ...]
    broken: int
    """Groups that do not hang together."""
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How a long job stands; `best` and `bound` are None until there is one."""

    stage: str
    seconds: float
    best: float | None = None
    bound: float | None = None
    share: float | None = None
    """How much of the job is done, where that is known."""


@dataclass(frozen=True, slots=True)
class WaysAsked:
    """How far it is on foot from door to door, for pairs of shops."""

    ground: Ground
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WaysMade:
    """Metres for each pair; None where no way leads there."""

    metres: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class EditAsked:
    """Which rules does a cut of the market break: every shop's grid, and the groups of those that trade."""

    ground: Ground
    grid_of: dict[str, str]
    group_of: dict[str, str] = field(default_factory=dict)
    rule: GridRule = field(default_factory=GridRule)


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is broken: grid.work, grid.shops, grid.apart, run.cut or group.apart."""

    rule: str
    subject: str
    """Id of a grid, a run or a group."""
    value: float
    """Share over or under the mean; or into how many parts."""
    shops: tuple[str, ...] = ()
    """Those that stand apart: all but the largest part."""


@dataclass(frozen=True, slots=True)
class EditMade:
    """All that is broken, in a fixed order."""

    broken: tuple[Broken, ...]
