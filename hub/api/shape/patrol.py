"""Shapes of the patrol page: a day, rounds, checkpoints and plans."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, Id, Metres, Name, Pair, Shown, Slug, When, Words
from hub.api.shape.people import Named, Word

Time = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Kind = Literal["round", "fire", "sweep", "key", "danger"]
Tag = Annotated[Words, Field(max_length=64)]


class Figures(Shown):
    """How rounds were walked, in points: `excused` were missed with a reason; steps fast, stays short.

    `share`: those kept in time of those due; `order`: those in order of those visited.
    """

    due: int
    kept: int
    late: int
    missed: int
    excused: int
    fast: int
    short: int
    share: float | None
    order: float | None


class PatrolPoint(Shown):
    """A checkpoint in lists."""

    id: str
    number: int
    name: Pair
    x: float
    y: float
    key: bool


class PatrolGap(Shown):
    """The longest time of the day that nobody came by a point."""

    point: PatrolPoint
    grid: str
    minutes: float
    since: When
    until: When


class PatrolGrid(Shown):
    """A grid's day."""

    grid: Named
    figures: Figures
    gap: PatrolGap | None


class PlanDay(Shown):
    """A plan's day."""

    id: str
    name: Pair
    kind: Word
    grid: str
    figures: Figures


class PatrolRound(Shown):
    """A round; `open`: it may be begun or walked now."""

    id: str
    kind: Word
    name: Pair
    grid: str
    state: Word
    due_at: When
    closes_at: When
    open: bool
    started_at: When | None
    started_by: Named | None
    count: int
    figures: Figures


class Missed(Shown):
    """A point that nobody came by in its round, and why if somebody said so."""

    round: str
    kind: Word
    closes_at: When
    point: PatrolPoint
    reason: Word | None


class LonePerson(Shown):
    """Somebody who walks alone: on, lapsed or grave."""

    person: Named | None
    state: str
    due_at: When
    alert: str | None


class Checks(Shown):
    """Danger checks of a grid's day."""

    grid: str
    done: int
    of: int


class PatrolDay(Shown):
    """One day of patrols; gaps the longest first; `more`: there are more rounds than are shown."""

    day: str
    now: When
    figures: Figures
    grids: list[PatrolGrid]
    plans: list[PlanDay]
    rounds: list[PatrolRound]
    missed: list[Missed]
    gaps: list[PatrolGap]
    lone: list[LonePerson]
    checks: list[Checks]
    more: bool


class RoundPoint(PatrolPoint):
    """A point of a round: kept, late, early, missed or waiting."""

    standing: Literal["kept", "late", "early", "missed", "waiting"]
    reason: Word | None


class VisitTold(Shown):
    """Somebody was at a point; `away_m` is how far from it the position was, if one came along."""

    id: str
    checkpoint: str
    at: When
    received_at: When
    walker: Named | None
    device: str | None
    by: Word
    away_m: float | None
    accuracy_m: float | None
    photo: str | None
    note: str


class RoundRemark(Shown):
    """What a walker added: why a point was not reached, or a photo; of a point or of the round."""

    id: str
    at: When
    person: Named
    point: PatrolPoint | None
    reason: Word | None
    photo: str | None
    note: str


class Fast(Shown):
    """Two visits between which nobody can have walked."""

    first: str
    then: str
    metres: float
    seconds: float


class RoundPage(PatrolRound):
    """One round; its points in the drawn order and the seed only once it was begun or its time is over."""

    seed: str | None
    points: list[RoundPoint] | None
    visits: list[VisitTold]
    remarks: list[RoundRemark]
    fast: list[Fast]
    short: list[str]


class CodeTold(Shown):
    """The sign that hangs at a checkpoint, good before `until`."""

    serial: int
    until: str
    over: bool


class CheckpointTold(PatrolPoint):
    """A checkpoint of the register."""

    grid: str
    tagged: bool
    fence_m: float | None
    dwell_s: int
    code: CodeTold | None
    may: bool


class NewCheckpoint(Given):
    """A checkpoint that is entered; `tag`: the number of its NFC tag, empty: none, left out: as it was."""

    grid: Slug
    name_zh: Name
    name_en: Name
    x: Metres
    y: Metres
    key: bool = False
    tag: Tag | None = None
    fence_m: Annotated[float, Field(ge=5, le=500)] | None = 30.0
    dwell_s: Annotated[int, Field(ge=0, le=3600)] = 20


class NewCodes(Given):
    """New signs for these checkpoints, good for so many days."""

    checkpoints: Annotated[list[Id], Field(min_length=1, max_length=400)]
    days: Annotated[int, Field(ge=1, le=730)] = 90


class PlanTold(Shown):
    """A plan that holds; `ways`: how many rounds it is drawn from, 0 while none are solved."""

    id: str
    grid: str
    kind: Word
    name: Pair
    times: list[str]
    minutes: int
    points: list[str]
    drawn: bool
    ways: int
    begins: str
    may: bool


class NewPatrolPlan(Given):
    """A plan that is asked for; `solve`: have the lap or the mix solved, else its order is taken."""

    grid: Slug
    kind: Kind
    name_zh: Name
    name_en: Name
    times: Annotated[list[Time], Field(min_length=1, max_length=48)]
    points: Annotated[list[Id], Field(max_length=200)]
    minutes: Annotated[int, Field(ge=5, le=720)] | None = None
    drawn: bool = True
    solve: bool = True


class PlanMade(Shown):
    """A plan that stands; metres of its lap and the worst chance to meet an intruder, where solved."""

    id: str
    metres: float | None
    proved: bool | None
    worst: float | None
    best_fixed: float | None
