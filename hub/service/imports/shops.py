"""The register of shops from a file and into one; a shop or column that it does not name stays as it is.

A list of doors is enough: stalls and streets are drawn from it, and the report says what was guessed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.service import evidence, ground, number, placement
from hub.service.evidence import Entry
from hub.service.imports import stall, table
from hub.service.imports.cell import metres
from hub.service.imports.drawing import Drawing, draw, enter_drawing, undrawn
from hub.service.imports.stall import COLUMNS
from hub.store.market import Market, Shop, Street

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.ports import Solver
    from hub.service.imports.report import Report, Wish
    from hub.service.imports.table import Sheet

GUESSED = Pair(
    "不知道此商铺朝哪边，位置是猜的：请填写朝向，或先导入通道",
    "nobody can tell which way it faces, so that is guessed: fill in `faces`, or import the streets first",
)


def drawn(s: Session, actor: Actor, data: bytes, solver: Solver, now: datetime) -> Drawing:
    """The plan that a file's good rows would make; nothing is asked where nothing is to be drawn.

    Raises:
        Refused: the actor may not, or it is no such file.
        UnsolvedError: the solver did not answer.
    """
    policy.authorize(actor, "market.change", Target(actor.market))
    sheet, known = _checked(s, actor.market, data)
    turn = s.get_one(Market, actor.market).turn or 0.0
    found = (stall.to_draw(row, known.get(row["id"]), turn) for row in sheet.good)
    stalls = [one for one in found if one is not None]
    if not stalls:
        return Drawing()
    there = ground.of(s, actor.market, number.day_of(s, actor.market, now))
    return draw(solver, there, stalls, actor.market)


def take(s: Session, actor: Actor, data: bytes, wish: Wish, now: datetime, drawing: Drawing) -> Report:
    """Check a file, and enter of it what is wished for: all of it unless something is wrong, or what is good.

    Raises:
        Refused: the actor may not, it is no such file, or its report is not the one that was read.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    sheet, known = _drawn(s, actor.market, data, drawing)
    report = sheet.report
    for row in sheet.good:
        shop = known.get(row["id"])
        same = shop is not None and stall.line(shop) == stall.wanted(row, shop)
        report.new += shop is None
        report.same += same
        report.changed += shop is not None and not same
    if wish.grants(report):
        day = number.day_of(s, actor.market, now)
        begins = placement.first_day(s, actor.market, day)
        enter_drawing(s, actor.market, drawing)
        stall.enter(s, actor.market, sheet.good, known, drawing, begins)
        placement.settle(s, actor.market, day)
        public = {"file": report.file, "new": report.new, "changed": report.changed}
        public["refused"] = len(report.refused)
        evidence.append(s, actor.market, Entry("market.change", actor, role, public=public), now)
        report.applied = True
    return report


def refused(s: Session, actor: Actor, data: bytes, drawing: Drawing) -> bytes:
    """The rows of a file with which something is wrong, and what.

    Raises:
        Refused: the actor may not, or it is no such file.
    """
    policy.authorize(actor, "market.change", Target(actor.market))
    return table.refused(_drawn(s, actor.market, data, drawing)[0])


def give(s: Session, actor: Actor, now: datetime) -> bytes:
    """The shops of today as a file that `take` reads. Leaves a line.

    Raises:
        Refused: the actor may not.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    rows = placement.living(s, actor.market, number.day_of(s, actor.market, now))
    evidence.append(s, actor.market, Entry("market.export", actor, role, public={"rows": len(rows)}), now)
    return table.write([one for one in COLUMNS if one.name != "faces"], map(stall.line, rows))


def _drawn(s: Session, market: str, data: bytes, drawing: Drawing) -> tuple[Sheet, dict[str, Shop]]:
    """The file with all that is wrong with it and with what it draws."""
    sheet, known = _checked(s, market, data)
    rows = {row["id"]: row.number for row in sheet.rows}
    sheet.report.streets = len(drawing.streets)
    drawing.tell(sheet.report, rows)
    for name in drawing.guessed:
        sheet.report.remark(rows[name], "faces", GUESSED)
    return sheet, known


def _checked(s: Session, market: str, data: bytes) -> tuple[Sheet, dict[str, Shop]]:
    """The file with all that is wrong with its rows, and the shops that it names and that are there."""
    sheet = table.read(data, COLUMNS)
    known = stall.known(s, market, sheet.rows)
    lines = {name: stall.line(shop) for name, shop in known.items() if shop.market == market}
    sheet = replace(sheet, rows=[row.over(lines.get(row["id"], {})) for row in sheet.rows])
    stall.blame(s, market, sheet.report, sheet.rows, known)
    _blame_ground(s, market, sheet)
    return sheet, known


def _blame_ground(s: Session, market: str, sheet: Sheet) -> None:
    """Note halls and streets that are none, and doors outside a market whose size is known."""
    halls = stall.halls(s, market)
    streets = frozenset(s.scalars(select(Street.id).where(Street.market == market)))
    drawn_on = s.get_one(Market, market)
    new = undrawn((drawn_on.x0, drawn_on.y0, drawn_on.x1, drawn_on.y1))
    edges = {"x": (drawn_on.x0, drawn_on.x1), "y": (drawn_on.y0, drawn_on.y1)}
    for row in sheet.rows:
        if row["hall"] and row["hall"] not in halls:
            sheet.report.blame(row.number, "hall", Pair("没有这个厅", "there is no such hall"))
        if row["street"] and row["street"] not in streets:
            sheet.report.blame(row.number, "street", Pair("没有这条通道", "there is no such street"))
        for name, (least, most) in edges.items():
            if new or not row[name] or metres(row[name]) is not None:
                continue
            if not least <= float(row[name]) <= most:
                sheet.report.blame(row.number, name, Pair("在市场范围之外", "it lies outside the market"))
