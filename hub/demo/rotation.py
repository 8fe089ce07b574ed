"""The reference market's turns: each group goes round its shops in the order of the neighbourhood.

Days that are missing are added at every start, so that the rotation goes on; what people changed stays.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from hub.core import turn as rules
from hub.service import number, place
from hub.service.placement import holds
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant
from hub.store.turn import Leave, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

BEFORE, AHEAD = 14, 35
"""Days behind today and ahead of it."""
FORGETFUL = frozenset({4, 17, 29})
"""Numbers of the groups in which turns are not always confirmed."""
MISSED = 5
"""There, one turn of so many was never confirmed."""
CONFIRMS, ENTERED = time(7, 50), time(10)
"""When shops confirm, and when a turn is entered as missed; the market's own time."""
KEEPER, OWN = "wu-yongchang", "c-146"
"""The shopkeeper of the demo's log-ins and the shop for which they speak."""
LEAVE = "demo-leave"


def give(session: Session, market: str, now: datetime) -> None:
    """Add the turns of the days around `now` that nobody has yet."""
    today = number.day_of(session, market, now)
    first, last = today - timedelta(days=BEFORE), today + timedelta(days=AHEAD)
    span = (Turn.market == market, Turn.day >= first, Turn.day <= last)
    there = {(row.group, row.day) for row in session.execute(select(Turn.group, Turn.day).where(*span))}
    rows = [
        row
        for group, line in _lines(session, market, today)
        for row in _rows(group, line, (first, last), number.zone_of(session, market), now)
        if (row["group"], row["day"]) not in there
    ]
    if rows:
        session.execute(insert(Turn), rows)
    if not there:
        _keeper(session, market, today, now)


def _lines(session: Session, market: str, today: date) -> Iterator[tuple[ShopGroup, list[str]]]:
    """Each group that stands with its open shops, in the order of the neighbourhood."""
    doors: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    shops = select(Shop).where(Shop.market == market, Shop.open, holds(Shop, today))
    for shop in session.scalars(shops.order_by(Shop.id)):
        doors[shop.group or ""][shop.id] = (shop.door_x, shop.door_y)
    groups = select(ShopGroup).where(ShopGroup.market == market, holds(ShopGroup, today))
    for group in session.scalars(groups.order_by(ShopGroup.id)):
        if line := rules.in_line(doors[group.id]):
            yield group, line


def _rows(
    group: ShopGroup, line: Sequence[str], span: tuple[date, date], zone: ZoneInfo, now: datetime
) -> Iterator[dict[str, Any]]:
    first, last = span
    today = now.astimezone(zone).date()
    for day in rules.days(first, last):
        at = day.toordinal() + group.number
        shop = line[at % len(line)]
        said = rules.moment(day, CONFIRMS, zone)
        forgot = group.number in FORGETFUL and at % MISSED == 0
        # The demo's own shop has today left to confirm.
        confirmed = said <= now and not forgot and (shop, day) != (OWN, today)
        yield {
            "id": f"turn-{group.id}-{day.isoformat()}",
            "market": group.market,
            "group": group.id,
            "day": day,
            "shop": shop,
            "buddy": rules.neighbour(shop, line, frozenset()),
            "why_zh": "",
            "why_en": "",
            "fixed": False,
            "revision": 0,
            "changed_at": rules.moment(first, time(9), zone),
            "confirmed_at": said if confirmed else None,
            "missed_at": rules.moment(day, ENTERED, zone) if day < today and not confirmed else None,
        }


def _keeper(session: Session, market: str, today: date, now: datetime) -> None:
    """The demo's shopkeeper speaks for a shop, and has asked for leave."""
    shop = session.get_one(Shop, OWN)
    node = f"{place.node(market, shop.grid, shop.group)}/{OWN}"
    if session.scalar(select(Grant.id).where(Grant.person == KEEPER, Grant.node == node)) is None:
        session.add(Grant(id=f"{KEEPER}-{OWN}", person=KEEPER, role="shop", node=node))
    session.add(
        Leave(
            id=LEAVE,
            market=market,
            shop=OWN,
            kind="leave",
            first=today + timedelta(days=9),
            last=today + timedelta(days=11),
            reason="回老家",
            state="asked",
            asked_by=KEEPER,
            asked_at=now,
        )
    )
    session.flush()
