"""The life of shop groups: who is in one and was, who coordinates it, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core import appoint, election, policy
from hub.core.policy import Target
from hub.service import limit, number, people
from hub.service.election import candidates_of, members_of, target_of
from hub.service.placement import holds
from hub.service.registered import person_of
from hub.service.shape import maybe_iso, name, pair
from hub.store.election import Election
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.placement import Centre, Placement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.people import Person

View = dict[str, Any]


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """Every group of the market that stands today: its shops, its centre shop and how the term stands.

    Raises:
        Refused: the actor is of another market.
    """
    policy.authorize(actor, "market.see", Target(actor.market))
    today = number.day_of(s, actor.market, now)
    query = select(ShopGroup).where(ShopGroup.market == actor.market, holds(ShopGroup, today))
    groups = s.scalars(query.order_by(ShopGroup.number, ShopGroup.id)).all()
    here = (Shop.market == actor.market, holds(Shop, today))
    counted = s.execute(select(Shop.group, func.count()).where(*here).group_by(Shop.group)).all()
    members: dict[str | None, int] = {row[0]: row[1] for row in counted}
    terms, called = _newest(s, actor.market)
    shops = names_of(s, [row.centre for row in groups] + [one.deputy for one in terms.values()])
    found = []
    for row in groups:
        term = terms.get(row.id)
        elected = term if term and term.centre == row.centre else None
        found.append(
            {
                "id": row.id,
                "number": row.number,
                "grid": row.grid,
                "shops": members.get(row.id, 0),
                "centre": _shop(shops, row.centre),
                "deputy": _shop(shops, elected.deputy) if elected else None,
                "begins": elected.begins.isoformat() if elected and elected.begins else None,
                "ends": elected.ends.isoformat() if elected and elected.ends else None,
                "term": _term(elected, today),
                "open": row.id in called,
            }
        )
    return found


def page(s: Session, actor: Actor, group_id: str, now: datetime) -> View:
    """One group: its shops today, its elections with their counts, and who was in it when.

    Raises:
        Refused: there is none, or the actor is of another market.
    """
    policy.authorize(actor, "market.see", Target(actor.market))
    row, target = target_of(s, actor.market, group_id)
    today = number.day_of(s, actor.market, now)
    members = members_of(s, row.id, today)
    shops = names_of(s, [*members, row.centre])
    elections = _elections(s, row.id)
    newest = next((one for one in elections if one.state == "decided"), None)
    elected = newest if newest and newest.centre == row.centre else None
    own = {grant.node.split("/")[-1] for grant in actor.grants}
    return {
        "id": row.id,
        "number": row.number,
        "grid": {"id": row.grid, "name": name(s.get_one(Grid, row.grid))},
        "centre": _shop(shops, row.centre),
        "term": _term(elected, today),
        "ends": elected.ends.isoformat() if elected and elected.ends else None,
        "members": [_shop(shops, shop) for shop in members],
        "elections": _told(s, elections),
        "history": _spans(s, _placements(s, row.id)),
        "centres": _spans(s, _centres(s, row.id)),
        "term_months": limit.of(s, actor.market).term_months,
        "may": policy.allowed(actor, "elect", target).allowed,
        "own": sorted(own & set(members)),
    }


def names_of(s: Session, ids: Iterable[str | None]) -> dict[str, Shop]:
    """Shops by id, in one query."""
    wanted = {one for one in ids if one}
    return {row.id: row for row in s.scalars(select(Shop).where(Shop.id.in_(wanted)))} if wanted else {}


def _newest(s: Session, market: str) -> tuple[dict[str, Election], frozenset[str]]:
    """The last decided election of each group, and the groups with one that is open."""
    query = select(Election).where(Election.market == market, Election.state != "cancelled")
    rows = s.scalars(query.order_by(Election.called_at, Election.id)).all()
    decided = {row.group: row for row in rows if row.state == "decided"}
    return decided, frozenset(row.group for row in rows if row.state == "called")


def _term(elected: Election | None, today: date) -> View:
    """How the term of the centre shop stands; one that the plan named was never elected."""
    if elected is None or elected.begins is None:
        return {"id": "none", **pair(election.TERM["none"])}
    standing = appoint.standing(elected.begins, elected.ends, today)
    return {"id": standing, **pair(election.TERM[standing])}


def _elections(s: Session, group: str) -> Sequence[Election]:
    """The group's elections, newest first."""
    query = select(Election).where(Election.group == group)
    return s.scalars(query.order_by(Election.called_at.desc(), Election.id.desc())).all()


def _told(s: Session, rows: Sequence[Election]) -> list[View]:
    """Elections with their candidates and counts."""
    candidates = {row.id: candidates_of(s, row.id) for row in rows}
    shops = names_of(s, (one.shop for each in candidates.values() for one in each))
    who = people.names(s, (by for row in rows for by in (row.called_by, row.decided_by)))
    return [_election(row, candidates[row.id], shops, who) for row in rows]


def _election(
    row: Election, candidates: Sequence[Any], shops: Mapping[str, Shop], who: Mapping[str, Person]
) -> View:
    return {
        "id": row.id,
        "way": {"id": row.way, **pair(election.WAY[row.way])},
        "state": row.state,
        "electors": row.electors,
        "blank": row.blank,
        "by_lot": row.by_lot,
        "candidates": [
            {**(_shop(shops, one.shop) or {}), "votes": one.votes if row.state == "decided" else None}
            for one in candidates
        ],
        "centre": row.centre,
        "deputy": row.deputy,
        "begins": row.begins.isoformat() if row.begins else None,
        "ends": row.ends.isoformat() if row.ends else None,
        "called_at": maybe_iso(row.called_at),
        "called_by": person_of(who, row.called_by),
        "decided_at": maybe_iso(row.decided_at),
        "decided_by": person_of(who, row.decided_by),
    }


def _shop(shops: Mapping[str, Shop], shop: str | None) -> View | None:
    return {"id": shop, "name": name(shops[shop])} if shop and shop in shops else None


def _spans(s: Session, rows: Sequence[Placement] | Sequence[Centre]) -> list[View]:
    """Shops over time, each from `begins` to before `ends`."""
    shops = names_of(s, (row.shop for row in rows))
    return [
        {
            "shop": _shop(shops, row.shop),
            "begins": row.begins.isoformat(),
            "ends": row.ends.isoformat() if row.ends else None,
        }
        for row in rows
    ]


def _placements(s: Session, group: str) -> Sequence[Placement]:
    query = select(Placement).where(Placement.group == group)
    return s.scalars(query.order_by(Placement.begins.desc(), Placement.shop)).all()


def _centres(s: Session, group: str) -> Sequence[Centre]:
    return s.scalars(select(Centre).where(Centre.group == group).order_by(Centre.begins.desc())).all()
