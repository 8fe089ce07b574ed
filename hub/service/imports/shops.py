"""The register of shops from a file and into one; a shop or column that it does not name stays as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.service import evidence, number, placement
from hub.service.evidence import Entry
from hub.service.imports import table
from hub.service.imports.cell import TAKEN, blame_place, metres, one_of, slug
from hub.service.imports.table import Column, Row, Sheet
from hub.store.market import Grid, Hall, Market, Shop, ShopGroup

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.imports.report import Report, Wish

FRONT, DEPTH = 4.0, 5.0
"""Metres of a new shop that only says where its door is; the ring can be drawn later."""


COLUMNS = (
    Column("id", Pair("编号", "Id"), must=True, check=slug),
    Column("name_zh", Pair("商铺名称", "Name"), must=True),
    Column("name_en", Pair("英文名", "English name")),
    Column("grid", Pair("网格", "Grid"), must=True),
    Column("group", Pair("联防小组", "Group")),
    Column("hall", Pair("厅", "Hall")),
    Column("x", Pair("门口横坐标", "Door, x"), must=True, check=metres, most=16),
    Column("y", Pair("门口纵坐标", "Door, y"), must=True, check=metres, most=16),
    Column(
        "open",
        Pair("营业", "Open"),
        check=one_of(("yes", "no"), Pair("选项（yes 或 no）", "choice but yes and no")),
    ),
)


def take(s: Session, actor: Actor, data: bytes, wish: Wish, now: datetime) -> Report:
    """Check a file, and enter of it what is wished for: all of it unless something is wrong, or what is good.

    Raises:
        Refused: the actor may not, it is no such file, or its report is not the one that was read.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    sheet, known = _checked(s, actor.market, data)
    report = sheet.report
    for row in sheet.good:
        shop = known.get(row["id"])
        same = shop is not None and _line(shop) == _wanted(row, shop)
        report.new += shop is None
        report.same += same
        report.changed += shop is not None and not same
    if wish.grants(report):
        _enter(s, actor.market, sheet.good, known)
        placement.settle(s, actor.market, number.day_of(s, actor.market, now))
        public = {"file": report.file, "new": report.new, "changed": report.changed}
        public["refused"] = len(report.refused)
        evidence.append(s, actor.market, Entry("market.change", actor, role, public=public), now)
        report.applied = True
    return report


def refused(s: Session, actor: Actor, data: bytes) -> bytes:
    """The rows of a file with which something is wrong, and what.

    Raises:
        Refused: the actor may not, or it is no such file.
    """
    policy.authorize(actor, "market.change", Target(actor.market))
    return table.refused(_checked(s, actor.market, data)[0])


def give(s: Session, actor: Actor, now: datetime) -> bytes:
    """The shops as a file that `take` reads. Leaves a line.

    Raises:
        Refused: the actor may not.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    rows = s.scalars(select(Shop).where(Shop.market == actor.market).order_by(Shop.id)).all()
    evidence.append(s, actor.market, Entry("market.export", actor, role, public={"rows": len(rows)}), now)
    return table.write(COLUMNS, map(_line, rows))


def _line(shop: Shop) -> dict[str, str]:
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
    }


def _wanted(row: Row, shop: Shop | None) -> dict[str, str]:
    """The row as `_line` writes it; a name in English or whether it is open, left empty, is as it was."""
    kept = _line(shop) if shop else {"name_en": row["name_zh"], "open": "yes"}
    spoken = {name: row[name] or kept[name] for name in ("name_en", "open")}
    return {**row.cells, **spoken, "x": f"{float(row['x']):g}", "y": f"{float(row['y']):g}"}


def _checked(s: Session, market: str, data: bytes) -> tuple[Sheet, dict[str, Shop]]:
    """The file with all that is wrong with it, and the shops that it names and that are there."""
    sheet = table.read(data, COLUMNS)
    wanted = [row["id"] for row in sheet.rows]
    known = {one.id: one for one in s.scalars(select(Shop).where(Shop.id.in_(wanted)))}
    lines = {name: _line(shop) for name, shop in known.items() if shop.market == market}
    sheet = replace(sheet, rows=[row.over(lines.get(row["id"], {})) for row in sheet.rows])
    _blame(s, market, sheet, known)
    return sheet, known


def _blame(s: Session, market: str, sheet: Sheet, known: dict[str, Shop]) -> None:
    report = sheet.report
    grids = frozenset(s.scalars(select(Grid.id).where(Grid.market == market, Grid.ends.is_(None))))
    there = select(ShopGroup).where(ShopGroup.market == market, ShopGroup.ends.is_(None))
    groups = {one.id: one.grid for one in s.scalars(there)}
    halls = frozenset(s.scalars(select(Hall.id).where(Hall.market == market)))
    ground = s.get_one(Market, market)
    edges = {"x": (ground.x0, ground.x1), "y": (ground.y0, ground.y1)}
    for row in sheet.rows:
        if row["id"] in known and known[row["id"]].market != market:
            report.blame(row.number, "id", TAKEN)
        if row["hall"] and row["hall"] not in halls:
            report.blame(row.number, "hall", Pair("没有这个厅", "there is no such hall"))
        blame_place(report, row, grids, groups)
        for name, (least, most) in edges.items():
            if row[name] and metres(row[name]) is None and not least <= float(row[name]) <= most:
                report.blame(row.number, name, Pair("在市场范围之外", "it lies outside the market"))


def _enter(s: Session, market: str, rows: list[Row], known: dict[str, Shop]) -> None:
    for row in rows:
        wanted, shop = _wanted(row, known.get(row["id"])), known.get(row["id"])
        x, y = float(row["x"]), float(row["y"])
        if shop is None:
            left, right, back = x - FRONT / 2, x + FRONT / 2, y - DEPTH
            shop = Shop(id=row["id"], market=market, ring=[left, back, right, back, right, y, left, y])
            s.add(shop)
        shop.name_zh, shop.name_en = wanted["name_zh"], wanted["name_en"]
        shop.grid, shop.group, shop.hall = row["grid"], row["group"] or None, row["hall"] or None
        shop.door_x, shop.door_y, shop.open = x, y, wanted["open"] == "yes"
