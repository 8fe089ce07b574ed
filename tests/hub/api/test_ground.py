"""The plan comes in and goes out as GeoJSON, in metres or degrees, whole or not at all."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from hub.core.placed import Anchor, PlaceAsked
from hub.demo.ground import irregular, small
from hub.plan.place import make as place
from hub.service import ground
from hub.store.evidence import Line
from hub.store.market import Grid, Hall, Market, Shop, Street
from hub.store.placement import Placement
from tests.hub.api.conftest import NEW
from tests.hub.api.drawing import accounted, collection, put
from tests.hub.api.test_imports import send, told
from tests.hub.api.test_imports_drawn import doors
from tests.hub.town import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from hub.core.ground import Ground
    from tests.hub.api.conftest import Someone

PAIR = re.compile(r"\[(-?[0-9.]+), (-?[0-9.]+)\]")
HERE = Anchor(104.066, 30.572, 12.5)


@pytest.mark.parametrize("market", [small, irregular])
def test_a_drawn_plan_comes_in_whole_and_goes_out_as_it_came(
    fresh: Someone,
    store: sessionmaker[Session],
    market: Callable[[], Ground],
) -> None:
    drawing = collection(market())
    checked = accounted(put(fresh, drawing))
    assert (checked["wrong"], checked["remarks"], checked["applied"]) == (0, [], False)
    assert accounted(put(fresh, drawing, apply=True))["applied"]
    with store() as s:
        found = ground.of(s, NEW, NOON.date())
    drawn = market()
    assert {shop.id: (shop.ring, shop.door, shop.street, shop.work) for shop in found.shops} == {
        shop.id: (shop.ring, shop.door, shop.street, round(shop.work, 4)) for shop in drawn.shops
    }
    assert {(street.id, street.line, street.width) for street in found.streets} == {
        (street.id, street.line, street.width) for street in drawn.streets
    }
    out = fresh.get("/api/exports/plan.geojson")
    assert out.headers["Content-Type"] == "application/geo+json"
    one_grid = 1
    assert accounted(put(fresh, out.content))["same"] == checked["rows"] + one_grid
    assert fresh.get("/api/market/faults").json() == []


@pytest.mark.parametrize("frame", ["wgs84", "gcj02"])
def test_a_market_that_begins_in_degrees_keeps_its_place_and_goes_out_in_any_frame(
    fresh: Someone,
    store: sessionmaker[Session],
    frame: str,
) -> None:
    plan = in_degrees(collection(small()), frame)
    assert fresh.get("/api/market/place").json() is None
    assert accounted(put(fresh, plan, apply=True, frame=frame))["applied"]
    lies = fresh.get("/api/market/place").json()
    assert (round(lies["lon"], 2), round(lies["lat"], 2), lies["turn"]) == (104.07, 30.57, 0.0)
    with store() as s:
        width = s.get_one(Market, NEW)
        assert 60 < width.x1 - width.x0 < 100
    for wanted in ("metres", "wgs84", "gcj02"):
        out = fresh.get(f"/api/exports/plan.geojson?frame={wanted}").content
        assert accounted(put(fresh, out, frame=wanted))["same"] == len(plan["features"]) + 1


def in_degrees(plan: dict[str, Any], frame: str) -> dict[str, Any]:
    """The same plan as seen from above."""
    text = json.dumps(plan)
    points = list(dict.fromkeys(PAIR.findall(text)))
    metres = tuple((float(x), float(y)) for x, y in points)
    placed = place(PlaceAsked(metres, "metres", frame, HERE)).points  # type: ignore[arg-type]
    there = dict(zip(points, placed, strict=True))
    return dict(json.loads(PAIR.sub(lambda pair: json.dumps(there[pair.group(1), pair.group(2)]), text)))


def test_degrees_need_a_place_which_the_manager_says_once(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    plan = {"type": "FeatureCollection", "features": [gate("g-2", [104.0661, 30.5719])]}
    refused = put(zhou, plan, frame="wgs84")
    assert (refused.status_code, refused.json()["code"]) == (409, "place.anchor")
    lies = {"lon": 104.066, "lat": 30.572, "turn": 0.0}
    assert zhou.request("PUT", "/api/market/place", json=lies).json() == lies
    assert accounted(put(zhou, plan, frame="wgs84"))["new"] == 1
    with store() as s:
        assert s.scalars(select(Line.act).where(Line.act == "market.change")).all()


def gate(name: str, at: object, **more: object) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": at}
    return {"type": "Feature", "properties": {"kind": "gate", "id": name, **more}, "geometry": geometry}


def grid(name: str, number: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"kind": "grid", "id": name, "number": number}}


def hall(name: str, ring: list[list[float]]) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "properties": {"kind": "hall", "id": name}, "geometry": geometry}


def street(name: str, line: list[list[float]], **more: object) -> dict[str, Any]:
    geometry = {"type": "LineString", "coordinates": line}
    return {"type": "Feature", "properties": {"kind": "street", "id": name, **more}, "geometry": geometry}


def shop(name: str, ring: list[list[float]], **more: object) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    said = {"kind": "shop", "id": name, "name_zh": "铺", "grid": "east", **more}
    return {"type": "Feature", "properties": said, "geometry": geometry}


FREE = [[20.0, 22.0], [24.0, 22.0], [24.0, 28.0], [20.0, 28.0]]


@pytest.mark.parametrize(
    ("feature", "column"),
    [
        (None, "kind"),
        ({"type": "Feature", "properties": None, "geometry": None}, "kind"),
        (gate("g 2", [1, 1]), "id"),
        (gate("g-2", [1]), "geometry"),
        (gate("g-2", [True, 1]), "geometry"),
        (gate("g-2", [1e300, 1]), "geometry"),
        (gate("g-2", [500_000.0, 3_384_000.0]), "geometry"),
        (shop("n-1", FREE, door=[22, -10_000.5]), "door"),
        (shop("n-1", FREE, door=[22, 22], width=10**400), "width"),
        (grid("north", "²"), "number"),
        (grid("north", "1" * 5000), "number"),
        (gate("g-2", {"x": 1}), "geometry"),
        (gate("g-2", [1, 1], name_zh=["门"]), "name_zh"),
        (gate("g-2", [1, 1], name_zh="门" * 65), "name_zh"),
        (gate("g-2", [1, 1], name_zh="\ud800"), "name_zh"),
        (shop("n-1", FREE), "door"),
        (shop("n-1", FREE, door="here"), "door"),
        (shop("n-1", FREE[:2], door=[22, 22]), "geometry"),
        (shop("n-1", [FREE[0], FREE[2], FREE[1], FREE[3]], door=[22, 22]), "geometry"),
        (shop("n-1", [[x + 50, y] for x, y in FREE], door=[72, 22]), "geometry"),
        (shop("n-1", [[x, y - 8] for x, y in FREE], door=[22, 18]), "geometry"),
        (shop("n-1", FREE, door=[22, 22], street="s9"), "street"),
        (shop("n-1", FREE, door=[22, 22], hall="h9"), "hall"),
        (shop("n-1", FREE, door=[22, 22], grid="north"), "grid"),
        (shop("n-1", FREE, door=[22, 22], work=-1), "work"),
        (shop("n-1", FREE, door=[22, 22], open="perhaps"), "open"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_feature_is_told_and_nothing_of_the_file_is_taken(
    as_: Callable[[str], Someone], feature: object, column: str
) -> None:
    plan = {"type": "FeatureCollection", "features": [gate("g-9", [30.0, 20.0]), feature]}
    answer = accounted(put(as_("zhou"), plan, apply=True))
    assert {(one["row"], one["column"]) for one in answer["problems"]} == {(2, column)}
    assert (answer["applied"], answer["new"]) == (False, 1)


def test_the_good_features_are_taken_once_the_bad_ones_were_read(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    features = [shop("n-1", FREE, door=[22, 22], street="s1"), gate("g 2", [1, 1])]
    plan = {"type": "FeatureCollection", "features": features}
    seen = accounted(put(zhou, plan))["report"]
    assert accounted(put(zhou, plan, apply=True, good=seen))["applied"]
    with store() as s:
        assert s.get_one(Shop, "n-1").street == "s1"


ROAD = [[0.0, 30.0], [30.0, 30.0]]
CROSSED = [FREE[0], FREE[2], FREE[1], FREE[3]]


@pytest.mark.parametrize(
    ("features", "wrong"),
    [
        (
            [hall("h-2", FREE[:2]), street("s-2", ROAD, hall="h-2"), shop("n-1", FREE, door=[22, 22])],
            {(1, "geometry"), (2, "hall")},
        ),
        (
            [hall("h-2", CROSSED), street("s-2", ROAD, hall="h-2"), shop("n-1", FREE, door=[22, 28])],
            {(1, "geometry"), (2, "hall")},
        ),
        (
            [street("s-2", ROAD, hall="h-2"), shop("n-1", FREE, door=[22, 28], street="s-2")],
            {(1, "hall"), (2, "street")},
        ),
        ([grid("north", 1), shop("n-1", FREE, door=[22, 22], grid="north")], {(1, "number"), (2, "grid")}),
    ],
)
def test_what_names_something_that_the_same_file_failed_to_bring_is_not_good_either(
    as_: Callable[[str], Someone], features: list[dict[str, Any]], wrong: set[tuple[int, str]]
) -> None:
    zhou = as_("zhou")
    plan = {"type": "FeatureCollection", "features": [*features, gate("g-9", [30.0, 20.0])]}
    seen = accounted(put(zhou, plan))
    assert {(one["row"], one["column"]) for one in seen["problems"]} == wrong
    assert accounted(put(zhou, plan, apply=True, good=seen["report"]))["applied"]


def test_a_hall_and_a_shop_with_one_id_are_told_apart(as_: Callable[[str], Someone]) -> None:
    features = [grid("n-1", 7), hall("n-1", FREE), shop("n-1", CROSSED, door=[22, 22]), gate("n-1", [30, 20])]
    answer = accounted(put(as_("zhou"), {"type": "FeatureCollection", "features": features}))
    assert {one["row"] for one in answer["problems"]} == {3}


def test_grids_change_numbers_among_themselves_and_with_a_new_one(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    for features in (
        [grid("east", 2), grid("west", 1)],
        [grid("north", 2), grid("east", 3), grid("west", 1)],
    ):
        answer = accounted(put(zhou, {"type": "FeatureCollection", "features": features}, apply=True))
        assert (answer["problems"], answer["applied"]) == ([], True)
        numbers = {one["properties"]["id"]: one["properties"]["number"] for one in features}
        with store() as s:
            assert {row.id: row.number for row in s.scalars(select(Grid))} == numbers


def test_a_grid_that_may_not_change_its_number_keeps_it_from_others(as_: Callable[[str], Someone]) -> None:
    plan = {"type": "FeatureCollection", "features": [grid("east", 2), grid("north", 1)]}
    answer = accounted(put(as_("zhou"), plan))
    assert {(one["row"], one["column"]) for one in answer["problems"]} == {(1, "number"), (2, "number")}


def test_a_street_of_which_only_the_line_is_known_gets_its_outline(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    geometry = {"type": "LineString", "coordinates": [[0, 30], [30, 30], [30, 40]]}
    said = {"kind": "street", "id": "s2", "type": "aisle", "width": 4, "colour": "red"}
    plan = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": said, "geometry": geometry}],
    }
    answer = accounted(put(as_("zhou"), plan, apply=True))
    assert answer["applied"]
    assert any("colour" in one["en"] for one in answer["remarks"])
    with store() as s:
        street = s.get_one(Street, "s2")
        assert street.line == [[0, 30], [30, 30], [30, 40]]
        assert (street.width, len(street.ring)) == (4, 6)
        assert [0.0, 28.0] in street.ring
    assert accounted(put(as_("zhou"), plan))["same"] == 1


def test_a_hall_or_street_of_another_market_is_not_touched(
    fresh: Someone,
    store: sessionmaker[Session],
) -> None:
    ring = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    mine = {"type": "Feature", "properties": {"kind": "hall", "id": "h1"}, "geometry": geometry}
    answer = accounted(put(fresh, {"type": "FeatureCollection", "features": [mine]}, apply=True))
    assert answer["applied"] is False
    assert {one["column"] for one in answer["problems"]} == {"id"}
    with store() as s:
        assert s.get_one(Hall, "h1").market == "yunda"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import.geojson"),
        (b"null", "import.geojson"),
        (b'{"type":"Feature"}', "import.geojson"),
        (b'{"type":"FeatureCollection","features":{}}', "import.geojson"),
        (b'{"type":"FeatureCollection","features":[NaN]}', "import.geojson"),
        (b"[" * 100_000, "import.geojson"),
        (b'{"type":"FeatureCollection","features":[' + b"1" * 5000 + b"]}", "import.geojson"),
        (b"\xff\xfe\xff\xff", "import.text"),
    ],
)
def test_what_is_no_plan_at_all_is_refused_with_a_sentence(
    as_: Callable[[str], Someone], data: bytes, code: str
) -> None:
    answer = put(as_("zhou"), data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_only_who_may_change_the_market_gets_at_the_plan(as_: Callable[[str], Someone]) -> None:
    lin = as_("lin")
    assert put(lin, {"type": "FeatureCollection", "features": []}).status_code == 403
    for path in ("/api/exports/plan.geojson", "/api/market/faults", "/api/market/place"):
        assert lin.get(path).status_code == 403


def test_grids_come_with_the_plan_and_its_shops_go_into_them(
    fresh: Someone, store: sessionmaker[Session]
) -> None:
    drawn = collection(small())
    for feature in drawn["features"]:
        if feature["properties"]["kind"] == "shop":
            feature["properties"]["grid"] = "n-2" if feature["properties"]["id"] > "a-030" else "n-1"
    grids = [
        {"type": "Feature", "properties": {"kind": "grid", "id": f"n-{n}", "number": n, "名称": f"{n} 格"}}
        for n in (1, 2)
    ]
    drawn["features"] = [*drawn["features"], *grids]
    assert accounted(put(fresh, drawn, apply=True))["applied"]
    with store() as s:
        assert s.get_one(Grid, "n-2").name_zh == "2 格"
        assert s.scalar(select(func.count()).select_from(Placement).where(Placement.grid == "n-2")) == 30
    out = fresh.get("/api/exports/plan.geojson").content
    assert accounted(put(fresh, out))["same"] == len(drawn["features"])
    clash = {"type": "Feature", "properties": {"kind": "grid", "id": "n-3", "number": 2}}
    strange = {"type": "Feature", "properties": {"kind": "grid", "id": "n-4", "number": "two"}}
    answer = accounted(put(fresh, {"type": "FeatureCollection", "features": [clash, strange]}, apply=True))
    assert {(one["row"], one["column"]) for one in answer["problems"]} == {(1, "number"), (2, "number")}


def test_streets_that_are_drawn_take_the_place_of_those_that_were_derived(
    fresh: Someone, store: sessionmaker[Session]
) -> None:
    told(send(fresh, "shops", doors(measured=True), apply=True))
    drawn = collection(small())
    kept = [one for one in drawn["features"] if one["properties"]["kind"] in {"hall", "street", "gate"}]
    answer = accounted(put(fresh, {"type": "FeatureCollection", "features": kept}, apply=True))
    assert answer["applied"]
    with store() as s:
        found = ground.of(s, NEW, NOON.date())
        assert {street.id for street in found.streets} == {street.id for street in small().streets}
    assert fresh.get("/api/market/faults").json() == []
    shops = {"type": "FeatureCollection", "features": drawn["features"][len(kept) :]}
    assert accounted(put(fresh, shops, apply=True))["applied"]
    with store() as s:
        assert {shop.street for shop in ground.of(s, NEW, NOON.date()).shops} <= {
            street.id for street in small().streets
        }


def test_shops_that_say_no_street_come_with_the_streets_that_replace_the_derived_ones(
    fresh: Someone, store: sessionmaker[Session]
) -> None:
    told(send(fresh, "shops", doors(measured=True), apply=True))
    drawn = collection(small())
    for feature in drawn["features"]:
        if feature["properties"]["kind"] == "shop":
            del feature["properties"]["street"]
    assert accounted(put(fresh, drawn, apply=True))["applied"]
    with store() as s:
        found = ground.of(s, NEW, NOON.date())
    assert {street.id for street in found.streets} == {street.id for street in small().streets}
    assert {shop.street for shop in found.shops} <= {None, *(street.id for street in found.streets)}
