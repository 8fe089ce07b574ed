"""A shop that cannot come: it asks for leave, who may grants it, and its turns on those days go to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from hub.core import policy
from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import evidence, notice, number
from hub.service.election import target_of
from hub.service.evidence import Entry
from hub.service.group import names_of
from hub.service.shape import iso, maybe_iso, pair
from hub.service.turn import repair, view, whose
from hub.store.bulk import among
from hub.store.market import Shop, ShopGroup
from hub.store.turn import Leave, Turn
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role

View = dict[str, Any]
LISTED = 200


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
    """Take a question back; turns that others have taken stay theirs.

    Raises:
        Refused: there is none that waits, or the actor does not speak for the shop.
    """
    made, group = _waiting(s, actor, leave_id)
    role = whose.speaks_for(s, actor, group, made.shop or "")
    made.state, made.decided_by, made.decided_at = "withdrawn", actor.person, now
    _write(s, actor, role, "leave.withdraw", made, now)
    return made


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """Leave of the shops whose turns the actor may see, that is not over: what waits first.

    Raises:
        Refused: they may see none.
    """
    policy.authorize(actor, "duty.see", _anywhere(actor))
    today = number.day_of(s, actor.market, now)
    query = select(Leave, Shop).join(Shop, Shop.id == Leave.shop).where(Leave.market == actor.market)
    seen = [_below(node) for node in policy.scope(actor, "duty.see")]
    rows = s.execute(
        query.where(Leave.kind == "leave", Leave.last >= today, or_(*seen))
        .order_by(Leave.state != "asked", Leave.first, Leave.id)
        .limit(LISTED)
    ).all()
    return views(s, actor, [(row.Leave, row.Shop) for row in rows])


def views(s: Session, actor: Actor, rows: Sequence[tuple[Leave, Shop]]) -> list[View]:
    """Leave as pages see it."""
    ids = {shop.id for _, shop in rows}
    named = names_of(s, ids)
    there = select(Turn).where(Turn.market == actor.market, among(s, Turn.shop, sorted(ids)))
    turns: dict[str, list[date]] = {}
    if rows:
        for turn in s.scalars(there.where(Turn.day >= min(row.first for row, _ in rows)).order_by(Turn.day)):
            turns.setdefault(turn.shop or "", []).append(turn.day)
    groups = whose.groups_of(s, actor.market, sorted({shop.group for _, shop in rows if shop.group}))
    return [
        {
            "id": row.id,
            "shop": view.shop(named, shop.id),
            "group": shop.group,
            "first": row.first.isoformat(),
            "last": row.last.isoformat(),
            "reason": row.reason,
            "state": {"id": row.state, **pair(rules.LEAVE[row.state])},
            "asked_at": iso(row.asked_at),
            "decided_at": maybe_iso(row.decided_at),
            "answer": row.answer,
            "turns": [day.isoformat() for day in turns.get(shop.id, ()) if row.first <= day <= row.last],
            "may": _may(s, actor, row, groups.get(shop.group or "")),
        }
        for row, shop in rows
    ]


def one(s: Session, actor: Actor, row: Leave) -> View:
    """A leave as pages see it."""
    return views(s, actor, [(row, s.get_one(Shop, row.shop))])[0]


def _may(s: Session, actor: Actor, row: Leave, group: ShopGroup | None) -> list[str]:
    if row.state != "asked" or group is None:
        return []
    _, target = target_of(s, actor.market, group.id)
    decides = policy.allowed(actor, "duty.approve", target).allowed and actor.person != row.asked_by
    found = ["grant", "refuse"] if decides else []
    return found + (["withdraw"] if row.shop in whose.spoken(actor, group) else [])


def _anywhere(actor: Actor) -> policy.Target:
    return policy.Target(next(iter(policy.scope(actor, "duty.see")), actor.market))


def _below(node: str) -> Any:
    """Whether a shop stands below a node; a group's people see their group's."""
    _, *parts = node.split("/")
    columns = zip((Shop.grid, Shop.group), parts, strict=False)
    found = Shop.market == node.split("/", maxsplit=1)[0]
    for column, part in columns:
        found = found & (column == part)
    return found


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


def _waiting(s: Session, actor: Actor, leave_id: str) -> tuple[Leave, ShopGroup]:
    made = s.get(Leave, leave_id, with_for_update=True, populate_existing=True)
    if made is None or made.market != actor.market or made.shop is None:
        raise Refused("missing", "leave.none", "There is no such leave.", "没有这条请假。")
    shop = s.get_one(Shop, made.shop)
    if shop.group is None:
        raise Refused("state", "leave.group", "The shop is of no group any more.", "该商铺已不在小组中。")
    group = whose.seen(s, actor, shop.group)
    if made.state != "asked":
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
