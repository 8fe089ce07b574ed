"""What is near a point of the plan, in words."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.glossary import Pair
from hub.store.market import Hall, Shop

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SIDE = 10.0
"""Metres of a square in which doors are kept together."""
FARTHEST = 6
"""Squares."""
NOWHERE = Pair("市场内", "in the market")
FACING = (
    Pair("北", "north"),
    Pair("东北", "north-east"),
    Pair("东", "east"),
    Pair("东南", "south-east"),
    Pair("南", "south"),
    Pair("西南", "south-west"),
    Pair("西", "west"),
    Pair("西北", "north-west"),
)
"""In eighths, clockwise; the plan has its north above."""


def facing(bearing: float) -> Pair:
    """The direction in a word."""
    return FACING[round(bearing / 45) % 8]


class Doors:
    """Shops of a market by where their doors are."""

    def __init__(self, s: Session, market: str) -> None:
        columns = (Shop.door_x, Shop.door_y, Shop.name_zh, Shop.name_en, Shop.hall)
        halls = {hall.id: hall for hall in s.scalars(select(Hall).where(Hall.market == market))}
        self._squares: dict[tuple[int, int], list[tuple[float, float, Pair]]] = defaultdict(list)
        for x, y, zh, en, hall in s.execute(
            select(*columns).where(Shop.market == market, Shop.ends.is_(None))
        ):
            inside = halls.get(hall or "")
            words = Pair(
                f"{inside.name_zh} {zh} 旁" if inside else f"{zh} 旁",
                f"{inside.name_en}, by {en}" if inside else f"by {en}",
            )
            self._squares[_square(x, y)].append((x, y, words))

    def words(self, x: float, y: float) -> Pair:
        """The shop whose door is nearest, and its hall; a door that is far away says nothing."""
        column, row = _square(x, y)
        for reach in range(1, FARTHEST + 1):
            near = [
                door
                for across in range(column - reach, column + reach + 1)
                for down in range(row - reach, row + reach + 1)
                for door in self._squares.get((across, down), ())
            ]
            # What lies farther off than the squares reach may have a nearer one beyond them.
            close = [door for door in near if math.dist(door[:2], (x, y)) <= reach * SIDE]
            if close:
                return min(close, key=lambda door: math.dist(door[:2], (x, y)))[2]
        return NOWHERE


def _square(x: float, y: float) -> tuple[int, int]:
    return math.floor(x / SIDE), math.floor(y / SIDE)
