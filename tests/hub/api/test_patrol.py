"""The patrol page over HTTP: checkpoints, signs, plans that the solver draws, and how a day was walked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hub.service.patrol import code, judge, plan
from tests.hub.service.patrol.beat import KEY
from tests.hub.town import NOON
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands, Someone

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def key(parts: Parts, store: sessionmaker[Session]) -> None:
    """The codes' key, as the hub's own sessions bring it along."""
    for made in (parts.sessions, parts.readings, store):
        made.configure(info={code.KEY: KEY})


def entered(who: Someone, n: int, **more: Any) -> str:
    given = {"grid": "east", "name_zh": f"{n} 号点", "name_en": f"Point {n}", "x": 5 + 10 * n, "y": 20} | more
    answer = who.post("/api/patrol/checkpoints", given)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def asked(points: list[str], **more: Any) -> dict[str, Any]:
    return {
        "grid": "east",
        "kind": "round",
        "name_zh": "日巡",
        "name_en": "Day round",
        "times": ["12:00", "18:00"],
        "points": points,
    } | more


def test_a_leader_hangs_points_prints_signs_and_has_rounds_drawn(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    shen = as_("shen")
    points = [entered(shen, n) for n in range(4)]
    assert shen.get("/api/patrol/sheet?grid=east").text.count("<image") == 0
    assert shen.post("/api/patrol/codes", {"checkpoints": points}).status_code == 204
    page = shen.get("/api/patrol/sheet?grid=east")
    assert (page.headers["content-type"], page.text.count("<image")) == ("text/html; charset=utf-8", 4)
    assert "#1 0 号点" in page.text
    shown = shen.get("/api/patrol/checkpoints?grid=east").json()
    assert [(one["number"], one["code"]["until"]) for one in shown] == [
        (n, "2027-02-20") for n in range(1, 5)
    ]
    made = shen.post("/api/patrol/plans", asked(points))
    assert made.status_code == 201, made.text
    assert made.json()["worst"] >= made.json()["best_fixed"]
    (row,) = shen.get("/api/patrol/plans").json()
    assert (row["times"], row["ways"] > 1) == (["12:00", "18:00"], True)
    with store.begin() as s:
        assert plan.due(s, NOON - HOUR) == 2


def test_a_fixed_round_goes_the_shortest_lap(as_: Callable[[str], Someone]) -> None:
    zhou = as_("zhou")
    a, b, c, d = (entered(zhou, n) for n in (0, 2, 1, 3))
    made = zhou.post("/api/patrol/plans", asked([a, b, c, d], drawn=False)).json()
    (row,) = zhou.get("/api/patrol/plans").json()
    assert (row["points"][0], made["proved"]) == (a, True)
    assert row["points"] in ([a, c, b, d], [a, c, d, b], [a, b, d, c], [a, d, b, c])


def test_names_on_signs_are_text_whatever_they_say(as_: Callable[[str], Someone]) -> None:
    zhou = as_("zhou")
    one = entered(zhou, 0, name_zh="<script>alert(1)</script>")
    zhou.post("/api/patrol/codes", {"checkpoints": [one]})
    assert "<script" not in zhou.get("/api/patrol/sheet?grid=east").text


def test_only_who_sets_patrols_gets_the_signs(as_: Callable[[str], Someone]) -> None:
    entered(as_("zhou"), 0)
    assert as_("qiu").get("/api/patrol/sheet?grid=east").status_code == 403
    assert as_("shen").get("/api/patrol/sheet?grid=west").status_code == 403
    assert as_("qiu").post("/api/patrol/checkpoints", {}).status_code == 403


def test_what_does_not_fit_is_refused_with_a_sentence(as_: Callable[[str], Someone]) -> None:
    zhou = as_("zhou")
    one = entered(zhou, 0, tag="04:11:22:33")
    bad = [
        zhou.post("/api/patrol/plans", asked(["nowhere"])),
        zhou.post("/api/patrol/plans", asked([])),
        zhou.post("/api/patrol/plans", asked([one], grid="west")),
        zhou.post("/api/patrol/plans", asked([one], grid="moon")),
        zhou.request("PUT", "/api/patrol/plans/nowhere", json=asked([one])),
        zhou.delete("/api/patrol/plans/nowhere"),
        zhou.delete("/api/patrol/checkpoints/nowhere"),
    ]
    assert [answer.status_code for answer in bad] == [422, 422, 422, 404, 404, 404, 404]
    assert all(answer.json()["en"].endswith(".") for answer in bad)
    twice = {"grid": "east", "name_zh": "二", "name_en": "Two", "x": 5, "y": 20, "tag": "04112233"}
    assert zhou.post("/api/patrol/checkpoints", twice).json()["code"] == "checkpoint.tag"
    outside = twice | {"tag": None, "x": 5000}
    assert zhou.post("/api/patrol/checkpoints", outside).json()["code"] == "checkpoint.outside"


def test_a_day_beyond_every_calendar_is_refused_in_words(as_: Callable[[str], Someone]) -> None:
    assert [as_("zhou").get(f"/api/patrol?on={on}").status_code for on in ("9999-12-31", "0001-01-01")] == [
        422,
        422,
    ]


def test_the_day_says_what_was_kept_what_was_missed_and_the_largest_gap(
    as_: Callable[[str], Someone], store: sessionmaker[Session], clock: Hands
) -> None:
    shen, qiu = as_("shen"), as_("qiu")
    points = [entered(shen, n) for n in range(3)]
    shen.post("/api/patrol/codes", {"checkpoints": points})
    shen.post("/api/patrol/plans", asked(points, times=["12:00"], solve=False))
    with store.begin() as s:
        plan.due(s, NOON)
        first = code.text(s, *_sign(s, points[0]))
    round_ = qiu.get("/api/phone/today").json()["patrol"]["round"]["id"]
    before = shen.get(f"/api/patrol/rounds/{round_}").json()
    assert (before["points"], before["seed"]) == (None, None)
    said = [
        {
            "id": new_id(),
            "at": "2026-11-22T12:30:00+08:00",
            "kind": "scan",
            "body": {"by": "qr", "code": first},
        },
        {
            "id": new_id(),
            "at": "2026-11-22T12:40:00+08:00",
            "kind": "skip",
            "body": {"round": round_, "checkpoint": points[1], "reason": "locked"},
        },
    ]
    clock.turn(HOUR)
    assert as_("jiang").post("/api/phone/said", {"items": said}).status_code == 200
    clock.turn(2 * HOUR)
    with store.begin() as s:
        assert judge.due(s, clock.now()) == 1
    zhou = as_("zhou")
    page = zhou.get("/api/patrol").json()
    figures = page["figures"]
    assert (figures["due"], figures["kept"], figures["missed"], figures["excused"]) == (3, 1, 2, 1)
    assert figures["share"] == pytest.approx(1 / 3)
    assert {(one["point"]["id"], (one["reason"] or {}).get("id")) for one in page["missed"]} == {
        (points[1], "locked"),
        (points[2], None),
    }
    assert [one["minutes"] for one in page["gaps"]] == [900.0, 900.0, 750.0]
    assert page["grids"][0]["gap"]["minutes"] == 900.0
    whole = zhou.get(f"/api/patrol/rounds/{round_}").json()
    assert sorted(one["standing"] for one in whole["points"]) == ["kept", "missed", "missed"]
    assert (len(whole["seed"]), whole["visits"][0]["walker"]["id"]) == (32, "jiang")
    assert as_("tao").get(f"/api/patrol/rounds/{round_}").status_code == 403
    assert as_("tao").get("/api/patrol").json()["rounds"] == []
    alerts = zhou.get("/api/alerts").json()
    assert [one["kind"] for one in alerts if one["kind"] in ("missed", "late")] == ["missed"]


def test_a_plan_that_ends_leaves_no_round_behind(
    as_: Callable[[str], Someone], store: sessionmaker[Session], clock: Hands
) -> None:
    clock.at = NOON - HOUR
    zhou = as_("zhou")
    points = [entered(zhou, n) for n in range(3)]
    id_ = zhou.post("/api/patrol/plans", asked(points, solve=False)).json()["id"]
    with store.begin() as s:
        assert plan.due(s, NOON - HOUR) == 2
    changed = asked(points[:2], solve=False, times=["13:00"])
    assert zhou.request("PUT", f"/api/patrol/plans/{id_}", json=changed).status_code == 200
    assert zhou.get("/api/patrol").json()["rounds"] == []
    assert zhou.delete(f"/api/patrol/plans/{id_}").status_code == 204
    assert zhou.get("/api/patrol/plans").json() == []


def _sign(s: Session, id_: str) -> tuple[Any, Any]:
    from hub.store.patrol import Checkpoint  # noqa: PLC0415

    return s.get_one(Checkpoint, id_), code.newest(s, id_)
