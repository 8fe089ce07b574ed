"""Shapes of plans of grids and groups: how they are asked for, what they would change, how they stand."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from hub.api.shape.base import Given, Pair, Shown, When, Words, spoken
from hub.api.shape.people import Named

Kind = Literal["grids", "groups", "hand"]
State = Literal["draft", "submitted", "approved", "applied", "withdrawn", "rejected", "undone"]
Title = Annotated[Words, AfterValidator(spoken), Field(min_length=1, max_length=120)]
Why = Annotated[Words, AfterValidator(spoken), Field(min_length=2, max_length=500)]
Share = Annotated[float, Field(ge=0.01, le=1)]
Price = Annotated[float, Field(ge=0, le=100_000)]
Size = Annotated[int, Field(ge=2, le=60)]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
"""Of a grid, a group or a shop; `new` (a group) asks for one that is not there yet."""


class GridWish(Given):
    """What grids are to keep to; what is left out is as usual. Prices in metres of walking."""

    grids: Annotated[int, Field(ge=1, le=60)] | None = None
    """How many; null: as many as there are."""
    shops_band: Share | None = None
    work_band: Share | None = None
    cut_price: Price | None = None
    anew: bool = False
    """Cut the market as if nobody had ever cut it, rather than move the fewest shops."""


class GroupWish(Given):
    """What groups are to keep to."""

    least: Size | None = None
    most: Size | None = None
    usual: Size | None = None
    move_price: Price | None = None
    anew: bool = False


class Solving(Given):
    """What a solver is to keep to, and how long it may take."""

    grid_wish: GridWish = GridWish()
    group_wish: GroupWish = GroupWish()
    seconds: Annotated[float, Field(ge=1, le=600)] = 120


class NewPlan(Solving):
    """A plan to be drawn up: by the solver, which begins at once, or by hand."""

    kind: Kind
    title: Title
    effective: date
    """First day on which it is to hold; today at the earliest."""


class Retitled(Given):
    """Another title or day of a draft."""

    title: Title
    effective: date


class Move(Given):
    """Shops that are given another grid or group; a group alone says its grid too."""

    shops: Annotated[list[Id], Field(min_length=1, max_length=500)]
    grid: Id | None = None
    group: Id | None = None
    """Null: the group of their nearest neighbour in the grid; `new`: one of their own."""


class Moves(Given):
    """Moves on a draft, in their order; not to be `kept`, they are only tried."""

    moves: Annotated[list[Move], Field(min_length=1, max_length=200)]
    keep: bool = True


class Reasoned(Given):
    """Why a plan is rejected or undone."""

    reason: Why


class Broken(Shown):
    """A rule that the draft breaks now: where, and what to do. `hard`: it cannot be submitted so."""

    rule: str
    subject: str
    """Id of a grid, a group or a shop."""
    hard: bool
    new: bool
    """Whether it was kept before the plan."""
    zh: str
    en: str


class Person(Named):
    """Somebody who acted on a plan."""


class Job(Shown):
    """How the solver of a plan stands."""

    state: Literal["waiting", "running", "done", "stopped", "failed"]
    stage: str
    """`grids`, `groups`, or the solver's own word."""
    stage_words: Pair
    seconds: float
    best: float | None
    bound: float | None
    gap: float | None
    share: float | None
    reason: Pair | None
    """Why it failed, and what to do."""


class Head(Shown):
    """A plan in the list."""

    id: str
    number: str
    kind: Kind
    kind_words: Pair
    state: State
    state_words: Pair
    title: str
    effective: str
    """A date."""
    revision: int
    made_by: Person
    made_at: When
    submitted_by: Person | None
    submitted_at: When | None
    decided_by: Person | None
    decided_at: When | None
    applied_at: When | None
    undone_by: Person | None
    undone_at: When | None
    reason: str | None
    moved_grid: int
    moved_group: int
    job: Job | None
    may: list[Literal["change", "submit", "withdraw", "approve", "reject", "undo", "discard"]]
    """What the visitor may do with it now."""
    withdraw_until: When | None


class Figure(Shown):
    """One line of before and after; null: not known or not asked."""

    id: str
    words: Pair
    unit: Literal["share", "count", "metres"]
    before: float | None
    after: float | None
    better: bool | None
    """Null: as it was, or neither is better."""


class Proof(Shown):
    """How good the solver's plan is known to be."""

    what: Literal["grids", "groups"]
    objective: float
    bound: float
    gap: float
    seconds: float
    stopped: bool
    least_moved: int | None
    """The fewest shops that any plan could move; null where that is not proved."""


class Oddity(Shown):
    """Something that no plan can avoid."""

    rule: str
    subject: str
    count: float
    zh: str
    en: str


class Change(Shown):
    """One shop that gets another grid or group; ids; walks in metres to its grid's centre."""

    shop: str
    name: str
    grid_from: str
    grid_to: str
    group_from: str | None
    group_to: str | None
    reason: str
    walk_from: float | None
    walk_to: float | None


class Row(Shown):
    """A stretch of neighbours with one change, a line of the change list; walks are their mean."""

    shops: list[str]
    label: str
    """`C-101 … C-108`, or one name."""
    count: int
    grid_from: str
    grid_to: str
    group_from: str | None
    group_to: str | None
    reason: str
    reason_words: Pair
    walk_from: float | None
    walk_to: float | None


class PlanGrid(Shown):
    """A grid as it would be; `new`: it is not there yet, `gone`: no shop is left in it."""

    id: str
    number: int
    name: Pair
    shops: int
    shops_before: int
    work: float
    work_before: float
    centre: str | None
    new: bool
    gone: bool


class PlanGroup(Shown):
    """A group that would be other than it is. `elect`: its centre shop has to be chosen anew."""

    id: str
    grid: str
    number: int
    shops: int
    shops_before: int
    centre: str | None
    centre_before: str | None
    elect: bool
    new: bool
    gone: bool


class Telling(Shown):
    """Who must be told before the day: leaders of grids, centre shops, shops that move."""

    leaders: list[Person]
    centres: list[str]
    """Ids of shops."""
    shops: list[str]


class Unchanged(Shown):
    """What the plan does not touch."""

    open_cases: int
    """Cases that stay with the grid in which they happened."""
    twice: int
    """Businesses with shops in two grids whose primary shop stays where it is."""


class Plan(Head):
    """A plan with all it would change."""

    before: str | None
    """The first day of the version that held before it."""
    figures: list[Figure]
    proofs: list[Proof]
    oddities: list[Oddity]
    broken: list[Broken]
    rows: list[Row]
    changes: list[Change]
    grids: list[PlanGrid]
    groups: list[PlanGroup]
    tell: Telling
    duties: int
    """Turns from its day on whose crew gets another number of shops."""
    unchanged: Unchanged


class Edited(Shown):
    """A draft after moves: `broken` is what they break; without `kept` nothing changed."""

    kept: bool
    revision: int
    broken: list[Broken]
    changes: list[Change]
    """Every change of the draft, not these moves alone."""
    grids: list[PlanGrid]
    groups: list[PlanGroup]


class Version(Shown):
    """A day from which the market was cut anew; the first has no plan."""

    begins: str
    """A date."""
    plan: str | None
    number: str | None
    title: str | None
    state: Literal["applied", "undone"] | None
    grids: int
    groups: int
    shops: int


class MadePlan(Shown):
    """The id of a new plan."""

    id: str
