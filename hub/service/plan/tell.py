"""Whom a plan concerns besides its shops: whom to tell, whose turns it touches, what it leaves alone."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core.case import OPEN
from hub.service import number, people
from hub.service.shape import name
from hub.store.business import Business, Tenancy
from hub.store.case import Case
from hub.store.duty import Crew, Duty
from hub.store.market import Grid, Shop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from hub.store.plan import Plan, PlanChange

View = dict[str, Any]


def telling(s: Session, row: Plan, changes: Sequence[PlanChange]) -> View:
    """Leaders whose grid changes, centre shops of groups that change, and the shops that are moved."""
    grids = {grid for one in changes if one.grid_from != one.grid_to for grid in (one.grid_from, one.grid_to)}
    leaders = s.scalars(
        select(Grid.leader).where(Grid.market == row.market, Grid.id.in_(grids), Grid.leader.is_not(None))
    ).all()
    known = people.names(s, leaders)
    groups = {group for one in changes for group in (one.group_from, one.group_to)}
    centres = {
        shop
        for group in row.figures.get("groups", [])
        if group["id"] in groups
        for shop in (group["centre"], group["centre_before"])
        if shop is not None
    }
    return {
        "leaders": [
            {"id": one.id, "name": name(one)} for one in sorted(known.values(), key=lambda one: one.id)
        ],
        "centres": sorted(centres),
        "shops": [one.shop for one in changes if one.grid_from != one.grid_to],
    }


def duties(s: Session, row: Plan) -> int:
    """Turns from the plan's day on of crews whose grid gets another number of shops."""
    grids = [grid["id"] for grid in row.figures.get("grids", []) if grid["shops"] != grid["shops_before"]]
    first = datetime.combine(row.effective, time(), number.zone_of(s, row.market))
    query = select(func.count(Duty.id)).join(Crew, Crew.id == Duty.crew)
    return s.scalar(query.where(Crew.grid.in_(grids), Duty.begins >= first)) or 0


def unchanged(s: Session, row: Plan, changes: Sequence[PlanChange]) -> View:
    """Open cases of the grids that change, and businesses with several shops one of which is moved."""
    grids = {grid for one in changes if one.grid_from != one.grid_to for grid in (one.grid_from, one.grid_to)}
    opened = (Case.market == row.market, Case.grid.in_(grids), Case.stage.in_([str(stage) for stage in OPEN]))
    moved = {one.shop for one in changes if one.grid_from != one.grid_to}
    let = select(Tenancy.business, Tenancy.shop).join(Shop, Shop.id == Tenancy.shop)
    rows = s.execute(let.where(Tenancy.market == row.market, Tenancy.ends.is_(None))).all()
    shops: dict[str, set[str]] = {}
    for business, shop in rows:
        shops.setdefault(business, set()).add(shop)
    several = {one for one, its in shops.items() if len(its) > 1 and its & moved}
    kept = select(Business.primary_shop).where(Business.market == row.market, Business.id.in_(several))
    return {
        "open_cases": s.scalar(select(func.count(Case.id)).where(*opened)) or 0,
        "twice": sum(shop not in moved for shop in s.scalars(kept)),
    }
