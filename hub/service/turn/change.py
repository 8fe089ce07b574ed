"""A turn changes hands: its calendars and its people follow, whatever the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from hub.core.glossary import Pair
from hub.service import notice
from hub.service.turn import whose
from hub.store.turn import Swap, Turn, TurnPast
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.store.market import ShopGroup

WEEKDAYS = (
    Pair("周一", "Mon"),
    Pair("周二", "Tue"),
    Pair("周三", "Wed"),
    Pair("周四", "Thu"),
    Pair("周五", "Fri"),
    Pair("周六", "Sat"),
    Pair("周日", "Sun"),
)
Have = tuple[str | None, str | None]
"""Shop and buddy."""
GIVEN, LEFT = "turn.given", "turn.left"
"""Steps of notices: the last one that a shop's people have of a turn says whether they have it."""


def give(
    s: Session,
    row: Turn,
    group: ShopGroup,
    have: Have,
    now: datetime,
    *,
    why: Pair | None = None,
    fixed: bool = False,
) -> bool:
    """Let a shop have the day, or nobody for a reason; who had it and who has it are told.

    What the one before confirmed is none of the next's. Whether anything changed.
    """
    before, (shop, buddy) = row.shop, have
    words = (why.zh, why.en) if why and shop is None else ("", "")
    if (before, row.buddy, row.why_zh, row.why_en) == (shop, buddy, *words):
        return False
    row.buddy, (row.why_zh, row.why_en) = buddy, words
    row.revision, row.changed_at, row.fixed = row.revision + 1, now, fixed
    if before == shop:
        return True
    row.shop, row.confirmed_at, row.confirmed_by = shop, None, None
    row.reminded_at, row.missed_at = None, None
    if before is not None:
        s.add(TurnPast(id=new_id(), turn=row.id, shop=before, revision=row.revision, at=now))
        tell(s, row, group, before, LEFT, now)
    if shop is not None:
        s.execute(delete(TurnPast).where(TurnPast.turn == row.id, TurnPast.shop == shop))
        tell(s, row, group, shop, GIVEN, now)
    _end_swaps(s, row, now)
    s.flush()
    return True


def tell(s: Session, row: Turn, group: ShopGroup, shop: str, step: str, now: datetime) -> None:
    """Tell a shop's people that they have a day, or have it no more."""
    words = said(row.day, shop, step)
    notice.tell(s, row.market, whose.hearers(s, group, shop), f"turn/{row.id}", step, words, now)


def said(day: date, shop: str, step: str) -> Pair:
    """The words of such a notice."""
    when, who = spoken_day(day), shop.upper()
    if step == GIVEN:
        return Pair(
            f"{when.zh}轮到 {who} 值班，请确认。", f"{who} has the turn on {when.en}. Please confirm."
        )
    return Pair(f"{when.zh}不再轮到 {who} 值班。", f"{who} has the turn on {when.en} no more.")


def spoken_day(day: date) -> Pair:
    """A day as people say it."""
    week = WEEKDAYS[day.weekday()]
    return Pair(f"{day.month}月{day.day}日（{week.zh}）", f"{week.en} {day.isoformat()}")


def _end_swaps(s: Session, row: Turn, now: datetime) -> None:
    """Questions about a day that has changed hands since have no answer any more."""
    asked = (Swap.kind == "turn", Swap.state == "asked", (Swap.given == row.id) | (Swap.taken == row.id))
    for one in s.scalars(select(Swap).where(*asked).with_for_update()):
        one.state, one.decided_at = "lapsed", now
