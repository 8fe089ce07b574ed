"""Shops as rows of a file: their columns, what a row says of a shop that is there, and how it is entered."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.drawn import Stall
from hub.core.glossary import Pair
from hub.service.imports.cell import ENDED, TAKEN, blame_place, metres, one_of, size, slug
from hub.service.imports.report import outdated
from hub.service.imports.table import Column
from hub.store.market import Grid, Hall, Shop, ShopGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.core.ground import Point, Ring
    from hub.service.imports.drawing import Drawing
    from hub.service.imports.report import Report
    from hub.service.imports.table import Row

FACES = {
    **dict.fromkeys(("north", "n", "北", "朝北"), 0.0),
    **dict.fromkeys(("northeast", "ne", "东北", "朝东北"), 45.0),
    **dict.fromkeys(("east", "e", "东", "朝东"), 90.0),
    **dict.fromkeys(("southeast", "se", "东南", "朝东南"), 135.0),
    **dict.fromkeys(("south", "s", "南", "朝南"), 180.0),
    **dict.fromkeys(("southwest", "sw", "西南", "朝西南"), 225.0),
    **dict.fromkeys(("west", "w", "西", "朝西"), 270.0),
    **dict.fromkeys(("northwest", "nw", "西北", "朝西北"), 315.0),
}
"""Bearings by the words of an office."""
COLUMNS = (
    Column("id", Pair("编号", "Id"), must=True, check=slug),
    Column("name_zh", Pair("商铺名称", "Name"), must=True),
    Column("name_en", Pair("英文名", "English name")),
    Column("grid", Pair("网格", "Grid")),
    Column("group", Pair("联防小组", "Group")),
    Column("hall", Pair("厅", "Hall")),
    Column("x", Pair("门口横坐标", "Door, x"), must=True, check=metres, most=20),
    Column("y", Pair("门口纵坐标", "Door, y"), must=True, check=metres, most=20),
    Column(
        "open",
        Pair("营业", "Open"),
        check=one_of(("yes", "no"), Pair("选项（yes 或 no）", "choice but yes and no")),
    ),
    Column("width", Pair("面宽", "Width of the front"), check=size, most=16),
    Column("depth", Pair("进深", "Depth"), check=size, most=16),
    Column("faces", Pair("朝向", "Faces"), check=one_of(FACES, Pair("朝向", "direction")), most=16),
    Column("street", Pair("通道", "Street")),
    Column("work", Pair("工作量", "Work"), check=size, most=16),
    Column("trade", Pair("业态", "Trade")),
    Column("fire_class", Pair("火灾危险等级", "Fire class")),
    Column("hours", Pair("营业时间", "Hours")),
)
ROUNDING = 0.03
"""Metres by which an outline to the centimetre may differ from what was measured."""
KEPT = ("name_en", "open", "width", "depth", "street", "work")
"""Left empty, these stay as they are."""


def line(shop: Shop) -> dict[str, str]:
    """The shop as a row; all but the way it faces, which its outline tells."""
    width, depth = measured(outline(shop), (shop.door_x, shop.door_y))
    return {
        "id": shop.id,
        "name_zh": shop.name_zh,
        "name_en": shop.name_en,
        "grid": shop.grid,
        "group": shop.group or "",
        "hall": shop.hall or "",
        "x": f"{shop.door_x:g}",
        "y": f"{shop.door_y:g}",
        "open": "yes" if shop.open else "no",
        "width": f"{width:g}",
        "depth": f"{depth:g}",
        "street": shop.street or "",
        "work": f"{shop.work:g}",
        "trade": shop.trade,
        "fire_class": shop.fire_class,
        "hours": shop.hours,
    }


def wanted(row: Row, shop: Shop | None) -> dict[str, str]:
    """The row as `line` writes it."""
    new = {"name_en": row["name_zh"], "open": "yes", "width": "", "depth": "", "street": "", "work": "1"}
    kept = line(shop) if shop else new
    spoken = {name: row[name] or kept[name] for name in KEPT}
    cells = {one.name: row[one.name] for one in COLUMNS if one.name != "faces"} | spoken
    numbers = ("x", "y", "width", "depth", "work")
    said = cells | {name: f"{float(cells[name]):g}" for name in numbers if cells[name]}
    as_drawn = {name: kept[name] for name in ("width", "depth") if shop and _alike(said[name], kept[name])}
    return said | as_drawn


def _alike(one: str, other: str) -> bool:
    """Whether two lengths are the same but for how they were rounded."""
    return abs(float(one) - float(other)) <= ROUNDING


def outline(shop: Shop) -> Ring:
    """Its ring as points."""
    flat = [float(value) for value in shop.ring]
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def measured(ring: Ring, door: Point) -> tuple[float, float]:
    """Width of the side that the door is in, and how deep a rectangle of that width and this area is."""
    sides = list(zip(ring, (*ring[1:], *ring[:1]), strict=True))
    if not sides:
        return 0.0, 0.0
    front = min(sides, key=lambda side: _off(door, *side))
    width = math.dist(*front)
    area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in sides)) / 2
    return round(width, 2), round(area / width, 2) if width else 0.0


def _off(at: Point, one: Point, other: Point) -> float:
    """By how much a point is off the line from one corner to the other: 0 between them."""
    return math.dist(one, at) + math.dist(at, other) - math.dist(one, other)


def known(s: Session, market: str, rows: Iterable[Row]) -> dict[str, Shop]:
    """The shops that the rows name and that are there, whichever market's."""
    names = [row["id"] for row in rows]
    found = s.scalars(select(Shop).where(Shop.market == market))
    mine = {shop.id: shop for shop in found}
    strange = [name for name in names if name not in mine]
    for start in range(0, len(strange), 500):
        other = select(Shop).where(Shop.id.in_(strange[start : start + 500]))
        mine |= {shop.id: shop for shop in s.scalars(other)}
    return {name: mine[name] for name in names if name in mine}


