"""Grids, halls, streets and gates of a file: as they are, as the file wants them, and entered."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import ground
from hub.store.market import Gate, Grid, Hall, Street

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from hub.core.ground import Point, Ring, StreetKind
    from hub.service.imports.geojson import Thing

TABLES: dict[str, Any] = {"grid": Grid, "hall": Hall, "street": Street, "gate": Gate}
WIDTHS = {"street": 6.0, "aisle": 3.0, "cross": 3.0}
"""Metres of a street of which only the line is known."""
TINTS = 5
"""Colours in which grids are drawn."""
ALIKE = 0.02
"""Metres by which a point that went through degrees may have moved."""

Wanted = dict[str, Any]
"""Values by column, as they are to stand in the database."""


def known(s: Session, kind: str, names: list[str]) -> dict[str, Any]:
    """The rows of these ids, whichever market's."""
    table = TABLES[kind]
    found: dict[str, Any] = {}
    for start in range(0, len(names), 500):
        rows = s.scalars(select(table).where(table.id.in_(names[start : start + 500])))
        found |= {row.id: row for row in rows}
    return found


def wanted(thing: Thing, there: Any) -> Wanted:
    """What the thing says, over what is there; points that are there already stay to the millimetre."""
    if thing.kind == "street":
        return _street(thing, there)
    names = {
        "name_zh": thing.row["name_zh"] or (there.name_zh if there else thing.row["id"]),
        "name_en": thing.row["name_en"]
        or (there.name_en if there else thing.row["name_zh"] or thing.row["id"]),
    }
    if thing.kind == "grid":
        number = int(thing.row["number"])
        return {**names, "number": number, "tint": there.tint if there else (number - 1) % TINTS}
    if thing.kind == "hall":
        return {**names, "ring": _points(thing.points, there.ring if there else None)}
    (x, y) = _points(thing.points, [[there.x, there.y]] if there else None)[0]
    return {**names, "x": x, "y": y}


def same(there: Any, values: Wanted) -> bool:
    """Whether the row says all that already."""
    return there is not None and all(_plain(getattr(there, name)) == _plain(values[name]) for name in values)


def enter(s: Session, market: str, thing: Thing, there: Any, values: Wanted) -> None:
    """Enter it, or change it."""
    if there is None:
        s.add(TABLES[thing.kind](id=thing.row["id"], market=market, **values))
        return
    for name, value in values.items():
        setattr(there, name, value)


def band(line: Ring, width: float) -> Ring:
    """The outline of a street of this width along a line; corners are cut square to the middle direction."""
    normals = [_normal(line[max(at - 1, 0)], line[min(at + 1, len(line) - 1)]) for at in range(len(line))]
    sides = (
        tuple(
            (round(x + sign * nx * width / 2, 2), round(y + sign * ny * width / 2, 2))
            for (x, y), (nx, ny) in zip(line, normals, strict=True)
        )
        for sign in (-1, 1)
    )
    one, other = sides
    return (*one, *reversed(other))


def street(name: str, values: Mapping[str, Any]) -> ground.Street:
    """A street as a value; one of which only the outline is known has its line along that."""
    ring = tuple((float(x), float(y)) for x, y in values["ring"])
    line = tuple((float(x), float(y)) for x, y in values["line"] or ring)
    kind: StreetKind = values["kind"]
    return ground.Street(name, kind, line, float(values["width"] or WIDTHS[kind]), ring, values["hall"])


def _street(thing: Thing, there: Any) -> Wanted:
    kind = thing.row["type"] or (there.kind if there else "aisle" if thing.row["hall"] else "street")
    before = there.width if there else None
    said = float(thing.row["width"]) if thing.row["width"] else None
    line = thing.points if thing.shape == "LineString" else thing.beside
    drawn = _points(line, there.line if there else None) if line else (there.line if there else None)
    hall = thing.row["hall"] or (there.hall if there and "hall" not in thing.row.cells else None)
    width = said or before or (WIDTHS[kind] if thing.shape == "LineString" else None)
    if thing.shape == "Polygon":
        ring = _points(thing.points, there.ring if there else None)
    elif there and there.width == width and _plain(there.line) == _plain(drawn):
        ring = there.ring
    else:
        ring = [list(point) for point in band(line, width or WIDTHS[kind])]
    return {"kind": kind, "width": width, "line": drawn, "ring": ring, "hall": hall}


def _points(points: Ring, before: list[Any] | None) -> list[Any]:
    """The points as they are stored; those before where they are the same but for rounding."""
    if before and len(before) == len(points) and all(map(near, points, before)):
        return before
    return [[round(x, 2), round(y, 2)] for x, y in points]


def near(one: Point, other: Any) -> bool:
    """Whether two points are the same but for what degrees lose."""
    return math.dist(one, other) <= ALIKE


def _normal(one: Point, other: Point) -> Point:
    length = math.dist(one, other) or 1.0
    return (one[1] - other[1]) / length, (other[0] - one[0]) / length


def _plain(value: Any) -> Any:
    """Lists and tuples alike."""
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
