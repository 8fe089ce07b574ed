"""The whole plan as GeoJSON that `hub.service.imports.plan` reads again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import asks, policy
from hub.core.placed import PlaceAsked
from hub.core.policy import Target
from hub.service import anchor, evidence, number, placement
from hub.service.evidence import Entry
from hub.service.imports import geojson, stall
from hub.store.market import Gate, Grid, Hall, Street

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.ground import Point, Ring
    from hub.core.placed import Frame
    from hub.core.policy import Actor
    from hub.ports import Solver

DEGREES, METRES = 9, 3
"""Digits after the point: a tenth of a millimetre, and a millimetre."""

Feature = tuple[str, str, "Ring", "Ring", dict[str, Any]]
"""Kind, shape, points, what EXTRA names, properties."""


def give(s: Session, actor: Actor, frame: Frame, solver: Solver, now: datetime) -> bytes:
    """Grids, halls, streets, gates and the shops of today; `note` it before it is handed over.

    Raises:
        Refused: the actor may not, or degrees are wanted and nobody has said where the plan lies.
        UnsolvedError: the solver did not answer.
    """
    policy.authorize(actor, "market.change", Target(actor.market))
    features = [*_ground(s, actor.market), *_shops(s, actor.market, number.day_of(s, actor.market, now))]
    points = tuple(point for _, _, ring, beside, _ in features for point in (*ring, *beside))
    if frame != "metres":
        asked = PlaceAsked(points, "metres", frame, anchor.of(s, actor.market))
        points = solver.quick(asks.PLACE, asked).points
    return geojson.write(_rounded(features, iter(points), METRES if frame == "metres" else DEGREES))


def note(s: Session, actor: Actor, frame: Frame, now: datetime) -> None:
    """Leave the line that a plan goes out.

    Raises:
        Refused: the actor may not.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    evidence.append(s, actor.market, Entry("market.export", actor, role, public={"frame": frame}), now)


def _rounded(features: list[Feature], points: Iterator[Point], digits: int) -> Iterator[geojson.Written]:
    for kind, shape, ring, beside, properties in features:
        placed = [tuple(round(value, digits) for value in next(points)) for _ in (*ring, *beside)]
        own, extra = placed[: len(ring)], placed[len(ring) :]
        if extra:
            name = geojson.EXTRA[kind]
            properties |= {name: list(extra[0]) if name == "door" else [list(one) for one in extra]}
        yield kind, shape, own, properties


def _ground(s: Session, market: str) -> Iterator[Feature]:
    living = select(Grid).where(Grid.market == market, Grid.ends.is_(None))
    for grid in s.scalars(living.order_by(Grid.number)):
        names = {"id": grid.id, "number": grid.number, "name_zh": grid.name_zh, "name_en": grid.name_en}
        yield "grid", "", (), (), names
    for hall in s.scalars(select(Hall).where(Hall.market == market).order_by(Hall.id)):
        names = {"id": hall.id, "name_zh": hall.name_zh, "name_en": hall.name_en}
        yield "hall", "Polygon", _ring(hall.ring), (), names
    for street in s.scalars(select(Street).where(Street.market == market).order_by(Street.id)):
        said = {"id": street.id, "type": street.kind, "width": street.width, "hall": street.hall}
        told = {name: value for name, value in said.items() if value is not None}
        yield "street", "Polygon", _ring(street.ring), _ring(street.line or []), told
    for gate in s.scalars(select(Gate).where(Gate.market == market).order_by(Gate.id)):
        names = {"id": gate.id, "name_zh": gate.name_zh, "name_en": gate.name_en}
        yield "gate", "Point", ((gate.x, gate.y),), (), names


def _shops(s: Session, market: str, day: date) -> Iterator[Feature]:
    for shop in placement.living(s, market, day):
        cells = {name: value for name, value in stall.line(shop).items() if value and name not in {"x", "y"}}
        yield "shop", "Polygon", stall.outline(shop), ((shop.door_x, shop.door_y),), cells


def _ring(points: list[Any]) -> Ring:
    return tuple((float(x), float(y)) for x, y in points)
