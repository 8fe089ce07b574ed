"""The people of a market: who is there, who comes, who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import area, evidence, people
from hub.service.evidence import Entry
from hub.service.grants import refuse_last_admin
from hub.service.rights import node_of
from hub.service.session import factor, living
from hub.service.session.password import refuse_weak
from hub.service.shape import name
from hub.service.staff import nodes_of, person_of
from hub.store.people import Grant, Person
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor
    from hub.service.session.password import Fresh

View = dict[str, Any]


def create(
    s: Session,
    actor: Actor,
    names: Pair,
    login: str | None,
    password: Fresh | None,
    now: datetime,
) -> Person:
    """A new person, who holds nothing yet; the password is replaced at the first log-in.

    Raises:
        Refused: the actor may not, the log-in is taken, or the password is too easy to guess.
    """
    by = policy.authorize(actor, "person.change", Target(actor.market))
    if login is not None and people.by_login(s, login) is not None:
        raise Refused(
            "conflict",
            "person.login",
            "This log-in is taken. Choose another.",
            "该登录名已被使用，请换一个。",
        )
    person = Person(id=new_id(), market=actor.market, name_zh=names.zh, name_en=names.en, login=login)
    if login is not None and password is not None:
        refuse_weak(password.text, person)
        person.password_hash, person.must_change = password.hashed, True
    s.add(person)
    s.flush()
    evidence.append(s, actor.market, Entry("person.create", actor, by, public={"person": person.id}), now)
    return person


def dismiss(s: Session, actor: Actor, person_id: str, now: datetime) -> None:
    """Somebody leaves: they are signed out everywhere and hold nothing.

    Raises:
        Refused: the actor may not, or it is they themselves, or nobody could administer the market any more.
    """
    by = policy.authorize(actor, "person.change", Target(actor.market))
    person = person_of(s, actor, person_id)
    area.refuse_beyond(s, actor, person)
    if person.id == actor.person:
        en = "You cannot dismiss yourself. Ask another administrator."
        raise Refused("state", "person.self", en, "不能停用自己，请找另一位管理员。")
    grants = list(s.scalars(select(Grant).where(Grant.person == person.id)))
    refuse_last_admin(s, actor.market, grants)
    person.active = False
    for grant in grants:
        s.delete(grant)
    living.end_all(s, actor, person.id, now)
    evidence.append(s, actor.market, Entry("person.end", actor, by, public={"person": person.id}), now)


def give_password(s: Session, actor: Actor, person_id: str, password: Fresh, now: datetime) -> None:
    """A password for the next log-in only, for somebody who forgot theirs; their sessions and factor end.

    Raises:
        Refused: the actor may not, it is they themselves, or it is too easy to guess.
    """
    by = policy.authorize(actor, "person.change", Target(actor.market))
    person = person_of(s, actor, person_id)
    area.refuse_beyond(s, actor, person)
    if person.login is None or person.id == actor.person:
        en = "This person has no log-in, or is yourself: change your own password in your session."
        raise Refused(
            "state", "person.password", en, "此人没有登录名，或是你自己（请在个人设置中修改密码）。"
        )
    refuse_weak(password.text, person)
    person.password_hash, person.must_change = password.hashed, True
    living.end_all(s, actor, person.id, now)
    factor.remove(s, actor, person.id, now)
    evidence.append(s, actor.market, Entry("person.password", actor, by, public={"person": person.id}), now)


def link(s: Session, actor: Actor, person_id: str, subject: str | None, now: datetime) -> None:
    """Let a subject of the organisation's log-in be this person, or nobody's any more; their sessions end.

    Raises:
        Refused: the actor may not, or it is somebody else's.
    """
    by = policy.authorize(actor, "person.change", Target(actor.market))
    person = person_of(s, actor, person_id)
    area.refuse_beyond(s, actor, person)
    if subject is not None and s.scalar(
        select(Person.id).where(Person.subject == subject, Person.id != person.id)
    ):
        en = "This log-in is linked to somebody else already."
        raise Refused("conflict", "person.subject", en, "该统一登录账号已关联他人。")
    person.subject = subject
    living.end_all(s, actor, person.id, now)
    public = {"person": person.id, "linked": subject is not None}
    evidence.append(s, actor.market, Entry("person.link", actor, by, public=public), now)


def listing(s: Session, actor: Actor) -> list[View]:
    """People of the market with their grants, as far as the actor sees."""
    rows = s.scalars(select(Person).where(Person.market == actor.market).order_by(Person.name_en, Person.id))
    return [_view(s, person) for person in rows if _sees(s, actor, person)]


def one(s: Session, actor: Actor, person_id: str) -> View:
    """One of them.

    Raises:
        Refused: there is none for this actor.
    """
    person = person_of(s, actor, person_id)
    if not _sees(s, actor, person):
        policy.authorize(actor, "person.see", Target(actor.market))
    return _view(s, person)


def _sees(s: Session, actor: Actor, person: Person) -> bool:
    nodes = nodes_of(s, person.id) or [actor.market]
    return any(policy.allowed(actor, "person.see", Target(node)).allowed for node in nodes)


def _view(s: Session, person: Person) -> View:
    grants = s.scalars(select(Grant).where(Grant.person == person.id).order_by(Grant.id))
    return {
        "id": person.id,
        "name": name(person),
        "armband": person.armband,
        "login": person.login,
        "active": person.active,
        "barred": person.barred,
        "must_change": person.must_change,
        "factor": factor.has(s, person.id),
        "linked": person.subject is not None,
        "grants": [{"id": one.id, "role": one.role, "node": node_of(s, one.node)} for one in grants],
    }
