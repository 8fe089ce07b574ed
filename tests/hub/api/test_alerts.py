from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hub.api.shape.alert import Alert
from hub.api.shape.wall import Wall
from hub.service import wall
from hub.store.alert import Call
from tests.hub.town import actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands, Someone

Alarm = "Callable[..., str]"


def test_the_wall_shows_an_alert_with_everything_the_page_needs(
    as_: Callable[[str], Someone], alarm: Callable[..., str]
) -> None:
    name = alarm()
    shown = as_("lin").get("/api/wall").json()
    assert [one["id"] for one in shown["alerts"]] == [name]
    assert shown["duty"]["lead"] == {"zh": "周启明", "en": "Zhou Qiming"}
    assert {camera["id"] for camera in shown["cameras"]} == {"c-3-1", "c-3-2", "c-3-3"}
    assert shown["now"].endswith("Z")


def test_the_shapes_that_pages_are_typed_by_leave_nothing_out(
    store: sessionmaker[Session], alarm: Callable[..., str], parts: Parts
) -> None:
    alarm()
    with store() as session:
        said = wall.snapshot(session, actor(session, "lin"), parts.clock.now())
    assert set(said) == set(Wall.model_fields)
    assert set(said["alerts"][0]) == set(Alert.model_fields)
    assert Wall.model_validate(said).model_dump(mode="json") == said | {
        "alerts": [Alert.model_validate(one).model_dump(mode="json") for one in said["alerts"]]
    }


def test_take_then_confirm_makes_a_case(as_: Callable[[str], Someone], alarm: Callable[..., str]) -> None:
    lin, name = as_("lin"), alarm()
    taken = lin.post(f"/api/alerts/{name}/take")
    assert (taken.status_code, taken.json()["state"]) == (200, "ACKED")
    assert taken.json()["lease"]["person"] == "lin"
    case = lin.post(f"/api/alerts/{name}/confirm").json()["case"]
    assert lin.get(f"/api/alerts/{name}").json()["case"] == case
    assert lin.get(f"/api/cases/{case}").json()["stage"] == "REPORTED"


def test_who_comes_second_is_told_who_was_first(
    as_: Callable[[str], Someone], alarm: Callable[..., str]
) -> None:
    name = alarm()
    as_("lin").post(f"/api/alerts/{name}/take")
    answer = as_("ren").post(f"/api/alerts/{name}/confirm")
    assert (answer.status_code, answer.json()["code"]) == (409, "alert.lease")
    assert "林晓" in answer.json()["zh"]
    assert "Lin Xiao" in answer.json()["en"]


def test_a_dismissal_needs_one_of_six_reasons_and_can_be_taken_back(
    as_: Callable[[str], Someone], alarm: Callable[..., str], clock: Hands
) -> None:
    lin, name = as_("lin"), alarm()
    assert lin.post(f"/api/alerts/{name}/dismiss", {"reason": "boredom"}).status_code == 422
    assert lin.post(f"/api/alerts/{name}/dismiss", {}).status_code == 422
    assert lin.post(f"/api/alerts/{name}/dismiss", {"reason": "light"}).json()["state"] == "DISMISSED"
    assert lin.post(f"/api/alerts/{name}/undo").json()["state"] == "ACKED"
    lin.post(f"/api/alerts/{name}/dismiss", {"reason": "light"})
    clock.at += timedelta(seconds=61)
    assert lin.post(f"/api/alerts/{name}/undo").json()["code"] == "alert.late"


def test_one_alert_is_hung_on_another_or_on_a_case(
    as_: Callable[[str], Someone], alarm: Callable[..., str]
) -> None:
    lin, first, second, third = as_("lin"), alarm(), alarm("crowd"), alarm("linger")
    case = lin.post(f"/api/alerts/{first}/confirm").json()["case"]
    assert lin.post(f"/api/alerts/{second}/attach", {"alert": first}).json()["case"] == case
    assert lin.post(f"/api/alerts/{third}/attach", {"case": case}).json()["state"] == "ATTACHED"
    assert lin.post(f"/api/alerts/{third}/attach", {}).status_code in {409, 422}


def test_a_call_is_noted(
    as_: Callable[[str], Someone], alarm: Callable[..., str], store: sessionmaker[Session]
) -> None:
    lin, name = as_("lin"), alarm("fire")
    assert lin.post(f"/api/alerts/{name}/call", {"number": "119"}).json()["calls"][0]["number"] == "119"
    assert lin.post(f"/api/alerts/{name}/call", {"number": "112"}).status_code == 422
    with store() as session:
        assert session.query(Call).count() == 1


def test_a_guard_sees_and_does_only_what_is_in_his_grid(
    as_: Callable[[str], Someone], alarm: Callable[..., str]
) -> None:
    tao, here, there = as_("tao"), alarm(camera="c-3-3"), alarm(camera="c-3-1")
    assert [one["id"] for one in tao.get("/api/alerts").json()] == [here]
    assert [one["id"] for one in tao.get("/api/wall").json()["alerts"]] == [here]
    assert {one["id"] for one in tao.get("/api/wall").json()["cameras"]} == {"c-3-3"}
    assert tao.post(f"/api/alerts/{here}/take").status_code == 200
    assert tao.get(f"/api/alerts/{there}").status_code == 403
    for act, body in (("take", {}), ("confirm", {}), ("dismiss", {"reason": "light"})):
        answer = tao.post(f"/api/alerts/{there}/{act}", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "right.denied")


@pytest.mark.parametrize("name", ["none", "a" * 64, "..%2f..%2fetc", "' OR 1=1", "%00", "a" * 65])
def test_what_is_not_there_is_said_in_words(as_: Callable[[str], Someone], name: str) -> None:
    answer = as_("lin").get(f"/api/alerts/{name}")
    assert answer.status_code in {404, 422}
    assert set(answer.json()) == {"code", "en", "zh"}


def test_a_list_goes_on_page_by_page(as_: Callable[[str], Someone], alarm: Callable[..., str]) -> None:
    lin = as_("lin")
    names = {alarm("intrusion", zone=f"z{number}") for number in range(5)}
    names |= {alarm("lost", camera="c-3-2", zone="critical"), alarm("crowd")}
    for state in ("all", "open"):
        shown: list[dict[str, Any]] = []
        while page := lin.get("/api/alerts", params={"state": state, "limit": 2} | _before(shown)).json():
            assert len(page) == 2 or len(shown) == 6
            shown += page
        assert [one["id"] for one in shown] == [
            one["id"] for one in lin.get("/api/alerts", params={"state": state}).json()
        ]
        assert {one["id"] for one in shown} == names
        assert len(shown) == len(names)
    queries: list[dict[str, Any]] = [
        {"limit": 0},
        {"limit": 201},
        {"limit": 2**70},
        {"state": "some"},
        {"before": "yesterday at noon"},
    ]
    for query in queries:
        assert lin.get("/api/alerts", params=query).status_code == 422


def _before(shown: list[dict[str, Any]]) -> dict[str, str]:
    """What asks for the page after what is shown."""
    return {"before": shown[-1]["id"]} if shown else {}
