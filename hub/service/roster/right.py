"""Whose roster it is, and who may see or change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import people, place
from hub.service.workroom import grid_of
from hub.store.duty import Duty
from hub.store.people import Grant, Person
from hub.store.roster import Roster, RosterCell, RosterRead

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role
    from hub.store.market import Grid

DRAFT, PUBLISHED = "draft", "published"


def target(market: str, grid: str) -> Target:
    """A workroom as what is acted upon."""
    return Target(place.node(market, grid))


def may(actor: Actor, action: str, grid: str) -> bool:
    """Whether the actor may do it at this workroom."""
    return policy.allowed(actor, action, target(actor.market, grid)).allowed


def seen_grid(s: Session, actor: Actor, grid: str) -> Grid:
    """A workroom's grid, whose roster the actor may see.

    Raises:
        Refused: there is none, or they may not.
    """
    row = grid_of(s, actor.market, grid)
    policy.authorize(actor, "duty.see", target(actor.market, row.id))
    return row


def role(actor: Actor, action: str, row: Roster) -> Role:
    """The role by which the actor may do this to a roster.

    Raises:
        Refused: they may not.
    """
    return policy.authorize(actor, action, target(row.market, row.grid))


def own(s: Session, actor: Actor, row: Roster) -> Role:
    """The role by which the actor gives away or swaps own shifts of a roster, also where they are lent to.

    Raises:
        Refused: they are neither of the workroom nor in the roster.
    """
    return policy.authorize(actor, "duty.swap", _with(row, actor, _stands(s, actor, row)))


def on_duty(s: Session, actor: Actor, grid: Grid, begun: datetime, ending: datetime) -> Target:
    """A workroom, the actor being of it while they have duty there, wherever they are lent from.

    Such a duty has begun by `begun` and does not end before `ending`.
    """
    query = select(Duty.id).join(Roster, Roster.id == Duty.roster).where(Roster.grid == grid.id)
    there = query.where(Duty.person == actor.person, Duty.begins <= begun, Duty.ends >= ending)
    on = s.scalar(there.limit(1)) is not None
    return Target(place.node(grid.market, grid.id), frozenset({actor.person} if on else ()))


def seen(s: Session, actor: Actor, roster: str) -> Roster:
    """A roster that the actor may see, or stands in; a draft is seen by who may draw one up.

    Raises:
        Refused: there is none, or they may not.
    """
    row = s.get(Roster, roster)
    if row is None or row.market != actor.market or not _may_see(s, actor, row):
        raise Refused("missing", "roster.none", "There is no such roster.", "没有这份排班表。")
    return row


def locked(s: Session, actor: Actor, roster: str, revision: int | None = None) -> Roster:
    """The same, and nobody else changes it until the transaction ends.

    Raises:
        Refused: the same, or somebody changed it since `revision`.
    """
    seen(s, actor, roster)
    row = s.get_one(Roster, roster, with_for_update=True, populate_existing=True)
    if revision is not None and row.revision != revision:
        en = "Somebody changed this roster meanwhile. Look at it anew, then try again."
        raise Refused("conflict", "roster.match", en, "排班表刚被他人修改，请刷新后重试。")
    return row


def draft(s: Session, actor: Actor, roster: str, revision: int | None = None) -> Roster:
    """A draft that the actor may change, locked.

    Raises:
        Refused: they may not, it is no draft, or somebody changed it since `revision`.
    """
    row = locked(s, actor, roster, revision)
    role(actor, "duty.change", row)
    if row.state != DRAFT:
        en = "This roster is published. Begin a draft of the month to change it."
        raise Refused("state", "roster.published", en, "排班表已发布，修改请先新建草稿。")
    return row


def holds(s: Session, grid: str, first: date) -> Roster | None:
    """What is published for a workroom's month."""
    return _of(s, grid, first, PUBLISHED)


def drawn(s: Session, grid: str, first: date) -> Roster | None:
    """The draft of a workroom's month."""
    return _of(s, grid, first, DRAFT)


def leaders(s: Session, grid: Grid) -> list[str]:
    """Whoever is told of a workroom's duty: its leader, or else all who hold that role, or the managers."""
    if grid.leader is not None:
        return [grid.leader]
    held = people.with_role(s, grid.market, "leader", place.node(grid.market, grid.id))
    return held or people.with_role(s, grid.market, "manager")


def staff(s: Session, market: str, grid: str) -> list[Person]:
    """The people of a workroom: its guards and leaders who have not left."""
    at = (Grant.node == place.node(market, grid), Grant.role.in_(("guard", "leader")))
    query = select(Person).where(Person.id.in_(select(Grant.person).where(*at)), Person.active.is_(True))
    return list(s.scalars(query.order_by(Person.armband, Person.id)))


def _may_see(s: Session, actor: Actor, row: Roster) -> bool:
    if row.state == DRAFT:
        return may(actor, "duty.change", row.grid)
    at = _with(row, actor, _stands(s, actor, row) or s.get(RosterRead, (row.id, actor.person)) is not None)
    return policy.allowed(actor, "duty.see", at).allowed


def _stands(s: Session, actor: Actor, row: Roster) -> bool:
    query = select(RosterCell.id).where(RosterCell.roster == row.id, RosterCell.person == actor.person)
    return s.scalar(query.limit(1)) is not None


def _with(row: Roster, actor: Actor, concerned: bool) -> Target:
    """A roster, the actor being of its people by what stands in it."""
    unit = frozenset({actor.person} if concerned else ())
    return Target(place.node(row.market, row.grid), unit)


def _of(s: Session, grid: str, first: date, state: str) -> Roster | None:
    where = (Roster.grid == grid, Roster.begins == first, Roster.state == state)
    return s.scalar(select(Roster).where(*where))
