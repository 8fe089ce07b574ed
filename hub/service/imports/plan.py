"""The whole plan from GeoJSON and into it: halls, streets, gates and shops, in metres or in degrees.

What a file does not name stays as it is. It is read, placed, drawn and looked through before anything is
written: first `drawn`, with a session that reads, then `take`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from hub.core import asks, policy
from hub.core.placed import Anchor, PlaceAsked
from hub.core.policy import Target
from hub.service import anchor as anchors
from hub.service import evidence, ground, number, placement
from hub.service.evidence import Entry
from hub.service.imports import change, geojson
from hub.service.imports.drawing import Drawing, draw, enter_drawing, look, replaced, undrawn
from hub.service.imports.shops import GUESSED
from hub.service.imports.sifted import sift, strand
from hub.store import market as rows
from hub.store.market import Market

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.checked import Finding
    from hub.core.ground import Street
    from hub.core.placed import Frame
    from hub.core.policy import Actor
    from hub.ports import Solver
    from hub.service.imports.geojson import Collection
    from hub.service.imports.report import Report, Wish


@dataclass(frozen=True, slots=True)
class Draft:
    """A file in the plan's own metres, what it draws, and where the plan lies if nobody had said."""

    collection: Collection
    drawing: Drawing
    anchor: Anchor | None


def drawn(s: Session, actor: Actor, data: bytes, frame: Frame, solver: Solver, now: datetime) -> Draft:
    """Read a file, place it, draw it and look it through.

    Raises:
        Refused: the actor may not, it is no such file, or nobody has said where the plan lies.
        UnsolvedError: the solver did not answer.
    """
    policy.authorize(actor, "market.change", Target(actor.market))
    collection = geojson.read(data)
    row = s.get_one(Market, actor.market)
    anchor = anchors.of(s, actor.market)
    first = None
    if anchor is None and frame != "metres" and undrawn((row.x0, row.y0, row.x1, row.y1)):
        anchor = first = _corner(collection, frame, solver)
    collection = _placed(collection, frame, anchor, solver)
    checked = sift(s, actor.market, collection)
    there = ground.of(s, actor.market, number.day_of(s, actor.market, now))
    there = replace(there, streets=_without(there.streets, _gone(actor.market, checked)))
    wanted = change.changes(s, actor.market, checked.good)
    overlaid, stalls = change.overlaid(there, wanted, row.turn or 0.0)
    return Draft(collection, draw(solver, overlaid, stalls, actor.market), first)


def faults(s: Session, actor: Actor, solver: Solver, now: datetime) -> tuple[Finding, ...]:
    """What is wrong with the plan as it stands today, what bars first.

    Raises:
        Refused: the actor may not.
        UnsolvedError: the solver did not answer.
    """
    policy.authorize(actor, "market.change", Target(actor.market))
    return look(solver, ground.of(s, actor.market, number.day_of(s, actor.market, now)))


def take(s: Session, actor: Actor, draft: Draft, wish: Wish, now: datetime) -> Report:
    """Enter of a file what is wished for: all of it unless something is wrong, or what is good.

    Raises:
        Refused: the actor may not, or the report is not the one that was read.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    checked = sift(s, actor.market, draft.collection)
    report = checked.report
    _tell(report, draft.drawing, checked)
    strand(s, actor.market, report, checked.things)
    drawing = _standing(draft.drawing, checked)
    wanted = change.changes(s, actor.market, checked.good)
    for one in wanted:
        report.new += one.there is None
        report.same += one.same
        report.changed += one.there is not None and not one.same
    if wish.grants(report):
        if draft.anchor is not None:
            anchors.enter(s, actor.market, draft.anchor)
        day = number.day_of(s, actor.market, now)
        begins = placement.first_day(s, actor.market, day)
        enter_drawing(s, actor.market, drawing)
        _drop(s, actor.market, _gone(actor.market, checked))
        change.enter(s, actor.market, wanted, drawing, begins)
        placement.settle(s, actor.market, day)
        public = {"file": report.file, "new": report.new, "changed": report.changed}
        public["refused"] = len(report.refused)
        evidence.append(s, actor.market, Entry("market.change", actor, role, public=public), now)
        report.applied = True
    return report


def _tell(report: Report, drawing: Drawing, checked: Collection) -> None:
    """Note what was drawn, what of it was guessed, and what is wrong with it."""
    report.streets = len(drawing.streets)
    numbers = {(thing.kind, thing.row["id"]): thing.row.number for thing in checked.things}
    drawing.tell_all(report, numbers, "geometry")
    for name in drawing.guessed:
        report.remark(numbers["shop", name], "faces", GUESSED)


def _gone(market: str, checked: Collection) -> Callable[[str], bool]:
    """Which streets are taken away: the derived ones, where the file brings good ones of its own."""
    return replaced(market, frozenset(thing.row["id"] for thing in checked.good if thing.kind == "street"))


def _standing(drawing: Drawing, checked: Collection) -> Drawing:
    """The drawing without ways to streets of the file that are refused."""
    streets = {thing.row["id"] for thing in checked.things if thing.kind == "street"}
    fallen = streets - {thing.row["id"] for thing in checked.good if thing.kind == "street"}
    kept = {shop: street for shop, street in drawing.street_of.items() if street not in fallen}
    return replace(drawing, street_of=kept)


def _without(streets: Sequence[Street], gone: Callable[[str], bool]) -> tuple[Street, ...]:
    return tuple(street for street in streets if not gone(street.id))


def _drop(s: Session, market: str, gone: Callable[[str], bool]) -> None:
    """Take streets away; a shop that opened to one opens to the nearest until it is said."""
    for row in s.scalars(select(rows.Street).where(rows.Street.market == market)).all():
        if gone(row.id):
            s.execute(update(rows.Shop).where(rows.Shop.street == row.id).values(street=None))
            s.delete(row)
    s.flush()


def _corner(collection: Collection, frame: Frame, solver: Solver) -> Anchor | None:
    """The north-western corner of everything in the file: the origin of a plan that begins with it."""
    points = tuple(point for thing in collection.things for point in (*thing.points, *thing.beside))
    if not points:
        return None
    there = solver.quick(asks.PLACE, PlaceAsked(points, frame, "wgs84")).points
    return Anchor(min(lon for lon, _ in there), max(lat for _, lat in there))


def _placed(collection: Collection, frame: Frame, anchor: Anchor | None, solver: Solver) -> Collection:
    """Everything in the plan's own metres."""
    points = tuple(point for thing in collection.things for point in (*thing.points, *thing.beside))
    if frame == "metres" or not points:
        return collection
    placed = iter(solver.quick(asks.PLACE, PlaceAsked(points, frame, "metres", anchor)).points)
    moved = tuple(
        replace(
            thing,
            points=tuple(next(placed) for _ in thing.points),
            beside=tuple(next(placed) for _ in thing.beside),
        )
        for thing in collection.things
    )
    return replace(collection, things=moved)
