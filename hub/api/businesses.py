"""Businesses apart from their premises, and who cares for one with shops in two grids."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape import base
from hub.api.shape.base import RowPath, SlugPath
from hub.api.shape.business import Business, Businesses, Leaving, NewBusiness, NewTenancy, Primary
from hub.api.shape.people import Made
from hub.core.glossary import Pair
from hub.service import business

router = Guarded(prefix="/api", tags=["registers"], most=8192)

Seer = Annotated[Visitor, Depends(Signed("component.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("market.change", shows=False))]
Words = Annotated[base.Words, Query(max_length=64)]
Row = Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,80}$")]


@router.get("/businesses", response_model=Businesses)
def listing(
    visitor: Seer,
    parts: PartsHere,
    words: Words = "",
    several: Annotated[bool, Query()] = False,
    after: Row = None,
) -> dict[str, Any]:
    """Businesses with a shop where the visitor sees; `several`: those for which several grids care."""
    with parts.readings() as session:
        return business.listing(session, visitor.actor, words, several, after, parts.clock.now())


@router.post("/businesses", status_code=201)
def add(given: NewBusiness, visitor: Changer, parts: PartsHere) -> Made:
    """A business is entered; it has no shop yet."""
    with parts.sessions.begin() as session:
        names = Pair(given.name_zh, given.name_en)
        return Made(id=business.add(session, visitor.actor, names, parts.clock.now()).id)


@router.get("/businesses/{one}", response_model=Business)
def single(one: RowPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One business with its shops."""
    with parts.readings() as session:
        return business.one(session, visitor.actor, one, parts.clock.now())


@router.post("/businesses/{one}/shops", status_code=201)
def let(one: RowPath, given: NewTenancy, visitor: Changer, parts: PartsHere) -> Made:
    """A business takes a shop."""
    with parts.sessions.begin() as session:
        made = business.let(session, visitor.actor, one, given.shop, given.begins, parts.clock.now())
        return Made(id=made.id)


@router.post("/businesses/{one}/shops/{shop}/end", status_code=204)
def leave(one: RowPath, shop: SlugPath, given: Leaving, visitor: Changer, parts: PartsHere) -> None:
    """A business gives a shop up."""
    with parts.sessions.begin() as session:
        business.leave(session, visitor.actor, one, shop, given.ends, parts.clock.now())


@router.put("/businesses/{one}/primary", status_code=204)
def lead(one: RowPath, given: Primary, visitor: Changer, parts: PartsHere) -> None:
    """Another of its shops becomes the primary one."""
    with parts.sessions.begin() as session:
        business.lead(session, visitor.actor, one, given.shop, parts.clock.now())
