"""Armbands: in store, issued, lost or retired; a number says which role stands before somebody, never who."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import glossary, policy, staff
from hub.core.policy import Role, Target
from hub.core.refuse import Refused
from hub.service import evidence, scope
from hub.service.evidence import Entry
from hub.service.rights import node_of
from hub.service.shape import iso, name, pair
from hub.service.staff import nodes_of, person_of
from hub.store.people import Grant, Person
from hub.store.staff import Armband
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
NUMBER = re.compile(r"[0-9A-Z]{1,12}")
MOST_AT_ONCE = 500
NEXT = {
    "issue": ("stored",),
    "return": ("issued",),
    "lose": ("stored", "issued"),
    "find": ("lost",),
    "retire": ("stored", "lost"),
}
"""act → the states in which it can be done."""
BECOMES = {"return": "stored", "lose": "lost", "find": "stored", "retire": "retired"}


def add(s: Session, actor: Actor, numbers: Iterable[str], now: datetime) -> list[Armband]:
    """Put new armbands in store.

    Raises:
        Refused: the actor may not, or a number is none or is there already.
    """
    role = policy.authorize(actor, "armband.change", Target(actor.market))
    wanted = list(dict.fromkeys(number.strip().upper() for number in numbers))
    bad = [number for number in wanted if not NUMBER.fullmatch(number)]
    if bad or not wanted or len(wanted) > MOST_AT_ONCE:
        en = f"An armband's number has 1 to 12 digits or capital letters; at most {MOST_AT_ONCE} at once."
        raise Refused(
            "input", "armband.number", en, f"编号为 1 到 12 位数字或大写字母，一次最多 {MOST_AT_ONCE} 个。"
        )
    there = set(
        s.scalars(select(Armband.number).where(Armband.market == actor.market, Armband.number.in_(wanted)))
    )
    if there:
        shown = ", ".join(sorted(there)[:5])
        raise Refused("conflict", "armband.there", f"These are there already: {shown}.", f"已存在：{shown}。")
    made = [
        Armband(id=new_id(), market=actor.market, number=number, state="stored", person=None, since=now)
        for number in wanted
    ]
    s.add_all(made)
    evidence.append(s, actor.market, Entry("armband.add", actor, role, public={"numbers": wanted}), now)
    return made


def issue(s: Session, actor: Actor, number: str, person_id: str, now: datetime) -> Armband:
    """Give an armband to somebody, who has none.

    Raises:
        Refused: the actor may not, there is no such armband in store, or the person has one.
    """
    person = person_of(s, actor, person_id)
    role = _authorize(s, actor, person.id)
    row = _in_state(s, actor, number, "issue")
    if not person.active or person.armband is not None:
        en = "This person has an armband already, or has left. Take the old one back first."
        raise Refused("state", "armband.held", en, "此人已有红袖标或已离岗，请先收回原来的。")
    row.state, row.person, row.since = "issued", person.id, now
    person.armband = row.number
    public = {"number": row.number, "person": person.id}
    evidence.append(s, actor.market, Entry("armband.issue", actor, role, public=public), now)
    return row


def turn(s: Session, actor: Actor, number: str, act: str, now: datetime) -> Armband:
    """Return, lose, find or retire an armband; whoever had it has it no more.

    Raises:
        Refused: the actor may not, or it is in no state for that.
    """
    row = _in_state(s, actor, number, act)
    role = _authorize(s, actor, row.person)
    public: View = {"number": row.number, "person": row.person}
    if row.person is not None:
        s.get_one(Person, row.person).armband = None
    row.state, row.person, row.since = BECOMES[act], None, now
    evidence.append(s, actor.market, Entry(f"armband.{act}", actor, role, public=public), now)
    return row


def listing(s: Session, actor: Actor) -> list[View]:
    """Every armband that the actor may see: a leader those of the own grid and those in store."""
    rows = s.execute(
        select(Armband, Person)
        .outerjoin(Person, Person.id == Armband.person)
        .where(Armband.market == actor.market)
        .order_by(Armband.number)
    ).all()
    return [
        {
            "number": row.Armband.number,
            "state": {"id": row.Armband.state, **pair(staff.ARMBAND[row.Armband.state])},
            "person": {"id": row.Person.id, "name": name(row.Person)} if row.Person else None,
            "since": iso(row.Armband.since),
        }
        for row in rows
        if row.Person is None or _may(s, actor, "armband.see", row.Person.id)
    ]


def public(s: Session, market: str, number: str) -> View:
    """What anybody may know of an armband: role and grid, and never a name.

    Raises:
        Refused: it is not an armband that somebody wears today; a lost one is said to be none.
    """
    row = s.scalar(select(Armband).where(Armband.market == market, Armband.number == number.upper()))
    held: list[Grant] = []
    if row is not None and row.person is not None:
        held = list(s.scalars(select(Grant).where(Grant.person == row.person).order_by(Grant.id)))
    if row is None or not held:
        en = "Nobody wears an armband with this number today. Ask at the market office."
        raise Refused("missing", "armband.none", en, "目前没有在用的这个编号，请到市场治安工作室核实。")
    first = min(held, key=lambda grant: list(Role).index(Role(grant.role)))
    return {
        "number": row.number,
        "role": {"id": first.role, **pair(glossary.ROLE[first.role])},
        "node": node_of(s, "/".join(first.node.split("/")[:2])),
    }


def _in_state(s: Session, actor: Actor, number: str, act: str) -> Armband:
    query = select(Armband).where(Armband.market == actor.market, Armband.number == number.upper())
    row = s.scalar(query.with_for_update())
    if row is None:
        raise Refused("missing", "armband.none", "There is no such armband.", "没有这个红袖标。")
    if act not in NEXT or row.state not in NEXT[act]:
        words = staff.ARMBAND[row.state]
        en = f"This armband is {words.en.lower()}; that cannot be done with it now."
        raise Refused("state", "armband.state", en, f"该红袖标{words.zh}，现在不能这样操作。")
    return row


def _authorize(s: Session, actor: Actor, person: str | None) -> Role:
    """One in store belongs to whoever may change any: a leader may take it for the own grid."""
    own = scope.first(actor, "armband.change")
    at = (nodes_of(s, person) or [actor.market])[0] if person else own
    return policy.authorize(actor, "armband.change", Target(at))


def _may(s: Session, actor: Actor, action: str, person: str) -> bool:
    return any(
        policy.allowed(actor, action, Target(node)).allowed for node in nodes_of(s, person) or [actor.market]
    )
