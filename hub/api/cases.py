"""Cases: the board, a page, a report, and every act."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import Words
from hub.api.shape.case import Acting, Card, Page, Reported, Reporting, Stage
from hub.core.case import Act
from hub.core.glossary import Pair
from hub.service import case as cases
from hub.service.case.board import board
from hub.service.case.find import Filters
from hub.service.case.page import page
from hub.service.place import Place

CaseId = Annotated[str, Path(max_length=64)]
Seer = Annotated[Visitor, Depends(Signed("case.see"))]

router = Guarded(prefix="/api/cases", tags=["cases"])


@router.get("", response_model=list[Card])
def listing(
    visitor: Seer,
    parts: PartsHere,
    stage: Annotated[list[Stage] | None, Query(max_length=11)] = None,
    mine: bool = False,
    q: Annotated[Words, Query(max_length=64)] = "",
    before: Annotated[str | None, Query(pattern="^[0-9a-f-]{1,36}$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[dict[str, Any]]:
    """Cards of cases, newest first; `before` is the id of the last card of the page before."""
    filters = Filters(tuple(stage or ()), mine, q, before, limit)
    with parts.readings() as session:
        return board(session, visitor.actor, filters, parts.clock.now())


@router.get("/{case_id}", response_model=Page)
def one(case_id: CaseId, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """Everything about one case, and what this person may do next."""
    with parts.readings() as session:
        return page(session, visitor.actor, case_id, parts.clock.now())


@router.post("", status_code=201)
def report(
    given: Reporting, visitor: Annotated[Visitor, Depends(Signed("report"))], parts: PartsHere
) -> Reported:
    """Report something: the number of the case that it becomes. Whoever reports need not be let see it."""
    now = parts.clock.now()
    where = Place(Pair(given.place, given.place), given.grid, None, given.x, given.y)
    told = cases.Report(given.kind, where, given.severity, given.text, given.channel, given.reporter_name)
    with parts.sessions.begin() as session:
        opened = cases.open(session, visitor.actor, told, None, now)
        shown = Reported(id=opened.id, number=opened.number, tracking_code=opened.tracking_code)
    parts.feeds.wake()
    return shown


@router.post("/{case_id}/acts/{act}", response_model=Page)
def act(case_id: CaseId, act: Act, given: Acting, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """Do one act; refused when somebody was faster, since then another version stands."""
    now, fields = parts.clock.now(), dict(given.__pydantic_extra__)
    with parts.sessions.begin() as session:
        cases.act(session, visitor.actor, case_id, act, fields, given.version, now)
    parts.feeds.wake()
    with parts.readings() as session:
        # Who gives a case out of hand sees what came of it, though perhaps never again.
        return page(session, visitor.actor, case_id, now, acted=True)
