"""What one picture shows, as a rule is given it: values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Sense = Literal["still", "flames", "moving"]
"""What is only looked for where a rule asks for it, named as the field of a scene that it fills."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Something that stands where nothing stood, or nothing where something did, whatever it is."""

    id: int
    """The same for as long as it is there."""
    box: NDArray[np.float32]
    """[4] left, top, right, bottom in pixels of the analysed picture."""
    since: float
    """Stream second at which it came or went."""
    area: float
    """Pixels of it, which may be fewer than those of its box."""
    kind: Literal["came", "went"]
    score: float = 0.5
    """How sure it is that something came or went there, 0..1."""


@dataclass(frozen=True, slots=True, eq=False)
class Flame:
    """A region that looks like fire or smoke."""

    id: int
    """The same for as long as it is followed."""
    box: NDArray[np.float32]
    """[4] left, top, right, bottom in pixels of the analysed picture."""
    since: float
    """Stream second at which it was first seen."""
    score: float
    """How sure it is, 0..1."""
    kind: Literal["fire", "smoke"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What one picture shows; a sense that no rule asked for leaves its field empty."""

    size: tuple[int, int]
    """Width and height of the analysed picture, in whose pixels all boxes are."""
    tracks: tuple[Track, ...] = ()
    still: tuple[Thing, ...] = ()
    flames: tuple[Flame, ...] = ()
    moving: tuple[Track, ...] = ()
    """Whatever moves, followed by its motion alone."""


def feet(tracks: Sequence[Track | Thing | Flame]) -> NDArray[np.float32]:
    """Where each stands: the middle of its box's last row, [n, 2] pixels; in the picture if the box is."""
    boxes = np.asarray([t.box for t in tracks], np.float32).reshape(-1, 4)
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3] - 0.5], axis=1)


def middles(things: Sequence[Track | Thing | Flame]) -> NDArray[np.float32]:
    """The middle of each box, [n, 2] pixels."""
    boxes = np.asarray([t.box for t in things], np.float32).reshape(-1, 4)
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2], axis=1)
