"""Shapes of rotations, of a group's month, of all groups at a glance, and of closed days."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, NodePath, Pair, Shown, Slug, When
from hub.api.shape.component import Note
from hub.api.shape.people import Named
from hub.api.shape.turns import Days, MonthCount, TurnLine


class NewRotation(Given):
    """For the market, a grid or a group; the market itself where no node is said."""

    first: Days
    last: Days
    node: NodePath | None = None
    seconds: Annotated[float, Field(ge=1, le=300)] = 60.0


class SolverJob(Shown):
    """How a solver stands."""

    state: Literal["waiting", "running", "done", "stopped", "failed"]
    stage: str
    seconds: float
    best: float | None
    bound: float | None
    share: float | None
    reason: Pair | None


class RotationFigures(Shown):
    """How good it is: `proved` of `groups` cannot be fairer; `baseline_spread`: simply going round."""

    spread: int
    baseline_spread: int
    proved: int
    groups: int
    turns: int
    oddities: int
    unknown_years: list[int]


class RotationHead(Shown):
    """A rotation as the list shows it. `may`: stop, solve, discard, publish."""

    id: str
    number: str
    node: str
    name: Pair
    first: str
    last: str
    state: Literal["draft", "published", "discarded"]
    job: SolverJob | None
    figures: RotationFigures | None
    made_by: Named | None
    made_at: When
    decided_by: Named | None
    decided_at: When | None
    may: list[str]


class DraftTurn(Shown):
    """A day as it is proposed."""

    day: str
    shop: Named | None
    buddy: Named | None


class Oddity(Shown):
    """What cannot be avoided, and why."""

    rule: str
    day: str | None
    zh: str
    en: str


class DraftGroup(Shown):
    """A group's days as they are proposed."""

    id: str
    number: int
    grid: str
    spread: int
    proved: bool
    turns: list[DraftTurn]
    oddities: list[Oddity]


class RotationPage(RotationHead):
    """A rotation with its groups' days."""

    made: list[DraftGroup]


class MonthGroup(Shown):
    """Which group."""

    id: str
    number: int
    grid: str


class MonthShop(Shown):
    """A shop of the group, in the order of the neighbourhood."""

    shop: Named
    turns: int
    centre: bool


class ClosedLine(Shown):
    """A closed day; `whole`: of the whole market."""

    id: str
    day: str
    reason: str
    whole: bool


class MonthLeave(Shown):
    """Leave in this month, granted or asked for."""

    id: str
    shop: Named
    first: str
    last: str
    state: Literal["asked", "granted"]


class Month(Shown):
    """A group's month. `missing`: days of which nobody has said whose they are."""

    group: MonthGroup
    turns: list[TurnLine]
    missing: list[str]
    shops: list[MonthShop]
    month: MonthCount
    closed: list[ClosedLine]
    leave: list[MonthLeave]
    may: list[str]


class GroupMonth(Shown):
    """A group at a glance: given + gaps + missing ≤ days; `unconfirmed` of `due`, to be confirmed by now."""

    id: str
    number: int
    grid: Named
    shops: int
    days: int
    given: int
    gaps: int
    missing: int
    due: int
    unconfirmed: int
    least: int
    most: int
    spread: int


class OverviewSum(Shown):
    """All the groups together; `spread`: of the least fair one."""

    groups: int
    days: int
    given: int
    gaps: int
    coming: int
    missing: int
    due: int
    unconfirmed: int
    spread: int


class Overview(Shown):
    """Every group of a month at a glance."""

    first: str
    last: str
    today: str
    groups: list[GroupMonth]
    sum: OverviewSum


class NewClosed(Given):
    """A day without turns: of one group, or of the whole market."""

    day: Days
    group: Slug | None = None
    reason: Note = ""


class TurnHours(Given):
    """HH:MM, the market's own time; `apart`: days from one turn of a shop to its next."""

    begins: time
    confirm_by: time
    enter_by: time
    opening_by: time
    noon_by: time
    ends: time
    apart: Annotated[int, Field(ge=1, le=7)] = 5


class HoursShown(Shown):
    """The same, as the market has it."""

    begins: str
    confirm_by: str
    enter_by: str
    opening_by: str
    noon_by: str
    ends: str
    apart: int
