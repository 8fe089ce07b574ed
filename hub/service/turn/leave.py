"""A shop that cannot come: it asks for leave, who may grants it, and its turns on those days go to others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import evidence, notice, number
from hub.service.election import target_of
from hub.service.evidence import Entry
from hub.service.turn import repair, whose
from hub.store.market import Shop, ShopGroup
from hub.store.turn import Leave
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role


def is_away(s: Session, shop: str, day: date) -> bool:
    """Whether a shop is on leave on a day."""
    held = (Leave.shop == shop, Leave.kind == "leave", Leave.state == "granted")
    query = select(Leave.id).where(*held, Leave.first <= day, Leave.last >= day)
    return s.scalar(query.limit(1)) is not None


def ask(
    s: Session, actor: Actor, shop: str | None, first: date, last: date, reason: str, now: datetime
) -> Leave:
    """Ask for leave of a shop, or of the actor's own; its group's coordinator and leader hear of it.

    Raises:
        Refused: the actor does not speak for the shop, or the days are over, too many or too far ahead.
    """
    row, group = _shop(s, actor, shop)
    role = whose.speaks_for(s, actor, group, row.id)
    _refuse_days(number.day_of(s, actor.market, now), first, last)
    made = Leave(
        id=new_id(),
        market=actor.market,
        shop=row.id,
        kind="leave",
        first=first,
        last=last,
        reason=reason.strip(),
        state="asked",
        asked_by=actor.person,
        asked_at=now,
    )
    s.add(made)
    s.flush()
    _write(s, actor, role, "leave.ask", made, now, made.reason or None)
    who, span = row.id.upper(), _span(made)
    words = Pair(f"{who} 请假 {span}，请审批。", f"{who} asks for leave, {span}. Please decide.")
    people = [one for one in _deciders(s, group) if one != actor.person]
    notice.tell(s, made.market, people, f"leave/{made.id}", "leave.asked", words, now)
    return made


def decide(s: Session, actor: Actor, leave_id: str, state: str, answer: str, now: datetime) -> Leave:
    """Grant or refuse a leave; granted, the shop's turns on its days go to others at once.

    Raises:
        Refused: there is none that waits, the actor may not, or asked for it.
    """
    made, group = _waiting(s, actor, leave_id)
    _, target = target_of(s, actor.market, group.id)
    role = policy.authorize(actor, "duty.approve", target)
    if actor.person == made.asked_by:
        en = "You asked for this leave; somebody else decides on it."
        raise Refused("state", "leave.apart", en, "由你提出的请假，须由他人审批。")
    made.state, made.answer = state, answer.strip()
    made.decided_by, made.decided_at = actor.person, now
    s.flush()
    _write(s, actor, role, f"leave.{state}", made, now, made.answer or None)
    word, span = rules.LEAVE[state], _span(made)
    words = Pair(f"请假 {span}：{word.zh}。", f"Leave {span}: {word.en.lower()}.")
    people = whose.hearers(s, group, made.shop or "")
    notice.tell(s, made.market, people, f"leave/{made.id}", f"leave.{state}", words, now)
    if state == "granted":
        repair.group(s, group, now)
    return made


def withdraw(s: Session, actor: Actor, leave_id: str, now: datetime) -> Leave:
    """Take a question back, or leave that was granted, from today on; days that others took stay theirs.

    Raises:
        Refused: there is none, it was refused or is over, or the actor does not speak for the shop.
    """
    made, group = _waiting(s, actor, leave_id, ("asked", "granted"))
    role, today = whose.speaks_for(s, actor, group, made.shop or ""), number.day_of(s, actor.market, now)
    if made.last < today:
        raise Refused("state", "leave.past", "This leave is over.", "这条请假已经结束。")
    granted, span = made.state == "granted", _span(made)
    if granted and made.first < today:
        made.last = today - timedelta(days=1)
    else:
        made.state, made.decided_by, made.decided_at = "withdrawn", actor.person, now
    s.flush()
    _write(s, actor, role, "leave.withdraw", made, now)
    if granted:
        _came_back(s, actor, made, group, span, now)
    return made


def _came_back(s: Session, actor: Actor, made: Leave, group: ShopGroup, span: str, now: datetime) -> None:
    """Whoever decides hears that a shop is there after all; days that nobody could take are given."""
    who = (made.shop or "").upper()
    words = Pair(
        f"{who} 收回请假 {span}，照常营业。", f"{who} is there after all: leave {span} was taken back."
    )
    people = [one for one in _deciders(s, group) if one != actor.person]
    notice.tell(s, made.market, people, f"leave/{made.id}", "leave.withdrawn", words, now)
    repair.group(s, group, now)


def _deciders(s: Session, group: ShopGroup) -> list[str]:
    """Who is to hear of a question: the grid's leader, and the centre shop."""
    leader = repair.leader_of(s, group)
    return [*([leader] if leader else []), *whose.coordinators(s, group)]


def _shop(s: Session, actor: Actor, shop: str | None) -> tuple[Shop, ShopGroup]:
    own = whose.own(s, actor) if shop is None else None
    row = s.get(Shop, shop) if shop else own.shop if own else None
    if row is None or row.market != actor.market or row.group is None:
        raise Refused("missing", "shop.none", "There is no such shop in a group.", "没有这个小组商铺。")
    return row, s.get_one(ShopGroup, row.group)


def _waiting(
    s: Session, actor: Actor, leave_id: str, states: tuple[str, ...] = ("asked",)
) -> tuple[Leave, ShopGroup]:
    made = s.get(Leave, leave_id, with_for_update=True, populate_existing=True)
    if made is None or made.market != actor.market or made.shop is None:
        raise Refused("missing", "leave.none", "There is no such leave.", "没有这条请假。")
    shop = s.get_one(Shop, made.shop)
    if shop.group is None:
        raise Refused("state", "leave.group", "The shop is of no group any more.", "该商铺已不在小组中。")
    group = whose.seen(s, actor, shop.group)
    if made.state not in states:
        word = rules.LEAVE[made.state]
        en = f"This was answered already: {word.en.lower()}."
        raise Refused("state", "leave.over", en, f"这条请假已有结果：{word.zh}。")
    return made, group


def _refuse_days(today: date, first: date, last: date) -> None:
    if not today <= first <= last or last > today + rules.MOST_AHEAD:
        days = rules.MOST_AHEAD.days
        en = f"Choose days from today on, the first before the last, at most {days} days ahead."
        raise Refused("input", "leave.days", en, f"请选择今天起 {days} 天内的日期，开始不晚于结束。")


def _span(made: Leave) -> str:
    first, last = made.first.isoformat(), made.last.isoformat()
    return first if first == last else f"{first} – {last}"


def _write(
    s: Session,
    actor: Actor,
    role: Role,
    act: str,
    made: Leave,
    now: datetime,
    text: str | None = None,
) -> None:
    public = {"leave": made.id, "shop": made.shop, "first": made.first.isoformat()}
    public |= {"last": made.last.isoformat()}
    evidence.append(s, made.market, Entry(act, actor, role, public=public, text=text), now)
