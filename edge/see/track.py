"""Who is who from picture to picture: one cost matrix and one assignment a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge.see.colour import COLOURS
from edge.see.label import kind
from edge.see.seen import overlap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from edge.see.seen import Seen

    Flock = NDArray[Any]

FAR = 1.25
"""Cost above which a sure sight is somebody else: some one and a half box widths off the expected place."""
NEAR = 0.95
"""The same for an unsure one, which must still share something with the expected place."""
NEVER = 1e3
"""Cost of taking a person for a van."""
ALIKE = 0.85
"""What two sights of one person usually share of their colours, 0..1: sharing more brings down the cost."""
COLOURED = 1.0
"""Cost of sharing nothing of them, rather than all."""
WORN = 0.1
"""Share of a new sight in a track's colours."""
TRIAL = 0.5
"""Seconds for which something seen only once is waited for."""
PLACE, SPEED, SIZE = 0.85, 0.4, 0.3
"""Least share of a new sight in a track's place, speed and size."""
COAST = 1.0
"""Seconds for which something unseen is carried on by its speed; then it is waited for where it is."""
TINY = 1e-6
INSTANT = 0.02
"""Least seconds between two pictures, so that a repeated time gives no endless speed."""
FLOCK = np.dtype(
    [
        ("id", "i8"),
        ("label", "U32"),
        ("kind", "U32"),
        ("best", "f8"),
        ("score", "f8"),
        ("middle", "f8", 2),
        ("size", "f8", 2),
        ("speed", "f8", 2),
        ("first", "f8"),
        ("last", "f8"),
        ("hits", "i8"),
        ("colours", "f4", COLOURS),
    ]
)
"""All tracks of a camera as one table, a row each; middle and size in pixels, speed in pixels a second.

Colours are those of edge.see.colour; all zero where nobody looked.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One thing followed through a camera's pictures; times are float seconds of stream time."""

    id: int
    """Never given twice by one tracker."""
    label: str
    """What it was taken for when it was seen best."""
    box: NDArray[np.float32]
    """[4] left, top, right, bottom in pixels: smoothed where seen, carried on by its speed where not."""
    score: float
    """How sure the detector was when it was last seen, 0..1."""
    first: float
    last: float
    """When it was first and last seen, not only expected."""
    hits: int
    """In how many pictures it was seen."""


