"""Buddies 搭档: for every turn the nearest neighbour who is there, the less often asked of two."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hub.core.rotation import Turn
from hub.plan.roster.circle import here

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hub.core.rotation import GroupAsked, RotationAsked


def paired(asked: RotationAsked, group: GroupAsked, shop_of: Mapping[date, str]) -> tuple[Turn, ...]:
    """The turns in the order of days, each with its buddy; one that was agreed and is there stays."""
    place = {shop.shop: number for number, shop in enumerate(group.shops)}
    agreed = {(turn.day, turn.shop): turn.buddy for turn in group.fixed}
    asks: Counter[str] = Counter()
    made = []
    for day in (day for day in asked.days if day in shop_of):
        own = shop_of[day]
        there = [shop.shop for shop in group.shops if shop.shop != own and here(shop, day)]
        buddy = agreed.get((day, own))
        if buddy not in there:
            nearest = sorted((abs(place[shop] - place[own]), asks[shop], place[shop]) for shop in there)
            buddy = group.shops[nearest[0][2]].shop if nearest else None
        asks.update([] if buddy is None else [buddy])
        made.append(Turn(day, own, buddy))
    return tuple(made)
