"""Tasks of the staff: drills, trainings, and certificates to be renewed, which come by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from hub.core import equipment, monthly, policy, staff
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, notice, number, people, place, scope
from hub.service.evidence import Entry
from hub.service.registered import person_of
from hub.service.roster import right
from hub.service.shape import maybe_iso, name, pair
from hub.service.workroom import grid_of
from hub.store.asset import Task
from hub.store.market import Grid
from hub.store.people import Grant, Person
from hub.store.staff import Certificate
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role

View = dict[str, Any]
LAPSED_FOR = monthly.DAY * 90
"""Of certificates that ended longer ago no task is made any more."""
DONE_FOR = monthly.DAY * 365
MOST = 300


def make(s: Session, actor: Actor, kind: str, title: str, grid: str | None, due: date, now: datetime) -> Task:
    """Set a drill, a training or something else, for a workroom or the whole market.

    Raises:
        Refused: the actor may not, there is no such grid, or the day is over.
    """
    role = _authorize(s, actor, grid)
    if due < number.day_of(s, actor.market, now):
        raise Refused("input", "task.due", "Choose a day to come.", "请选择今天或以后的日期。")
    row = Task(
        id=new_id(),
        market=actor.market,
        grid=grid,
        kind=kind,
        title=title,
        person=None,
        certificate=None,
        due=due,
        made_by=actor.person,
        made_at=now,
        took_part=[],
    )
    s.add(row)
    s.flush()
    public = {"task": row.id, "kind": kind, "due": due.isoformat()}
    evidence.append(s, actor.market, Entry("task.make", actor, role, public=public), now)
    return row


def done(s: Session, actor: Actor, id_: str, took_part: Sequence[str], note: str, now: datetime) -> Task:
    """Say that a task is done, and who was there.

    Raises:
        Refused: there is none, the actor may not, it is done, or a certificate is not renewed yet.
    """
    row = s.get(Task, id_, with_for_update=True)
    if row is None or row.market != actor.market:
        raise Refused("missing", "task.none", "There is no such task.", "没有这项任务。")
    role = _authorize(s, actor, row.grid)
    if row.done_at is not None:
        raise Refused("state", "task.done", "This task is done already.", "这项任务已经完成。")
    if row.certificate is not None and not _renewed(s, row):
        en = "Enter the new certificate in the staff register: that closes this task."
        raise Refused("state", "task.renew", en, "请在人员名册登记新证书，登记后任务自动完成。")
    known = people.names(s, took_part)
    if other := [one for one in took_part if one not in known or known[one].market != actor.market]:
        en = f"{other[0]} is nobody of this market. Choose from the list."
        raise Refused("input", "task.people", en, "参加人员不在本市场名册中，请从列表选择。")
    row.took_part, row.note = sorted(set(took_part)), note.strip()
    row.done_at, row.done_by = now, actor.person
    public = {"task": row.id, "kind": row.kind, "took_part": row.took_part}
    evidence.append(
        s, actor.market, Entry("task.done", actor, role, public=public, text=row.note or None), now
    )
    return row


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """Tasks that the actor sees: what is due first, then what was done in the last year.

    Raises:
        Refused: the actor may see none.
    """
    policy.authorize(actor, "task.see", Target(scope.first(actor, "task.see")))
    today = number.day_of(s, actor.market, now)
    where = (Task.market == actor.market, scope.below(actor, "task.see", Task))
    recent = Task.done_at.is_(None) | (Task.done_at > now - DONE_FOR)
    query = select(Task).where(*where, recent).order_by(Task.done_at.is_not(None), Task.due, Task.id)
    return views(s, actor, s.scalars(query.limit(MOST)).all(), today)


def own(s: Session, actor: Actor, now: datetime) -> list[View]:
    """What the actor has open: certificates of their own, and drills and trainings of where they serve."""
    today = number.day_of(s, actor.market, now)
    there = [scope.below(actor, action, Task) for action in ("patrol.walk", "task.see")]
    if policy.scope(actor, "patrol.walk"):
        there.append(Task.grid.is_(None))
    mine = or_(Task.person == actor.person, and_(Task.person.is_(None), or_(*there)))
    query = select(Task).where(Task.market == actor.market, Task.done_at.is_(None), mine)
    return views(s, actor, s.scalars(query.order_by(Task.due, Task.id).limit(MOST)).all(), today)


def views(s: Session, actor: Actor, rows: Sequence[Task], today: date) -> list[View]:
    """Tasks as pages show them."""
    who = people.names(s, (one for row in rows for one in (row.person, row.done_by, *row.took_part)))
    grids = {row.id: row for row in s.scalars(select(Grid).where(Grid.market == actor.market))}
    ids = [row.certificate for row in rows if row.certificate]
    held = {one.id: one for one in s.scalars(select(Certificate).where(Certificate.id.in_(ids)))}
    found = []
    for row in rows:
        standing = equipment.standing(row.due, today, done=row.done_at is not None)
        kind = held[row.certificate].kind if row.certificate else None
        found.append(
            {
                "id": row.id,
                "kind": {"id": row.kind, **pair(equipment.TASK[row.kind])},
                "title": row.title,
                "grid": {"id": row.grid, "name": name(grids[row.grid])} if row.grid else None,
                "person": person_of(who, row.person) if row.person else None,
                "certificate": {"id": kind, **pair(staff.CERTIFICATE[kind])} if kind else None,
                "due": row.due.isoformat(),
                "standing": {"id": standing, **pair(equipment.STANDING[standing])},
                "by_itself": row.made_by is None,
                "done_at": maybe_iso(row.done_at),
                "done_by": person_of(who, row.done_by) if row.done_by else None,
                "took_part": [person_of(who, one) for one in row.took_part],
                "note": row.note,
                "may": _may(actor, row.grid),
            }
        )
    return found


def watch(s: Session, now: datetime) -> int:
    """Make a task of each certificate that is about to lapse, and close those that were renewed; how many."""
    return sum(_make_due(s, market, now) for market in _markets(s)) + _close_renewed(s, now)


def _make_due(s: Session, market: str, now: datetime) -> int:
    today = number.day_of(s, market, now)
    until = today + monthly.DAY * staff.SOON_DAYS
    query = (
        select(Certificate, Person)
        .join(Person, Person.id == Certificate.person)
        .where(Person.market == market, Person.active.is_(True))
        .where(Certificate.ends <= until, Certificate.ends >= today - LAPSED_FOR)
        .where(Certificate.id.not_in(select(Task.certificate).where(Task.certificate.is_not(None))))
        .order_by(Certificate.ends, Certificate.id)
    )
    count = 0
    for held, person in s.execute(query).all():
        if held.ends is None or _later(s, held):
            continue
        grid = _grid_of(s, market, person.id)
        s.add(
            Task(
                id=new_id(),
                market=market,
                grid=grid,
                kind="certificate",
                title="",
                person=person.id,
                certificate=held.id,
                due=held.ends,
                made_by=None,
                made_at=now,
                took_part=[],
            )
        )
        _tell(s, market, grid, held, person, now)
        count += 1
    s.flush()
    return count


def _close_renewed(s: Session, now: datetime) -> int:
    """Tasks whose certificate was renewed are done, by whoever entered the new one."""
    count = 0
    query = select(Task).where(Task.certificate.is_not(None), Task.done_at.is_(None)).order_by(Task.id)
    for row in s.scalars(query).all():
        if _renewed(s, row):
            row.done_at, row.done_by = now, row.person
            count += 1
    return count


def _tell(
    s: Session, market: str, grid: str | None, held: Certificate, person: Person, now: datetime
) -> None:
    words = staff.CERTIFICATE[held.kind]
    said = Pair(
        f"{person.name_zh}的{words.zh} {held.ends} 到期，请办理续证。",
        f"{words.en} of {person.name_en} ends on {held.ends}. Have it renewed.",
    )
    leaders = right.leaders(s, s.get_one(Grid, grid)) if grid else people.with_role(s, market, "manager")
    notice.tell(s, market, [person.id, *leaders], f"certificate/{held.id}", "task.certificate", said, now)


def _renewed(s: Session, row: Task) -> bool:
    held = s.get(Certificate, row.certificate)
    return held is not None and (held.ends is None or held.ends > row.due or _later(s, held))


def _later(s: Session, held: Certificate) -> bool:
    """Whether there is another of the kind that holds longer."""
    same = (Certificate.person == held.person, Certificate.kind == held.kind, Certificate.id != held.id)
    longer = Certificate.ends.is_(None) | (Certificate.ends > held.ends)
    return s.scalar(select(Certificate.id).where(*same, longer).limit(1)) is not None


def _grid_of(s: Session, market: str, person: str) -> str | None:
    """The grid below which somebody holds anything, where it is one."""
    nodes = s.scalars(select(Grant.node).where(Grant.person == person).order_by(Grant.id))
    paths = [node.split("/") for node in nodes]
    return next((path[1] for path in paths if path[0] == market and len(path) > 1), None)


def _markets(s: Session) -> Sequence[str]:
    return s.scalars(select(Person.market).join(Certificate).distinct()).all()


def _authorize(s: Session, actor: Actor, grid: str | None) -> Role:
    if grid is not None:
        grid_of(s, actor.market, grid)
    return policy.authorize(actor, "task.change", Target(place.node(actor.market, grid)))


def _may(actor: Actor, grid: str | None) -> bool:
    return policy.allowed(actor, "task.change", Target(place.node(actor.market, grid))).allowed
