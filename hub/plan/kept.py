"""Few shops opened or closed: every group stays as it is but those that the new ones touch.

A shop that closed leaves its group smaller. One that opened joins the group beside it that it costs least to
join; many that opened together may be groups of their own. Of a group that no longer hangs together the
largest part stays. Where a new border between grids has torn a group, its neighbours may move as well so that
sizes are right again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.plan.named import Divided, by_grid
from hub.plan.offers import Offers, cheapest
from hub.plan.partition import Cutter, fits, odd_price, off, together
from hub.plan.windows import Piece, bits, candidates, places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.core.planned import GroupRule, GroupsAsked
    from hub.plan.nearby import Nearby

MOST_JOINS = 400
"""So many ways to join each group are looked at."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Groups of one grid, and those of its shops that are in none."""

    groups: list[frozenset[str]]
    loose: list[str]


def kept(asked: GroupsAsked, nearby: Nearby, seconds: float) -> Divided:
    """The groups that are, less who closed, with who opened."""
    found: list[tuple[str, tuple[str, ...]]] = []
    cost = gap = 0.0
    homes = _homes(asked)
    torn = _torn(asked)
    for name, shops in by_grid(asked).items():
        grid = _standing(asked, nearby, shops, homes)
        for new in nearby.pieces(grid.loose):
            gap += _join(grid.groups, new, asked.rule, nearby, seconds)
        around = [stretch for stretch in nearby.pieces(shops) if not torn.isdisjoint(stretch)]
        gap += sum(_mend(grid.groups, stretch, asked.rule, nearby, seconds) for stretch in around)
        order = {shop: at for at, shop in enumerate(shops)}
        for group in grid.groups:
            listed = tuple(sorted(group, key=order.__getitem__))
            cost += float(nearby.metres(listed).sum(axis=0).min()) + odd_price(len(listed), asked.rule)
            found.append((name, listed))
    return Divided(tuple(found), cost, cost - gap)


def _standing(asked: GroupsAsked, nearby: Nearby, shops: Sequence[str], homes: Mapping[str, str]) -> _Grid:
    """Each old group's largest part that hangs together, in the grid where most of it is."""
    members: dict[str, list[str]] = {}
    for shop in shops:
        old = asked.held.get(shop)
        if old is not None and homes[old] == asked.grid_of[shop]:
            members.setdefault(old, []).append(shop)
    groups = [max(map(frozenset, nearby.pieces(group)), key=len) for group in members.values()]
    inside = frozenset[str]().union(*groups)
    return _Grid(groups, [shop for shop in shops if shop not in inside])


def _join(
    groups: list[frozenset[str]], new: Sequence[str], rule: GroupRule, nearby: Nearby, seconds: float
) -> float:
    """Put shops that hang together into the groups beside them or into new ones; what is not proved of it."""
    beside = [at for at, group in enumerate(groups) if any(nearby.beside[shop] & group for shop in new)]
    olds = [groups[at] for at in beside]
    piece = Piece.of(nearby, (*new, *(shop for old in olds for shop in sorted(old))))
    offers = _offers(piece, len(new), [bits(map(piece.shops.index, old)) for old in olds], rule)
    cut = cheapest(piece, offers, None, seconds)
    if cut is None:
        groups.append(frozenset(new))
        return 0.0
    for at in reversed(beside):
        del groups[at]
    groups += [frozenset(piece.names(group)) for group in cut.groups]
    return cut.cost - cut.bound


def _mend(
    groups: list[frozenset[str]], stretch: Sequence[str], rule: GroupRule, nearby: Nearby, seconds: float
) -> float:
    """Cut a stretch anew, moving few, if it has an odd group needlessly; what is not proved of it."""
    own = [group for group in groups if not group.isdisjoint(stretch)]
    if not fits(len(stretch), rule) or not any(off(len(group), rule) for group in own):
        return 0.0
    piece = Piece.of(nearby, stretch)
    number = {shop: at for at, group in enumerate(own) for shop in group}
    cutter = Cutter(piece, rule, {at: number[shop] for at, shop in enumerate(stretch)})
    cuts = cutter.all(lambda: seconds)
    chosen = together([cuts], len(own))
    groups[:] = [group for group in groups if group not in own]
    groups += [frozenset(piece.names(group)) for group in cuts[chosen.counts[0]].groups]
    return chosen.cost - chosen.bound


def _offers(piece: Piece, new: int, olds: Sequence[int], rule: GroupRule) -> Offers:
    """Every old group alone or with some of the first `new` places, and groups of these alone."""
    fresh = (1 << new) - 1
    alone = candidates(_first(piece, new), range(1, rule.most + 1))
    groups = [*alone, *(joined for old in olds for joined in _joins(piece, old, fresh, rule))]
    odd = np.array([odd_price(group.bit_count(), rule) for group in groups])
    return Offers(groups, [-1] * len(groups), piece.walks(groups) + odd, 0.0 * odd)


def _first(piece: Piece, count: int) -> Piece:
    """The piece that its first places are; the new ones hang together by themselves."""
    whole = (1 << count) - 1
    sides = tuple(tuple(at for at in side if at < count) for side in piece.sides)
    beside = tuple(others & whole for others in piece.beside[:count])
    return Piece(piece.shops[:count], piece.metres[:count, :count], beside, sides)


def _joins(piece: Piece, old: int, fresh: int, rule: GroupRule) -> list[int]:
    """An old group with more and more of the new ones that hang on to it."""
    found = {old: None}
    ahead = [old]
    while ahead and len(found) < MOST_JOINS:
        group = ahead.pop(0)
        for at in places(piece.around(group) & fresh):
            more = group | 1 << at
            if more not in found and more.bit_count() <= max(rule.most, old.bit_count() + 1):
                found[more] = None
                ahead.append(more)
    return list(found)


def _torn(asked: GroupsAsked) -> frozenset[str]:
    """Shops of old groups that are in several grids now."""
    grids: defaultdict[str, set[str]] = defaultdict(set)
    for shop, old in asked.held.items():
        if shop in asked.grid_of:
            grids[old].add(asked.grid_of[shop])
    return frozenset(
        shop for shop, old in asked.held.items() if shop in asked.grid_of and len(grids[old]) > 1
    )


def _homes(asked: GroupsAsked) -> dict[str, str]:
    """Old group → the grid where most of its shops are."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for shop, old in asked.held.items():
        if shop in asked.grid_of:
            found[old][asked.grid_of[shop]] += 1
    return {old: max(sorted(grids), key=grids.__getitem__) for old, grids in found.items()}
