"""The days from which the market was cut anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core import policy
from hub.core.policy import Target
from hub.service.placement import holds
from hub.store.placement import Placement
from hub.store.plan import Plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]


def versions(s: Session, actor: Actor) -> list[View]:
    """The days from which the market was cut anew, newest first; the first has no plan.

    Raises:
        Refused: the actor may not see the market.
    """
    policy.authorize(actor, "market.see", Target(next(iter(policy.scope(actor, "market.see")), actor.market)))
    applied = select(Plan).where(Plan.market == actor.market, Plan.applied_at.is_not(None))
    rows = s.scalars(applied.order_by(Plan.effective.desc(), Plan.applied_at.desc())).all()
    first = s.scalar(select(func.min(Placement.begins)).where(Placement.market == actor.market))
    days = [(row.effective, row) for row in rows] + ([(first, None)] if first else [])
    counted = select(
        func.count(Placement.grid.distinct()),
        func.count(Placement.group.distinct()),
        func.count(Placement.shop),
    ).where(Placement.market == actor.market)
    found = []
    for day, row in days:
        grids, groups, shops = s.execute(counted.where(holds(Placement, day))).one()
        found.append(
            {
                "begins": day.isoformat(),
                "plan": row.id if row else None,
                "number": row.number if row else None,
                "title": row.title if row else None,
                "state": row.state if row else None,
                "grids": grids,
                "groups": groups,
                "shops": shops,
            }
        )
    return found
