"""The patrol page: a day and its rounds, checkpoints and their signs, plans."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import SLUG, RowPath
from hub.api.shape.patrol import (
    CheckpointTold,
    NewCheckpoint,
    NewCodes,
    NewPatrolPlan,
    PatrolDay,
    PlanMade,
    PlanTold,
    RoundPage,
)
from hub.api.shape.people import Day, Made
from hub.api.sheet import sheet
from hub.api.walking import Question, solved
from hub.core.glossary import Pair
from hub.service.patrol import listing, plan, point, view, walk

router = Guarded(prefix="/api/patrol", tags=["patrol"])

Seer = Annotated[Visitor, Depends(Signed("patrol.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("patrol.change", shows=False))]
Grid = Annotated[str, Query(pattern=SLUG)]


@router.get("", response_model=PatrolDay)
def day(visitor: Seer, parts: PartsHere, on: Annotated[Day | None, Query()] = None) -> dict[str, Any]:
    """A day: rounds, how they were walked, the largest gaps, what was missed and where; today unless said."""
    with parts.readings() as session:
        return view.day(session, visitor.actor, on, parts.clock.now())


@router.get("/rounds/{one}", response_model=RoundPage)
def single(one: RowPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One round."""
    with parts.readings() as session:
        row, _ = walk.find(session, visitor.actor, one, "patrol.see", held=False)
        return view.one(session, row, parts.clock.now())


@router.get("/checkpoints", response_model=list[CheckpointTold])
def checkpoints(
    visitor: Seer, parts: PartsHere, grid: Annotated[str | None, Query(pattern=SLUG)] = None
) -> list[dict[str, Any]]:
    """Checkpoints by their number."""
    with parts.readings() as session:
        return listing.checkpoints(session, visitor.actor, grid, parts.clock.now())


@router.post("/checkpoints", status_code=201)
def add(given: NewCheckpoint, visitor: Changer, parts: PartsHere) -> Made:
    """A checkpoint is entered."""
    with parts.sessions.begin() as session:
        return Made(id=point.add(session, visitor.actor, _point(given), parts.clock.now()).id)


@router.put("/checkpoints/{one}", status_code=204)
def change(one: RowPath, given: NewCheckpoint, visitor: Changer, parts: PartsHere) -> None:
    """What is entered of a checkpoint is put right."""
    with parts.sessions.begin() as session:
        point.change(session, visitor.actor, one, _point(given), parts.clock.now())


@router.delete("/checkpoints/{one}", status_code=204)
def remove(one: RowPath, visitor: Changer, parts: PartsHere) -> None:
    """A checkpoint is taken away."""
    with parts.sessions.begin() as session:
        point.remove(session, visitor.actor, one, parts.clock.now())


@router.post("/codes", status_code=204)
def codes(given: NewCodes, visitor: Changer, parts: PartsHere) -> None:
    """New signs for checkpoints; those that hang there are good no more."""
    with parts.sessions.begin() as session:
        listing.make_codes(session, visitor.actor, given.checkpoints, given.days, parts.clock.now())


@router.get("/sheet", response_class=Response)
def signs(grid: Grid, visitor: Changer, parts: PartsHere) -> Response:
    """The signs of a grid, six on a page of A4, to be printed by the browser."""
    with parts.readings() as session:
        found = listing.signs(session, visitor.actor, grid)
    page = sheet(found, parts.qr)
    return Response(page, media_type="text/html", headers={"Cache-Control": "no-store"})


@router.get("/plans", response_model=list[PlanTold])
def plans(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Plans that hold."""
    with parts.readings() as session:
        return listing.plans(session, visitor.actor)


@router.post("/plans", status_code=201)
def draw(given: NewPatrolPlan, visitor: Changer, parts: PartsHere) -> PlanMade:
    """A plan from today on; its lap and the mix that it is drawn from are solved first, if wanted."""
    asked, now = _plan(given), parts.clock.now()
    found = solved(parts, visitor.actor, Question(asked, given.solve), now)
    with parts.sessions.begin() as session:
        row = plan.make(session, visitor.actor, asked, found.plan, now)
        return PlanMade(id=row.id, **found.figures)


@router.put("/plans/{one}")
def redraw(one: RowPath, given: NewPatrolPlan, visitor: Changer, parts: PartsHere) -> PlanMade:
    """A plan is changed; rounds that are not due yet are made anew."""
    asked, now = _plan(given), parts.clock.now()
    found = solved(parts, visitor.actor, Question(asked, given.solve), now)
    with parts.sessions.begin() as session:
        row = plan.change(session, visitor.actor, one, asked, found.plan, now)
        return PlanMade(id=row.id, **found.figures)


@router.delete("/plans/{one}", status_code=204)
def end(one: RowPath, visitor: Changer, parts: PartsHere) -> None:
    """A plan ends today."""
    with parts.sessions.begin() as session:
        plan.end(session, visitor.actor, one, parts.clock.now())


def _point(given: NewCheckpoint) -> point.Given:
    words = Pair(given.name_zh, given.name_en)
    return point.Given(
        given.grid, words, given.x, given.y, given.key, given.tag, given.fence_m, given.dwell_s
    )


def _plan(given: NewPatrolPlan) -> plan.Given:
    words = Pair(given.name_zh, given.name_en)
    return plan.Given(given.grid, given.kind, words, given.times, given.points, given.minutes, given.drawn)
