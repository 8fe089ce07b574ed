"""A plan as GeoJSON: its features, checked one by one, and written again. UTF-8 or GB 18030.

A feature says in `kind` what it is. Positions are [x, y] in metres or [longitude, latitude]; a third number
is passed over, as are properties that nobody knows. Features are counted from 1.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service.imports import table
from hub.service.imports.cell import count, one_of, size
from hub.service.imports.report import Report
from hub.service.imports.stall import COLUMNS as STALL
from hub.service.imports.table import MOST_ROWS, Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hub.core.ground import Point

MOST_BYTES = 8 * 1024 * 1024
MOST_CORNERS = 500
FARTHEST = 1e7
"""Metres, and more than any number of degrees."""
NAMES = (Column("name_zh", Pair("名称", "Name")), Column("name_en", Pair("英文名", "English name")))
ID = STALL[0]
KINDS: dict[str, tuple[Column, ...]] = {
    "grid": (ID, Column("number", Pair("序号", "Number"), must=True, check=count, most=4), *NAMES),
    "hall": (ID, *NAMES),
    "street": (
        ID,
        Column(
            "type",
            Pair("类型", "Type"),
            check=one_of(("street", "aisle", "cross"), Pair("通道类型", "type of street")),
        ),
        Column("width", Pair("宽度", "Width"), check=size, most=16),
        Column("hall", Pair("厅", "Hall")),
    ),
    "gate": (ID, *NAMES),
    "shop": tuple(one for one in STALL if one.name not in {"x", "y"}),
}
"""Properties of each kind."""
SHAPES: dict[str, tuple[str, ...]] = {
    "grid": (),
    "hall": ("Polygon",),
    "street": ("LineString", "Polygon"),
    "gate": ("Point",),
    "shop": ("Polygon", "Point"),
}
EXTRA = {"street": "line", "shop": "door"}
"""Positions that stand beside the geometry: a street's middle line, a shop's door."""
LEAST = {"Point": 1, "LineString": 2, "Polygon": 3}
KNOWN = {"grid": "网格", "hall": "厅", "street": "通道", "gate": "大门", "shop": "商铺"}

Written = tuple[str, str, "Sequence[Sequence[float]]", "Mapping[str, object]"]
"""Kind, shape, points and properties of a feature to be written."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One feature: `points` are its corners, its line or its place; `beside` what EXTRA names."""

    row: Row
    kind: str
    shape: str
    points: tuple[Point, ...]
    beside: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """A file as it was read; `report` has what is wrong with single features."""

    things: tuple[Thing, ...]
    report: Report

    @property
    def good(self) -> list[Thing]:
        """Those with which nothing is wrong."""
        refused = self.report.refused
        return [thing for thing in self.things if thing.row.number not in refused]


def read(data: bytes) -> Collection:
    """The features, and what is wrong with each.

    Raises:
        Refused: this is no such file at all; the sentence says what to do.
    """
    features = _features(table.decoded(data, MOST_BYTES))
    report = Report(hashlib.sha256(data).hexdigest(), rows=len(features))
    strange: dict[str, None] = {}
    found = (_thing(report, number, feature, strange) for number, feature in enumerate(features, 1))
    things = tuple(thing for thing in found if thing is not None)
    first: dict[tuple[str, str], int] = {}
    for thing in things:
        before = first.setdefault((thing.kind, thing.row["id"]), thing.row.number)
        if before != thing.row.number:
            words = Pair(f"与第 {before} 个要素重复", f"feature {before} has it already")
            report.blame(thing.row.number, "id", words)
    if strange:
        names = ", ".join(list(strange)[:20])
        report.remark(0, "", Pair(f"这些属性没有读取：{names}", f"these properties were not read: {names}"))
    return Collection(things, report)


