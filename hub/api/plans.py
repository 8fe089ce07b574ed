"""Plans of grids and groups: drawn up by a solver or by hand, decided by another, in force from a day on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Response

from hub.api import planning
from hub.api.guard import Guarded, Signed, Visitor
from hub.api.orders import matched
from hub.api.parts import Parts, PartsHere
from hub.api.shape.base import UuidPath
from hub.api.shape.plans import (
    Edited,
    Head,
    Job,
    MadePlan,
    Moves,
    NewPlan,
    Plan,
    Reasoned,
    Retitled,
    Solving,
    Version,
)
from hub.core.planned import WaysAsked
from hub.service.plan import apply, decide, draw, hand, job, page, right, rules, sheet, solved, version
from hub.service.plan.draw import Drawing, Wish
from hub.service.plan.hand import Move

router = Guarded(prefix="/api", tags=["plans"], most=256 * 1024)

Seer = Annotated[Visitor, Depends(Signed("plan.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("plan.change"))]
Approver = Annotated[Visitor, Depends(Signed("plan.approve"))]
Looker = Annotated[Visitor, Depends(Signed("market.see"))]
IfMatch = Annotated[str | None, Header(max_length=40)]


@router.get("/versions", response_model=list[Version])
def versions(visitor: Looker, parts: PartsHere) -> list[dict[str, Any]]:
    """The days from which the market was cut anew, newest first."""
    with parts.readings() as session:
        return version.versions(session, visitor.actor)


@router.get("/plans", response_model=list[Head])
def listing(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Every plan that the visitor may see, newest first."""
    with parts.readings() as session:
        return page.listing(session, visitor.actor, parts.clock.now())


@router.post("/plans", status_code=201)
def create(given: NewPlan, visitor: Changer, parts: PartsHere) -> MadePlan:
    """Begin a plan; of grids or groups, the solver begins at once: see its job."""
    wish = Wish(given.kind, given.title, given.effective, _asked(given))
    with parts.sessions.begin() as session:
        made = draw.create(session, visitor.actor, wish, parts.clock.now()).id
    if given.kind != "hand":
        parts.planning.begin(parts, made)
    parts.feeds.wake()
    return MadePlan(id=made)


