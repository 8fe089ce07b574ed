"""Turns of ten-shop groups on the phone: the day, its confirmation, its things, swaps and leave."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import RowPath
from hub.api.shape.turns import (
    Answered,
    Checked,
    HelpAsked,
    NewLeave,
    NewSwap,
    Partners,
    ShopLeave,
    Swap,
    Today,
)
from hub.service import turn
from hub.service.turn import leave, leaves, offer, swap, swapped

router = Guarded(prefix="/api", tags=["turns"], most=8192)

Seer = Annotated[Visitor, Depends(Signed("duty.see", shows=False))]
Swapper = Annotated[Visitor, Depends(Signed("duty.swap", shows=False))]
Approver = Annotated[Visitor, Depends(Signed("duty.approve", shows=False))]


@router.get("/turns/today", response_model=Today)
def today(visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """The day of the visitor's group, and the week to come; all empty for who is of no group."""
    with parts.readings() as session:
        return turn.today(session, visitor.actor, parts.clock.now())


@router.post("/turns/{one}/confirm", status_code=204)
def confirm(one: RowPath, visitor: Swapper, parts: PartsHere) -> None:
    """The shop that has the turn will be there."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        turn.confirm(session, visitor.actor, one, now, now)


@router.post("/turns/{one}/checks", status_code=204)
def check(one: RowPath, given: Checked, visitor: Swapper, parts: PartsHere) -> None:
    """One of the day's things is done."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        turn.check(session, visitor.actor, one, given.item, given.note, now, now)


@router.get("/turns/{one}/partners", response_model=Partners)
def partners(one: RowPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """Who of the group could take the day, fewest turns first."""
    with parts.readings() as session:
        return offer.partners(session, visitor.actor, one, parts.clock.now())


@router.post("/turns/{one}/swaps", response_model=Swap, status_code=201)
def ask(one: RowPath, given: NewSwap, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """Ask another shop to take the day, for one of its own or for none."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        made = swap.ask(session, visitor.actor, one, given.shop, given.taken, given.note, now)
        return swapped.one(session, visitor.actor, made)


@router.post("/turns/{one}/help", status_code=204)
def arrange(one: RowPath, given: HelpAsked, visitor: Swapper, parts: PartsHere) -> None:
    """Ask whoever coordinates the group to arrange it."""
    with parts.sessions.begin() as session:
        offer.arrange(session, visitor.actor, one, given.note, parts.clock.now())


@router.post("/swaps/{one}/agree", response_model=Swap)
def agree(one: RowPath, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """The other shop takes the day; both days change hands at once."""
    with parts.sessions.begin() as session:
        made = swap.agree(session, visitor.actor, one, parts.clock.now())
        return swapped.one(session, visitor.actor, made)


@router.post("/swaps/{one}/refuse", response_model=Swap)
def refuse(one: RowPath, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """The other shop does not take the day."""
    with parts.sessions.begin() as session:
        made = swap.refuse(session, visitor.actor, one, parts.clock.now())
        return swapped.one(session, visitor.actor, made)


@router.post("/swaps/{one}/withdraw", response_model=Swap)
def withdraw(one: RowPath, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """Who asked does not want it any more."""
    with parts.sessions.begin() as session:
        made = swap.withdraw(session, visitor.actor, one, parts.clock.now())
        return swapped.one(session, visitor.actor, made)


@router.get("/turns/leave", response_model=list[ShopLeave])
def on_leave(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Leave of shops that is not over; what waits first."""
    with parts.readings() as session:
        return leaves.listing(session, visitor.actor, parts.clock.now())


@router.post("/turns/leave", response_model=ShopLeave, status_code=201)
def ask_leave(given: NewLeave, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """Ask for leave of a shop."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        made = leave.ask(session, visitor.actor, given.shop, given.first, given.last, given.reason, now)
        return leaves.one(session, visitor.actor, made)


@router.post("/turns/leave/{one}/grant", response_model=ShopLeave)
def grant(one: RowPath, given: Answered, visitor: Approver, parts: PartsHere) -> dict[str, Any]:
    """Grant a leave; the shop's turns on its days go to others at once."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        made = leave.decide(session, visitor.actor, one, "granted", given.answer, now)
        return leaves.one(session, visitor.actor, made)


@router.post("/turns/leave/{one}/refuse", response_model=ShopLeave)
def refuse_leave(one: RowPath, given: Answered, visitor: Approver, parts: PartsHere) -> dict[str, Any]:
    """Refuse a leave."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        made = leave.decide(session, visitor.actor, one, "refused", given.answer, now)
        return leaves.one(session, visitor.actor, made)


@router.post("/turns/leave/{one}/withdraw", response_model=ShopLeave)
def withdraw_leave(one: RowPath, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """Take a question for leave back, or what was granted from today on."""
    with parts.sessions.begin() as session:
        made = leave.withdraw(session, visitor.actor, one, parts.clock.now())
        return leaves.one(session, visitor.actor, made)
