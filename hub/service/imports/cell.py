"""Checks of cells: each answers what is wrong, or None."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import TYPE_CHECKING

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hub.service.imports.report import Report
    from hub.service.imports.table import Row

SLUG = re.compile(r"[a-z0-9-]{1,64}")
YEARS = range(2000, 2200)
MOST_SIZE = 1000.0
REACH = 10_000.0
"""Metres from the plan's origin within which everything lies, as the pages have it."""
AWAY = Pair(
    "距平面图原点超过 10 公里：请选对坐标系，或移动原点",
    "it is more than 10 km from the plan's origin: say in which frame it is, or move the origin",
)
TAKEN = Pair("此编号已被使用", "this id is taken")
ENDED = Pair("该商铺已拆分或合并，不再存在", "these premises are no more: others were made of them")


def slug(cell: str) -> Pair | None:
    """Whether it can be an id."""
    if SLUG.fullmatch(cell):
        return None
    return Pair("编号只能用小写字母、数字和连字符", "an id has small letters, digits and hyphens")


def day(cell: str) -> Pair | None:
    """Whether it is a day."""
    try:
        known = date.fromisoformat(cell).year in YEARS and cell[4:5] == "-"
    except ValueError:
        known = False
    return None if known else Pair("日期应写成 2026-11-22", "write a day as 2026-11-22")


def metres(cell: str) -> Pair | None:
    """Whether it is a number, and no farther than a plan reaches."""
    try:
        known = math.isfinite(float(cell)) and "_" not in cell
    except ValueError:
        known = False
    if not known:
        return Pair("应为以米为单位的数字", "write metres as a number")
    return AWAY if far(float(cell)) else None


def far(value: float) -> bool:
    """Whether a coordinate is farther from the plan's origin than anything can lie; metres."""
    return abs(value) > REACH


def size(cell: str) -> Pair | None:
    """Whether it is a number above nothing."""
    if metres(cell) is None and 0 < float(cell) <= MOST_SIZE:
        return None
    return Pair("应为大于 0 的数字", "write a number above 0")


def count(cell: str) -> Pair | None:
    """Whether it is a number to count with."""
    if cell.isascii() and cell.isdigit() and 0 < int(cell) <= MOST_SIZE:
        return None
    return Pair("应为 1 至 1000 的整数", "write a whole number from 1 to 1000")


def one_of(values: Iterable[str], what: Pair) -> Callable[[str], Pair | None]:
    """Whether it is one of these."""
    known = frozenset(values)
    words = Pair(f"没有这个{what.zh}", f"there is no such {what.en}")
    return lambda cell: None if cell in known else words


def blame_place(report: Report, row: Row, grids: frozenset[str], groups: dict[str, str]) -> None:
    """Note a grid or group that is none, or that do not belong together; `groups` → their grid."""
    if row["grid"] and row["grid"] not in grids:
        report.blame(row.number, "grid", Pair("没有这个网格", "there is no such grid"))
    if row["group"] and row["group"] not in groups:
        report.blame(row.number, "group", Pair("没有这个联防小组", "there is no such group"))
    elif row["group"] and groups[row["group"]] != row["grid"]:
        report.blame(row.number, "group", Pair("不属于该网格", "it belongs to another grid"))
