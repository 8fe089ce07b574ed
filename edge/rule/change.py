"""What a rule is given and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from wire.message import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from wire.message import EventKind

Phase = Literal["new", "update", "end"]
Trust = Literal["low", "normal", "high"]
MOST_BOXES = 64
"""As many as the wire carries; the surest are kept."""


class Track(Protocol):
    """One thing followed through a camera's pictures; times are float seconds of stream time."""

    @property
    def id(self) -> int:
        """The same for as long as it is followed."""

    @property
    def label(self) -> str:
        """What it is taken for, such as `person`."""

    @property
    def box(self) -> NDArray[np.float32]:
        """[4] left, top, right, bottom in pixels of the analysed picture."""

    @property
    def score(self) -> float:
        """How sure the detector is, 0..1."""

    @property
    def last(self) -> float:
        """When it was last seen, not only expected."""

    @property
    def hits(self) -> int:
        """In how many pictures it was seen."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to say about a happening at one moment."""

    score: float
    boxes: tuple[Box, ...] = ()
    picture: tuple[int, int] | None = None
    """Width and height of the picture in whose pixels the boxes are."""
    count: int | None = None
    seconds: float | None = None
    reason: str | None = None
    trust: Trust = "normal"
    drill: bool = False
    """Somebody tries whether alarms get through."""


@dataclass(frozen=True, slots=True)
class Change:
    """A step in the life of one event: its beginning, news of it, or its end."""

    event: str
    phase: Phase
    kind: EventKind
    zone: str | None
    began: float
    at: float
    facts: Facts


class Rule(Protocol):
    """Fires on the tracks of one zone."""

    def step(self, tracks: Sequence[Track], now: float) -> tuple[Change, ...]:
        """Look at one picture's tracks, taken at stream second `now`."""

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget who was there; the cooldown goes on."""


def feet(tracks: Sequence[Track]) -> NDArray[np.float32]:
    """Where each track stands: bottom centre of its box, [n, 2] pixels."""
    boxes = np.asarray([t.box for t in tracks], np.float32).reshape(-1, 4)
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)


def boxes_of(tracks: Iterable[Track]) -> tuple[Box, ...]:
    """The tracks as the wire tells them, surest first."""
    best = sorted(tracks, key=lambda t: (-t.score, t.id))[:MOST_BOXES]
    return tuple(_box(t) for t in best)


def _box(track: Track) -> Box:
    left, top, right, bottom = (max(0, round(float(edge))) for edge in track.box)
    return Box(
        left=left,
        top=top,
        width=max(0, right - left),
        height=max(0, bottom - top),
        label=track.label[:32],
        score=min(1.0, max(0.0, float(track.score))),
        track=track.id,
    )