def write(features: Iterable[Written]) -> bytes:
    """A FeatureCollection."""
    listed = [
        {
            "type": "Feature",
            "properties": {"kind": kind, **properties},
            "geometry": {"type": shape, "coordinates": _coordinates(shape, points)} if shape else None,
        }
        for kind, shape, points, properties in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": listed}, ensure_ascii=False).encode()


def _coordinates(shape: str, points: Sequence[Sequence[float]]) -> Any:
    if shape == "Point":
        return list(points[0])
    line = [list(point) for point in points]
    return [[*line, line[0]]] if shape == "Polygon" else line


def _features(text: str) -> list[Any]:
    try:
        found = json.loads(text, parse_constant=_no_number)
        features = found["features"] if found["type"] == "FeatureCollection" else None
    except (ValueError, KeyError, TypeError, RecursionError):
        features = None
    if not isinstance(features, list):
        en = "This is no GeoJSON FeatureCollection. Export the plan as GeoJSON and try again."
        raise Refused("input", "import.geojson", en, "文件不是 GeoJSON 要素集合，请导出为 GeoJSON 后重试。")
    if len(features) > MOST_ROWS:
        en = f"The file has more than {MOST_ROWS} features. Split it."
        raise Refused("input", "import.rows", en, f"文件超过 {MOST_ROWS} 个要素，请拆分后再导入。")
    return features


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _thing(report: Report, number: int, feature: Any, strange: dict[str, None]) -> Thing | None:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    kind = properties.get("kind") if isinstance(properties, dict) else None
    if not isinstance(properties, dict) or not isinstance(kind, str) or kind not in KINDS:
        zh = "、".join(f"{name}（{word}）" for name, word in KNOWN.items())
        en = f"its property `kind` says none of {', '.join(KNOWN)}"
        report.blame(number, "kind", Pair(f"属性 kind 应为 {zh} 之一", en))
        return None
    columns = KINDS[kind]
    named = {one.words.zh: one.name for one in columns}
    given: dict[str, Any] = {named.get(str(key), str(key)): value for key, value in properties.items()}
    known = {"kind", EXTRA.get(kind), *(one.name for one in columns)}
    strange |= dict.fromkeys(key[:40] for key in given if key not in known and key.isprintable())
    cells = {one.name: _cell(report, number, one, given) for one in columns if one.name in given or one.must}
    shape, points = _geometry(report, number, kind, feature.get("geometry"))
    beside = _beside(report, number, kind, given.get(EXTRA.get(kind, "")))
    return Thing(Row(number, cells), kind, shape, points, beside)


def _cell(report: Report, number: int, column: Column, given: Mapping[str, Any]) -> str:
    value = given.get(column.name)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, int | float):
        value = f"{value:.10g}" if abs(value) < FARTHEST else str(value)[:40]
    elif value is None:
        value = ""
    if not isinstance(value, str):
        report.blame(number, column.name, Pair("应为文字或数字", "it is neither text nor a number"))
        return ""
    if column.name == "name_zh" and not value:
        value = str(given.get("id") or "")[:64]
    return table.cell(report, number, column, value.strip())


def _geometry(report: Report, number: int, kind: str, geometry: Any) -> tuple[str, tuple[Point, ...]]:
    if not SHAPES[kind]:
        return "", ()
    shape = geometry.get("type") if isinstance(geometry, dict) else None
    wanted = " / ".join(SHAPES[kind])
    if not isinstance(shape, str) or shape not in SHAPES[kind]:
        report.blame(number, "geometry", Pair(f"几何类型应为 {wanted}", f"its geometry is no {wanted}"))
        return "", ()
    given = geometry.get("coordinates")
    if shape == "Polygon" and isinstance(given, list) and len(given) > 1:
        report.remark(number, "geometry", Pair("洞没有读取", "holes are not read"))
    if shape == "Polygon":
        given = given[0] if isinstance(given, list) and given else None
    points = _positions([given] if shape == "Point" else given)
    if shape == "Polygon" and len(points) > 1 and points[0] == points[-1]:
        points = points[:-1]
    if len(set(points)) < LEAST[shape]:
        report.blame(
            number,
            "geometry",
            Pair(
                f"坐标不完整或不是数字，最多 {MOST_CORNERS} 个点",
                f"its positions are not complete, no numbers, or more than {MOST_CORNERS}",
            ),
        )
        return shape, ()
    return shape, points


def _beside(report: Report, number: int, kind: str, given: Any) -> tuple[Point, ...]:
    if given is None or kind not in EXTRA:
        return ()
    name = EXTRA[kind]
    points = _positions([given] if name == "door" else given)
    if len(points) < (1 if name == "door" else 2):
        report.blame(
            number, name, Pair("坐标不完整或不是数字", "its positions are not complete or no numbers")
        )
    return points


def _positions(given: Any) -> tuple[Point, ...]:
    """The positions; nothing where one of them is none, or there are too many."""
    if not isinstance(given, list) or len(given) > MOST_CORNERS:
        return ()
    points = []
    for one in given:
        if not isinstance(one, list) or len(one) < 2 or not all(map(_is_number, one[:2])):  # noqa: PLR2004 - x and y
            return ()
        points.append((float(one[0]), float(one[1])))
    return tuple(points)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < FARTHEST
