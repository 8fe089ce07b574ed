"""What a rule says: the steps of an event's life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from wire.message import Box

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from edge.rule.scene import Scene, Sense, Track
    from wire.message import EventKind

Phase = Literal["new", "update", "end"]
Trust = Literal["low", "normal", "high"]
MOST_BOXES = 64
"""As many as the wire carries; the surest are kept."""


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


@dataclass(frozen=True, slots=True)
class Count:
    """How far a rule has come at the last picture, armed or not."""

    seconds: float = 0.0
    """How long what it watches for has lasted by its own measure; of several the longest."""
    number: int = 0
    """How many it counts."""


NONE_YET = Count()


class Rule(Protocol):
    """Fires on what happens in one zone."""

    count: Count

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""

    @property
    def needs(self) -> frozenset[Sense]:
        """What it must be shown besides tracks; nothing else is looked for on its behalf."""

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget who was there; the cooldown goes on."""


def boxes_of(tracks: Iterable[Track]) -> tuple[Box, ...]:
    """The tracks as the wire tells them, surest first."""
    best = sorted(tracks, key=lambda t: (-t.score, t.id))[:MOST_BOXES]
    return tuple(box_of(t.box, t.label, t.score, t.id) for t in best)


def box_of(edges: NDArray[np.float32], label: str, score: float, track: int) -> Box:
    """Something in a picture as the wire tells it; `edges` [4] are left, top, right, bottom in pixels."""
    left, top, right, bottom = (max(0, round(float(edge))) for edge in edges)
    return Box(
        left=left,
        top=top,
        width=max(0, right - left),
        height=max(0, bottom - top),
        label=label[:32],
        score=min(1.0, max(0.0, float(score))),
        track=track,
    )