def homes(s: Session, market: str) -> tuple[frozenset[str], dict[str, str]]:
    """The market's living grids, and its groups with their grid."""
    grids = frozenset(s.scalars(select(Grid.id).where(Grid.market == market, Grid.ends.is_(None))))
    there = select(ShopGroup).where(ShopGroup.market == market, ShopGroup.ends.is_(None))
    return grids, {one.id: one.grid for one in s.scalars(there)}


def blame(
    s: Session,
    market: str,
    report: Report,
    rows: Iterable[Row],
    there: Mapping[str, Shop],
    more: Iterable[str] = (),
) -> None:
    """Note what is wrong with the rows besides their cells; a market with one grid or none needs no grid.

    `more` are grids that come with the same file.
    """
    grids, groups = homes(s, market)
    grids |= frozenset(more)
    for row in rows:
        if row["id"] in there and there[row["id"]].market != market:
            report.blame(row.number, "id", TAKEN)
        elif row["id"] in there and there[row["id"]].ends is not None:
            report.blame(row.number, "id", ENDED)
        if not row["grid"] and len(grids) > 1:
            report.blame(row.number, "grid", Pair("不能为空", "it is empty"))
        blame_place(report, row, grids, groups)


def halls(s: Session, market: str) -> frozenset[str]:
    """The market's halls."""
    return frozenset(s.scalars(select(Hall.id).where(Hall.market == market)))


def to_draw(row: Row, shop: Shop | None, turn: float) -> Stall | None:
    """What is to be drawn of a row: a new shop, or one that was measured anew; None: its outline stays."""
    said = wanted(row, shop)
    if shop is not None and all(said[name] == line(shop)[name] for name in ("width", "depth")):
        return None
    faces = FACES.get(row["faces"])
    return Stall(
        id=row["id"],
        door=(float(row["x"]), float(row["y"])),
        width=float(said["width"]) if said["width"] else None,
        depth=float(said["depth"]) if said["depth"] else None,
        faces=None if faces is None else (faces - turn) % 360,
        street=said["street"] or None,
    )


def enter(
    s: Session, market: str, rows: Iterable[Row], there: Mapping[str, Shop], drawing: Drawing, begins: date
) -> None:
    """Enter the rows, with the outlines that were drawn of them; new shops stand from `begins` on.

    Raises:
        Refused: a shop that was there when they were drawn is not there any more.
    """
    home = _home(s, market)
    for row in rows:
        shop = there.get(row["id"])
        said = wanted(row, shop)
        x, y = float(row["x"]), float(row["y"])
        ring = drawing.rings.get(row["id"]) or (_moved(shop, x, y) if shop else ())
        if not ring:
            raise outdated()
        if shop is None:
            shop = Shop(id=row["id"], market=market, begins=begins)
            s.add(shop)
        shop.ring = [value for point in ring for value in point]
        shop.name_zh, shop.name_en = said["name_zh"], said["name_en"]
        shop.grid, shop.group, shop.hall = row["grid"] or home, row["group"] or None, row["hall"] or None
        shop.door_x, shop.door_y, shop.open = x, y, said["open"] == "yes"
        shop.street = said["street"] or drawing.street_of.get(row["id"])
        shop.work, shop.trade = float(said["work"]), row["trade"]
        shop.fire_class, shop.hours = row["fire_class"], row["hours"]


def _home(s: Session, market: str) -> str:
    """The one grid of a market that is not cut into grids yet; made where there is none."""
    there = select(Grid.id).where(Grid.market == market, Grid.ends.is_(None)).order_by(Grid.number)
    if (first := s.scalar(there.limit(1))) is not None:
        return first
    name = f"{market}-1"
    s.add(Grid(id=name, market=market, number=1, name_zh="全市场", name_en="Whole market", tint=0))
    s.flush()
    return name


def _moved(shop: Shop, x: float, y: float) -> Ring:
    """Its outline, shifted as its door is."""
    dx, dy = x - shop.door_x, y - shop.door_y
    return (
        tuple((round(px + dx, 2), round(py + dy, 2)) for px, py in outline(shop))
        if dx or dy
        else outline(shop)
    )
