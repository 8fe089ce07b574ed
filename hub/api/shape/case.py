"""Shape of cases: a card of the board, a whole page, and what is sent to act."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from hub.api.shape.alert import Alert
from hub.api.shape.base import Given, Id, Metres, Name, Pair, Shown, When, Words

Stage = Literal[
    "REPORTED",
    "ACCEPTED",
    "REJECTED",
    "MERGED",
    "DISPATCHED",
    "HANDLING",
    "SUSPENDED",
    "HANDLED",
    "CLOSED",
    "EVALUATED",
    "CANCELLED",
]


class Due(Shown):
    """The clock that ends first."""

    clock: str
    at: When
    total_s: float
    started_at: When


class Card(Shown):
    """A case on the board."""

    id: str
    number: str
    title: Pair
    kind: str
    severity: int
    stage: Stage
    grid: str | None
    place: Pair
    opened_at: When
    due: Due | None
    late: bool
    unit: Pair | None
    handler: Pair | None
    version: int


class StageLine(Shown):
    """A stage of the straight way that the case has reached."""

    stage: Stage
    at: When
    used_s: float | None
    limit_s: float | None
    who: Pair | None
    note: Pair | None


class Who(Shown):
    """Who acted, in which role."""

    name: Pair
    role: Pair
    armband: str | None


class File(Shown):
    """A still or clip, by its opaque id."""

    id: str
    type: str
    at: When


class Line(Shown):
    """One act; `text` is somebody's own words, `zh` and `en` the act's own facts."""

    seq: int
    at: When
    act: str
    who: Who
    from_: Annotated[str | None, Field(alias="from")]
    to: str | None
    text: str | None
    zh: str
    en: str
    media: list[File]


class Clock(Shown):
    """A run of one clock."""

    clock: str
    run: int
    started_at: When
    due_at: When | None
    stopped_at: When | None
    state: str
    total_s: float
    used_s: float


class Choice(Shown):
    """Something that can be chosen."""

    value: str
    zh: str
    en: str


class Asked(Shown):
    """Something that an act asks for."""

    name: str
    label: Pair
    type: Literal["text", "choice", "date", "unit", "person", "check"]
    required: bool
    choices: list[Choice] | None


class Move(Shown):
    """An act that this person may do next, or the reason why not."""

    act: str
    name: Pair
    allowed: bool
    en: str
    zh: str
    fields: list[Asked]


class Person(Shown):
    """Somebody who matters to the case now."""

    name: Pair
    role: Pair
    place: Pair | None
    state: str | None
    armband: str | None


class Reporter(Shown):
    """By which channel it came, and from whom as far as known."""

    channel: str
    name: Pair | None


class Merged(Shown):
    """A case that was merged into this one."""

    id: str
    number: str


class Condition(Shown):
    """What must be met before it is closed."""

    id: str
    zh: str
    en: str
    met: bool


class Page(Card):
    """Everything about one case."""

    stages: list[StageLine]
    timeline: list[Line]
    clocks: list[Clock]
    moves: list[Move]
    alerts: list[Alert]
    people: list[Person]
    x: float | None
    y: float | None
    root: str | None
    merged: list[Merged]
    reporter: Reporter
    tracking_code: str
    asked: str | None
    review_at: When | None
    result: str | None
    close_conditions: list[Condition]


class Reported(Shown):
    """What whoever reported keeps: the number, and the code by which it is followed."""

    id: str
    number: str
    tracking_code: str


class Reporting(Given):
    """What somebody reports."""

    kind: Name
    place: Annotated[Words, Field(min_length=1, max_length=200)]
    grid: Id | None = None
    x: Metres | None = None
    y: Metres | None = None
    severity: Annotated[int, Field(ge=0, le=3)] | None = None
    text: Words | None = None
    channel: Name = "patrol"
    reporter_name: Name | None = None


FieldName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
Value = Words | bool | int | list[Id] | None


class Acting(Given):
    """The version that was seen, and whatever the act asks for; the rules check the fields."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)
    __pydantic_extra__: dict[FieldName, Value]

    version: Annotated[int, Field(ge=0, le=2**31)]
