"""Shapes of components, visits to shops, and what a market sets for its registers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.api.shape.base import Given, Id, Metres, Pair, Shown, Slug, When, Words
from hub.api.shape.people import Named, Word

Code = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
Spot = Annotated[Words, Field(min_length=1, max_length=64)]
Note = Annotated[Words, Field(max_length=200)]
Days = Annotated[int, Field(ge=1, le=730)]


class Limits(Shown):
    """What a market sets for its registers."""

    stale_days: int
    gap_days: int
    term_months: int


class NewLimits(Given):
    """The same, as it is sent."""

    stale_days: Days
    gap_days: Days
    term_months: Annotated[int, Field(ge=1, le=120)]


class Component(Shown):
    """A component, `inside` a shop or near its door; seen `days` ago; `free_from`: not again before then."""

    id: str
    kind: Word
    owner: Word
    shop: Named
    inside: bool
    grid: str
    spot: str
    x: float
    y: float
    standing: Word
    days: int
    verified_at: When
    verified_by: Named | None
    free_from: str | None
    may: bool


class KindCount(Shown):
    """How many components of a kind there are, and with how many something is wrong."""

    kind: Word
    all: int
    stale: int
    faulty: int
    missing: int


class Components(Shown):
    """A page of the register, what is wrong first, then the oldest; `more`: there is another page."""

    components: list[Component]
    more: bool
    kinds: list[KindCount]
    limits: Limits


class NewComponent(Given):
    """A component that is entered; in a shop its place may be left out."""

    kind: Code
    owner: Code
    spot: Spot
    x: Metres | None = None
    y: Metres | None = None
    shop: Slug | None = None


class NewCheck(Given):
    """What a component was found to be."""

    condition: Code
    note: Note = ""


class Check(Shown):
    """What somebody found at a component."""

    at: When
    by: Named | None
    condition: Word
    note: str


class NewSurvey(Given):
    """What each component of a shop was found to be on a visit, by its id."""

    conditions: Annotated[dict[Id, Code], Field(max_length=200)]
    note: Note = ""


class Visit(Shown):
    """A visit to a shop."""

    at: When
    by: Named | None
    note: str


class Placed(Shown):
    """A shop's grid and group over a time, from `begins` to before `ends`."""

    grid: Named
    group: int | None
    begins: str
    ends: str | None


class Coordinated(Shown):
    """A group that a shop coordinated, from `begins` to before `ends`."""

    group: int | None
    begins: str
    ends: str | None


class Tenant(Shown):
    """A business in a shop, from `begins` to before `ends`."""

    business: Named
    begins: str
    ends: str | None


class Premises(Shown):
    """All that the registers say of one shop; `free_from`: nobody comes again before then."""

    id: str
    name: Pair
    grid: Named
    trade: str
    fire_class: str
    hours: str
    verified_at: When | None
    components: list[Component]
    surveys: list[Visit]
    free_from: str | None
    placements: list[Placed]
    centres: list[Coordinated]
    tenancies: list[Tenant]
    may: bool
