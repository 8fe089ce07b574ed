"""What the law asks of cameras: none looks where nobody may, and the sheet tells all and every change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.service import filing
from hub.store.camera import Camera
from hub.store.evidence import Line
from tests.hub.api.coverage_cells import FILED

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Hands, Someone

    As = Callable[[str], Someone]
    Store = sessionmaker[Session]

INTO = {"x": 30, "y": 20, "bearing": 80, "fov": 60, "range_m": 20}
AWAY = INTO | {"bearing": 180}
ROOM = {
    "kind": "fitting",
    "ring": [[40, 14], [45, 14], [45, 18], [40, 18]],
    "name_zh": "C-8 试衣间",
    "name_en": "Fitting room of C-8",
}


@pytest.fixture
def zhou(as_: As) -> Someone:
    return as_("zhou")


@pytest.fixture
def room(zhou: Someone) -> str:
    """A fitting room that C-3-3 looks into."""
    answer = zhou.post("/api/zones", ROOM)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def put(zhou: Someone, lens: dict[str, Any], **more: Any) -> Any:
    return zhou.request("PUT", "/api/coverage/cameras/c-3-3", json=lens | more)


def looking(zhou: Someone) -> list[tuple[str, bool]]:
    (zone,) = zhou.get("/api/zones").json()
    return [(camera["id"], camera["masked"]) for camera in zone["cameras"]]


def describe(zhou: Someone, *cameras: str) -> None:
    for camera in cameras:
        answer = zhou.request("PUT", f"/api/filing/cameras/{camera}", json=FILED | {"sign_at": "2026-11-20"})
        assert answer.status_code == 204, answer.text


def acts(store: Store) -> list[str]:
    with store() as s:
        query = select(Line.act).where(Line.act.startswith("zone.") | Line.act.startswith("filing."))
        return list(s.scalars(query.order_by(Line.id)))


def test_a_grid_leader_is_told_of_own_cameras_and_of_no_others(as_: As, room: str) -> None:
    assert as_("lin").get("/api/zones").json()[0]["id"] == room
    answer = as_("shen").get("/api/zones")
    assert (answer.status_code, answer.json()) == (200, [])
    eye = next(one for one in as_("shen").get("/api/coverage").json()["cameras"] if one["bearing"] == 90)
    left, right, top, bottom = eye["x"] + 5, eye["x"] + 7, eye["y"] - 1, eye["y"] + 1
    ahead = [[left, top], [right, top], [right, bottom], [left, bottom]]
    assert as_("zhou").post("/api/zones", ROOM | {"ring": ahead}).status_code == 201
    own = {camera["id"] for camera in as_("shen").get("/api/coverage").json()["cameras"] if camera["enters"]}
    told = {one["id"] for zone in as_("shen").get("/api/zones").json() for one in zone["cameras"]}
    assert told == own
    assert own


def test_who_looks_into_a_fitting_room_is_shown_at_once(zhou: Someone, room: str) -> None:
    assert looking(zhou) == [("c-3-3", False)]
    cameras = {one["id"]: one["enters"] for one in zhou.get("/api/coverage").json()["cameras"]}
    assert cameras == {"c-3-1": [], "c-3-2": [], "c-3-3": [room]}
    tried = zhou.post("/api/coverage/try", INTO | {"camera": "c-3-3"}).json()
    assert tried["enters"] == [room]


def test_no_camera_is_put_so_that_it_looks_there_unless_a_mask_is_stated(
    zhou: Someone, room: str, store: Store
) -> None:
    answer = put(zhou, INTO)
    assert (answer.status_code, answer.json()["code"]) == (409, "zone.open")
    assert "Fitting room of C-8" in answer.json()["en"]
    assert "C-8 试衣间" in answer.json()["zh"]
    assert put(zhou, AWAY).status_code == 200
    assert looking(zhou) == []
    masks = [{"zone": room, "text": "looked at the picture: all black"}]
    assert put(zhou, INTO, masks=masks).status_code == 200
    assert looking(zhou) == [("c-3-3", True)]
    with store() as s:
        line = s.scalars(select(Line).where(Line.act == "zone.mask")).one()
        assert (line.actor, line.public["zone"]) == ("zhou", room)
        assert "looked at" not in str(line.public)


def test_a_mask_that_was_stated_does_not_hold_for_a_camera_that_is_turned(zhou: Someone, room: str) -> None:
    stated = zhou.post(f"/api/zones/{room}/masks", {"camera": "c-3-3", "text": "all black"})
    assert stated.status_code == 204, stated.text
    assert looking(zhou) == [("c-3-3", True)]
    assert put(zhou, INTO | {"bearing": 85}).status_code == 409
    assert put(zhou, AWAY).status_code == 200
    assert put(zhou, INTO).status_code == 409


def test_a_walked_view_into_a_toilet_is_refused_as_well(zhou: Someone, room: str) -> None:
    assert put(zhou, AWAY).status_code == 200
    ring = [[30, 20], [42, 15], [44, 20]]
    answer = zhou.request("PUT", "/api/coverage/cameras/c-3-3/measured", json={"ring": ring})
    assert (answer.status_code, answer.json()["code"]) == (409, "zone.open")
    assert room


def test_a_zone_that_is_no_more_hinders_nobody(zhou: Someone, room: str, as_: As, store: Store) -> None:
    assert as_("lin").delete(f"/api/zones/{room}").status_code == 403
    assert zhou.post(f"/api/zones/{room}/masks", {"camera": "c-3-3", "text": "black"}).status_code == 204
    assert zhou.delete(f"/api/zones/{room}").status_code == 204
    assert zhou.delete(f"/api/zones/{room}").status_code == 404
    assert zhou.get("/api/zones").json() == []
    assert put(zhou, INTO).status_code == 200
    assert acts(store) == ["zone.make", "zone.mask", "zone.remove"]


@pytest.mark.parametrize(
    "ring", [[[0, 0], [4, 4], [4, 0], [0, 4]], [[0, 0], [1, 1], [2, 2]]], ids=["crossed", "a line"]
)
def test_an_outline_without_an_inside_is_no_zone_and_no_view(zhou: Someone, ring: list[list[int]]) -> None:
    walked = zhou.request("PUT", "/api/coverage/cameras/c-3-3/measured", json={"ring": ring})
    for answer in (zhou.post("/api/zones", ROOM | {"ring": ring}), walked):
        assert (answer.status_code, answer.json()["code"]) == (422, "zone.outline")


@pytest.mark.parametrize(
    ("camera", "zone", "code"), [("c-9-9", "", "camera.none"), ("c-3-3", "0000", "zone.none")]
)
def test_a_mask_is_stated_for_what_is_there(
    zhou: Someone, room: str, camera: str, zone: str, code: str
) -> None:
    answer = zhou.post(f"/api/zones/{zone or room}/masks", {"camera": camera, "text": "black"})
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_the_sheet_is_not_handed_in_before_it_is_whole(zhou: Someone, room: str, store: Store) -> None:
    sheet = zhou.get("/api/filing").json()
    assert {row["change"] for row in sheet["cameras"]} == {"new"}
    assert "legal_basis" in sheet["cameras"][0]["missing"]
    answer = zhou.post("/api/filing", {"number": "2026-1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.zone")
    assert put(zhou, AWAY).status_code == 200
    describe(zhou, "c-3-1", "c-3-2")
    answer = zhou.post("/api/filing", {"number": "2026-1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.missing")
    assert "c-3-3" in answer.json()["en"]
    assert "filing.done" not in acts(store)
    assert room


def test_what_has_changed_since_the_last_filing_is_told_and_is_due_in_thirty_days(
    zhou: Someone, clock: Hands, store: Store
) -> None:
    describe(zhou, "c-3-1", "c-3-2", "c-3-3")
    assert zhou.post("/api/filing", {"number": "2026-1"}).status_code == 201
    sheet = zhou.get("/api/filing").json()
    assert {row["change"] for row in sheet["cameras"]} == {"same"}
    assert (sheet["due"], sheet["last"]["number"], sheet["last"]["cameras"]) == (None, "2026-1", 3)
    assert sheet["last"]["by"]["zh"] == "周启明"
    clock.turn(timedelta(minutes=5))
    assert put(zhou, AWAY).status_code == 200
    clock.turn(timedelta(minutes=5))
    assert put(zhou, AWAY | {"bearing": 190}).status_code == 200
    sheet = zhou.get("/api/filing").json()
    row = next(one for one in sheet["cameras"] if one["id"] == "c-3-3")
    assert (row["change"], row["changed"]) == ("changed", ["bearing"])
    assert sheet["due"] == "2026-12-22T04:05:00.000Z"
    assert zhou.post("/api/filing", {}).status_code == 201
    assert zhou.get("/api/filing").json()["due"] is None
    assert acts(store).count("filing.done") == 2


def test_a_camera_that_is_new_is_due_in_thirty_days_from_when_it_was_noticed(
    zhou: Someone, clock: Hands, store: Store
) -> None:
    assert zhou.get("/api/filing").json()["due"] == "2026-12-22T04:00:00.000Z"
    with store.begin() as s:
        s.get_one(Camera, "c-3-1").unfiled_since = clock.now() - timedelta(days=1)
        assert filing.keep(s, clock.now() + timedelta(days=2)) == 2
        assert filing.keep(s, clock.now() + timedelta(days=3)) == 0
        noticed = s.get_one(Camera, "c-3-2").unfiled_since
    assert noticed == clock.now() + timedelta(days=2)
    describe(zhou, "c-3-1", "c-3-2", "c-3-3")
    assert zhou.post("/api/filing", {}).status_code == 201
    with store.begin() as s:
        assert filing.keep(s, clock.now()) == 0


def test_a_camera_that_was_taken_away_is_due_and_stands_in_the_file(
    zhou: Someone, clock: Hands, store: Store
) -> None:
    describe(zhou, "c-3-1", "c-3-2", "c-3-3")
    assert zhou.post("/api/filing", {}).status_code == 201
    with store.begin() as s:
        s.delete(s.get_one(Camera, "c-3-3"))
    clock.turn(timedelta(minutes=5))
    sheet = zhou.get("/api/filing").json()
    assert [row["id"] for row in sheet["removed"]] == ["c-3-3"]
    assert sheet["due"] == "2026-12-22T04:00:00.000Z"
    lines = zhou.get("/api/filing.csv").content.decode("utf-8-sig").splitlines()
    told = [(line.split(",")[0], line.split(",")[-1]) for line in lines[1:]]
    assert told == [("c-3-1", "same"), ("c-3-2", "same"), ("c-3-3", "removed")]


def test_what_is_filed_is_the_sheet_that_was_read(zhou: Someone, store: Store) -> None:
    describe(zhou, "c-3-1", "c-3-2", "c-3-3")
    read = zhou.get("/api/filing").json()["digest"]
    assert put(zhou, AWAY).status_code == 200
    answer = zhou.post("/api/filing", {"number": "2026-1", "digest": read})
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.changed")
    assert "filing.done" not in acts(store)
    again = zhou.get("/api/filing").json()["digest"]
    assert zhou.post("/api/filing", {"number": "2026-1", "digest": again}).status_code == 201


@pytest.mark.parametrize("body", [{"number": "2026\u202e1"}, {"digest": "read"}])
def test_a_receipt_is_text_that_can_be_read(zhou: Someone, body: dict[str, str]) -> None:
    assert zhou.post("/api/filing", body).status_code == 422


def test_the_sheet_is_a_file_that_spreadsheets_open_and_do_not_calculate(
    zhou: Someone, as_: As, store: Store
) -> None:
    bad = FILED | {"operator": "=1+1"}
    assert zhou.request("PUT", "/api/filing/cameras/c-3-1", json=bad).status_code == 204
    answer = as_("han").get("/api/filing.csv")
    assert answer.status_code == 200
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("id,name_zh,place_zh,x,y,bearing")
    assert "'=1+1" in lines[1]
    assert len(lines) == 4
    assert acts(store)[-1] == "filing.export"


@pytest.mark.parametrize("who", ["lin", "shen", "qiu"])
def test_the_sheet_is_for_those_who_answer_for_it(as_: As, who: str) -> None:
    assert as_(who).get("/api/filing").status_code == 403


@pytest.mark.parametrize("body", [{"retention_days": 29}, {"kind": "hidden"}, {"operator": " "}])
def test_what_the_law_does_not_allow_cannot_be_entered(zhou: Someone, body: dict[str, Any]) -> None:
    assert zhou.request("PUT", "/api/filing/cameras/c-3-1", json=FILED | body).status_code == 422
