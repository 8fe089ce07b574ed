"""What stands still where nothing stood, and what is gone from where it stood: whatever it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from edge.rule.scene import Thing
from edge.see.border import MARGIN, verdict
from edge.see.ground import Ground
from edge.see.shrunk import factor, marked, shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Mask = NDArray[np.bool_]
    Boxes = NDArray[np.float32]

LOOK = 0.8
"""Stream seconds from one look to the next; pictures between them cost nothing."""
EARLY = 0.05
"""A picture may come so much early and is looked at all the same."""
LEAST = 9
"""Pixels of the small picture below which a thing is grain."""
FLOOD = 0.6
"""Share of the picture from which on it is the camera that sees otherwise: another light, another view."""
GROWN = 1.5
"""A thing that has become so many times larger is judged again."""
KEEP = 25 * 3600.0
"""Seconds after which what stands belongs to the ground: longer than any rule may wait."""
AGAIN = 5.0
"""Seconds after which what is vague is judged again."""
CLEAR = float("inf")
REST = 4.0
"""What is left of a thing that was so many times larger is another one, or none."""
SQUARE = np.ones((3, 3), np.uint8)
NOBODY = np.zeros((0, 4), np.float32)


class Static:
    """Remembers one camera's place; give it every analysed picture in order."""

    def __init__(self, keep: float = KEEP) -> None:
        """Begin to learn; what has stood for `keep` seconds belongs to the ground from then on."""
        self._keep = keep
        self._shape: tuple[int, ...] = ()
        self._at = float("-inf")
        self._given = 0
        self._stands: dict[int, _Stand] = {}
        self._ground = Ground(np.zeros((1, 1, 3), np.uint8), 0.0)
        self._owner = np.zeros((1, 1), np.int32)

    def things(self, picture: Picture, at: float, people: Boxes = NOBODY) -> tuple[Thing, ...]:
        """What came and stays, and what is gone, at stream second `at`.

        Args:
            picture: BGR uint8 [h, w, 3]. One of another shape than the one before begins anew, as does a
                time before the last one; a pause does not.
            at: when it was taken.
            people: [n, 4] boxes in pixels of `picture` where nothing is learned: whoever stands still there
                is no thing.
        """
        if picture.shape != self._shape or at < self._at:
            self._begin(picture, at)
        elif at - self._at >= LOOK - EARLY:
            small = shrunk(picture)
            hidden = marked(people, factor(picture.shape[0]), small.shape[:2])
            self._ground.step(small, hidden, at, min(at - self._at, 2 * LOOK))
            self._at = at
            self._gather(small)
        return tuple(stand.thing for stand in self._stands.values() if stand.again == CLEAR)

    def _begin(self, picture: Picture, at: float) -> None:
        small = shrunk(picture)
        self._shape, self._at = picture.shape, at
        self._ground = Ground(small, at)
        self._owner = np.zeros(small.shape[:2], np.int32)
        self._stands.clear()

    def _gather(self, small: Picture) -> None:
        """Make things of what stands: those known go on, new ones are judged."""
        owned = self._owner > 0
        standing = self._ground.standing(owned)
        share = np.count_nonzero(standing) / standing.size
        if share > FLOOD:
            clear = [id_ for id_, stand in self._stands.items() if stand.again == CLEAR]
            self._ground.forget(small, np.isin(self._owner, clear))
            return
        owner, stands = np.zeros_like(self._owner), dict[int, _Stand]()
        for patch in _patches(standing) if share else ():
            stand = self._stand(patch, small)
            if stand is None:
                self._ground.absorb(patch.within(owner.shape), patch.around(MARGIN))
            else:
                stands[stand.thing.id] = _joined(stands.get(stand.thing.id), stand)
                owner[patch.window][patch.pixels] = stand.thing.id
        self._stands, self._owner = stands, owner

    def _stand(self, patch: _Patch, small: Picture) -> _Stand | None:
        """A thing that is known, a new one, or None where the patch belongs to the ground."""
        known = self._stands.get(_most(self._owner[patch.window][patch.pixels]))
        if known and patch.area * REST < known.judged:
            known = None
        by = factor(self._shape[0])
        if known and self._at - known.thing.since > self._keep:
            return None
        if known and patch.area <= GROWN * known.judged and self._at < known.again:
            return replace(known, thing=replace(known.thing, box=patch.box * by, area=patch.area * by * by))
        around = patch.around(MARGIN)
        said = verdict(small[around], self._ground.picture()[around], patch.within(self._owner.shape)[around])
        if said.kind == "light":
            return None
        self._given += known is None
        since = float(np.median(self._ground.since[patch.window][patch.pixels]))
        thing = Thing(
            id=known.thing.id if known else self._given,
            box=patch.box * by,
            since=known.thing.since if known and known.again == CLEAR else since,
            area=patch.area * by * by,
            kind="went" if said.kind == "went" else "came",
            score=said.score,
        )
        return _Stand(thing, patch.area, self._at + AGAIN if said.kind == "vague" else CLEAR)


@dataclass(frozen=True, slots=True)
class _Stand:
    """A thing, or what may be one."""

    thing: Thing
    judged: float
    """Pixels of the small picture that it had when it was judged."""
    again: float
    """Stream second at which it is to be judged again, since it is vague; never, where it is clear."""


class _Patch(NamedTuple):
    """Connected pixels of the small picture."""

    window: tuple[slice, slice]
    """Rows and columns around it."""
    pixels: Mask
    """It, within the window."""
    area: float

    @property
    def box(self) -> Boxes:
        rows, columns = self.window
        return np.array([columns.start, rows.start, columns.stop, rows.stop], np.float32)

    def around(self, margin: int) -> tuple[slice, slice]:
        rows, columns = (slice(max(0, each.start - margin), each.stop + margin) for each in self.window)
        return rows, columns

    def within(self, shape: tuple[int, ...]) -> Mask:
        where = np.zeros(shape, np.bool_)
        where[self.window] = self.pixels
        return where


def _patches(standing: Mask) -> Iterator[_Patch]:
    """The connected parts of a mask that are no grain; small gaps are closed."""
    closed = cv2.morphologyEx(standing.view(np.uint8), cv2.MORPH_CLOSE, SQUARE)
    count, labels, stats = cv2.connectedComponentsWithStats(closed)[:3]
    for number in range(1, count):
        left, top, wide, high, area = stats[number].tolist()
        window = slice(top, top + high), slice(left, left + wide)
        pixels = np.asarray(labels[window] == number)
        if area >= LEAST and _solid(pixels):
            yield _Patch(window, pixels, float(area))


def _solid(pixels: Mask) -> bool:
    """Whether it is anywhere wider than a rope, a wire or the edge of something that shifted a little."""
    inner = cv2.erode(np.pad(pixels.view(np.uint8), 1), SQUARE)
    return cv2.countNonZero(inner) > 0


def _joined(one: _Stand | None, other: _Stand) -> _Stand:
    """A thing of which two parts are seen, with something before it."""
    if one is None:
        return other
    first, second = one.thing.box, other.thing.box
    box = np.concatenate([np.minimum(first[:2], second[:2]), np.maximum(first[2:], second[2:])])
    return replace(one, thing=replace(one.thing, box=box, area=one.thing.area + other.thing.area))


def _most(owners: NDArray[np.int32]) -> int:
    """The thing to which most of a patch belonged before; 0 for none."""
    counts = np.bincount(owners[owners > 0])
    return int(counts.argmax()) if len(counts) else 0
