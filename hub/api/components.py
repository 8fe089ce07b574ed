"""Components with owner and place, visits to shops, and what a market sets for its registers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import RowPath, SlugPath
from hub.api.shape.component import (
    Check,
    Component,
    Components,
    Limits,
    NewCheck,
    NewComponent,
    NewLimits,
    NewSurvey,
    Premises,
)
from hub.api.shape.people import Made
from hub.core import component as words
from hub.service import component, limit, premises, registered, survey

router = Guarded(prefix="/api", tags=["registers"], most=32_768)

Seer = Annotated[Visitor, Depends(Signed("component.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("component.change", shows=False))]
Setter = Annotated[Visitor, Depends(Signed("market.change", shows=False))]
Kind = Annotated[str | None, Query(pattern=r"^[a-z_]{1,20}$")]
Row = Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,80}$")]


@router.get("/components", response_model=Components)
def listing(
    visitor: Seer,
    parts: PartsHere,
    kind: Kind = None,
    grid: Row = None,
    due: Annotated[bool, Query()] = False,
    after: Row = None,
) -> dict[str, Any]:
    """Components that the visitor may see, what is wrong first; `due`: only what is not in order."""
    filters = registered.Filters(kind, grid, due, after)
    with parts.readings() as session:
        return registered.listing(session, visitor.actor, filters, parts.clock.now())


@router.post("/components", status_code=201)
def add(given: NewComponent, visitor: Changer, parts: PartsHere) -> Made:
    """A component is entered; whoever enters it has seen it."""
    with parts.sessions.begin() as session:
        made = component.add(session, visitor.actor, _given(given), parts.clock.now())
        return Made(id=made.id)


@router.get("/components/{one}", response_model=Component)
def single(one: RowPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One component."""
    with parts.readings() as session:
        return registered.one(session, visitor.actor, one, parts.clock.now())


@router.put("/components/{one}", status_code=204)
def change(one: RowPath, given: NewComponent, visitor: Changer, parts: PartsHere) -> None:
    """What is entered of a component is put right."""
    with parts.sessions.begin() as session:
        component.change(session, visitor.actor, one, _given(given), parts.clock.now())


@router.delete("/components/{one}", status_code=204)
def remove(one: RowPath, visitor: Changer, parts: PartsHere) -> None:
    """A component is taken away."""
    with parts.sessions.begin() as session:
        component.remove(session, visitor.actor, one, parts.clock.now())


@router.get("/components/{one}/checks", response_model=list[Check])
def checks(one: RowPath, visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """What was found at a component, newest first."""
    with parts.readings() as session:
        return registered.history(session, visitor.actor, one)


@router.post("/components/{one}/checks", status_code=204)
def check(one: RowPath, given: NewCheck, visitor: Changer, parts: PartsHere) -> None:
    """Somebody looked at a component."""
    with parts.sessions.begin() as session:
        component.check(session, visitor.actor, one, given.condition, given.note, parts.clock.now())


@router.get("/shops/{shop}/premises", response_model=Premises)
def shop_page(shop: SlugPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """What the registers say of one shop: components, visits, grids and groups over time, who trades."""
    with parts.readings() as session:
        return premises.page(session, visitor.actor, shop, parts.clock.now())


@router.post("/shops/{shop}/surveys", status_code=201)
def visit(shop: SlugPath, given: NewSurvey, visitor: Changer, parts: PartsHere) -> Made:
    """Somebody visited a shop and looked at all that is there; nobody comes again for a while."""
    with parts.sessions.begin() as session:
        made = survey.make(session, visitor.actor, shop, given.conditions, given.note, parts.clock.now())
        return Made(id=made.id)


@router.put("/registers/limits", response_model=Limits)
def limits(given: NewLimits, visitor: Setter, parts: PartsHere) -> NewLimits:
    """When an entry is stale, how long a shop is left in peace, how long a centre shop's term is."""
    wanted = words.Limits(given.stale_days, given.gap_days, given.term_months)
    with parts.sessions.begin() as session:
        limit.put(session, visitor.actor, wanted, parts.clock.now())
    return given


def _given(given: NewComponent) -> component.Given:
    return component.Given(given.kind, given.owner, given.spot, given.x, given.y, given.shop)
