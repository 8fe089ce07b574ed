"""Leave of guards and what they wish for: asked by them, leave granted by who answers for the workroom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import monthly, policy
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.roster_row import dated
from hub.service import evidence, notice, number, people
from hub.service.evidence import Entry
from hub.service.registered import person_of
from hub.service.roster import change, cover, covered, right
from hub.service.roster.asked import cells_of
from hub.service.roster.change import Step
from hub.service.roster.draw import KINDS
from hub.service.shape import iso, maybe_iso, pair
from hub.store.market import Grid
from hub.store.people import Person
from hub.store.roster import Roster
from hub.store.turn import Leave
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
MOST_DAYS = 62
KEPT = monthly.DAY * 62
AHEAD = monthly.DAY * 366
MOST_OPEN = 20
"""So much one person may have asked for that is not decided or over; wishes are never decided."""
MOST_SHOWN = 400
KIND = {
    "leave": Pair("请假", "Leave"),
    "wanted": Pair("想上", "Would like to"),
    "unwanted": Pair("不想上", "Would rather not"),
}
STATE = {
    "asked": Pair("待批", "Asked"),
    "granted": Pair("已批", "Granted"),
    "refused": Pair("未批", "Refused"),
    "withdrawn": Pair("已撤回", "Withdrawn"),
}


def ask(
    s: Session, actor: Actor, kind: str, days: tuple[date, date], shift: str | None, now: datetime
) -> Leave:
    """Ask for one's own leave, or say what one wishes for, of one shift or of any; no reason is asked.

    Raises:
        Refused: the actor is of no workroom, the days are none, over, too many or too far ahead,
            or they have asked the same, or too much, already.
    """
    grid = _homes(s, actor.market).get(actor.person)
    if grid is None:
        en = "You are of no workroom. Ask the manager to give you your role at your grid."
        raise Refused("state", "leave.home", en, "你不属于任何工作室，请市场经理先授权。")
    today = number.day_of(s, actor.market, now)
    _refuse_days(days, today)
    if shift is not None and (shift not in KINDS or kind == "leave"):
        en = "Leave is of whole days; a wish names one of the shifts, or none."
        raise Refused("input", "leave.shift", en, "请假按整天；意愿可选一个班次或不选。")
    _refuse_more(s, actor, (kind, shift, *days), today)
    row = Leave(
        id=new_id(),
        market=actor.market,
        shop=None,
        person=actor.person,
        kind=kind,
        shift=shift,
        first=days[0],
        last=days[1],
        reason="",
        state="asked",
        asked_by=actor.person,
        asked_at=now,
    )
    s.add(row)
    s.flush()
    public = {"leave": row.id, "kind": kind, "first": days[0].isoformat(), "last": days[1].isoformat()}
    evidence.append(s, actor.market, Entry("roster.leave", actor, public=public), now)
    if kind == "leave":
        told = [one for one in right.leaders(s, grid) if one != actor.person]
        _tell(s, row, told or people.with_role(s, actor.market, "manager"), now)
    return row


def decide(s: Session, actor: Actor, id_: str, state: str, now: datetime) -> Leave:
    """Grant a leave, `granted`, or refuse it, `refused`; shifts on granted days are gaps at once.

    Raises:
        Refused: there is none, the actor may not or asked for it, or it is decided.
    """
    row, grid = _locked(s, actor, id_)
    role = policy.authorize(actor, "duty.approve", right.target(row.market, grid.id))
    if row.person == actor.person:
        en = "Nobody grants their own leave. Ask the manager."
        raise Refused("right", "leave.own", en, "不能批自己的假，请市场经理办理。")
    if row.kind != "leave" or row.state != "asked":
        en = f"There is nothing to decide: {STATE[row.state].en.lower()}."
        raise Refused("state", "leave.decided", en, f"无需审批：{STATE[row.state].zh}。")
    row.state, row.decided_by, row.decided_at = state, actor.person, now
    s.flush()
    evidence.append(s, row.market, Entry(f"roster.leave_{state}", actor, role, public={"leave": row.id}), now)
    if state == "granted":
        free(s, row.market, row.person or "", (row.first, row.last), now)
    _tell(s, row, [row.person or ""], now)
    return row


def withdraw(s: Session, actor: Actor, id_: str, now: datetime) -> None:
    """Take back one's own leave or wish, or leave that is granted to one's staff; what was freed stays free.

    Raises:
        Refused: there is none that the actor may take back, or it was refused or taken back.
    """
    row, grid = _locked(s, actor, id_)
    own = row.person == actor.person
    if not own and (row.kind != "leave" or row.state == "asked"):
        en = "Only who asked takes it back. Leave that waits is granted or refused."
        raise Refused("right", "leave.other", en, "只能由本人撤回；待批的请假请批准或不批。")
    role = None if own else policy.authorize(actor, "duty.approve", right.target(row.market, grid.id))
    if row.state not in ("asked", "granted"):
        raise Refused("state", "leave.decided", "This is over already.", "这条请假已经结束。")
    row.state, row.decided_by, row.decided_at = "withdrawn", actor.person, now
    public = {"leave": row.id}
    evidence.append(s, row.market, Entry("roster.leave_withdrawn", actor, role, public=public), now)
    if not own:
        _tell(s, row, [row.person or ""], now)


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """The actor's own, and those of workrooms where they decide; what waits first, `MOST_SHOWN` at most."""
    since = number.day_of(s, actor.market, now) - KEPT
    homes = _homes(s, actor.market)
    staff = {one for one, grid in homes.items() if right.may(actor, "duty.approve", grid.id)}
    where = (Leave.market == actor.market, Leave.person.in_(staff | {actor.person}), Leave.last >= since)
    decided, others = (Leave.kind != "leave") | (Leave.state != "asked"), Leave.person != actor.person
    query = select(Leave).where(*where).order_by(decided, others, Leave.first.desc(), Leave.id)
    rows = sorted(
        s.scalars(query.limit(MOST_SHOWN)), key=lambda row: (row.state != "asked", row.first, row.id)
    )
    who = people.names(s, (row.person for row in rows))
    return [_view(row, actor, who, decides=row.person in staff) for row in rows]


