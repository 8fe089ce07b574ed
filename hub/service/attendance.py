"""Signing in for a duty with the armband that is worn, and out; who is not there is told to the leader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import attend, policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.core.severity import P1
from hub.service import evidence, notice, number, people, scope
from hub.service.evidence import Entry
from hub.service.roster import right
from hub.service.shape import iso, maybe_iso, name, pair
from hub.store.duty import Crew, Duty
from hub.store.handover import Attendance
from hub.store.market import Grid
from hub.store.people import Person
from hub.store.staff import Armband

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
MOST = 300


def sign_in(s: Session, actor: Actor, armband: str, now: datetime) -> Attendance:
    """Sign in for the duty that is on, or begins soon, wearing this armband. Twice changes nothing.

    Raises:
        Refused: there is no such duty, or the armband is not the actor's.
    """
    duty = _at(s, actor, now)
    if duty is None:
        early = int(attend.EARLY.total_seconds() // 60)
        en = f"You have no duty now. Sign in from {early} minutes before it begins."
        raise Refused("state", "attendance.none", en, f"现在没有你的班，请在开班前 {early} 分钟内签到。")
    worn = armband.strip().upper()
    held = (Armband.market == actor.market, Armband.number == worn, Armband.state == "issued")
    band = s.scalar(select(Armband).where(*held))
    if band is None or band.person != actor.person:
        en = f"Armband {worn} was not issued to you. Wear your own, or have it issued first."
        raise Refused(
            "state", "attendance.armband", en, f"红袖标 {worn} 不是发给你的，请佩戴本人的或先办理领用。"
        )
    row = s.get(Attendance, duty.id, with_for_update=True) or _new(s, duty)
    if row.in_at is None:
        row.armband, row.in_at = band.number, now
        s.flush()
        public = {"duty": duty.id, "armband": band.number}
        evidence.append(s, actor.market, Entry("duty.sign_in", actor, public=public), now)
    return row


def sign_out(s: Session, actor: Actor, now: datetime) -> Attendance:
    """Sign out of the duty that one signed in for.

    Raises:
        Refused: the actor is signed in for none.
    """
    where = (
        Attendance.market == actor.market,
        Attendance.person == actor.person,
        Attendance.in_at.is_not(None),
    )
    query = select(Attendance).where(*where, Attendance.out_at.is_(None)).order_by(Attendance.begins.desc())
    row = s.scalar(query.limit(1).with_for_update())
    if row is None:
        raise Refused("state", "attendance.out", "You are not signed in.", "你还没有签到。")
    row.out_at = now
    evidence.append(s, actor.market, Entry("duty.sign_out", actor, public={"duty": row.duty}), now)
    return row


def listing(
    s: Session, actor: Actor, span: tuple[datetime, datetime], grid: str | None, now: datetime
) -> list[View]:
    """Duties of a time with how they were kept, as far as the actor sees rosters; by their beginning.

    Raises:
        Refused: the actor may see none.
    """
    policy.authorize(actor, "duty.see", Target(scope.first(actor, "duty.see")))
    query = (
        select(Duty, Person, Grid, Attendance)
        .join(Person, Person.id == Duty.person)
        .join(Crew, Crew.id == Duty.crew)
        .join(Grid, Grid.id == Crew.grid)
        .outerjoin(Attendance, Attendance.duty == Duty.id)
        .where(Duty.market == actor.market, Duty.begins >= span[0], Duty.begins < span[1])
        .order_by(Duty.begins, Grid.number, Person.id)
    )
    if grid is not None:
        query = query.where(Grid.id == grid)
    rows = s.execute(query.limit(MOST)).all()
    return [
        view(duty, person, at, kept, now)
        for duty, person, at, kept in rows
        if right.may(actor, "duty.see", at.id)
    ]


def view(duty: Duty, person: Person, grid: Grid | None, kept: Attendance | None, now: datetime) -> View:
    """A duty as it was kept."""
    in_at, out_at = (kept.in_at, kept.out_at) if kept else (None, None)
    state = attend.state((duty.begins, duty.ends), in_at, out_at, now)
    return {
        "duty": duty.id,
        "person": {"id": person.id, "name": name(person), "armband": person.armband},
        "grid": {"id": grid.id, "name": name(grid)} if grid else None,
        "begins": iso(duty.begins),
        "ends": iso(duty.ends),
        "worn": kept.armband if kept else None,
        "in_at": maybe_iso(in_at),
        "out_at": maybe_iso(out_at),
        "state": {"id": state, **pair(attend.STATE[state])},
        "late_min": attend.late_min(duty.begins, in_at),
    }


def watch(s: Session, now: datetime) -> int:
    """Tell each workroom's leader who of a roster has not signed in; once for each duty. How many."""
    kept = select(Attendance.duty).where(Attendance.told_at.is_not(None) | Attendance.in_at.is_not(None))
    query = (
        select(Duty, Crew)
        .join(Crew, Crew.id == Duty.crew)
        .where(Duty.roster.is_not(None), Duty.begins <= now - attend.GRACE, Duty.ends > now)
        .where(Duty.id.not_in(kept))
        .order_by(Crew.grid, Duty.begins, Duty.person)
    )
    found: dict[tuple[str, datetime], list[Duty]] = {}
    for duty, crew in s.execute(query):
        found.setdefault((crew.grid, duty.begins), []).append(duty)
    for (grid, begins), duties in found.items():
        _tell(s, s.get_one(Grid, grid), begins, duties, now)
    return len(found)


def _tell(s: Session, grid: Grid, begins: datetime, duties: Sequence[Duty], now: datetime) -> None:
    for duty in duties:
        row = s.get(Attendance, duty.id) or _new(s, duty)
        row.told_at = now
    s.flush()
    who = people.names(s, [duty.person for duty in duties])
    local = begins.astimezone(number.zone_of(s, grid.market))
    words = Pair(
        f"{grid.name_zh} {local:%H:%M} 的班未签到：{'、'.join(who[one.person].name_zh for one in duties)}。",
        f"{grid.name_en}, shift of {local:%H:%M}: not signed in: "
        f"{', '.join(who[one.person].name_en for one in duties)}.",
    )
    told = right.leaders(s, grid)
    notice.tell(s, grid.market, told, f"roster/{duties[0].roster}", "duty.absent", words, now, severity=P1)


def _at(s: Session, actor: Actor, now: datetime) -> Duty | None:
    """The duty that is on, or the next one that begins soon."""
    where = (Duty.market == actor.market, Duty.person == actor.person)
    query = select(Duty).where(*where, Duty.begins <= now + attend.EARLY, Duty.ends > now)
    # Of two that follow each other, the one that begins is signed in for once the other has been.
    rows = s.scalars(query.order_by(Duty.begins)).all()
    signed = {row.id for row in rows if (kept := s.get(Attendance, row.id)) and kept.in_at}
    return next((row for row in rows if row.id not in signed), rows[-1] if rows else None)


def _new(s: Session, duty: Duty) -> Attendance:
    row = Attendance(
        duty=duty.id, market=duty.market, person=duty.person, begins=duty.begins, ends=duty.ends, armband=None
    )
    s.add(row)
    return row
