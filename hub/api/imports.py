"""Staff and shops from a file, and into one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape import Shown
from hub.service.imports import MOST_BYTES, Report, shops, staff
from hub.service.shape import pair

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
    """What a file would do, or did; nothing of it is applied while `wrong` is not 0."""

    rows: int
    new: int
    changed: int
    same: int
    wrong: int
    applied: bool
    problems: list[Wrong]


async def body(request: Request) -> bytes:
    """The file as it came."""
    return await request.body()


Body = Annotated[bytes, Depends(body)]
Apply = Annotated[bool, Query()]
Clerk = Annotated[Visitor, Depends(Signed("staff.change", shows=False))]
Surveyor = Annotated[Visitor, Depends(Signed("market.change", shows=False))]


@router.post("/imports/staff", response_model=Imported, openapi_extra={"requestBody": BODY})
def take_staff(visitor: Clerk, data: Body, parts: PartsHere, apply: Apply = False) -> dict[str, Any]:
    """Check a file of staff, row by row; with `apply`, enter all of it or nothing."""
    with (parts.sessions if apply else parts.readings).begin() as session:
        return _said(staff.take(session, visitor.actor, data, apply=apply, now=parts.clock.now()))


@router.post("/imports/shops", response_model=Imported, openapi_extra={"requestBody": BODY})
def take_shops(visitor: Surveyor, data: Body, parts: PartsHere, apply: Apply = False) -> dict[str, Any]:
    """Check a file of shops, row by row; with `apply`, enter all of it or nothing."""
    with (parts.sessions if apply else parts.readings).begin() as session:
        return _said(shops.take(session, visitor.actor, data, apply=apply, now=parts.clock.now()))


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


def _said(report: Report) -> dict[str, Any]:
    shown = sorted(report.problems, key=lambda one: one.row)[:MOST_SHOWN]
    return {
        "rows": report.rows,
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "wrong": len(report.problems),
        "applied": report.applied,
        "problems": [{"row": one.row, "column": one.column, **pair(one.words)} for one in shown],
    }


def _file(name: str, data: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)