def _view(row: Leave, actor: Actor, who: Mapping[str, Person], *, decides: bool) -> View:
    waits, own = row.kind == "leave" and row.state == "asked", row.person == actor.person
    granted = row.kind == "leave" and row.state == "granted"
    return {
        "id": row.id,
        "person": person_of(who, row.person),
        "kind": {"id": row.kind, **pair(KIND[row.kind])},
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "shift": row.shift,
        "state": {"id": row.state, **pair(STATE[row.state])},
        "asked_at": iso(row.asked_at),
        "decided_at": maybe_iso(row.decided_at),
        "may_decide": waits and decides and not own,
        "may_withdraw": row.state in ("asked", "granted") if own else granted and decides,
    }


def free(s: Session, market: str, person: str, days: tuple[date, date], now: datetime) -> int:
    """Take somebody out of published shifts of these days that are not over; how many."""
    zone, count = number.zone_of(s, market), 0
    where = (Roster.market == market, Roster.state == right.PUBLISHED)
    query = select(Roster).where(*where, Roster.begins <= days[1], Roster.ends >= days[0])
    for roster in s.scalars(query.order_by(Roster.begins, Roster.id).with_for_update()).all():
        gone = [
            Step(person, cell.day, cell.shift, None)
            for cell in cells_of(s, roster.id)
            if cell.person == person
            and days[0] <= cell.day <= days[1]
            and monthly.moments(zone, cell.day, KINDS[cell.shift])[1] > now
        ]
        if gone:
            change.write(s, roster, gone, now)
            asked = covered.open_of(s, roster.id)
            fits = [change.fits(s, roster, change.steps(one.changes)) for one in asked]
            cover.lapse(s, [one for one, yes in zip(asked, fits, strict=True) if not yes], now)
        count += len(gone)
    return count


def _homes(s: Session, market: str) -> dict[str, Grid]:
    """Person → the workroom of which they are a guard or leader."""
    query = select(Grid).where(Grid.market == market, Grid.ends.is_(None)).order_by(Grid.number.desc())
    return {one.id: grid for grid in s.scalars(query).all() for one in right.staff(s, market, grid.id)}


def _refuse_days(days: tuple[date, date], today: date) -> None:
    if not today <= days[0] <= days[1] <= today + AHEAD or (days[1] - days[0]).days >= MOST_DAYS:
        en = f"Choose days from today on and within a year, the first before the last, at most {MOST_DAYS}."
        raise Refused("input", "leave.days", en, f"请选择今天起一年内的日期，最多 {MOST_DAYS} 天。")


def _refuse_more(s: Session, actor: Actor, wanted: tuple[str, str | None, date, date], today: date) -> None:
    """One after the other: whoever asks twice at once is heard once."""
    s.get_one(Person, actor.person, with_for_update={"key_share": True})
    query = select(Leave).where(Leave.person == actor.person, Leave.last >= today)
    rows = s.scalars(query.where(Leave.state.in_(("asked", "granted")))).all()
    if any((row.kind, row.shift, row.first, row.last) == wanted for row in rows):
        raise Refused("state", "leave.again", "You have asked for this already.", "你已经提过同样的请求。")
    if sum(row.state == "asked" for row in rows) >= MOST_OPEN:
        en = f"You have {MOST_OPEN} requests open. Take one back before you ask for more."
        raise Refused("state", "leave.many", en, f"你已有 {MOST_OPEN} 条请求，请先撤回一条再提。")


def _locked(s: Session, actor: Actor, id_: str) -> tuple[Leave, Grid]:
    row = s.get(Leave, id_, with_for_update=True)
    own = row is not None and row.market == actor.market
    grid = _homes(s, actor.market).get(row.person or "") if row and own else None
    if row is None or grid is None:
        raise Refused("missing", "leave.none", "There is no such leave.", "没有这条请假。")
    if row.person != actor.person and not right.may(actor, "duty.approve", grid.id):
        raise Refused("missing", "leave.none", "There is no such leave.", "没有这条请假。")
    return row, grid


def _tell(s: Session, row: Leave, told: Sequence[str], now: datetime) -> None:
    who = people.names(s, [row.person])[row.person or ""]
    first, last, state = dated(row.first), dated(row.last), STATE[row.state]
    words = Pair(
        f"{who.name_zh}请假 {first.zh}至{last.zh}：{state.zh}。",
        f"{who.name_en}, leave {first.en} to {last.en}: {state.en.lower()}.",
    )
    notice.tell(s, row.market, told, f"leave/{row.id}", f"leave.{row.state}", words, now)
