"""Shape of an alert, and of what is done with one."""

from __future__ import annotations

from typing import Literal

from hub.api.shape.base import Given, Id, Name, Pair, Shown, When
from hub.api.shape.plan import Leader

State = Literal["NEW", "ACKED", "CONFIRMED", "DISMISSED", "ATTACHED", "EXPIRED"]


class Box(Shown):
    """What the detector saw, in 0..1 of the picture."""

    left: float
    top: float
    width: float
    height: float
    label: str
    score: float
    track: int | None = None


class Lease(Shown):
    """Who is looking, and until when that holds."""

    person: str
    name: Pair
    until: When


class Nearest(Shown):
    """The crew that can be there first; `metres` is open while no crew tells where it is."""

    crew: int
    people: list[Pair]
    metres: float | None


class DutyShop(Shown):
    """The shop of the group that has today's turn; where nobody has, the centre shop."""

    id: str
    name: Pair


class Told(Shown):
    """A step of escalation: per cent of the limit, or seconds for an urgent alert."""

    at: When
    who: Pair
    step: int
    done: bool


class Call(Shown):
    """A telephone call that somebody noted."""

    at: When
    number: str
    who: Pair


class Alert(Shown):
    """A signal that asks somebody to look; severity 0 is the gravest."""

    id: str
    number: str
    kind: str
    severity: int
    state: State
    camera: str | None
    zone: str | None
    grid: str | None
    place: Pair
    x: float | None
    y: float | None
    first_at: When
    last_at: When
    received_at: When
    count: int
    score: float
    trust: str
    seconds: float | None
    reason: str | None
    still: str | None
    clip: str | None
    boxes: list[Box]
    lease: Lease | None
    ack_due: When | None
    ack_at: When | None
    case: str | None
    parent: str | None
    dismissal: str | None
    nearest: Nearest | None
    leader: Leader | None
    duty_shop: DutyShop | None
    told: list[Told]
    calls: list[Call]
    drill: bool
    version: int


class Opened(Shown):
    """The case that a confirmed alert became."""

    case: str


class Dismissing(Given):
    """Why it was nothing: staff, animal, light, authorised, duplicate or other."""

    reason: Name


class Attaching(Given):
    """What it belongs to: another alert, or a case."""

    alert: Id | None = None
    case: Id | None = None


class Calling(Given):
    """119, 110 or 120."""

    number: Name
