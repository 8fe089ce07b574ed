"""What features of a plan change: beside what is there already, laid over the plan, and entered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hub.core import ground
from hub.service.imports import stall, things
from hub.service.imports.drawing import replaced
from hub.service.imports.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.core.drawn import Stall
    from hub.core.ground import Ground, Ring
    from hub.service.imports.drawing import Drawing
    from hub.service.imports.geojson import Thing
    from hub.store.market import Shop

ORDER = ("grid", "hall", "street", "gate")
"""A street may name a hall, so halls go first; shops, which name all of them, are last."""


@dataclass(frozen=True, slots=True)
class Change:
    """A feature, the row that is there already, and what it wants of it; of a shop the cells and the ring."""

    thing: Thing
    there: Any
    values: dict[str, Any]
    ring: Ring = ()

    @property
    def same(self) -> bool:
        """Whether nothing changes."""
        if self.thing.kind != "shop":
            return things.same(self.there, self.values)
        if self.there is None or stall.line(self.there) != self.values:
            return False
        return not self.ring or self.ring == stall.outline(self.there)


def changes(s: Session, market: str, good: Sequence[Thing]) -> list[Change]:
    """What the good features want, in an order in which they can be entered."""
    found = []
    for kind in ORDER:
        mine = [thing for thing in good if thing.kind == kind]
        known = things.known(s, kind, [thing.row["id"] for thing in mine])
        for thing in mine:
            there = known.get(thing.row["id"])
            found.append(Change(thing, there, things.wanted(thing, there)))
    mine = [thing for thing in good if thing.kind == "shop"]
    shops = stall.known(s, market, [thing.row for thing in mine])
    gone = replaced(market, frozenset(thing.row["id"] for thing in good if thing.kind == "street"))
    return found + [_shop_change(thing, shops.get(thing.row["id"]), gone) for thing in mine]


def _shop_change(thing: Thing, there: Shop | None, gone: Callable[[str], bool]) -> Change:
    """A shop with an outline is as wide and deep as that; what the file leaves out stays as it is.

    All but its street, where that is `gone`.
    """
    cells = dict(thing.row.cells)
    ring: Ring = ()
    if thing.shape == "Polygon":
        ring = _outline(thing.points, there)
        sizes = stall.measured(ring, (float(cells["x"]), float(cells["y"])))
        cells |= {"width": f"{sizes[0]:g}", "depth": f"{sizes[1]:g}"}
    known = stall.line(there) if there else {}
    known = {name: cell for name, cell in known.items() if name != "street" or not gone(cell)}
    row = Row(thing.row.number, cells).over(known)
    return Change(replace(thing, row=row), there, stall.wanted(row, there), ring)


def _outline(points: Ring, there: Shop | None) -> Ring:
    """The points to the centimetre; those that are there where they are the same but for rounding."""
    before = stall.outline(there) if there else ()
    if len(before) == len(points) and all(map(things.near, points, before)):
        return before
    return tuple((round(x, 2), round(y, 2)) for x, y in points)


def overlaid(there: Ground, wanted: Sequence[Change], turn: float) -> tuple[Ground, list[Stall]]:
    """The plan as it would be, and the stalls that are still to be drawn on it."""
    halls = {hall.id: hall for hall in there.halls}
    streets = {street.id: street for street in there.streets}
    gates = {gate.id: gate for gate in there.gates}
    shops, stalls = {shop.id: shop for shop in there.shops}, []
    for change in wanted:
        name, values = change.thing.row["id"], change.values
        if change.thing.kind == "hall":
            halls[name] = ground.Hall(name, _ring(values["ring"]))
        elif change.thing.kind == "street":
            streets[name] = things.street(name, values)
        elif change.thing.kind == "gate":
            gates[name] = ground.Gate(name, (values["x"], values["y"]))
        elif change.thing.kind == "shop":
            drawn = None if change.ring else stall.to_draw(change.thing.row, change.there, turn)
            if drawn is None:
                shops[name] = _shop(name, change)
            else:
                stalls.append(drawn)
    whole = ground.Ground(
        there.bounds,
        tuple(halls.values()),
        tuple(streets.values()),
        tuple(shops.values()),
        tuple(gates.values()),
    )
    return whole, stalls


def _shop(name: str, change: Change) -> ground.Shop:
    cells = change.values
    return ground.Shop(
        name,
        change.ring or stall.outline(change.there),
        (float(cells["x"]), float(cells["y"])),
        cells["street"] or None,
        cells["hall"] or None,
        cells["open"] == "yes",
        float(cells["work"]),
    )


def enter(s: Session, market: str, wanted: Sequence[Change], drawing: Drawing, begins: date) -> None:
    """Enter them, with the outlines that were drawn of stalls; new shops stand from `begins` on."""
    _free_numbers(s, wanted)
    for kind in ORDER:
        for change in wanted:
            if change.thing.kind == kind:
                things.enter(s, market, change.thing, change.there, change.values)
        s.flush()
    shops = [change for change in wanted if change.thing.kind == "shop"]
    rings = {change.thing.row["id"]: change.ring for change in shops if change.ring}
    there = {change.thing.row["id"]: change.there for change in shops if change.there is not None}
    rows = [change.thing.row for change in shops]
    stall.enter(s, market, rows, there, replace(drawing, rings={**drawing.rings, **rings}), begins)


def _free_numbers(s: Session, wanted: Sequence[Change]) -> None:
    """Let go of the numbers of grids that get another: no two may have one, not even between two rows."""
    for change in wanted:
        if change.thing.kind == "grid" and change.there and change.there.number != change.values["number"]:
            change.there.number = -change.there.number
    s.flush()


def _ring(points: Sequence[Any]) -> Ring:
    return tuple((float(x), float(y)) for x, y in points)