@router.get("/plans/{plan}", response_model=Plan)
def one(plan: UuidPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One plan with all that it changes."""
    with parts.readings() as session:
        return page.one(session, visitor.actor, plan, parts.clock.now())


@router.put("/plans/{plan}", response_model=Head)
def retitle(plan: UuidPath, given: Retitled, visitor: Changer, parts: PartsHere) -> dict[str, Any]:
    """Another title or day of a draft."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        row = draw.retitle(session, visitor.actor, plan, given.title, given.effective, now)
        session.flush()
        return page.head(session, visitor.actor, row, now)


@router.delete("/plans/{plan}", status_code=204)
def discard(plan: UuidPath, visitor: Changer, parts: PartsHere) -> None:
    """Throw a draft away."""
    with parts.sessions.begin() as session:
        draw.discard(session, visitor.actor, plan, parts.clock.now())
    parts.feeds.wake()


@router.get("/plans/{plan}/changes.csv", response_class=Response)
def changes(plan: UuidPath, visitor: Seer, parts: PartsHere) -> Response:
    """The change list for spreadsheets."""
    with parts.sessions.begin() as session:
        data = sheet.sheet(session, visitor.actor, plan, parts.clock.now())
    how = {"Content-Disposition": f'attachment; filename="plan-{plan}.csv"', "Cache-Control": "no-store"}
    return Response(data, media_type="text/csv; charset=utf-8", headers=how)


@router.get("/plans/{plan}/job", response_model=Job | None)
def look(plan: UuidPath, visitor: Seer, parts: PartsHere) -> dict[str, Any] | None:
    """How its solver stands; null where it has none."""
    with parts.readings() as session:
        return page.job(right.seen(session, visitor.actor, plan))


@router.post("/plans/{plan}/job", response_model=Job, status_code=202)
def solve(plan: UuidPath, given: Solving, visitor: Changer, parts: PartsHere) -> dict[str, Any] | None:
    """Have a draft solved anew; moves by hand on it are lost."""
    asked = _asked(given)
    with parts.sessions.begin() as session:
        row = job.again(session, visitor.actor, plan, asked, parts.clock.now())
        shown = page.job(row)
    parts.planning.begin(parts, plan)
    return shown


@router.delete("/plans/{plan}/job", response_model=Job | None)
def stop(plan: UuidPath, visitor: Changer, parts: PartsHere) -> dict[str, Any] | None:
    """Stop its solver and keep the best that it has; it ends within moments."""
    with parts.sessions.begin() as session:
        return page.job(job.stop(session, visitor.actor, plan))


@router.post("/plans/{plan}/moves", response_model=Edited)
def move(
    plan: UuidPath, given: Moves, visitor: Changer, parts: PartsHere, if_match: IfMatch = None
) -> dict[str, Any]:
    """Move shops on a draft; says at once which rules that breaks. Not to be kept, it is only tried.

    409 somebody was faster, 428 If-Match is missing.
    """
    match, now = matched(if_match), parts.clock.now()
    moves = [Move(tuple(one.shops), one.grid, one.group) for one in given.moves]
    _refuse_early(parts, visitor, plan, match)
    with parts.readings() as session:
        drawing = hand.drawn(session, visitor.actor, plan, moves, now)
    return _edit(parts, visitor, plan, match, drawing, keep=given.keep)


@router.delete("/plans/{plan}/moves", response_model=Edited)
def drop(plan: UuidPath, visitor: Changer, parts: PartsHere, if_match: IfMatch = None) -> dict[str, Any]:
    """Drop every change of a draft."""
    match, now = matched(if_match), parts.clock.now()
    _refuse_early(parts, visitor, plan, match)
    with parts.readings() as session:
        drawing = hand.dropped(session, visitor.actor, plan, now)
    return _edit(parts, visitor, plan, match, drawing, keep=True)


@router.post("/plans/{plan}/submit", response_model=Plan)
def submit(plan: UuidPath, visitor: Changer, parts: PartsHere) -> dict[str, Any]:
    """Hand it in for approval."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        decide.submit(session, visitor.actor, plan, now)
    return _shown(parts, visitor, plan)


@router.post("/plans/{plan}/withdraw", response_model=Plan)
def withdraw(plan: UuidPath, visitor: Changer, parts: PartsHere) -> dict[str, Any]:
    """Take back what one submitted, within a day."""
    with parts.sessions.begin() as session:
        decide.withdraw(session, visitor.actor, plan, parts.clock.now())
    return _shown(parts, visitor, plan)


@router.post("/plans/{plan}/approve", response_model=Plan)
def approve(plan: UuidPath, visitor: Approver, parts: PartsHere) -> dict[str, Any]:
    """Approve what somebody else drew; it holds from its day on, today at once."""
    with parts.sessions.begin() as session:
        decide.approve(session, visitor.actor, plan, parts.clock.now())
    return _shown(parts, visitor, plan)


@router.post("/plans/{plan}/reject", response_model=Plan)
def reject(plan: UuidPath, given: Reasoned, visitor: Approver, parts: PartsHere) -> dict[str, Any]:
    """Turn it down."""
    with parts.sessions.begin() as session:
        decide.reject(session, visitor.actor, plan, given.reason, parts.clock.now())
    return _shown(parts, visitor, plan)


@router.post("/plans/{plan}/undo", response_model=Plan)
def undo(plan: UuidPath, given: Reasoned, visitor: Approver, parts: PartsHere) -> dict[str, Any]:
    """Take back what was approved; shops go back to where they were, from today on."""
    with parts.sessions.begin() as session:
        apply.undo(session, visitor.actor, plan, given.reason, parts.clock.now())
    return _shown(parts, visitor, plan)


def _refuse_early(parts: Parts, visitor: Visitor, plan: str, match: int) -> None:
    """Ask what `hand.keep` will ask again, so that the solver works for nobody who will be refused.

    Raises:
        Refused: the visitor may not change this draft now, or it is another than they saw.
    """
    with parts.sessions() as session:
        draw.opened(session, visitor.actor, plan, match)
        session.rollback()


def _edit(
    parts: Parts, visitor: Visitor, plan: str, match: int, drawing: Drawing, *, keep: bool
) -> dict[str, Any]:
    """The draft as it would be; written where it is to be kept, else taken back.

    Raises:
        UnsolvedError: as many wait for the solver as may.
    """
    pairs = tuple(
        one for one in solved.ways_between(drawing.before, drawing.wanted) if one not in drawing.ways
    )
    with parts.readings() as session:
        rule = rules.grid_rule(right.seen(session, visitor.actor, plan))
    with parts.pictures.waiting():
        broken = planning.broken(parts, drawing.ground, (drawing.before, drawing.wanted), rule)
        ways = planning.ways(parts, WaysAsked(drawing.ground, pairs))
    drawing = hand.walked(drawing, ways, broken)
    with parts.sessions.begin() as session:
        row = hand.keep(session, visitor.actor, plan, match, drawing, parts.clock.now())
        shown = page.edited(session, visitor.actor, row, kept=keep)
        if not keep:
            session.rollback()
    return shown if keep else shown | {"revision": match}


def _shown(parts: Parts, visitor: Visitor, plan: str) -> dict[str, Any]:
    parts.feeds.wake()
    with parts.readings() as session:
        return page.one(session, visitor.actor, plan, parts.clock.now())


def _asked(given: Solving) -> dict[str, Any]:
    asked = {
        "grid": given.grid_wish.model_dump(exclude_none=True),
        "group": given.group_wish.model_dump(exclude_none=True),
        "seconds": given.seconds,
    }
    rules.refuse_odd(asked)
    return asked
