"""Which shop of a group has today's turn: whom an alert or a case near it can turn to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.service import number
from hub.store.bulk import among
from hub.store.market import Shop, ShopGroup
from hub.store.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


def shops_on(s: Session, market: str, groups: Collection[str], now: datetime) -> dict[str, Shop]:
    """Group → the shop that has today; where nobody has, or it never confirmed, the centre shop."""
    if not groups:
        return {}
    centre = select(ShopGroup.id, Shop).join(Shop, Shop.id == ShopGroup.centre)
    found = {row[0]: row[1] for row in s.execute(centre.where(among(s, ShopGroup.id, groups)))}
    return found | turns_on(s, market, groups, now)


def turns_on(s: Session, market: str, groups: Collection[str], now: datetime) -> dict[str, Shop]:
    """Group → the shop that has today and is there, as far as anybody knows."""
    today = select(Turn.group, Shop).join(Shop, Shop.id == Turn.shop)
    held = (among(s, Turn.group, groups), Turn.day == number.day_of(s, market, now))
    there = Turn.confirmed_at.is_not(None) | Turn.missed_at.is_(None)
    return {row[0]: row[1] for row in s.execute(today.where(*held, there))}
