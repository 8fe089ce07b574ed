"""Drafts: begun for a month, changed by hand a cell at a time, thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from hub.core import monthly, policy
from hub.core.refuse import Refused
from hub.core.shift import SHIFTS
from hub.service import evidence, number
from hub.service.evidence import Entry
from hub.service.roster import right
from hub.service.roster.asked import cells_of
from hub.service.solving import refuse_busy
from hub.store.people import Person
from hub.store.roster import Roster, RosterCell
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.shift import ShiftKind

KINDS: Mapping[str, ShiftKind] = {shift.id: shift for shift in SHIFTS}


def begin(s: Session, actor: Actor, grid: str, month: str, now: datetime) -> Roster:
    """Begin a draft of a workroom's month, with the cells of what holds.

    Raises:
        Refused: the actor may not, the month is over, or there is a draft of it.
    """
    place = right.seen_grid(s, actor, grid)
    role = policy.authorize(actor, "duty.change", right.target(actor.market, place.id))
    first, last = monthly.span(month)
    if last < number.day_of(s, actor.market, now):
        raise Refused("state", "roster.over", "This month is over.", "这个月已经过去，不能再排班。")
    held = right.holds(s, place.id, first)
    row = Roster(
        id=new_id(),
        market=actor.market,
        grid=place.id,
        begins=first,
        ends=last,
        base=mark(held),
        made_by=actor.person,
        made_at=now,
        figures={},
        job=None,
    )
    _add(s, row)
    for cell in cells_of(s, held.id) if held else ():
        s.add(_copied(cell, row.id))
    s.flush()
    public = {"roster": row.id, "grid": row.grid, "month": month}
    evidence.append(s, actor.market, Entry("roster.draw", actor, role, public=public), now)
    return row


def discard(s: Session, actor: Actor, roster: str, now: datetime) -> None:
    """Throw a draft away.

    Raises:
        Refused: the actor may not, or it is no draft.
    """
    row = right.draft(s, actor, roster)
    role = right.role(actor, "duty.change", row)
    s.execute(delete(RosterCell).where(RosterCell.roster == row.id))
    s.delete(row)
    s.flush()
    public = {"roster": row.id, "grid": row.grid}
    evidence.append(s, actor.market, Entry("roster.discard", actor, role, public=public), now)


def put(
    s: Session,
    actor: Actor,
    roster: str,
    revision: int,
    cell: tuple[str, date, str | None],
    now: datetime,
) -> Roster:
    """Give a person another shift on a day of a draft, or None; which rules that breaks is told elsewhere.

    Raises:
        Refused: the actor may not, somebody was faster, a solver is at it, or the shift has begun or is none.
    """
    person, day, shift = cell
    row = right.draft(s, actor, roster, revision)
    refuse_busy(row)
    if not row.begins <= day <= row.ends:
        raise Refused("input", "roster.day", "Choose a day of this month.", "请选择本月的日期。")
    found = s.get(Person, person)
    if found is None or found.market != row.market or not found.active:
        raise Refused("missing", "person.none", "There is no such person.", "没有这个人。")
    had = next((one for one in cells_of(s, row.id) if (one.person, one.day) == (person, day)), None)
    zone = number.zone_of(s, row.market)
    for wanted in (had.shift if had else None, shift):
        _refuse_begun(zone, day, wanted, now)
    if had is not None:
        s.delete(had)
        s.flush()
    if shift is not None:
        s.add(RosterCell(id=new_id(), roster=row.id, person=person, day=day, shift=shift, covers=None))
    row.revision += 1
    row.figures = {}
    s.flush()
    return row


def mark(row: Roster | None) -> str | None:
    """What a draft remembers of what held when it was begun."""
    return f"{row.id}/{row.revision}" if row else None


def has_begun(zone: ZoneInfo, day: date, shift: str, now: datetime) -> bool:
    """Whether a shift of a day has begun."""
    return monthly.moments(zone, day, KINDS[shift])[0] <= now


def _refuse_begun(zone: ZoneInfo, day: date, shift: str | None, now: datetime) -> None:
    if shift is None:
        return
    if shift not in KINDS:
        listed = ", ".join(KINDS)
        raise Refused("input", "roster.shift", f"Choose one of: {listed}.", "请选择夜班、白班或中班。")
    if has_begun(zone, day, shift, now):
        en = "This shift has begun: what was is not changed. Use a cover for who is on duty now."
        raise Refused("state", "roster.begun", en, "这一班已经开始，不能改；在岗人员请用顶替。")


def _copied(cell: RosterCell, roster: str) -> RosterCell:
    return RosterCell(
        id=new_id(), roster=roster, person=cell.person, day=cell.day, shift=cell.shift, covers=cell.covers
    )


def _add(s: Session, row: Roster) -> None:
    """Add a draft; a second one of the month is refused by the database itself.

    Raises:
        Refused: there is one.
    """
    try:
        with s.begin_nested():
            s.add(row)
            s.flush()
    except IntegrityError:
        en = "There is a draft of this month. Open it, or throw it away first."
        raise Refused("conflict", "roster.draft", en, "本月已有草稿，请打开它或先删除。") from None
