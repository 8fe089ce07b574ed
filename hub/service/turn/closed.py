"""Closed days: days on which a group, or the whole market, has no turn; and the hours of turns."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core import turn as rules
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, number
from hub.service.election import target_of
from hub.service.evidence import Entry
from hub.service.placement import holds
from hub.service.turn import repair, whose
from hub.store.market import ShopGroup
from hub.store.turn import ClosedDay, TurnHours
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role
    from hub.core.turn import Hours


def put(s: Session, actor: Actor, group: str | None, day: date, reason: str, now: datetime) -> ClosedDay:
    """Let a group, or the whole market, have no turn on a day; who had it is told.

    Raises:
        Refused: the actor may not, the day is over or too far ahead, or it is closed already.
    """
    role = _role(s, actor, group)
    today = number.day_of(s, actor.market, now)
    if not today <= day <= today + 2 * rules.MOST_AHEAD:
        en = "Choose a day from today on, within half a year."
        raise Refused("input", "closed.day", en, "请选择今天起半年内的日期。")
    same = (
        ClosedDay.market == actor.market,
        ClosedDay.day == day,
        ClosedDay.group.is_not_distinct_from(group),
    )
    if s.scalar(select(ClosedDay.id).where(*same)):
        raise Refused("conflict", "closed.there", "This day is closed already.", "这一天已设为休市。")
    made = ClosedDay(
        id=new_id(),
        market=actor.market,
        group=group,
        day=day,
        reason=reason.strip(),
        made_by=actor.person,
        made_at=now,
    )
    s.add(made)
    s.flush()
    _write(s, actor, role, "closed.put", made, now)
    _follow(s, actor.market, group, today, now)
    return made


def take(s: Session, actor: Actor, closed_id: str, now: datetime) -> None:
    """Let a day be open after all; it is given to a shop again.

    Raises:
        Refused: there is none, or the actor may not.
    """
    made = s.get(ClosedDay, closed_id, with_for_update=True)
    if made is None or made.market != actor.market:
        raise Refused("missing", "closed.none", "There is no such closed day.", "没有这个休市日。")
    role = _role(s, actor, made.group)
    s.delete(made)
    s.flush()
    _write(s, actor, role, "closed.take", made, now)
    _follow(s, actor.market, made.group, number.day_of(s, actor.market, now), now)


def hours(s: Session, actor: Actor, wanted: Hours, now: datetime) -> None:
    """Set when turns begin and end, and until when each thing is to be done.

    Raises:
        Refused: the actor may not, or a day cannot be lived by them.
    """
    role = policy.authorize(actor, "duty.change", Target(actor.market))
    if not wanted.are_in_order():
        en = "Begin, confirm by, missed from, and end come one after the other; so do opening round and noon."
        zh = "开始、确认、记为未确认、结束须依次排列，开市巡查和中午询问也须在其间。"
        raise Refused("input", "turn.hours", en, zh)
    s.merge(TurnHours(market=actor.market, **asdict(wanted)))
    s.flush()
    s.info.pop(("hours", actor.market), None)
    public = {name: str(value) for name, value in asdict(wanted).items()}
    evidence.append(s, actor.market, Entry("turn.hours", actor, role, public=public), now)


def shown(s: Session, market: str) -> dict[str, object]:
    """The market's hours, HH:MM."""
    return {
        name: value if isinstance(value, int) else f"{value:%H:%M}"
        for name, value in asdict(whose.hours(s, market)).items()
    }


def _role(s: Session, actor: Actor, group: str | None) -> Role:
    if group is None:
        return policy.authorize(actor, "duty.change", Target(actor.market))
    _, target = target_of(s, actor.market, group)
    return policy.authorize(actor, "duty.change", target)


def _follow(s: Session, market: str, group: str | None, today: date, now: datetime) -> None:
    """Turns follow the day, of the one group or of all."""
    query = select(ShopGroup).where(ShopGroup.market == market, holds(ShopGroup, today))
    one = query if group is None else query.where(ShopGroup.id == group)
    groups: Sequence[ShopGroup] = s.scalars(one.order_by(ShopGroup.id)).all()
    for row in groups:
        repair.group(s, row, now)


def _write(s: Session, actor: Actor, role: Role, act: str, made: ClosedDay, now: datetime) -> None:
    public = {"day": made.day.isoformat(), "group": made.group}
    entry = Entry(act, actor, role, public=public, text=made.reason or None)
    evidence.append(s, actor.market, entry, now)
