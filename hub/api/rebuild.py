"""Premises that change: a shop opens or closes, one is divided, several are joined; as of today."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import SlugPath
from hub.api.shape.rebuild import Built, Divided, Joined, NewPremises, Trading
from hub.service import rebuild
from hub.service.rebuild import Made

router = Guarded(prefix="/api/shops", tags=["market"], most=64 * 1024)

Changer = Annotated[Visitor, Depends(Signed("market.change", shows=False))]


@router.put("/{shop}/open", status_code=204)
def trade(shop: SlugPath, given: Trading, visitor: Changer, parts: PartsHere) -> None:
    """Somebody trades there again, or nobody does any more."""
    with parts.sessions.begin() as session:
        rebuild.trade(session, visitor.actor, shop, parts.clock.now(), is_open=given.open)
    parts.feeds.wake()


@router.post("/{shop}/parts", status_code=201)
def divide(shop: SlugPath, given: Divided, visitor: Changer, parts: PartsHere) -> Built:
    """Divide it; its parts stand in its grid and group."""
    wanted = [_made(one) for one in given.parts]
    with parts.sessions.begin() as session:
        made = rebuild.divide(session, visitor.actor, shop, wanted, parts.clock.now())
        shown = Built(shops=[one.id for one in made])
    parts.feeds.wake()
    return shown


@router.post("/joined", status_code=201)
def join(given: Joined, visitor: Changer, parts: PartsHere) -> Built:
    """Join several into one."""
    with parts.sessions.begin() as session:
        made = rebuild.join(session, visitor.actor, given.shops, _made(given.into), parts.clock.now())
        shown = Built(shops=[made.id])
    parts.feeds.wake()
    return shown


def _made(given: NewPremises) -> Made:
    return Made(given.id, given.name_zh, given.name_en, tuple(given.ring), given.door)
