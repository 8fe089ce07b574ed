"""What a group's rotation cannot avoid, and why: sentences for the market office and the group."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.roster_row import dated
from hub.core.rotation import RotationOddity
from hub.plan.roster.circle import counts, here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.core.rotation import GroupAsked, GroupTurns, RotationAsked

MOST_SPREAD = 1


def oddities(asked: RotationAsked, group: GroupAsked, made: GroupTurns) -> Iterator[RotationOddity]:
    """Days without anybody, without a buddy, turns too near, shares uneven, fixed turns that cannot be."""
    yield from _fixed(asked, group)
    yield from _nobody(asked, group, made)
    yield from _near(asked, group, made)
    if made.spread > MOST_SPREAD:
        yield _uneven(asked, group, made)


def _fixed(asked: RotationAsked, group: GroupAsked) -> Iterator[RotationOddity]:
    shops, days = {shop.shop: shop for shop in group.shops}, frozenset(asked.days)
    for turn in group.fixed:
        if turn.day not in days:
            continue
        on = dated(turn.day)
        if turn.shop not in shops:
            words = Pair(
                f"{on.zh}定好的 {turn.shop} 已不在本组，这天重新排了",
                f"{on.en}: {turn.shop} was fixed but has left the group, so the day is given anew",
            )
            yield RotationOddity("gone", group.group, turn.day, turn.shop, words)
        elif not here(shops[turn.shop], turn.day):
            called = shops[turn.shop].called
            words = Pair(
                f"{on.zh}定好的 {called} 那天不在，请换班",
                f"{on.en}: {called} was fixed but is away: swap the turn",
            )
            yield RotationOddity("away", group.group, turn.day, turn.shop, words)


def _nobody(asked: RotationAsked, group: GroupAsked, made: GroupTurns) -> Iterator[RotationOddity]:
    given = {turn.day: turn for turn in made.turns}
    called = {shop.shop: shop.called for shop in group.shops}
    for day in asked.days:
        on = dated(day)
        if day not in given and day not in group.closed:
            words = Pair(
                f"{on.zh}全组都不在，没人轮值，请市场办顶一天",
                f"{on.en}: everybody of the group is away, so the market office takes the day",
            )
            yield RotationOddity("nobody", group.group, day, None, words)
        elif day in given and given[day].buddy is None:
            own = called[given[day].shop]
            words = Pair(
                f"{on.zh}只有 {own} 在，没有搭档",
                f"{on.en}: only {own} is there, so nobody checks at closing with it",
            )
            yield RotationOddity("alone", group.group, day, given[day].shop, words)


def _near(asked: RotationAsked, group: GroupAsked, made: GroupTurns) -> Iterator[RotationOddity]:
    for shop in group.shops:
        days = [turn.day for turn in made.turns if turn.shop == shop.shop]
        before = [shop.last] if shop.last is not None and shop.last < asked.days[0] else []
        for one, other in pairwise([*before, *days]):
            apart = (other - one).days
            if apart < asked.apart:
                there = sum(here(each, other) for each in group.shops)
                on = dated(other)
                words = Pair(
                    f"{on.zh} {shop.called} 隔 {apart} 天又轮到，应隔 {asked.apart} 天：当天有 {there} 户",
                    f"{on.en}: {shop.called} again after {apart} days, not {asked.apart}: "
                    f"{there} of the group are there on that day",
                )
                yield RotationOddity("near", group.group, other, shop.shop, words)


def _uneven(asked: RotationAsked, group: GroupAsked, made: GroupTurns) -> RotationOddity:
    had = counts(asked, group, {turn.day: turn.shop for turn in made.turns}, free=False)
    fewest = min(range(len(had)), key=had.__getitem__)
    shop = group.shops[fewest]
    days = [day for day in asked.days if day not in group.closed]
    away = sum(not here(shop, day) for day in days)
    words = Pair(
        f"最多与最少差 {made.spread} 次：{shop.called} 这 {len(days)} 天里有 {away} 天不在，下期补上",
        f"most and fewest turns are {made.spread} apart: {shop.called} is away on {away} of {len(days)} days"
        " and makes up for it later",
    )
    return RotationOddity("uneven", group.group, None, shop.shop, words)
