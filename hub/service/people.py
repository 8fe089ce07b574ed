"""Who somebody is: by name and password, and with every right held at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, bindparam, literal, or_, select

from hub.core.glossary import Pair
from hub.core.policy import Actor, Grant, Role
from hub.core.refuse import Refused
from hub.store import people
from hub.store.market import Area, Market
from hub.store.people import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

AREA = "@"
"""Begins the node of a grant at a street or district; no market's id does."""

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$8xpP0K26EmA1q2wFVH9JCA$8ipntVGj/q8qAbFButTpzCnG5syx3oXEcuzb85RQoCE"
"""Verified when nobody has that name, so that an unknown user takes as long as a wrong password."""


def _reaching() -> Select[str, str]:
    """A person's grants that reach into a market; built once, since every request asks it."""
    market, grant = bindparam("market", type_=String), people.Grant
    own = select(Market.area).where(Market.id == market).correlate(None).scalar_subquery()
    above = select(Area.parent).where(Area.id == own).correlate(None).scalar_subquery()
    # The ids of markets have no wildcards in them.
    here = or_(grant.node == market, grant.node.like(bindparam("below")))
    reaching = or_(here, grant.node.in_([literal(AREA) + own, literal(AREA) + above]))
    return (
        select(grant.role, grant.node).where(grant.person == bindparam("person"), reaching).order_by(grant.id)
    )


_REACHING = _reaching()


def login(s: Session, name: str, verify: Callable[[str], bool]) -> Actor:
    """Whoever has this name, if `verify` says yes to the stored hash.

    Raises:
        Refused: in the same words and time for an unknown name and a wrong password.
    """
    person = s.scalar(select(Person).where(Person.login == name, Person.active.is_(True)))
    known = person.password_hash if person else None
    if not verify(known or NOBODY) or person is None or known is None:
        raise Refused(
            "right",
            "session.login",
            "The name or the password is wrong. Try again, or ask the administrator.",
            "用户名或密码不对，请重试或联系管理员。",
        )
    return actor_of(s, person)


def by_login(s: Session, login: str) -> Person | None:
    """Whoever has this log-in."""
    return s.scalar(select(Person).where(Person.login == login))


def by_subject(s: Session, subject: str) -> Person | None:
    """Whoever is linked to this subject of the organisation's log-in and has not left."""
    return s.scalar(select(Person).where(Person.subject == subject, Person.active.is_(True)))


def actor_of(s: Session, person: Person, market: str | None = None) -> Actor:
    """The person with every grant held at this moment that reaches into `market`, or else into their own.

    One query. A grant at a street or district, `@area`, is one at each market that belongs to it.
    """
    market = market or person.market
    said = {"person": person.id, "market": market, "below": f"{market}/%"}
    grants = tuple(
        Grant(Role(role), market if node.startswith(AREA) else node)
        for role, node in s.execute(_REACHING, said)
    )
    return Actor(person.id, market, name_of(person), person.armband, grants, person.barred)


def markets(s: Session, person: str) -> list[str]:
    """Ids of the markets into which the person's grants reach."""
    nodes = set(s.scalars(select(people.Grant.node).where(people.Grant.person == person)))
    areas = {node.removeprefix(AREA) for node in nodes if node.startswith(AREA)}
    direct = {node.split("/")[0] for node in nodes if not node.startswith(AREA)}
    streets = select(Area.id).where(or_(Area.id.in_(areas), Area.parent.in_(areas)))
    reached = or_(Market.id.in_(direct), Market.area.in_(streets))
    return list(s.scalars(select(Market.id).where(reached).order_by(Market.id)))


def name_of(person: Person) -> Pair:
    """The person's name in both scripts."""
    return Pair(person.name_zh, person.name_en)


def with_role(s: Session, market: str, role: str, node: str | None = None) -> list[str]:
    """Ids of active people who hold `role`, at `node` if one is given."""
    query = (
        select(Person.id)
        .join(people.Grant, people.Grant.person == Person.id)
        .where(Person.market == market, Person.active.is_(True), people.Grant.role == role)
        .order_by(Person.id)
    )
    return list(s.scalars(query if node is None else query.where(people.Grant.node == node)))


def names(s: Session, ids: Iterable[str | None]) -> dict[str, Person]:
    """People by id, in one query."""
    wanted = {person for person in ids if person}
    if not wanted:
        return {}
    return {row.id: row for row in s.scalars(select(Person).where(Person.id.in_(wanted)))}
