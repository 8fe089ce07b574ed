"""Turns as pages see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import turn as rules
from hub.service.group import names_of
from hub.service.shape import name, pair
from hub.store.bulk import among
from hub.store.turn import Swap, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.store.market import Shop

View = dict[str, Any]


def of_group(s: Session, group: str, first: date, last: date) -> Sequence[Turn]:
    """The turns of a group from the first to the last day."""
    query = select(Turn).where(Turn.group == group, Turn.day >= first, Turn.day <= last)
    return s.scalars(query.order_by(Turn.day)).all()


def open_swaps(s: Session, turns: Sequence[Turn]) -> dict[str, Swap]:
    """Turn that is to be given away → the swap that is asked for."""
    ids = [row.id for row in turns]
    if not ids:
        return {}
    query = select(Swap).where(Swap.kind == "turn", Swap.state == "asked", among(s, Swap.given, ids))
    return {row.given: row for row in s.scalars(query)}


def lines(s: Session, turns: Sequence[Turn], own: frozenset[str], today: date) -> list[View]:
    """Turns in their order, in a number of queries that does not grow with theirs."""
    swaps = open_swaps(s, turns)
    wanted = [shop for row in turns for shop in (row.shop, row.buddy)]
    shops = names_of(s, [*wanted, *(one.asked for one in swaps.values())])
    return [_line(row, shops, swaps.get(row.id), own, today) for row in turns]


def shop(shops: Mapping[str, Shop], one: str | None) -> View | None:
    """A shop by its name, if there is one."""
    return {"id": one, "name": name(shops[one])} if one and one in shops else None


def counts(turns: Sequence[Turn], members: Sequence[str]) -> dict[str, int]:
    """How many of these turns each of the shops has."""
    return {one: sum(row.shop == one for row in turns) for one in members}


def state(row: Turn, today: date, *, swapping: bool) -> str:
    """Key of rules.STATE."""
    return rules.state(
        row.day,
        today,
        shop=row.shop is not None,
        confirmed=row.confirmed_at is not None,
        missed=row.missed_at is not None,
        swapping=swapping,
    )


def _line(row: Turn, shops: Mapping[str, Shop], swap: Swap | None, own: frozenset[str], today: date) -> View:
    stands = state(row, today, swapping=swap is not None)
    return {
        "id": row.id,
        "day": row.day.isoformat(),
        "shop": shop(shops, row.shop),
        "buddy": shop(shops, row.buddy),
        "mine": row.shop in own,
        "fixed": row.fixed,
        "state": {"id": stands, **pair(rules.STATE[stands])},
        "why": {"zh": row.why_zh, "en": row.why_en} if row.shop is None else None,
        "to": shop(shops, swap.asked) if swap else None,
    }
