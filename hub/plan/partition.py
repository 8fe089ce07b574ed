"""The cheapest way to cut shops into groups: set partitioning by HiGHS, piece by piece, then put together.

A piece is cut for several numbers of groups, around what is usual; how many each gets is then chosen for all
pieces of a grid at once. What is proved is proved against all cuts into the windows and balls looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.plan.linear import SOME
from hub.plan.offers import Cut, Offers, cheapest, model_of
from hub.plan.windows import candidates, peeled, places

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from hub.core.planned import GroupRule
    from hub.plan.windows import Piece

    Floats = NDArray[np.float64]

ODD_GROUP = 1000.0
"""Metres that it is worth to have one group less that is too small or too large."""
ODD_SHOP = 100.0
"""Metres for each shop that such a group is too small or too large by."""
COUNT_PRICE = 200.0
"""Metres that it is worth to have one group less above or below the number that is usual for a grid."""
AROUND = 3
"""So many groups more or less than usual a piece is cut into; one more or less where no aisles cut a grid."""
BEYOND = 3
"""So many shops more or less than the rule says a group may have where nothing else is possible."""


def fits(count: int, rule: GroupRule) -> bool:
    """Whether so many shops can be cut into groups that are neither too small nor too large."""
    return count // rule.least * rule.most >= count


def off(size: int, rule: GroupRule) -> int:
    """By how many shops a group of this size is too small or too large."""
    return max(0, rule.least - size, size - rule.most)


def odd_price(size: int, rule: GroupRule) -> float:
    """Metres that a group costs for being too small or too large."""
    over = off(size, rule)
    return ODD_GROUP + ODD_SHOP * over if over else 0.0


class Cutter:
    """Cuts one piece; `old` says for shops by place which old group they had better stay in."""

    def __init__(self, piece: Piece, rule: GroupRule, old: Mapping[int, int]) -> None:
        self.piece, self.rule = piece, rule
        self._old: dict[int, int] = {}
        for at, number in old.items():
            self._old[number] = self._old.get(number, 0) | 1 << at
        self._held = sum(self._old.values())
        count = len(piece.shops)
        self.fits = fits(count, rule)
        """Whether sizes within the rule are possible at all."""
        low, high = (rule.least, rule.most) if self.fits else (rule.least - BEYOND, rule.most + BEYOND)
        self._sizes = range(max(1, min(low, count)), high + 1)
        few, many = -(-count // rule.most), count // rule.least
        if not self.fits:
            few, many = max(1, count // rule.most), -(-count // rule.least)
        middle = min(max(len(self._old) or round(count / rule.usual), few), many)
        around = AROUND if piece.sides else 1
        self._counts = range(max(few, middle - around), min(many, middle + around) + 1)

    def quick(self) -> Cut:
        """A cut at once: from one end of the piece to the other, or as it is if that costs less."""
        peels = self._priced(peeled(self.piece, 0, self._sizes, lambda count: fits(count, self.rule)))
        stays = [group for group in self._old.values() if self.piece.hangs(group)]
        if sum(stays) != (1 << len(self.piece.shops)) - 1:
            return peels
        return min(peels, self._priced(stays), key=lambda cut: cut.cost)

    def all(self, seconds: Callable[[], float]) -> dict[int, Cut]:
        """The best cut for every number of groups that can pay; `seconds` says how long a solve may take."""
        offers, quick = self._offers(self._sizes), self.quick()
        known: dict[int, Cut] = {}
        for count in self._counts:
            limit = quick.cost + COUNT_PRICE * abs(count - len(quick.groups))
            if (cut := self._best(offers, count, limit, seconds)) is not None:
                known[count] = cut
        if not known:
            any_size = self._offers(range(1, self._sizes[-1] + BEYOND))
            cut = cheapest(self.piece, any_size, None, seconds()) or quick
            known = {len(cut.groups): cut}
        return known

    def _best(self, offers: Offers, count: int, limit: float, seconds: Callable[[], float]) -> Cut | None:
        """The best cut into `count` groups; None where there is none below `limit`, so that none can pay.

        What the same groups cost if moves were free says at once for most that they cannot be in such a cut.
        """
        if self._old:
            bare = model_of(self.piece, offers.bare(), count).relaxed(seconds())
            if bare is None or bare.solved.objective > limit + SOME:
                return None
            offers = offers.below(limit + SOME - bare.solved.objective - bare.spare)
        return cheapest(self.piece, offers, count, seconds())

    def _offers(self, sizes: Collection[int]) -> Offers:
        groups = candidates(self.piece, sizes)
        for start in spread(len(self.piece.shops)):
            groups |= set(peeled(self.piece, start, sizes, lambda count: fits(count, self.rule)))
        for group in self._old.values():
            groups |= self._near(group)
        listed = sorted(group for group in groups if group.bit_count() <= max(sizes))
        walks = self.piece.walks(listed).tolist()
        priced = {
            group: walk + odd_price(group.bit_count(), self.rule)
            for group, walk in zip(listed, walks, strict=True)
        }
        kept = [(group, keep) for group in listed for keep in self._keeps(group)]
        moves = [self._moved(group, keep) for group, keep in kept]
        sets, keeps = [group for group, _ in kept], [keep for _, keep in kept]
        return Offers(sets, keeps, np.array([priced[group] for group in sets]), np.array(moves))

    def _near(self, group: int) -> set[int]:
        """An old group as it is, with one or two more, and with one less."""
        found = {group}
        for at in places(self.piece.around(group)):
            more = group | 1 << at
            found |= {more, *(more | 1 << next_at for next_at in places(self.piece.around(more)))}
        found |= {group & ~(1 << at) for at in places(group)}
        return {one for one in found if one and self.piece.hangs(one)}

    def _keeps(self, group: int) -> list[int]:
        """Which old group it may be the continuation of: -1 for none, then by how much it has of them."""
        shared = sorted(
            (-(group & old).bit_count(), number) for number, old in self._old.items() if group & old
        )
        return [-1, *(number for _, number in shared)]

    def _moved(self, group: int, keep: int) -> float:
        left = group & self._held & ~self._old.get(keep, 0)
        return self.rule.move_price * left.bit_count()

    def _priced(self, groups: Sequence[int]) -> Cut:
        """What a cut costs; each old group lives on in the one that has most of it."""
        cost, taken = float(self.piece.walks(groups).sum()), set[int]()
        for group in sorted(groups, key=int.bit_count, reverse=True):
            keep = next((number for number in self._keeps(group)[1:] if number not in taken), -1)
            taken.add(keep)
            cost += odd_price(group.bit_count(), self.rule) + self._moved(group, keep)
        return Cut(tuple(groups), cost, 0.0, stopped=True)


def spread(count: int, most: int = 12) -> list[int]:
    """At most so many places of a piece, spread evenly over it."""
    return sorted({number * count // min(count, most) for number in range(min(count, most))})


@dataclass(frozen=True, slots=True)
class Together:
    """For each piece the number of groups that it gets, and what all cost with the price on the number."""

    counts: tuple[int, ...]
    cost: float
    bound: float


def together(pieces: Sequence[Mapping[int, Cut]], wanted: int) -> Together:
    """The cheapest numbers of groups for the pieces of a grid, exactly: a knapsack over their sum."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    least: dict[int, float] = {0: 0.0}
    for cuts in pieces:
        more: dict[int, tuple[float, tuple[int, ...]]] = {}
        lower: dict[int, float] = {}
        for count, cut in cuts.items():
            for total, (cost, counts) in best.items():
                offer = (cost + cut.cost, (*counts, count))
                more[total + count] = min(offer, more.get(total + count, offer))
                bound = least[total] + min(cut.bound, cut.cost)
                lower[total + count] = min(bound, lower.get(total + count, bound))
        best, least = more, lower
    priced = {total: cost + COUNT_PRICE * abs(total - wanted) for total, (cost, _) in best.items()}
    total = min(priced, key=lambda number: (priced[number], number))
    bound = min(bound + COUNT_PRICE * abs(number - wanted) for number, bound in least.items())
    return Together(best[total][1], priced[total], bound)
