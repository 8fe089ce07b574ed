from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hub.api.shape.case import Card, Page
from hub.service.case.page import page
from tests.hub.town import actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone

REPORT = {
    "kind": "theft",
    "place": "C-3 门前",
    "grid": "east",
    "x": 12.5,
    "y": 18,
    "severity": 2,
    "text": "钱包",
}


class Case:
    """One case, and the people who act on it."""

    def __init__(self, as_: Callable[[str], Someone], name: str) -> None:
        self._as, self.name = as_, name

    def page(self, person: str) -> dict[str, Any]:
        shown: dict[str, Any] = self._as(person).get(f"/api/cases/{self.name}").json()
        return shown

    def act(self, person: str, act: str, **fields: object) -> tuple[int, dict[str, Any]]:
        client = self._as(person)
        version = client.get(f"/api/cases/{self.name}").json().get("version", 1)
        answer = client.post(f"/api/cases/{self.name}/acts/{act}", {"version": version} | fields)
        return answer.status_code, answer.json()


@pytest.fixture
def case(as_: Callable[[str], Someone]) -> Case:
    """A case that a guard of the east reported."""
    answer = as_("qiu").post("/api/cases", REPORT)
    assert answer.status_code == 201, answer.text
    return Case(as_, answer.json()["id"])


def test_a_case_goes_its_way_and_each_step_is_done_by_whoever_may(case: Case) -> None:
    steps: list[tuple[str, str, dict[str, object], str]] = [
        ("he", "accept", {}, "ACCEPTED"),
        ("qin", "dispatch", {"unit": "crew/crew-1"}, "DISPATCHED"),
        ("qiu", "acknowledge", {}, "HANDLING"),
        ("qiu", "on_scene", {}, "HANDLING"),
        ("qiu", "handle", {"result": "solved", "text": "已处理"}, "HANDLED"),
        ("gu", "verify_close", {"gone": True, "told": True}, "CLOSED"),
        ("gu", "evaluate", {"feedback": "satisfied"}, "EVALUATED"),
    ]
    for person, act, fields, stage in steps:
        status, shown = case.act(person, act, **fields)
        assert (status, shown.get("stage")) == (200, stage), shown
    shown = case.page("zhou")
    assert [line["act"] for line in shown["timeline"]][-3:] == ["handle", "verify_close", "evaluate"]
    assert all(condition["met"] for condition in shown["close_conditions"])


def test_who_handled_never_verifies_and_is_told_why(case: Case) -> None:
    case.act("he", "accept")
    case.act("qin", "dispatch", unit="crew/crew-1")
    case.act("qiu", "acknowledge")
    case.act("qiu", "handle", result="solved", text="已处理")
    status, said = case.act("qiu", "verify_close", gone=True, told=True)
    assert status == 403
    moves = {move["act"]: move for move in case.page("qiu")["moves"]}
    assert not moves["verify_close"]["allowed"]
    assert moves["verify_close"]["zh"] == said["zh"]


def test_who_was_slower_is_told_to_look_again(case: Case, as_: Callable[[str], Someone]) -> None:
    he, gu = as_("he"), as_("gu")
    url = f"/api/cases/{case.name}/acts/priority"
    body = {"version": case.page("he")["version"], "severity": "1", "text": "more than one"}
    assert he.post(url, body).status_code == 200
    answer = gu.post(url, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "case.version")


def test_an_act_out_of_turn_is_a_conflict_that_says_so(case: Case) -> None:
    assert case.act("gu", "evaluate")[0] == 409
    assert case.act("he", "accept", kind="nonsense")[0] == 422
    assert case.act("he", "accept", surprise="x")[0] == 422
    assert case.act("zhou", "cancel")[0] == 422  # a reason is asked for


def test_the_shapes_that_pages_are_typed_by_leave_nothing_out(
    case: Case, store: sessionmaker[Session], parts: Parts
) -> None:
    case.act("he", "accept")
    with store() as session:
        said = page(session, actor(session, "qin"), case.name, parts.clock.now())
    assert set(said) == set(Page.model_fields)
    assert Page.model_validate(said).model_dump(mode="json", by_alias=True) == said


def test_the_board_is_filtered(case: Case, as_: Callable[[str], Someone]) -> None:
    he = as_("he")

    def found(**query: object) -> list[str]:
        answer = he.get("/api/cases", params=query)
        assert answer.status_code == 200, answer.text
        assert all(set(card) == set(Card.model_fields) for card in answer.json())
        return [card["id"] for card in answer.json()]

    assert found() == [case.name]
    assert found(stage=["REPORTED", "ACCEPTED"]) == [case.name]
    assert found(stage="CLOSED") == []
    assert found(q="C-3 门") == [case.name]
    assert found(q="%") == []
    assert found(mine=True) == []
    assert found(before=case.name) == []
    assert he.get("/api/cases?stage=LOST").status_code == 422


def test_a_guard_of_another_grid_sees_nothing_of_it(case: Case, as_: Callable[[str], Someone]) -> None:
    tao = as_("tao")
    assert tao.get("/api/cases").json() == []
    assert tao.get(f"/api/cases/{case.name}").status_code == 403
    assert tao.post(f"/api/cases/{case.name}/acts/note", {"version": 1, "text": "x"}).status_code == 403
    reported = tao.post("/api/cases", REPORT)
    assert (reported.status_code, set(reported.json())) == (201, {"id", "number", "tracking_code"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("x", "NaN"),
        ("x", 1e999),
        ("y", -1e9),
        ("severity", 4),
        ("severity", 2**70),
        ("kind", "a\u0000"),
        ("place", ""),
        ("place", "x" * 201),
        ("text", "x" * 2001),
        ("text", "\u202egnp.exe"),
        ("grid", {}),
        ("grid", "nowhere"),
        ("kind", "nonsense"),
        ("surprise", 1),
    ],
)
def test_a_report_of_another_shape_is_refused(
    as_: Callable[[str], Someone], field: str, value: object
) -> None:
    answer = as_("he").post("/api/cases", content=_json(REPORT | {field: value}))
    assert answer.status_code == 422
    assert set(answer.json()) == {"code", "en", "zh"}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("version", [-1, "x", None, 2**70, 1.5, float("inf")])
def test_a_version_is_a_number(case: Case, as_: Callable[[str], Someone], version: object) -> None:
    url = f"/api/cases/{case.name}/acts/accept"
    answer = as_("he").post(url, content=_json({"version": version}))
    assert answer.status_code == 422


@pytest.mark.parametrize("value", ["a\u0000", {"a": 1}, [["x"]], 1e999, "x" * 2001])
def test_a_field_of_an_act_is_words_or_a_choice(
    case: Case, as_: Callable[[str], Someone], value: object
) -> None:
    url = f"/api/cases/{case.name}/acts/note"
    answer = as_("he").post(url, content=_json({"version": 1, "text": value}))
    assert answer.status_code == 422
