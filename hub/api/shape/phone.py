"""Shapes of what phones say, of receipts, and of a phone's day."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from hub.api.shape.base import Given, Id, Pair, Shown, When, Words
from hub.api.shape.people import Word
from hub.api.shape.turns import CheckSaid, ConfirmSaid

Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Note = Annotated[Words, Field(max_length=200)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9 -]{1,160}$")]
Kind = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
MOST_ITEMS = 50


class Position(Given):
    """Where the phone says it is, degrees as its browser gave them, metres."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy_m: Annotated[float, Field(ge=0, le=1e6)]


class Scan(Given):
    """A checkpoint was read: `code` by qr or hand, `tag` or `code` by nfc, `checkpoint` and place by gps."""

    by: Literal["qr", "nfc", "gps", "hand"]
    code: Code | None = None
    tag: Annotated[str, Field(pattern=r"^[0-9A-Fa-f:.\- ]{1,64}$")] | None = None
    checkpoint: Id | None = None
    round: Id | None = None
    position: Position | None = None
    photo: Sha256 | None = None
    note: Note = ""


class Skip(Given):
    """A point of a round could not be reached."""

    round: Id
    checkpoint: Id
    reason: Kind
    note: Note = ""
    photo: Sha256 | None = None


class Photo(Given):
    """A photo of a round or point, for its own sake."""

    sha256: Sha256
    round: Id | None = None
    checkpoint: Id | None = None
    note: Note = ""


class Danger(Given):
    """Each item of the checklist: good, bad or none; at a point, in a round, or anywhere in the own grid."""

    items: Annotated[dict[Kind, Kind], Field(min_length=1, max_length=40)]
    round: Id | None = None
    checkpoint: Id | None = None
    note: Note = ""
    photo: Sha256 | None = None


class Report(Given):
    """Something else that was seen; it becomes a case."""

    kind: Kind
    text: Annotated[Words, Field(max_length=2000)] = ""
    place: Annotated[Words, Field(max_length=64)] = ""
    checkpoint: Id | None = None
    photo: Sha256 | None = None


class Lone(Given):
    """The timer of somebody who walks alone."""

    act: Literal["start", "reset", "stop"]
    minutes: Annotated[int, Field(ge=5, le=120)] = 30


class End(Given):
    """A round is over."""

    round: Id


BODIES: dict[str, type[Given]] = {
    "scan": Scan,
    "skip": Skip,
    "photo": Photo,
    "danger": Danger,
    "report": Report,
    "lone": Lone,
    "end": End,
    "confirm": ConfirmSaid,
    "check": CheckSaid,
}
"""Kind of an item → its shape; the act that takes it is in hub/service/phone/said.py under the same kind."""


class SaidItem(Given):
    """One thing that a phone says; its body is shaped by its kind, each for itself."""

    id: Uuid
    at: AwareDatetime
    kind: Kind
    body: Annotated[dict[str, Any], Field(default_factory=dict)]


class NewSaid(Given):
    """What a phone has in its queue."""

    items: Annotated[list[SaidItem], Field(max_length=MOST_ITEMS)]


class Receipt(Shown):
    """taken: forget it · refused: show the sentence until it is put away · waits: its photo first."""

    id: str
    state: Literal["taken", "refused", "waits"]
    en: str
    zh: str


class Receipts(Shown):
    """One for each item, in their order."""

    receipts: list[Receipt]


class Point(Shown):
    """A point of a round; `by`: when one should be there; `tag`: SHA-256 of its NFC tag's number."""

    checkpoint: str
    number: int
    name: Pair
    x: float
    y: float
    key: bool
    tag: str | None
    fence: bool
    by: When
    visited_at: When | None
    skipped: str | None


class RoundShort(Shown):
    """A round of today; `open`: it may be begun or walked now."""

    id: str
    kind: Word
    name: Pair
    grid: str
    state: Word
    due_at: When
    closes_at: When
    open: bool
    started_at: When | None
    started_by: str | None
    count: int
    reached: int


class RoundTold(RoundShort):
    """The same with its points in their order, once it was begun."""

    points: list[Point] | None


class LoneTold(Shown):
    """The own timer: on, lapsed or grave; `due_at`: the next word is wanted by then."""

    minutes: int
    due_at: When
    state: str
    alert: str | None


class Patrol(Shown):
    """What a walker has today: the round at hand, all of them, the own timer, and words to choose from."""

    round: RoundTold | None
    rounds: list[RoundShort]
    lone: LoneTold | None
    reasons: list[Word]
    checklist: list[Word]


class Me(Shown):
    """Who this is, and where they are at home."""

    id: str
    name: Pair
    roles: list[Word]
    armband: str | None
    grid: Word | None
    group: Word | None
    shop: Word | None


class Today(Shown):
    """A phone's first page; a part that says nothing to this person is null."""

    now: When
    me: Me
    duty: dict[str, Any] | None
    turn: dict[str, Any] | None
    patrol: Patrol | None
    unread: int
