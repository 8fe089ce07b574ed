"""A plan's features with all that is wrong with them in their market, so that the good ones can be taken."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.glossary import Pair
from hub.service.imports import change, stall, things
from hub.service.imports.cell import AWAY, TAKEN, far
from hub.service.imports.drawing import replaced
from hub.service.imports.geojson import EXTRA
from hub.service.imports.table import Row
from hub.store.market import Grid, Street

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from hub.service.imports.geojson import Collection, Thing
    from hub.service.imports.report import Report

NAMED = (("hall", ("street", "shop")), ("street", ("shop",)))
"""What is named, and by whom; a street that falls takes its shops along, so halls go first."""
NONE = {
    "hall": Pair("没有这个厅", "there is no such hall"),
    "street": Pair("没有这条通道", "there is no such street"),
}


def sift(s: Session, market: str, collection: Collection) -> Collection:
    """The file with all that is wrong with it in this market; shops have their doors as cells."""
    report = deepcopy(collection.report)
    found = tuple(_with_door(report, thing) for thing in collection.things)
    for one in found:
        _blame_far(report, one)
    for kind in change.ORDER:
        there = things.known(s, kind, [one.row["id"] for one in found if one.kind == kind])
        for one in found:
            if one.kind == kind and one.row["id"] in there and there[one.row["id"]].market != market:
                report.blame(one.row.number, "id", TAKEN)
    _blame_numbers(s, market, report, found)
    shops = [one.row for one in found if one.kind == "shop"]
    stall.blame(s, market, report, shops, stall.known(s, market, shops), _good(report, found, "grid"))
    strand(s, market, report, found)
    return replace(collection, things=found, report=report)


def strand(s: Session, market: str, report: Report, found: Sequence[Thing]) -> None:
    """Note what names a hall or street that is not there, or that the same file brings and that is refused.

    What was noted before is not noted again, so this may follow whatever else is found.
    """
    gone = replaced(market, _good(report, found, "street"))
    streets = {name for name in s.scalars(select(Street.id).where(Street.market == market)) if not gone(name)}
    there = {"hall": stall.halls(s, market), "street": streets}
    noted = {(one.row, one.column) for one in report.problems}
    for kind, by in NAMED:
        known = there[kind] | _good(report, found, kind)
        for one in found:
            name, place = one.row[kind], (one.row.number, kind)
            if one.kind in by and name and name not in known and place not in noted:
                report.blame(*place, NONE[kind])


def _good(report: Report, found: Iterable[Thing], kind: str) -> frozenset[str]:
    """Ids of the features of a kind with which nothing is wrong."""
    refused = report.refused
    return frozenset(one.row["id"] for one in found if one.kind == kind and one.row.number not in refused)


def _blame_numbers(s: Session, market: str, report: Report, found: Sequence[Thing]) -> None:
    """Note grids that are no more, and numbers that another grid has or keeps."""
    there = s.scalars(select(Grid).where(Grid.market == market)).all()
    ended = {grid.id for grid in there if grid.ends is not None}
    for one in found:
        if one.kind == "grid" and one.row["id"] in ended:
            report.blame(one.row.number, "id", Pair("此网格已撤销", "this grid is no more"))
    refused = report.refused
    numbered = [one.row for one in found if one.kind == "grid" and one.row.number not in refused]
    while clashing := _clashing({grid.id: grid.number for grid in there}, numbered):
        for row in clashing:
            report.blame(row.number, "number", Pair("另一网格已用此序号", "another grid has this number"))
        refused = report.refused
        numbered = [row for row in numbered if row.number not in refused]


def _clashing(there: Mapping[str, int], rows: Sequence[Row]) -> list[Row]:
    """The rows whose number is another's, once all of them had theirs; `there`: grid → number."""
    given = {row["id"] for row in rows}
    held = {number: name for name, number in there.items() if name not in given}
    return [row for row in rows if held.setdefault(int(row["number"]), row["id"]) != row["id"]]


def _blame_far(report: Report, thing: Thing) -> None:
    """Note points that are too far from the plan's origin for anything to be entered there."""
    for points, column in ((thing.points, "geometry"), (thing.beside, EXTRA.get(thing.kind, ""))):
        if any(far(value) for point in points for value in point):
            report.blame(thing.row.number, column, AWAY)


def _with_door(report: Report, thing: Thing) -> Thing:
    """A shop's door as cells x and y: its place, or what stands beside its outline."""
    if thing.kind != "shop":
        return thing
    door = thing.points[:1] if thing.shape == "Point" else thing.beside[:1]
    if not door:
        if thing.points:
            words = Pair("请在属性 door 中给出门口坐标", "say in its property `door` where its door is")
            report.blame(thing.row.number, "door", words)
        return thing
    cells = {**thing.row.cells, "x": f"{door[0][0]:.2f}", "y": f"{door[0][1]:.2f}"}
    return replace(thing, row=Row(thing.row.number, cells))
