"""A call for help as the phone sends it, and what it is told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from hub.api.shape.base import Given, Pair, Shown, When
from hub.core.text import clean

CALL = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Spot(Given):
    """Where the phone is: WGS 84 or GCJ-02, degrees; `accuracy_m` is the radius within which that holds."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy_m: Annotated[float | None, Field(ge=0, le=1e6)] = None


class SosGiven(Given):
    """The button was held for three seconds. `call` is made on the phone and the same at every try."""

    call: Annotated[str, Field(pattern=CALL)]
    button: Literal["sos", "help"]
    at: AwareDatetime
    note: Annotated[str, AfterValidator(clean), Field(max_length=200)] = ""
    position: Spot | None = None


class Taken(Shown):
    """Who has taken it."""

    at: When
    who: Pair


class SosTold(Shown):
    """One step: who was told, or will be at that moment."""

    at: When
    who: Pair
    step: int
    done: bool


class SosShown(Shown):
    """What became of a call."""

    call: str
    alert: str
    number: str
    received_at: When
    kind: str
    severity: int
    place: Pair
    state: str
    closed: bool
    """Nobody need come any more, or it has become a case."""
    taken: Taken | None
    told: list[SosTold]


class Heard(Shown):
    """Who would hear, so many seconds after the press."""

    who: Pair
    after_s: int


class Number(Shown):
    """An emergency number."""

    number: str
    zh: str
    en: str


class SosAhead(Shown):
    """What a press would do, before it is made."""

    place: Pair
    by: Literal["shop", "position", "visit", "grid", "market"]
    """How the place is known."""
    sos: list[Heard]
    help: list[Heard]
    numbers: list[Number]
    open: list[SosShown]
    """The person's own calls that are not over."""
