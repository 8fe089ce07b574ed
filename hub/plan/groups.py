"""Ten-shop groups: neighbours who look after each other, cut grid by grid from shops that hang together.

`proof` says how good the division is among all that are made of the windows and balls looked at, its price of
odd sizes, moves and numbers included; `free_bound` what no division of as many groups can fall below, broken
or not. Where shops have opened or closed, `only` keeps every other group as it is.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core.planned import GroupsMade, Progress, Proof
from hub.core.refuse import Refused
from hub.plan.free import FreeAsked, bound
from hub.plan.kept import kept
from hub.plan.named import Divided, by_grid, named, oddities
from hub.plan.nearby import Nearby
from hub.plan.partition import Cutter, off, together
from hub.plan.windows import Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hub.core.planned import GroupsAsked
    from hub.plan.named import Shops
    from hub.plan.offers import Cut

    Heard = Callable[[Progress], bool]

CUTTING, BOUNDING = "groups", "groups-bound"
PART = 3
"""One solve may take this part of the time that is left, so that a hard piece leaves some to the others."""


@dataclass(slots=True)
class Clock:
    """The time that is left and whether somebody said stop."""

    heard: Heard
    seconds: float
    began: float
    stopped: bool = False

    @property
    def spent(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds that a solve may take now."""
        return max(0.0, self.seconds - self.spent)

    def tell(self, stage: str, share: float, best: float, bound: float | None = None) -> bool:
        """Say how it stands; whether to go on."""
        self.stopped |= not self.heard(Progress(stage, self.spent, best, bound, share)) or self.left() <= 0
        return not self.stopped


def make(asked: GroupsAsked, heard: Heard = lambda _: True) -> GroupsMade:
    """A group for every shop of `asked.grid_of`; other shops of the ground are walked past.

    `heard` is told after each piece; where it answers False, pieces not reached yet are cut quickly.

    Raises:
        Refused: The rule contradicts itself, or a shop is not on the ground.
    """
    checked(asked)
    clock = Clock(heard, asked.seconds, time.monotonic())
    nearby = Nearby(asked.ground, asked.grid_of.keys())
    divided = kept(asked, nearby, clock.left()) if asked.only else _divided(asked, nearby, clock)
    groups = named(divided, asked, nearby)
    free = _free(asked, nearby, divided, clock)
    proof = Proof(divided.cost, divided.bound, clock.spent, stopped=clock.stopped)
    now = {shop: group.id for group in groups for shop in group.shops}
    moved = tuple(shop for shop, old in asked.held.items() if shop in now and now[shop] != old)
    broken = sum(nearby.reach(group.shops[0], group.shops) != set(group.shops) for group in groups)
    return GroupsMade(groups, proof, free, moved, broken, oddities(groups, asked, nearby))


def checked(asked: GroupsAsked) -> None:
    """Raises Refused where no division could be meant."""
    rule = asked.rule
    if not 1 <= rule.least <= rule.usual <= rule.most:
        raise Refused(
            "input",
            "group-sizes",
            "A group needs at least one shop, and the usual size lies between the least and the most.",
            "小组至少一户，常用户数须在最少与最多之间。",
        )
    if unknown := asked.grid_of.keys() - {shop.id for shop in asked.ground.shops}:
        shops = ", ".join(sorted(unknown)[:5])
        raise Refused(
            "input",
            "unknown-shop",
            f"These shops are not on the plan of the market: {shops}. Import them first.",
            f"市场平面图上没有这些商铺：{shops}。请先导入。",
        )


def _divided(asked: GroupsAsked, nearby: Nearby, clock: Clock) -> Divided:
    """Every piece cut for every number of groups, quickly once it is stopped; then the numbers chosen."""
    pieces = [
        (grid, Piece.of(nearby, shops))
        for grid, all_shops in by_grid(asked).items()
        for shops in nearby.pieces(all_shops)
    ]
    homes = _homes(asked, [piece for _, piece in pieces])
    cutters = [Cutter(piece, asked.rule, home) for (_, piece), home in zip(pieces, homes, strict=True)]
    cuts = [{len(cut.groups): cut} for cut in (cutter.quick() for cutter in cutters)]
    for number, cutter in enumerate(cutters):
        best = sum(min(cut.cost for cut in known.values()) for known in cuts)
        if not clock.tell(CUTTING, number / len(cutters), best):
            break
        cuts[number] = cutter.all(lambda: clock.left() / PART)
    return _joined(asked, pieces, homes, cuts)


def _joined(
    asked: GroupsAsked,
    pieces: Sequence[tuple[str, Piece]],
    homes: Sequence[Mapping[int, int]],
    cuts: Sequence[Mapping[int, Cut]],
) -> Divided:
    groups: list[tuple[str, Shops]] = []
    cost = bound = 0.0
    for grid, shops in by_grid(asked).items():
        own = [number for number, (name, _) in enumerate(pieces) if name == grid]
        held = {old for number in own for old in homes[number].values()}
        chosen = together([cuts[number] for number in own], _wanted(asked, shops, len(held)))
        cost, bound = cost + chosen.cost, bound + chosen.bound
        for number, count in zip(own, chosen.counts, strict=True):
            groups += [(grid, pieces[number][1].names(group)) for group in cuts[number][count].groups]
    return Divided(tuple(groups), cost, bound)


def _wanted(asked: GroupsAsked, shops: Sequence[str], held: int) -> int:
    """How many groups a grid had better have: as many as it has, and what new shops make on average."""
    rule = asked.rule
    new = sum(shop not in asked.held for shop in shops)
    wanted = held + round(new / rule.usual)
    return min(max(wanted, -(-len(shops) // rule.most)), max(1, len(shops) // rule.least))


def _homes(asked: GroupsAsked, pieces: Sequence[Piece]) -> list[dict[int, int]]:
    """For each piece its places whose old group has most of its shops in it, with that group's number."""
    number = {old: at for at, old in enumerate(sorted(set(asked.held.values())))}
    held = [
        {at: number[asked.held[shop]] for at, shop in enumerate(piece.shops) if shop in asked.held}
        for piece in pieces
    ]
    home: dict[int, tuple[int, int]] = {}
    for place, own in enumerate(held):
        for old, count in Counter(own.values()).items():
            home[old] = max(home.get(old, (0, 0)), (count, -place))
    return [{at: old for at, old in own.items() if home[old][1] == -place} for place, own in enumerate(held)]


def _free(asked: GroupsAsked, nearby: Nearby, divided: Divided, clock: Clock) -> float:
    grids, metres = by_grid(asked), 0.0
    for number, (grid, shops) in enumerate(grids.items()):
        sizes = [len(group) for name, group in divided.groups if name == grid]
        odd = sum(off(size, asked.rule) for size in sizes)
        quick = bool(asked.only) or not clock.tell(BOUNDING, number / len(grids), divided.cost, divided.bound)
        question = FreeAsked(nearby.metres(shops), len(sizes), odd, asked.rule)
        metres += bound(question, 0.0 if quick else clock.left())
    return metres
