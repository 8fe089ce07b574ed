"""Grants: proposed by one, approved by another, taken at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core import policy
from hub.core.policy import Reach, Role, Target
from hub.core.refuse import Refused
from hub.service import area, evidence, people
from hub.service.evidence import Entry
from hub.service.rights import node_of
from hub.service.shape import iso, maybe_iso, name
from hub.service.staff import person_of
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.people import Grant, Person
from hub.store.staff import Proposal
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
NOT_GIVEN = frozenset({Role.PUBLIC, Role.DISPLAY})
"""Roles that nobody is given: one is everybody's, the other a screen's."""


def propose(
    s: Session, actor: Actor, person_id: str, role: str, node: str, now: datetime
) -> Proposal | Grant:
    """Propose a grant; it holds once somebody else approves it, or at once while the market has no manager.

    Raises:
        Refused: the actor may not, or there is no such person, role or node, or they hold it already.
    """
    by = policy.authorize(actor, "person.change", Target(actor.market))
    person = person_of(s, actor, person_id)
    if role not in {str(one) for one in Role if one not in NOT_GIVEN}:
        raise Refused("input", "grant.role", "Choose a role from the list.", "请从列表中选择角色。")
    _refuse_nowhere(s, actor.market, node)
    if node.startswith(people.AREA):
        by = area.authorize(s, actor, "area.grant", node)
    if s.scalar(select(Grant.id).where(Grant.person == person.id, Grant.role == role, Grant.node == node)):
        en = "This person holds this already."
        raise Refused("conflict", "grant.held", en, "此人已有该授权。")
    waiting = (Proposal.person == person.id, Proposal.role == role, Proposal.node == node)
    if s.scalar(select(Proposal.id).where(*waiting, Proposal.decided_at.is_(None))):
        en = "This is proposed already and waits for approval."
        raise Refused("conflict", "grant.proposed", en, "该授权已在等待批准。")
    public = {"person": person.id, "role": role, "node": node}
    if not _is_approved(s, actor.market, node):
        return _give(s, actor, by, public, now)
    row = Proposal(
        id=new_id(),
        market=actor.market,
        person=person.id,
        role=role,
        node=node,
        proposed_by=actor.person,
        proposed_at=now,
        decided_by=None,
        decided_at=None,
        approved=None,
    )
    s.add(row)
    evidence.append(s, actor.market, Entry("grant.propose", actor, by, public=public), now)
    return row


def propose_all(s: Session, actor: Actor, wanted: Sequence[tuple[str, str, str]], now: datetime) -> None:
    """Propose (person, role, node) that nobody holds or waits for yet and that are known to be there.

    Raises:
        Refused: the actor may not.
    """
    if not wanted:
        return
    by = policy.authorize(actor, "person.change", Target(actor.market))
    managed, entries = _has_manager(s, actor.market), []
    by_whom = {"market": actor.market, "proposed_by": actor.person, "proposed_at": now}
    for person, role, node in dict.fromkeys(wanted):
        public = {"person": person, "role": role, "node": node}
        if managed:
            s.add(Proposal(id=new_id(), **by_whom, **public))
        else:
            s.add(Grant(id=new_id(), **public))
        entries.append(Entry("grant.propose" if managed else "grant.give", actor, by, public=dict(public)))
    evidence.append_all(s, actor.market, entries, now)


def waiting(s: Session, market: str) -> frozenset[tuple[str, str, str]]:
    """Person, role and node of every proposal that waits."""
    query = select(Proposal.person, Proposal.role, Proposal.node)
    rows = s.execute(query.where(Proposal.market == market, Proposal.decided_at.is_(None)))
    return frozenset((row.person, row.role, row.node) for row in rows)


def decide(s: Session, actor: Actor, proposal: str, *, approve: bool, now: datetime) -> Proposal:
    """Approve a proposal or turn it down.

    Raises:
        Refused: the actor may not or proposed it, or it is decided already.
    """
    policy.authorize(actor, "grant.approve", Target(actor.market))
    row = s.get(Proposal, proposal, with_for_update=True)
    if row is None or row.market != actor.market:
        raise Refused("missing", "grant.none", "There is no such proposal.", "没有这条授权申请。")
    if row.decided_at is not None:
        raise Refused("state", "grant.decided", "This is decided already.", "该申请已处理。")
    by = area.authorize(s, actor, "grant.approve", row.node)
    if actor.person in (row.proposed_by, row.person):
        en = "Somebody else than the proposer and the person themselves must decide on it."
        raise Refused("right", "grant.apart", en, "须由申请人和本人以外的人批准。")
    row.decided_by, row.decided_at, row.approved = actor.person, now, approve
    public = {"person": row.person, "role": row.role, "node": row.node}
    if approve:
        _give(s, actor, by, public, now)
    else:
        evidence.append(s, actor.market, Entry("grant.refuse", actor, by, public=public), now)
    return row


def take(s: Session, actor: Actor, grant: str, now: datetime) -> None:
    """Take a grant away; it is gone at the person's next request, and on their open pages.

    Raises:
        Refused: the actor may not, there is none, or it would leave nobody who can administer the market.
    """
    by = policy.authorize(actor, "person.change", Target(actor.market))
    row = s.get(Grant, grant)
    if row is None or person_of(s, actor, row.person) is None:
        raise Refused("missing", "grant.none", "There is no such grant.", "没有这项授权。")
    if set(area.below(s, row.node)) - {actor.market}:
        by = area.authorize(s, actor, "area.grant", row.node)
    refuse_last_admin(s, actor.market, [row])
    s.delete(row)
    public = {"person": row.person, "role": row.role, "node": row.node}
    evidence.append(s, actor.market, Entry("grant.take", actor, by, public=public), now)


def proposals(s: Session, actor: Actor) -> list[View]:
    """What waits for approval."""
    query = select(Proposal).where(Proposal.market == actor.market, Proposal.decided_at.is_(None))
    rows = s.scalars(query.order_by(Proposal.proposed_at)).all()
    known = people.names(s, [one for row in rows for one in (row.person, row.proposed_by)])
    return [
        {
            "id": row.id,
            "person": {"id": row.person, "name": name(known[row.person])},
            "role": row.role,
            "node": node_of(s, row.node),
            "proposed_by": {"id": row.proposed_by, "name": name(known[row.proposed_by])},
            "proposed_at": iso(row.proposed_at),
            "decided_at": maybe_iso(row.decided_at),
            "decides": actor.person not in (row.person, row.proposed_by)
            and area.allowed(s, actor, "grant.approve", row.node),
        }
        for row in rows
    ]


def _give(s: Session, actor: Actor, by: Role, public: dict[str, str], now: datetime) -> Grant:
    row = Grant(id=new_id(), person=public["person"], role=public["role"], node=public["node"])
    s.add(row)
    evidence.append(s, actor.market, Entry("grant.give", actor, by, public=dict(public)), now)
    return row


def _is_approved(s: Session, market: str, node: str) -> bool:
    """Whether there is somebody to approve a grant at `node`, so that it waits for them."""
    if not node.startswith(people.AREA):
        return _has_manager(s, market)
    approve = [role for role, reach in policy.TABLE["grant.approve"].items() if reach is Reach.YES]
    holders = select(Grant.person).where(Grant.role.in_(approve))
    somebody = s.scalars(select(Person).where(Person.active.is_(True), Person.id.in_(holders)))
    return any(area.allowed(s, people.actor_of(s, one, market), "grant.approve", node) for one in somebody)


def _has_manager(s: Session, market: str) -> bool:
    query = select(Grant.id).join(Person, Person.id == Grant.person)
    manages = (Grant.role == "manager", Grant.node == market, Person.active.is_(True))
    return s.scalar(query.where(*manages).limit(1)) is not None


def refuse_last_admin(s: Session, market: str, gone: list[Grant]) -> None:
    """Let nobody take the market's last administrator away.

    Raises:
        Refused: one of the grants that would be gone is that.
    """
    if not any(grant.role == "admin" and grant.node == market for grant in gone):
        return
    query = select(func.count()).select_from(Grant).join(Person, Person.id == Grant.person)
    admins = (Grant.role == "admin", Grant.node == market, Person.active.is_(True))
    if (s.scalar(query.where(*admins)) or 0) <= 1:
        en = "This is the market's last administrator. Have another one approved first."
        raise Refused("state", "grant.last", en, "这是最后一位系统管理员，请先批准另一位。")


def _refuse_nowhere(s: Session, market: str, node: str) -> None:
    if not _is_node(s, market, node):
        en = "There is no such place in this market's tree."
        raise Refused("input", "grant.node", en, "没有这个网格、小组或商铺。")


def _is_node(s: Session, market: str, node: str) -> bool:
    """Whether the market, a grid, group or shop of it, or an area above it has this path."""
    if node.startswith(people.AREA):
        return node.removeprefix(people.AREA) in {one.id for one in area.above(s, market)}
    first, *below = node.split("/")
    found: list[Any] = [s.get(model, one) for model, one in zip((Grid, ShopGroup, Shop), below, strict=False)]
    if first != market or len(below) > len(found) or not all(found):
        return False
    grids = {found[0].id} | {row.grid for row in found[1:]} if found else set()
    groups = {found[1].id} | {row.group for row in found[2:]} if len(found) > 1 else set()
    return all(row.market == market for row in found) and len(grids) <= 1 and len(groups) <= 1
