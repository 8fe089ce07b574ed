"""The staff register: who works at which post, and which certificates hold."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy, staff
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, number, scope
from hub.service.evidence import Entry
from hub.service.shape import name, pair
from hub.store.people import Grant, Person
from hub.store.staff import Certificate, Staff
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]


def person_of(s: Session, actor: Actor, person_id: str) -> Person:
    """A person of the actor's market.

    Raises:
        Refused: there is none.
    """
    person = s.get(Person, person_id)
    if person is None or person.market != actor.market:
        raise Refused("missing", "person.none", "There is no such person.", "没有这个人。")
    return person


def nodes_of(s: Session, person: str) -> list[str]:
    """The nodes at which a person holds anything."""
    return list(s.scalars(select(Grant.node).where(Grant.person == person).order_by(Grant.id)))


def put(
    s: Session,
    actor: Actor,
    person_id: str,
    post: str,
    employer: str,
    days: tuple[date, date | None],
    now: datetime,
) -> Staff:
    """Enter a person, or change what is entered; `days` are the first and the last day.

    Raises:
        Refused: the actor may not, or a value is none of those that there are.
    """
    role = policy.authorize(actor, "staff.change", Target(actor.market))
    person = person_of(s, actor, person_id)
    if post not in staff.POST:
        raise Refused("input", "staff.post", "Choose a post from the list.", "请从列表中选择岗位。")
    _refuse_reversed(*days)
    row = s.merge(Staff(person=person.id, post=post, employer=employer, begins=days[0], ends=days[1]))
    s.flush()
    bar(s, [person.id], number.day_of(s, actor.market, now))
    public = {"person": person.id, "post": post}
    evidence.append(s, actor.market, Entry("staff.change", actor, role, public=public), now)
    return row


def certify(
    s: Session, actor: Actor, person_id: str, kind: str, days: tuple[date, date | None], now: datetime
) -> Certificate:
    """Enter a certificate or training; one that is there already gets its new end.

    Raises:
        Refused: the actor may not, the person is not on the register, or a value is none.
    """
    role = policy.authorize(actor, "staff.change", Target(actor.market))
    person = person_of(s, actor, person_id)
    if s.get(Staff, person.id) is None:
        en = "Enter the person in the staff register first."
        raise Refused("state", "staff.none", en, "请先将此人登记入册。")
    if kind not in staff.CERTIFICATE:
        en = "Choose a certificate from the list."
        raise Refused("input", "staff.certificate", en, "请从列表中选择证书。")
    _refuse_reversed(*days)
    same = (Certificate.person == person.id, Certificate.kind == kind, Certificate.begins == days[0])
    row = s.scalar(select(Certificate).where(*same))
    if row is None:
        row = Certificate(id=new_id(), person=person.id, kind=kind, begins=days[0], ends=days[1])
        s.add(row)
    row.ends = days[1]
    s.flush()
    bar(s, [person.id], number.day_of(s, actor.market, now))
    public = {"person": person.id, "certificate": kind, "ends": days[1].isoformat() if days[1] else None}
    evidence.append(s, actor.market, Entry("staff.change", actor, role, public=public), now)
    return row


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """The register, as far as the actor sees: a leader those of the own grid."""
    policy.authorize(actor, "staff.see", Target(scope.first(actor, "staff.see")))
    today = number.day_of(s, actor.market, now)
    query = select(Staff, Person).join(Person, Person.id == Staff.person).where(Person.market == actor.market)
    rows = s.execute(query.order_by(Person.name_en, Person.id)).all()
    held: dict[str, list[Certificate]] = defaultdict(list)
    ids = [row.Person.id for row in rows]
    for one in s.scalars(select(Certificate).where(Certificate.person.in_(ids)).order_by(Certificate.kind)):
        held[one.person].append(one)
    places: dict[str, list[str]] = defaultdict(list)
    for person, node in s.execute(select(Grant.person, Grant.node).where(Grant.person.in_(ids))):
        places[person].append(node)
    seen = [row for row in rows if _sees(actor, places[row.Person.id])]
    return [_view(row.Staff, row.Person, held[row.Person.id], today) for row in seen]


def keep_barred(s: Session, now: datetime) -> int:
    """See that whoever's certificate has lapsed is kept from pictures from that day; how many changed."""
    changed = 0
    for market in s.scalars(select(Person.market).join(Staff, Staff.person == Person.id).distinct()).all():
        query = select(Staff.person).join(Person, Person.id == Staff.person).where(Person.market == market)
        changed += bar(s, list(s.scalars(query)), number.day_of(s, market, now))
    return changed


def bar(s: Session, ids: Sequence[str], today: date) -> int:
    """Keep these people from pictures, or no longer, as their certificates say; how many changed."""
    ends: dict[str, list[date | None]] = defaultdict(list)
    cctv = select(Certificate).where(Certificate.person.in_(ids), Certificate.kind == "cctv")
    for one in s.scalars(cctv):
        ends[one.person].append(one.ends)
    changed = 0
    query = select(Person, Staff.post).join(Staff, Staff.person == Person.id).where(Person.id.in_(ids))
    for person, post in s.execute(query):
        barred = staff.is_barred(post, ends[person.id], today)
        changed += barred != person.barred
        person.barred = barred
    return changed


def _view(row: Staff, person: Person, held: list[Certificate], today: date) -> View:
    return {
        "person": {"id": person.id, "name": name(person), "armband": person.armband},
        "post": {"id": row.post, **pair(staff.POST[row.post])},
        "employer": row.employer,
        "begins": row.begins.isoformat(),
        "ends": row.ends.isoformat() if row.ends else None,
        "barred": person.barred,
        "active": person.active,
        "certificates": [
            {
                "kind": {"id": one.kind, **pair(staff.CERTIFICATE[one.kind])},
                "begins": one.begins.isoformat(),
                "ends": one.ends.isoformat() if one.ends else None,
                "standing": staff.standing(one.ends, today),
            }
            for one in held
        ],
    }


def _sees(actor: Actor, nodes: Sequence[str]) -> bool:
    return any(
        policy.within(node, above)
        for above in policy.scope(actor, "staff.see")
        for node in nodes or [actor.market]
    )


def _refuse_reversed(begins: date, ends: date | None) -> None:
    if ends is not None and ends < begins:
        en = "The last day lies before the first. Turn them round."
        raise Refused("input", "staff.days", en, "结束日期早于开始日期，请检查。")