class Tracker:
    """Follows what one camera's detector sees; give it every picture in order."""

    def __init__(self, high: float = 0.5, low: float = 0.3, patience: float = 2.0) -> None:
        """A tracker that has seen nothing.

        Args:
            high: least score that may begin a track.
            low: least score that may go on with one; let the detector's threshold be no higher.
            patience: seconds for which a track is kept unseen.
        """
        self._high, self._low, self._patience = high, low, patience
        self._flock = np.zeros(0, FLOCK)
        self._given = 0
        self._at = -np.inf

    def step(self, seen: Seen, at: float, colours: NDArray[np.float32] | None = None) -> tuple[Track, ...]:
        """Take what was seen at stream second `at`; returns every live track as it is then.

        Where `colours` [n, COLOURS] of what was seen are given, they tell apart those who cross. A time
        before the last one means that the stream began anew: all are forgotten, no id is reused.
        """
        if at < self._at:
            self._flock = self._flock[:0]
        self._at = at
        sights = _sights(seen, at)
        if colours is not None:
            sights["colours"] = colours
        rows, columns = self._associate(sights, at)
        self._flock[rows] = _joined(self._flock[rows], sights[columns], at)
        fresh = np.delete(sights, columns)
        fresh = fresh[fresh["score"] >= self._high]
        fresh["id"] = self._given + 1 + np.arange(len(fresh))
        self._given += len(fresh)
        self._flock = np.concatenate([self._flock[self._alive(at)], fresh])
        return self.predict(at)

    def predict(self, at: float) -> tuple[Track, ...]:
        """Every live track with its box carried to stream second `at`; changes nothing."""
        boxes = _boxes(self._flock, at).astype(np.float32)
        columns = (self._flock[name].tolist() for name in ("id", "label", "score", "first", "last", "hits"))
        return tuple(
            Track(id_, label, box, score, first, last, hits)
            for box, id_, label, score, first, last, hits in zip(boxes, *columns, strict=True)
        )

    def _associate(self, sights: Flock, at: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows of tracks and of the sights that go on with them: the sure ones choose first."""
        sure = np.flatnonzero(sights["score"] >= self._high)
        unsure = np.flatnonzero((sights["score"] >= self._low) & (sights["score"] < self._high))
        rows, columns = _pairs(self._flock, sights[sure], at, FAR)
        rest = np.delete(np.arange(len(self._flock)), rows)
        more, further = _pairs(self._flock[rest], sights[unsure], at, NEAR)
        return np.concatenate([rows, rest[more]]), np.concatenate([sure[columns], unsure[further]])

    def _alive(self, at: float) -> NDArray[np.bool_]:
        unseen = at - self._flock["last"]
        return np.asarray((unseen <= self._patience) & ((self._flock["hits"] > 1) | (unseen <= TRIAL)))


def _sights(seen: Seen, at: float) -> Flock:
    """What was seen, as tracks of one picture that have no id yet."""
    sights = np.zeros(len(seen), FLOCK)
    sights["label"] = seen.labels
    sights["kind"] = [kind(label) for label in seen.labels]
    sights["best"] = sights["score"] = seen.scores
    sights["middle"] = (seen.boxes[:, :2] + seen.boxes[:, 2:]) / 2
    sights["size"] = seen.boxes[:, 2:] - seen.boxes[:, :2]
    sights["first"] = sights["last"] = at
    sights["hits"] = 1
    return sights


def _middle(flock: Flock, at: float) -> NDArray[np.float64]:
    """[n, 2] where each is expected at `at`."""
    ahead = np.clip(at - flock["last"], 0, COAST)
    return np.asarray(flock["middle"] + flock["speed"] * ahead[:, None])


def _boxes(flock: Flock, at: float) -> NDArray[np.float64]:
    middle = _middle(flock, at)
    return np.concatenate([middle - flock["size"] / 2, middle + flock["size"] / 2], axis=1)


def _pairs(
    tracks: Flock, sights: Flock, at: float, limit: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The cheapest assignment of sights to tracks, rows and columns, without pairs dearer than `limit`.

    The cost of a pair is one minus what its boxes share, plus how far their centres are apart, squared, over
    the diagonal around both, squared (the distance of Zheng et al. 2020, arXiv 1911.08287): 0 to 2. Colours
    that are known of both change it by -.15 to .85.
    """
    expected, found = _boxes(tracks, at), _boxes(sights, at)
    apart = _middle(tracks, at)[:, None] - sights["middle"][None]
    around = np.maximum(expected[:, None, 2:], found[None, :, 2:]) - np.minimum(
        expected[:, None, :2], found[None, :, :2]
    )
    far = (apart**2).sum(axis=2) / np.maximum((around**2).sum(axis=2), 1.0)
    cost = 1 - overlap(expected, found) + far + _strange(tracks["colours"], sights["colours"])
    cost[tracks["kind"][:, None] != sights["kind"][None]] = NEVER
    rows, columns = linear_sum_assignment(cost)
    good = cost[rows, columns] <= limit
    return rows[good], columns[good]


def _strange(worn: NDArray[np.float32], shown: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the colours of each pair add to its cost; nothing where those of one are not known."""
    known = worn.any(axis=1, keepdims=True) & shown.any(axis=1, keepdims=True).T
    if not known.any():
        return np.zeros(known.shape, np.float32)
    # as a plain sum: a product of matrices this size wakes threads that take longer than it
    shared = np.einsum("ik,jk->ij", worn, shown)
    return np.where(known, COLOURED * (ALIKE - shared), 0).astype(np.float32)


def _joined(tracks: Flock, sights: Flock, at: float) -> Flock:
    """Tracks after their new sights: an alpha-beta filter that starts as a least-squares fit."""
    joined = tracks.copy()
    expected = _middle(tracks, at)
    off = sights["middle"] - expected
    hits = joined["hits"] = tracks["hits"] + 1
    place = np.maximum(PLACE, 2 * (2 * hits - 1) / (hits * (hits + 1)))[:, None]
    speed = np.maximum(SPEED, 6 / (hits * (hits + 1)))[:, None]
    passed = np.maximum(at - tracks["last"], INSTANT)[:, None]
    joined["middle"] = expected + place * off
    joined["speed"] = tracks["speed"] + speed * off / passed
    joined["size"] = tracks["size"] + SIZE * (sights["size"] - tracks["size"])
    joined["score"], joined["last"] = sights["score"], at
    joined["colours"] = _worn(tracks["colours"], sights["colours"])
    better = sights["score"] > tracks["best"]
    for column in ("label", "best"):
        joined[column] = np.where(better, sights[column], tracks[column])
    return joined


def _worn(worn: NDArray[np.float32], shown: NDArray[np.float32]) -> NDArray[np.float32]:
    """Colours after a new sight, unit vectors still; where only one is known it stays."""
    share = np.where(worn.any(axis=1, keepdims=True), WORN, 1.0) * shown.any(axis=1, keepdims=True)
    mixed = worn + share * (shown - worn)
    return np.asarray(mixed / np.maximum(np.linalg.norm(mixed, axis=1), TINY)[:, None], np.float32)
