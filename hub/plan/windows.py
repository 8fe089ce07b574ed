"""Groups that could be: windows over both sides of an aisle, and balls round corners.

A set of shops of one piece is an int with a bit for each: sets are compared, joined and counted at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from hub.plan.nearby import Nearby

    Floats = NDArray[np.float64]

AT_ONCE = 4096
"""So many sets are measured at once: some 8 MB."""
SPAN = 3
"""So many shops further or less far than across the aisle a window may begin and end on the other side."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Shops of one grid that hang together; the shop in place i has bit i."""

    shops: tuple[str, ...]
    metres: Floats
    beside: tuple[int, ...]
    """For each shop the set of those beside it."""
    sides: tuple[tuple[int, ...], ...]
    """Places in walking order, side by side of every street."""

    @classmethod
    def of(cls, nearby: Nearby, shops: Sequence[str]) -> Piece:
        """The piece that these shops are."""
        at = {shop: place for place, shop in enumerate(shops)}
        beside = tuple(bits(at[other] for other in nearby.beside[shop] if other in at) for shop in shops)
        sides = tuple(tuple(at[shop] for shop in side) for side in nearby.sides(shops))
        return cls(tuple(shops), nearby.metres(shops), beside, sides)

    def names(self, group: int) -> tuple[str, ...]:
        """The shops of a set."""
        return tuple(self.shops[at] for at in places(group))

    def hangs(self, group: int) -> bool:
        """Whether one can go from each shop of the set to each other past shops of the set only."""
        return self.reach(group & -group, group) == group

    def reach(self, start: int, within: int) -> int:
        """What hangs together with `start` in `within`."""
        found = ahead = start
        while ahead:
            new = 0
            for at in places(ahead):
                new |= self.beside[at]
            ahead = new & within & ~found
            found |= ahead
        return found

    def around(self, group: int) -> int:
        """Those beside the set."""
        found = 0
        for at in places(group):
            found |= self.beside[at]
        return found & ~group

    def walks(self, groups: Sequence[int]) -> Floats:
        """Metres from all shops of each set to the one of them that is nearest to all."""
        most = max((group.bit_count() for group in groups), default=0)
        count = len(self.shops)
        padded = np.zeros((count + 1, count + 1))
        padded[:count, :count] = self.metres
        rows = np.full((len(groups), most), count)
        for row, group in enumerate(groups):
            rows[row, : group.bit_count()] = places(group)
        sums = np.concatenate(
            [padded[part[:, :, None], part[:, None, :]].sum(axis=2) for part in _parts(rows)]
            or [np.zeros((0, most))]
        )
        least: Floats = np.where(rows < count, sums, np.inf).min(axis=1, initial=np.inf)
        return least


def _parts(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def bits(at: Iterable[int]) -> int:
    """The set of these places."""
    found = 0
    for place in at:
        found |= 1 << place
    return found


def places(group: int) -> list[int]:
    """The places in a set, rising."""
    found = []
    while group:
        low = group & -group
        found.append(low.bit_length() - 1)
        group ^= low
    return found


def candidates(piece: Piece, sizes: Collection[int]) -> set[int]:
    """Sets of these sizes that hang together: windows and balls; the whole piece where it has such a size."""
    found = {group for group in _windows(piece, sizes) if piece.hangs(group)}
    found |= set(_balls(piece, sizes))
    if len(piece.shops) in sizes:
        found.add((1 << len(piece.shops)) - 1)
    return found


def _windows(piece: Piece, sizes: Collection[int]) -> set[int]:
    chains = [chain for side in piece.sides for chain in _chains(piece, side)]
    found = {
        bits(chain[start : start + size])
        for chain in chains
        for size in sizes
        for start in range(len(chain) - size + 1)
    }
    for one, other in combinations(chains, 2):
        found |= set(_across(piece, one, other, sizes))
    return found


def _chains(piece: Piece, side: Sequence[int]) -> list[tuple[int, ...]]:
    """A side cut where the next is not beside the one before."""
    found: list[list[int]] = []
    for at in side:
        if found and piece.beside[found[-1][-1]] >> at & 1:
            found[-1].append(at)
        else:
            found.append([at])
    return [tuple(chain) for chain in found]


def _across(
    piece: Piece, one: tuple[int, ...], other: tuple[int, ...], sizes: Collection[int]
) -> Iterator[int]:
    """Windows with shops of both chains, which face each other somewhere."""
    facing = [[place for place, at in enumerate(other) if piece.beside[own] >> at & 1] for own in one]
    if not any(facing):
        return
    before = [0]
    for at in other:
        before.append(before[-1] | 1 << at)
    for start in range(len(one)):
        own, low, high = 0, len(other), -1
        for end in range(start, min(len(one), start + max(sizes) - 1)):
            own |= 1 << one[end]
            low, high = min([low, *facing[end]]), max([high, *facing[end]])
            if high < 0:
                continue
            froms = range(max(0, low - SPAN), min(len(other), low + SPAN + 1))
            untils = range(max(1, high + 1 - SPAN), min(len(other), high + 1 + SPAN) + 1)
            for begin, until in product(froms, untils):
                if until > begin and end - start + 1 + until - begin in sizes:
                    yield own | before[until] ^ before[begin]


def _balls(piece: Piece, sizes: Collection[int]) -> Iterator[int]:
    """From every shop the nearest that hang together with it, one by one; without aisles from two as well."""
    for start, metres in enumerate(piece.metres):
        yield from grown(piece, 1 << start, metres, sizes)
        for other in () if piece.sides else places(piece.beside[start] >> start << start):
            yield from grown(piece, 1 << start | 1 << other, metres + piece.metres[other], sizes)


def grown(piece: Piece, group: int, dear: Floats, sizes: Collection[int], within: int = -1) -> Iterator[int]:
    """The set with the least dear shop beside it, again and again; those of the sizes on the way."""
    edge = piece.around(group) & within
    if group.bit_count() in sizes:
        yield group
    while group.bit_count() < max(sizes) and edge:
        at = min(places(edge), key=dear.__getitem__)
        group |= 1 << at
        edge = (edge | piece.beside[at]) & within & ~group
        if group.bit_count() in sizes:
            yield group


def peeled(piece: Piece, start: int, sizes: Collection[int], fits: Callable[[int], bool]) -> list[int]:
    """The piece cut into groups one after another, each from the shop that is farthest from `start`.

    Of the sizes that a group may have, the one is taken that leaves the fewest shops in parts that no sizes
    fit, and of several the middle one.
    """
    left, found = (1 << len(piece.shops)) - 1, []
    while left:
        far = max(places(left), key=lambda at: (piece.metres[start, at], at))
        part = piece.reach(1 << far, left)
        offers = list(grown(piece, 1 << far, piece.metres[far], range(1, max(sizes) + 1), part))
        usable = [group for group in offers if group.bit_count() in sizes] or offers[-1:]
        stranded = [_stranded(piece, part & ~group, fits) for group in usable]
        off = [abs(2 * group.bit_count() - min(sizes) - max(sizes)) for group in usable]
        found.append(min(zip(stranded, off, usable, strict=True))[2])
        left &= ~found[-1]
    return found


def _stranded(piece: Piece, left: int, fits: Callable[[int], bool]) -> int:
    """Shops in parts of what is left that no sizes fit."""
    count = 0
    while left:
        part = piece.reach(left & -left, left)
        count += 0 if fits(part.bit_count()) else part.bit_count()
        left &= ~part
    return count
