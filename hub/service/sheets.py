"""What the filing sheet says of a camera, and wherein it differs from what was handed in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from hub.core.glossary import Pair
from hub.service.imports.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.store.camera import Camera
    from hub.store.filing import Filing

NEEDED = ("kind", "operator", "legal_basis", "purpose", "retention_days", "sign")
"""What must be said of a camera before it is filed."""
Row = dict[str, Any]
COLUMNS = (
    Column("id", Pair("编号", "Id")),
    Column("name_zh", Pair("名称", "Name")),
    Column("place_zh", Pair("安装位置", "Place")),
    Column("x", Pair("横坐标（米）", "x (m)")),
    Column("y", Pair("纵坐标（米）", "y (m)")),
    Column("bearing", Pair("朝向（度）", "Bearing")),
    Column("fov", Pair("视场角（度）", "Field of view")),
    Column("height_m", Pair("安装高度（米）", "Height (m)")),
    Column("width_px", Pair("水平像素", "Pixels across")),
    Column("kind", Pair("类型", "Type")),
    Column("operator", Pair("建设使用单位", "Operator")),
    Column("legal_basis", Pair("法律依据", "Legal basis")),
    Column("purpose", Pair("用途", "Purpose")),
    Column("retention_days", Pair("保存天数", "Kept for (days)")),
    Column("sign", Pair("提示标识", "Sign")),
    Column("sign_at", Pair("标识照片日期", "Day of its photo")),
    Column("change", Pair("与上次备案相比", "Since the last filing")),
)
FILED = tuple(column.name for column in COLUMNS if column.name != "change")


def plain(camera: Camera) -> Row:
    """A camera as the sheet keeps it."""
    row = {each: getattr(camera, each) for each in (*FILED, "name_en")}
    return row | {"sign_at": camera.sign_at.isoformat() if camera.sign_at else None}


def told(filing: Filing | None) -> dict[str, Row]:
    """What a sheet said of each camera."""
    return {row["id"]: row for row in filing.sheet} if filing else {}


def gone(before: dict[str, Row], cameras: Iterable[Camera]) -> list[Row]:
    """What was said of cameras that are no more."""
    there = {camera.id for camera in cameras}
    return [row for row in before.values() if row["id"] not in there]


def digest(sheet: Iterable[Row]) -> str:
    """Of rows as `plain` gives them, in hexadecimal: another once any of them is changed."""
    return hashlib.sha256(json.dumps(list(sheet), sort_keys=True).encode()).hexdigest()


def change(row: Row, before: Row | None) -> tuple[str, list[str]]:
    """new, changed or same; and the columns that differ."""
    if before is None:
        return "new", []
    changed = [each for each in FILED if row[each] != before.get(each)]
    return ("changed" if changed else "same"), changed


def cell(value: object) -> str:
    """A value as the file tells it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
