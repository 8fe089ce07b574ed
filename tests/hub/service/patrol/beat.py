"""A small market's checkpoints, plans and scans, for tests of patrols."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hub.core.glossary import Pair
from hub.service.patrol import code, plan, point
from hub.service.phone import said
from hub.service.phone.item import Item
from hub.store.market import Market
from tests.hub.town import MARKET, NOON, actor
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.service.phone.said import Receipt
    from hub.store.patrol import Checkpoint, PatrolPlan, Round

KEY = b"k" * 32
LON, LAT = 104.066, 30.572
MINUTE = timedelta(minutes=1)
SCAN: dict[str, Any] = {
    "by": "qr",
    "code": None,
    "tag": None,
    "checkpoint": None,
    "round": None,
    "position": None,
    "photo": None,
    "note": "",
}


def hang(s: Session, count: int = 4, grid: str = "east", **more: Any) -> list[Checkpoint]:
    """Checkpoints along the grid's aisle, ten metres apart, entered by the manager."""
    s.info[code.KEY] = KEY
    row = s.get_one(Market, MARKET)
    row.lon, row.lat, row.turn = LON, LAT, 0.0
    zhou = actor(s, "zhou")
    return [
        point.add(
            s,
            zhou,
            point.Given(grid, Pair(f"{n} 号点", f"Point {n}"), 5.0 + 10 * n, 20.0, **more),
            NOON,
        )
        for n in range(count)
    ]


def sign(s: Session, one: Checkpoint, days: int = 90, now: datetime = NOON) -> str:
    """A new code for a checkpoint."""
    return code.make(s, actor(s, "zhou"), "manager", one, days, now)  # type: ignore[arg-type]


def planned(
    s: Session, points: list[Checkpoint], times: tuple[str, ...] = ("12:00",), **more: Any
) -> PatrolPlan:
    """A plan of the eastern grid, by default of one round at noon."""
    given = plan.Given(
        "east",
        more.pop("kind", "round"),
        Pair("日巡", "Day round"),
        times,
        [one.id for one in points],
        **more,
    )
    return plan.make(s, actor(s, "zhou"), given, None, NOON - MINUTE)


def rounds(s: Session, now: datetime = NOON) -> list[Round]:
    """The rounds of the day, as the clock makes them."""
    from sqlalchemy import select  # noqa: PLC0415

    from hub.store.patrol import Round  # noqa: PLC0415

    plan.due(s, now)
    return list(s.scalars(select(Round).order_by(Round.due_at)))


def say(
    s: Session,
    kind: str,
    body: dict[str, Any],
    at: datetime = NOON,
    *,
    who: str = "qiu",
    id_: str = "",
    **how: Any,
) -> Receipt:
    """What a person's phone says, heard at `heard` or at once."""
    item = Item(id_ or new_id(), kind, at, body)
    return said.take(s, actor(s, who), item, how.get("heard", at))


def scan(s: Session, text: str, at: datetime = NOON, **more: Any) -> Receipt:
    """A scan of a code."""
    how = {key: more.pop(key) for key in ("who", "id_", "heard") if key in more}
    return say(s, "scan", SCAN | {"code": text} | more, at, **how)
