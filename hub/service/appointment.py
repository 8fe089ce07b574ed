"""Appointments: one leader and one deputy of a grid at a time, each by a numbered letter with its dates."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import appoint, policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, number, people, place
from hub.service.evidence import Entry
from hub.service.registered import person_of
from hub.service.shape import iso, name, pair
from hub.service.staff import person_of as somebody
from hub.service.workroom import grid_of
from hub.store.market import Grid, Market
from hub.store.people import Grant
from hub.store.workroom import Appointment
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.people import Person

View = dict[str, Any]
DAY = timedelta(days=1)
ORDER = ("soon", "current", "coming", "over")
"""What asks for somebody stands first."""


def make(
    s: Session,
    actor: Actor,
    person_id: str,
    office: str,
    grid_id: str,
    days: tuple[date, date | None],
    now: datetime,
) -> Appointment:
    """Appoint somebody; `days` are the first and the last. Whoever holds the office ends the day before.

    Raises:
        Refused: the actor may not or would appoint themselves, a value is none, the person has left or holds
            the grid's other office, or a later letter stands for the same time.
    """
    grid = grid_of(s, actor.market, grid_id)
    role = policy.authorize(actor, "appoint", Target(place.node(actor.market, grid.id)))
    person = somebody(s, actor, person_id)
    _refuse_value(actor, person, office, days)
    s.refresh(grid, with_for_update=True)  # of two who appoint at once, the second sees the first's letter
    for other in standing_at(s, grid.id):
        _make_room(other, person.id, office, days)
    row = Appointment(
        id=new_id(),
        market=actor.market,
        number=number.of_year(s, actor.market, "appointment", now),
        grid=grid.id,
        office=office,
        person=person.id,
        begins=days[0],
        ends=days[1],
        made_at=now,
        made_by=actor.person,
        revoked_at=None,
    )
    s.add(row)
    s.flush()
    _lead(s, grid, number.day_of(s, actor.market, now))
    public = {"appointment": row.id, "number": row.number, "grid": grid.id, "office": office}
    public |= {"person": person.id, "begins": days[0].isoformat()}
    evidence.append(s, actor.market, Entry("appoint.make", actor, role, public=public), now)
    return row


def revoke(s: Session, actor: Actor, id_: str, now: datetime) -> Appointment:
    """End an appointment today; one that has not begun is void.

    Raises:
        Refused: there is none, the actor may not, or it is over.
    """
    row = s.get(Appointment, id_, with_for_update=True)
    if row is None or row.market != actor.market:
        raise _none()
    role = policy.authorize(actor, "appoint", Target(place.node(actor.market, row.grid)))
    today = number.day_of(s, actor.market, now)
    if row.revoked_at is not None or (row.ends is not None and row.ends < today):
        raise Refused("state", "appoint.over", "This appointment is over already.", "这份聘任已经结束。")
    row.revoked_at, row.ends = now, max(row.begins, today)
    s.flush()
    _lead(s, s.get_one(Grid, row.grid), today)
    public = {"appointment": row.id, "number": row.number, "person": row.person}
    evidence.append(s, actor.market, Entry("appoint.end", actor, role, public=public), now)
    return row


def keep(s: Session, now: datetime) -> int:
    """See that each grid's leader is the one who is appointed today; how many changed."""
    changed = 0
    lettered = select(Appointment.grid).where(Appointment.office == "leader")
    grids = select(Grid).where(Grid.id.in_(lettered))
    for grid in s.scalars(grids.order_by(Grid.id)).all():
        changed += _lead(s, grid, number.day_of(s, grid.market, now))
    return changed


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """Every letter of the market, those that end soon first, then those in office; the newest before others.

    Raises:
        Refused: the actor is of another market.
    """
    policy.authorize(actor, "market.see", Target(actor.market))
    rows = s.scalars(select(Appointment).where(Appointment.market == actor.market)).all()
    found = _views(s, actor, rows, now)
    found.sort(key=lambda one: one["number"], reverse=True)
    return sorted(found, key=lambda one: len(ORDER) if one["revoked"] else ORDER.index(one["standing"]["id"]))


def letter(s: Session, actor: Actor, id_: str, now: datetime) -> View:
    """One letter with all that stands on it.

    Raises:
        Refused: there is none, or the actor is of another market.
    """
    policy.authorize(actor, "market.see", Target(actor.market))
    row = s.get(Appointment, id_)
    if row is None or row.market != actor.market:
        raise _none()
    market = s.get_one(Market, actor.market)
    return _views(s, actor, [row], now)[0] | {"market": name(market), "made_at": iso(row.made_at)}


