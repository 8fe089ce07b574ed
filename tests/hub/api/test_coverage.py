"""The coverage page's routes: the picture, a camera that is tried or put, what is blind now, what next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.api.parts import Parts, Unsolving
from hub.store.camera import Camera
from hub.store.evidence import Line
from tests.hub.town import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone

    As = Callable[[str], Someone]
    Store = sessionmaker[Session]

LENS = {"x": 20, "y": 20, "bearing": 270, "fov": 80, "range_m": 18, "height_m": 3, "width_px": 2560}


def seen(as_: As, who: str = "zhou", query: str = "") -> Any:
    answer = as_(who).get(f"/api/coverage{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def put(as_: As, camera: str = "c-3-2", who: str = "zhou", **more: Any) -> Any:
    return as_(who).request("PUT", f"/api/coverage/cameras/{camera}", json=LENS | more)


def lines(store: Store, act: str) -> list[Line]:
    with store() as s:
        return list(s.scalars(select(Line).where(Line.act == act).order_by(Line.id)))


def test_the_market_is_told_what_is_seen_past_its_shops_and_what_sectors_would_claim(as_: As) -> None:
    told = seen(as_)
    assert (told["scale"], told["level"]) == ("iec2025", "discern")
    assert told["ground_m2"] == pytest.approx(240)
    assert 0 < told["seen"] <= told["sectors"] < 1
    assert told["blind_m2"] == pytest.approx((1 - told["seen"]) * 240)
    assert [level["name"] for level in told["levels"]][:3] == ["overview", "outline", "discern"]
    assert [grid["id"] for grid in told["grids"]] == ["east", "west"]
    assert [camera["id"] for camera in told["cameras"]] == ["c-3-1", "c-3-2", "c-3-3"]
    assert all(camera["area"] and camera["area_m2"] > 0 for camera in told["cameras"])
    first = told["blind"][0]
    assert first["area_m2"] == max(spot["area_m2"] for spot in told["blind"])
    assert "旁" in first["place"]["zh"]
    assert len(first["area"][0][0]) % 2 == 0


def test_a_grid_leader_sees_the_own_grid_and_nothing_of_the_next(as_: As) -> None:
    told = seen(as_, "shen")
    assert [camera["id"] for camera in told["cameras"]] == ["c-3-1", "c-3-2"]
    assert [grid["id"] for grid in told["grids"]] == ["east"]
    assert {spot["grid"] for spot in told["blind"]} <= {"east"}
    assert not any(camera["may"] for camera in told["cameras"])


@pytest.mark.parametrize("who", ["qiu", "wu", "fu"])
def test_others_are_told_who_sees_it(as_: As, who: str) -> None:
    answer = as_(who).get("/api/coverage")
    assert answer.status_code == 403
    assert "monitor" in answer.json()["en"]


def test_everybody_is_told_whether_coverage_and_the_sheet_are_theirs(as_: As) -> None:
    ours = {"coverage.see", "coverage.change", "filing.see", "filing.change"}
    may = {
        who: ours & set(as_(who).get("/api/session").json()["may"]) for who in ("zhou", "lin", "han", "qiu")
    }
    assert may == {"zhou": ours, "lin": {"coverage.see"}, "han": {"coverage.see", "filing.see"}, "qiu": set()}


def test_levels_are_chosen_by_either_standard(as_: As) -> None:
    assert seen(as_, query="?scale=dori")["level"] == "observe"
    finer = seen(as_, query="?level=characterise")
    assert finer["seen"] < seen(as_, query="?level=overview")["seen"]
    answer = as_("zhou").get("/api/coverage?scale=dori&level=discern")
    assert (answer.status_code, answer.json()["code"]) == (422, "coverage.level")
    assert "recognise" in answer.json()["en"]


def test_what_is_tried_is_what_is_saved_and_trying_saves_nothing(as_: As, store: Store) -> None:
    before = seen(as_)
    answer = as_("zhou").post("/api/coverage/try", LENS | {"camera": "c-3-2"})
    assert answer.status_code == 200, answer.text
    tried = answer.json()
    assert seen(as_) == before
    assert put(as_).status_code == 200
    after = seen(as_)
    camera = next(one for one in after["cameras"] if one["id"] == "c-3-2")
    assert camera["area"] == tried["area"]
    assert after["seen"] == pytest.approx(tried["seen"], abs=1e-4)
    assert tried["gain_m2"] == pytest.approx((after["seen"] - before["seen"]) * 240, abs=0.05)
    (line,) = lines(store, "camera.place")
    assert line.actor == "zhou"
    assert (line.public["before"]["bearing"], line.public["after"]["bearing"]) == (90, 270)


def test_one_camera_more_is_tried_before_it_is_bought(as_: As) -> None:
    tried = as_("zhou").post("/api/coverage/try", LENS | {"x": 58, "y": 20}).json()
    assert tried["gain_m2"] == pytest.approx(tried["alone_m2"])
    assert tried["gain_m2"] > 0
    assert len(seen(as_)["cameras"]) == 3


@pytest.mark.parametrize("who", ["lin", "shen", "ji"])
def test_only_the_manager_moves_cameras(as_: As, who: str) -> None:
    assert put(as_, who=who).status_code == 403
    assert as_(who).post("/api/coverage/try", LENS).status_code == 403


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"x": 61}, 422, "camera.outside"),
        ({"bearing": 360}, 422, "input.shape"),
        ({"fov": 0}, 422, "input.shape"),
        ({"height": 3}, 422, "input.shape"),
    ],
)
def test_a_camera_stands_in_its_market_and_looks_somewhere(
    as_: As, more: dict[str, Any], status: int, code: str
) -> None:
    answer = put(as_, **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "odd",
    [
        {"x": 0, "y": 0},
        {"x": 60, "y": 40},
        {"x": 5, "y": 10},
        {"x": 5, "y": 18},
        {"x": 2.5, "y": 14},
        {"fov": 360, "range_m": 300},
        {"fov": 1, "range_m": 1},
        {"height_m": 40},
        {"width_px": 160},
        {"bearing": 359.999},
    ],
    ids=str,
)
def test_a_camera_may_be_tried_at_the_oddest_place(as_: As, odd: dict[str, float]) -> None:
    answer = as_("zhou").post("/api/coverage/try", LENS | odd)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert 0 <= told["alone_m2"] <= told["area_m2"] + 1e-6
    assert told["area_m2"] <= 240.1
    assert 0 < told["seen"] <= 1


def test_nothing_is_tried_or_walked_beside_the_plan(as_: As) -> None:
    zhou, ring = as_("zhou"), [[20, 18], [90, 18], [24, 22]]
    walked = zhou.request("PUT", "/api/coverage/cameras/c-3-2/measured", json={"ring": ring})
    for answer in (walked, zhou.post("/api/coverage/try", LENS | {"y": -1})):
        assert (answer.status_code, answer.json()["code"]) == (422, "camera.outside")


def test_a_camera_that_is_carried_to_another_grid_belongs_there(as_: As, store: Store) -> None:
    assert put(as_).status_code == 200
    assert [one["id"] for one in seen(as_, "shen")["cameras"]] == ["c-3-1", "c-3-2"]
    assert put(as_, x=50).status_code == 200
    assert [one["id"] for one in seen(as_, "shen")["cameras"]] == ["c-3-1"]
    line = lines(store, "camera.place")[-1]
    assert (line.public["before"]["grid"], line.public["after"]["grid"]) == ("east", "west")


def test_a_camera_that_is_not_there_cannot_be_put(as_: As) -> None:
    assert put(as_, "c-9-9").status_code == 404


def test_a_walked_view_counts_until_the_camera_is_moved(as_: As, store: Store) -> None:
    zhou, ring = as_("zhou"), [[20, 18], [24, 18], [24, 22], [20, 22]]
    answer = zhou.request("PUT", "/api/coverage/cameras/c-3-2/measured", json={"ring": ring})
    assert answer.status_code == 204, answer.text
    camera = next(one for one in seen(as_)["cameras"] if one["id"] == "c-3-2")
    assert (camera["measured"], camera["area_m2"]) == (True, pytest.approx(16))
    assert put(as_).status_code == 200
    camera = next(one for one in seen(as_)["cameras"] if one["id"] == "c-3-2")
    assert (camera["measured"], camera["area_m2"] > 16) == (False, True)
    assert len(lines(store, "camera.measure")) == 1


def test_what_is_blind_now_is_told_by_grid_and_since_when(as_: As, store: Store) -> None:
    lin = as_("lin")
    calm = lin.get("/api/coverage/now").json()
    assert (calm["lost_m2"], calm["blind"]) == (0, [])
    assert [grid["since"] for grid in calm["grids"]] == [None, None]
    with store.begin() as s:
        camera = s.get_one(Camera, "c-3-3")
        camera.state, camera.since, camera.reason = "lost", NOON - timedelta(minutes=7), "no picture"
    told = lin.get("/api/coverage/now").json()
    assert told["now"] < told["seen"] == calm["seen"]
    assert told["lost_m2"] > 0
    assert {spot["cause"] for spot in told["blind"]} == {"dark"}
    east, west = told["grids"]
    assert west["since"] == "2026-11-22T03:53:00.000Z"
    assert [(one["id"], one["state"]) for one in west["cameras"]] == [("c-3-3", "lost")]
    assert west["cameras"][0]["lost_m2"] == pytest.approx(told["lost_m2"], rel=0.02)
    assert east["cameras"] == []
    own = as_("shen").get("/api/coverage/now").json()
    assert [grid["id"] for grid in own["grids"]] == ["east"]


def test_a_camera_that_no_edge_reads_is_not_called_blind(as_: As, store: Store) -> None:
    with store.begin() as s:
        camera = s.get_one(Camera, "c-3-3")
        camera.device, camera.state = None, "opening"
    assert as_("lin").get("/api/coverage/now").json()["lost_m2"] == 0


def test_what_a_camera_takes_away_when_it_fails_is_told_before_it_does(as_: As) -> None:
    picture = seen(as_)
    told = as_("lin").get("/api/coverage/without/c-3-3").json()
    alone = {one["id"]: one["alone_m2"] for one in picture["cameras"]}["c-3-3"]
    assert told["lost_m2"] == pytest.approx(alone, rel=0.01)
    assert told["then"] == pytest.approx(picture["seen"] - alone / 240, abs=1e-3)
    assert sum(spot["area_m2"] for spot in told["blind"]) == pytest.approx(alone, rel=0.05)
    assert {spot["cause"] for spot in told["blind"]} == {"dark"}
    assert as_("lin").get("/api/coverage/without/c-9-9").status_code == 404
    assert as_("shen").get("/api/coverage/without/c-3-3").status_code == 403
    assert as_("shen").get("/api/coverage/without/c-3-1").status_code == 200


def test_the_next_cameras_are_proved_and_say_where_and_which_way(as_: As) -> None:
    answer = as_("zhou").post("/api/coverage/next", {"count": 2, "range_m": 20})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["proved"]
    assert told["greedy_m2"] <= told["gain_m2"] <= told["bound_m2"]
    assert told["seen"] < told["seen_then"] <= 1
    assert [mount["facing"]["zh"] for mount in told["mounts"]] in (["东", "西"], ["西", "东"], ["东", "东"])
    assert all(mount["area"] and mount["gain_m2"] > 0 for mount in told["mounts"])


def test_a_planner_that_is_away_is_said_and_nothing_is_changed(
    as_: As, parts: Parts, built: FastAPI, store: Store
) -> None:
    zhou = as_("zhou")
    built.state.parts = replace(parts, solver=Unsolving())
    answer = zhou.get("/api/coverage")
    assert (answer.status_code, answer.json()["code"]) == (503, "plan.unsolved")
    assert answer.headers["retry-after"]
    assert lines(store, "camera.place") == []
