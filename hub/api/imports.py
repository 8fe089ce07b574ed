"""Staff and shops from a file, and into one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response
from sqlalchemy.orm import Session

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.shape import Shown
from hub.core.asks import Ask
from hub.core.planned import Progress
from hub.service.imports import MOST_BYTES, Problem, Report, Wish, shops, staff
from hub.service.imports.drawing import Drawing
from hub.service.shape import pair

A = TypeVar("A")
M = TypeVar("M")

MOST_SHOWN = 500
"""Problems that an answer lists; `wrong` counts all."""
BODY = {"required": True, "content": {"text/csv": {"schema": {"type": "string", "maxLength": MOST_BYTES}}}}

router = Guarded(prefix="/api", tags=["imports"], most=MOST_BYTES)


class Wrong(Shown):
    """What is wrong in one cell; row 1 is the header."""

    row: int
    column: str
    zh: str
    en: str


class Imported(Shown):
    """What a file would do, or did: `rows` = `new` + `changed` + `same` + `refused`."""

    rows: int
    new: int
    changed: int
    same: int
    refused: int
    """Rows with something wrong."""
    wrong: int
    """Things that are wrong; a row may have several."""
    applied: bool
    report: str
    """Whoever takes the good rows alone says by this which report they have read."""
    problems: list[Wrong]
    remarks: list[Wrong]
    """What is worth a look and bars nothing; row 0: it concerns the whole."""
    streets: int
    """How many streets are derived from the rows of doors, where the market has none."""


async def body(request: Request) -> bytes:
    """The file as it came."""
    return await request.body()


Body = Annotated[bytes, Depends(body)]


def wish(
    *, apply: Annotated[bool, Query()] = False, good: Annotated[str | None, Query(max_length=64)] = None
) -> Wish:
    """A check; with `apply` all of the file; with a report's id in `good` as well, the good rows of it."""
    return Wish(apply, good)


Wished = Annotated[Wish, Depends(wish)]
Clerk = Annotated[Visitor, Depends(Signed("staff.change", shows=False))]
Surveyor = Annotated[Visitor, Depends(Signed("market.change", shows=False))]


@router.post("/imports/staff", response_model=Imported, openapi_extra={"requestBody": BODY})
def take_staff(visitor: Clerk, data: Body, parts: PartsHere, wished: Wished) -> dict[str, Any]:
    """Check a file of staff, row by row; enter all of it or nothing, or the good rows of a report."""
    with (parts.sessions if wished.apply else parts.readings).begin() as session:
        return said(staff.take(session, visitor.actor, data, wished, parts.clock.now()))


@router.post("/imports/staff/refused", response_class=Response, openapi_extra={"requestBody": BODY})
def give_refused_staff(visitor: Clerk, data: Body, parts: PartsHere) -> Response:
    """The rows of a file of staff with something wrong, and why; no cell is a formula."""
    with parts.readings() as session:
        return _file("staff-refused", staff.refused(session, visitor.actor, data))


@router.post("/imports/shops", response_model=Imported, openapi_extra={"requestBody": BODY})
def take_shops(visitor: Surveyor, data: Body, parts: PartsHere, wished: Wished) -> dict[str, Any]:
    """Check a file of shops, row by row; enter all of it or nothing, or the good rows of a report."""
    now = parts.clock.now()
    drawing = _drawn(visitor, data, parts)
    with (parts.sessions if wished.apply else parts.readings).begin() as session:
        return said(shops.take(session, visitor.actor, data, wished, now, drawing))


@router.post("/imports/shops/refused", response_class=Response, openapi_extra={"requestBody": BODY})
def give_refused_shops(visitor: Surveyor, data: Body, parts: PartsHere) -> Response:
    """The rows of a file of shops with something wrong, and why; no cell is a formula."""
    drawing = _drawn(visitor, data, parts)
    with parts.readings() as session:
        return _file("shops-refused", shops.refused(session, visitor.actor, data, drawing))


@router.get("/exports/staff.csv", response_class=Response)
def give_staff(visitor: Clerk, parts: PartsHere) -> Response:
    """The staff register as a file; no cell of it is a formula."""
    with parts.sessions.begin() as session:
        return _file("staff", staff.give(session, visitor.actor, parts.clock.now()))


@router.get("/exports/shops.csv", response_class=Response)
def give_shops(visitor: Surveyor, parts: PartsHere) -> Response:
    """The shops as a file; no cell of it is a formula."""
    with parts.sessions.begin() as session:
        return _file("shops", shops.give(session, visitor.actor, parts.clock.now()))


class Queued:
    """Port Solver in which few wait at once, so that the other pages keep threads to be answered by.

    Each question ends what was read before it: a picture takes its time, and a database has few connections.
    What `reading` is asked afterwards is read anew; its rows stay as they were.
    """

    def __init__(self, parts: Parts, reading: Session) -> None:
        self._parts, self._reading = parts, reading

    def work(self, ask: Ask[A, M], asked: A, heard: Callable[[Progress], bool]) -> M:
        """What may take long; nobody asks that here."""
        self._reading.close()
        return self._parts.solver.work(ask, asked, heard)

    def quick(self, ask: Ask[A, M], asked: A) -> M:
        """The answer; raises UnsolvedError where too many wait already."""
        self._reading.close()
        return self._parts.pictures.ask(self._parts.solver, ask, asked)


def _drawn(visitor: Visitor, data: bytes, parts: Parts) -> Drawing:
    """What a file of shops draws: asked before anything is written, so that no writer waits for it."""
    with parts.readings() as session:
        return shops.drawn(session, visitor.actor, data, Queued(parts, session), parts.clock.now())


def said(report: Report) -> dict[str, Any]:
    """The report as it is shown."""
    shown = sorted(report.problems, key=lambda one: one.row)[:MOST_SHOWN]
    return {
        "rows": report.rows,
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "refused": len(report.refused),
        "wrong": len(report.problems),
        "applied": report.applied,
        "report": report.id,
        "problems": [_wrong(one) for one in shown],
        "remarks": [_wrong(one) for one in report.remarks[:MOST_SHOWN]],
        "streets": report.streets,
    }


def _wrong(one: Problem) -> dict[str, Any]:
    return {"row": one.row, "column": one.column, **pair(one.words)}


def _file(name: str, data: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)