def standing_at(s: Session, grid: str) -> Sequence[Appointment]:
    """The letters of a grid that were not revoked, by their first day."""
    query = select(Appointment).where(Appointment.grid == grid, Appointment.revoked_at.is_(None))
    return s.scalars(query.order_by(Appointment.begins, Appointment.id)).all()


def _refuse_value(actor: Actor, person: Person, office: str, days: tuple[date, date | None]) -> None:
    if office not in appoint.OFFICE:
        listed = ", ".join(appoint.OFFICE)
        raise Refused("input", "appoint.office", f"Choose one of: {listed}.", "请选择网格长或副网格长。")
    if days[1] is not None and days[1] < days[0]:
        en = "The last day lies before the first. Turn them round."
        raise Refused("input", "appoint.days", en, "结束日期早于开始日期，请检查。")
    if person.id == actor.person:
        en = "Nobody appoints themselves. Ask another manager."
        raise Refused("right", "appoint.self", en, "不能聘任自己，请另一位市场经理办理。")
    if not person.active:
        raise Refused("state", "appoint.left", "This person has left.", "此人已离岗。")


def _make_room(other: Appointment, person: str, office: str, days: tuple[date, date | None]) -> None:
    """End an earlier holder of the office the day before; refuse what cannot stand beside the new letter."""
    if not appoint.overlap((other.begins, other.ends), days):
        return
    if other.office == office and other.begins < days[0]:
        other.ends = days[0] - DAY
    elif other.office == office:
        en = (
            f"Letter {other.number} begins on {other.begins}. Revoke it first, or choose an earlier last day."
        )
        zh = f"聘书 {other.number} 从 {other.begins} 起生效，请先撤销，或把结束日期提前。"
        raise Refused("conflict", "appoint.there", en, zh)
    elif other.person == person:
        en = "Leader and deputy are two people: this one holds the grid's other office then."
        raise Refused("state", "appoint.both", en, "正副网格长不能是同一个人，请换人或先撤销另一份聘任。")


def _lead(s: Session, grid: Grid, today: date) -> bool:
    """Make whoever is appointed today the grid's leader; whether that changed anything.

    A leader who came with the market stays until the first leader's letter begins.
    """
    query = select(Appointment).where(Appointment.grid == grid.id, Appointment.office == "leader")
    rows = s.scalars(query.where(Appointment.begins <= today).order_by(Appointment.begins))
    begun = [row for row in rows if not _void(s, row)]
    if not begun:
        return False
    holds = next(
        (row.person for row in begun if row.revoked_at is None and (row.ends is None or today <= row.ends)),
        None,
    )
    changed = grid.leader != holds
    grid.leader = holds
    return changed


def _void(s: Session, row: Appointment) -> bool:
    """Whether it was revoked before its first day."""
    return row.revoked_at is not None and number.day_of(s, row.market, row.revoked_at) < row.begins


def _views(s: Session, actor: Actor, rows: Sequence[Appointment], now: datetime) -> list[View]:
    today = number.day_of(s, actor.market, now)
    grids = {row.id: row for row in s.scalars(select(Grid).where(Grid.market == actor.market))}
    who = people.names(s, (person for row in rows for person in (row.person, row.made_by)))
    granted = _granted(s, actor.market)
    return [_view(actor, row, grids[row.grid], who, granted, today) for row in rows]


def _view(
    actor: Actor,
    row: Appointment,
    grid: Grid,
    who: Mapping[str, Person],
    granted: frozenset[tuple[str, str]],
    today: date,
) -> View:
    standing = appoint.standing(row.begins, row.ends, today)
    node = place.node(row.market, row.grid)
    return {
        "id": row.id,
        "number": row.number,
        "grid": {"id": grid.id, "name": name(grid)},
        "office": {"id": row.office, **pair(appoint.OFFICE[row.office])},
        "person": person_of(who, row.person),
        "begins": row.begins.isoformat(),
        "ends": row.ends.isoformat() if row.ends else None,
        "standing": {"id": standing, **pair(appoint.STANDING[standing])},
        "revoked": row.revoked_at is not None,
        "granted": (row.person, node) in granted,
        "made_by": person_of(who, row.made_by),
        "may": policy.allowed(actor, "appoint", Target(node)).allowed,
    }


def _granted(s: Session, market: str) -> frozenset[tuple[str, str]]:
    """Who holds a leader's rights at which grid: a letter alone gives none."""
    query = select(Grant.person, Grant.node).where(Grant.role == "leader", Grant.node.like(f"{market}/%"))
    return frozenset((person, node) for person, node in s.execute(query))


def _none() -> Refused:
    return Refused("missing", "appoint.none", "There is no such letter.", "没有这份聘书。")
